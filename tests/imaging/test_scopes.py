from __future__ import annotations

import numpy as np
import pytest

from groundglass.imaging.scopes import rgb_parade, waveform, waveform_counts
from jpeg_samples import scene


def test_the_waveform_counts_each_column_exactly() -> None:
    gray = np.random.default_rng(1).integers(0, 256, (70, 300), dtype=np.uint8)
    image = np.repeat(gray[..., None], 3, axis=2)

    counts = waveform_counts(image, 100)

    for column in range(100):
        part = gray[:, [x for x in range(300) if x * 100 // 300 == column]]
        assert np.array_equal(counts[column], np.bincount(part.ravel(), minlength=256))


def test_white_is_at_the_top_and_left_is_left() -> None:
    image = np.zeros((50, 512, 4), np.uint8)
    image[:, :256] = 255
    image[:, 256:] = 20

    drawn = waveform(image)

    light = drawn[..., :3].max(axis=2)
    assert drawn.shape == (256, 256, 4)
    assert (drawn[..., 3] == 255).all()
    assert (light[0, :128] > 200).all()
    assert (light[255 - 20, 128:] > 200).all()
    assert np.count_nonzero(light) == 256


def test_the_parade_shows_each_channel_in_its_place_and_colour() -> None:
    image = np.zeros((40, 600, 4), np.uint8)
    image[..., 2], image[..., 1], image[..., 0] = 200, 100, 50

    drawn = rgb_parade(image)

    assert drawn.shape == (256, 3 * 128, 4)
    for place, (value, channel) in enumerate(((200, 2), (100, 1), (50, 0))):
        part = drawn[:, place * 128 : place * 128 + 128, :3]
        assert set(np.nonzero(part.max(axis=2))[0].tolist()) == {255 - value}
        assert part[255 - value, 0].argmax() == channel


@pytest.mark.parametrize("draw", [waveform, rgb_parade])
def test_a_buffer_is_drawn_into(draw: object) -> None:
    image = scene()
    fresh = draw(image)
    buffer = np.full_like(fresh, 7)

    assert draw(image, out=buffer) is buffer
    assert np.array_equal(buffer, fresh)


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (500, 1), (3, 257)])
def test_the_smallest_pictures_have_scopes(size: tuple[int, int]) -> None:
    image = np.full((*size, 4), 90, np.uint8)

    assert waveform(image)[255 - 90].any()
    assert rgb_parade(image)[255 - 90].any()


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="columns"):
        waveform(scene(), 257)

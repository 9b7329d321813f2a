from __future__ import annotations

import numpy as np
import pytest

from groundglass.imaging import histogram as module
from groundglass.imaging.exposure_tools import clipping
from groundglass.imaging.histogram import rgb_histogram


def slow_reference(image: np.ndarray) -> dict[str, np.ndarray]:
    """Count in plain integers, as the docstring says it."""
    blue, green, red = (image[..., channel].astype(np.int64).ravel() for channel in range(3))
    luma = (9798 * red + 19235 * green + 3735 * blue + 16384) >> 15
    named = {"red": red, "green": green, "blue": blue, "luma": luma}
    return {name: np.bincount(values, minlength=256) for name, values in named.items()}


def assert_exact(image: np.ndarray) -> None:
    counted = rgb_histogram(image)
    for name, expected in slow_reference(image).items():
        counts = getattr(counted, name)
        assert counts.dtype == np.int64
        assert np.array_equal(counts, expected), name


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (7, 1), (37, 53), (680, 1024), (511, 257)])
def test_counts_are_exact(size: tuple[int, int], channels: int) -> None:
    image = np.random.default_rng(1).integers(0, 256, (*size, channels), dtype=np.uint8)

    assert_exact(image)


def test_luma_is_exact_for_every_colour_there_is() -> None:
    codes = np.arange(1 << 24, dtype=np.uint32).reshape(4096, 4096)
    image = np.stack([codes & 255, codes >> 8 & 255, codes >> 16], axis=-1).astype(np.uint8)

    assert_exact(image)


def test_counts_stay_exact_over_many_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BAND_PIXELS", 100)

    assert_exact(np.random.default_rng(2).integers(0, 256, (41, 33, 4), dtype=np.uint8))


def test_one_bin_holds_more_than_a_float_can_count() -> None:
    image = np.full((4097, 4097, 3), 200, np.uint8)  # 2**24 + 8193 pixels

    counted = rgb_histogram(image)

    assert counted.red[200] == counted.luma[200] == 4097 * 4097
    assert counted.pixels == 4097 * 4097


def test_a_cut_out_of_a_picture_is_counted_alone() -> None:
    image = np.random.default_rng(3).integers(0, 256, (60, 80, 4), dtype=np.uint8)

    assert_exact(image[10:50:2, 20:70])


def test_an_empty_picture_has_no_pixels() -> None:
    counted = rgb_histogram(np.zeros((0, 0, 4), np.uint8))

    assert counted.pixels == 0
    assert counted.mean("luma") == 0
    assert clipping(counted).worst_highlight == 0


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 2), np.uint8), np.zeros((4, 4, 3), np.uint16)]
)
def test_what_is_no_colour_picture_is_refused(image: np.ndarray) -> None:
    with pytest.raises(ValueError, match="not a BGR"):
        rgb_histogram(image)


def test_the_mean_is_that_of_the_pixels() -> None:
    image = np.random.default_rng(4).integers(0, 256, (50, 70, 4), dtype=np.uint8)

    assert rgb_histogram(image).mean("red") == pytest.approx(image[..., 2].mean())


def test_clipping_tells_the_share_of_each_channel() -> None:
    image = np.full((10, 10, 4), 128, np.uint8)
    image[0, :5, 2] = 255  # red: 5 %
    image[1, :, 1] = 0  # green: 10 %
    image[2, :2, 0] = 254

    told = clipping(rgb_histogram(image))
    wider = clipping(rgb_histogram(image), low=128, high=254)

    assert told.highlights == (0.05, 0.0, 0.0)
    assert told.shadows == (0.0, 0.1, 0.0)
    assert (told.worst_shadow, told.worst_highlight) == (0.1, 0.05)
    assert wider.highlights == (0.05, 0.0, 0.02)
    assert wider.shadows == (0.95, 1.0, 0.98)


@pytest.mark.parametrize(("low", "high"), [(-1, 255), (0, 256), (200, 200), (201, 200)])
def test_thresholds_out_of_order_are_refused(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="order"):
        clipping(rgb_histogram(np.zeros((1, 1, 3), np.uint8)), low, high)

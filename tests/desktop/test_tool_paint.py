from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from groundglass.desktop.picture_tools import Peaking, PeakingInk, PictureTools
from groundglass.desktop.tool_paint import INKS, with_tools
from groundglass.imaging.false_color import LEGEND

NONE = PictureTools()


def _half_sharp(width: int = 400, height: int = 200) -> NDArray[np.uint8]:
    """Return soft stripes at the left and hard ones at the right, of the same contrast."""
    x = np.arange(width)
    wave = np.where(x < width // 2, 110 + 50 * np.cos(x / 12), np.where(x // 8 % 2, 160, 60))
    image = np.empty((height, width, 4), np.uint8)
    image[..., :3] = wave.astype(np.uint8)[None, :, None]
    image[..., 3] = 255
    return image


def _marked(image: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(np.all(image[..., :3] == INKS[PeakingInk.CYAN], axis=-1))


def _fit(image: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    size = (width, image.shape[0] * width // image.shape[1])
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def test_peaking_goes_round_and_ends_where_it_began() -> None:
    steps = [Peaking.OFF]
    for _ in range(4):
        steps.append(steps[-1].following)

    assert steps == [Peaking.OFF, Peaking.NORMAL, Peaking.STRONG, Peaking.WEAK, Peaking.OFF]


@pytest.mark.parametrize("width", [400, 700, 300])
@pytest.mark.parametrize("strength", [Peaking.WEAK, Peaking.NORMAL, Peaking.STRONG])
def test_peaking_marks_what_is_sharp_at_every_size_of_the_view(width: int, strength: Peaking) -> None:
    picture = _half_sharp()

    shown = with_tools(_fit(picture, width), picture, replace(NONE, peaking=strength))
    marked = _marked(shown)

    assert marked[:, width // 2 + 12 :].any()
    assert not marked[:, : width // 2 - 12].any()


def test_edges_that_live_on_in_a_small_view_are_marked() -> None:
    picture = np.full((600, 4000, 4), 100, np.uint8)
    picture[:, 2000:, :3] = (np.arange(2000) // 200 % 2 * 200)[None, :, None]
    fitted = np.asarray(cv2.resize(picture, (400, 60), interpolation=cv2.INTER_AREA), np.uint8)

    marked = _marked(with_tools(fitted, picture, replace(NONE, peaking=Peaking.NORMAL)))

    assert marked[:, 212:].any()
    assert not marked[:, :188].any()


def test_clipping_stripes_are_not_taken_for_sharp_edges() -> None:
    picture = np.full((100, 200, 4), 255, np.uint8)

    shown = with_tools(picture.copy(), picture, PictureTools(clipping=True, peaking=Peaking.STRONG))

    assert not _marked(shown).any()
    assert (shown != picture).any()


def test_the_picture_itself_stays_as_it_is() -> None:
    picture = _half_sharp()
    before = picture.copy()

    with_tools(picture.copy(), picture, PictureTools(clipping=True, peaking=Peaking.STRONG))

    assert np.array_equal(picture, before)


def test_false_colour_shows_brightness_in_the_colours_of_its_legend() -> None:
    picture = np.empty((10, 256, 4), np.uint8)
    picture[..., :3] = np.arange(256, dtype=np.uint8)[None, :, None]

    shown = with_tools(picture.copy(), picture, PictureTools(false_color=True))

    for band in LEGEND:
        middle = (band.low + band.high) // 2
        assert tuple(shown[5, middle, :3]) == (band.color or (middle,) * 3)


def test_under_false_colour_the_same_is_clipped_and_sharp() -> None:
    picture = _half_sharp()
    picture[:40, :, 2] = 255  # red is clipped in the top part
    tools = PictureTools(clipping=True, peaking=Peaking.NORMAL)

    plain = with_tools(picture.copy(), picture, tools)
    coloured = with_tools(picture.copy(), picture, replace(tools, false_color=True))
    dark_stripes = np.all(plain[..., :3] == 0x20, axis=-1)

    assert dark_stripes[:40].any()
    assert np.array_equal(_marked(coloured), _marked(plain))
    assert np.all(coloured[dark_stripes][:, :3] == 0x20)

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from groundglass.desktop.picture_tools import Peaking, PeakingInk, PictureTools
from groundglass.desktop.tool_paint import INKS, with_tools
from groundglass.imaging.clipped import clipped_places
from groundglass.imaging.false_color import LEGEND
from groundglass.imaging.packed import turned

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


def _speckled(light: int, dark: int) -> NDArray[np.uint8]:
    """Return grey with a small clipped place in the middle of each half: all channels, and red alone."""
    image = np.full((1200, 1800, 3), 128, np.uint8)
    image[598:602, 448:452] = light
    image[598:602, 1348:1352, 2] = dark
    return image


def _found(*asked: Any) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    found = clipped_places(*asked)
    assert found is not None
    return found


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("channels", [3, 4])
def test_a_small_clipped_place_is_found_in_the_whole_picture(orientation: int, channels: int) -> None:
    stored = np.full((1200, 1800, channels), 255, np.uint8)
    stored[..., :3] = _speckled(255, 0)
    whole = turned(stored, orientation)
    size = (whole.shape[1] // 6, whole.shape[0] // 6)
    places = np.zeros((1200, 1800), np.uint8), np.zeros((1200, 1800), np.uint8)
    places[0][598:602, 448:452] = places[1][598:602, 1348:1352] = 255

    found = _found(whole, *size, 0, 255)

    for mask, place in zip(found, places, strict=True):
        middle = np.argwhere(turned(place[..., None], orientation)[..., 0]).mean(axis=0) / 6
        marked = np.argwhere(mask)
        assert mask.shape == (size[1], size[0])
        assert 1 <= len(marked) <= 16
        assert np.abs(marked.mean(axis=0) - middle).max() < 1.5


@pytest.mark.parametrize("size", [(1801, 1203), (1799, 1201), (40, 30)])
def test_what_is_clipped_as_a_whole_is_marked_as_a_whole(size: tuple[int, int]) -> None:
    over, under = _found(np.full((size[1], size[0], 3), 250, np.uint8), 20, 15, 3, 250)

    assert (over == 255).all()
    assert not under.any()


def test_places_that_nobody_wants_any_more_are_given_up() -> None:
    asked: list[bool] = []

    def is_wanted() -> bool:
        asked.append(True)
        return len(asked) < 3

    assert clipped_places(np.full((4000, 600, 3), 128, np.uint8), 60, 400, 0, 255, is_wanted) is None
    assert len(asked) == 3


def test_noise_of_single_pixels_is_no_place() -> None:
    picture = np.full((2400, 3600, 3), 40, np.uint8)
    dark = np.random.default_rng(3).random((2400, 3600)) < 0.02
    picture[dark] = 0

    _, under = _found(picture, 480, 320, 0, 255)

    assert (under > 0).mean() < 0.01


@pytest.mark.parametrize("row", range(450, 458))
@pytest.mark.parametrize("size", [(150, 150), (131, 131), (449, 449)])
def test_three_pixels_each_way_are_seen_wherever_they_lie(row: int, size: tuple[int, int]) -> None:
    fitted = np.full((size[1], size[0], 4), 128, np.uint8)
    for column in range(450, 490):
        whole = np.full((900, 900, 3), 128, np.uint8)
        whole[row : row + 3, column : column + 3, 1] = 255
        places = clipped_places(whole, *size, 0, 255)

        shown = with_tools(fitted.copy(), fitted, PictureTools(clipping=True), places=places)

        assert (shown != fitted).any()

"""Where a picture is clipped, at the smaller size in which it is looked at.

The mean of a small clipped place and what surrounds it is not clipped, so the whole picture is asked. A place
has pixels that lie together: the noise of single ones near black is none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from groundglass.imaging.packed import twisted, untwisted

_BAND_ROWS = 32  # their planes stay in the cache: 64 take twice the time (2026-11)

Mask = NDArray[np.uint8]


def clipped_places(
    image: NDArray[np.uint8],
    width: int,
    height: int,
    low: int,
    high: int,
    is_wanted: Callable[[], bool] = lambda: True,
) -> tuple[Mask, Mask] | None:
    """Return where any channel is at or above `high`, and where any is at or below `low`.

    Any 3x3 pixels like that are found, fewer only if they fill 2x2 from an even row and column on.
    image: (height, width, 3 or 4), BGR or BGRX, turned or not, at least twice as wide and high as the masks.
    Returns masks of (height, width), 0 and 255, a pixel wider all around than the places are: a single one
    would fall between two stripes. 45 MP take 45 ms (2026-11). Releases the GIL.
    is_wanted: asked every ms; None is returned as soon as it says no.
    """
    plain, is_across, flip = untwisted(image)
    size = (height, width) if is_across else (width, height)
    reach = math.ceil(max(plain.shape[1] // 2 / size[0], plain.shape[0] // 2 / size[1]))
    columns = _columns(plain, size[0], reach, low, high, is_wanted)
    if columns is None:
        return None
    over, under = (twisted(_places(one, *size, reach), is_across, flip) for one in columns)
    return over, under


def _columns(
    image: NDArray[np.uint8], width: int, reach: int, low: int, high: int, is_wanted: Callable[[], bool]
) -> tuple[Mask, Mask] | None:
    """Mark each 2x2 pixels that are clipped, all of them; an odd last row or column is left out.

    Returns masks of half the rows and already few columns: of 45 MP all of them took 22 MB, and 11 more to
    make them fewer.
    """
    rows, columns = image.shape[0] // 2, image.shape[1] // 2
    over, under = (np.empty((rows, width), np.uint8) for _ in range(2))
    for top in range(0, rows, _BAND_ROWS):
        if not is_wanted():
            return None
        part = slice(top, min(top + _BAND_ROWS, rows))
        planes = cv2.split(image[2 * part.start : 2 * part.stop, : 2 * columns])[:3]
        brightest, darkest = _of_fours(planes, cv2.max, cv2.min), _of_fours(planes, cv2.min, cv2.max)
        for marks, method, edge, kept in (
            (brightest, cv2.THRESH_BINARY, high - 1, over),
            (darkest, cv2.THRESH_BINARY_INV, low, under),
        ):
            spread = cv2.dilate(cv2.threshold(marks, edge, 255, method)[1], np.ones((1, reach), np.uint8))
            shape = (width, part.stop - part.start)
            cv2.resize(spread, shape, kept[part], interpolation=cv2.INTER_NEAREST)
    return over, under


def _of_fours(planes: Sequence[Any], of_channels: Callable[..., Any], of_pixels: Callable[..., Any]) -> Any:
    """Return one extreme of the channels, and then one of each 2x2 pixels; both cv2.max or cv2.min."""
    plane = of_channels(of_channels(planes[0], planes[1]), planes[2])
    plane = of_pixels(plane[::2], plane[1::2])
    return of_pixels(*cv2.split(plane.reshape(plane.shape[0], -1, 2)))


def _places(columns: Mask, width: int, height: int, reach: int) -> Mask:
    """Make the rows fewer too, so that no mark is lost, and all a pixel wider."""
    spread = cv2.dilate(columns, np.ones((reach, 1), np.uint8))
    places = cv2.resize(spread, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.dilate(places, np.ones((3, 3), np.uint8)), np.uint8)

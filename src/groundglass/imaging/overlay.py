"""Marks painted over a picture, and the areas that tools look at."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

BGR = tuple[int, int, int]
_INK_ROWS = 128  # a whole picture of ink would be remembered for every colour


class Area(Struct, frozen=True):
    """A part of a picture: shares of its width and height, 0..1, from the top left."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def of(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the pixels of this part, without a copy: one pixel at least, whatever the numbers."""
        height, width = image.shape[:2]
        rows, columns = _span(self.top, self.bottom, height), _span(self.left, self.right, width)
        return image[rows, columns]


def luma_of(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return BT.601 luma of a BGR or BGRX picture: (height, width). Luma itself passes."""
    if image.ndim == 2:
        return image
    to_luma = cv2.COLOR_BGR2GRAY if image.shape[2] == 3 else cv2.COLOR_BGRA2GRAY
    return np.asarray(cv2.cvtColor(image, to_luma), np.uint8)


def paint(image: NDArray[np.uint8], mask: NDArray[np.uint8], color: BGR) -> None:
    """Paint a colour over a BGRX picture wherever the mask is not 0, in place. Releases the GIL.

    image: (height, width, 4), contiguous and writeable.
    """
    ink = _ink(image.shape[1], color)
    for top in range(0, image.shape[0], _INK_ROWS):
        band = image[top : top + _INK_ROWS]
        cv2.copyTo(ink[: len(band)], mask[top : top + _INK_ROWS], band)


@lru_cache(maxsize=4)
def _ink(width: int, color: BGR) -> NDArray[np.uint8]:
    ink = np.full((_INK_ROWS, width, 4), (*color, 255), np.uint8)
    ink.flags.writeable = False
    return ink


def _span(start: float, end: float, length: int) -> slice:
    first = min(max(round(start * length), 0), max(length - 1, 0))
    return slice(first, min(max(round(end * length), first + 1), length))

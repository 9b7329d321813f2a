"""Stripes over what is clipped."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

STRIPE_PX = 8


def mark_clipping(
    image: NDArray[np.uint8], low: int = 0, high: int = 255, source: NDArray[np.uint8] | None = None
) -> None:
    """Lay stripes over what is clipped in any channel: dark ones over light, light ones over dark.

    image: (height, width, 4) BGRX, changed in place.  source: the picture to judge, if `image` shows
    something else already.
    """
    blue, green, red, _ = cv2.split(image if source is None else source)
    brightest = cv2.max(cv2.max(blue, green), red)
    darkest = cv2.min(cv2.min(blue, green), red)
    height, width = brightest.shape
    stripes = _stripes(height, width)
    over = cv2.bitwise_and(cv2.inRange(brightest, high, 255), stripes)
    under = cv2.bitwise_and(cv2.inRange(darkest, 0, low), stripes)
    image[over.astype(bool)] = (0x20, 0x20, 0x20, 255)
    image[under.astype(bool)] = (0xC0, 0xC0, 0xC0, 255)


def _stripes(height: int, width: int) -> NDArray[np.uint8]:
    """Return diagonal stripes as a mask of 0 and 255."""
    diagonal = np.arange(width, dtype=np.int32)[None, :] + np.arange(height, dtype=np.int32)[:, None]
    return np.where(diagonal % STRIPE_PX < STRIPE_PX // 2, 255, 0).astype(np.uint8)

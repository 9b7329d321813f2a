"""Stripes over what is clipped."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from groundglass.imaging.overlay import BGR, paint

STRIPE_PX = 8
# Greys: a colour would be taken for one of the picture's.
_OVER_INK: BGR = (0x20, 0x20, 0x20)
_UNDER_INK: BGR = (0xC0, 0xC0, 0xC0)
_BAND_ROWS = 16 * STRIPE_PX  # a dozen planes of them fit the caches; in whole stripes, so all are alike


def mark_clipping(
    image: NDArray[np.uint8],
    low: int = 0,
    high: int = 255,
    source: NDArray[np.uint8] | None = None,
    phase: int = 0,
    places: tuple[NDArray[np.uint8], NDArray[np.uint8]] | None = None,
) -> None:
    """Lay stripes over what is clipped in any channel: dark ones over light, light ones over dark.

    image: (height, width, 4) BGRX, changed in place.  source: the picture to judge, if `image` shows
    something else already.  phase: pixels that the stripes have wandered.
    places: masks of what is too light and too dark (`imaging.clipped`), if that was judged already.
    """
    judged = image if source is None else source
    height, width = judged.shape[:2]
    shift = phase % STRIPE_PX
    stripes = _stripes(width)[:, shift : shift + width]
    for top in range(0, height, _BAND_ROWS):
        rows = slice(top, min(top + _BAND_ROWS, height))
        over, under = (
            _clipped(judged[rows], low, high) if places is None else (places[0][rows], places[1][rows])
        )
        band = stripes[: rows.stop - top]
        # Over the light first: what is clipped at both ends is told as too dark.
        paint(image[rows], np.asarray(cv2.bitwise_and(over, band), np.uint8), _OVER_INK)
        paint(image[rows], np.asarray(cv2.bitwise_and(under, band), np.uint8), _UNDER_INK)


def _clipped(judged: NDArray[np.uint8], low: int, high: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return masks of what is clipped in any channel, too light and too dark."""
    # Whole planes in OpenCV take a tenth of the time that numpy's masks take, and release the GIL.
    blue, green, red, _ = cv2.split(judged)
    brightest = cv2.max(cv2.max(blue, green), red)
    darkest = cv2.min(cv2.min(blue, green), red)
    _, over = cv2.threshold(brightest, high - 1, 255, cv2.THRESH_BINARY)
    _, under = cv2.threshold(darkest, low, 255, cv2.THRESH_BINARY_INV)
    return np.asarray(over, np.uint8), np.asarray(under, np.uint8)


@lru_cache(maxsize=2)
def _stripes(width: int) -> NDArray[np.uint8]:
    """Return a band of diagonal stripes, 0 and 255, wider by one: a phase is another view of them."""
    y, x = np.ogrid[:STRIPE_PX, : width + STRIPE_PX]
    first = np.where((x + y) % STRIPE_PX < STRIPE_PX // 2, 255, 0).astype(np.uint8)
    stripes = np.tile(first, (_BAND_ROWS // STRIPE_PX, 1))
    stripes.flags.writeable = False
    return stripes

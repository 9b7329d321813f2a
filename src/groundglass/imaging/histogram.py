"""Exact histograms of 8-bit pictures."""

from __future__ import annotations

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

# calcHist counts in float32, which is exact up to 2**24 in one bin only; bands stay below that, and small
# enough for the caches.
_BAND_PIXELS = 1 << 20


class Histogram(Struct, frozen=True, eq=False):
    """How many pixels have each value: four arrays of (256,) int64."""

    red: NDArray[np.int64]
    green: NDArray[np.int64]
    blue: NDArray[np.int64]
    luma: NDArray[np.int64]

    @property
    def pixels(self) -> int:
        return int(self.luma.sum())

    def mean(self, channel: str) -> float:
        """Return the mean value of `red`, `green`, `blue` or `luma`, 0..255; 0 without pixels."""
        counts: NDArray[np.int64] = getattr(self, channel)
        return float(counts @ np.arange(256)) / max(int(counts.sum()), 1)


def rgb_histogram(image: NDArray[np.uint8]) -> Histogram:
    """Count the pixels of every value, exactly, at any size.

    image: (height, width, 3 or 4) uint8 in the order blue, green, red; a fourth channel is ignored.
    Luma is BT.601 in integers: (9798 R + 19235 G + 3735 B + 16384) >> 15.
    Releases the GIL. On the calling thread alone: with two of its own a window beside it on two processors
    had twice as many gaps. 2 ms at 1024x680, 8 at 1920x1280, 54 at 24 MP (2026-11).
    Raises ValueError for another shape or type.
    """
    if image.ndim != 3 or image.shape[2] not in (3, 4) or image.dtype != np.uint8:
        raise ValueError(f"not a BGR or BGRX picture: {image.shape} {image.dtype}")
    height, width = image.shape[:2]
    rows = max(1, _BAND_PIXELS // max(width, 1))
    bands = [image[top : top + rows] for top in range(0, height if width else 0, rows)]
    found = [_count_band(band) for band in bands]
    return Histogram(*sum(found, np.zeros((4, 256), np.int64)))


def _count_band(band: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Count red, green, blue and luma: (4, 256)."""
    to_luma = cv2.COLOR_BGR2GRAY if band.shape[2] == 3 else cv2.COLOR_BGRA2GRAY
    luma = np.asarray(cv2.cvtColor(band, to_luma), np.uint8)
    return np.stack([*(_count(band, channel) for channel in (2, 1, 0)), _count(luma, 0)])


def _count(band: NDArray[np.uint8], channel: int) -> NDArray[np.int64]:
    # OpenCV 4 returns (256, 1), OpenCV 5 (256,).
    return cv2.calcHist([band], [channel], None, [256], [0, 256]).ravel().astype(np.int64)

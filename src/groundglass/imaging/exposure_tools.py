"""What tells a photographer about the exposure: clipping."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundglass.imaging.histogram import Histogram


@dataclass(frozen=True, slots=True)
class Clipping:
    """Which share of the pixels has no detail, 0..1, in the order red, green, blue."""

    shadows: tuple[float, float, float] = (0.0, 0.0, 0.0)
    highlights: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def worst_shadow(self) -> float:
        """Return the share of the channel that is clipped most."""
        return max(self.shadows)

    @property
    def worst_highlight(self) -> float:
        """Return the share of the channel that is clipped most."""
        return max(self.highlights)


def clipping(histogram: Histogram, low: int = 0, high: int = 255) -> Clipping:
    """Tell the share of pixels at or below `low` and at or above `high`, for each channel.

    Raises ValueError unless 0 <= low < high <= 255.
    """
    if not 0 <= low < high <= 255:
        raise ValueError(f"thresholds out of order: {low}, {high}")
    channels = (histogram.red, histogram.green, histogram.blue)
    shadows = tuple(_share(counts, slice(0, low + 1)) for counts in channels)
    highlights = tuple(_share(counts, slice(high, 256)) for counts in channels)
    return Clipping((shadows[0], shadows[1], shadows[2]), (highlights[0], highlights[1], highlights[2]))


def _share(counts: NDArray[np.int64], part: slice) -> float:
    return float(counts[part].sum()) / max(int(counts.sum()), 1)

"""What tells a photographer about the exposure in figures: clipping and the spot meter."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundglass.imaging.histogram import Histogram, rgb_histogram
from groundglass.imaging.overlay import Area
from groundglass.imaging.space import SRGB, Space
from groundglass.imaging.tone import ev_of_light


class Clipping(Struct, frozen=True):
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


class Spot(Struct, frozen=True):
    """The reading of the spot meter."""

    ev: float  # above middle grey; minus infinity without light
    red: float  # mean 8-bit values
    green: float
    blue: float
    luma: float
    clipped_share: float  # of the channel that is at 255 most, 0..1: with it, the reading is too low
    pixels: int
    light: tuple[float, float, float] = (0.0, 0.0, 0.0)  # mean of red, green and blue as light, 0..1
    space: Space = SRGB  # in which these are


def spot_meter(image: NDArray[np.uint8], area: Area, space: Space = SRGB) -> Spot:
    """Meter a part of a picture.

    Every pixel's red, green and blue is turned into light by the tone curve of the picture's space; light is
    averaged, in sRGB Y = 0.2126 R + 0.7152 G + 0.0722 B, and EV = log2(Y / 0.18). So 0 EV is middle grey,
    sRGB code 117.6, and white is +2.47 EV.
    image: (height, width, 3 or 4) BGR or BGRX. Releases the GIL.
    """
    counts = rgb_histogram(area.of(image))
    pixels = max(counts.pixels, 1)
    channels = (counts.red, counts.green, counts.blue)
    red, green, blue = (float(channel @ space.tone) / pixels for channel in channels)
    light = sum(share * one for share, one in zip(space.luma, (red, green, blue), strict=True))
    return Spot(
        ev=ev_of_light(light),
        red=counts.mean("red"),
        green=counts.mean("green"),
        blue=counts.mean("blue"),
        luma=counts.mean("luma"),
        clipped_share=max(int(channel[255]) for channel in channels) / pixels,
        pixels=counts.pixels,
        light=(red, green, blue),
        space=space,
    )


def _share(counts: NDArray[np.int64], part: slice) -> float:
    return float(counts[part].sum()) / max(int(counts.sum()), 1)

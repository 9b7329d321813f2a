"""What a RAW histogram says about the exposure: stops below saturation, floor, headroom.

Light is a photosite's value less the black level; 0 EV is saturation, and each stop below is half the light.
"""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundglass.imaging.photosites import RawChannel, RawHistogram
from groundglass.model.words import share_words, signed

FLOOR_EV = 8.0
CLIP_SHARE = 0.001
# Nothing below saturation tells how far above it the light was: a lamp may be any number of stops away.
_MOST_CLIPPED_EV = -3.0


class StopsHistogram(Struct, frozen=True, eq=False):
    """One channel's photosites by their distance below saturation; all parts together are all photosites.

    counts: (bins,) int64; bin i holds light from (i + 1) steps to i steps below saturation, the brighter end
    excluded. Far down a bin can lie between two values of the sensor and stay empty.
    """

    counts: NDArray[np.int64]
    step_ev: float
    saturated: int
    below: int  # under the last bin, at black and under black included


class ChannelLight(Struct, frozen=True):
    """The exposure of one channel."""

    name: str
    saturated_share: float  # 0..1
    below_floor_share: float  # 0..1
    headroom_ev: float  # negative if too much of it is clipped; infinite without light
    is_estimate: bool  # what lies above saturation is not recorded, only concluded


class Headroom(Struct, frozen=True):
    """How many stops more exposure a frame would have taken before a share of a channel saturates."""

    ev: float
    channel: str  # the one that clips first: "red", "green", "blue" or "grey"
    clipped_share: float  # of that channel, 0..1, as it is
    is_estimate: bool
    channels: tuple[ChannelLight, ...]
    clip_share: float
    floor_ev: float

    @property
    def words(self) -> str:
        """Say it in one line: "+1.3 EV before green clips", "About -0.7 EV: red is clipped in 2.1 %"."""
        name = "the sensor" if self.channel == "grey" else self.channel
        if math.isinf(self.ev):
            return "No light on the sensor"
        if not self.is_estimate:
            return f"{signed(self.ev)} EV before {name} clips"
        is_beyond = self.ev <= _MOST_CLIPPED_EV
        ev = f"{signed(self.ev)} EV or more" if is_beyond else f"About {signed(self.ev)} EV"
        return f"{ev}: {name} is clipped in {share_words(self.clipped_share)}"


def headroom(
    histogram: RawHistogram, *, clip_share: float = CLIP_SHARE, floor_ev: float = FLOOR_EV
) -> Headroom:
    """Measure how much more exposure each channel would have taken, and which clips first.

    clip_share: the part of a channel's photosites that may saturate, 0 < share < 1.
    floor_ev: stops below saturation under which light counts as lost in the dark.
    Raises ValueError for other values.
    """
    if not 0 < clip_share < 1 or floor_ev <= 0:
        raise ValueError(f"out of range: share {clip_share}, floor {floor_ev}")
    channels = tuple(_light(one, clip_share, floor_ev) for one in histogram.channels)
    first = min(channels, key=lambda one: one.headroom_ev)
    return Headroom(
        ev=first.headroom_ev,
        channel=first.name.removesuffix(" 1").removesuffix(" 2"),
        clipped_share=first.saturated_share,
        is_estimate=first.is_estimate,
        channels=channels,
        clip_share=clip_share,
        floor_ev=floor_ev,
    )


def stops_below_saturation(
    channel: RawChannel, *, step_ev: float = 0.1, depth_ev: float = 14.0
) -> StopsHistogram:
    """Sort a channel's counts into stops below saturation, exactly.

    step_ev: width of a bin.  depth_ev: how far down the bins go.
    """
    bins = max(1, round(depth_ev / step_ev))
    full = channel.saturates_at
    values = np.arange(channel.black + 1, full)
    counts = np.zeros(bins, np.int64)
    if len(values):
        depth = np.log2((full - channel.black) / (values - channel.black))
        places = np.ceil(depth / step_ev - 1e-9).astype(np.int64) - 1
        inside = places < bins
        # Weighted bincount adds in float64: exact up to 2**53 photosites.
        weights = channel.counts[values[inside]]
        counts = np.bincount(places[inside], weights, minlength=bins).astype(np.int64)
    saturated = int(channel.counts[full:].sum())
    return StopsHistogram(counts, step_ev, saturated, channel.pixels - saturated - int(counts.sum()))


def _light(channel: RawChannel, clip_share: float, floor_ev: float) -> ChannelLight:
    span = channel.saturates_at - channel.black
    pixels = max(channel.pixels, 1)
    below = math.ceil(channel.black + span / 2**floor_ev)
    headroom_ev, is_estimate = _headroom(channel, clip_share)
    return ChannelLight(
        name=channel.name,
        saturated_share=channel.saturated_share,
        below_floor_share=float(channel.counts[: max(0, below)].sum()) / pixels,
        headroom_ev=headroom_ev,
        is_estimate=is_estimate,
    )


def _headroom(channel: RawChannel, clip_share: float) -> tuple[float, bool]:
    """Return stops until a share saturates, and whether that lies above what was recorded."""
    full, black = channel.saturates_at, channel.black
    # at_least[v]: how many photosites have the value v or more
    at_least = np.cumsum(channel.counts[::-1])[::-1]
    allowed = max(1, math.ceil(clip_share * channel.pixels))
    if full <= black or not channel.pixels:
        return math.inf, False
    if at_least[full] >= allowed and at_least[full] > 0:
        return _concluded(at_least, black, full, allowed), True
    brightest = int(np.flatnonzero(at_least >= allowed)[-1])
    if brightest <= black:
        return math.inf, False
    return math.log2((full - black) / (brightest - black)), False


def _concluded(at_least: NDArray[np.int64], black: int, full: int, allowed: int) -> float:
    """Return how much too bright a clipped channel was, as its last stop below saturation suggests.

    There the share of photosites above a value falls by a factor for each stop; it is taken to go on so.
    """
    clipped, half = int(at_least[full]), int(at_least[black + (full - black) // 2])
    if half <= clipped or clipped <= allowed:
        return 0.0 if clipped <= allowed else _MOST_CLIPPED_EV
    ev = -math.log(clipped / allowed) / math.log(half / clipped)
    return max(ev, _MOST_CLIPPED_EV)

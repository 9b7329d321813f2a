"""Photosites counted by the colour of their filter, exactly, at full bit depth."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

_VALUES = 1 << 16
# calcHist counts in float32, exact to 2**24 in one bin.
_EXACT = 1 << 24
# With less at once the calls cost more than the pixels; with more their pages are new each time (2026-11).
_BAND_PIXELS = 1 << 20
# A smaller sensor is counted before a second thread has started.
_PARALLEL_PIXELS = 1 << 21

# A sensor that is full below its nominal white shows a spike at the end of its values. A Canon D30 is full at
# 3817 +- 0.2 % of 4095, with 180 times the photosites of the values below; the noise of light itself would
# spread a bright even wall by more than 0.3 %.
_SPIKE_WIDTHS = 256  # parts of the range from black to white that a spike is looked for in
_SPIKE_SHARE = 1e-4  # of the photosites, at least
_SPIKE_RATIO = 12.0  # over as wide a part below
_SPIKE_SPREAD = 0.003  # of the range, at most
_SPIKE_BEYOND = 0.02  # hot photosites above, for each in the spike
_SPIKE_COMPANY = 32  # different values in the stop below: a flat field without noise is no spike


class RawChannel(Struct, frozen=True, eq=False):
    """The photosites under one colour of the filter."""

    name: str  # "red", "green 1", "green 2", "blue"; "grey" without a filter
    counts: NDArray[np.int64]  # (65536,): how many photosites have each value
    black: int  # the value without light
    white: int  # the value from which on it is saturated, as the file says
    saturates_at: int  # the same as measured: below white if the values end there in a spike

    @property
    def pixels(self) -> int:
        return int(self.counts.sum())

    @property
    def mean_above_black(self) -> float:
        """Return the mean value, black taken off: proportional to light."""
        values = np.arange(len(self.counts))
        return float(self.counts @ values) / max(self.pixels, 1) - self.black

    @property
    def saturated_share(self) -> float:
        """Return the share of photosites that are full, 0..1."""
        return float(self.counts[self.saturates_at :].sum()) / max(self.pixels, 1)


class RawHistogram(Struct, frozen=True, eq=False):
    """Every photosite that is part of the picture, counted at full bit depth."""

    channels: tuple[RawChannel, ...]
    width: int
    height: int

    def channel(self, name: str) -> RawChannel | None:
        return next((one for one in self.channels if one.name == name), None)


def count_sites(
    visible: NDArray[np.uint16], sites: NDArray[np.uint8], white: int = _VALUES - 1
) -> dict[int, NDArray[np.int64]]:
    """Count values by colour, site by site of the filter's repeating pattern.

    visible: (height, width), any strides.  sites: (rows, columns) of colour numbers.
    white: the highest value that is expected; higher ones are counted too, at the cost of a second pass.
    Returns (65536,) int64 for each colour number. Two threads of its own; releases the GIL.
    """
    height, down = visible.shape[0], sites.shape[0]
    threads = 2 if visible.size >= _PARALLEL_PIXELS else 1
    rows = -(-height // threads // down) * down or down
    parts = [visible[top : top + rows] for top in range(0, height, rows)]
    # Fewer bins stay in the cache: 14 bits take half the time of 16.
    bins = min(_VALUES, 1 << max(white, 1).bit_length())
    counts = {color: np.zeros(_VALUES, np.int64) for color in set(sites.ravel().tolist())}
    with ThreadPoolExecutor(threads, "photosites") as pool:
        for found in pool.map(lambda part: _count_part(part, sites, bins), parts):
            for color, counted in found.items():
                counts[color][: len(counted)] += counted
    return counts


def saturation(counts: NDArray[np.int64], black: int, white: int) -> int:
    """Tell from which value on photosites are full: the file's white, or a spike below it.

    Some bodies name a white that their sensor never reaches, and the clipped part would go unseen.
    """
    span = white - black
    floor = black + span // 2
    upper = counts[floor:]
    if not upper[: span // 2].any():
        return white
    width = max(1, span // _SPIKE_WIDTHS)
    sums = np.convolve(upper, np.ones(width, np.int64), "same")
    at = int(sums.argmax())
    first = max(0, at - 2 * width)
    spike = upper[first : at + 2 * width + 1]
    below = sums[max(0, at - 16 * width) : max(0, at - 3 * width)]
    values = np.arange(len(spike))
    inside = max(int(spike.sum()), 1)
    mean = float(spike @ values) / inside
    spread = float(spike @ (values - mean) ** 2 / inside) ** 0.5
    is_spike = (
        sums[at] >= _SPIKE_SHARE * counts.sum()
        and sums[at] > _SPIKE_RATIO * max(float(below.mean()) if len(below) else 0.0, 1.0)
        and spread <= max(_SPIKE_SPREAD * span, 1.0)
        and int(upper[at + 2 * width + 1 :].sum()) <= _SPIKE_BEYOND * inside
        and np.count_nonzero(upper[:first]) >= _SPIKE_COMPANY
    )
    if not is_spike:
        return white
    # Its lower edge: what lies in the spike is full, all of it.
    edge = floor + first + int(np.flatnonzero(spike >= 0.1 * spike.max())[0])
    return min(edge, white)


def _count_part(
    part: NDArray[np.uint16], sites: NDArray[np.uint8], bins: int
) -> dict[int, NDArray[np.int64]]:
    """Count in so many bins, or in all if there are values above them."""
    counters = {color: _Counter(bins) for color in set(sites.ravel().tolist())}
    down, across = sites.shape
    whole = part.shape[1] // across * across
    # Each call also passes over all bins, so more of them want longer bands.
    rows = max(1, max(_BAND_PIXELS, _BAND_PIXELS * bins >> 14) // max(part.shape[1], 1))
    room: list[NDArray[np.uint16]] = []
    for top in range(0, part.shape[0], rows * down):
        band = part[top : top + rows * down]
        for row, colors in enumerate(sites.tolist()):
            line = band[row::down]
            if whole and len(line):
                # As many channels as the pattern has columns: OpenCV takes them apart in a third of the
                # time of a strided copy, into the same memory each time.
                shape = (len(line), whole // across)
                if not room or room[0].shape != shape:
                    room = [np.empty(shape, np.uint16) for _ in range(across)]
                cv2.split(line[:, :whole].reshape(*shape, across), room)
                for color, site in zip(colors, room, strict=True):
                    counters[color].put(site)
            for color, column in zip(colors, range(whole, part.shape[1]), strict=False):
                counters[color].put(np.ascontiguousarray(line[:, column]))
    if bins < _VALUES and any(one.has_missed for one in counters.values()):
        return _count_part(part, sites, _VALUES)
    return {color: one.counts for color, one in counters.items()}


class _Counter:
    """Adds up the values of one colour, exactly."""

    def __init__(self, bins: int) -> None:
        self._bins = bins
        self._floats: NDArray[np.float32] | None = None
        self._in_floats = 0
        self._pixels = 0
        self._counts = np.zeros(bins, np.int64)

    def put(self, site: NDArray[np.uint16]) -> None:
        if not site.size:
            return
        if self._in_floats + site.size > _EXACT:
            self._empty()
        options = ([site], [0], None, [self._bins], [0, self._bins])
        if self._floats is None:
            self._floats = np.asarray(cv2.calcHist(*options), np.float32)
        else:
            cv2.calcHist(*options, self._floats, True)
        self._in_floats += site.size
        self._pixels += site.size

    @property
    def counts(self) -> NDArray[np.int64]:
        self._empty()
        return self._counts

    @property
    def has_missed(self) -> bool:
        """Tell whether there were values above the bins."""
        return int(self.counts.sum()) != self._pixels

    def _empty(self) -> None:
        if self._floats is not None:
            self._counts += self._floats.ravel().astype(np.int64)
        self._floats, self._in_floats = None, 0

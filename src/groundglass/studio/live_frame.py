"""A frame of the live picture, decoded and measured. Loads numpy and OpenCV."""

from __future__ import annotations

import collections
import time

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundglass.camera.messages import Frame
from groundglass.imaging.decode import decode_jpeg
from groundglass.imaging.exposure_tools import Clipping, clipping
from groundglass.imaging.flicker import Flicker, find_flicker
from groundglass.imaging.frame_room import FrameRoom
from groundglass.imaging.histogram import Histogram, rgb_histogram
from groundglass.imaging.jpeg import jpeg_size
from groundglass.imaging.tone import SRGB_LIGHT

_WINDOW_S = 2.0
# Frames farther apart than this are no series: an exposure lay between them.
_SERIES_GAP_S = 0.25
_FLICKER_EVERY_S = 0.5
# The newest, those that either window fits and shows, a frozen one; and the one that is made.
_LOOKED_AT = 6
_MOST_PIXELS = 4 << 20  # of a frame whose memory is kept


class LiveFrame(Struct, frozen=True):
    """A live frame, ready to be painted.

    image: (height, width, 4) uint8, BGRX, contiguous; not written again while anybody has it.
    taken_at: time.monotonic() when the camera's process had it whole.
    """

    number: int
    image: NDArray[np.uint8]
    histogram: Histogram
    clipping: Clipping
    taken_at: float
    decode_ms: float = 0.0
    measure_ms: float = 0.0
    flicker: Flicker | None = None  # of the last seconds


class Pulse:
    """Watches the brightness of live frames for the beat of lamps; 0.3 ms twice a second."""

    def __init__(self) -> None:
        self._series: collections.deque[tuple[float, float]] = collections.deque(maxlen=150)
        self._looked_at = 0.0
        self._found: Flicker | None = None

    def put(self, taken_at: float, histogram: Histogram) -> Flicker | None:
        """Take a frame in; return the flicker of the last two seconds."""
        if self._series and taken_at - self._series[-1][0] > _SERIES_GAP_S:
            self._series.clear()
            self._found = None
        self._series.append((taken_at, float(histogram.luma @ SRGB_LIGHT) / max(histogram.pixels, 1)))
        if taken_at - self._looked_at >= _FLICKER_EVERY_S:
            self._looked_at = taken_at
            recent = [one for one in self._series if taken_at - one[0] <= _WINDOW_S]
            self._found = find_flicker([at for at, _ in recent], [mean for _, mean in recent])
        return self._found


def new_room() -> FrameRoom:
    """Return memory for the frames of one live view."""
    return FrameRoom(_LOOKED_AT)


def read_frame(frame: Frame, pulse: Pulse, room: FrameRoom) -> LiveFrame:
    """Decode and measure a frame; pulse: of the frames before it.  room: which it is decoded into.

    Raises ImageError if the frame is no whole JPEG.
    """
    begun = time.perf_counter()
    width, height = jpeg_size(frame.jpeg)
    is_usual = width * height <= _MOST_PIXELS
    image = decode_jpeg(frame.jpeg, buffer=room.take(width, height) if is_usual else None)
    decoded = time.perf_counter()
    counts = rgb_histogram(image)
    clipped, flicker = clipping(counts), pulse.put(frame.taken_at, counts)
    return LiveFrame(
        frame.number,
        image,
        counts,
        clipped,
        frame.taken_at,
        decode_ms=(decoded - begun) * 1000,
        measure_ms=(time.perf_counter() - decoded) * 1000,
        flicker=flicker,
    )

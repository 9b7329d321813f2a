"""The light of one RAW, small enough to be remembered: its stops, its headroom, what it was taken with."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from groundglass.errors import ImageError
from groundglass.imaging.details import read_details
from groundglass.imaging.headroom import Headroom, StopsHistogram, headroom, stops_below_saturation
from groundglass.imaging.raw import raw_histogram
from groundglass.model.exposure import Aperture, Iso, ShutterSpeed

STEP_EV = 0.1
DEPTH_EV = 12.0


class RawLight(Struct, frozen=True, eq=False):
    """What the sensor recorded. 5 KB: the 2 MB of exact counts behind it are not kept."""

    headroom: Headroom
    stops: tuple[StopsHistogram, ...]  # of each channel of `headroom`, in the same order
    taken_with: tuple[ShutterSpeed | None, Aperture | None, Iso | None]  # None: not recorded


def raw_light(path: Path) -> RawLight:
    """Measure a RAW file; raises ImageError if it has no sensor values to count. 0.2 s at 45 MP."""
    counted = raw_histogram(path)
    stops = tuple(stops_below_saturation(one, step_ev=STEP_EV, depth_ev=DEPTH_EV) for one in counted.channels)
    try:
        read = read_details(path)
    except ImageError:
        return RawLight(headroom(counted), stops, (None, None, None))
    return RawLight(headroom(counted), stops, (read.shutter, read.aperture, read.iso))

"""Which tools lie over the picture. Loads nothing heavy: the window knows them before the first picture."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from groundglass.desktop.going_round import after

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Peaking(StrEnum):
    """How much is marked as sharp, in the order in which the key goes round."""

    OFF = "off"
    NORMAL = "normal"
    STRONG = "strong"
    WEAK = "weak"

    @property
    def following(self) -> Peaking:
        """Return what the next press of the key brings."""
        return after(self, Peaking)


class PeakingInk(StrEnum):
    """The colour of the marks, in the order in which the key goes round: the subject wears one of them."""

    CYAN = "cyan"
    RED = "red"
    YELLOW = "yellow"
    WHITE = "white"

    @property
    def following(self) -> PeakingInk:
        return after(self, PeakingInk)


class Scope(StrEnum):
    """What stands in the histogram's place, in the order in which the key goes round."""

    HISTOGRAM = "histogram"
    WAVEFORM = "waveform"
    PARADE = "RGB parade"

    @property
    def following(self) -> Scope:
        return after(self, Scope)


class Judging(Struct, frozen=True):
    """What is measured beside the histogram, and how close the live picture is looked at."""

    spot: tuple[float, float] | None = None  # its middle, 0 to 1 each way; None: the meter is off
    is_pick: bool = False  # the spot is a smaller one, and it is looked at whether that is even
    scope: Scope = Scope.HISTOGRAM
    scope_size: tuple[int, int] = (216, 112)  # width and height, device pixels
    live_zoom: int = 1  # 2: half of the live picture each way
    live_centre: tuple[float, float] = (0.5, 0.5)

    @property
    def measures(self) -> bool:
        return self.spot is not None or self.scope is not Scope.HISTOGRAM


LINE_SHARE = 0.22  # how much of its grey a line at the quarters has over the ground


class GraphStyle(Struct, frozen=True):
    """How a histogram is drawn."""

    size: tuple[int, int]  # width and height, device pixels
    is_logarithmic: bool
    ground: int  # the grey behind, 0 to 255
    line: int  # the grey of the lines at the quarters
    line_px: int  # their width, device pixels
    before: int  # the grey of the picture before, which is an outline


class Graph(Struct, frozen=True, eq=False):
    """A histogram as it was drawn: (height, width, 4) BGRX."""

    style: GraphStyle
    pixels: NDArray[np.uint8]


class PictureTools(Struct, frozen=True):
    """What is painted into the picture before it is shown; all off costs nothing."""

    clipping: bool = False
    peaking: Peaking = Peaking.OFF
    false_color: bool = False
    ink: PeakingInk = PeakingInk.CYAN
    low: int = 0  # at or below it a channel counts as clipped
    high: int = 255  # at or above it

    @property
    def is_painted(self) -> bool:
        """Tell whether any tool changes the picture."""
        return self.clipping or self.false_color or self.peaking is not Peaking.OFF

    @property
    def words(self) -> str:
        """Name what no other part of the window tells; empty if nothing is on."""
        if self.peaking is Peaking.OFF:
            return ""
        ink = f", {self.ink}" if self.ink is not PeakingInk.CYAN else ""
        return f"Peaking: {self.peaking}{ink}"

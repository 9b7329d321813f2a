"""Shutter, aperture, ISO and the meter, in stops.

Behind each printed number stands the exact third of a stop: 1/125 is 1/128 s, f/5.6 is 2 to the power of
2.5. So a stop is a factor of two in light wherever it is made.
"""

from __future__ import annotations

import math

from msgspec import Struct
from msgspec.structs import replace

BULB = "Bulb"


class Shutter(Struct, frozen=True):
    """A shutter time: what the dial says, and how many thirds of a stop it lies above 1 s."""

    numerator: int
    denominator: int
    thirds: int

    @property
    def label(self) -> str:
        """The time as a camera prints it: 1/125, 1/1.3, 30."""
        if self.is_bulb:
            return BULB
        if self.denominator == 1:
            return str(self.numerator)
        if self.numerator == 1:
            return f"1/{self.denominator}"
        return f"{self.numerator}/{self.denominator}"

    @property
    def is_bulb(self) -> bool:
        """Whether the shutter stays open until it is told to close."""
        return self.numerator == 0

    @property
    def seconds(self) -> float:
        """The printed time in seconds; nan for bulb."""
        return math.nan if self.is_bulb else self.numerator / self.denominator

    @property
    def exact_s(self) -> float:
        """The time that the light is gathered, in seconds."""
        return math.nan if self.is_bulb else float(2.0 ** (self.thirds / 3))


_FAST = (
    "8000 6400 5000 4000 3200 2500 2000 1600 1250 1000 800 640 500 400 320 250 200 160 125 100 80 60 50 40"
    " 30 25 20 15 13 10 8 6 5 4 3"
)
_FASTER_THAN_A_SECOND = [(1, int(text)) for text in _FAST.split()]
_NEAR_A_SECOND = [(10, 25), (1, 2), (10, 16), (10, 13)]
_SLOW = [
    (1, 1),
    (13, 10),
    (16, 10),
    (2, 1),
    (25, 10),
    (3, 1),
    (4, 1),
    (5, 1),
    (6, 1),
    (8, 1),
    (10, 1),
    (13, 1),
]
_TIMES = [*_FASTER_THAN_A_SECOND, *_NEAR_A_SECOND, *_SLOW, (15, 1), (20, 1), (25, 1), (30, 1)]

SHUTTERS = tuple(Shutter(top, bottom, place - 39) for place, (top, bottom) in enumerate(_TIMES))
BULB_SHUTTER = Shutter(0, 1, 0)


class Aperture(Struct, frozen=True):
    """An aperture: the printed f-number, and thirds of a stop above f/1."""

    f_number: float
    thirds: int

    @property
    def exact(self) -> float:
        """The f-number that lets the light through."""
        return float(2.0 ** (self.thirds / 6))


_F_NUMBERS = "1.8 2 2.2 2.5 2.8 3.2 3.5 4 4.5 5 5.6 6.3 7.1 8 9 10 11 13 14 16 18 20 22"
APERTURES = tuple(Aperture(float(text), place + 5) for place, text in enumerate(_F_NUMBERS.split()))


class Iso(Struct, frozen=True):
    """A sensitivity: the printed number, and thirds of a stop above ISO 100."""

    number: int
    thirds: int
    is_auto: bool = False  # the meter picks it

    @property
    def gain(self) -> float:
        """How much brighter than at ISO 100."""
        return float(2.0 ** (self.thirds / 3))


_ISO_NUMBERS = (
    "64 80 100 125 160 200 250 320 400 500 640 800 1000 1250 1600 2000 2500 3200 4000 5000 6400 8000 10000"
    " 12800 16000 20000 25600"
)
ISOS = tuple(Iso(int(text), place - 2) for place, text in enumerate(_ISO_NUMBERS.split()))

AUTO_ISO = Iso(100, 0, is_auto=True)

COMPENSATION_THIRDS = tuple(range(-15, 16))
METERING_OFFSETS = {
    "matrix": 0,
    "center": 1,
    "spot": -1,
}  # thirds: what stands in the middle is darker, the spot lighter
EXPOSURE_MODES = ("M", "P", "A", "S")

_WELL_EXPOSED = -18 - 15  # shutter thirds - aperture thirds + ISO thirds of 1/60 s, f/5.6, ISO 100


class Exposure(Struct, frozen=True):
    """What decides how bright a picture becomes."""

    shutter: Shutter
    aperture: Aperture
    iso: Iso
    compensation_thirds: int = 0
    mode: str = "M"
    metering: str = "matrix"

    @property
    def light(self) -> float:
        """Brightness against 1/60 s, f/5.6, ISO 100; bulb counts as 1 s."""
        thirds = self.shutter.thirds - self.aperture.thirds + self.iso.thirds - _WELL_EXPOSED
        return float(2.0 ** (thirds / 3))

    @property
    def error_thirds(self) -> int:
        """What the meter shows: thirds of a stop above the exposure that it would choose."""
        thirds = self.shutter.thirds - self.aperture.thirds + self.iso.thirds - _WELL_EXPOSED
        return thirds - self.compensation_thirds - METERING_OFFSETS[self.metering]

    def metered(self) -> Exposure:
        """Return the exposure with what the camera chooses in this mode: shutter, aperture or both.

        Automatic ISO serves where nothing else is free; otherwise it stays at 100.
        """
        if self.iso.is_auto and (self.mode != "M" or self.shutter.is_bulb):
            return replace(self, iso=AUTO_ISO)._metered()
        return self._metered()

    def _metered(self) -> Exposure:
        if self.mode == "M":
            return self._solve_iso() if self.iso.is_auto and not self.shutter.is_bulb else self
        exposure = replace(self, shutter=SHUTTERS[-1]) if self.shutter.is_bulb else self
        if exposure.mode == "A":
            return exposure._solve_shutter()
        if exposure.mode == "S":
            return exposure._solve_aperture()
        # From 1/60 s at f/5.6 each gives half; what the aperture lacks, the shutter adds.
        wanted = replace(exposure, shutter=_shutter(-18), aperture=_aperture(15)).error_thirds
        return replace(exposure, aperture=_aperture(15 + wanted // 2))._solve_shutter()

    def _solve_shutter(self) -> Exposure:
        return replace(self, shutter=_shutter(self.shutter.thirds - self.error_thirds))

    def _solve_iso(self) -> Exposure:
        place = self.iso.thirds - self.error_thirds - ISOS[0].thirds
        return replace(self, iso=replace(ISOS[max(-ISOS[0].thirds, min(len(ISOS) - 1, place))], is_auto=True))

    def _solve_aperture(self) -> Exposure:
        return replace(self, aperture=_aperture(self.aperture.thirds + self.error_thirds))


def _shutter(thirds: int) -> Shutter:
    return SHUTTERS[max(0, min(len(SHUTTERS) - 1, thirds - SHUTTERS[0].thirds))]


def _aperture(thirds: int) -> Aperture:
    return APERTURES[max(0, min(len(APERTURES) - 1, thirds - APERTURES[0].thirds))]

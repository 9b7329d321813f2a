"""Exposure values in the units of the field: seconds, f-number, ISO, EV and kelvin.

`parse` takes what a photographer types; how each camera spells its values is the business of
`camera.dialects`. `label` is the one spelling that is shown, for every brand.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from groundglass.errors import UsageError


class Special(StrEnum):
    """A choice that is not a number."""

    AUTO = "auto"
    BULB = "bulb"
    TIME = "time"
    X_SYNC = "x-sync"
    COMPOSITE = "composite"
    NONE = "none"


_NUMBER = r"\d+(?:[.,]\d+)?"


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def bare_denominator(text: str) -> int | None:
    """Return the 125 of a typed `125`, which is 1/125; None for anything else."""
    match = re.fullmatch(r"0*([1-9]\d*)", text.strip(), re.ASCII)
    return int(match[1]) if match and int(match[1]) > 1 else None


class ShutterSpeed(Struct, frozen=True):
    """An exposure time in seconds."""

    seconds: Fraction

    @classmethod
    def parse(cls, text: str) -> ShutterSpeed:
        """Read `1/125`, `0.8`, `0.8 s`, `30"`, `2m`; raise UsageError for anything else."""
        compact = text.strip().lower().replace(" ", "")
        match = re.fullmatch(rf"({_NUMBER})/({_NUMBER})(?:s|sec)?", compact)
        if match and _number(match[2]) > 0 and _number(match[1]) > 0:
            exact = [Fraction(part.replace(",", ".")) for part in match.groups()]
            return cls(exact[0] / exact[1])
        # 3"2 is how displays write 3.2 s.
        compact = re.sub(r"(\d)\"(\d)", r"\1.\2", compact)
        match = re.fullmatch(rf"({_NUMBER})(s|sec|\"|''|m|min)?", compact)
        if match and _number(match[1]) > 0:
            minutes = match[2] in ("m", "min")
            return cls(Fraction(match[1].replace(",", ".")) * (60 if minutes else 1))
        raise UsageError(f"“{text}” is not a shutter speed.", "Write it as 1/125 or 125, 0.8 s or 30 s.")

    @classmethod
    def typed(cls, text: str) -> ShutterSpeed:
        """Read what a photographer types: as `parse`, but `125` is 1/125, as on a body's display.

        Cameras spell seconds so: what they say is for `parse`.
        """
        bare = bare_denominator(text)
        return cls(Fraction(1, bare)) if bare is not None else cls.parse(text)

    @property
    def value(self) -> float:
        return float(self.seconds)

    @property
    def label(self) -> str:
        seconds = self.seconds
        if seconds >= 120 and seconds % 60 == 0:
            return f"{seconds // 60} min"
        if seconds >= Fraction(29, 100):
            # Tenths below a second, as on the dial: 1/1.3 and 0.77 are both 0.8 s.
            return f"{float(seconds):.1f} s" if seconds < 1 else f"{float(seconds):.4g} s"
        denominator = 1 / seconds
        nearest = Fraction(round(denominator))
        if abs(denominator - nearest) / denominator < Fraction(1, 50):
            return f"1/{nearest}"
        return f"1/{float(denominator):.3g}"

    def stops_from(self, other: ShutterSpeed) -> float:
        """Return how many stops more light this gives than another."""
        return math.log2(self.seconds / other.seconds)


class Aperture(Struct, frozen=True):
    """An aperture as its f-number."""

    number: float

    @classmethod
    def parse(cls, text: str) -> Aperture:
        """Read `f/8`, `F8`, `8`, `2,8`; raise UsageError for anything else."""
        match = re.fullmatch(rf"(?:f/?)?({_NUMBER})", text.strip().lower().replace(" ", ""))
        if match and _number(match[1]) > 0:
            return cls(_number(match[1]))
        raise UsageError(f"“{text}” is not an aperture.", "Write it as f/8 or 2.8.")

    @property
    def value(self) -> float:
        return self.number

    @property
    def label(self) -> str:
        return f"f/{self.number:.3g}"

    def stops_from(self, other: Aperture) -> float:
        """Return how many stops more light this gives than another."""
        return 2 * math.log2(other.number / self.number)


class Iso(Struct, frozen=True):
    """A sensitivity."""

    speed: int

    @classmethod
    def parse(cls, text: str) -> Iso:
        """Read `400`, `ISO 400`; raise UsageError for anything else."""
        match = re.fullmatch(r"(?:iso)?(\d+)", text.strip().lower().replace(" ", ""))
        if match and int(match[1]) > 0:
            return cls(int(match[1]))
        raise UsageError(f"“{text}” is not an ISO value.", "Write it as 400 or ISO 400.")

    @property
    def value(self) -> float:
        return float(self.speed)

    @property
    def label(self) -> str:
        return f"ISO {self.speed}"

    def stops_from(self, other: Iso) -> float:
        """Return how many stops brighter this renders than another."""
        return math.log2(self.speed / other.speed)


_VULGAR = {Fraction(1, 3): "1/3", Fraction(2, 3): "2/3", Fraction(1, 2): "1/2"}


class ExposureCompensation(Struct, frozen=True):
    """An exposure compensation in EV; bodies step it in thirds or halves."""

    ev: Fraction

    @classmethod
    def parse(cls, text: str) -> ExposureCompensation:
        """Read `+2/3`, `-1.3`, `1 1/3 EV`, `0`; raise UsageError for anything else."""
        compact = text.strip().lower().removesuffix("ev").strip().replace("\N{MINUS SIGN}", "-")
        match = re.fullmatch(rf"([+-]?)\s*(?:(\d+)\s+)?(?:(\d+)/([1-9]\d*)|({_NUMBER}))", compact)
        if not match or (match[2] and match[5]):
            raise UsageError(f"“{text}” is not an exposure compensation.", "Write it as +2/3, -1 or 0.3.")
        sign = -1 if match[1] == "-" else 1
        if match[5]:
            return cls(sign * cls.snap(_number(match[5])))
        return cls(sign * (int(match[2] or 0) + Fraction(int(match[3]), int(match[4]))))

    @staticmethod
    def snap(ev: float) -> Fraction:
        """Return the third or half of a stop that a camera means by 0.3, 0.33, 0.6, 0.7 or 0.5."""
        steps = (Fraction(round(ev * 3), 3), Fraction(round(ev * 2), 2))
        nearest = min(steps, key=lambda step: abs(step - Fraction(ev)))
        exact = Fraction(ev).limit_denominator(100)
        return nearest if abs(float(nearest) - ev) < 0.07 else exact

    @property
    def value(self) -> float:
        return float(self.ev)

    @property
    def label(self) -> str:
        if self.ev == 0:
            return "0 EV"
        sign = "+" if self.ev > 0 else "-"
        whole, rest = divmod(abs(self.ev), 1)
        if rest and rest not in _VULGAR:
            return f"{float(self.ev):+.3g} EV"
        parts = ([str(whole)] if whole else []) + ([_VULGAR[rest]] if rest else [])
        return f"{sign}{' '.join(parts)} EV"

    def stops_from(self, other: ExposureCompensation) -> float:
        """Return how many stops brighter this is than another."""
        return float(self.ev - other.ev)


class ColorTemperature(Struct, frozen=True):
    """A white balance in kelvin."""

    kelvin: int

    @classmethod
    def parse(cls, text: str) -> ColorTemperature:
        """Read `5600`, `5600 K`; raise UsageError for anything else."""
        match = re.fullmatch(r"(\d+)k?", text.strip().lower().replace(" ", ""))
        if match and int(match[1]) > 0:
            return cls(int(match[1]))
        raise UsageError(f"“{text}” is not a colour temperature.", "Write it as 5600 K.")

    @property
    def value(self) -> float:
        return float(self.kelvin)

    @property
    def label(self) -> str:
        return f"{self.kelvin} K"


Quantity = ShutterSpeed | Aperture | Iso | ExposureCompensation | ColorTemperature

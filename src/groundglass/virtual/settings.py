"""What the photographer has set, in physical units and plain words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import fields, replace

from groundglass.virtual.exposure import (
    APERTURES,
    AUTO_ISO,
    BULB_SHUTTER,
    COMPENSATION_THIRDS,
    EXPOSURE_MODES,
    ISOS,
    METERING_OFFSETS,
    SHUTTERS,
    Aperture,
    Exposure,
    Iso,
    Shutter,
)

SCENE_KELVIN = 5200
WHITE_BALANCES = {
    "auto": SCENE_KELVIN,
    "daylight": 5200,
    "fluorescent": 4200,
    "tungsten": 3000,
    "flash": 5400,
    "cloudy": 6000,
    "shade": 8000,
    "kelvin": None,  # as set
    "preset": SCENE_KELVIN,
}
IMAGE_FORMATS = (
    "jpeg basic",
    "jpeg normal",
    "jpeg fine",
    "raw",
    "raw+jpeg basic",
    "raw+jpeg normal",
    "raw+jpeg fine",
)
IMAGE_SIZES = ("large", "medium", "small")
FOCUS_MODES = ("manual", "af-s", "af-c")
RAW_COMPRESSIONS = ("lossless", "compressed")
DRIVES = ("single", "burst", "continuous low", "timer")
FRAMES_A_SECOND = {"burst": 8.0, "continuous low": 3.0}  # while the button is held
KELVIN_LIMITS = (2500, 10000, 10)

T = TypeVar("T")


class Settings(Struct, frozen=True):
    """One state of all dials."""

    shutter: Shutter = SHUTTERS[21]
    aperture: Aperture = APERTURES[10]
    iso: Iso = ISOS[2]
    exposure_compensation: int = 0  # thirds of a stop
    exposure_mode: str = "M"
    metering: str = "matrix"
    white_balance: str = "auto"
    color_temperature: int = SCENE_KELVIN
    image_format: str = "jpeg fine"
    image_size: str = "large"
    focus_mode: str = "af-s"
    drive: str = "single"
    burst_count: int = 1
    raw_compression: str = "lossless"

    @property
    def exposure(self) -> Exposure:
        """The part that decides the brightness."""
        compensation = 0 if self.exposure_mode == "M" else self.exposure_compensation
        return Exposure(
            self.shutter, self.aperture, self.iso, compensation, self.exposure_mode, self.metering
        )

    @property
    def kelvin(self) -> int:
        """The colour temperature that counts as white."""
        return WHITE_BALANCES[self.white_balance] or self.color_temperature

    @property
    def has_raw(self) -> bool:
        """Whether a release makes a RAW file."""
        return self.image_format.startswith("raw")

    @property
    def has_jpeg(self) -> bool:
        """Whether a release makes a JPEG file."""
        return "jpeg" in self.image_format

    @property
    def held_by_camera(self) -> frozenset[str]:
        """The settings that the meter picks in this exposure mode."""
        held: dict[str, tuple[str, ...]] = {
            "A": ("shutter",),
            "S": ("aperture",),
            "P": ("shutter", "aperture"),
        }
        return frozenset(held.get(self.exposure_mode, ()))

    def metered(self) -> Settings:
        """Return the settings after the meter has picked what is free."""
        exposure = self.exposure.metered()
        return replace(self, shutter=exposure.shutter, aperture=exposure.aperture, iso=exposure.iso)

    def changed(self, name: str, value: object) -> Settings:
        """Return the settings with one of them turned, and the meter's answer to it."""
        changes: dict[str, Any] = {name: value}
        return replace(self, **changes).metered()

    def differences(self, other: Settings) -> tuple[str, ...]:
        """Name the settings that differ."""
        names = (field.name for field in fields(self))
        return tuple(name for name in names if getattr(self, name) != getattr(other, name))

    def describe(self) -> dict[str, Any]:
        """Return all settings in physical units for a report."""
        shutter = {
            "label": self.shutter.label,
            "seconds": None if self.shutter.is_bulb else self.shutter.seconds,
        }
        return {
            **{name: getattr(self, name) for name in PARSERS},
            "shutter": shutter,
            "aperture": self.aperture.f_number,
            "iso": self.iso.number,
            "is_iso_auto": self.iso.is_auto,
            "exposure_compensation": round(self.exposure_compensation / 3, 3),
            "kelvin": self.kelvin,
            "held_by_camera": sorted(self.held_by_camera),
        }


def parse(name: str, text: str) -> object:
    """Read a setting's value as a photographer writes it; ValueError names what there is."""
    if name not in PARSERS:
        raise ValueError(f"unknown setting {name!r}; there are: {', '.join(PARSERS)}")
    return PARSERS[name](text.strip().lower())


def nearest(choices: Sequence[T], wanted: float, measure: Callable[[T], float]) -> T:
    """Return the choice that lies nearest to a value, in stops."""
    if not wanted > 0:
        raise ValueError(f"{wanted} is no such value")
    return min(choices, key=lambda choice: abs(math.log2(measure(choice) / wanted)))


def _exactly(choices: Sequence[T], wanted: float, measure: Callable[[T], float], text: str) -> T:
    found = nearest(choices, wanted, measure)
    if abs(math.log2(measure(found) / wanted)) > 0.12:
        raise ValueError(f"{text!r} is beyond what this camera has")
    return found


def _shutter(text: str) -> Shutter:
    if text == "bulb":
        return BULB_SHUTTER
    top, _, bottom = text.removesuffix("s").strip().partition("/")
    return _exactly(SHUTTERS, float(top) / float(bottom or 1), lambda shutter: shutter.seconds, text)


def _aperture(text: str) -> Aperture:
    return _exactly(
        APERTURES, float(text.removeprefix("f/").removeprefix("f")), lambda found: found.f_number, text
    )


def _iso(text: str) -> Iso:
    if text == "auto":
        return AUTO_ISO
    return _exactly(ISOS, float(text.removeprefix("iso")), lambda found: found.number, text)


def _compensation(text: str) -> int:
    match = re.fullmatch(r"([+-]?)(\d+(?:\.\d+)?)(?:/(\d+))?\s*(?:ev)?", text)
    if match is None:
        raise ValueError(f"{text!r} is no exposure compensation")
    sign, top, bottom = match.groups()
    thirds = round(3 * float(top) / float(bottom or 1)) * (-1 if sign == "-" else 1)
    if thirds not in COMPENSATION_THIRDS:
        raise ValueError(f"{text!r} is beyond what this camera has")
    return thirds


def _kelvin(text: str) -> int:
    low, high, step = KELVIN_LIMITS
    kelvin = round(float(text.removesuffix("k")) / step) * step
    if not low <= kelvin <= high:
        raise ValueError(f"{text!r} is beyond {low} to {high} K")
    return kelvin


def _format(text: str) -> str:
    plain = text.replace(" + ", "+").replace("nef", "raw")
    plain = {"jpeg": "jpeg fine", "raw+jpeg": "raw+jpeg fine"}.get(plain, plain)
    return _one_of(IMAGE_FORMATS)(plain)


def _one_of(choices: Sequence[str]) -> Callable[[str], str]:
    def choose(text: str) -> str:
        for choice in choices:
            if choice.lower() == text:
                return choice
        raise ValueError(f"{text!r} is none of: {', '.join(choices)}")

    return choose


PARSERS: dict[str, Callable[[str], object]] = {
    "shutter": _shutter,
    "aperture": _aperture,
    "iso": _iso,
    "exposure_compensation": _compensation,
    "exposure_mode": _one_of(EXPOSURE_MODES),
    "metering": _one_of(tuple(METERING_OFFSETS)),
    "white_balance": _one_of(tuple(WHITE_BALANCES)),
    "color_temperature": _kelvin,
    "image_format": _format,
    "image_size": _one_of(IMAGE_SIZES),
    "focus_mode": _one_of(FOCUS_MODES),
    "drive": _one_of(DRIVES),
    "raw_compression": _one_of(RAW_COMPRESSIONS),
}

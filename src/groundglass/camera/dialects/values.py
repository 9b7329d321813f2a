"""How each brand spells a number that photographers know: shutter, aperture, ISO, compensation, kelvin."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from msgspec.structs import replace

from groundglass.errors import UsageError
from groundglass.model.exposure import (
    Aperture,
    ColorTemperature,
    ExposureCompensation,
    Iso,
    Quantity,
    ShutterSpeed,
    Special,
)
from groundglass.model.setting import Choice, SettingId


def is_unknown(text: str) -> bool:
    """Tell whether libgphoto2 itself could not name the value."""
    return bool(re.match(r"(?i)unknown value|unknown 0x[0-9a-f]+$", text))


# PTP keeps the last words of 32 bits for these: as seconds, and as the fraction of two 16-bit words.
_RESERVED = {
    "429496.7295": Special.BULB,
    "429496.7294": Special.X_SYNC,
    "429496.7293": Special.TIME,
    "65535/65535": Special.BULB,
    "65535/65534": Special.X_SYNC,
    "65535/65533": Special.TIME,
}
_SHUTTER_WORDS = {
    "bulb": Special.BULB,
    "livebulb": Special.BULB,
    "time": Special.TIME,
    "livetime": Special.TIME,
    "composite": Special.COMPOSITE,
    "livecomposite": Special.COMPOSITE,
    "livecomp": Special.COMPOSITE,
    "auto": Special.AUTO,
}
# A Panasonic's Bulb, among its thousandths of a second, and rounded.
_BULB_BEYOND_S = 2_000_000
# Thirds of a stop that Canon writes with the third behind; its displays show the whole second.
_CANON_THIRDS = {"10.3": 10, "20.3": 20, "6.3": 6}


def _shutter(text: str) -> Quantity | Special | None:
    compact = text.lower().replace(" ", "").replace(",", ".").removesuffix("s")
    special = _SHUTTER_WORDS.get(compact) or _RESERVED.get(compact)
    if special is not None:
        return special
    # Nikon's flash sync: `x 200`.
    if re.fullmatch(r"x(1/)?\d+|x-?sync|sync", compact.removesuffix("s")):
        return Special.X_SYNC
    if compact in _CANON_THIRDS:
        return ShutterSpeed(Fraction(_CANON_THIRDS[compact]))
    try:
        speed = ShutterSpeed.parse(text)
    except UsageError:
        return None
    if speed.seconds > _BULB_BEYOND_S:
        return Special.BULB
    if speed.seconds > 400_000 or compact.startswith("65535/"):
        return None
    if re.fullmatch(_CUT, compact):
        return _nominal(speed, 0.17 if len(compact) == 5 else 0.12)
    return speed


# `0.0166s`: seconds cut to 0.1 ms (1 ms on the oldest); the photographer knows it as 1/60.
_CUT = r"0\.\d{3,4}"
_THIRDS = (
    *(32000, 25000, 20000, 16000, 13000, 10000, 8000, 6400, 5000, 4000, 3200, 2500, 2000, 1600, 1250),
    *(1000, 800, 640, 500, 400, 320, 250, 200, 160, 125, 100, 80, 60, 50, 40, 30, 25, 20, 15, 13, 10, 8),
    *(6, 5, 4, 3),
)
_HALVES = (
    *(8000, 6000, 4000, 3000, 2000, 1500, 1000, 750, 500, 350, 250, 180, 125, 90, 60, 45, 30, 20, 15, 10),
    *(8, 6, 4, 3),
)
_ONLY_HALVES = frozenset(("0.0013", "0.0028", "0.0055", "0.0111", "0.0222"))


def _nominal(speed: ShutterSpeed, tolerance_stops: float) -> ShutterSpeed:
    """Return the speed on the dial: bodies tell true ones too, 1/64 for 1/60."""
    if speed.seconds == 0:
        return speed
    near = min(
        (ShutterSpeed(Fraction(1, one)) for one in _THIRDS), key=lambda one: abs(one.stops_from(speed))
    )
    return near if abs(near.stops_from(speed)) <= tolerance_stops else speed


def told_apart(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Give choices whose texts were cut to 0.1 ms their nominal speeds, by their place in the list.

    1/8000 and 1/6400 are both `0.0001s`; which is which only their order tells.
    """
    cut = [re.fullmatch(r"(0[.,]\d{4})s?", one.raw.strip()) for one in choices]
    texts = [one[1].replace(",", ".") if one else "" for one in cut]
    if not any(texts):
        return choices
    series = _HALVES if _ONLY_HALVES.intersection(texts) else _THIRDS
    known = [one.number for one in choices if one.number is not None]
    is_rising = known[-1] > known[0]
    told = list(choices)
    for text in {one for one in texts if one}:
        places = [place for place, one in enumerate(texts) if one == text]
        low = Fraction(text)
        fitting = [Fraction(1, n) for n in series if low <= Fraction(1, n) < low + Fraction(1, 10_000)]
        # A list that begins within a group begins with its slower members: faster ones the body lacks.
        fitting = sorted(fitting)[-len(places) :]
        if len(fitting) < len(places):
            continue
        for place, seconds in zip(places, fitting if is_rising else reversed(fitting), strict=True):
            speed = ShutterSpeed(seconds)
            told[place] = replace(told[place], value=speed, label=speed.label)
    return tuple(told)


def settable_bulb(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Give a Bulb that is listed as a number the text that a Panasonic takes: the number is rounded."""
    return tuple(
        replace(one, raw="bulb")
        if one.special is Special.BULB and re.fullmatch(r"\d{7}\.\d", one.raw.strip())
        else one
        for one in choices
    )


def _aperture(text: str) -> Quantity | Special | None:
    if "auto" in text.lower():
        return Special.AUTO
    try:
        aperture = Aperture.parse(text)
    except UsageError:
        # f/0 is no number above zero: the body sees no lens.
        return Special.NONE if re.fullmatch(r"(?i)f?/?0+([.,]0+)?", text) else None
    # 0xffff and 0xfffe in hundredths.
    return Special.NONE if aperture.number >= 655 else aperture


def _iso(text: str) -> Quantity | Special | None:
    lowered = text.lower().replace(",", ".")
    plain = re.sub(r"\s*multi frame noise reduction\+?$", "", lowered)
    # 65535 is "auto" for Panasonic and Olympus, 0xffffff for Sony, negative numbers are Fuji's programmes.
    if plain in ("auto", "auto iso", "iso auto", "65535", "16777215", "4294967295", "-1", "-2", "-3"):
        return Special.AUTO
    if re.fullmatch(r"a\d+ \(.*\)|(iso )?auto\b.*", plain):
        return Special.AUTO
    try:
        return Iso.parse(plain)
    except UsageError:
        return None


def _compensation(text: str) -> Quantity | Special | None:
    try:
        value = ExposureCompensation.parse(text)
    except UsageError:
        return None
    number = float(text.replace(",", ".")) if re.fullmatch(r"[+-]?\d+([.,]\d+)?", text) else float(value.ev)
    # Some Nikons count in thousandths.
    if abs(number) >= 100:
        return ExposureCompensation(ExposureCompensation.snap(number / 1000))
    # 0.001 is a code of some Sonys, no compensation.
    return None if 0 < abs(number) < 0.05 else value


def _kelvin(text: str) -> Quantity | Special | None:
    try:
        return ColorTemperature.parse(text)
    except UsageError:
        return None


PARSERS: dict[SettingId, Callable[[str], Quantity | Special | None]] = {
    SettingId.SHUTTER: _shutter,
    SettingId.APERTURE: _aperture,
    SettingId.ISO: _iso,
    SettingId.EXPOSURE_COMPENSATION: _compensation,
    SettingId.COLOR_TEMPERATURE: _kelvin,
}

"""How a Canon EOS codes its settings: exposure in eighths of a stop, formats as records.

A value is kept as its bytes in the event stream; a set-property carries the same bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from msgspec import Struct

from groundglass.virtual.exposure import APERTURES, AUTO_ISO, BULB_SHUTTER, ISOS, SHUTTERS, Iso
from groundglass.virtual.settings import Settings

APERTURE = 0xD101
SHUTTER = 0xD102
EXPOSURE_MODE = 0xD105
IMAGE_FORMAT = 0xD120

KELVINS = range(2500, 10001, 100)
COMPENSATION_THIRDS = range(9, -10, -1)
_BULB_CODE = 0x0C
_AUTO_ISO_CODE = 0x00
_ONE = {"aperture": 0x08, "shutter": 0x38, "iso": 0x48}  # f/1, 1 s, ISO 100
_LOWEST_ISO = 100


def eighths(thirds: int) -> int:
    """Return thirds of a stop in eighths: 0, 3, 5 and 8, the camera's way of rounding."""
    return 8 * (thirds // 3) + (0, 3, 5)[thirds % 3]


def packed(number: int) -> bytes:
    """Return a number as it stands in the event stream, whatever its type: in four bytes."""
    return struct.pack("<I", number & 0xFFFFFFFF)


class Dial(Struct, frozen=True):
    """One property that is a setting, or several: each choice's bytes and what they mean."""

    code: int
    settings: tuple[str, ...]
    choices: tuple[tuple[bytes, Mapping[str, Any]], ...]
    is_listed: bool = True  # the camera tells which values there are

    def encode(self, settings: Settings) -> bytes:
        """Return the bytes for what is set."""
        for code, values in self.choices:
            if all(_alike(getattr(settings, name), value) for name, value in values.items()):
                return code
        raise ValueError(f"0x{self.code:04x} has no code for what is set")

    def decode(self, code: bytes) -> Mapping[str, Any] | None:
        """Return the settings that bytes stand for; None if the camera does not know them."""
        return next((values for known, values in self.choices if code.startswith(known)), None)

    def has(self, name: str, value: object) -> bool:
        """Say whether a setting can take a value."""
        return any(name in values and _alike(value, values[name]) for _, values in self.choices)


def _alike(is_set: object, choice: object) -> bool:
    if isinstance(is_set, Iso) and isinstance(choice, Iso) and choice.is_auto:
        return is_set.is_auto
    return is_set == choice


def _words(code: int, setting: str, codes: Sequence[tuple[int, Any]], *, is_listed: bool = True) -> Dial:
    return Dial(code, (setting,), tuple((packed(key), {setting: word}) for key, word in codes), is_listed)


def _record(*files: tuple[int, int, int]) -> bytes:
    """Code an image format: for each file its type (1 JPEG, 6 RAW), size and quality."""
    return struct.pack("<I", len(files)) + b"".join(struct.pack("<IIII", 0x10, *file) for file in files)


_RAWS = {"lossless": (6, 0, 4), "compressed": (6, 0, 3)}
_SIZES = {"large": 0, "medium": 1, "small": 0x0E}
_QUALITIES = {"fine": 3, "normal": 2}


def _formats() -> Dial:
    jpegs = list(product(_SIZES, _QUALITIES))
    choices: list[tuple[bytes, Mapping[str, Any]]] = []
    for size, quality in jpegs:
        jpeg = (1, _SIZES[size], _QUALITIES[quality])
        choices.append((_record(jpeg), {"image_format": f"jpeg {quality}", "image_size": size}))
    for (size, quality), compression in product(jpegs, _RAWS):
        jpeg = (1, _SIZES[size], _QUALITIES[quality])
        meaning = {
            "image_format": f"raw+jpeg {quality}",
            "image_size": size,
            "raw_compression": compression,
        }
        choices.append((_record(_RAWS[compression], jpeg), meaning))
    for compression, raw in _RAWS.items():
        choices.append((_record(raw), {"image_format": "raw", "raw_compression": compression}))
    return Dial(IMAGE_FORMAT, ("image_format", "image_size", "raw_compression"), tuple(choices))


_METERINGS = ((1, "spot"), (3, "matrix"), (5, "center"))
_MODES = ((0, "P"), (1, "S"), (2, "A"), (3, "M"))
_FOCUS_MODES = ((0, "af-s"), (1, "af-c"), (3, "manual"))
_DRIVES = ((0, "single"), (4, "burst"), (5, "continuous low"), (0x10, "timer"))
_WHITE_BALANCES = (
    (0, "auto"),
    (1, "daylight"),
    (8, "shade"),
    (2, "cloudy"),
    (3, "tungsten"),
    (4, "fluorescent"),
    (5, "flash"),
    (6, "preset"),
    (9, "kelvin"),
)

_SHUTTERS = (
    (_BULB_CODE, BULB_SHUTTER),
    *((_ONE["shutter"] + eighths(-shutter.thirds), shutter) for shutter in reversed(SHUTTERS)),
)
_APERTURES = tuple((_ONE["aperture"] + eighths(aperture.thirds), aperture) for aperture in APERTURES)
_ISOS = (
    (_AUTO_ISO_CODE, AUTO_ISO),
    *((_ONE["iso"] + eighths(iso.thirds), iso) for iso in ISOS if iso.number >= _LOWEST_ISO),
)

DIALS = (
    _words(APERTURE, "aperture", _APERTURES),
    _words(SHUTTER, "shutter", _SHUTTERS),
    _words(0xD103, "iso", _ISOS),
    _words(
        0xD104,
        "exposure_compensation",
        tuple((eighths(thirds) & 0xFF, thirds) for thirds in COMPENSATION_THIRDS),
    ),
    _words(EXPOSURE_MODE, "exposure_mode", _MODES, is_listed=False),
    _words(0xD138, "exposure_mode", _MODES, is_listed=False),
    _words(0xD106, "drive", _DRIVES),
    _words(0xD107, "metering", _METERINGS),
    _words(0xD108, "focus_mode", _FOCUS_MODES),
    _words(0xD109, "white_balance", _WHITE_BALANCES),
    _words(0xD10A, "color_temperature", tuple((kelvin, kelvin) for kelvin in KELVINS)),
    _formats(),
)


def locked(settings: Settings) -> frozenset[str]:
    """Name the settings of which the camera lists only the present value.

    In M there is something to compensate only with automatic ISO.
    """
    has_compensation = settings.exposure_mode != "M" or settings.iso.is_auto
    return settings.held_by_camera | (frozenset() if has_compensation else {"exposure_compensation"})

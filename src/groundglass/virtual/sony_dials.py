"""How a Sony Alpha codes its settings, in the protocol of 2020 (3.00) and in the one before it (2.00).

New bodies speak both; the client says which one it wants. In the old one a setting is not set but stepped
through its list, and the JPEG's quality is part of one code with the RAW.
"""

from __future__ import annotations

from groundglass.virtual.dial import Dial
from groundglass.virtual.exposure import (
    APERTURES,
    AUTO_ISO,
    BULB_SHUTTER,
    COMPENSATION_THIRDS,
    ISOS,
    SHUTTERS,
    Shutter,
)
from groundglass.virtual.ptp import Type

SHUTTER, APERTURE, ISO, COMPENSATION = 0xD20D, 0x5007, 0xD21E, 0x5010
FILE_KIND, JPEG_QUALITY = 0xD253, 0xD252
KELVIN_LIMITS = (2500, 9900, 100)
FILE_KINDS = {1: "raw", 2: "raw+jpeg", 3: "jpeg"}
JPEG_QUALITIES = {2: "fine", 3: "normal", 4: "basic"}

_AUTO_ISO_CODE = 0x00FFFFFF
_THIRDS = (0, 300, 700)
_OLD_FORMATS = (
    (0x10, "raw"),
    (0x13, "raw+jpeg fine"),
    (0x12, "raw+jpeg normal"),
    (0x11, "raw+jpeg basic"),
    (0x03, "jpeg fine"),
    (0x02, "jpeg normal"),
    (0x01, "jpeg basic"),
)
_WHITE_BALANCES = (
    (0x0002, "auto"),
    (0x0004, "daylight"),
    (0x8011, "shade"),
    (0x8010, "cloudy"),
    (0x0006, "tungsten"),
    (0x8002, "fluorescent"),
    (0x0007, "flash"),
    (0x8012, "kelvin"),
    (0x8023, "preset"),
)
_METERINGS = ((0x8001, "matrix"), (0x8002, "center"), (0x8004, "spot"))
_FOCUS_MODES = ((0x0002, "af-s"), (0x8004, "af-c"), (0x0001, "manual"))
_MODES = {"M": (1, 0x00000001), "P": (2, 0x00010002), "A": (3, 0x00020003), "S": (4, 0x00030004)}
_DRIVES = {
    "single": (0x0001, 0x00000001),
    "burst": (0x0002, 0x00010002),
    "continuous low": (0x8012, 0x00018012),
    "timer": (0x8004, 0x00038004),
}
# From 0.4 s on a Sony counts in tenths, and has thirds where others round.
_TENTHS = {(10, 25): 4, (1, 2): 5, (10, 16): 6, (10, 13): 8, (3, 1): 32}


def _fraction(shutter: Shutter) -> int:
    if shutter.is_bulb:
        return 0
    if shutter.seconds < 0.35:
        return 1 << 16 | shutter.denominator
    tenths = _TENTHS.get((shutter.numerator, shutter.denominator), round(shutter.seconds * 10))
    return tenths << 16 | 10


def _thousandths(thirds: int) -> int:
    whole, rest = divmod(abs(thirds), 3)
    return (whole * 1000 + _THIRDS[rest]) * (-1 if thirds < 0 else 1)


_SLOW_TO_FAST = tuple(reversed(SHUTTERS))
_COMPENSATIONS = (0, *range(COMPENSATION_THIRDS[-1], 0, -1), *range(-1, COMPENSATION_THIRDS[0] - 1, -1))


def dials(*, is_new: bool) -> tuple[Dial, ...]:
    """Return the settings that are one property each."""
    place = 1 if is_new else 0
    wide = Type.UINT32 if is_new else Type.UINT16
    old = () if is_new else (Dial(0x5004, Type.UINT8, "image_format", _OLD_FORMATS),)
    return (
        *old,
        Dial(0x5005, Type.UINT16, "white_balance", _WHITE_BALANCES),
        Dial(APERTURE, Type.UINT16, "aperture", tuple((round(a.f_number * 100), a) for a in APERTURES)),
        Dial(0x500A, Type.UINT16, "focus_mode", _FOCUS_MODES),
        Dial(0x500B, Type.UINT16, "metering", _METERINGS),
        Dial(0x500E, wide, "exposure_mode", tuple((codes[place], mode) for mode, codes in _MODES.items())),
        Dial(
            COMPENSATION,
            Type.INT16,
            "exposure_compensation",
            tuple((_thousandths(thirds), thirds) for thirds in _COMPENSATIONS),
        ),
        Dial(0x5013, wide, "drive", tuple((codes[place], drive) for drive, codes in _DRIVES.items())),
        Dial(0xD203, Type.UINT8, "image_size", ((1, "large"), (2, "medium"), (3, "small"))),
        Dial(
            SHUTTER,
            Type.UINT32,
            "shutter",
            tuple((_fraction(s), s) for s in (BULB_SHUTTER, *_SLOW_TO_FAST)),
        ),
        Dial(0xD20F, Type.UINT16, "color_temperature", limits=KELVIN_LIMITS),
        Dial(ISO, Type.UINT32, "iso", ((_AUTO_ISO_CODE, AUTO_ISO), *((iso.number, iso) for iso in ISOS))),
    )


def stepping_order(dial: Dial) -> list[int]:
    """Return the codes of a setting in the order in which the old protocol steps up through them."""
    codes = [code for code, _ in dial.codes if isinstance(code, int)]
    return sorted(codes) if dial.code in {APERTURE, COMPENSATION} else codes

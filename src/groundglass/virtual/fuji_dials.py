"""How a Fujifilm X codes its settings."""

from __future__ import annotations

from groundglass.virtual.dial import Dial
from groundglass.virtual.exposure import APERTURES, BULB_SHUTTER, COMPENSATION_THIRDS, ISOS, SHUTTERS, Shutter
from groundglass.virtual.ptp import Type
from groundglass.virtual.settings import KELVIN_LIMITS

SHUTTER, ISO = 0x500D, 0x500F
AUTO_ISOS = (-1, -2, -3)  # three programmes

_BULB_CODE = 0xFFFFFFFF
_MINUTES = {120: 21, 240: 24, 480: 27, 900: 30, 1800: 33, 3600: 36}  # seconds: thirds of a stop above 1 s
_LONG = (Shutter(40, 1, 16), Shutter(50, 1, 17), Shutter(60, 1, 18))
_VERY_LONG = tuple(Shutter(seconds, 1, thirds) for seconds, thirds in _MINUTES.items())
_FORMATS = (
    (1, "raw"),
    (2, "jpeg fine"),
    (3, "jpeg normal"),
    (4, "raw+jpeg fine"),
    (5, "raw+jpeg normal"),
)
_WHITE_BALANCES = (
    (0x0002, "auto"),
    (0x0004, "daylight"),
    (0x0006, "tungsten"),
    (0x8001, "fluorescent"),
    (0x8006, "shade"),
    (0x8007, "kelvin"),
    (0x8008, "preset"),
)
_KELVINS = range(KELVIN_LIMITS[0], KELVIN_LIMITS[1] + 1, KELVIN_LIMITS[2])


def _microseconds(shutter: Shutter) -> int:
    """Code a time: the exact one in microseconds; above a minute the thirds are counted on."""
    if shutter.is_bulb:
        return _BULB_CODE
    if shutter in _VERY_LONG:
        return 64_000_000 + 10 * (shutter.thirds - 18)
    return int(shutter.exact_s * 1_000_000)


_ALL_SHUTTERS = (*SHUTTERS, *_LONG, *_VERY_LONG, BULB_SHUTTER)


def dials(sizes: tuple[tuple[str, str], ...]) -> tuple[Dial, ...]:
    """Return the settings of an X body; sizes: the JPEG sizes as the camera spells them, and their names."""
    return (
        Dial(0x5003, Type.STRING, "image_size", sizes),
        Dial(0x5005, Type.UINT16, "white_balance", _WHITE_BALANCES),
        Dial(0x5007, Type.UINT16, "aperture", tuple((round(a.f_number * 100), a) for a in APERTURES)),
        Dial(0x500A, Type.UINT16, "focus_mode", ((0x0001, "manual"), (0x8001, "af-s"), (0x8002, "af-c"))),
        Dial(0x500B, Type.UINT16, "metering", ((2, "center"), (3, "matrix"), (4, "spot"))),
        Dial(SHUTTER, Type.UINT32, "shutter", tuple((_microseconds(s), s) for s in _ALL_SHUTTERS)),
        Dial(0x500E, Type.UINT16, "exposure_mode", ((1, "M"), (3, "A"), (4, "S"), (6, "P"))),
        Dial(ISO, Type.INT32, "iso", tuple((iso.number, iso) for iso in ISOS)),
        Dial(
            0x5010,
            Type.INT16,
            "exposure_compensation",
            tuple((round(thirds * 1000 / 3), thirds) for thirds in COMPENSATION_THIRDS),
        ),
        Dial(0xD017, Type.UINT16, "color_temperature", tuple((kelvin, kelvin) for kelvin in _KELVINS)),
        Dial(0xD018, Type.UINT16, "image_format", _FORMATS),
        Dial(
            0xD201,
            Type.UINT16,
            "drive",
            ((1, "single"), (2, "continuous low"), (3, "burst"), (4, "timer")),
        ),
    )

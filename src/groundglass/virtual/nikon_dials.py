"""How a Nikon Z codes its settings.

Over PTP/IP libgphoto2 merges the menus of all Nikon models and the first match names the values; so the
codes of `image_format` are those of its D90 table there. Over USB it goes by the product, and a Z has those
of the D850.
"""

from __future__ import annotations

from groundglass.virtual.dial import Dial
from groundglass.virtual.exposure import APERTURES, BULB_SHUTTER, COMPENSATION_THIRDS, ISOS, SHUTTERS, Shutter
from groundglass.virtual.ptp import Type
from groundglass.virtual.settings import KELVIN_LIMITS

_BULB_CODE = 0xFFFFFFFF
_TICKS = 0x500D  # the shutter in tenths of a millisecond
_FRACTION = 0xD100  # the shutter as numerator << 16 | denominator


def _ticks(shutter: Shutter) -> int:
    return _BULB_CODE if shutter.is_bulb else int(shutter.seconds * 10_000)


def _fraction(shutter: Shutter) -> int:
    return _BULB_CODE if shutter.is_bulb else shutter.numerator << 16 | shutter.denominator


def _thousandths(thirds: int) -> int:
    return int(thirds * 1000 / 3)


_ALL_SHUTTERS = (*SHUTTERS, BULB_SHUTTER)
_METERINGS = ((2, "center"), (3, "matrix"), (4, "spot"))
_FORMATS = (
    (0, "jpeg basic"),
    (1, "jpeg normal"),
    (2, "jpeg fine"),
    (4, "raw"),
    (5, "raw+jpeg basic"),
    (6, "raw+jpeg normal"),
    (7, "raw+jpeg fine"),
)
_USB_FORMATS = (
    (0x0, "jpeg basic"),
    (0x2, "jpeg normal"),
    (0x4, "jpeg fine"),
    (0x7, "raw"),
    (0x8, "raw+jpeg basic"),
    (0xA, "raw+jpeg normal"),
    (0xC, "raw+jpeg fine"),
)
_WHITE_BALANCES = (
    (0x0002, "auto"),
    (0x0004, "daylight"),
    (0x0005, "fluorescent"),
    (0x0006, "tungsten"),
    (0x0007, "flash"),
    (0x8010, "cloudy"),
    (0x8011, "shade"),
    (0x8012, "kelvin"),
    (0x8013, "preset"),
)
_DRIVES = ((0x0001, "single"), (0x0002, "burst"), (0x8010, "continuous low"), (0x8011, "timer"))


def dials(sizes: tuple[tuple[str, str], ...], *, is_usb: bool = False) -> tuple[Dial, ...]:
    """Return the settings of a Z body; sizes: the JPEG sizes as the camera spells them, and their names."""
    return (
        Dial(0x5003, Type.STRING, "image_size", sizes),
        Dial(0x5004, Type.UINT8, "image_format", _USB_FORMATS if is_usb else _FORMATS),
        Dial(0x5005, Type.UINT16, "white_balance", _WHITE_BALANCES),
        Dial(0x5007, Type.UINT16, "aperture", tuple((round(a.f_number * 100), a) for a in APERTURES)),
        Dial(0x500A, Type.UINT16, "focus_mode", ((0x0001, "manual"), (0x8010, "af-s"), (0x8011, "af-c"))),
        Dial(0x500B, Type.UINT16, "metering", _METERINGS),
        Dial(_TICKS, Type.UINT32, "shutter", tuple((_ticks(s), s) for s in _ALL_SHUTTERS)),
        Dial(0x500E, Type.UINT16, "exposure_mode", ((1, "M"), (2, "P"), (3, "A"), (4, "S"))),
        Dial(0x500F, Type.UINT16, "iso", tuple((iso.number, iso) for iso in ISOS)),
        Dial(
            0x5010,
            Type.INT16,
            "exposure_compensation",
            tuple((_thousandths(thirds), thirds) for thirds in COMPENSATION_THIRDS),
        ),
        Dial(0x5013, Type.UINT16, "drive", _DRIVES),
        Dial(0x5018, Type.UINT16, "burst_count", limits=(1, 100, 1)),
        Dial(0xD01E, Type.UINT16, "color_temperature", limits=KELVIN_LIMITS),
        Dial(_FRACTION, Type.UINT32, "shutter", tuple((_fraction(s), s) for s in _ALL_SHUTTERS)),
    )

"""What can be set on a camera: a name, the value it has, and the values that it offers now."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from groundglass.model.exposure import Quantity, Special


class SettingId(StrEnum):
    """The settings and states that Groundglass understands, the same for every brand."""

    SHUTTER = "shutter"
    APERTURE = "aperture"
    ISO = "iso"
    EXPOSURE_COMPENSATION = "exposure_compensation"
    WHITE_BALANCE = "white_balance"
    COLOR_TEMPERATURE = "color_temperature"
    IMAGE_FORMAT = "image_format"
    IMAGE_SIZE = "image_size"
    JPEG_QUALITY = "jpeg_quality"
    RAW_COMPRESSION = "raw_compression"
    FOCUS_MODE = "focus_mode"
    METERING = "metering"
    DRIVE = "drive"
    BURST_COUNT = "burst_count"  # frames of one release in a continuous drive
    EXPOSURE_MODE = "exposure_mode"
    CAPTURE_TARGET = "capture_target"
    LIVE_VIEW_SIZE = "live_view_size"
    BATTERY = "battery"
    SHOTS_LEFT = "shots_left"
    LENS = "lens"
    SERIAL = "serial"
    ORIENTATION = "orientation"

    @classmethod
    def named(cls, text: str) -> SettingId | None:
        """Return the setting that is called so: by its name, its label or the window's word for it."""
        name = re.sub(r"[\s_-]+", "_", text.strip().lower().removesuffix("."))
        if name in ALIASES:
            return ALIASES[name]
        return next((one for one in cls if name in (one.value, one.label.lower().replace(" ", "_"))), None)

    @property
    def label(self) -> str:
        return _LABELS.get(self, self.value.replace("_", " ").capitalize())

    @property
    def words(self) -> str:
        """Return the name as it stands within a sentence."""
        return self.label if self.label[:2].isupper() else self.label[0].lower() + self.label[1:]

    @property
    def is_status(self) -> bool:
        """Tell whether the camera reports this and nobody can set it."""
        return self in _STATUS


_LABELS = {
    SettingId.ISO: "ISO",
    SettingId.JPEG_QUALITY: "JPEG quality",
    SettingId.RAW_COMPRESSION: "Compression",
    SettingId.COLOR_TEMPERATURE: "Colour temperature",
    SettingId.BURST_COUNT: "Frames of a burst",
}
# Beside names and labels: what stands in the window, and on bodies.
ALIASES = {
    "shutter_speed": SettingId.SHUTTER,
    "comp": SettingId.EXPOSURE_COMPENSATION,
    "ev": SettingId.EXPOSURE_COMPENSATION,
    "wb": SettingId.WHITE_BALANCE,
    "white_bal": SettingId.WHITE_BALANCE,
    "kelvin": SettingId.COLOR_TEMPERATURE,
    "format": SettingId.IMAGE_FORMAT,
    "mode": SettingId.EXPOSURE_MODE,
}
_STATUS = frozenset(
    (SettingId.BATTERY, SettingId.SHOTS_LEFT, SettingId.LENS, SettingId.SERIAL, SettingId.ORIENTATION)
)


LOW = "Low"  # the label of a battery


class Choice(Struct, frozen=True):
    """One value that a setting can take."""

    raw: str  # exactly as the camera spells it
    label: str
    value: Quantity | Special | None = None  # None: a word, or not understood; still selectable
    position: int = -1  # where the camera's own list has it: labels of some brands repeat

    @property
    def number(self) -> float | None:
        """Return seconds, f-number, ISO, EV or kelvin; None for words."""
        return None if self.value is None or isinstance(self.value, Special) else self.value.value

    @property
    def special(self) -> Special | None:
        return self.value if isinstance(self.value, Special) else None


class ValueRange(Struct, frozen=True):
    """The numbers that a stepless setting takes."""

    low: float
    high: float
    step: float


class Setting(Struct, frozen=True):
    """A setting as the camera offers it now; choices are sorted by value."""

    id: SettingId
    current: Choice | None  # None: the camera names no value
    choices: tuple[Choice, ...] = ()
    range: ValueRange | None = None
    read_only: bool = False
    reason: str = ""  # why it cannot be set now, in words; empty if it can
    widget: str = ""  # the camera's own name for it

    @property
    def label(self) -> str:
        """Return the current value as it is shown."""
        return self.current.label if self.current else "\N{EN DASH}"


def battery_share(battery: Setting | None) -> float | None:
    """Return how full a battery is, 1.0 being full; None if its camera tells in no known way.

    Mains adapters report more than 1. A camera that calls it low tells no number; 0.1 stands for it.
    """
    if battery is None or battery.current is None:
        return None
    if battery.current.label == LOW:
        return 0.1
    match = re.fullmatch(r"(\d+)(?: %| of (\d+))", battery.current.label)
    return int(match[1]) / int(match[2] or 100) if match else None


def is_continuous(drive: Setting | None) -> bool:
    """Tell whether a drive fires on while the button is held."""
    return drive is not None and drive.current is not None and drive.current.label.startswith("Continuous")

"""What each brand calls a setting and how it spells a value: data, and parsers of single texts.

Facts from the configuration trees of real bodies. What is not understood keeps the camera's text as its
label and stays selectable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction

from groundglass.camera.widget import Widget, WidgetKind
from groundglass.errors import UsageError
from groundglass.model.camera import Capability
from groundglass.model.exposure import (
    Aperture,
    ColorTemperature,
    ExposureCompensation,
    Iso,
    Quantity,
    ShutterSpeed,
    Special,
)
from groundglass.model.setting import Choice, Setting, SettingId, ValueRange
from groundglass.model.shot import FileRole

# The first name that a body has and that offers choices wins.
WIDGETS: dict[SettingId, tuple[str, ...]] = {
    # Nikon cuts `shutterspeed` to 0.1 ms, so 1/6400 and 1/8000 look alike; `shutterspeed2` is exact.
    SettingId.SHUTTER: ("shutterspeed2", "shutterspeed"),
    SettingId.APERTURE: ("aperture", "f-number"),
    SettingId.ISO: ("iso",),
    SettingId.EXPOSURE_COMPENSATION: ("exposurecompensation",),
    SettingId.WHITE_BALANCE: ("whitebalance",),
    # Nikon Z: libgphoto2 has no name for it.
    SettingId.COLOR_TEMPERATURE: ("colortemperature", "d01e"),
    SettingId.IMAGE_FORMAT: ("imageformat", "imagequality"),
    SettingId.IMAGE_SIZE: ("imagesize",),
    SettingId.RAW_COMPRESSION: ("rawcompression",),
    SettingId.FOCUS_MODE: ("focusmode", "focusmode2", "afmode"),
    SettingId.METERING: ("meteringmode", "exposuremetermode"),
    SettingId.DRIVE: ("drivemode", "capturemode"),
    SettingId.EXPOSURE_MODE: ("autoexposuremode", "expprogram", "expmode"),
    SettingId.CAPTURE_TARGET: ("capturetarget",),
    SettingId.LIVE_VIEW_SIZE: ("liveviewsize",),
    SettingId.BATTERY: ("batterylevel",),
    SettingId.SHOTS_LEFT: ("availableshots",),
    SettingId.LENS: ("lensname",),
    SettingId.SERIAL: ("serialnumber",),
    SettingId.ORIENTATION: ("orientation",),
}
SETTING_OF_WIDGET = {name: setting_id for setting_id, names in WIDGETS.items() for name in names}

# Settings that libgphoto2 keeps itself. `autofocus` reads as On until it was set once, but a release acts
# as if it were Off; a lens or body in manual focus is not concerned.
SET_AT_CONNECT = {"autofocus": "On"}

# Nikon steps its motor in counts of 32767 for the whole way; others have three sizes of their own.
_FOCUS_COUNTS = {1: 40, 2: 250, 3: 1500}

# ISO 65535 is "auto" for Panasonic and Olympus, negative numbers are Fuji's three auto programmes.
_ISO_AUTO = {"65535", "-1", "-2", "-3"}
_BULB_S = 400_000  # 429496.7295 s is 0xffffffff in units of 0.1 ms
_NO_APERTURE = (0.0, 655.34, 655.35)


def setting_of(setting_id: SettingId, widget: Widget) -> Setting:
    """Understand a widget as a setting. Never fails: what is unknown keeps its own text."""
    choices = tuple(
        choice_of(setting_id, raw, position) for position, raw in enumerate(widget.choices) if raw != ""
    )
    current = None if widget.value is None else choice_of(setting_id, widget.value)
    if current is not None:
        current = next((one for one in choices if one.raw == current.raw), current)
    read_only = widget.read_only or setting_id.is_status or widget.kind is WidgetKind.TEXT
    # Canon never flags a setting that the mode dial holds: its list shrinks to one entry.
    read_only = read_only or (widget.kind is WidgetKind.RADIO and len(choices) <= 1 and not widget.range)
    return Setting(
        id=setting_id,
        current=current,
        choices=_by_value(choices),
        range=ValueRange(*widget.range) if widget.range else None,
        read_only=read_only,
        reason=_reason(setting_id) if read_only else "",
        widget=widget.name,
    )


def _reason(setting_id: SettingId) -> str:
    if setting_id.is_status:
        return "The camera only reports it."
    return "The camera holds this value in its present mode."


def choice_of(setting_id: SettingId, raw: str, position: int = -1) -> Choice:
    """Read one of a camera's texts."""
    text = raw.strip()
    parser = _PARSERS.get(setting_id)
    value = parser(text) if parser else None
    return Choice(raw=raw, label=_label(setting_id, text, value), value=value, position=position)


def image_roles(raw: str) -> tuple[FileRole, ...]:
    """Tell which files one exposure gives, from the camera's text for its image format."""
    text = raw.lower()
    has_raw = bool(re.search(r"\b(c|m|s)?raw|nef|nrw|cr[23w]|arw|raf|rw2|orf", text))
    parts = [part.strip() for part in text.split("+")]
    has_jpeg = "jpeg" in text or "jpg" in text or not has_raw or (len(parts) > 1 and "tiff" not in text)
    return ((FileRole.RAW,) if has_raw else ()) + ((FileRole.JPEG,) if has_jpeg else ())


def is_manual_focus(raw: str) -> bool:
    return raw.lower().startswith(("manual", "mf"))


def focus_step(widget: Widget, step: int) -> str:
    """Return the text that moves the focus by -3 to -1 (nearer) or 1 to 3 (farther)."""
    size = min(abs(step), 3)
    if widget.range:
        low, high, _ = widget.range
        # Sony counts its steps from -7 to 7.
        count = _FOCUS_COUNTS[size] if high > 100 else {1: 1, 2: 3, 3: 7}[size]
        return str(max(low, min(high, count if step > 0 else -count)))
    return f"{'Far' if step > 0 else 'Near'} {size}"


def capabilities_of(names: Iterable[str]) -> Capability:
    """Tell what a body can do from the names of its settings."""
    present = set(names)
    found = Capability.RELEASE | Capability.LIVE_VIEW
    for capability, widgets in (
        (Capability.BULB, {"bulb"}),
        (Capability.FOCUS_DRIVE, {"manualfocusdrive", "manualfocus"}),
        (Capability.AUTOFOCUS, {"autofocusdrive", "autofocus"}),
        (Capability.CARD, {"capturetarget"}),
        (Capability.RAM, {"capturetarget"}),
    ):
        if present & widgets:
            found |= capability
    return found


def card_choice(setting: Setting) -> Choice | None:
    """Return the capture target that keeps a copy on the card."""
    return next((one for one in setting.choices if "card" in one.raw.lower()), None)


def _by_value(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Sort numbers by value, behind the words; lists of words keep the camera's order."""
    if not any(one.number is not None for one in choices):
        return choices
    words = [one for one in choices if one.number is None]
    numbers = [one for one in choices if one.number is not None]
    if numbers and isinstance(numbers[0].value, ShutterSpeed):
        return (*sorted(numbers, key=lambda one: one.number or 0), *words)
    return (*words, *sorted(numbers, key=lambda one: one.number or 0))


def _label(setting_id: SettingId, text: str, value: Quantity | Special | None) -> str:
    if isinstance(value, Special):
        if value is Special.AUTO and setting_id is SettingId.ISO:
            return "Auto ISO"
        return {Special.X_SYNC: "X-sync", Special.NONE: "No lens"}.get(value, value.value.capitalize())
    if value is not None:
        return value.label
    if setting_id is SettingId.IMAGE_FORMAT:
        return _format_label(text)
    if setting_id is SettingId.WHITE_BALANCE and text in ("Automatic", "Automatisch"):
        return "Auto"
    return text


def _format_label(text: str) -> str:
    roles = image_roles(text)
    quality = re.sub(r"(?i)\b(jpe?g|nef|raw|image)\b|[()+]", " ", text)
    quality = " ".join(quality.split()).lower()
    if roles == (FileRole.RAW,):
        return "RAW" if re.fullmatch(r"(?i)(nef|raw|nef \(raw\)|raw \(nef\)|nef \+ raw)", text) else text
    jpeg = f"JPEG {quality}".strip()
    return f"RAW + {jpeg}" if FileRole.RAW in roles else jpeg


def _shutter(text: str) -> Quantity | Special | None:
    compact = text.lower().replace(" ", "").replace(",", ".")
    if compact in ("bulb", "time", "composite", "auto"):
        return Special(compact)
    if compact.startswith("livecomp"):
        return Special.COMPOSITE
    # Nikon's flash sync: `x 200`.
    if re.fullmatch(r"x\d+", compact):
        return Special.X_SYNC
    try:
        speed = ShutterSpeed.parse(text)
    except UsageError:
        return None
    if speed.seconds > _BULB_S:
        return Special.BULB
    # `0.0166s`: seconds cut to 0.1 ms; the photographer knows it as 1/60.
    if re.fullmatch(r"0\.\d{4}s?", compact):
        return _nominal(speed)
    return speed


_NOMINAL = (
    *(8000, 6400, 5000, 4000, 3200, 2500, 2000, 1600, 1250, 1000, 800, 640, 500, 400, 320, 250, 200),
    *(180, 160, 125, 100, 90, 80, 60, 50, 45, 40, 30, 25, 20, 15, 13, 10, 8, 6, 5, 4, 3),
)
_NOMINAL_S = tuple(Fraction(1, denominator) for denominator in _NOMINAL)


def _nominal(speed: ShutterSpeed) -> ShutterSpeed:
    near = min(_NOMINAL_S, key=lambda one: abs(one - speed.seconds))
    return ShutterSpeed(near) if abs(near - speed.seconds) <= Fraction(1, 9000) else speed


def _aperture(text: str) -> Quantity | Special | None:
    if "auto" in text.lower():
        return Special.AUTO
    try:
        aperture = Aperture.parse(text)
    except UsageError:
        # f/0 is no number above zero: the body sees no lens.
        return Special.NONE if re.fullmatch(r"(?i)f?/?0+([.,]0+)?", text) else None
    return Special.NONE if aperture.number in _NO_APERTURE else aperture


def _iso(text: str) -> Quantity | Special | None:
    if text.lower() in ("auto", "auto iso", "iso auto") or text in _ISO_AUTO:
        return Special.AUTO
    try:
        return Iso.parse(text)
    except UsageError:
        return None


def _compensation(text: str) -> Quantity | Special | None:
    try:
        value = ExposureCompensation.parse(text)
    except UsageError:
        return None
    # Some Nikons count in thousandths.
    return (
        ExposureCompensation(ExposureCompensation.snap(float(value.ev) / 1000))
        if abs(value.ev) >= 100
        else value
    )


def _kelvin(text: str) -> Quantity | Special | None:
    try:
        return ColorTemperature.parse(text)
    except UsageError:
        return None


_PARSERS: dict[SettingId, Callable[[str], Quantity | Special | None]] = {
    SettingId.SHUTTER: _shutter,
    SettingId.APERTURE: _aperture,
    SettingId.ISO: _iso,
    SettingId.EXPOSURE_COMPENSATION: _compensation,
    SettingId.COLOR_TEMPERATURE: _kelvin,
}

"""What each brand calls a setting, and a camera's own widgets read as settings.

Facts from the configuration trees of real bodies. What is not understood keeps the camera's text as its
label and stays selectable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from groundglass.camera.dialects.labels import label_of
from groundglass.camera.dialects.values import PARSERS, is_unknown, settable_bulb, told_apart
from groundglass.camera.widget import Widget, WidgetKind
from groundglass.model.exposure import ShutterSpeed, Special
from groundglass.model.setting import Choice, Setting, SettingId, ValueRange

# The first name that a body has and that offers choices wins. Last, what versions before 2.4.11 called it.
WIDGETS: dict[SettingId, tuple[str, ...]] = {
    # Nikon cuts `shutterspeed` to 0.1 ms, so 1/6400 and 1/8000 look alike; `shutterspeed2` is exact.
    SettingId.SHUTTER: ("shutterspeed2", "shutterspeed", "exptime"),
    SettingId.APERTURE: ("aperture", "f-number"),
    SettingId.ISO: ("iso", "isospeed", "500f"),
    SettingId.EXPOSURE_COMPENSATION: ("exposurecompensation", "exposurebiascompensation", "5010"),
    SettingId.WHITE_BALANCE: ("whitebalance",),
    # Nikon Z: libgphoto2 has no name for it; a number is something else on other bodies, see _is_sense().
    SettingId.COLOR_TEMPERATURE: ("colortemperature", "d01e"),
    SettingId.IMAGE_FORMAT: (
        *("imageformat", "imagequality", "imageformatsd", "imageformatcf"),
        *("imgquality", "canonimgquality"),
    ),
    SettingId.IMAGE_SIZE: ("imagesize", "imgsize", "canonimgsize"),
    SettingId.JPEG_QUALITY: ("jpegquality",),
    SettingId.RAW_COMPRESSION: ("rawcompression", "rawbitmode", "compressionsetting"),
    SettingId.FOCUS_MODE: ("focusmode", "focusmode2", "afmode", "autofocusmode"),
    SettingId.METERING: ("meteringmode", "exposuremetermode"),
    SettingId.DRIVE: ("drivemode", "capturemode"),
    SettingId.BURST_COUNT: ("burstnumber",),
    SettingId.EXPOSURE_MODE: ("autoexposuremode", "expprogram", "expmode", "exposuremode", "shootingmode"),
    # Fuji: what goes to the card too; libgphoto2 has no name for it.
    SettingId.CAPTURE_TARGET: ("capturetarget", "d20c"),
    SettingId.LIVE_VIEW_SIZE: ("liveviewsize",),
    SettingId.BATTERY: ("batterylevel", "5001", "battery"),
    # Sony: libgphoto2 has no name for it.
    SettingId.SHOTS_LEFT: ("availableshots", "d249"),
    SettingId.LENS: ("lensname",),
    SettingId.SERIAL: ("serialnumber", "eosserialnumber"),
    SettingId.ORIENTATION: ("orientation",),
}
# A Nikon's ISO keeps its number while this switch makes it automatic in P, S, A and M; `isoauto` is that of
# the scenes and of full automatic.
AUTO_ISO_SWITCH = ("autoiso", "On", "Off")
AUTO_ISO = "Auto ISO"  # stands among the numbers for the switch
SETTING_OF_WIDGET = {name: setting_id for setting_id, names in WIDGETS.items() for name in names}
SETTING_OF_WIDGET[AUTO_ISO_SWITCH[0]] = SettingId.ISO

# What a Canon takes that tells no limits of its kelvin; libgphoto2 gives a text then, and takes any number.
_KELVIN_LIMITS = (2500.0, 10_000.0, 100.0)
_LEAST_KELVIN = 1000  # a Sony that holds its colour temperature tells 0


class Understanding(Struct, frozen=True):
    """A camera's whole tree as Groundglass understands it."""

    settings: tuple[Setting, ...]
    unrecognised: tuple[tuple[SettingId, str], ...]  # choices that stay as the camera spells them
    other: tuple[str, ...]  # paths that no setting uses


def understand(widgets: Sequence[Widget], translate: Callable[[str], str] = str) -> Understanding:
    """Find every setting in a tree; `translate` gives the English of a text in another language."""
    by_name: dict[str, list[Widget]] = defaultdict(list)
    for widget in widgets:
        by_name[widget.name].append(widget)
    settings = []
    for setting_id, names in WIDGETS.items():
        # A name can stand twice, once without choices (Sony A7C).
        found = best(setting_id, [one for name in names for one in by_name.get(name, ())])
        if found is not None:
            setting = setting_of(setting_id, found, translate)
            switches = by_name.get(AUTO_ISO_SWITCH[0]) if setting_id is SettingId.ISO else None
            settings.append(with_automatic(setting, switches[0], translate) if switches else setting)
    unrecognised = tuple(
        (one.id, choice.raw)
        for one in settings
        for choice in one.choices
        if choice.value is None and (one.id in PARSERS or is_unknown(choice.label))
    )
    other = tuple(one.path or one.name for one in widgets if one.name not in SETTING_OF_WIDGET)
    return Understanding(tuple(settings), unrecognised, other)


def best(setting_id: SettingId, candidates: Iterable[Widget]) -> Widget | None:
    """Return the first of a setting's widgets that offers something, else the first.

    The names of numbers are also given to switches (Nikon's easy exposure compensation is On or Off).
    """
    first: Widget | None = None
    for widget in candidates:
        if (
            setting_id in PARSERS
            and widget.choices
            and {one.lower() for one in widget.choices} <= {"on", "off"}
        ):
            continue
        if not _is_sense(widget):
            continue
        first = first or widget
        if widget.choices or widget.range or setting_id.is_status:
            return widget
    return first


def _is_sense(widget: Widget) -> bool:
    """Tell whether a widget without a name can mean what its number means on other bodies."""
    texts = widget.choices or (() if widget.value is None else (widget.value,))
    if widget.name == "d01e":  # an index on older Nikons, white balance on an Olympus
        return all(text.isdigit() and int(text) >= 1000 for text in texts)
    if widget.name == "d20c":
        return set(texts) <= {"1", "2", "3", "4"}
    return True


def setting_of(setting_id: SettingId, widget: Widget, translate: Callable[[str], str] = str) -> Setting:
    """Understand a widget as a setting. Never fails: what is unknown keeps its own text."""
    choices = tuple(
        choice_of(setting_id, raw, position, translate)
        for position, raw in enumerate(widget.choices)
        if raw.strip()
    )
    if setting_id is SettingId.SHUTTER:
        choices = choices[:1] if hides_its_choices(setting_id, widget) else settable_bulb(told_apart(choices))
    if setting_id is SettingId.BURST_COUNT and widget.range and not choices:
        low, high, _ = widget.range
        choices = tuple(choice_of(setting_id, str(count)) for count in range(round(low), round(high) + 1))
    if setting_id is SettingId.ISO and "-2" not in widget.choices:
        # Alone, it is no programme among others: so on a Panasonic.
        choices = tuple(replace(one, label="Auto ISO") if one.raw == "-1" else one for one in choices)
    if setting_id is SettingId.EXPOSURE_MODE and not any(one.label == "P" for one in choices):
        # A Fuji's program is 6, which elsewhere is a scene mode.
        choices = tuple(
            replace(one, label="P") if one.raw in ("Action", "Unknown value 0006") else one for one in choices
        )
    current = None if widget.value is None else choice_of(setting_id, widget.value, translate=translate)
    if setting_id is SettingId.BATTERY and current is not None:
        current = replace(current, label=_battery_label(current, widget))
    elif current is not None:
        current = next((one for one in choices if one.raw == current.raw), current)
    unnamed = ""
    if setting_id in PARSERS and len(choices) <= 1 and current is not None and is_unknown(current.label):
        # One code alone is nothing to choose, and nothing to read.
        unnamed, choices, current = current.raw, (), None
    limits = widget.range
    if setting_id is SettingId.COLOR_TEMPERATURE and widget.kind is WidgetKind.TEXT:
        has_number = current is not None and (current.number or 0) >= _LEAST_KELVIN
        limits = _KELVIN_LIMITS if has_number and not widget.read_only else None
    is_told_only = widget.kind is WidgetKind.TEXT and limits is None
    read_only = widget.read_only or setting_id.is_status or is_told_only
    # Canon never flags a setting that the mode dial holds: its list shrinks to one entry.
    read_only = read_only or (widget.kind is WidgetKind.RADIO and len(choices) <= 1 and not limits)
    return Setting(
        id=setting_id,
        current=current,
        choices=_by_value(choices),
        range=ValueRange(*limits) if limits else None,
        read_only=read_only,
        reason=_reason(setting_id, current, unnamed) if read_only else "",
        widget=widget.path or widget.name,
    )


def with_automatic(iso: Setting, switch: Widget, translate: Callable[[str], str] = str) -> Setting:
    """Return an ISO with the automatic that its body switches apart from the numbers."""
    _, on, off = AUTO_ISO_SWITCH
    is_on = switch.value is not None and translate(switch.value) == on
    is_switch = {translate(one) for one in switch.choices} == {on, off}
    if not is_switch or (switch.read_only and not is_on):
        return iso
    automatic = choice_of(SettingId.ISO, AUTO_ISO)
    current = automatic if is_on else iso.current
    return replace(iso, current=current, choices=(automatic, *iso.choices))


def hides_its_choices(setting_id: SettingId, widget: Widget) -> bool:
    """Tell whether all speeds are called `bulb`, as libgphoto2 2.5.34 does of a Panasonic at Bulb."""
    return setting_id is SettingId.SHUTTER and len(widget.choices) > 1 and set(widget.choices) == {"bulb"}


def _battery_label(current: Choice, widget: Widget) -> str:
    """Return percents, or the step of how many; the camera's own text if its highest is not known."""
    if not current.raw.strip().isdigit():
        return current.label
    steps = [int(one) for one in widget.choices if one.strip().isdigit()]
    most = round(widget.range[1]) if widget.range else max(steps, default=0)
    number = int(current.raw)
    return f"{number} %" if most == 100 else f"{number} of {most}" if most > 0 else current.label


def choice_of(
    setting_id: SettingId, raw: str, position: int = -1, translate: Callable[[str], str] = str
) -> Choice:
    """Read one of a camera's texts."""
    text = translate(raw.strip())
    parser = PARSERS.get(setting_id)
    value = parser(text) if parser and not is_unknown(text) else None
    return Choice(raw=raw, label=label_of(setting_id, text, value), value=value, position=position)


def _reason(setting_id: SettingId, current: Choice | None, unnamed: str) -> str:
    """Return why a setting is held; `unnamed` is the text of a value that has no name."""
    if setting_id.is_status:
        return "The camera only reports it."
    if unnamed and unnamed.rsplit(" ", 1)[-1].strip("0x"):
        return "The camera tells a value that is not known here."
    if setting_id is SettingId.APERTURE and (current is None or current.special is Special.NONE):
        return "The camera sees no lens, or one without electronics."
    return "The camera holds this value in its present mode."


def _by_value(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Sort numbers by value, behind the words; lists of words keep the camera's order."""
    if not any(one.number is not None for one in choices):
        return choices
    words = [one for one in choices if one.number is None]
    numbers = sorted((one for one in choices if one.number is not None), key=lambda one: one.number or 0.0)
    if isinstance(numbers[0].value, ShutterSpeed):
        return (*numbers, *words)
    return (*words, *numbers)

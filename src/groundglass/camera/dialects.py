"""What each brand calls a setting and how it spells a value: data, and parsers of single texts.

Facts from the configuration trees of real bodies. What is not understood keeps the camera's text as its
label and stays selectable. Longer than most modules: all that is known of brands is in this one place.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
SETTING_OF_WIDGET = {name: setting_id for setting_id, names in WIDGETS.items() for name in names}

# Settings that libgphoto2 keeps itself. `autofocus` reads as On until it was set once, but a release acts
# as if it were Off; a lens or body in manual focus is not concerned.
SET_AT_CONNECT = {"autofocus": "On"}
RELEASE_AUTOFOCUS = ("autofocus", "On", "Off")

# Starting the live view of a Nikon sends what is shot on the body to its memory; on the card it is safer.
SET_AFTER_LIVE = {"recordingmedia": "Card"}

# Through these names libgphoto2 sends nothing to a Sony (2.5.34: the menu's type is 0); the property itself
# takes the number.
SET_THROUGH = {"capturetarget": ("d222", {"sdram": "1", "card": "16", "card+sdram": "17"})}

# A Sony takes a while until a setting is what it was set to; libgphoto2 looks at it with each event.
SETTLING_S = {"Sony Corporation": 1.0}

# A Sony that misses the focus just does not release. So its button is pressed half first, and what the
# body then indicates counts; the RX0 indicates a miss at each release.
HALF_PRESS = "autofocus"
FOCUS_INDICATION = "focusindication"
FOCUS_VERDICTS = {
    "Focus Locked": True,
    "Tracking Focused": True,
    "Tracking No Focus - Low Contrast": True,  # in AF-C it releases all the same
    "No Focus - Low Contrast": False,
}
FOCUS_UNRELIABLE = ("DSC-RX0",)

# Where the lens stands, from nearest to farthest. At an end a Sony just stops.
FOCUS_POSITION = ("focalposition", 0.0, 100.0)

# How a Sony says that a shot is on its card. What goes there alone never reaches the computer.
CAPTURED = "PTP Event c206"

_BOTH_TARGETS = "card+sdram"
_CARD_AND_COMPUTER = "Card + computer"

# A Fuji obeys the computer only in this priority, and each look for events takes it back (libgphoto2#653).
# While its live view runs it takes settings and forgets them (libgphoto2#1241); `movie` ends the live view.
PRIORITY = ("prioritymode", "USB")
LIVE_SWITCH = "movie"
LEAVES_LIVE_VIEW = ("autofocusdrive", "manualfocusdrive", "liveviewsize", "d01b")

# There a Fuji keeps what the computer has not taken and deleted; until then it shows no live view.
BUFFER = "/store_10000001"


@dataclass(frozen=True, slots=True)
class Button:
    """The shutter button of a body that is pressed step by step: the widget's texts."""

    focus: str  # half way
    release: str  # all the way, after focus
    release_only: str  # all the way, the focus left alone
    up: str


# A release by trigger_capture() throws away what a Canon has reported and nobody has read: pictures of the
# body's own button too. Its button, pressed step by step, loses nothing, and holds the shutter open in bulb.
BUTTON_WIDGET = "eosremoterelease"
_BUTTONS = (
    Button("Press Half AF", "Press Full AF", "Press Full MF", "Release"),  # libgphoto2 2.5.31 and later
    Button("Press 1", "Press 3", "Press Full", "Release Full"),
)
AUTOFOCUS = "autofocusdrive"
# What a Canon reports of its focus after the button is half way down, as the beginning of a text.
FOCUSING = "Focus Info 000000000001"
FOCUS_FOUND = "Focus Info 000000000101"
FOCUS_MISSED = ("Focus Info 0000000002", "Focus Info 000000000000")
# How it reports that a shot has begun, also one of its own button.
BODY_BUSY = "Camera Status 1"

# The body's clock, in seconds since 1970; the first that a body has counts.
CLOCKS = ("datetimeutc", "datetime")
CLOCK_TOLERANCE_S = 2.0

# Nikon steps its motor in counts of 32767 for the whole way; others have three sizes of their own.
_FOCUS_COUNTS = {1: 40, 2: 250, 3: 1500}
_FOCUS_PARTS = {1: 200, 2: 40, 3: 8}  # of the whole way

# What brands call the same thing: the camera's word, plain and in lower case, to the photographer's.
_WORDS: dict[SettingId, dict[str, str]] = {
    SettingId.JPEG_QUALITY: {"std": "Standard", "x.fine": "Extra fine"},
    SettingId.FOCUS_MODE: {
        **dict.fromkeys(("manual", "manual focus", "mf (fixed)", "mf (selection)", "mf"), "MF"),
        # A Sony or Olympus calls it Automatic: beside it they list AF-A, or C-AF.
        **dict.fromkeys(
            ("af-s", "af_s", "one shot", "one-shot af", "single-servo af", "s-af", "single af"), "AF-S"
        ),
        "automatic": "AF-S",
        **dict.fromkeys(("af-c", "af_c", "ai servo", "servo af", "continuous-servo af", "c-af"), "AF-C"),
        **dict.fromkeys(("af-a", "ai focus", "a-af"), "AF-A"),
        **dict.fromkeys(("af-f", "af_f", "full-time af"), "AF-F"),
        "automatic macro": "AF macro",
        "s-af+mf": "AF-S + MF",
        "c-af+mf": "AF-C + MF",
        "c-af+tr": "AF-C, tracking",
        "preset mf": "MF, preset",
        "preset focus": "MF, preset",
        "undefined": "Not told",
    },
    SettingId.METERING: {
        **dict.fromkeys(("multi spot", "multi", "evaluative", "matrix", "multi-spot", "esp"), "Matrix"),
        **dict.fromkeys(
            ("center weighted", "center-weighted", "center-weighted average", "center"), "Centre-weighted"
        ),
        **dict.fromkeys(("center spot", "spot", "spot standard"), "Spot"),
        **dict.fromkeys(("average", "entire screen avg."), "Average"),
        "spot large": "Large spot",
        "highlight": "Highlight-weighted",
        "spot+highlights": "Spot, highlights",
        "spot+shadows": "Spot, shadows",
        "spot metering interlocked with af frame": "Spot at the focus point",
    },
    SettingId.WHITE_BALANCE: {
        **dict.fromkeys(("automatic", "auto", "awb"), "Auto"),
        **dict.fromkeys(("color temperature", "choose color temperature"), "Kelvin"),
        "awb white": "Auto, white",
        "natural light auto": "Auto, natural light",
        "automatic cool": "Auto, cool",
        "automatic warm": "Auto, warm",
        "flourescent": "Fluorescent",
        "fluorescent h": "Fluorescent, daylight",
        "shadow": "Shade",
        **dict.fromkeys(("manual", "white set", "custom", "one-push automatic"), "Custom"),
        **dict.fromkeys(("water", "underwater", "underwater: auto"), "Underwater"),
    },
    SettingId.EXPOSURE_MODE: {
        **dict.fromkeys(("m", "manual"), "M"),
        **dict.fromkeys(("a", "av", "aperture priority"), "A"),
        **dict.fromkeys(("s", "tv", "shutter priority"), "S"),
        **dict.fromkeys(("p", "program"), "P"),
        **dict.fromkeys(("auto", "green", "intelligent auto"), "Auto"),
        **dict.fromkeys(("a_dep", "a-dep"), "A-DEP"),
    },
    SettingId.DRIVE: {
        **dict.fromkeys(("single shot", "single", "single frame"), "Single"),
        **dict.fromkeys(("timer", "self timer", "selftimer", "self-timer"), "Self-timer"),
        **dict.fromkeys(("quiet release", "single silent", "single: silent shooting"), "Single, silent"),
        **dict.fromkeys(("mirror up", "mup mirror up"), "Mirror up"),
        "timelapse": "Time-lapse",
    },
    SettingId.CAPTURE_TARGET: {
        **dict.fromkeys(("internal ram", "sdram"), "Computer"),
        **dict.fromkeys(("memory card", "card"), "Card"),
        **dict.fromkeys(("card+sdram", "1"), _CARD_AND_COMPUTER),
        "2": "RAW on card + computer",
        "3": "JPEG on card + computer",
        "4": "Computer",
    },
    # Canon names the display that shows the picture; these show none to the computer.
    SettingId.LIVE_VIEW_SIZE: dict.fromkeys(("val 0", "val 1"), "Off"),
}


@dataclass(frozen=True, slots=True)
class Understanding:
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
            settings.append(setting_of(setting_id, found, translate))
    unrecognised = tuple(
        (one.id, choice.raw)
        for one in settings
        for choice in one.choices
        if choice.value is None and (one.id in _PARSERS or _is_unknown(choice.label))
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
            setting_id in _PARSERS
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
        choices = _told_apart(choices)
    if setting_id is SettingId.BURST_COUNT and widget.range and not choices:
        low, high, _ = widget.range
        choices = tuple(choice_of(setting_id, str(count)) for count in range(round(low), round(high) + 1))
    if setting_id is SettingId.ISO and "-2" not in widget.choices:
        # Alone, it is no programme among others: so on a Panasonic.
        choices = tuple(
            dataclasses.replace(one, label="Auto ISO") if one.raw == "-1" else one for one in choices
        )
    if setting_id is SettingId.EXPOSURE_MODE and not any(one.label == "P" for one in choices):
        # A Fuji's program is 6, which elsewhere is a scene mode.
        choices = tuple(
            dataclasses.replace(one, label="P") if one.raw in ("Action", "Unknown value 0006") else one
            for one in choices
        )
    current = None if widget.value is None else choice_of(setting_id, widget.value, translate=translate)
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
        reason=_reason(setting_id, current) if read_only else "",
        widget=widget.path or widget.name,
    )


def choice_of(
    setting_id: SettingId, raw: str, position: int = -1, translate: Callable[[str], str] = str
) -> Choice:
    """Read one of a camera's texts."""
    text = translate(raw.strip())
    parser = _PARSERS.get(setting_id)
    value = parser(text) if parser and not _is_unknown(text) else None
    return Choice(raw=raw, label=_label(setting_id, text, value), value=value, position=position)


def image_roles(raw: str) -> tuple[FileRole, ...]:
    """Tell which files one exposure gives, from the camera's text for its image format."""
    text = raw.lower()
    has_raw = bool(re.search(r"\b[cmsl]?raw|nef|nrw|cr[23w]|arw|raf|rw2|orf", text))
    parts = [part.strip() for part in text.split("+")]
    has_jpeg = "jpeg" in text or "jpg" in text or not has_raw or (len(parts) > 1 and "tiff" not in text)
    picture = FileRole.HEIF if "heif" in text else FileRole.JPEG
    return ((FileRole.RAW,) if has_raw else ()) + ((picture,) if has_jpeg else ())


def frames_of_release(drive: Setting | None, count: Setting | None) -> int:
    """Return how many exposures one release makes: a body fires a burst only in a continuous drive."""
    if drive is None or drive.current is None or not drive.current.label.startswith("Continuous"):
        return 1
    frames = count.current.raw if count is not None and count.current is not None else ""
    return round(float(frames)) if re.fullmatch(r"\d+(\.0*)?", frames) else 1


def is_manual_focus(raw: str) -> bool:
    return _WORDS[SettingId.FOCUS_MODE].get(raw.strip().lower()) == "MF" or raw.startswith("MF")


def focus_step(widget: Widget, step: int) -> str:
    """Return the text that moves the focus by -3 to -1 (nearer) or 1 to 3 (farther)."""
    size = min(abs(step), 3)
    place = focus_place(widget)
    if place is not None:
        at, nearest, farthest = place
        moved = at + (farthest - nearest) / _FOCUS_PARTS[size] * (1 if step > 0 else -1)
        return str(round(max(nearest, min(farthest, moved))))
    if widget.range:
        low, high, _ = widget.range
        # Sony counts its steps from -7 to 7.
        count = _FOCUS_COUNTS[size] if high > 100 else {1: 1, 2: 3, 3: 7}[size]
        return str(max(low, min(high, count if step > 0 else -count)))
    return f"{'Far' if step > 0 else 'Near'} {size}"


def focus_place(widget: Widget) -> tuple[float, float, float] | None:
    """Return where the lens stands, its nearest and its farthest point, if the widget is that place.

    A Fuji lists it as if it were choices: nearest, farthest, and sizes of steps.
    """
    texts = (widget.value or "", *widget.choices[:2])
    if len(texts) < 3 or not all(re.fullmatch(r"-?\d+", text) for text in texts):
        return None
    at, nearest, farthest = map(float, texts)
    return at, nearest, farthest


def button_of(widget: Widget) -> Button | None:
    """Return how the body's button is pressed; None if libgphoto2 spells it in a way that is not known."""
    words = ("focus", "release", "release_only", "up")
    return next(
        (one for one in _BUTTONS if {getattr(one, word) for word in words} <= set(widget.choices)), None
    )


def capabilities_of(names: Iterable[str]) -> Capability:
    """Tell what a body can do from the names of its settings."""
    present = set(names)
    found = Capability.RELEASE | Capability.LIVE_VIEW
    for capability, widgets in (
        (Capability.BULB, {"bulb", "eosremoterelease"}),
        (Capability.FOCUS_DRIVE, {"manualfocusdrive", "manualfocus"}),
        (Capability.AUTOFOCUS, {"autofocusdrive", "autofocus"}),
        (Capability.CARD, {"capturetarget"}),
        (Capability.RAM, {"capturetarget"}),
        (Capability.HOLD, {BUTTON_WIDGET}),
        (Capability.AF_POINT, {one.widget for one in POINTS}),
    ):
        if present & widgets:
            found |= capability
    return found


# ---- where to focus, and what the live picture shows

Area = tuple[int, int]  # what a body's numbers for a place count to, to the right and downwards


@dataclass(frozen=True, slots=True)
class PointDialect:
    """How a body is told where to focus."""

    widget: str
    # From x, y, area, power and what it says now: the text, and the place that it means.
    spell: Callable[[float, float, Area, float, str], tuple[str, float, float]]
    area: Callable[[Widget | None, str], Area]  # from the widget `area_widget`, and the model
    area_widget: str = ""
    needs_live_view: bool = False
    needs: tuple[str, tuple[str, ...]] = ("", ())  # a setting, and the values with which the point counts


@dataclass(frozen=True, slots=True)
class ZoomDialect:
    """How a body is told to magnify its live picture."""

    widget: str
    powers: Callable[[Widget, Area], dict[float, str]]  # in times of the whole picture, to the text
    spell: Callable[[str, float, float], str] = lambda raw, _x, _y: raw
    moves_point: bool = True  # it shows what lies around the focus point


def _pixels(x: float, y: float, area: Area, _power: float, _now: str) -> tuple[str, float, float]:
    return f"{round(x * area[0])}x{round(y * area[1])}", x, y


def _corner(x: float, y: float, area: Area, power: float, _now: str) -> tuple[str, float, float]:
    """Tell the upper left corner of the magnified part; Canon ignores a place beyond its range."""
    part = 1 / max(power, 5.0)  # the focus frame is as large as the part at five times
    left, top = (min(1 - part, max(0.0, at - part / 2)) for at in (x, y))
    text = f"{max(1, round(left * area[0]))},{max(1, round(top * area[1]))}"
    return text, left + part / 2, top + part / 2


_TOUCH_SCREEN = (639, 479)


def _touched(x: float, y: float, area: Area, _power: float, _now: str) -> tuple[str, float, float]:
    return f"{round(x * area[0])},{round(y * area[1])}", x, y


# A Fuji's grid leaves a border free; it counts from the middle to the right and upwards.
_GRID_FROM, _GRID_SIZE = (0.1, 0.13), (0.8, 0.74)


def _on_grid(x: float, y: float, area: Area, _power: float, now: str) -> tuple[str, float, float]:
    counts, places = [], []
    for at, start, size, points in zip((x, y), _GRID_FROM, _GRID_SIZE, area, strict=True):
        count = round((min(1.0, max(0.0, (at - start) / size)) - 0.5) * (points - 1))
        counts.append(count)
        places.append(start + size * (0.5 + count / (points - 1)))
    frame = now.rsplit(",", 1)[-1] if now.count(",") == 2 else "2"
    return f"{counts[0]},{-counts[1]},{frame}", places[0], places[1]


def _largest(sizes: Widget | None, _model: str) -> Area:
    found = [re.match(r"(\d+)x(\d+)", one) for one in (sizes.choices if sizes else ())]
    return max(((int(one[1]), int(one[2])) for one in found if one), default=(6000, 4000))


def _grid(points: Widget | None, _model: str) -> Area:
    found = re.search(r"\((\d+)x(\d+)\)", (points.value or "") if points else "")
    return (int(found[2]), int(found[1])) if found else (13, 9)


# Sensors of Canon EOS bodies in pixels; other bodies have about the most common one.
_SENSORS: dict[Area, tuple[str, ...]] = {
    (3888, 2592): ("40D", "400D", "1000D"),
    (4272, 2848): ("450D", "1100D"),
    (4752, 3168): ("50D", "500D"),
    (5184, 3456): (
        *("7D", "60D", "550D", "600D", "650D", "700D", "100D", "1200D", "1300D", "4000D", "-1D X", "M", "M2"),
        *("T2i", "T3i", "T4i", "T5i", "SL1", "T5", "T6"),
    ),
    (5472, 3648): ("6D", "70D", "7D Mark II", "-1D X Mark II", "-1D X Mark III", "R6"),
    (5616, 3744): ("5D Mark II",),
    (5760, 3840): ("5D Mark III",),
    (6240, 4160): ("6D Mark II", "RP"),
    (6720, 4480): ("5D Mark IV", "R"),
    (6960, 4640): ("90D", "M6 Mark II", "R7", "R6 Mark III"),
    (8192, 5464): ("R5", "R5 Mark II", "R5m2"),
    (8688, 5792): ("5DS", "5DS R"),
}
_COMMON_SENSOR = (6000, 4000)


def _sensor(_widget: Widget | None, model: str) -> Area:
    name = model.partition("EOS")[2].lstrip().removeprefix("Rebel ").removeprefix("Kiss ")
    names = {one: area for area, models in _SENSORS.items() for one in models}
    # `R6 Mark II` is not an R6: only remarks without a mark may follow.
    for known in (name, name.partition(" ")[0] if "Mark" not in name else ""):
        if known in names:
            return names[known]
    return _COMMON_SENSOR


# The first that a body has counts.
POINTS = (
    PointDialect("changeafarea", _pixels, _largest, "imagesize", needs_live_view=True),
    PointDialect("eoszoomposition", _corner, _sensor, needs_live_view=True),
    PointDialect(
        "spotfocusarea",
        _touched,
        lambda _widget, _model: _TOUCH_SCREEN,
        needs=("focusarea", ("Flexible Spot: M", "Flexible Spot: S", "Flexible Spot: L")),
    ),
    PointDialect("focuspoint", _on_grid, _grid, "focuspoints"),
)


def _by_percent(widget: Widget, area: Area) -> dict[float, str]:
    """Read `50%`: of the size at which each pixel of the sensor is one of the live picture."""
    whole = next((one for one in widget.choices if one.lower().startswith("entire")), "")
    found = {float(one[:-1]) * area[0] / 100 / _LIVE_WIDTH: one for one in widget.choices if one[-1:] == "%"}
    return {1.0: whole, **{power: raw for power, raw in found.items() if power > 1}} if whole else {}


def _by_width(widget: Widget, area: Area) -> dict[float, str]:
    """Read how many pixels of the sensor the live picture shows across; 0 is all."""
    widths = [int(one) for one in widget.choices if one.isdigit()]
    return {area[0] / width if width else 1.0: str(width) for width in widths if width < area[0]}


def _by_times(widget: Widget, _area: Area) -> dict[float, str]:
    numbers = {float(one): one for one in widget.choices if re.fullmatch(r"\d+(\.\d+)?", one)}
    return {**numbers, 1.0: "0" if "Off" in widget.choices else "1"} if numbers else {}


# A Fuji's codes in times of the whole picture; libgphoto2 has no name for it.
_THROUGH_ZOOM = dict(enumerate((1.0, 2.5, 6.0, 4.0, 8.0, 16.0, 2.0, 3.3, 6.6, 13.1, 24.0, 19.7), 1)) | {
    17: 12.0
}
_LIVE_WIDTH = 1024  # of a Nikon's largest live picture


def _by_code(widget: Widget, _area: Area) -> dict[float, str]:
    codes = [int(one) for one in widget.choices if one.isdigit()]
    return {_THROUGH_ZOOM[code]: str(code) for code in codes if code in _THROUGH_ZOOM}


ZOOMS = (
    ZoomDialect("liveviewimagezoomratio", _by_percent),
    ZoomDialect("eoszoom", lambda _widget, _area: {1.0: "1", 5.0: "5", 10.0: "10"}),
    ZoomDialect(
        "focusmagnifier",
        _by_times,
        lambda raw, x, y: f"{raw},{round(x * _TOUCH_SCREEN[0])},{round(y * _TOUCH_SCREEN[1])}",
        moves_point=False,
    ),
)
# Without a name in libgphoto2: the same number is something else on other makers' bodies.
NAMELESS_ZOOMS = {
    "Nikon": ZoomDialect("d1bd", _by_width),
    "FUJIFILM": ZoomDialect("d01b", _by_code),
}


def point_of(names: Iterable[str]) -> PointDialect | None:
    """Return how a body with these settings is told where to focus."""
    present = set(names)
    return next((one for one in POINTS if one.widget in present), None)


def zoom_of(names: Iterable[str], maker: str) -> ZoomDialect | None:
    """Return how a body is told to magnify its live picture."""
    present = set(names)
    nameless = next((one for word, one in NAMELESS_ZOOMS.items() if maker.startswith(word)), None)
    return next((one for one in (*ZOOMS, nameless) if one is not None and one.widget in present), None)


def card_choice(setting: Setting) -> Choice | None:
    """Return the capture target that keeps a copy on the card and lets the computer have one."""
    both = [one for one in setting.choices if one.label == _CARD_AND_COMPUTER]
    return next((one for one in (*both, *setting.choices) if "card" in one.label.lower()), None)


def is_out_of_reach(target: Setting | None) -> bool:
    """Tell whether pictures go where the computer can not get them: to a Sony's card alone."""
    if target is None or target.current is None:
        return False
    has_both = any(one.raw.lower() == _BOTH_TARGETS for one in target.choices)
    return has_both and target.current.raw.lower() == "card"


def passes_memory(target: Setting | None) -> bool:
    """Tell whether the computer gets pictures out of the body's memory, wherever else they go."""
    return target is not None and target.current is not None and "computer" in target.current.label.lower()


def is_in_memory_only(target: Setting | None) -> bool:
    """Tell whether a picture is gone when the body loses power before the computer has it."""
    return passes_memory(target) and target is not None and "card" not in target.label.lower()


def _reason(setting_id: SettingId, current: Choice | None) -> str:
    if setting_id.is_status:
        return "The camera only reports it."
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


# ---- labels


def _label(setting_id: SettingId, text: str, value: Quantity | Special | None) -> str:
    if setting_id is SettingId.ISO and value is not None:
        return _iso_label(text, value)
    if isinstance(value, Special):
        return {Special.X_SYNC: "X-sync", Special.NONE: "No lens"}.get(value, value.value.capitalize())
    if value is not None:
        return value.label
    if setting_id is SettingId.IMAGE_FORMAT and not _is_unknown(text) and not text.isdigit():
        return _format_label(text)
    if setting_id in (SettingId.BATTERY,) and re.fullmatch(r"\d+\s*%", text):
        return f"{text.rstrip('% ')} %"
    if setting_id is SettingId.ORIENTATION and re.fullmatch(r"\d+'", text):
        return f"{text[:-1]}\N{DEGREE SIGN}"
    if setting_id is SettingId.BURST_COUNT and re.fullmatch(r"\d+(\.0*)?", text):
        return f"{float(text):g}"
    known = _WORDS.get(setting_id, {}).get(text.lower())
    if known is None and setting_id is SettingId.DRIVE:
        known = _drive_label(text.lower())
    if known is None and setting_id is SettingId.WHITE_BALANCE:
        known = _white_label(text)
    return known or text


_SPEEDS = (
    (r"super high|hi\+", "high+"),
    (r"hi\b|high|\bhs\b", "high"),
    (r"\bmid\b|\bmed\b", "medium"),
    (r"\blo\b|low|\bls\b", "low"),
)


def _drive_label(text: str) -> str | None:
    """Return continuous speeds, self-timers and brackets in words of our own; None for anything else."""
    shots = re.search(r"(\d) (?:img|pictures)", text)
    count = f", {shots[1]} shots" if shots else ""
    if "timer" in text:
        wait = re.search(r"(\d+) ?s(?:ec)?\b", text)
        many = count or (", continuous" if "cont" in text else "")
        return f"Self-timer{f' {wait[1]} s' if wait else ''}{many}"
    if "bracket" in text:
        kind = re.search(r"\bwb\b|white balance|\bdro\b|focus|lpf", text)
        step = re.search(r"(\d\.\d) (?:ev|steps)", text)
        if step is None:
            named = {"wb": "White balance", "dro": "DRO", "lpf": "LPF"}.get(kind[0], kind[0]) if kind else ""
            strength = " high" if " hi" in text else " low" if " lo" in text else ""
            return f"{named[:1].upper()}{named[1:]} bracket{strength}" if named else None
        size = ExposureCompensation(ExposureCompensation.snap(float(step[1]))).label.lstrip("+")
        way = {"+": ", over", "-": ", under"}.get(text.rstrip()[-1], "")
        is_single = re.search(r"\bsingle\b|\bs \d", text)
        return f"Bracket {size}{count}{way}, {'one by one' if is_single else 'continuous'}"
    if "continuous" not in text and text != "burst":
        return None
    speed = next((name for pattern, name in _SPEEDS if re.search(pattern, text)), "")
    remarks = [
        remark
        for word, remark in (
            ("silent", "silent"),
            ("quiet", "silent"),
            ("-live", "live"),
            ("priority", "speed priority"),
        )
        if word in text
    ]
    return ", ".join([f"Continuous {speed}".rstrip(), *remarks])


def _white_label(text: str) -> str | None:
    for pattern, name in (
        (r"Custom Whitebalance:? (PC-\d)", "Custom {}"),
        (r"Manual (\d)", "Custom {}"),
        (r"Preset Custom (\d)", "Custom {}"),
        (r"Fluorescent Lamp (\d)", "Fluorescent {}"),
        (r"Temperature (\d)", "Kelvin {}"),
    ):
        if found := re.fullmatch(pattern, text):
            return name.format(found[1])
    kind = re.fullmatch(r"Fluorescent: (.+)", text)
    return f"Fluorescent, {kind[1].lower()}" if kind else None


def _iso_label(text: str, value: Quantity | Special) -> str:
    lowered = text.lower()
    noise = ", multi-frame NR" if "multi frame" in lowered else ""
    noise += "+" if noise and lowered.endswith("+") else ""
    if not isinstance(value, Special):
        return f"{value.label}{noise}"
    # Fuji has three automatic programmes, and names their ceilings on some bodies.
    programme = re.fullmatch(r"-([123])", text)
    ceiling = re.fullmatch(r"(?i)a(\d+) \(.*\)|iso auto (\d+)", text)
    if programme:
        return f"Auto ISO {programme[1]}"
    return f"Auto ISO to {ceiling[1] or ceiling[2]}" if ceiling else f"Auto ISO{noise}"


_QUALITIES = {
    "norm": "normal",
    "x.fine": "extra fine",
    "std": "standard",
    "sfine": "super fine",
    "superfine": "super fine",
}


# Canon since libgphoto2 2.5.31: `L`, `cM`, `S1`; c is the coarser of two qualities.
_CANON_SIZES = {"l": "large", "m": "medium", "s": "small"}
_CANON_CODE = re.compile(r"(c?)([lms])([1-3]?)")


def _format_label(text: str) -> str:
    """Return RAW, JPEG fine, RAW + JPEG fine for all the ways to write them; sizes stay in front."""
    roles = image_roles(text)
    raw = re.search(r"(?i)\b([cmsl])raw\b", text)
    raw_label = f"{raw[1]}RAW" if raw else "RAW"
    kind = next((one for one in ("HEIF", "TIFF") if one in text.upper()), "JPEG")
    if text.lower() == "undefined":
        return "Not told"
    rest = re.sub(r"(?i)\b(jpe?g|heif|tiff|nef|crw|[cmsl]?raw|image)\b|[()+]", " ", text)
    words = [_QUALITIES.get(word, word) for word in rest.lower().split()]
    quality = " ".join(words)
    if canon := _CANON_CODE.fullmatch(quality):
        coarse, size, number = canon.groups()
        quality = f"{_CANON_SIZES[size]}{number and ' ' + number} {'normal' if coarse else 'fine'}"
    if roles == (FileRole.RAW,):
        return f"{raw_label} {quality}".strip() if quality and quality != "raw" else raw_label
    # Canon writes the codes of its display behind: `Small Fine JPEG (S1 Fine)`.
    code = re.fullmatch(r"(.+?) s[123](?: (?:fine|normal))?", quality)
    jpeg = f"{kind} {'RGB' if quality == 'rgb' else code[1] if code else quality}".strip()
    return f"{raw_label} + {jpeg}" if FileRole.RAW in roles else jpeg


# ---- values


def _is_unknown(text: str) -> bool:
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


def _told_apart(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
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
            told[place] = dataclasses.replace(told[place], value=speed, label=speed.label)
    return tuple(told)


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


_PARSERS: dict[SettingId, Callable[[str], Quantity | Special | None]] = {
    SettingId.SHUTTER: _shutter,
    SettingId.APERTURE: _aperture,
    SettingId.ISO: _iso,
    SettingId.EXPOSURE_COMPENSATION: _compensation,
    SettingId.COLOR_TEMPERATURE: _kelvin,
}

"""The one word that is shown for what brands spell in many ways."""

from __future__ import annotations

import re

from groundglass.camera.dialects.image_formats import format_label
from groundglass.camera.dialects.values import is_unknown
from groundglass.model.exposure import ExposureCompensation, Quantity, Special
from groundglass.model.setting import SettingId

CARD_AND_COMPUTER = "Card + computer"

# What brands call the same thing: the camera's word, plain and in lower case, to the photographer's.
WORDS: dict[SettingId, dict[str, str]] = {
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
        **dict.fromkeys(("card+sdram", "1"), CARD_AND_COMPUTER),
        "2": "RAW on card + computer",
        "3": "JPEG on card + computer",
        "4": "Computer",
    },
    # Canon names the display that shows the picture; these show none to the computer.
    SettingId.LIVE_VIEW_SIZE: dict.fromkeys(("val 0", "val 1"), "Off"),
}

_FUJI_LENS = re.compile(r"L\w+,(.+),\w*")  # kind, name, serial number


def label_of(setting_id: SettingId, text: str, value: Quantity | Special | None) -> str:
    """Return what is shown for a camera's text, read as this value; the text itself if nothing is known."""
    if setting_id is SettingId.ISO and value is not None:
        return _iso_label(text, value)
    if isinstance(value, Special):
        return {Special.X_SYNC: "X-sync", Special.NONE: "No lens"}.get(value, value.value.capitalize())
    if value is not None:
        return value.label
    if setting_id is SettingId.IMAGE_FORMAT and not is_unknown(text) and not text.isdigit():
        return format_label(text)
    if setting_id is SettingId.BATTERY and re.fullmatch(r"\d+\s*%", text):
        return f"{text.rstrip('% ')} %"
    if setting_id is SettingId.LENS and (parts := _FUJI_LENS.fullmatch(text)):
        return parts[1]
    if setting_id is SettingId.ORIENTATION and re.fullmatch(r"\d+'", text):
        return f"{text[:-1]}\N{DEGREE SIGN}"
    if setting_id is SettingId.BURST_COUNT and re.fullmatch(r"\d+(\.0*)?", text):
        return f"{float(text):g}"
    known = WORDS.get(setting_id, {}).get(text.lower())
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

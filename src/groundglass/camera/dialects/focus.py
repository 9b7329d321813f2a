"""How each brand focuses and moves its focus, and how it tells that it missed."""

from __future__ import annotations

import re

from groundglass.camera.dialects.labels import WORDS
from groundglass.camera.widget import Widget
from groundglass.model.setting import SettingId

AUTOFOCUS = "autofocusdrive"
# What moves the lens, where the body has it.
FOCUS_DRIVES = ("manualfocusdrive", "manualfocus")
# What a Canon reports of its focus after the button is half way down, as the beginning of a text.
FOCUSING = "Focus Info 000000000001"
FOCUS_FOUND = "Focus Info 000000000101"
FOCUS_MISSED = ("Focus Info 0000000002", "Focus Info 000000000000")

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

# Nikon steps its motor in counts of 32767 for the whole way; others have three sizes of their own.
_FOCUS_COUNTS = {1: 40, 2: 250, 3: 1500}
_FOCUS_PARTS = {1: 200, 2: 40, 3: 8}  # of the whole way


def is_manual_focus(raw: str) -> bool:
    return WORDS[SettingId.FOCUS_MODE].get(raw.strip().lower()) == "MF" or raw.startswith("MF")


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
    way = "Far" if step > 0 else "Near"
    # A Panasonic has two sizes; a third one that it is sent moves the other way.
    sizes = [int(found[1]) for one in widget.choices if (found := re.fullmatch(rf"{way} (\d)", one))]
    return f"{way} {min(size, max(sizes, default=size))}"


def focus_place(widget: Widget) -> tuple[float, float, float] | None:
    """Return where the lens stands, its nearest and its farthest point, if the widget is that place.

    A Fuji lists it as if it were choices: nearest, farthest, and sizes of steps.
    """
    texts = (widget.value or "", *widget.choices[:2])
    if len(texts) < 3 or not all(re.fullmatch(r"-?\d+", text) for text in texts):
        return None
    at, nearest, farthest = map(float, texts)
    return at, nearest, farthest

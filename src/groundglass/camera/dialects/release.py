"""How a brand is released, and what it reports of a shot."""

from __future__ import annotations

import re

from msgspec import Struct

from groundglass.camera.widget import Widget
from groundglass.model.setting import Setting, is_continuous


class Button(Struct, frozen=True):
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

# Other bodies have a shutter that is opened and closed for a bulb exposure.
BULB_WIDGET = "bulb"

# A Sony's button all the way down, and up again; half way is `focus.HALF_PRESS`, which goes first.
FULL_PRESS = "capture"

# How a Canon reports that a shot has begun, also one of its own button.
BODY_BUSY = "Camera Status 1"

# How a Sony says that a shot is on its card. What goes there alone never reaches the computer.
CAPTURED = "PTP Event c206"

# Whether trigger_capture() focuses first, where libgphoto2 keeps that itself.
RELEASE_AUTOFOCUS = ("autofocus", "On", "Off")


def button_of(widget: Widget) -> Button | None:
    """Return how the body's button is pressed; None if libgphoto2 spells it in a way that is not known."""
    words = ("focus", "release", "release_only", "up")
    return next(
        (one for one in _BUTTONS if {getattr(one, word) for word in words} <= set(widget.choices)), None
    )


def frames_of_release(drive: Setting | None, count: Setting | None) -> int:
    """Return how many exposures one release makes: a body fires a burst only in a continuous drive."""
    if not is_continuous(drive):
        return 1
    frames = count.current.raw if count is not None and count.current is not None else ""
    return round(float(frames)) if re.fullmatch(r"\d+(\.0*)?", frames) else 1

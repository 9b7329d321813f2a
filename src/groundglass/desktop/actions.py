"""The one table of what the keys do; the help overlay and every tooltip are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActionId(StrEnum):
    """Everything in the window that a key can do."""

    RELEASE = "release"
    LIVE = "live"
    AUTOFOCUS = "autofocus"
    FOCUS_NEARER = "focus_nearer"
    FOCUS_FARTHER = "focus_farther"
    SHUTTER = "shutter"
    APERTURE = "aperture"
    ISO = "iso"
    COMPENSATION = "exposure_compensation"
    WHITE_BALANCE = "white_balance"
    TEMPERATURE = "color_temperature"
    FORMAT = "image_format"
    MODE = "exposure_mode"
    PREVIOUS = "previous"
    NEXT = "next"
    NEWEST = "newest"
    ZOOM = "zoom"
    CLIPPING = "clipping"
    PEAKING = "peaking"
    FALSE_COLOR = "false_color"
    GRID = "grid"
    HISTOGRAM_SCALE = "histogram_scale"
    PICTURE_ONLY = "picture_only"
    PANELS = "panels"
    NEXT_CONTROL = "next_control"
    PREVIOUS_CONTROL = "previous_control"
    BACK = "back"
    HELP = "help"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done, its words and its key as Qt spells it."""

    id: ActionId
    group: str
    words: str
    key: str
    repeats: bool = False  # whether holding the key does it again and again


_SHOOT, _EXPOSE, _LOOK, _WINDOW = "Shoot", "Set", "Look", "Window"

ACTIONS: tuple[Action, ...] = (
    Action(ActionId.RELEASE, _SHOOT, "Release the shutter", "Space"),
    Action(ActionId.LIVE, _SHOOT, "Live view on or off", "L"),
    Action(ActionId.AUTOFOCUS, _SHOOT, "Autofocus", "Ctrl+F"),
    Action(ActionId.FOCUS_NEARER, _SHOOT, "Focus nearer", "[", repeats=True),
    Action(ActionId.FOCUS_FARTHER, _SHOOT, "Focus farther", "]", repeats=True),
    Action(ActionId.SHUTTER, _EXPOSE, "Shutter speed", "S"),
    Action(ActionId.APERTURE, _EXPOSE, "Aperture", "A"),
    Action(ActionId.ISO, _EXPOSE, "ISO", "I"),
    Action(ActionId.COMPENSATION, _EXPOSE, "Exposure compensation", "E"),
    Action(ActionId.WHITE_BALANCE, _EXPOSE, "White balance", "W"),
    Action(ActionId.TEMPERATURE, _EXPOSE, "Colour temperature", "K"),
    Action(ActionId.FORMAT, _EXPOSE, "Image format", "Q"),
    Action(ActionId.MODE, _EXPOSE, "Exposure mode", "M"),
    Action(ActionId.PREVIOUS, _LOOK, "Previous picture", "Left", repeats=True),
    Action(ActionId.NEXT, _LOOK, "Next picture", "Right", repeats=True),
    Action(ActionId.NEWEST, _LOOK, "Newest picture, and follow", "End"),
    Action(ActionId.ZOOM, _LOOK, "100 % of a picture", "Z"),
    Action(ActionId.CLIPPING, _LOOK, "Show clipping", "C"),
    Action(ActionId.PEAKING, _LOOK, "Focus peaking, three strengths", "P"),
    Action(ActionId.FALSE_COLOR, _LOOK, "False colour, with its legend", "Shift+C"),
    Action(ActionId.GRID, _LOOK, "Grid of thirds", "G"),
    Action(ActionId.HISTOGRAM_SCALE, _LOOK, "Histogram linear or log", "Shift+L"),
    Action(ActionId.PICTURE_ONLY, _WINDOW, "Picture only, full screen", "F"),
    Action(ActionId.PANELS, _WINDOW, "Panels on or off", "Tab"),
    Action(ActionId.NEXT_CONTROL, _WINDOW, "Next control", "F6"),
    Action(ActionId.PREVIOUS_CONTROL, _WINDOW, "Previous control", "Shift+F6"),
    Action(ActionId.BACK, _WINDOW, "Back, down to the live picture", "Esc"),
    Action(ActionId.HELP, _WINDOW, "All keys", "?"),
    Action(ActionId.QUIT, _WINDOW, "Quit", "Ctrl+Q"),
)

# What a dial does with the keys while it has the focus; not shortcuts, so not in the table above.
DIAL_KEYS: tuple[tuple[str, str], ...] = (
    ("Up, wheel", "One step brighter"),
    ("Down, wheel", "One step darker"),
    ("Shift", "With these: a full stop"),
    ("0-9 + -", "Type a value: 1/200, 5.6, 400"),
    ("Enter", "List of all values"),
    ("Esc", "Leave it as it was"),
)

_SHOWN = {"Left": "\N{LEFTWARDS ARROW}", "Right": "\N{RIGHTWARDS ARROW}"}


def action(action_id: ActionId) -> Action:
    return next(one for one in ACTIONS if one.id is action_id)


def key_label(key: str) -> str:
    """Return a key as it is shown in tooltips and in the overlay."""
    return _SHOWN.get(key, key.replace("+", " + ") if len(key) > 1 else key)


def with_key(words: str, action_id: ActionId) -> str:
    """Return a tooltip's words with the shortcut named."""
    return f"{words}  ({key_label(action(action_id).key)})"

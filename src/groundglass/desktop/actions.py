"""The one table of what the keys do; the help overlay and every tooltip are made from it.

It is as long as there are keys.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from itertools import groupby

from msgspec import Struct


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
    PICK_WHITE = "pick_white"
    FORMAT = "image_format"
    MODE = "exposure_mode"
    OPEN = "open"
    REVEAL = "reveal"
    COPY_PATH = "copy_path"
    EXPORT = "export"
    KEEP_EXPOSURE = "keep_exposure"
    PRESETS = "presets"
    PREVIOUS = "previous"
    NEXT = "next"
    FIRST = "first"
    NEWEST = "newest"
    ZOOM = "zoom"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    PREVIOUS_ALWAYS = "previous_always"
    NEXT_ALWAYS = "next_always"
    THUMBS_LARGER = "thumbs_larger"
    THUMBS_SMALLER = "thumbs_smaller"
    COMPARE = "compare"
    LIGHT_TABLE = "light_table"
    HOLD = "hold"
    KEYWORDS = "keywords"
    SELECT_ALL = "select_all"
    THROW_AWAY = "throw_away"
    UNDO = "undo"
    NO_STARS = "no_stars"
    STAR_1 = "star_1"
    STAR_2 = "star_2"
    STAR_3 = "star_3"
    STAR_4 = "star_4"
    STAR_5 = "star_5"
    REJECT = "reject"
    LABEL_RED = "label_red"
    LABEL_YELLOW = "label_yellow"
    LABEL_GREEN = "label_green"
    LABEL_BLUE = "label_blue"
    SHOW_ALL = "show_all"
    SHOW_1 = "show_1"
    SHOW_2 = "show_2"
    SHOW_3 = "show_3"
    SHOW_4 = "show_4"
    SHOW_5 = "show_5"
    HIDE_REJECTED = "hide_rejected"
    CLIPPING = "clipping"
    PEAKING = "peaking"
    FALSE_COLOR = "false_color"
    GRID = "grid"
    ASPECT = "aspect"
    MIRROR = "mirror"
    ROTATE = "rotate"
    LEVEL_LEFT = "level_left"
    LEVEL_RIGHT = "level_right"
    LEVEL_LEFT_MORE = "level_left_more"
    LEVEL_RIGHT_MORE = "level_right_more"
    LEVEL_BY_LINE = "level_by_line"
    LEVEL_RESET = "level_reset"
    ONION_SKIN = "onion_skin"
    OVER_BLEND = "over_blend"
    OVER_OPACITY = "over_opacity"
    OVER_LARGER = "over_larger"
    OVER_SMALLER = "over_smaller"
    OVER_LEFT = "over_left"
    OVER_RIGHT = "over_right"
    OVER_UP = "over_up"
    OVER_DOWN = "over_down"
    LAST_FRAME = "last_frame"
    FREEZE = "freeze"
    DISTANCE = "distance"
    HISTOGRAM_SCALE = "histogram_scale"
    RAW_HISTOGRAM = "raw_histogram"
    USE_OFFER = "use_offer"
    OTHER_OFFER = "other_offer"
    NEW_SESSION = "new_session"
    OPEN_SESSION = "open_session"
    RECENT_SESSIONS = "recent_sessions"
    SPOT = "spot"
    SPOT_LEFT = "spot_left"
    SPOT_RIGHT = "spot_right"
    SPOT_UP = "spot_up"
    SPOT_DOWN = "spot_down"
    FOCUS_AT = "focus_at"
    FOCUS_BEST = "focus_best"
    SCOPE = "scope"
    PEAKING_COLOR = "peaking_color"
    FIGURES = "figures"
    PICTURE_ONLY = "picture_only"
    PANELS = "panels"
    LEFT_WIDER = "left_wider"
    LEFT_NARROWER = "left_narrower"
    RIGHT_WIDER = "right_wider"
    RIGHT_NARROWER = "right_narrower"
    CLIENT_WINDOW = "client_window"
    NEXT_CONTROL = "next_control"
    PREVIOUS_CONTROL = "previous_control"
    BACK = "back"
    LOG = "log"
    HELP = "help"
    PREFERENCES = "preferences"
    QUIT = "quit"


class Action(Struct, frozen=True):
    """One thing that can be done, its words and its key as Qt spells it."""

    id: ActionId
    words: str
    key: str
    repeats: bool = False  # whether holding the key does it again and again
    own_words: str = ""  # where neighbours share their words: what this one does

    @property
    def told(self) -> str:
        """Return what this one action does, as it stands in the list of keys."""
        return self.own_words or self.words


def _stars(count: int) -> str:
    return f"{count} star{'s' if count > 1 else ''}"


_SHOOT: tuple[Action, ...] = (
    Action(ActionId.RELEASE, "Release the shutter", "Space"),
    Action(ActionId.LIVE, "Live view on or off", "L"),
    Action(ActionId.AUTOFOCUS, "Autofocus", "Ctrl+F"),
    Action(ActionId.FOCUS_NEARER, "Focus nearer", "[", repeats=True),
    Action(ActionId.FOCUS_FARTHER, "Focus farther", "]", repeats=True),
)
_SET: tuple[Action, ...] = (
    Action(ActionId.SHUTTER, "Shutter speed", "S"),
    Action(ActionId.APERTURE, "Aperture", "A"),
    Action(ActionId.ISO, "ISO", "I"),
    Action(ActionId.COMPENSATION, "Exposure compensation", "E"),
    Action(ActionId.WHITE_BALANCE, "White balance", "W"),
    Action(ActionId.TEMPERATURE, "Colour temperature", "K"),
    Action(ActionId.PICK_WHITE, "Kelvin from a neutral spot", "Shift+W"),
    Action(ActionId.FORMAT, "Image format", "Q"),
    Action(ActionId.MODE, "Exposure mode", "M"),
    Action(ActionId.KEEP_EXPOSURE, "Keep the exposure", "Shift+E"),
    Action(ActionId.PRESETS, "Exposures with a name", "Ctrl+P"),
)
_PEAKING = "Focus peaking, its colour"
_JUDGE: tuple[Action, ...] = (
    Action(ActionId.CLIPPING, "Show clipping", "C"),
    Action(ActionId.PEAKING, _PEAKING, "P", own_words="Focus peaking"),
    Action(ActionId.PEAKING_COLOR, _PEAKING, "Shift+P", own_words="Another colour for peaking"),
    Action(ActionId.FALSE_COLOR, "False colour, with its legend", "Shift+C"),
    Action(ActionId.HISTOGRAM_SCALE, "Histogram linear or log", "Shift+L"),
    Action(ActionId.RAW_HISTOGRAM, "Live or RAW histogram", "H"),
    Action(ActionId.SCOPE, "Waveform, parade, histogram", "Shift+H"),
    Action(ActionId.USE_OFFER, "Use the offered setting", "U"),
    Action(ActionId.OTHER_OFFER, "Offer another dial", "Shift+U"),
    Action(ActionId.SPOT, "Spot meter and focus bar", "O"),
    Action(ActionId.FOCUS_AT, "Focus there, or Ctrl + click", "Ctrl+Shift+F"),
    Action(ActionId.FOCUS_BEST, "Reset the focus bar", "Shift+O"),
    Action(ActionId.SPOT_LEFT, "Move the spot", "Alt+Left", repeats=True, own_words="Move the spot left"),
    Action(ActionId.SPOT_RIGHT, "Move the spot", "Alt+Right", repeats=True, own_words="Move the spot right"),
    Action(ActionId.SPOT_UP, "Move the spot", "Alt+Up", repeats=True, own_words="Move the spot up"),
    Action(ActionId.SPOT_DOWN, "Move the spot", "Alt+Down", repeats=True, own_words="Move the spot down"),
    Action(ActionId.FIGURES, "How the live view runs", "Ctrl+I"),
)
_DEG = "\N{DEGREE SIGN}"
_OVER, _TURN = "Grids, masks, one by one", "Mirror, turn the picture"
_LEVEL, _LEVEL_MORE = f"Level left, right by 0.1{_DEG}", f"Level left, right by 1{_DEG}"
_LINE = "Level by a line, reset"
_PLACE = "Its place, or drag it"
_FRAME: tuple[Action, ...] = (
    Action(ActionId.GRID, _OVER, "G", own_words="Grids, one after the other"),
    Action(ActionId.ASPECT, _OVER, "Ctrl+G", own_words="Masks, one after the other"),
    Action(ActionId.MIRROR, _TURN, "Shift+M", own_words="Mirror the picture"),
    Action(ActionId.ROTATE, _TURN, "Shift+R", own_words="Turn the picture"),
    Action(ActionId.LEVEL_LEFT, _LEVEL, ",", repeats=True, own_words=f"Level left by 0.1{_DEG}"),
    Action(ActionId.LEVEL_RIGHT, _LEVEL, ".", repeats=True, own_words=f"Level right by 0.1{_DEG}"),
    Action(ActionId.LEVEL_LEFT_MORE, _LEVEL_MORE, "<", repeats=True, own_words=f"Level left by 1{_DEG}"),
    Action(ActionId.LEVEL_RIGHT_MORE, _LEVEL_MORE, ">", repeats=True, own_words=f"Level right by 1{_DEG}"),
    Action(ActionId.LEVEL_BY_LINE, _LINE, "R", own_words="Level along a drawn line"),
    Action(ActionId.LEVEL_RESET, _LINE, "Ctrl+.", own_words="Level reset"),
    Action(ActionId.ONION_SKIN, "Last frame over the picture", "Y"),
    Action(ActionId.OVER_BLEND, "Its blend, its opacity", "Shift+Y", own_words="Blend of what is laid over"),
    Action(
        ActionId.OVER_OPACITY, "Its blend, its opacity", "Shift+T", own_words="Opacity of what is laid over"
    ),
    Action(ActionId.OVER_SMALLER, "Its size", "Ctrl+[", repeats=True, own_words="What is laid over smaller"),
    Action(ActionId.OVER_LARGER, "Its size", "Ctrl+]", repeats=True, own_words="What is laid over larger"),
    Action(ActionId.OVER_LEFT, _PLACE, "Ctrl+Left", repeats=True, own_words="Move what is over to the left"),
    Action(
        ActionId.OVER_RIGHT, _PLACE, "Ctrl+Right", repeats=True, own_words="Move what is over to the right"
    ),
    Action(ActionId.OVER_UP, _PLACE, "Ctrl+Up", repeats=True, own_words="Move what is over up"),
    Action(ActionId.OVER_DOWN, _PLACE, "Ctrl+Down", repeats=True, own_words="Move what is over down"),
    Action(ActionId.LAST_FRAME, "Last frame in the corner", "Shift+I"),
    Action(ActionId.FREEZE, "Freeze, beside live, live", "Shift+F"),
)
_THUMBS = "Size of the thumbnails"
_REVIEW: tuple[Action, ...] = (
    Action(ActionId.PREVIOUS, "Previous picture", "Left", repeats=True),
    Action(ActionId.NEXT, "Next picture", "Right", repeats=True),
    Action(ActionId.FIRST, "First picture of the film", "Home"),
    Action(ActionId.NEWEST, "Newest picture, and follow", "End"),
    Action(
        ActionId.PREVIOUS_ALWAYS,
        "Previous, next, also zoomed",
        "PgUp",
        repeats=True,
        own_words="Previous, also zoomed",
    ),
    Action(
        ActionId.NEXT_ALWAYS,
        "Previous, next, also zoomed",
        "PgDown",
        repeats=True,
        own_words="Next, also zoomed",
    ),
    Action(ActionId.ZOOM, "100 %, 200 %, whole picture", "Z"),
    Action(ActionId.ZOOM_IN, "Zoom in", "+"),
    Action(ActionId.ZOOM_OUT, "Zoom out", "-"),
    Action(ActionId.COMPARE, "Compare 2 to 4 pictures", "B"),
    Action(ActionId.LIGHT_TABLE, "Light table", "Shift+G"),
    Action(ActionId.THUMBS_LARGER, _THUMBS, "Ctrl+=", repeats=True, own_words="Larger thumbnails"),
    Action(ActionId.THUMBS_SMALLER, _THUMBS, "Ctrl+-", repeats=True, own_words="Smaller thumbnails"),
    Action(ActionId.HOLD, "Hold this picture, or follow", "Ctrl+H"),
)
_CHOOSE: tuple[Action, ...] = (
    Action(ActionId.SELECT_ALL, "Select all that are shown", "Ctrl+A"),
    Action(ActionId.NO_STARS, "Stars", "0", own_words="No stars"),
    *(Action(ActionId(f"star_{n}"), "Stars", str(n), own_words=_stars(n)) for n in range(1, 6)),
    Action(ActionId.REJECT, "Reject, or take it back", "X"),
    Action(ActionId.LABEL_RED, "Red, yellow, green, blue", "6", own_words="Label red"),
    Action(ActionId.LABEL_YELLOW, "Red, yellow, green, blue", "7", own_words="Label yellow"),
    Action(ActionId.LABEL_GREEN, "Red, yellow, green, blue", "8", own_words="Label green"),
    Action(ActionId.LABEL_BLUE, "Red, yellow, green, blue", "9", own_words="Label blue"),
    Action(ActionId.KEYWORDS, "Keywords of the selected", "Ctrl+K"),
    Action(ActionId.THROW_AWAY, "Into the session's trash", "Del"),
    Action(ActionId.UNDO, "Take back the last change", "Ctrl+Z"),
    Action(ActionId.SHOW_ALL, "Show this many stars or more", "Alt+0", own_words="Show all pictures"),
    *(
        Action(
            ActionId(f"show_{n}"),
            "Show this many stars or more",
            f"Alt+{n}",
            own_words=f"Show {_stars(n)} or more",
        )
        for n in range(1, 6)
    ),
    Action(ActionId.HIDE_REJECTED, "Hide the rejected", "Alt+X"),
)
_PASS_ON: tuple[Action, ...] = (
    Action(ActionId.EXPORT, "Export the selects", "Ctrl+E"),
    Action(ActionId.OPEN, "Open in its program", "Ctrl+Return"),
    Action(ActionId.REVEAL, "Show in its folder", "Ctrl+Shift+R"),
    Action(ActionId.COPY_PATH, "Copy its path", "Ctrl+Shift+C"),
)
_SESSION: tuple[Action, ...] = (
    Action(ActionId.NEW_SESSION, "Begin a session", "Ctrl+N"),
    Action(ActionId.OPEN_SESSION, "Open a session", "Ctrl+O"),
    Action(ActionId.RECENT_SESSIONS, "Recent sessions", "Ctrl+R"),
)
_LEFT, _RIGHT = "Width of the left panel", "Width of the right panel"
_WINDOW: tuple[Action, ...] = (
    Action(ActionId.PICTURE_ONLY, "Picture only, full screen", "F"),
    Action(ActionId.DISTANCE, "Large values, read from afar", "D"),
    Action(ActionId.PANELS, "Panels on or off", "Tab"),
    Action(ActionId.LEFT_NARROWER, _LEFT, "F7", repeats=True, own_words="Left panel narrower"),
    Action(ActionId.LEFT_WIDER, _LEFT, "F8", repeats=True, own_words="Left panel wider"),
    Action(ActionId.RIGHT_NARROWER, _RIGHT, "Shift+F7", repeats=True, own_words="Right panel narrower"),
    Action(ActionId.RIGHT_WIDER, _RIGHT, "Shift+F8", repeats=True, own_words="Right panel wider"),
    Action(ActionId.CLIENT_WINDOW, "The client's window", "Ctrl+2"),
    Action(ActionId.NEXT_CONTROL, "Next control", "F6"),
    Action(ActionId.PREVIOUS_CONTROL, "Previous control", "Shift+F6"),
    Action(ActionId.BACK, "Back to the live picture", "Esc"),
    Action(ActionId.LOG, "The log, and a report", "Ctrl+Shift+L"),
    Action(ActionId.HELP, "All keys", "?"),
    Action(ActionId.PREFERENCES, "Preferences", "Ctrl+,"),
    Action(ActionId.QUIT, "Quit", "Ctrl+Q"),
)

# The groups in the order of a job, and in which the help page shows them.
GROUPS: tuple[tuple[str, tuple[Action, ...]], ...] = (
    ("Shoot", _SHOOT),
    ("Set", _SET),
    ("Judge", _JUDGE),
    ("Frame", _FRAME),
    ("Review", _REVIEW),
    ("Choose", _CHOOSE),
    ("Pass on", _PASS_ON),
    ("Session", _SESSION),
    ("Window", _WINDOW),
)
ACTIONS: tuple[Action, ...] = tuple(one for _, group in GROUPS for one in group)

# What a dial does with the keys while it has the focus; not shortcuts, so not in the table above.
DIAL_KEYS: tuple[tuple[str, str], ...] = (
    ("Up, wheel, drag", "One step brighter"),
    ("Down, the same", "One step darker"),
    ("Shift", "With these: a whole stop"),
    ("0\N{EN DASH}9 + \N{MINUS SIGN}", "Type 1/200 or 200, 5.6, 400"),
    ("Enter", "List of all values"),
    ("Letters", "In the list: what begins so"),
    ("Esc", "Leave it as it was"),
)

_SHOWN = {
    "Left": "\N{LEFTWARDS ARROW}",
    "Right": "\N{RIGHTWARDS ARROW}",
    "Up": "\N{UPWARDS ARROW}",
    "Down": "\N{DOWNWARDS ARROW}",
}


def key_rows(actions: tuple[Action, ...], key: Callable[[Action], str]) -> list[tuple[str, str]]:
    """Return keys and words; neighbours that say the same share a row: `1` to `5`, `Stars`; `G, Ctrl + G`.

    key: what the key of an action is now, as Qt spells it; empty: it has none.
    """
    rows: list[tuple[str, str]] = []
    for words, group in groupby(actions, key=lambda one: one.words):
        first, *others = sharers = list(group)
        if any(key(one) != one.key for one in sharers):
            keys = ", ".join(key_label(key(one)) or "\N{EN DASH}" for one in sharers)
        else:
            keys = key_label(first.key)
            if others:
                held, _, last = others[-1].key.rpartition("+")
                is_alike = held == first.key.rpartition("+")[0]
                to = " \N{EN DASH} " if len(others) > 1 else "  " if keys == "," else ", "
                keys += f"{to}{key_label(last if is_alike else others[-1].key)}"
        rows.append((keys, words))
    return rows


def action(action_id: ActionId) -> Action:
    return next(one for one in ACTIONS if one.id is action_id)


def key_label(key: str) -> str:
    """Return a key as it is shown in tooltips and in the overlay."""
    held, plus, last = key.rpartition("+")
    if plus and not last:  # the key + itself
        held, last = held.rstrip("+"), "+"
    parts = [*(held.split("+") if held else ()), last]
    return " + ".join(_SHOWN.get(part, part) for part in parts)

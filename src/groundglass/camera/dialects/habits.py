"""What a brand has to be told beside what the photographer asks for, and when."""

from __future__ import annotations

import math

# Settings that libgphoto2 keeps itself. `autofocus` reads as On until it was set once, but a release acts
# as if it were Off; a lens or body in manual focus is not concerned.
SET_AT_CONNECT = {"autofocus": "On"}

# Starting the live view of a Nikon sends what is shot on the body to its memory; on the card it is safer.
SET_AFTER_LIVE = {"recordingmedia": "Card"}

# Through these names libgphoto2 sends nothing to a Sony (2.5.34: the menu's type is 0); the property itself
# takes the number.
SET_THROUGH = {"capturetarget": ("d222", {"sdram": "1", "card": "16", "card+sdram": "17"})}

# A Sony takes a while until a setting is what it was set to; libgphoto2 looks at it with each event.
SETTLING_S = {"Sony Corporation": 1.0}

# An older one is stepped through its list, 0.7 to 0.9 s a step, in one call that tells nothing meanwhile.
SETTING_LIMIT_S = {"Sony Corporation": 30.0}

# libgphoto2 tells no change of what is set on a Panasonic (2.5.34), so its exposure is read now and then.
TELLS_NO_CHANGE = frozenset({"Panasonic"})

# These tell how much room there is on their cards, whatever else they tell; an old Sony's answer is made up.
TELLS_ROOM = frozenset({"Nikon Corporation"})

# A Fuji obeys the computer only in this priority, and each look for events takes it back (libgphoto2#653).
# While its live view runs it takes settings and forgets them (libgphoto2#1241); `movie` ends the live view.
PRIORITY = ("prioritymode", "USB")
LIVE_SWITCH = "movie"
LEAVES_LIVE_VIEW = ("autofocusdrive", "manualfocusdrive", "liveviewsize", "d01b")

# There a Fuji keeps what the computer has not taken and deleted; until then it shows no live view.
BUFFER = "/store_10000001"

# The body's clock, in seconds since 1970; the first that a body has counts.
CLOCKS = ("datetimeutc", "datetime")
CLOCK_TOLERANCE_S = 2.0


def text_to_send(maker: str, name: str, raw: str) -> str:
    """Return what libgphoto2 has to be given so that the body gets this text.

    It cuts a Panasonic's compensation to whole thirds (2.5.34), and 0.333333 is not quite one.
    """
    if maker != "Panasonic" or name != "exposurecompensation":
        return raw
    try:
        ev = float(raw)
    except ValueError:
        return raw
    return f"{ev + math.copysign(0.01, ev):.4f}" if ev else raw


def serial_of(text: str) -> str:
    """Return a body's serial number; "" for what bodies say that keep it to themselves."""
    return "" if text.lower() == "none" or not text.strip("0") else text

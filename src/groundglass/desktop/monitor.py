"""The colours of the monitor: the profile that the system has for it. Never on the user-interface thread."""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import os
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from groundglass.errors import ImageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from groundglass.imaging.color import Profile

_log = logging.getLogger(__name__)

# The ICC Profiles in X specification puts the first screen's profile there, in 8-bit units.
_X_PROPERTY = b"_ICC_PROFILE"
_MOST_BYTES = 64 << 20


def for_screen(image: NDArray[np.uint8], profile: Profile | None) -> NDArray[np.uint8]:
    """Return a picture in the monitor's colours: itself if they are alike, else a new one.

    image: BGRX.  profile: the picture's; None: sRGB. Releases the GIL.
    """
    from groundglass.imaging.color import SRGB, convert

    return convert(image, profile or SRGB, monitor_profile() or SRGB)


@lru_cache(maxsize=1)
def monitor_profile() -> Profile | None:
    """Ask the system once for the profile of its first monitor; None if it has none that can be used."""
    from groundglass.imaging.color import parse_profile

    icc = _windows_profile() if sys.platform == "win32" else x11_profile()
    if not icc:
        return None
    try:
        found = parse_profile(icc)
    except ImageError as err:
        _log.info("The monitor's profile is left out: %s", err)
        return None
    _log.info("The monitor's profile: %s", found.name)
    return found


def _windows_profile() -> bytes | None:
    from PIL import ImageCms

    found = ImageCms.get_display_profile()
    return found.tobytes() if found is not None else None


def x11_profile() -> bytes | None:
    """Read the profile that an X server bears; None without one, or without an X server."""
    name = ctypes.util.find_library("X11") if os.environ.get("DISPLAY") else None
    if name is None:
        return None
    x11 = ctypes.CDLL(name)
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    try:
        return _property(x11, display)
    finally:
        x11.XCloseDisplay(ctypes.c_void_p(display))


def _property(x11: ctypes.CDLL, display: int) -> bytes | None:
    x11.XDefaultRootWindow.restype = x11.XInternAtom.restype = ctypes.c_ulong
    connection = ctypes.c_void_p(display)
    root = x11.XDefaultRootWindow(connection)
    atom = x11.XInternAtom(connection, _X_PROPERTY, 1)
    if not atom:
        return None
    kind, count, rest = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_ulong()
    bits, found = ctypes.c_int(), ctypes.c_void_p()
    state = x11.XGetWindowProperty(
        connection,
        ctypes.c_ulong(root),
        ctypes.c_ulong(atom),
        ctypes.c_long(0),
        ctypes.c_long(_MOST_BYTES // 4),
        0,
        ctypes.c_ulong(0),
        ctypes.byref(kind),
        ctypes.byref(bits),
        ctypes.byref(count),
        ctypes.byref(rest),
        ctypes.byref(found),
    )
    if state != 0 or not found.value:
        return None
    try:
        return ctypes.string_at(found.value, count.value) if bits.value == 8 else None
    finally:
        x11.XFree(found)

"""The colours of the monitor: the profile that the system has for it. Never on the user-interface thread."""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import os
import threading
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

    image: BGRX or BGR.  profile: the picture's; None: sRGB. Releases the GIL.
    """
    from groundglass.imaging.color import SRGB, convert

    return convert(image, profile or SRGB, monitor_profile() or SRGB)


class LiveColors:
    """The colours of live frames on the monitor: by a table of all colours, as soon as there is one.

    Frames are sRGB. `convert` belongs to one thread. The table is made on a thread of its own, 0.7 s, and
    only for a monitor that is not sRGB; until then each frame is computed.
    """

    def __init__(self) -> None:
        self._maker: threading.Thread | None = None
        self._table: NDArray[np.uint32] | None = None
        self._room: NDArray[np.intp] | None = None

    def convert(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a frame in the monitor's colours: itself if they are sRGB's, else a new one."""
        if self._table is None:
            shown = for_screen(image, None)
            if shown is not image and self._maker is None:
                self._maker = threading.Thread(target=self._make, name="colour-table", daemon=True)
                self._maker.start()
            return shown
        import numpy as np

        from groundglass.imaging.color import through_table

        if self._room is None or self._room.shape != image.shape[:2]:
            self._room = np.empty(image.shape[:2], np.intp)
        return through_table(image, self._table, self._room)

    @property
    def has_table(self) -> bool:
        return self._table is not None

    def close(self) -> None:
        """Wait for the table, if it is being made."""
        if self._maker is not None:
            self._maker.join()

    def _make(self) -> None:
        from groundglass.imaging.color import SRGB, color_table

        self._table = color_table(SRGB, monitor_profile() or SRGB)


@lru_cache(maxsize=1)
def monitor_profile() -> Profile | None:
    """Ask the system once for the profile of its first monitor; None if it has none that can be used."""
    from groundglass.imaging.color import parse_profile

    icc = x11_profile()
    if not icc:
        return None
    try:
        found = parse_profile(icc)
    except ImageError as err:
        _log.info("The monitor's profile is left out: %s", err)
        return None
    _log.info("The monitor's profile: %s", found.name)
    return found


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

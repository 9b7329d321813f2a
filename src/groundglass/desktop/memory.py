"""How the C library keeps memory, set once: a large picture goes back to the system when it is freed."""

from __future__ import annotations

import ctypes
import logging
import sys

# Names of malloc.h of the GNU C library.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
# Above a live frame of 1024x680, which is made sixty times a second and better kept.
_KEPT_BYTES = 3 << 20
_ARENAS = 1

_log = logging.getLogger(__name__)


def return_large_blocks() -> bool:
    """Keep freed pictures out of the heaps; tell whether that was possible.

    By itself the library raises its limit to 32 MB with the first large block that is freed, and every
    thread keeps a heap: 54 MB more after a walk through 45 MP pictures, 17 of them by the second heap
    (2026-11).
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except AttributeError:  # another C library
        return False
    wanted = ((_MMAP_THRESHOLD, _KEPT_BYTES), (_TRIM_THRESHOLD, _KEPT_BYTES), (_ARENA_MAX, _ARENAS))
    done = all(set_option(name, value) for name, value in wanted)
    if not done:
        _log.info("The C library keeps its own way with memory")
    return done

"""Qt's bindings, without what they add to every import."""

from __future__ import annotations

import builtins
import importlib


def load_bindings() -> None:
    """Load Qt before anything else does, and give Python's own import back. Main thread.

    The bindings put an import of their own in its place, which reads the source of each module that is loaded
    from then on, to learn whether it may ask them for `__feature__`: for the window, 85 ms of 1.0 s, and 2 MB
    of sources that stay (2026-11). None of ours asks. They keep Python's under `__orig_import__`.
    """
    importlib.import_module("PySide6.QtCore")
    builtins.__import__ = vars(builtins).get("__orig_import__", builtins.__import__)

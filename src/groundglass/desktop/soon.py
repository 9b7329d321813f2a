"""What may wait for a turn of the event loop of its own, so that no handler does everything at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def soon(deed: Callable[[], object], parent: QObject) -> Callable[..., None]:
    """Return what asks for a deed: done once for all who asked until then. User-interface thread.

    It takes, and drops, the arguments of any signal.
    """
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(deed)
    return lambda *_: timer.start(0)

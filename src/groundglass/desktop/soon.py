"""What may wait for a turn of the event loop of its own, so that no handler and no paint does all at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from shiboken6 import isValid


def soon(deed: Callable[[], object], parent: QObject) -> Callable[..., None]:
    """Return what asks for a deed: done once for all who asked until then. User-interface thread.

    What changed before is painted first, also by a deed that was asked for before. Without its parent it is
    dropped. What is returned takes, and drops, the arguments of any signal.
    """
    return _Soon(deed, parent)


class _Soon:
    def __init__(self, deed: Callable[[], object], parent: QObject) -> None:
        self._deed, self._parent = deed, parent
        self._is_asked = False

    def __call__(self, *_: object) -> None:
        if not self._is_asked:
            self._is_asked = True
            _turns(QCoreApplication.instance()).put(self._do)

    def _do(self) -> None:
        self._is_asked = False
        if isValid(self._parent):
            self._deed()


class _Turns(QObject):
    """Deeds in the order in which they were asked for, one at each end of a timer.

    Qt ends timers when no event waits, thus behind its paints. Not by events of our own: those that Python
    makes and Qt deletes ended the process, once in some 100,000 (PySide 6.11).
    """

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._take)

    def put(self, deed: Callable[[], None]) -> None:
        self._waiting.append(deed)
        if len(self._waiting) == 1:
            self._timer.start()

    def _take(self) -> None:
        deed = self._waiting.popleft()
        if self._waiting:
            self._timer.start()  # before this one, whose fault must not cost those behind it
        deed()


@lru_cache(maxsize=1)
def _turns(application: QCoreApplication | None) -> _Turns:
    return _Turns(application)

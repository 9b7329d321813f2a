"""What is done when the desktop's session ends: the user logs out, or the system shuts down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from groundglass.desktop.desk import Desk
from groundglass.desktop.main_window import MainWindow

_FINISH_S = 4.0  # session managers take a program that is silent for longer for one that hangs


class SessionEnd(Protocol):
    """What is asked of a QSessionManager."""

    def allowsInteraction(self) -> bool: ...
    def release(self) -> None: ...
    def cancel(self) -> None: ...


@contextmanager
def minded(app: QApplication, window: MainWindow, desk: Desk) -> Iterator[None]:
    """Mind the end of the desktop's session while the window runs. Main thread."""

    def commit(manager: QSessionManager) -> None:
        mind(manager, window, desk)

    # Directly: the system goes on as soon as this returns.
    app.commitDataRequest.connect(commit, Qt.ConnectionType.DirectConnection)
    try:
        yield
    finally:
        app.commitDataRequest.disconnect(commit)


def mind(end: SessionEnd, window: MainWindow, desk: Desk) -> None:
    """Hold the end off once, saying what would be left; where nobody may be asked, finish a picture.

    A second time ends as quitting does: what is on its way is finished, for half a minute at most.
    """
    if not desk.leaving().sentences and not window.exporting.leaving():
        return
    if not end.allowsInteraction():
        desk.finish_pictures(_FINISH_S)
        return
    if not window.close():
        end.release()
        end.cancel()

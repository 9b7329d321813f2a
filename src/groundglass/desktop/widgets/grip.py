"""An edge between two parts of the window that can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

REACH_PX = 6  # beside the edge: a line of one pixel alone is hard to catch


class Grip(QWidget):
    """Lies unseen over an edge; only the pointer tells of it. The keys do the same, so it takes no focus."""

    taken = Signal()  # a drag begins
    dragged = Signal(int)  # pixels since then: to the right, or down

    def __init__(self, words: str, parent: QWidget, *, upright: bool) -> None:
        """words: what dragging it changes.  upright: an edge from top to bottom, dragged sideways."""
        super().__init__(parent)
        self._is_upright = upright
        self._from: QPoint | None = None
        self.setCursor(Qt.CursorShape.SplitHCursor if upright else Qt.CursorShape.SplitVCursor)
        self.setAccessibleName(words)
        self.setToolTip(words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint()
            self.taken.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            way = event.globalPosition().toPoint() - self._from
            self.dragged.emit(way.x() if self._is_upright else way.y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._from = None

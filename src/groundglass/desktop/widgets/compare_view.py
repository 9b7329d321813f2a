"""Two to four pictures side by side; zoomed and moved as one, the chosen one in a frame."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.picture_view import PictureView

MOST = 4
_GAP_PX = 8
_FRAME_PX = 2


class CompareView(QWidget):
    """Lays out the panes; what is in them is the business of `comparing`."""

    chosen = Signal(int)  # pane
    scaled = Signal(int)
    laid = Signal()  # it lies over all else now

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._count = 0
        self._chosen = 0
        self.setAccessibleName("Pictures to compare")
        self.panes = tuple(PictureView(theme, self) for _ in range(MOST))
        for number, pane in enumerate(self.panes):
            pane.setMinimumSize(80, 60)
            pane.setAccessibleName(f"Picture {number + 1} of the comparison")
            pane.pressed.connect(partial(self.chosen.emit, number))
            pane.moved.connect(self._move_all)
            pane.scaled.connect(self.scaled)
        self.hide()

    @property
    def chosen_pane(self) -> int:
        return self._chosen

    def open(self) -> None:
        """Lie over the whole parent, with whole pictures, whatever was looked at before."""
        parent = self.parentWidget()
        assert parent is not None
        self.setGeometry(parent.rect())
        for pane in self.panes:
            pane.set_scale(0)
            pane.look_at(0.5, 0.5)
        self.show()
        self.raise_()
        self.laid.emit()

    def show_count(self, count: int) -> None:
        """Show this many panes."""
        self._count = count
        self._chosen = min(self._chosen, max(count - 1, 0))
        for number, pane in enumerate(self.panes):
            pane.setVisible(number < count)
        self._place()

    def choose(self, pane: int) -> None:
        """Put the frame round a pane."""
        self._chosen = pane
        self.update()

    def set_scale(self, scale: int) -> None:
        for pane in self.panes:
            pane.set_scale(scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surround))
        if self._chosen < self._count:
            cell, within = self._cells()[self._chosen], _GAP_PX // 2
            painter.fillRect(cell.adjusted(-within, -within, within, within), QColor(self._theme.accent))
            # Grey between the frame and the picture: no colour may touch it.
            within -= _FRAME_PX
            painter.fillRect(cell.adjusted(-within, -within, within, within), QColor(self._theme.surround))
        painter.end()

    def _cells(self) -> Sequence[QRect]:
        across = 2
        down = 1 if self._count <= 2 else 2
        width = (self.width() - (across + 1) * _GAP_PX) // across
        height = (self.height() - (down + 1) * _GAP_PX) // down
        return [
            QRect(
                _GAP_PX + (number % across) * (width + _GAP_PX),
                _GAP_PX + (number // across) * (height + _GAP_PX),
                width,
                height,
            )
            for number in range(MOST)
        ]

    def _place(self) -> None:
        for pane, cell in zip(self.panes, self._cells(), strict=True):
            pane.setGeometry(cell)
        self.update()

    def _move_all(self, x: float, y: float) -> None:
        for pane in self.panes:
            pane.look_at(x, y)

"""The light table: all pictures that pass the filter, in rows, over the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from groundglass.desktop.models.filmstrip_model import FilmRole, FilmstripModel
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.filmstrip import FilmDelegate, Filmstrip

THUMB_PX = (180, 120)
_Index = QModelIndex | QPersistentModelIndex
_OWN_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home)


class LightTable(QListView):
    """Shares the film's pictures and its selection; the arrows walk, Enter looks at one."""

    opened = Signal()  # the current picture shall be looked at
    chosen = Signal(object)  # Shot

    def __init__(self, model: FilmstripModel, film: Filmstrip, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("lightTable")
        self.setAccessibleName("Light table")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there, so that the rows never change their length.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(FilmDelegate(theme, self, THUMB_PX))
        self.setModel(model)
        self.setSelectionModel(film.selectionModel())
        self.verticalScrollBar().setSingleStep(THUMB_PX[1] + 28)
        self.hide()

    def open(self) -> None:
        """Lie over the whole parent, with the current picture in sight."""
        parent = self.parentWidget()
        assert parent is not None
        self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.scrollTo(self.currentIndex())

    def dataChanged(self, first: _Index, last: _Index, _roles: Sequence[int] = ()) -> None:
        # Qt's own lays all rows out anew, 40 ms for 20,000; here they never change their size.
        area = self.visualRect(first)
        self.viewport().update(area if first == last else self.viewport().rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() in _OWN_KEYS:
            super().keyPressEvent(event)
            self._choose_current()
        else:
            event.ignore()  # letters are the window's; nothing here jumps to a name

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._choose_current()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(self._theme.quiet))
            painter.drawText(
                self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, "No picture passes the filter."
            )
            painter.end()

    def _choose_current(self) -> None:
        shot = self.currentIndex().data(FilmRole.SHOT) if self.currentIndex().isValid() else None
        if shot is not None:
            self.chosen.emit(shot)

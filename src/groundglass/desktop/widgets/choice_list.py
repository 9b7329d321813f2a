"""The list that a dial opens, with the current value under the pointer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRect, QStringListModel, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from groundglass.desktop.models.typed_choice import find_typed
from groundglass.desktop.theme import body_font

ROW_PX = 28
_MOST_ROWS = 14
_PAUSE_S = 1.0  # after it, what is typed begins anew


class ChoiceList(QListView):
    """A pop-up list: typing goes to what begins so, Enter or a click chooses, Escape leaves."""

    chosen = Signal(int)
    closed = Signal()

    def __init__(self, words: str, parent: QWidget, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._over = parent
        self._clock = clock
        self._typed, self._typed_at = "", 0.0
        self._opened_at: int | None = None  # the row of the value that stands
        self.setObjectName("choices")
        self.setAccessibleName(words)
        self.setWindowFlags(Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setFont(body_font())
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self._labels = QStringListModel(self)
        self.setModel(self._labels)
        self.clicked.connect(self._choose)

    def open_over(self, labels: Sequence[str], current: int | None, place: QRect) -> None:
        """Open with the current row over a rectangle of the screen, kept inside that screen."""
        self._labels.setStringList(list(labels))
        self._typed, self._opened_at = "", current
        rows = min(len(labels), _MOST_ROWS)
        height = rows * ROW_PX + 2
        row = min(current or 0, rows - 1)
        top = place.center().y() - ROW_PX // 2 - row * ROW_PX
        if current is not None and len(labels) > rows:
            top = place.center().y() - height // 2
        screen = self._over.screen().availableGeometry()
        top = min(max(top, screen.top()), screen.bottom() - height)
        self.setGeometry(
            QRect(QPoint(place.left(), top), place.size()).adjusted(0, 0, 0, height - place.height())
        )
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        if current is not None:
            index = self._labels.index(current)
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_typing = bool(self._typed) and self._clock() - self._typed_at < _PAUSE_S
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._choose(self.currentIndex())
            case Qt.Key.Key_Space if not is_typing:
                self._choose(self.currentIndex())
            case Qt.Key.Key_Escape:
                self.hide()
            case Qt.Key.Key_Backspace:
                self._type(self._typed[:-1])
            case _ if _text(event):
                self._type((self._typed if is_typing else "") + event.text())
            case _:
                super().keyPressEvent(event)

    def _type(self, typed: str) -> None:
        """Go to the row that is meant by what was typed so far; of nonsense Enter chooses nothing else."""
        self._typed, self._typed_at = typed, self._clock()
        row = find_typed(self._labels.stringList(), typed, self.currentIndex().row())
        row = self._opened_at if row is None else row
        self.setCurrentIndex(QModelIndex() if row is None else self._labels.index(row))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def _choose(self, index: QModelIndex) -> None:
        self.hide()
        if index.isValid():
            self.chosen.emit(index.row())


def _text(event: QKeyEvent) -> str:
    """Return what a key writes; with Ctrl or Alt it writes nothing."""
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return event.text() if event.text().isprintable() and not event.modifiers() & held else ""

"""A line of words at the top of the picture, in its middle, that nobody can overlook."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.theme import MARGIN_PX, Theme, body_font

_HEIGHT_PX = 32


class PictureChip(QWidget):
    """Words over a picture; hidden while there are none. Clicks go through."""

    def __init__(self, theme: Theme, picture: QWidget) -> None:
        super().__init__(picture)
        self._theme = theme
        self._words = ""
        font = body_font()
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.installEventFilter(self)
        self.hide()

    @property
    def words(self) -> str:
        return self._words

    def say(self, words: str) -> None:
        """Show words, or nothing."""
        self._words = words
        self.setAccessibleName(words)
        self._place()
        self.setVisible(bool(words))
        self.update()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surround))
        painter.fillRect(0, self.height() - 2, self.width(), 2, QColor(self._theme.text))
        painter.setPen(QColor(self._theme.text))
        painter.drawText(self.rect().adjusted(0, 0, 0, -2), Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()

    def _place(self) -> None:
        picture = self.parentWidget()
        assert picture is not None
        width = self.fontMetrics().horizontalAdvance(self._words) + 2 * 16
        self.setGeometry((picture.width() - width) // 2, MARGIN_PX, width, _HEIGHT_PX)

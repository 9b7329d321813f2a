"""What a tool waits for, in one line over the head of the picture."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.theme import MARGIN_PX, Theme, body_font

_HEIGHT_PX = 32


class Hint(QWidget):
    """Lets clicks through: they are what it asks for."""

    def __init__(self, theme: Theme, picture: QWidget) -> None:
        super().__init__(picture)
        self._theme, self._picture = theme, picture
        self._text = ""
        self.setFont(body_font())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("What to do next")
        self.hide()
        picture.installEventFilter(self)

    @property
    def text(self) -> str:
        return self._text

    def say(self, text: str) -> None:
        """Show a line; an empty one hides it."""
        self._text = text
        self.setAccessibleDescription(text)
        self.setVisible(bool(text))
        self._place()
        self.update()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.panel))
        painter.fillRect(QRectF(0, 0, 3, self.height()), QColor(self._theme.accent))
        painter.setPen(QColor(self._theme.text))
        room = QRectF(MARGIN_PX + 4, 0, self.width() - 2 * MARGIN_PX, self.height())
        shown = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    def _place(self) -> None:
        self.setGeometry(0, 0, self._picture.width(), _HEIGHT_PX)

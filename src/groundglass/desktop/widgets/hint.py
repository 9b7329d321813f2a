"""What a tool waits for, in one line over the head of the picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent

from groundglass.desktop.theme import MARGIN_PX, Theme, body_font
from groundglass.desktop.widgets.over_picture import OverPicture
from groundglass.desktop.widgets.picture_view import PictureView

HEIGHT_PX = 32


class Hint(OverPicture):
    """Lets clicks through: they are what it asks for."""

    def __init__(self, theme: Theme, picture: PictureView) -> None:
        super().__init__(theme, picture)
        self.setFont(body_font())
        self.setAccessibleName("What to do next")

    @property
    def text(self) -> str:
        return self._words

    def say(self, text: str) -> None:
        """Show a line; an empty one hides it."""
        self.setAccessibleDescription(text)
        self._show_words(text)

    def place(self) -> None:
        """Lie over the head of the picture, as wide as it is."""
        self.setGeometry(0, self._picture.head_px, self._picture.width(), HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.panel))
        painter.fillRect(QRectF(0, 0, 3, self.height()), QColor(self._theme.accent))
        painter.setPen(QColor(self._theme.text))
        room = QRectF(MARGIN_PX + 4, 0, self.width() - 2 * MARGIN_PX, self.height())
        shown = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

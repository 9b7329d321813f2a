"""A line of words over the picture, in its middle, that nobody can overlook."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent

from groundglass.desktop.theme import MARGIN_PX, Theme, body_font
from groundglass.desktop.widgets import hint
from groundglass.desktop.widgets.over_picture import OverPicture
from groundglass.desktop.widgets.picture_view import PictureView

_HEIGHT_PX = 32


class PictureChip(OverPicture):
    """Words over a picture; hidden while there are none. Clicks go through."""

    def __init__(self, theme: Theme, picture: PictureView, above_px: int | None = None) -> None:
        """above_px: so far above the lower edge; None: at the top, where a hint leaves room."""
        super().__init__(theme, picture)
        self._above_px = above_px
        font = body_font()
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)

    @property
    def words(self) -> str:
        return self._words

    def say(self, words: str) -> None:
        """Show words, or nothing."""
        self.setAccessibleName(words)
        self._show_words(words)

    def place(self) -> None:
        """Stand in the middle, as wide as the words are."""
        width = self.fontMetrics().horizontalAdvance(self._words) + 2 * 16
        room, above_px = self._picture.size(), self._above_px
        head = self._picture.head_px + hint.HEIGHT_PX + MARGIN_PX  # below a tool's hint, there or not
        top = head if above_px is None else room.height() - above_px - _HEIGHT_PX
        self.setGeometry((room.width() - width) // 2, top, width, _HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surround))
        painter.fillRect(0, self.height() - 2, self.width(), 2, QColor(self._theme.text))
        painter.setPen(QColor(self._theme.text))
        painter.drawText(self.rect().adjusted(0, 0, 0, -2), Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()

"""What the colours of false colour mean, beside the picture that wears them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.theme import MARGIN_PX, Theme, small_font

_ROW_PX, _SWATCH_PX, _PAD_PX = 20, 24, 8


class ColorLegend(QWidget):
    """A list of brightness from white down to black; opaque, so a live picture does not repaint it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = parent
        self._theme = theme
        self._rows: tuple[tuple[QColor, str], ...] = ()
        self.setFont(small_font())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("False colour")
        self.hide()

    @property
    def rows(self) -> tuple[tuple[QColor, str], ...]:
        """Return each colour and its words, bright to dark; empty until it is shown first."""
        return self._rows

    def set_shown(self, shown: bool) -> None:
        if not shown and self.isHidden():  # said at each step through the film
            return
        if shown and not self._rows:
            self._rows = _rows()
            self.setAccessibleDescription("; ".join(words for _, words in self._rows))
        self.setVisible(shown)
        self.place()

    def place(self) -> None:
        """Stand at the right edge of the picture, half-way down; the corners belong to its words."""
        room, size = self._picture.rect(), self.sizeHint()
        left = room.width() - size.width() - MARGIN_PX
        self.setGeometry(QRect(left, (room.height() - size.height()) // 2, size.width(), size.height()))

    def sizeHint(self) -> QSize:
        words = max((self.fontMetrics().horizontalAdvance(words) for _, words in self._rows), default=0)
        return QSize(3 * _PAD_PX + _SWATCH_PX + words, 2 * _PAD_PX + _ROW_PX * len(self._rows))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surround))
        painter.setPen(QColor(self._theme.text))
        left = 2 * _PAD_PX + _SWATCH_PX
        for number, (color, words) in enumerate(self._rows):
            top = _PAD_PX + number * _ROW_PX
            painter.fillRect(_PAD_PX, top, _SWATCH_PX, _ROW_PX, color)
            place = QRectF(left, top, self.width() - left, _ROW_PX)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
        painter.end()


def _rows() -> tuple[tuple[QColor, str], ...]:
    from groundglass.imaging.false_color import LEGEND  # loads numpy

    rows = []
    for band in reversed(LEGEND):
        grey = (band.low + band.high) // 2
        blue, green, red = band.color or (grey, grey, grey)
        rows.append((QColor(red, green, blue), band.label))
    return tuple(rows)

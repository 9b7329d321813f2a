"""Small switches in a row: stars, labels, words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from groundglass.desktop.theme import Theme, body_font
from groundglass.desktop.widgets.review_marks import paint_label, star
from groundglass.model.review import ColorLabel, Review

_SIZE_PX = 28


class Chip(QAbstractButton):
    """A switch of 28 px with a frame in the accent while it is on."""

    def __init__(self, words: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setCheckable(True)
        self.setFont(body_font())
        self.setFixedSize(self.sizeHint())
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(_SIZE_PX, _SIZE_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Space belongs to the shutter.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.hover if self.underMouse() else self._theme.raised))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
        self.paint_face(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inside = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus():  # around the frame of what is on, so that both are seen
            painter.setPen(QPen(QColor(self._theme.focus), 1))
            painter.drawRoundedRect(inside, 2, 2)
            inside.adjust(2, 2, -2, -2)
        if self.isChecked():
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.drawRoundedRect(inside, 2, 2)
        painter.end()

    def paint_face(self, painter: QPainter) -> None:
        """Draw what stands on the ground."""


class StarChip(Chip):
    """One of five stars: this many, or more."""

    def __init__(self, stars: int, theme: Theme, parent: QWidget | None = None) -> None:
        words = "1 star or more" if stars == 1 else f"{stars} stars or more"
        super().__init__(words if stars < 5 else "5 stars", theme, parent)
        self._is_lit = False

    def set_lit(self, is_lit: bool) -> None:
        self._is_lit = is_lit
        self.update()

    def paint_face(self, painter: QPainter) -> None:
        colour = QColor(self._theme.accent if self._is_lit else self._theme.quiet)
        painter.setPen(QPen(colour, 1.25))
        painter.setBrush(colour if self._is_lit else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(star(QPointF(self.rect().center()) + QPointF(0.5, 1), 8))


class LabelChip(Chip):
    """A colour label: its initial in its colour."""

    def __init__(self, label: ColorLabel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(label.value, theme, parent)
        self._review = Review(label=label.value)

    def paint_face(self, painter: QPainter) -> None:
        paint_label(painter, QRectF(6, 6, 16, 16), self._review)

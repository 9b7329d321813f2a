"""Stars, a label and the cross of a rejected shot, as they are drawn over a thumbnail.

A label shows its initial in its colour: whoever sees no red from green reads the letter.
"""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from groundglass.desktop.theme import Theme, small_font
from groundglass.model.review import ColorLabel, Review

LABEL_COLOURS = {
    ColorLabel.RED: "#e06058",
    ColorLabel.YELLOW: "#dcc040",
    ColorLabel.GREEN: "#60b868",
    ColorLabel.BLUE: "#68a0e0",
    ColorLabel.PURPLE: "#b088d8",
}
_ON_LABEL = "#141414"
_OTHER_LABEL = "#b0b0b0"
_STRIP_PX = 16
_STAR_PX = 12


def star(middle: QPointF, radius: float) -> QPolygonF:
    """Return a star with five points, one of them up."""
    corners = []
    for step in range(10):
        length = radius if step % 2 == 0 else radius * 0.42
        angle = math.pi * (step / 5 - 0.5)
        corners.append(middle + QPointF(math.cos(angle) * length, math.sin(angle) * length))
    return QPolygonF(corners)


@cache
def _stars(count: int) -> QPainterPath:
    """Return stars side by side, the first around the origin."""
    path = QPainterPath()
    for number in range(count):
        path.addPolygon(star(QPointF(number * _STAR_PX, 0), 5))
        path.closeSubpath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    return path


def paint_marks(painter: QPainter, place: QRect, review: Review, theme: Theme) -> None:
    """Draw what is said along the foot of a thumbnail; nothing said draws nothing."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if review.is_rejected:
        veil = QColor(theme.surround)
        veil.setAlphaF(0.6)
        painter.fillRect(place, veil)
        painter.fillRect(QRect(place.left(), place.top(), 20, 20), QColor(theme.surround))
        _paint_cross(painter, QRectF(place.left() + 5, place.top() + 5, 10, 10), theme)
    if review.stars or review.label:
        foot = QRect(place.left(), place.bottom() + 1 - _STRIP_PX, place.width(), _STRIP_PX)
        ground = QColor(theme.surround)
        ground.setAlphaF(0.8)
        painter.fillRect(foot, ground)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        painter.drawPath(_stars(review.stars).translated(foot.left() + 10, foot.top() + _STRIP_PX / 2))
        if review.label:
            paint_label(painter, QRectF(foot.right() - 15, foot.top() + 2, 14, 12), review)
    painter.restore()


def paint_label(painter: QPainter, chip: QRectF, review: Review) -> None:
    """Draw a label: its initial on its colour, on grey for words of another program."""
    colour = LABEL_COLOURS[review.color] if review.color else _OTHER_LABEL
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(chip, 2, 2)
    painter.setPen(QColor(_ON_LABEL))
    painter.setFont(small_font())
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), review.label[:1].upper())


def _paint_cross(painter: QPainter, box: QRectF, theme: Theme) -> None:
    painter.setPen(QPen(QColor(theme.text), 2))
    painter.drawLine(box.topLeft(), box.bottomRight())
    painter.drawLine(box.topRight(), box.bottomLeft())

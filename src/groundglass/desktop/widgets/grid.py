"""The grid over the picture: lines at its thirds."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

# A light line beside a dark one, so that it is seen on any picture; both let it through.
_LIGHT, _DARK = QColor(255, 255, 255, 150), QColor(0, 0, 0, 110)


def paint_thirds(painter: QPainter, picture: QRect) -> None:
    """Draw the lines over a picture, in the painter's own pixels."""
    for third in (1, 2):
        x = picture.left() + picture.width() * third // 3
        y = picture.top() + picture.height() * third // 3
        for offset, colour in ((0, _LIGHT), (1, _DARK)):
            painter.fillRect(x + offset, picture.top(), 1, picture.height(), colour)
            painter.fillRect(picture.left(), y + offset, picture.width(), 1, colour)

"""Small icons, drawn in one stroke style on a 16 px square, crisp at every scale."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

SIZE_PX = 16
_STROKE = 1.25


def draw(painter: QPainter, name: str, left: float, top: float, colour: str, share: float = 1.0) -> None:
    """Draw an icon with its top left corner at a point. share: how full a battery is, 0 to 1."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(left, top)
    pen = QPen(QColor(colour), _STROKE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if name == "battery":
        _battery(painter, colour, share)
    else:
        _DRAWINGS[name](painter)
    painter.restore()


def _battery(painter: QPainter, colour: str, share: float) -> None:
    painter.drawRoundedRect(QRectF(1.5, 4.5, 11.5, 7), 1.5, 1.5)
    painter.drawLine(QPointF(15, 7), QPointF(15, 9))
    painter.fillRect(QRectF(3, 6, 8.5 * min(max(share, 0.0), 1.0), 4), QColor(colour))


def _lock(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(3.5, 7.5, 9, 6.5), 1, 1)
    arch = QPainterPath(QPointF(5.5, 7.5))
    arch.lineTo(5.5, 5)
    arch.arcTo(QRectF(5.5, 2.5, 5, 5), 180, -180)
    arch.lineTo(10.5, 7.5)
    painter.drawPath(arch)


def _camera(painter: QPainter) -> None:
    body = QPolygonF(
        [
            QPointF(*at)
            for at in ((1.5, 5), (4.5, 5), (6, 3), (10, 3), (11.5, 5), (14.5, 5), (14.5, 13), (1.5, 13))
        ]
    )
    painter.drawPolygon(body)
    painter.drawEllipse(QPointF(8, 8.75), 2.5, 2.5)


def _folder(painter: QPainter) -> None:
    outline = ((1.5, 12.5), (1.5, 3.5), (6, 3.5), (7.5, 5.5), (14.5, 5.5), (14.5, 12.5))
    painter.drawPolygon(QPolygonF([QPointF(*at) for at in outline]))


def _tick(painter: QPainter) -> None:
    painter.drawPolyline(QPolygonF([QPointF(3, 8.5), QPointF(6.5, 12), QPointF(13, 4.5)]))


def _close(painter: QPainter) -> None:
    painter.drawLine(QPointF(4, 4), QPointF(12, 12))
    painter.drawLine(QPointF(12, 4), QPointF(4, 12))


def _broken(painter: QPainter) -> None:
    painter.drawRect(QRectF(2.5, 3.5, 11, 9))
    painter.drawLine(QPointF(4.5, 11), QPointF(11.5, 5))


def _film(painter: QPainter) -> None:
    painter.drawRect(QRectF(2.5, 3.5, 11, 9))
    painter.drawPolygon(QPolygonF([QPointF(6.5, 5.75), QPointF(10.5, 8), QPointF(6.5, 10.25)]))


def _pipette(painter: QPainter) -> None:
    painter.drawPolyline(
        QPolygonF([QPointF(*at) for at in ((9, 4.5), (3, 10.5), (2.5, 13.5), (5.5, 13), (11.5, 7))])
    )
    painter.drawLine(QPointF(7.5, 3.5), QPointF(12.5, 8.5))
    painter.drawPolyline(
        QPolygonF([QPointF(*at) for at in ((9.75, 5.25), (12.5, 2.5), (13.5, 3.5), (10.75, 6.25))])
    )


_DRAWINGS: dict[str, Callable[[QPainter], None]] = {
    "lock": _lock,
    "camera": _camera,
    "folder": _folder,
    "tick": _tick,
    "close": _close,
    "broken": _broken,
    "film": _film,
    "pipette": _pipette,
}

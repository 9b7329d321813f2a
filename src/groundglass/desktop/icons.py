"""Small icons, drawn in one stroke style on a 16 px square, crisp at every scale."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

SIZE_PX = 16
_STROKE = 1.25
_OBLIQUE = ("tick", "close", "pipette")


class _Grid(Struct, frozen=True):
    """The device pixels under an icon, so that straight strokes fill whole ones at every scale."""

    ratio: float  # device pixels of one pixel of the icon
    stroke_px: int  # device pixels

    def at(self, x: float, y: float) -> QPointF:
        """Return the nearest point around which a stroke fills whole device pixels."""
        return QPointF(self._snapped(x), self._snapped(y))

    def rect(self, left: float, top: float, right: float, bottom: float) -> QRectF:
        return QRectF(self.at(left, top), self.at(right, bottom))

    def whole(self, left: float, top: float, right: float, bottom: float) -> QRectF:
        """Return a place to be filled that begins and ends with a device pixel."""
        corners = (round(one * self.ratio) / self.ratio for one in (left, top, right, bottom))
        left, top, right, bottom = corners
        return QRectF(QPointF(left, top), QPointF(right, bottom))

    def _snapped(self, at: float) -> float:
        half = self.stroke_px / 2
        return (round(at * self.ratio - half) + half) / self.ratio


def draw(painter: QPainter, name: str, left: float, top: float, colour: str, share: float = 1.0) -> None:
    """Draw an icon with its top left corner at a point. share: how full a battery is, 0 to 1."""
    ratio = painter.device().devicePixelRatioF()
    grid = _Grid(ratio, max(round(_STROKE * ratio), 1))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(round(left * ratio) / ratio, round(top * ratio) / ratio)
    # An oblique stroke has no whole pixels to fill: it would be pale with the width of the others.
    pen = QPen(QColor(colour), _STROKE if name in _OBLIQUE else grid.stroke_px / ratio)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if name == "battery":
        _battery(painter, grid, colour, share)
    else:
        _DRAWINGS[name](painter, grid)
    painter.restore()


def _battery(painter: QPainter, grid: _Grid, colour: str, share: float) -> None:
    painter.drawRoundedRect(grid.rect(1.5, 4.5, 12.5, 11.5), 1, 1)
    painter.drawLine(grid.at(14.5, 7.5), grid.at(14.5, 8.5))
    painter.fillRect(grid.whole(3, 6, 3 + 8 * min(max(share, 0.0), 1.0), 10), QColor(colour))


def _lock(painter: QPainter, grid: _Grid) -> None:
    painter.drawRoundedRect(grid.rect(3.5, 7.5, 12.5, 13.5), 1, 1)
    left, right = grid.at(5.5, 7.5), grid.at(10.5, 7.5)
    width = right.x() - left.x()
    arch = QPainterPath(left)
    arch.lineTo(left.x(), 5)
    arch.arcTo(QRectF(left.x(), 5 - width / 2, width, width), 180, -180)
    arch.lineTo(right)
    painter.drawPath(arch)


def _camera(painter: QPainter, grid: _Grid) -> None:
    outline = (
        (1.5, 5.5),
        (4.5, 5.5),
        (6.5, 2.5),
        (9.5, 2.5),
        (11.5, 5.5),
        (14.5, 5.5),
        (14.5, 13.5),
        (1.5, 13.5),
    )
    painter.drawPolygon(QPolygonF([grid.at(*corner) for corner in outline]))
    painter.drawEllipse(grid.rect(5.5, 6.5, 10.5, 11.5))


def _tick(painter: QPainter, _grid: _Grid) -> None:
    painter.drawPolyline(QPolygonF([QPointF(3, 8.5), QPointF(6.5, 12), QPointF(13, 4.5)]))


def _close(painter: QPainter, _grid: _Grid) -> None:
    painter.drawLine(QPointF(4, 4), QPointF(12, 12))
    painter.drawLine(QPointF(12, 4), QPointF(4, 12))


def _broken(painter: QPainter, grid: _Grid) -> None:
    painter.drawRect(grid.rect(2.5, 3.5, 13.5, 12.5))
    painter.drawLine(QPointF(5, 11), QPointF(11, 5))


def _pipette(painter: QPainter, _grid: _Grid) -> None:
    painter.drawPolyline(
        QPolygonF([QPointF(*at) for at in ((9, 4.5), (3, 10.5), (2.5, 13.5), (5.5, 13), (11.5, 7))])
    )
    painter.drawLine(QPointF(7.5, 3.5), QPointF(12.5, 8.5))
    painter.drawPolyline(
        QPolygonF([QPointF(*at) for at in ((9.75, 5.25), (12.5, 2.5), (13.5, 3.5), (10.75, 6.25))])
    )


_DRAWINGS: dict[str, Callable[[QPainter, _Grid], None]] = {
    "lock": _lock,
    "camera": _camera,
    "tick": _tick,
    "close": _close,
    "broken": _broken,
    "pipette": _pipette,
}

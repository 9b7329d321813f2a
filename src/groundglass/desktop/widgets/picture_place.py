"""Where a picture lies in its view: the one transform by which it is painted, and points are found."""

from __future__ import annotations

import math

from msgspec import Struct
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPolygonF, QTransform

from groundglass.desktop.theme import MARGIN_PX
from groundglass.desktop.turning import Matrix, Turn

Area = tuple[float, float, float, float]  # left, top, right, bottom, 0 to 1 of the picture
Point = tuple[float, float]


class PicturePlace(Struct, frozen=True):
    """A picture that is whole in view, turned; what it covers is its place."""

    place: QRect
    flat: QSize  # of the picture on the screen before it is turned
    turn: Turn

    @property
    def transform(self) -> QTransform:
        """Return how the pixels of the flat picture land in the view."""
        transform = QTransform.fromTranslate(self.place.left(), self.place.top())
        return as_transform(self.turn.matrix(_pair(self.flat), _pair(self.place.size()))) * transform

    @property
    def outline(self) -> QPolygonF:
        """Return the edge of the turned picture."""
        return self.transform.map(QPolygonF(QRectF(QPointF(0, 0), self.flat.toSizeF())))

    @property
    def frame(self) -> QRect:
        """Return the largest upright part in the picture's own shape: what is left when it is cut level."""
        return self.largest_within(0.0) if self.turn.degrees else self.place

    def largest_within(self, aspect: float) -> QRect:
        """Return the largest upright part of a shape, width by height."""
        size = QSize(*(max(int(one), 1) for one in self.turn.largest_within(*_pair(self.flat), aspect)))
        inside = QRect(QPoint(0, 0), size)
        inside.moveCenter(self.place.center())
        return inside


def fitted_place(size: QSize, room: QSize) -> QRect:
    """Return what a picture covers that is whole in view; size: as it is seen, turned."""
    place = QRect(QPoint(0, 0), size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
    place.moveCenter(QRect(QPoint(0, 0), room).center())
    return place


def whole_pixels_within(place: QRectF) -> QRect:
    """Return the pixels that a place covers from edge to edge."""
    left, top = math.ceil(place.left()), math.ceil(place.top())
    return QRect(left, top, math.floor(place.right()) - left, math.floor(place.bottom()) - top)


def zoomed_matrix(size: QSize, room: QSize, turn: Turn, scale: int, centre: Point) -> Matrix:
    """Return how the pixels of a picture land in a smaller view.

    centre: the point of the picture, 0 to 1 each way, that is to be in the middle; the turned picture's
    edges stay at the view's edges, and in its middle if it is smaller.
    """
    x, y = _bounded(_offset(size, turn, scale, centre), size, room, turn, scale)
    a, b, right, c, d, down = turn.matrix(_pair(size), _pair(room), scale)
    if not turn.degrees:  # pixel on pixel
        return a, b, float(round(right - x)), c, d, float(round(down - y))
    return a, b, right - x, c, d, down - y


def panned(size: QSize, room: QSize, turn: Turn, scale: int, centre: Point, by: Point) -> Point:
    """Return the point that comes into the middle when the view moves over a picture. by: its pixels."""
    x, y = _bounded(_offset(size, turn, scale, centre), size, room, turn, scale)
    x, y = _bounded((x + by[0], y + by[1]), size, room, turn, scale)
    a, b, c, d = turn.linear  # turned back by its transpose
    across, down = (a * x + c * y) / scale, (b * x + d * y) / scale
    return across / size.width() + 0.5, down / size.height() + 0.5


def as_transform(matrix: Matrix) -> QTransform:
    """Return a matrix as Qt has it."""
    a, b, x, c, d, y = matrix
    return QTransform(a, c, b, d, x, y)


def point_under(position: QPointF, transform: QTransform, size: QSize) -> Point | None:
    """Return the point of a picture, 0 to 1 each way, at a place of the view; None beside it."""
    inverted, is_possible = transform.inverted()
    if not is_possible or size.isEmpty():
        return None
    at = inverted.map(position)
    x, y = at.x() / size.width(), at.y() / size.height()
    return (x, y) if 0 <= x < 1 and 0 <= y < 1 else None


def band_start(picture: float, width: float, room: float) -> float:
    """Return how far from the edge of a view words begin, so that the picture's edge never runs through them.

    picture: how far from there the picture begins; width: of the words; room: of the view. All of one unit.
    """
    is_beside = MARGIN_PX + width <= picture
    inside = max(picture, 0.0) + MARGIN_PX
    return MARGIN_PX if is_beside or inside + width > room - MARGIN_PX else inside


def area_frame(area: Area, transform: QTransform, size: QSize) -> list[QPointF]:
    """Return the corners of a part of a picture in the view, one after the other."""
    left, top, right, bottom = area
    return [
        transform.map(QPointF(x * size.width(), y * size.height()))
        for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))
    ]


def area_place(area: Area, transform: QTransform, size: QSize) -> QRect:
    """Return where a part of a picture lies in the view, which is turned by quarters at most."""
    first, _, third, _ = area_frame(area, transform, size)
    return QRectF(first, third).normalized().toRect()


def _offset(size: QSize, turn: Turn, scale: int, centre: Point) -> Point:
    """Return how far a point of the picture is from its middle, in pixels of the view."""
    a, b, c, d = turn.linear
    across, down = (centre[0] - 0.5) * size.width() * scale, (centre[1] - 0.5) * size.height() * scale
    return a * across + b * down, c * across + d * down


def _bounded(offset: Point, size: QSize, room: QSize, turn: Turn, scale: int) -> Point:
    width, height = turn.bounds(size.width() * scale, size.height() * scale)
    most_x, most_y = max(width - room.width(), 0) / 2, max(height - room.height(), 0) / 2
    return min(max(offset[0], -most_x), most_x), min(max(offset[1], -most_y), most_y)


def _pair(size: QSize) -> tuple[float, float]:
    return float(size.width()), float(size.height())

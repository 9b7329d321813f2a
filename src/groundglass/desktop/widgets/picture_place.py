"""Where a picture lies in its view: the one transform by which it is painted, and points are found."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QTransform

from groundglass.desktop.theme import MARGIN_PX
from groundglass.desktop.widgets.grid import Framing

Area = tuple[float, float, float, float]  # left, top, right, bottom, 0 to 1 of the picture


def fitted_place(size: QSize, room: QSize, framing: Framing) -> QRect:
    """Return what a picture covers that is whole in view, mirrored or turned as wanted."""
    seen = size.transposed() if framing.is_sideways else size
    place = QRect(QPoint(0, 0), seen.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
    place.moveCenter(QRect(QPoint(0, 0), room).center())
    return place


def fitted_transform(size: QSize, room: QSize, framing: Framing) -> QTransform:
    """Return how the pixels of such a picture land in the view."""
    place = QRectF(fitted_place(size, room, framing))
    across, down = (size.height(), size.width()) if framing.is_sideways else (size.width(), size.height())
    transform = QTransform()
    if size.isEmpty():
        return transform
    transform.translate(place.center().x(), place.center().y())
    mirror = -1 if framing.is_mirrored else 1
    transform.scale(mirror * place.width() / across, place.height() / down)
    transform.rotate(90 * framing.quarter_turns)
    transform.translate(-size.width() / 2, -size.height() / 2)
    return transform


def point_under(position: QPointF, transform: QTransform, size: QSize) -> tuple[float, float] | None:
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


def area_place(area: Area, transform: QTransform, size: QSize) -> QRect:
    """Return where a part of a picture lies in the view."""
    left, top, right, bottom = area
    pixels = QRectF(
        left * size.width(),
        top * size.height(),
        (right - left) * size.width(),
        (bottom - top) * size.height(),
    )
    return transform.mapRect(pixels).toRect()

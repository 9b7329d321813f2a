"""What helps to frame, painted over the picture: grids, aspect masks and another picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from groundglass.desktop.widgets.overlay import Ghost, Layer, paint_beside, paint_ghost

# A light line beside a dark one, so that it is seen on any picture; both let it through.
_LIGHT, _DARK = QColor(255, 255, 255, 150), QColor(0, 0, 0, 110)
_MASK = QColor(0, 0, 0, 170)
_GOLDEN = 0.381966


class Grid(StrEnum):
    """The lines over the picture, in the order in which the key goes round."""

    NONE = "none"
    THIRDS = "thirds"
    GOLDEN = "golden"
    CENTRE = "centre"
    SQUARE = "square"
    DIAGONAL = "diagonal"
    CUSTOM = "custom"

    @property
    def following(self) -> Grid:
        every = list(Grid)
        return every[(every.index(self) + 1) % len(every)]


# Width to height; 0: the whole picture.
ASPECTS = {"whole": 0.0, "1:1": 1.0, "4:5": 0.8, "5:7": 5 / 7, "2:3": 2 / 3, "3:2": 1.5, "16:9": 16 / 9}


@dataclass(frozen=True, slots=True)
class Framing:
    """All that is painted to frame by, and how the picture is turned."""

    grid: Grid = Grid.NONE
    columns: int = 4  # of the custom grid
    rows: int = 4
    aspect: str = "whole"
    is_mirrored: bool = False
    quarter_turns: int = 0  # clockwise
    ghost: Ghost | None = field(default=None)
    frozen: Layer | None = field(default=None)  # painted in the left half, beside the live picture

    @property
    def is_sideways(self) -> bool:
        return self.quarter_turns % 2 == 1


def paint_framing(painter: QPainter, picture: QRect, framing: Framing) -> None:
    """Paint over a picture, in the painter's own pixels."""
    if framing.frozen is not None:
        paint_beside(painter, picture, framing.frozen, framing.quarter_turns, is_mirrored=framing.is_mirrored)
    if framing.ghost is not None:
        paint_ghost(painter, picture, framing.ghost)
    inside = _masked(picture, ASPECTS.get(framing.aspect, 0.0))
    if inside != picture:
        _paint_mask(painter, picture, inside)
    match framing.grid:
        case Grid.THIRDS:
            _paint_lines(painter, inside, (1 / 3, 2 / 3), (1 / 3, 2 / 3))
        case Grid.GOLDEN:
            _paint_lines(painter, inside, (_GOLDEN, 1 - _GOLDEN), (_GOLDEN, 1 - _GOLDEN))
        case Grid.CENTRE:
            _paint_lines(painter, inside, (0.5,), (0.5,))
        case Grid.SQUARE:
            _paint_square(painter, inside)
        case Grid.DIAGONAL:
            _paint_diagonals(painter, inside)
        case Grid.CUSTOM:
            across = tuple(one / framing.columns for one in range(1, framing.columns))
            down = tuple(one / framing.rows for one in range(1, framing.rows))
            _paint_lines(painter, inside, across, down)


def _masked(picture: QRect, aspect: float) -> QRect:
    if not aspect:
        return picture
    size = QSize(round(aspect * 100_000), 100_000).scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio)
    inside = QRect(QPoint(0, 0), size)
    inside.moveCenter(picture.center())
    return inside


def _paint_mask(painter: QPainter, picture: QRect, inside: QRect) -> None:
    for place in (
        QRect(picture.left(), picture.top(), inside.left() - picture.left(), picture.height()),
        QRect(inside.right() + 1, picture.top(), picture.right() - inside.right(), picture.height()),
        QRect(inside.left(), picture.top(), inside.width(), inside.top() - picture.top()),
        QRect(inside.left(), inside.bottom() + 1, inside.width(), picture.bottom() - inside.bottom()),
    ):
        painter.fillRect(place, _MASK)


def _paint_lines(
    painter: QPainter, picture: QRect, across: tuple[float, ...], down: tuple[float, ...]
) -> None:
    for offset, colour in ((0, _LIGHT), (1, _DARK)):
        for share in across:
            x = picture.left() + int(picture.width() * share + 1e-9)
            painter.fillRect(x + offset, picture.top(), 1, picture.height(), colour)
        for share in down:
            y = picture.top() + int(picture.height() * share + 1e-9)
            painter.fillRect(picture.left(), y + offset, picture.width(), 1, colour)


def _paint_square(painter: QPainter, picture: QRect) -> None:
    side = min(picture.width(), picture.height())
    for offset, colour in ((0, _LIGHT), (1, _DARK)):
        square = QRect(0, 0, side - 1, side - 1)
        square.moveCenter(picture.center())
        square.setSize(QSize(side, side))
        _paint_edge(painter, square.adjusted(offset, offset, -offset, -offset), colour)


def _paint_edge(painter: QPainter, place: QRect, colour: QColor) -> None:
    """Frame a place from within, a pixel wide; a pen takes four times as long."""
    left, top, width, height = place.left(), place.top(), place.width(), place.height()
    painter.fillRect(left, top, width, 1, colour)
    painter.fillRect(left, top + height - 1, width, 1, colour)
    painter.fillRect(left, top + 1, 1, height - 2, colour)
    painter.fillRect(left + width - 1, top + 1, 1, height - 2, colour)


def _paint_diagonals(painter: QPainter, picture: QRect) -> None:
    """Draw both diagonals, and from each corner the line that meets one at a right angle."""
    left, top = float(picture.left()), float(picture.top())
    width, height = float(picture.width()), float(picture.height())
    foot = height * height / width if width >= height else 0.0
    lines = [((0.0, 0.0), (width, height)), ((width, 0.0), (0.0, height))]
    if foot:
        lines += [((0.0, height), (foot, 0.0)), ((width, 0.0), (width - foot, height))]
        lines += [((0.0, 0.0), (foot, height)), ((width, height), (width - foot, 0.0))]
    painter.save()
    painter.setClipRect(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for offset, colour in ((0, _LIGHT), (1, _DARK)):
        painter.setPen(QPen(colour, 1))
        for start, end in lines:
            painter.drawLine(
                QPointF(left + start[0] + offset, top + start[1]),
                QPointF(left + end[0] + offset, top + end[1]),
            )
    painter.restore()

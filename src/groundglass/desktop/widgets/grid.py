"""What helps to frame, painted over the picture: grids, aspect masks and another picture."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QLineF, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from groundglass.desktop.going_round import after
from groundglass.desktop.turning import UPRIGHT, Turn
from groundglass.desktop.widgets.overlay import Blend, Ghost, Layer, ghost_form, paint_beside, paint_ghost
from groundglass.desktop.widgets.picture_place import PicturePlace
from groundglass.model.words import signed

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
        return after(self, Grid)


# Width to height; 0: the whole picture.
ASPECTS = {"whole": 0.0, "1:1": 1.0, "4:5": 0.8, "5:7": 5 / 7, "2:3": 2 / 3, "3:2": 1.5, "16:9": 16 / 9}


class Framing(Struct, frozen=True):
    """All that is painted to frame by, and how the picture is turned."""

    grid: Grid = Grid.NONE
    columns: int = 4  # of the custom grid
    rows: int = 4
    aspect: str = "whole"
    turn: Turn = UPRIGHT
    ghost: Ghost | None = None
    frozen: Layer | None = None  # painted in the left half, beside the live picture

    @property
    def is_any(self) -> bool:
        """Tell whether anything is painted over the picture."""
        has_layer = self.ghost is not None or self.frozen is not None
        return has_layer or self.grid is not Grid.NONE or self.aspect != "whole"

    @property
    def mirrored(self) -> Framing:
        """Return it seen in a mirror: what was level stays so."""
        turn = self.turn
        mirrored = Turn(turn.quarter_turns, not turn.is_mirrored, -turn.degrees + 0.0)
        return replace(self, turn=mirrored)

    @property
    def turned_on(self) -> Framing:
        """Return it with another quarter turn."""
        return replace(self, turn=replace(self.turn, quarter_turns=(self.turn.quarter_turns + 1) % 4))

    @property
    def level_words(self) -> str:
        """Return the fine angle in words; empty if there is none."""
        return f"level {signed(self.turn.degrees)}\N{DEGREE SIGN}" if self.turn.degrees else ""

    @property
    def blend_words(self) -> str:
        """Return how what is laid over meets the picture; empty if it lies there plainly or nothing does."""
        is_plain = self.ghost is None or self.ghost.look.blend is Blend.NORMAL
        return "" if self.ghost is None or is_plain else f"Blend: {self.ghost.look.blend}"


def layers(picture: PicturePlace, framing: Framing) -> list[tuple[Layer, Turn, QSize]]:
    """Return what is painted over a picture, how it is turned, and its size before that."""
    found = [(framing.frozen, picture.turn, picture.flat)] if framing.frozen is not None else []
    if framing.ghost is not None:
        found.append((framing.ghost.layer, *ghost_form(picture, framing.ghost)))
    return found


def paint_framing(painter: QPainter, picture: PicturePlace, framing: Framing) -> None:
    """Paint over a picture, in the painter's own pixels. Grid and mask keep the screen's own axes."""
    if framing.frozen is not None:
        paint_beside(painter, picture, framing.frozen)
    if framing.ghost is not None:
        paint_ghost(painter, picture, framing.ghost)
    aspect = ASPECTS.get(framing.aspect, 0.0)
    inside = masked(picture, aspect)
    if aspect and picture.turn.degrees:
        _paint_mask_around(painter, picture, inside)
    elif aspect and inside != picture.place:
        _paint_mask(painter, picture.place, inside)
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


def masked(picture: PicturePlace, aspect: float) -> QRect:
    """Return the largest upright part of a turned picture in a shape; 0: in its own."""
    if picture.turn.degrees:
        return picture.largest_within(aspect)
    if not aspect:
        return picture.place
    size = QSize(round(aspect * 100_000), 100_000).scaled(
        picture.place.size(), Qt.AspectRatioMode.KeepAspectRatio
    )
    inside = QRect(QPoint(0, 0), size)
    inside.moveCenter(picture.place.center())
    return inside


def _paint_mask_around(painter: QPainter, picture: PicturePlace, inside: QRect) -> None:
    """Darken what is outside of the mask of a picture that is turned by an angle, and nothing else."""
    path = QPainterPath()  # fills what lies in one of the two alone
    path.addPolygon(picture.outline)
    path.closeSubpath()
    path.addRect(QRectF(inside))
    painter.fillPath(path, _MASK)


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
    left, top, width, height = picture.left(), picture.top(), picture.width(), picture.height()
    column = _column(height, is_dark_first=False)
    for share in across:
        painter.drawPixmap(left + int(width * share + 1e-9), top, column)
    for offset, colour in ((0, _LIGHT), (1, _DARK)):
        rows = [QRect(left, top + int(height * share + 1e-9) + offset, width, 1) for share in down]
        _fill(painter, rows, colour)


@lru_cache(maxsize=4)
def _column(height: int, *, is_dark_first: bool) -> QPixmap:
    """Return a light and a dark line from top to bottom: they are blended ten times as fast as rectangles."""
    column = QPixmap(2, max(height, 1))
    column.fill(_DARK if is_dark_first else _LIGHT)
    painter = QPainter(column)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.fillRect(1, 0, 1, column.height(), _LIGHT if is_dark_first else _DARK)
    painter.end()
    return column


def _paint_square(painter: QPainter, picture: QRect) -> None:
    side = min(picture.width(), picture.height())
    square = QRect(0, 0, side - 1, side - 1)
    square.moveCenter(picture.center())
    left, top, right, bottom = square.left(), square.top(), square.left() + side - 1, square.top() + side - 1
    # Light outside, dark within.
    painter.drawPixmap(left, top + 1, _column(side - 2, is_dark_first=False))
    painter.drawPixmap(right - 1, top + 1, _column(side - 2, is_dark_first=True))
    _fill(painter, [QRect(left, top, side, 1), QRect(left, bottom, side, 1)], _LIGHT)
    _fill(painter, [QRect(left + 2, top + 1, side - 4, 1), QRect(left + 2, bottom - 1, side - 4, 1)], _DARK)


def _fill(painter: QPainter, places: list[QRect], colour: QColor) -> None:
    """Fill several places in one call: each call lets another thread go first."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRects(places)


def _paint_diagonals(painter: QPainter, picture: QRect) -> None:
    """Draw both diagonals, and from each corner the line that meets one at a right angle."""
    painter.save()
    painter.setClipRect(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for right_px, colour in ((0, _LIGHT), (1, _DARK)):
        painter.setPen(QPen(colour, 1))
        painter.drawLines(
            _diagonals(picture.left() + right_px, picture.top(), picture.width(), picture.height())
        )
    painter.restore()


@lru_cache(maxsize=4)
def _diagonals(left: int, top: int, width: float, height: float) -> list[QLineF]:
    foot = height * height / width if width >= height else 0.0
    lines = [((0.0, 0.0), (width, height)), ((width, 0.0), (0.0, height))]
    if foot:
        lines += [((0.0, height), (foot, 0.0)), ((width, 0.0), (width - foot, height))]
        lines += [((0.0, 0.0), (foot, height)), ((width, height), (width - foot, 0.0))]
    return [QLineF(left + x1, top + y1, left + x2, top + y2) for (x1, y1), (x2, y2) in lines]

"""Marks on the picture: the spot of the meter, where the body focuses, and a line that the hand draws."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QLine, QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from groundglass.desktop.theme import Theme, body_font
from groundglass.desktop.turning import MOST_DEGREES, off_level
from groundglass.desktop.widgets.picture_place import Area, area_frame, area_place
from groundglass.model.words import signed

LEAST_LINE_PX = 40  # a pixel at its end is a degree and a half
_DEGREE = "\N{DEGREE SIGN}"
_FROM_END_PX, _ANGLE_HEIGHT_PX = 16, 24


class Marks(Struct, frozen=True):
    """Parts of the picture that are marked; None: not this one."""

    spot: Area | None = None
    focus: Area | None = None

    @property
    def are_any(self) -> bool:
        return self.spot is not None or self.focus is not None


class LevelLine:
    """The line that is drawn over the picture while it is wanted. Window pixels."""

    def __init__(self) -> None:
        self.is_wanted = False
        self._line: QLineF | None = None

    @property
    def is_drawn(self) -> bool:
        """Tell whether the hand is drawing it now."""
        return self._line is not None

    @property
    def words(self) -> str:
        """Return by how much it is off level or upright, whichever is nearer; empty: it is too short."""
        if self._line is None or self._line.length() < LEAST_LINE_PX:
            return ""
        return f"{signed(off_level(self._line.dx(), self._line.dy()))}{_DEGREE}"

    def want(self, wanted: bool) -> None:
        self.is_wanted, self._line = wanted, None

    def begin(self, at: QPointF) -> None:
        self._line = QLineF(at, at)

    def lead_to(self, at: QPointF) -> None:
        if self._line is not None:
            self._line.setP2(at)

    def end(self) -> QLineF | None:
        """Let it go, and return it if one was drawn."""
        line, self._line = self._line, None
        return line

    def paint(self, painter: QPainter, theme: Theme, whole: QRect) -> None:
        """whole: of the view, which the angle beside the line's end does not leave."""
        if self._line is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pen in _slanted_pens(theme):
            painter.setPen(pen)
            painter.drawLine(self._line)
        if self.words:
            self._paint_angle(painter, theme, whole, self._line.p2())
        painter.restore()

    def _paint_angle(self, painter: QPainter, theme: Theme, whole: QRect, end: QPointF) -> None:
        painter.setFont(body_font())
        # As wide as the widest angle, so that it only moves with the hand.
        width = painter.fontMetrics().horizontalAdvance(f"{signed(-MOST_DEGREES)}{_DEGREE}") + 16
        place = QRectF(end.x() + _FROM_END_PX, end.y() + _FROM_END_PX, width, _ANGLE_HEIGHT_PX)
        if place.right() > whole.right():
            place.moveRight(end.x() - _FROM_END_PX)
        if place.bottom() > whole.bottom():
            place.moveBottom(end.y() - _FROM_END_PX)
        painter.fillRect(place, QColor(theme.surround))
        painter.setPen(QColor(theme.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.words)


def paint_marks(
    painter: QPainter, theme: Theme, marks: Marks, transform: QTransform, size: QSize, *, is_slanted: bool
) -> None:
    """Paint marks in device pixels; transform: of a picture's pixels to them, size: of that picture.

    is_slanted: the picture is turned by more than quarters.
    """
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if is_slanted:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pen in _slanted_pens(theme):
            painter.setPen(pen)
            if marks.spot is not None:
                painter.drawPolygon(area_frame(marks.spot, transform, size))
            if marks.focus is not None:
                painter.drawLines(_slanted_corners(area_frame(marks.focus, transform, size)))
        return
    for colour, by in ((theme.on_accent, 1), (theme.accent, 0)):
        painter.setPen(QColor(colour))
        if marks.spot is not None:
            painter.drawRect(area_place(marks.spot, transform, size).adjusted(-by, -by, by, by))
        if marks.focus is not None:
            frame = area_place(marks.focus, transform, size).adjusted(-by, -by, by, by)
            painter.drawLines(_corners(frame))


def _slanted_pens(theme: Theme) -> tuple[QPen, QPen]:
    """Return a wide pen and the narrow one on it: dark beside light is seen everywhere."""
    return QPen(QColor(theme.on_accent), 3.5), QPen(QColor(theme.accent), 1.5)


def _corners(frame: QRect) -> list[QLine]:
    """Return the corners of a frame, each a quarter of its sides."""
    across, down = max(frame.width() // 4, 2), max(frame.height() // 4, 2)
    return [
        QLine(corner, corner + step)
        for corner, x, y in (
            (frame.topLeft(), across, down),
            (frame.topRight(), -across, down),
            (frame.bottomLeft(), across, -down),
            (frame.bottomRight(), -across, -down),
        )
        for step in (QPoint(x, 0), QPoint(0, y))
    ]


def _slanted_corners(frame: list[QPointF]) -> list[QLineF]:
    """Return the same of a frame that is turned by an angle."""
    neighbours = [(at, frame[(n + by) % 4]) for n, at in enumerate(frame) for by in (1, -1)]
    return [QLineF(at, at + (other - at) / 4) for at, other in neighbours]

"""The picture: one image, painted as it is, and the truth about it when it is not live."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLine, QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from groundglass.desktop.pixels import as_image
from groundglass.desktop.theme import MARGIN_PX, Theme, body_font, value_font
from groundglass.desktop.turning import UPRIGHT, Matrix, Turn
from groundglass.desktop.widgets.grid import Framing, Grid, layers, paint_framing
from groundglass.desktop.widgets.picture_place import (
    Area,
    PicturePlace,
    area_frame,
    area_place,
    as_transform,
    band_start,
    fitted_place,
    panned,
    point_under,
    zoomed_matrix,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# How much of the surround covers a picture that is not live: words can be read even over white.
DIM = 0.72
_BAR_PX = 3
_WORDS_PX = 24  # the height of words over the picture
_BESIDE_PX = 8  # at both ends of words over the picture
# A hand that clicks moves that much.
_CLICK_PX = 4
MOST_SCALE = 2  # 200 %
_PAN_SHARE = 0.125  # of the view, for each press of an arrow
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """Words over a dimmed picture: what it is, and what is being done."""

    title: str
    words: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ZoomedPart:
    """What is seen of a whole picture that is turned and zoomed: somebody has to make its pixels."""

    full: NDArray[np.uint8]
    matrix: Matrix  # from its pixels to those of the view
    size: tuple[int, int]  # of the view, device pixels
    ground: int  # grey around the picture

    def is_like(self, other: ZoomedPart | None) -> bool:
        return (
            other is not None
            and other.full is self.full
            and (other.matrix, other.size, other.ground) == (self.matrix, self.size, self.ground)
        )


class PictureView(QWidget):
    """Paints one image without scaling it; dims it and says so when it is not what is there now.

    Longer than most modules: whatever lies over the picture is painted, and every hand on it felt, here.
    """

    size_changed = Signal(int, int)  # device pixels
    zoom_changed = Signal()
    moved = Signal(float, float)  # the zoomed picture was moved by hand: its new centre, 0 to 1
    scaled = Signal(int)  # by hand: 0 fits, 1 is 100 %, 2 is 200 %
    dragged = Signal(float, float)  # over the whole picture, by shares of it: what is laid over moves
    pressed = Signal()
    clicked = Signal(float, float)  # a point of what is shown, 0 to 1 each way
    focus_wanted = Signal(float, float)  # the same, with Ctrl
    turn_changed = Signal(object, int)  # Turn, and the grey of the surround
    part_wanted = Signal(object)  # ZoomedPart; `show_part` takes its pixels
    layer_wanted = Signal(object, object, object)  # Layer, and for its `make` a Turn and a QSize
    line_drawn = Signal(float, float)  # its end, seen from its begin: device pixels to the right and down

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._array: NDArray[np.uint8] | None = None
        self._image = QImage()
        self._turn, self._flat = UPRIGHT, QSize()  # of the image: it may be older than the framing
        self._asked: ZoomedPart | None = None
        self._turned: tuple[ZoomedPart, NDArray[np.uint8]] | None = None
        self._draws_line = False
        self._line: QLineF | None = None
        self._full: NDArray[np.uint8] | None = None
        self._part: tuple[QRect, NDArray[np.uint8]] | None = None  # of the whole picture, as last painted
        self._scale = 0  # what is wanted; nothing is zoomed before the whole picture is there
        self._centre = (0.5, 0.5)
        self._grabbed: QPoint | None = None
        self._pointer: Qt.CursorShape | None = None  # None: the usual one
        self._notice: Notice | None = None
        self._caption = ""
        self._tools = ""
        self._framing = Framing()
        self._spot: Area | None = None
        self._focus: Area | None = None
        self._lines: tuple[str, ...] = ()
        self._magnified = ""
        self._pressed_at: QPoint | None = None
        self._dragged_from: QPoint | None = None
        self.paint_ms = 0.0
        self._share: float | None = None
        self.paints = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Picture")

    @property
    def notice(self) -> Notice | None:
        return self._notice

    @property
    def caption(self) -> str:
        return self._caption

    @property
    def tools(self) -> str:
        return self._tools

    @property
    def has_grid(self) -> bool:
        return self._framing.grid is not Grid.NONE

    @property
    def framing(self) -> Framing:
        return self._framing

    @property
    def has_picture(self) -> bool:
        return self._array is not None

    @property
    def has_whole(self) -> bool:
        """Tell whether all of the picture's own pixels are here."""
        return self._full is not None

    @property
    def is_zoomed(self) -> bool:
        return self._scale > 0 and self._full is not None

    @property
    def scale(self) -> int:
        """Return what is wanted: 0 fits the window, 1 is 100 %, 2 is 200 %; the next picture keeps it."""
        return self._scale

    @property
    def centre(self) -> tuple[float, float]:
        """Return the point of the picture that is in the middle while it is zoomed, 0 to 1 each way."""
        return self._centre

    @property
    def device_size(self) -> QSize:
        """Return how many of the screen's own pixels there are."""
        return self._device_size()

    def show_image(
        self, image: NDArray[np.uint8] | None, turn: Turn = UPRIGHT, size: tuple[int, int] | None = None
    ) -> None:
        """Show an image at its own size. image: (height, width, 4) BGRX in device pixels; None: nothing.

        turn: how it is turned already.  size: width and height before that; None: its own.
        """
        self._array = image
        self._image = as_image(image)
        self._turn, self._flat = turn, QSize(*size) if size is not None else self._image.size()
        self.update()

    def show_part(self, part: ZoomedPart, pixels: NDArray[np.uint8]) -> None:
        """Show what was wanted of the whole picture: (height, width, 4) BGRX, device pixels."""
        if part.full is self._full:
            self._turned = (part, pixels)
            self.update()

    def show_full(self, image: NDArray[np.uint8] | None) -> None:
        """Take the whole picture for the 100 % view, or None if there is none.

        image: (height, width, 4) BGRX or (height, width, 3) BGR, turned by its strides or not.
        """
        was_zoomed = self.is_zoomed
        self._full = image
        self._part = self._asked = self._turned = None
        self._show_zoom(was_zoomed)

    def show_notice(self, notice: Notice | None) -> None:
        """Dim the picture and say why, or take that back."""
        if notice != self._notice:
            self._notice = notice
            self.update()

    def show_caption(self, words: str) -> None:
        """Name the picture in its corner."""
        if words != self._caption:
            self._caption = words
            self.update()

    def show_tools(self, words: str) -> None:
        """Name in the other corner the tools that are painted into the picture."""
        if words != self._tools:
            self._tools = words
            self.update()

    def set_grid(self, shown: bool) -> None:
        """Draw lines at the thirds of the fitted picture."""
        self.show_framing(replace(self._framing, grid=Grid.THIRDS if shown else Grid.NONE))

    def show_framing(self, framing: Framing) -> None:
        """Paint what helps to frame, and ask for the picture to be turned, from now on."""
        is_turned = framing.turn != self._framing.turn
        self._framing = framing
        self.update()
        if is_turned:
            self.announce_turn()

    def announce_turn(self) -> None:
        """Say how the picture is to be turned, and on which ground; also after another theme."""
        self.turn_changed.emit(self._framing.turn, self._ground())

    def _ground(self) -> int:
        return QColor(self._theme.surround).red()

    def draw_line(self, wanted: bool) -> None:
        """Let the hand draw a line over the picture, instead of all else that it does there."""
        self._draws_line, self._line = wanted, None
        self._update_cursor()
        self.update()

    @property
    def draws_line(self) -> bool:
        return self._draws_line

    def show_spot(self, area: Area | None) -> None:
        """Frame a part of the picture: left, top, right, bottom, 0 to 1 of what is shown."""
        if area != self._spot:
            self._spot = area
            self.update()

    def show_focus(self, area: Area | None) -> None:
        """Put corners around where the body focuses, 0 to 1 of what is shown; None: not known."""
        if area != self._focus:
            self._focus = area
            self.update()

    @property
    def focus(self) -> Area | None:
        return self._focus

    def show_magnified(self, words: str) -> None:
        """Say how far the live picture is magnified, and by whom; empty: it is whole."""
        if words != self._magnified:
            self._magnified = words
            self.update()

    @property
    def magnified(self) -> str:
        return self._magnified

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Write lines at the top, quietly: what is to be known of the live picture."""
        if lines != self._lines:
            self._lines = lines
            self.update()

    @property
    def lines(self) -> tuple[str, ...]:
        return self._lines

    def show_exposure(self, share: float | None) -> None:
        """Draw the part of a long exposure that has passed, 0 to 1; None: no exposure."""
        if share != self._share:
            self._share = share
            self.update(QRect(0, self.height() - _BAR_PX, self.width(), _BAR_PX))

    def set_zoomed(self, zoomed: bool) -> None:
        """Show a picture at 100 %, one of its pixels on one of the screen's, or all of it."""
        self.set_scale(1 if zoomed else 0)

    def set_scale(self, scale: int) -> None:
        """Show all of the picture (0), or it at 100 % (1) or 200 % (2)."""
        was_zoomed, before = self.is_zoomed, self._scale
        self._scale = min(max(scale, 0), MOST_SCALE)
        self._show_zoom(was_zoomed)
        if self._scale != before:
            self.zoom_changed.emit()

    def zoom(self, by: int) -> None:
        """Go a step closer (1) or back (-1), as the photographer's hand does."""
        self._scale_by_hand(min(max(self._scale + by, 0), MOST_SCALE))

    def cycle_zoom(self) -> None:
        """Go on from the whole picture to 100 %, 200 % and back."""
        self._scale_by_hand((self._scale + 1) % (MOST_SCALE + 1))

    def look_at(self, x: float, y: float) -> None:
        """Bring a point of the picture, 0 to 1 each way, into the middle."""
        self._centre = (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
        self.update()

    def _scale_by_hand(self, scale: int) -> None:
        self.set_scale(scale)
        self.scaled.emit(self._scale)

    def _show_zoom(self, was_zoomed: bool) -> None:
        self._update_cursor()
        self.update()
        if self.is_zoomed != was_zoomed:
            self.zoom_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paints += 1
        begun = time.perf_counter()
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.surround))
        if self.is_zoomed:
            self._paint_full(painter)
        elif self._array is not None:
            self._paint_fitted(painter)
        if (self._spot or self._focus) and self._array is not None:
            self._paint_marks(painter)
        if self._notice is not None:
            self._paint_notice(painter, self._notice)
        elif self._caption:
            self._paint_words(painter, self._caption)
        corner = self.corner_words
        if corner and self._array is not None:
            self._paint_words(painter, corner, at_right=True)
        if self._line is not None:
            self._paint_line(painter, self._line)
        if self._share is not None:
            bar = QRectF(0, self.height() - _BAR_PX, self.width() * min(self._share, 1.0), _BAR_PX)
            painter.fillRect(bar, QColor(self._theme.accent))
        for number, line in enumerate(self._lines):
            self._paint_words(painter, line, at_top=True, row=number)
        painter.end()
        self.paint_ms = (time.perf_counter() - begun) * 1000

    @property
    def corner_words(self) -> str:
        """Return what is painted into the picture, or done to it, in the words of its corner."""
        painted = () if self.is_zoomed else (self._magnified, self._tools)
        return "   ".join(words for words in (*painted, self._framing.level_words) if words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.announce_size()

    def announce_size(self) -> None:
        """Say how many device pixels there are; also after a move to another screen."""
        size = self._device_size()
        self.size_changed.emit(size.width(), size.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.announce_turn()

    def event(self, event: QEvent) -> bool:
        # Arrows are the window's, but for a picture that is larger than its place.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            )
            if self.is_zoomed and is_plain and event.key() in _ARROWS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = next((by for key, by in _ARROWS.items() if key == event.key()), None)
        if not self.is_zoomed or step is None:
            super().keyPressEvent(event)
            return
        room = self._device_size()
        self._pan(step[0] * room.width() * _PAN_SHARE, step[1] * room.height() * _PAN_SHARE)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier or not event.angleDelta().y():
            event.ignore()
            return
        by = 1 if event.angleDelta().y() > 0 else -1
        if self._scale == 0 and by > 0:
            self._look_under(event.position())
        self.zoom(by)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if self._draws_line:
            self._line = QLineF(event.position(), event.position()) if is_left else self._line
            return
        self._pressed_at = event.position().toPoint() if is_left else None
        if event.button() == Qt.MouseButton.LeftButton and self.is_zoomed:
            self._grabbed = event.position().toPoint()
            self._update_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._draws_line:
            return
        if self._scale == 0:
            self._look_under(event.position())
        self._scale_by_hand(0 if self._scale else 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._line is not None:
            self._line.setP2(event.position())
            self.update()
            return
        if self._pressed_at is not None and self._framing.ghost is not None and not self.is_zoomed:
            self._drag(event.position().toPoint())
        if self._grabbed is None or self._full is None:
            return
        moved = event.position().toPoint() - self._grabbed
        self._grabbed = event.position().toPoint()
        ratio = self.devicePixelRatioF()
        self._pan(-moved.x() * ratio, -moved.y() * ratio)

    def _drag(self, at: QPoint) -> None:
        """Tell how far what is laid over was dragged, once that is no click any more."""
        start = self._dragged_from or self._pressed_at
        assert start is not None
        moved, place = at - start, self._fitted().frame
        if place.isEmpty() or (self._dragged_from is None and moved.manhattanLength() <= _CLICK_PX):
            return
        self._dragged_from, ratio = at, self.devicePixelRatioF()
        self.dragged.emit(moved.x() * ratio / place.width(), moved.y() * ratio / place.height())

    def _pan(self, x_px: float, y_px: float) -> None:
        """Move the window over the zoomed picture by device pixels, not past its edges."""
        room = self._device_size()
        if self._framing.turn != UPRIGHT:
            now = self._framing.turn, self._scale, self._centre
            self.look_at(*panned(self._full_size(), room, *now, (x_px, y_px)))
            self.moved.emit(*self._centre)
            return
        x, y = self._centre
        across = _moved(x, x_px / self._scale, self._full_size().width(), room.width() / self._scale)
        down = _moved(y, y_px / self._scale, self._full_size().height(), room.height() / self._scale)
        self.look_at(across, down)
        self.moved.emit(*self._centre)

    def _look_under(self, position: QPointF) -> None:
        """Take the point of the fitted picture under the pointer for the middle."""
        under = self.point_under(position)
        if under is not None:
            self.look_at(*under)
            self.moved.emit(*self._centre)

    def point_under(self, position: QPointF) -> tuple[float, float] | None:
        """Return the point of what is shown, 0 to 1 each way, at a place of the widget; None beside it."""
        size, transform = self._placed()
        return point_under(position * self.devicePixelRatioF(), transform, size)

    def _placed(self) -> tuple[QSize, QTransform]:
        """Return the size of the image that is painted and how its pixels land in device pixels."""
        if self.is_zoomed and self._framing.turn != UPRIGHT:
            return self._full_size(), as_transform(self._zoomed_part().matrix)
        if self.is_zoomed:
            source, place = self._full_place()
            transform = QTransform.fromTranslate(place.left(), place.top())
            transform.scale(self._scale, self._scale)
            transform.translate(-source.left(), -source.top())
            return self._full_size(), transform
        fitted = self._fitted()
        return fitted.flat, fitted.transform if not fitted.flat.isEmpty() else QTransform()

    def _fitted(self) -> PicturePlace:
        """Return where the image lies while all of it is shown."""
        place, flat = fitted_place(self._image.size(), self._device_size()), self._flat
        if place.size() != self._image.size() and not self._image.isNull():
            share = place.width() / self._image.width()
            flat = (flat.toSizeF() * share).toSize().expandedTo(QSize(1, 1))
        return PicturePlace(place, flat, self._turn)

    def _zoomed_part(self) -> ZoomedPart:
        """Return what is to be seen of the whole picture, turned, while it is zoomed."""
        assert self._full is not None
        room = self._device_size()
        matrix = zoomed_matrix(self._full_size(), room, self._framing.turn, self._scale, self._centre)
        return ZoomedPart(self._full, matrix, (room.width(), room.height()), self._ground())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._draws_line:
            line, self._line = self._line, None
            self.update()
            if line is not None and event.button() == Qt.MouseButton.LeftButton:
                ratio = self.devicePixelRatioF()
                self.line_drawn.emit(line.dx() * ratio, line.dy() * ratio)
            return
        at = event.position().toPoint()
        is_near = self._pressed_at is not None and (at - self._pressed_at).manhattanLength() <= _CLICK_PX
        if is_near and self._dragged_from is None:
            under = self.point_under(event.position()) if self._array is not None else None
            wants_focus = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if under is not None:
                (self.focus_wanted if wants_focus else self.clicked).emit(*under)
        self._pressed_at = self._dragged_from = None
        self._grabbed = None
        self._update_cursor()

    def _update_cursor(self) -> None:
        shape = Qt.CursorShape.CrossCursor if self._draws_line else None
        if self.is_zoomed and not self._draws_line:
            is_free = self._grabbed is None
            shape = Qt.CursorShape.OpenHandCursor if is_free else Qt.CursorShape.ClosedHandCursor
        if shape == self._pointer:
            return
        self._pointer = shape
        if shape is None:
            self.unsetCursor()
        else:
            self.setCursor(shape)

    def _device_size(self) -> QSize:
        return (self.size().toSizeF() * self.devicePixelRatioF()).toSize()

    def _in_device_pixels(self, painter: QPainter) -> None:
        """Undo the screen's scale: the identity is the one transform that Qt blits without resampling."""
        painter.save()
        painter.scale(1 / self.devicePixelRatioF(), 1 / self.devicePixelRatioF())

    def _paint_fitted(self, painter: QPainter) -> None:
        room = self._device_size()
        self._in_device_pixels(painter)
        fits = self._image.width() <= room.width() and self._image.height() <= room.height()
        touches = self._image.width() == room.width() or self._image.height() == room.height()
        fitted = self._fitted()
        if fits and touches:
            fitted = replace(fitted, place=QRect(fitted.place.topLeft(), self._image.size()))
            painter.drawImage(fitted.place.topLeft(), self._image)
        else:  # the window changed its size and the scaler has not answered yet
            painter.drawImage(fitted.place, self._image)
        self._ask_for_layers(fitted)
        paint_framing(painter, fitted, self._framing)
        painter.restore()

    def _ask_for_layers(self, fitted: PicturePlace) -> None:
        for layer, turn, size in layers(fitted, self._framing):
            if layer.wants(turn, size):
                self.layer_wanted.emit(layer, turn, size)

    def _paint_marks(self, painter: QPainter) -> None:
        """Frame the spot of the meter, and where the body focuses. Dark beside light is seen everywhere."""
        size, transform = self._placed()
        self._in_device_pixels(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if (self._framing.turn if self.is_zoomed else self._turn).degrees:
            self._paint_turned_marks(painter, transform, size)
            painter.restore()
            return
        for colour, by in ((self._theme.on_accent, 1), (self._theme.accent, 0)):
            painter.setPen(QColor(colour))
            if self._spot is not None:
                painter.drawRect(area_place(self._spot, transform, size).adjusted(-by, -by, by, by))
            if self._focus is not None:
                frame = area_place(self._focus, transform, size).adjusted(-by, -by, by, by)
                painter.drawLines(_corners(frame))
        painter.restore()

    def _paint_turned_marks(self, painter: QPainter, transform: QTransform, size: QSize) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((self._theme.on_accent, 3.5), (self._theme.accent, 1.5)):
            painter.setPen(QPen(QColor(colour), width))
            if self._spot is not None:
                painter.drawPolygon(area_frame(self._spot, transform, size))
            if self._focus is not None:
                painter.drawLines(_turned_corners(area_frame(self._focus, transform, size)))

    def _paint_line(self, painter: QPainter, line: QLineF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((self._theme.on_accent, 3.5), (self._theme.accent, 1.5)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawLine(line)
        painter.restore()

    def _full_place(self) -> tuple[QRect, QRect]:
        """Return which pixels of the whole picture are seen while it is zoomed, and where."""
        scale, room = self._scale, self._device_size()
        # Rounded up: half a pixel of the picture may be seen at the edge.
        across, down = -(-room.width() // scale), -(-room.height() // scale)
        full = self._full_size()
        left = _window(self._centre[0], full.width(), across)
        top = _window(self._centre[1], full.height(), down)
        source = QRect(max(left, 0), max(top, 0), across, down).intersected(QRect(QPoint(0, 0), full))
        return source, QRect(QPoint(max(-left, 0), max(-top, 0)) * scale, source.size() * scale)

    def _paint_turned(self, painter: QPainter) -> None:
        """Paint the part that was made last, where it lies now, and ask for one that fits."""
        wanted = self._zoomed_part()
        if not wanted.is_like(self._asked):
            self._asked = wanted
            self.part_wanted.emit(wanted)
        if self._turned is None:
            if self._array is not None:
                self._paint_fitted(painter)
            return
        made, pixels = self._turned
        was, now = made.matrix, wanted.matrix
        moved = (
            QPoint(round(now[2] - was[2]), round(now[5] - was[5])) if _linear(was) == _linear(now) else None
        )
        self._in_device_pixels(painter)
        painter.drawImage(moved or QPoint(0, 0), as_image(pixels))
        painter.restore()

    def _paint_full(self, painter: QPainter) -> None:
        if self._framing.turn != UPRIGHT:
            self._paint_turned(painter)
            return
        source, place = self._full_place()
        self._in_device_pixels(painter)
        # At 200 % each pixel is doubled, nothing is computed: 3 ms for 1920 x 1200 (2026-11).
        if self._full is not None and self._full.flags.c_contiguous:
            # OpenCV would share the part among its threads, and spin up to 12 ms for one that has to wait.
            painter.drawImage(place, as_image(self._full), source)
        else:
            painter.drawImage(place, as_image(self._full_part(source)))
        painter.restore()

    def _full_size(self) -> QSize:
        return QSize() if self._full is None else QSize(self._full.shape[1], self._full.shape[0])

    def _full_part(self, source: QRect) -> NDArray[np.uint8]:
        """Return some of the whole picture's pixels to be painted, BGRX; the last ones are remembered."""
        assert self._full is not None
        if self._part is None or self._part[0] != source:
            from groundglass.imaging.packed import pixels_of  # loaded by whoever made the picture

            rows, columns = slice(source.top(), source.bottom() + 1), slice(source.left(), source.right() + 1)
            self._part = QRect(source), pixels_of(self._full[rows, columns])
        return self._part[1]

    def _paint_notice(self, painter: QPainter, notice: Notice) -> None:
        veil = QColor(self._theme.surround)
        veil.setAlphaF(DIM)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QColor(self._theme.text))
        painter.setFont(value_font())
        middle = QRectF(MARGIN_PX, self.height() / 2 - 44, self.width() - 2 * MARGIN_PX, 44)
        painter.drawText(middle, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, notice.title)
        painter.setFont(body_font())
        below = QRectF(MARGIN_PX, self.height() / 2 + 4, self.width() - 2 * MARGIN_PX, 60)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(below, int(flags), notice.words)

    def _picture_rect(self) -> QRectF:
        """Return where the picture lies in the widget; without one, all of it."""
        size, transform = self._placed()
        if self._array is None or size.isEmpty():
            return QRectF(self.rect())
        shown, ratio = transform.mapRect(QRectF(QPointF(0, 0), size.toSizeF())), self.devicePixelRatioF()
        return QRectF(shown.topLeft() / ratio, shown.size() / ratio)

    def _paint_words(
        self, painter: QPainter, words: str, *, at_right: bool = False, at_top: bool = False, row: int = 0
    ) -> None:
        painter.setFont(body_font())
        figures, room = painter.fontMetrics(), self.width() - 2 * MARGIN_PX
        # The middle goes: a name begins the words, its marks and what to do end them.
        words = figures.elidedText(words, Qt.TextElideMode.ElideMiddle, room - 2 * _BESIDE_PX)
        width = figures.horizontalAdvance(words) + 2 * _BESIDE_PX
        whole, shown = QRectF(self.rect()), self._picture_rect()
        if at_right:
            left = whole.right() - band_start(whole.right() - shown.right(), width, whole.width()) - width
        else:
            left = band_start(shown.left(), width, whole.width())
        foot = whole.bottom() - band_start(whole.bottom() - shown.bottom(), _WORDS_PX, whole.height())
        top = MARGIN_PX + row * 28 if at_top else foot - _WORDS_PX
        place = QRectF(left, top, width, _WORDS_PX)
        ground = QColor(self._theme.surround)
        ground.setAlphaF(0.8)
        painter.fillRect(place, ground)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


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


def _turned_corners(frame: list[QPointF]) -> list[QLineF]:
    """Return the same of a frame that is turned by an angle."""
    neighbours = [(at, frame[(n + by) % 4]) for n, at in enumerate(frame) for by in (1, -1)]
    return [QLineF(at, at + (other - at) / 4) for at, other in neighbours]


def _linear(matrix: Matrix) -> tuple[float, ...]:
    return matrix[0], matrix[1], matrix[3], matrix[4]


def _moved(centre: float, by_px: float, length: int, room: float) -> float:
    """Return a centre moved by pixels of the picture, so that its edge stays at the window's edge."""
    half = min(room / length / 2, 0.5)
    return min(max(centre + by_px / length, half), 1 - half)


def _window(centre: float, length: int, room: int) -> int:
    """Return where a window of `room` pixels begins on a line; negative if the line is shorter."""
    if length <= room:
        return (length - room) // 2
    return min(max(round(centre * length - room / 2), 0), length - room)

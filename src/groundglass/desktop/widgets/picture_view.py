"""The picture: one image, painted as it is, and the truth about it when it is not live."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QRegion,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from groundglass.desktop.pixels import as_image
from groundglass.desktop.soon import soon
from groundglass.desktop.theme import Theme
from groundglass.desktop.turning import UPRIGHT, Turn
from groundglass.desktop.widgets.grid import Framing, Grid, layers, paint_framing
from groundglass.desktop.widgets.picture_marks import LevelLine, Marks, paint_marks
from groundglass.desktop.widgets.picture_place import (
    Area,
    PicturePlace,
    area_frame,
    fitted_place,
    point_under,
    whole_pixels_within,
)
from groundglass.desktop.widgets.picture_words import (
    Bands,
    Notice,
    PictureWords,
    WordsPainter,
    foot_row,
    foot_top,
)
from groundglass.desktop.widgets.press import Press
from groundglass.desktop.widgets.zoomed_picture import MOST_SCALE, ZoomedPart, ZoomedPicture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from groundglass.imaging.color import Profile

_BAR_PX = 3
_MARK_PX = 4  # so far the stroke of a mark may lie outside of it
_PAN_SHARE = 0.125  # of the view, for each press of an arrow
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class PictureView(QWidget):
    """Paints one image without scaling it; dims it and says so when it is not what is there now.

    Longer than most modules: whatever is shown here is said to it, and every hand on it felt by it. What it
    keeps of that lies in its parts: the zoomed picture, the words, the marks, a line, a press.
    """

    size_changed = Signal(int, int)  # device pixels
    # For what lies over it: an event filter would be asked at each paint, and wait for the interpreter.
    resized = Signal()
    zoom_changed = Signal()
    moved = Signal(float, float)  # the zoomed picture was moved by hand: its new centre, 0 to 1
    scaled = Signal(int)  # by hand: 0 fits, 1 is 100 %, 2 is 200 %
    dragged = Signal(float, float)  # over the whole picture, by shares of it: what is laid over moves
    pressed = Signal()
    clicked = Signal(float, float)  # a point of what is shown, 0 to 1 each way
    focus_wanted = Signal(float, float)  # the same, with Ctrl
    turn_changed = Signal(object, int)  # Turn, and the grey of the surround
    framed = Signal(object)  # Framing: another one
    part_wanted = Signal(object)  # ZoomedPart; `show_part` takes its pixels
    layer_wanted = Signal(object, object, object)  # Layer, and for its `make` a Turn and a QSize
    line_drawn = Signal(float, float)  # its end, seen from its begin: device pixels to the right and down

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, names_level: bool = True) -> None:
        """names_level: the corner says by how much the picture is levelled."""
        super().__init__(parent)
        self._theme = theme
        self._names_level = names_level
        self._array: NDArray[np.uint8] | None = None
        self._image = QImage()
        self._turn, self._flat = UPRIGHT, QSize()  # of the image: it may be older than the framing
        self._lain: tuple[PicturePlace, QRectF] | None = None  # where it lies; the latter in the window
        self._zoomed = ZoomedPicture()
        self._words = PictureWords()
        self._head_px = 0
        self._bands = Bands(theme)
        self._update_foot_soon = soon(self._update_foot, self)
        self._marks = Marks()
        self._framing = Framing()
        self._line = LevelLine()
        self._press = Press()
        self._grabbed: QPoint | None = None  # where the hand holds the zoomed picture
        self._pointer: Qt.CursorShape | None = None  # None: the usual one
        self.paint_ms = 0.0
        self._share: float | None = None  # of an exposure
        self.paints = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Picture")

    @property
    def notice(self) -> Notice | None:
        return self._words.notice

    @property
    def caption(self) -> str:
        return self._words.caption

    @property
    def tools(self) -> str:
        return self._words.tools

    @property
    def magnified(self) -> str:
        return self._words.magnified

    @property
    def lines(self) -> tuple[str, ...]:
        return self._words.lines

    @property
    def has_grid(self) -> bool:
        return self._framing.grid is not Grid.NONE

    @property
    def framing(self) -> Framing:
        return self._framing

    @property
    def focus(self) -> Area | None:
        return self._marks.focus

    @property
    def draws_line(self) -> bool:
        return self._line.is_wanted

    @property
    def line_words(self) -> str:
        """Return the angle that stands beside the line while it is drawn."""
        return self._line.words

    @property
    def has_picture(self) -> bool:
        return self._array is not None

    @property
    def has_whole(self) -> bool:
        """Tell whether all of the picture's own pixels are here."""
        return self._zoomed.has_whole

    @property
    def is_zoomed(self) -> bool:
        return self._zoomed.is_zoomed

    @property
    def scale(self) -> int:
        """Return what is wanted: 0 fits the window, 1 is 100 %, 2 is 200 %; the next picture keeps it."""
        return self._zoomed.scale

    @property
    def centre(self) -> tuple[float, float]:
        """Return the point of the picture that is in the middle while it is zoomed, 0 to 1 each way."""
        return self._zoomed.centre

    @property
    def corner_words(self) -> str:
        """Return what is painted into the picture, or done to it, in the words of its corner."""
        done = (self._framing.blend_words, self._framing.level_words if self._names_level else "")
        return self._words.corner(*done, is_zoomed=self.is_zoomed)

    @property
    def foot_top(self) -> float:
        """Return where the line of the picture's name begins, in window pixels from above."""
        return foot_top(QRectF(self.rect()), self._picture_rect())

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
        before = self._image.size(), self._turn, self._flat
        self._array = image
        self._image = as_image(image)
        self._turn, self._flat = turn, QSize(*size) if size is not None else self._image.size()
        is_alike = before == (self._image.size(), self._turn, self._flat)
        if not is_alike:
            self._lain = None
        if self.is_zoomed or not is_alike:
            self.update()
        else:  # the next live frame: the ground beside it stays
            self.update(self._lie()[1].toAlignedRect())

    def show_part(self, part: ZoomedPart, pixels: NDArray[np.uint8]) -> None:
        """Show what was wanted of the whole picture: (height, width, 4) BGRX, device pixels."""
        if self._zoomed.take_part(part, pixels):
            self.update()

    def show_full(self, image: NDArray[np.uint8] | None, profile: Profile | None = None) -> None:
        """Take the whole picture for the 100 % view, or None if there is none.

        image: (height, width, 4) BGRX or (height, width, 3) BGR, turned by its strides or not, as it stands
        in the file.  profile: of its colours; None: sRGB.
        """
        was_zoomed = self.is_zoomed
        self._zoomed.take_whole(image, profile)
        self._show_zoom(was_zoomed)

    def show_notice(self, notice: Notice | None) -> None:
        """Dim the picture and say why, or take that back."""
        self._say(notice=notice)

    def show_caption(self, words: str) -> None:
        """Name the picture in its corner."""
        self._say(caption=words)

    def show_tools(self, words: str) -> None:
        """Name in the other corner the tools that are painted into the picture."""
        self._say(tools=words)

    def show_framing(self, framing: Framing) -> None:
        """Paint what helps to frame, and ask for the picture to be turned, from now on."""
        before, self._framing = self._framing, framing
        self.update()
        if framing.turn != before.turn:
            self.announce_turn()
        self.framed.emit(framing)

    def announce_turn(self) -> None:
        """Say how the picture is to be turned, and on which ground; also after another theme."""
        self.turn_changed.emit(self._framing.turn, self._ground())

    def draw_line(self, wanted: bool) -> None:
        """Let the hand draw a line over the picture, instead of all else that it does there."""
        self._line.want(wanted)
        self._update_cursor()
        self.update()

    def show_spot(self, area: Area | None) -> None:
        """Frame a part of the picture: left, top, right, bottom, 0 to 1 of what is shown."""
        self._mark(spot=area)

    def show_focus(self, area: Area | None) -> None:
        """Put corners around where the body focuses, 0 to 1 of what is shown; None: not known."""
        self._mark(focus=area)

    def show_magnified(self, words: str) -> None:
        """Say how far the live picture is magnified, and by whom; empty: it is whole."""
        self._say(magnified=words)

    @property
    def head_px(self) -> int:
        """Return how much of its head is covered, in window pixels: words at the top stand below that."""
        return self._head_px

    def cover_head(self, height_px: int) -> None:
        """Leave so much of its head to what lies over it."""
        if height_px != self._head_px:
            self._head_px = height_px
            self.resized.emit()
            self.update()

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Write lines at the top, quietly: what is to be known of the live picture."""
        self._say(lines=lines)

    def _say(self, **changes: object) -> None:
        before = self._words
        if _has_all(before, changes):  # asked for at each live frame
            return
        self._words = words = replace(before, **changes)
        if words.notice != before.notice or words.lines != before.lines:
            self.update()
        else:
            self._update_foot_soon()

    def _update_foot(self) -> None:
        """Draw the words at the foot and paint that part alone: each step changes them."""
        for words in (self._words.caption, self.corner_words):
            if words:
                self._bands.of(words, self.width(), self.devicePixelRatioF())
        self.update(foot_row(self.rect(), self._picture_rect()))

    def _mark(self, **changes: Area | None) -> None:
        before = self._marks
        if _has_all(before, changes):
            return
        self._marks = replace(before, **changes)
        for name, area in changes.items():
            self._update_around(getattr(before, name))
            self._update_around(area)

    def _update_around(self, area: Area | None) -> None:
        """Paint anew where a mark lies, and nothing else of the picture."""
        if area is not None:
            size, transform = self._placed()
            frame = self._in_window(QPolygonF(area_frame(area, transform, size)).boundingRect())
            self.update(frame.toAlignedRect().adjusted(-_MARK_PX, -_MARK_PX, _MARK_PX, _MARK_PX))

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
        was_zoomed, before = self.is_zoomed, self.scale
        self._zoomed.set_scale(scale)
        self._show_zoom(was_zoomed)
        if self.scale != before:
            self.zoom_changed.emit()

    def zoom(self, by: int) -> None:
        """Go a step closer (1) or back (-1), as the photographer's hand does."""
        self._scale_by_hand(self.scale + by)

    def cycle_zoom(self) -> None:
        """Go on from the whole picture to 100 %, 200 % and back."""
        self._scale_by_hand((self.scale + 1) % (MOST_SCALE + 1))

    def look_at(self, x: float, y: float) -> None:
        """Bring a point of the picture, 0 to 1 each way, into the middle."""
        self._zoomed.look_at(x, y)
        self._ask_for_part()

    def _show_zoom(self, was_zoomed: bool) -> None:
        self._update_cursor()
        if self.is_zoomed:
            if not self._ask_for_part():
                self.update()  # it is there from the closer look before
        elif was_zoomed:
            self.update()
        if self.is_zoomed != was_zoomed:
            self.zoom_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lain = None
        self.announce_size()
        self.resized.emit()

    def announce_size(self) -> None:
        """Say how many device pixels there are; also after a move to another screen."""
        size = self._device_size()
        self.size_changed.emit(size.width(), size.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.announce_turn()

    # ---- hands on it

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
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._lain = None
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
        if self.scale == 0 and by > 0:
            self._look_under(event.position())
        self.zoom(by)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if self._line.is_wanted:
            if is_left:
                self._line.begin(event.position())
            return
        if not is_left:
            self._press.cancel()
            return
        self._press.begin(event.position().toPoint())
        if self.is_zoomed:
            self._grabbed = event.position().toPoint()
            self._update_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._line.is_wanted:
            return
        if self.scale == 0:
            self._look_under(event.position())
        self._scale_by_hand(0 if self.scale else 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._line.is_drawn:
            self._line.lead_to(event.position())
            self.update()
            return
        if self._framing.ghost is not None and not self.is_zoomed:
            self._drag(event.position().toPoint())
        if self._grabbed is None or not self.has_whole:
            return
        moved = event.position().toPoint() - self._grabbed
        self._grabbed = event.position().toPoint()
        ratio = self.devicePixelRatioF()
        self._pan(-moved.x() * ratio, -moved.y() * ratio)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._line.is_wanted:
            line = self._line.end()
            self.update()
            if line is not None and event.button() == Qt.MouseButton.LeftButton:
                ratio = self.devicePixelRatioF()
                self.line_drawn.emit(line.dx() * ratio, line.dy() * ratio)
            return
        if self._press.end(event.position().toPoint()) and self._array is not None:
            under = self.point_under(event.position())
            wants_focus = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if under is not None:
                (self.focus_wanted if wants_focus else self.clicked).emit(*under)
        self._grabbed = None
        self._update_cursor()

    def _drag(self, at: QPoint) -> None:
        """Tell how far what is laid over was dragged, once that is no click any more."""
        place = self._fitted().frame
        moved = self._press.drag_to(at) if not place.isEmpty() else None
        if moved is not None:
            ratio = self.devicePixelRatioF()
            self.dragged.emit(moved.x() * ratio / place.width(), moved.y() * ratio / place.height())

    def _pan(self, x_px: float, y_px: float) -> None:
        """Move the window over the zoomed picture by device pixels, not past its edges."""
        self._zoomed.pan(x_px, y_px, self._device_size(), self._framing.turn)
        self._ask_for_part()
        self.moved.emit(*self.centre)

    def _look_under(self, position: QPointF) -> None:
        """Take the point of the fitted picture under the pointer for the middle."""
        under = self.point_under(position)
        if under is not None:
            self.look_at(*under)
            self.moved.emit(*self.centre)

    def _scale_by_hand(self, scale: int) -> None:
        self.set_scale(scale)
        self.scaled.emit(self.scale)

    def _update_cursor(self) -> None:
        shape = Qt.CursorShape.CrossCursor if self._line.is_wanted else None
        if self.is_zoomed and not self._line.is_wanted:
            is_free = self._grabbed is None
            shape = Qt.CursorShape.OpenHandCursor if is_free else Qt.CursorShape.ClosedHandCursor
        if shape == self._pointer:
            return
        self._pointer = shape
        if shape is None:
            self.unsetCursor()
        else:
            self.setCursor(shape)

    # ---- where it lies

    def point_under(self, position: QPointF) -> tuple[float, float] | None:
        """Return the point of what is shown, 0 to 1 each way, at a place of the widget; None beside it."""
        size, transform = self._placed()
        return point_under(position * self.devicePixelRatioF(), transform, size)

    def _placed(self) -> tuple[QSize, QTransform]:
        """Return the size of the image that is painted and how its pixels land in device pixels."""
        if self.is_zoomed:
            return self._zoomed.size, self._zoomed.transform(self._device_size(), self._framing.turn)
        fitted = self._fitted()
        return fitted.flat, fitted.transform if not fitted.flat.isEmpty() else QTransform()

    def _fitted(self) -> PicturePlace:
        """Return where the image lies while all of it is shown."""
        return self._lie()[0]

    def _lie(self) -> tuple[PicturePlace, QRectF]:
        """Return where the whole image lies, in device pixels and in the window; asked for at each paint."""
        if self._lain is None:
            place = self._place_now()
            self._lain = place, self._in_window(QRectF(place.place))
        return self._lain

    def _place_now(self) -> PicturePlace:
        place, flat = fitted_place(self._image.size(), self._device_size()), self._flat
        if place.size() != self._image.size() and not self._image.isNull():
            share = place.width() / self._image.width()
            flat = (flat.toSizeF() * share).toSize().expandedTo(QSize(1, 1))
        return PicturePlace(place, flat, self._turn)

    def _device_size(self) -> QSize:
        return (self.size().toSizeF() * self.devicePixelRatioF()).toSize()

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paints += 1
        begun = time.perf_counter()
        painter = QPainter(self)
        fitted = self._fitted()
        if not (self.is_zoomed and self._paint_zoomed(painter, event.rect())):
            self._paint_fitted(painter, fitted, event.rect())
        if self._marks.are_any and self._array is not None:
            self._paint_marks(painter)
        words = WordsPainter(painter, self._theme, self._bands, self.rect(), self._picture_rect())
        has_picture = self._array is not None
        words.paint_foot(self._words, self.corner_words if has_picture else "", is_over_picture=has_picture)
        self._line.paint(painter, self._theme, self.rect())
        if self._share is not None:
            bar = QRectF(0, self.height() - _BAR_PX, self.width() * min(self._share, 1.0), _BAR_PX)
            painter.fillRect(bar, QColor(self._theme.accent))
        words.paint_head(self._words, self._head_px)
        painter.end()
        self.paint_ms = (time.perf_counter() - begun) * 1000

    def _ground(self) -> int:
        return QColor(self._theme.surround).red()

    def _in_device_pixels(self, painter: QPainter) -> None:
        """Undo the screen's scale: the identity is the one transform that Qt blits without resampling."""
        painter.save()
        painter.scale(1 / self.devicePixelRatioF(), 1 / self.devicePixelRatioF())

    def _paint_fitted(self, painter: QPainter, fitted: PicturePlace, area: QRect) -> None:
        """Paint the picture, and the ground of an area where it leaves that uncovered."""
        covered = whole_pixels_within(self._lie()[1]) if self._array is not None else QRect()
        if not covered.contains(area):  # as the next live frame's is
            painter.setClipRegion(QRegion(area) - covered)
            painter.fillRect(area, QColor(self._theme.surround))
            painter.setClipping(False)
        if self._array is None:
            return
        self._in_device_pixels(painter)
        if fitted.place.size() == self._image.size():
            painter.drawImage(fitted.place.topLeft(), self._image)
        else:  # the window changed its size and the scaler has not answered yet
            painter.drawImage(fitted.place, self._image)
        if self._framing.is_any:
            self._ask_for_layers(fitted)
            paint_framing(painter, fitted, self._framing)
        painter.restore()

    def _ask_for_layers(self, fitted: PicturePlace) -> None:
        for layer, turn, size in layers(fitted, self._framing):
            if layer.wants(turn, size):
                self.layer_wanted.emit(layer, turn, size)

    def _paint_marks(self, painter: QPainter) -> None:
        size, transform = self._placed()
        turn = self._framing.turn if self.is_zoomed else self._turn
        self._in_device_pixels(painter)
        paint_marks(painter, self._theme, self._marks, transform, size, is_slanted=bool(turn.degrees))
        painter.restore()

    def _paint_zoomed(self, painter: QPainter, area: QRect) -> bool:
        """Paint the zoomed part over the ground; tell whether there was anything of it to be painted."""
        self._ask_for_part()
        room = self._device_size()
        part = self._zoomed.part_to_paint(room, self._framing.turn)
        if part is None:
            return False
        at, pixels = part
        image = as_image(pixels)
        if not QRect(at, image.size()).contains(QRect(QPoint(0, 0), room)):  # it was moved since
            painter.fillRect(area, QColor(self._theme.surround))
        self._in_device_pixels(painter)
        painter.drawImage(at, image)
        painter.restore()
        return True

    def _ask_for_part(self) -> bool:
        """Have made what is seen of the zoomed picture now; it is painted when `show_part` brings it.

        Tells whether it was asked for: not, if it was before.
        """
        if not self.is_zoomed:
            return False
        part = self._zoomed.part_to_make(self._device_size(), self._framing.turn, self._ground())
        if part is not None:
            self.part_wanted.emit(part)
        return part is not None

    def _picture_rect(self) -> QRectF:
        """Return where the picture lies in the widget; without one, all of it."""
        if self._array is None:
            return QRectF(self.rect())
        if not self.is_zoomed:
            return self._lie()[1]
        size, transform = self._placed()
        return self._in_window(transform.mapRect(QRectF(QPointF(0, 0), size.toSizeF())))

    def _in_window(self, place: QRectF) -> QRectF:
        """Return where device pixels lie in the window's."""
        ratio = self.devicePixelRatioF()
        return QRectF(place.topLeft() / ratio, place.size() / ratio)


def _has_all(told: object, changes: Mapping[str, object]) -> bool:
    return all(getattr(told, name) == value for name, value in changes.items())

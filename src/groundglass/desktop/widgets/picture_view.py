"""The picture: one image, painted as it is, and the truth about it when it is not live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from groundglass.desktop.pixels import as_image
from groundglass.desktop.theme import MARGIN_PX, Theme, body_font, value_font
from groundglass.desktop.widgets.grid import paint_thirds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# How much of the surround covers a picture that is not live: words can be read even over white.
DIM = 0.72
_BAR_PX = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """Words over a dimmed picture: what it is, and what is being done."""

    title: str
    words: str = ""


class PictureView(QWidget):
    """Paints one image without scaling it; dims it and says so when it is not what is there now."""

    size_changed = Signal(int, int)  # device pixels
    zoom_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._array: NDArray[np.uint8] | None = None
        self._image = QImage()
        self._full: NDArray[np.uint8] | None = None
        self._full_image = QImage()
        self._is_zoomed = False
        self._centre = (0.5, 0.5)
        self._grabbed: QPoint | None = None
        self._notice: Notice | None = None
        self._caption = ""
        self._tools = ""
        self._has_grid = False
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
        return self._has_grid

    @property
    def has_picture(self) -> bool:
        return self._array is not None

    @property
    def is_zoomed(self) -> bool:
        return self._is_zoomed

    def show_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show an image at its own size. image: (height, width, 4) BGRX in device pixels; None: nothing."""
        self._array = image
        self._image = as_image(image)
        self.update()

    def show_full(self, image: NDArray[np.uint8] | None) -> None:
        """Take the whole picture for the 100 % view, or None if there is none."""
        self._full = image
        self._full_image = as_image(image)
        self.set_zoomed(self._is_zoomed)

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
        self._has_grid = shown
        self.update()

    def show_exposure(self, share: float | None) -> None:
        """Draw the part of a long exposure that has passed, 0 to 1; None: no exposure."""
        if share != self._share:
            self._share = share
            self.update(QRect(0, self.height() - _BAR_PX, self.width(), _BAR_PX))

    def set_zoomed(self, zoomed: bool) -> None:
        """Show a picture at 100 %: one of its pixels on one of the screen's."""
        was_zoomed, self._is_zoomed = self._is_zoomed, zoomed and self._full is not None
        self._update_cursor()
        self.update()
        if self._is_zoomed != was_zoomed:
            self.zoom_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paints += 1
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.surround))
        if self._is_zoomed and self._full is not None:
            self._paint_full(painter)
        elif self._array is not None:
            self._paint_fitted(painter)
        if self._notice is not None:
            self._paint_notice(painter, self._notice)
        elif self._caption:
            self._paint_words(painter, self._caption)
        if self._tools and self._array is not None and not self._is_zoomed:
            self._paint_words(painter, self._tools, at_right=True)
        if self._share is not None:
            bar = QRectF(0, self.height() - _BAR_PX, self.width() * min(self._share, 1.0), _BAR_PX)
            painter.fillRect(bar, QColor(self._theme.accent))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.announce_size()

    def announce_size(self) -> None:
        """Say how many device pixels there are; also after a move to another screen."""
        size = self._device_size()
        self.size_changed.emit(size.width(), size.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._is_zoomed:
            self._grabbed = event.position().toPoint()
            self._update_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None or self._full is None:
            return
        moved = event.position().toPoint() - self._grabbed
        self._grabbed = event.position().toPoint()
        height, width = self._full.shape[:2]
        ratio = self.devicePixelRatioF()
        self._centre = (
            min(max(self._centre[0] - moved.x() * ratio / width, 0.0), 1.0),
            min(max(self._centre[1] - moved.y() * ratio / height, 0.0), 1.0),
        )
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grabbed = None
        self._update_cursor()

    def _update_cursor(self) -> None:
        if not self._is_zoomed:
            self.unsetCursor()
        elif self._grabbed is None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

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
        if fits and touches:
            left = (room.width() - self._image.width()) // 2
            top = (room.height() - self._image.height()) // 2
            place = QRect(QPoint(left, top), self._image.size())
            painter.drawImage(place.topLeft(), self._image)
        else:  # the window changed its size and the scaler has not answered yet
            size = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(0, 0), size)
            place.moveCenter(QRect(QPoint(0, 0), room).center())
            painter.drawImage(place, self._image)
        if self._has_grid:
            paint_thirds(painter, place)
        painter.restore()

    def _paint_full(self, painter: QPainter) -> None:
        room = self._device_size()
        self._in_device_pixels(painter)
        left = _window(self._centre[0], self._full_image.width(), room.width())
        top = _window(self._centre[1], self._full_image.height(), room.height())
        source = QRect(max(left, 0), max(top, 0), room.width(), room.height())
        source = source.intersected(self._full_image.rect())
        painter.drawImage(QPoint(max(-left, 0), max(-top, 0)), self._full_image, source)
        painter.restore()

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

    def _paint_words(self, painter: QPainter, words: str, *, at_right: bool = False) -> None:
        painter.setFont(body_font())
        width = painter.fontMetrics().horizontalAdvance(words) + 2 * 8
        left = self.width() - MARGIN_PX - width if at_right else MARGIN_PX
        place = QRectF(left, self.height() - MARGIN_PX - 24, width, 24)
        ground = QColor(self._theme.surround)
        ground.setAlphaF(0.8)
        painter.fillRect(place, ground)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def _window(centre: float, length: int, room: int) -> int:
    """Return where a window of `room` pixels begins on a line; negative if the line is shorter."""
    if length <= room:
        return (length - room) // 2
    return min(max(round(centre * length - room / 2), 0), length - room)

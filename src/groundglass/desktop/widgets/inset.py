"""A small picture in the corner of the large one, with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.pixels import as_image
from groundglass.desktop.theme import MARGIN_PX, Theme, small_font

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SHARE = 0.28  # of the width of the picture's view
_WIDTHS_PX = (192, 480)
_NAME_PX = 20
_EDGE_PX = 4


class Inset(QWidget):
    """Stands in the upper right corner, as large as the picture's view allows; clicks go through."""

    size_changed = Signal()  # a picture for another size is needed

    def __init__(self, theme: Theme, picture: QWidget) -> None:
        super().__init__(picture)
        self._theme = theme
        self._pixels: NDArray[np.uint8] | None = None
        self._name = ""
        self.setFont(small_font())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._size_px = QSize()
        picture.installEventFilter(self)
        self._place()
        self.hide()

    @property
    def name(self) -> str:
        return self._name

    @property
    def pixels(self) -> NDArray[np.uint8] | None:
        return self._pixels

    @property
    def device_size(self) -> QSize:
        """Return how large a picture may be, in the screen's own pixels."""
        return (self._size_px.toSizeF() * self.devicePixelRatioF()).toSize()

    def show_picture(self, pixels: NDArray[np.uint8] | None, name: str) -> None:
        """Show a picture at its size in device pixels; None: words alone."""
        self._pixels, self._name = pixels, name
        self.setAccessibleName(name)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.size_changed.emit()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surround))
        if self._pixels is not None:
            image, ratio, room = as_image(self._pixels), self.devicePixelRatioF(), self.device_size
            edge = round(_EDGE_PX * ratio)
            size = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            left = edge + (room.width() - size.width()) // 2
            top = edge + (room.height() - size.height()) // 2
            painter.save()
            painter.scale(1 / ratio, 1 / ratio)
            if size == image.size():
                painter.drawImage(QPoint(left, top), image)
            else:  # made for another size; a better one is on its way
                painter.drawImage(QRect(QPoint(left, top), size), image)
            painter.restore()
        painter.setPen(QColor(self._theme.text))
        foot = QRect(_EDGE_PX, self.height() - _NAME_PX - 2, self.width() - 2 * _EDGE_PX, _NAME_PX)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, self._name)
        painter.end()

    def _place(self) -> None:
        picture = self.parentWidget()
        assert picture is not None
        # Three to two, in steps of the grid, so that a window that is drawn wider makes few new pictures.
        width = round(min(max(picture.width() * _SHARE, _WIDTHS_PX[0]), _WIDTHS_PX[1]) / 24) * 24
        size = QSize(width, width * 2 // 3)
        self.resize(size + QSize(2 * _EDGE_PX, 2 * _EDGE_PX + _NAME_PX))
        self.move(picture.width() - self.width() - MARGIN_PX, MARGIN_PX)
        if size != self._size_px:
            self._size_px = size
            self.size_changed.emit()

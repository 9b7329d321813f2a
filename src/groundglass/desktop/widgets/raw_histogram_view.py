"""The RAW histogram: stops below saturation, and the figures of each channel. As large as the other one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import tell_key
from groundglass.desktop.pixels import as_image
from groundglass.desktop.theme import DARK, Theme, body_font, small_font
from groundglass.desktop.widgets.histogram_view import FOOT_PX, GRAPH_PX, WIDTH_PX
from groundglass.model.words import NOTABLE_SHARE, share_words, signed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from groundglass.imaging.headroom import ChannelLight
    from groundglass.imaging.raw_light import RawLight

_STOPS_PX = 71
_ROW_PX = 13
_LABELS_PX = 14
# Where each column of figures ends, from the right edge.
_ENDS_PX = (110, 56, 0)
_MARKED_EV = (2, 4, 6, 8, 10)


class RawHistogramView(QWidget):
    """Shows what the sensor recorded, or why there is nothing to show."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._light: RawLight | None = None
        self._why = ""
        self._is_logarithmic = False
        self._pixels: NDArray[np.uint8] | None = None
        self.setFixedHeight(GRAPH_PX + FOOT_PX)
        self.setMinimumWidth(WIDTH_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("RAW histogram")
        tell_key(self, "Live or RAW histogram", ActionId.RAW_HISTOGRAM)

    @property
    def light(self) -> RawLight | None:
        return self._light

    @property
    def why(self) -> str:
        """Return why there is nothing to show; empty if there is."""
        return self._why

    def show_light(self, light: RawLight | None, why: str) -> None:
        self._light, self._why = light, why
        self._pixels = None
        self.setAccessibleDescription(why or "; ".join(", ".join(row) for row in self.rows()))
        self.update()

    def set_logarithmic(self, logarithmic: bool) -> None:
        self._is_logarithmic = logarithmic
        self._pixels = None
        self.update()

    def rows(self) -> tuple[tuple[str, str, str, str], ...]:
        """Return name, headroom, saturated share and share below the floor of each channel."""
        if self._light is None:
            return ()
        return tuple(_row(one) for one in self._light.headroom.channels)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.panel))
        painter.fillRect(QRectF(0, 0, self.width(), _STOPS_PX), QColor(DARK.surround))
        if self._light is None:
            painter.setFont(body_font())
            painter.setPen(QColor(DARK.quiet))
            place = QRectF(0, 0, self.width(), _STOPS_PX)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), self._why)
        else:
            self._paint_stops(painter, self._light)
        painter.setFont(small_font())
        self._paint_table(painter)
        painter.end()

    def _paint_stops(self, painter: QPainter, light: RawLight) -> None:
        ratio = self.devicePixelRatioF()
        size = (round(self.width() * ratio), round((_STOPS_PX - _LABELS_PX) * ratio))
        if self._pixels is None or self._pixels.shape[:2] != (size[1], size[0]):
            from groundglass.desktop.widgets.raw_raster import raster  # loads numpy

            names = [one.name for one in light.headroom.channels]
            ground = QColor(DARK.surround).red()
            self._pixels = raster(names, light.stops, size, self._is_logarithmic, ground)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(0, round(_LABELS_PX * ratio), as_image(self._pixels))
        painter.restore()
        depth_ev = len(light.stops[0].counts) * light.stops[0].step_ev
        painter.setFont(small_font())
        line, floor = QColor(DARK.quiet), QColor(DARK.quiet)
        line.setAlphaF(0.22)
        for ev in _MARKED_EV:
            x = self.width() * (1 - ev / depth_ev)
            painter.fillRect(QRectF(round(x), _LABELS_PX, 1, _STOPS_PX - _LABELS_PX), line)
            painter.setPen(QColor(DARK.quiet))
            place = QRectF(x - 20, 0, 40, _LABELS_PX)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), f"\N{MINUS SIGN}{ev}")
        x = self.width() * (1 - light.headroom.floor_ev / depth_ev)
        painter.fillRect(QRectF(round(x), _LABELS_PX, 1, _STOPS_PX - _LABELS_PX), floor)
        if any(one.saturated_share >= NOTABLE_SHARE for one in light.headroom.channels):
            painter.fillRect(
                QRectF(self.width() - 3, _LABELS_PX, 3, _STOPS_PX - _LABELS_PX), QColor(DARK.text)
            )

    def _paint_table(self, painter: QPainter) -> None:
        floor_ev = self._light.headroom.floor_ev if self._light else 8.0
        quiet = QColor(self._theme.quiet)
        heads = ("", "Room EV", "Full", f"< \N{MINUS SIGN}{floor_ev:g} EV")
        self._paint_row(painter, 0, heads, (quiet, quiet, quiet, quiet))
        if self._light is None:
            return
        text = QColor(self._theme.text)
        for number, (one, row) in enumerate(
            zip(self._light.headroom.channels, self.rows(), strict=True), start=1
        ):
            full = text if one.saturated_share >= NOTABLE_SHARE else quiet
            dark = text if one.below_floor_share >= NOTABLE_SHARE else quiet
            is_first = one.headroom_ev == self._light.headroom.ev
            self._paint_row(painter, number, row, (text, text if is_first else quiet, full, dark))

    def _paint_row(
        self, painter: QPainter, number: int, words: tuple[str, ...], colours: tuple[QColor, ...]
    ) -> None:
        top = _STOPS_PX + number * _ROW_PX
        painter.setPen(colours[0])
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(0, top, 60, _ROW_PX), left, words[0])
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for end, word, colour in zip(_ENDS_PX, words[1:], colours[1:], strict=True):
            painter.setPen(colour)
            painter.drawText(QRectF(self.width() - end - 60, top, 60, _ROW_PX), right, word)


def _row(one: ChannelLight) -> tuple[str, str, str, str]:
    room = "\N{EN DASH}" if math.isinf(one.headroom_ev) else signed(one.headroom_ev)
    estimate = "\N{ALMOST EQUAL TO}" if one.is_estimate else ""
    return (
        one.name.capitalize(),
        f"{estimate}{room}",
        share_words(one.saturated_share),
        share_words(one.below_floor_share),
    )

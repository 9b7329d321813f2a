"""What the spot meter reads, and the bar by which a manual lens is focused."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.theme import MARGIN_PX, Theme, body_font, small_font, value_font
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.model.words import signed

if TYPE_CHECKING:
    from groundglass.imaging.exposure_tools import Spot
    from groundglass.imaging.focus import PeakHold

_PAD_PX, _VALUE_PX, _ROW_PX, _BAR_PX = 8, 34, 18, 10
_WIDTH_PX = 216
_LETTER_PX = 4  # between a letter and its figure
_ABOVE_CAPTION_PX = 8


class SpotReadout(QWidget):
    """Keeps its size whatever it reads; opaque, so a live picture does not repaint it."""

    def __init__(self, theme: Theme, picture: PictureView) -> None:
        super().__init__(picture)
        self._picture = picture
        self._theme = theme
        self._spot: Spot | None = None
        self._hold: PeakHold | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Spot meter")
        self.resize(self.sizeHint())
        self.hide()

    @property
    def words(self) -> tuple[str, str, str]:
        """Return the EV, the 8-bit values and the focus in words; empty where there is none."""
        if self._spot is None:
            return "\N{EN DASH}", "", ""
        spot = self._spot
        if math.isinf(spot.ev):
            ev = "no light"
        else:
            more = "\N{GREATER-THAN OR EQUAL TO} " if spot.clipped_share > 0 else ""
            ev = f"{more}{signed(spot.ev)} EV"
        values = f"R {spot.red:3.0f}   G {spot.green:3.0f}   B {spot.blue:3.0f}"
        if self._hold is None:
            return ev, values, ""
        return ev, values, "Sharpest" if self._hold.is_at_peak else f"Focus {100 * self._hold.share:.0f} %"

    def show_reading(self, spot: Spot | None, hold: PeakHold | None) -> None:
        """Show a reading. hold: the focus score; None: not of a still, for nothing moves there."""
        self._spot, self._hold = spot, hold
        self.setAccessibleDescription(" ".join(self.words).strip())
        self.update()

    def place(self) -> None:
        """Stand at the left, above the picture's name."""
        self.move(MARGIN_PX, int(self._picture.foot_top) - _ABOVE_CAPTION_PX - self.height())

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX, 2 * _PAD_PX + _VALUE_PX + 2 * _ROW_PX + _BAR_PX + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.panel))
        ev, _, focus = self.words
        text, quiet = QColor(self._theme.text), QColor(self._theme.quiet)
        room = self.width() - 2 * _PAD_PX
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(value_font())
        painter.setPen(text)
        painter.drawText(QRectF(_PAD_PX, _PAD_PX, room, _VALUE_PX), right, ev)
        painter.setFont(body_font())
        top = _PAD_PX + _VALUE_PX
        if self._spot is not None:
            # Each in a place of its own: figures do not shift when one of them gets shorter. Its letter
            # is nearer to it than the figure before.
            figures = painter.fontMetrics()
            width = figures.horizontalAdvance("G") + _LETTER_PX + figures.horizontalAdvance("255") + 1
            numbers = (self._spot.red, self._spot.green, self._spot.blue)
            for at, (letter, number) in enumerate(zip("RGB", numbers, strict=True)):
                # The last ends where the value above ends.
                place = QRectF(_PAD_PX + at * (room - width) / 2, top, width, _ROW_PX)
                painter.setPen(quiet)
                painter.drawText(place, left, letter)
                painter.setPen(text)
                painter.drawText(place, right, f"{number:.0f}")
        if self._hold is not None:
            top += _ROW_PX + 2
            painter.setFont(small_font())
            painter.setPen(text if self._hold.is_at_peak else quiet)
            painter.drawText(QRectF(_PAD_PX, top, room, _ROW_PX), left, focus)
            bar = QRectF(_PAD_PX, top + _ROW_PX, room, _BAR_PX)
            painter.fillRect(bar, QColor(self._theme.raised))
            is_best = self._hold.is_at_peak
            lit = QRectF(bar.left(), bar.top(), room * min(self._hold.share, 1.0), _BAR_PX)
            painter.fillRect(lit, QColor(self._theme.accent if is_best else self._theme.quiet))
            # The best that was seen stands at the right end.
            painter.fillRect(QRectF(bar.right() - 2, bar.top() - 2, 2, _BAR_PX + 4), text)
        painter.end()

"""Words over the picture: why it is dimmed, its name, the tools in its corner, lines at its head."""

from __future__ import annotations

import math

from msgspec import Struct
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap

from groundglass.desktop.theme import MARGIN_PX, Theme, body_font, value_font
from groundglass.desktop.widgets.picture_place import band_start

# How much of the surround covers a picture that is not live: words can be read even over white.
DIM = 0.72
_HEIGHT_PX = 24
_ROW_PX = 28
_BESIDE_PX = 8  # at both ends
_MOST_BANDS = 16
GAP = "   "  # between a name, its marks and what to do
_LEAST_NAME_PX = 96


class Notice(Struct, frozen=True):
    """Words over a dimmed picture: what it is, and what is being done."""

    title: str
    words: str = ""


class PictureWords(Struct, frozen=True):
    """All that is said over the picture; empty: nothing."""

    notice: Notice | None = None
    caption: str = ""
    tools: str = ""  # that are painted into it
    magnified: str = ""
    lines: tuple[str, ...] = ()

    def corner(self, blend: str, level: str, *, is_zoomed: bool) -> str:
        """Return what is painted into the picture, or done to it.

        blend: how it meets what is laid over it.  level: its fine angle.
        """
        painted = () if is_zoomed else (self.magnified, self.tools, blend)
        return GAP.join(words for words in (*painted, level) if words)


class Bands:
    """Words on a ground of their own, each drawn once: a live picture is painted thirty times a second."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._drawn: dict[tuple[str, int, float, str, str], QPixmap] = {}

    def of(self, words: str, view_px: int, ratio: float) -> QPixmap:
        """Return words, cut to a view's width in window pixels; the theme may have become another."""
        room_px = view_px - 2 * MARGIN_PX
        key = (words, room_px, ratio, self._theme.surround, self._theme.text)
        band = self._drawn.get(key)
        if band is None:
            if len(self._drawn) >= _MOST_BANDS:
                self._drawn.clear()
            band = self._drawn[key] = self._draw(words, room_px, ratio)
        return band

    def _draw(self, words: str, room_px: int, ratio: float) -> QPixmap:
        figures = QFontMetrics(body_font())
        words = fitting(words, figures, room_px - 2 * _BESIDE_PX)
        width = figures.horizontalAdvance(words) + 2 * _BESIDE_PX
        band = QPixmap(QSize(math.ceil(width * ratio), math.ceil(_HEIGHT_PX * ratio)))
        band.setDevicePixelRatio(ratio)
        ground = QColor(self._theme.surround)
        ground.setAlphaF(0.8)
        band.fill(ground)
        painter = QPainter(band)
        painter.setFont(body_font())
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QRectF(0, 0, width, _HEIGHT_PX), Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
        return band


def fitting(words: str, figures: QFontMetrics, room_px: int) -> str:
    """Return words cut to a room. A name begins them and loses its middle, so that its marks stay.

    What stands last says least: without room for both it goes.
    """
    name, *others = words.split(GAP)
    while others:
        behind = GAP.join(("", *others))
        room_for_name = room_px - figures.horizontalAdvance(behind)
        if room_for_name >= min(_LEAST_NAME_PX, figures.horizontalAdvance(name)):
            return figures.elidedText(name, Qt.TextElideMode.ElideMiddle, room_for_name) + behind
        others.pop()
    return figures.elidedText(name, Qt.TextElideMode.ElideMiddle, room_px)


def foot_top(whole: QRectF, picture: QRectF) -> float:
    """Return where the words at the foot of a view begin, from above; picture: where it lies in the view."""
    below = band_start(whole.bottom() - picture.bottom(), _HEIGHT_PX, whole.height())
    return whole.bottom() - below - _HEIGHT_PX


def foot_row(whole: QRect, picture: QRectF) -> QRect:
    """Return the row of a view in which those words lie, on whole pixels."""
    top = math.floor(foot_top(QRectF(whole), picture)) - 1
    return QRect(whole.left(), top, whole.width(), _HEIGHT_PX + 3)


class WordsPainter(Struct, frozen=True):
    """Paints words into a view. whole: all of it; picture: where the picture lies in it, window pixels."""

    painter: QPainter
    theme: Theme
    bands: Bands
    whole: QRect
    picture: QRectF

    def paint_foot(self, words: PictureWords, corner: str, *, is_over_picture: bool) -> None:
        """Paint the notice, the name, and what stands in the other corner."""
        if words.notice is not None:
            self._paint_notice(words.notice, is_over_picture=is_over_picture)
        if words.caption:
            self._paint(words.caption)
        if corner:
            self._paint(corner, at_right=True)

    def paint_head(self, words: PictureWords, covered_px: int) -> None:
        """Paint the lines at the top, below what is covered there."""
        for row, line in enumerate(words.lines):
            self._paint(line, top_px=covered_px + MARGIN_PX + row * _ROW_PX)

    def _paint_notice(self, notice: Notice, *, is_over_picture: bool) -> None:
        painter, whole = self.painter, self.whole
        if is_over_picture:
            veil = QColor(self.theme.surround)
            veil.setAlphaF(DIM)
            painter.fillRect(whole, veil)
        painter.setPen(QColor(self.theme.text))
        painter.setFont(value_font())
        middle = QRectF(MARGIN_PX, whole.height() / 2 - 44, whole.width() - 2 * MARGIN_PX, 44)
        painter.drawText(middle, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, notice.title)
        painter.setFont(body_font())
        below = QRectF(MARGIN_PX, whole.height() / 2 + 4, whole.width() - 2 * MARGIN_PX, 60)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(below, int(flags), notice.words)

    def _paint(self, words: str, *, at_right: bool = False, top_px: float | None = None) -> None:
        whole, shown = QRectF(self.whole), self.picture
        ratio = self.painter.device().devicePixelRatioF()
        band = self.bands.of(words, self.whole.width(), ratio)
        width = band.width() / ratio
        if at_right:
            left = whole.right() - band_start(whole.right() - shown.right(), width, whole.width()) - width
        else:
            left = band_start(shown.left(), width, whole.width())
        if top_px is None:
            top_px = foot_top(whole, shown)
        # On whole pixels of the screen: only there it is copied.
        self.painter.drawPixmap(QPointF(round(left * ratio) / ratio, round(top_px * ratio) / ratio), band)

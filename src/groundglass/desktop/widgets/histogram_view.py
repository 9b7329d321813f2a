"""The histogram: always at the same place, and as wide as the panel that it stands in.

Longer than most modules by what is painted around the pixels that others draw: scope, clipping, thresholds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import tell_key
from groundglass.desktop.picture_tools import LINE_SHARE, Graph, GraphStyle
from groundglass.desktop.pixels import as_image
from groundglass.desktop.theme import DARK, Theme, body_font
from groundglass.model.words import NOTABLE_SHARE, share_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from groundglass.imaging.exposure_tools import Clipping
    from groundglass.imaging.histogram import Histogram

WIDTH_PX, GRAPH_PX, FOOT_PX = 216, 112, 24  # at least so wide
# The channels are added as light, which needs a dark ground in every theme. All are greys.
_GROUND, _QUARTERS, _BEFORE = (QColor(one).red() for one in (DARK.surround, DARK.quiet, DARK.text))
_WHEEL_CLICK = 120  # eighths of a degree; trackpads and fine wheels send parts of it

_Lit = tuple[bool, ...]  # which of red, green and blue clip


class HistogramView(QWidget):
    """Shows the channels added as light, the clipped shares in the corners, the frame before as a line."""

    clipping_clicked = Signal()
    threshold_turned = Signal(bool, int)  # of the highlights, else of the shadows; steps up
    style_changed = Signal()  # of the graph

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._histogram: Histogram | None = None
        self._clipping: Clipping | None = None
        self._before: Histogram | None = None
        self._is_logarithmic = False
        self._is_dimmed = False
        self._shows_clipping = False
        self._graph: Graph | None = None
        self._scope: NDArray[np.uint8] | None = None
        self._thresholds = (0, 255)
        self._turned = {False: 0, True: 0}  # less than a click, of the shadows and of the highlights
        self._line: Graph | None = None  # of the picture before
        self._foot_painted: tuple[tuple[str, _Lit | None], ...] = ()
        self.setFixedHeight(GRAPH_PX + FOOT_PX)
        self.setMinimumWidth(WIDTH_PX)
        self.resize(WIDTH_PX, GRAPH_PX + FOOT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Histogram")
        more = "\nWheel over a share: from which value on it counts as clipped"
        tell_key(self, "Linear or logarithmic", ActionId.HISTOGRAM_SCALE, more)

    @property
    def is_logarithmic(self) -> bool:
        return self._is_logarithmic

    @property
    def is_dimmed(self) -> bool:
        return self._is_dimmed

    @property
    def histogram(self) -> Histogram | None:
        return self._histogram

    @property
    def graph_style(self) -> GraphStyle:
        """Return how the graph is drawn now, for whoever draws it on another thread."""
        line_px = max(round(self.devicePixelRatioF()), 1)
        return GraphStyle(self.scope_size(), self._is_logarithmic, _GROUND, _QUARTERS, line_px, _BEFORE)

    def show_histogram(
        self, histogram: Histogram | None, clipping: Clipping | None, graph: Graph | None = None
    ) -> None:
        """Show the figures of a picture; None: there are none.  graph: drawn from them already."""
        self._histogram = histogram
        self._clipping = clipping
        if histogram is not None and self._thresholds != (0, 255):
            self._clip_by_thresholds(histogram)
        self._graph = graph
        self._update_graph()

    def show_scope(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show a waveform or parade in the graph's place; None: the histogram. pixels: of its size."""
        self._scope = pixels
        self._update_graph()

    def set_thresholds(self, low: int, high: int) -> None:
        """Count values at or below `low`, and at or above `high`, as clipped."""
        self._thresholds = (low, high)
        if self._histogram is not None:
            self._clip_by_thresholds(self._histogram)
        self.update()

    def scope_size(self) -> tuple[int, int]:
        """Return width and height of the graph in device pixels."""
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(GRAPH_PX * ratio)

    def _clip_by_thresholds(self, histogram: Histogram) -> None:
        from groundglass.imaging.exposure_tools import clipping  # numpy is loaded by now

        self._clipping = clipping(histogram, *self._thresholds)

    @property
    def before(self) -> Histogram | None:
        """Return of which picture the line is; None: there is none."""
        return self._before

    def show_before(self, histogram: Histogram | None, outline: Graph | None = None) -> None:
        """Draw the picture before as a thin line.  outline: drawn from it already."""
        self._before = histogram
        self._line = outline
        self._update_graph()

    def _update_graph(self) -> None:
        """Paint the graph anew, and the foot if it says something else: that is seldom."""
        self.update(0, 0, self.width(), GRAPH_PX)
        if self._foot() != self._foot_painted:
            self.update(0, GRAPH_PX, self.width(), FOOT_PX)

    def set_logarithmic(self, logarithmic: bool) -> None:
        self._is_logarithmic = logarithmic
        self.update()
        self.style_changed.emit()

    def set_dimmed(self, dimmed: bool) -> None:
        """Fade figures that belong to something that is no longer there."""
        if dimmed != self._is_dimmed:
            self._is_dimmed = dimmed
            self.update()

    def show_clipping_marked(self, marked: bool) -> None:
        """Tell by the triangles whether the picture has its clipped parts striped."""
        self._shows_clipping = marked
        self.update()

    def clipped_text(self) -> tuple[str, str]:
        """Return the clipped shares of shadows and highlights in percent."""
        if self._clipping is None:
            return "\N{EN DASH}", "\N{EN DASH}"
        low, high = self._thresholds
        shadows, highlights = self._clipping.worst_shadow, self._clipping.worst_highlight
        under = f"  \N{LESS-THAN OR EQUAL TO}{low}" if low > 0 else ""
        over = f"\N{GREATER-THAN OR EQUAL TO}{high}  " if high < 255 else ""
        return f"{share_words(shadows)}{under}", f"{over}{share_words(highlights)}"

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.style_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.position().y() < GRAPH_PX:
            return
        is_high = event.position().x() >= self.width() / 2
        self._turned[is_high] += event.angleDelta().y()
        clicks = int(self._turned[is_high] / _WHEEL_CLICK)
        if clicks:
            self._turned[is_high] -= clicks * _WHEEL_CLICK
            self.threshold_turned.emit(is_high, clicks)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and event.position().y() >= GRAPH_PX:
            self.clipping_clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if event.rect().top() < GRAPH_PX:
            graph = QRect(0, 0, self.width(), GRAPH_PX)
            painter.fillRect(graph, QColor(DARK.surround))
            if self._scope is not None:
                self._paint_scope(painter, self._scope)
            else:
                self._paint_graph(painter)
                self._paint_before(painter)
            if self._is_dimmed:
                veil = QColor(DARK.surround)
                veil.setAlphaF(0.66)
                painter.fillRect(graph, veil)
        if event.rect().bottom() >= GRAPH_PX:
            painter.fillRect(QRect(0, GRAPH_PX, self.width(), FOOT_PX), QColor(self._theme.panel))
            self._paint_foot(painter)
        painter.end()

    def _paint_graph(self, painter: QPainter) -> None:
        if self._histogram is None:
            self._paint_quarters(painter)
            return
        style = self.graph_style
        if self._graph is None or self._graph.style != style:
            from groundglass.desktop.widgets.histogram_raster import draw_graph  # loads numpy

            self._graph = Graph(style, draw_graph(self._histogram, style))
        self._paint_pixels(painter, as_image(self._graph.pixels))

    def _paint_scope(self, painter: QPainter, scope: NDArray[np.uint8]) -> None:
        """Draw a scope with lines at the quarters of its values."""
        ratio = self.devicePixelRatioF()
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        # One that was drawn for another width is stretched until the next comes.
        whole = QRectF(0, 0, round(self.width() * ratio), round(GRAPH_PX * ratio))
        painter.drawImage(whole, as_image(scope))
        painter.restore()
        line = QColor(DARK.quiet)
        line.setAlphaF(0.3)
        for quarter in (1, 2, 3):
            painter.fillRect(QRectF(0, quarter * GRAPH_PX // 4, self.width(), 1), line)

    def _paint_quarters(self, painter: QPainter) -> None:
        line = QColor(DARK.quiet)
        line.setAlphaF(LINE_SHARE)
        for quarter in (1, 2, 3):
            painter.fillRect(QRectF(quarter * self.width() // 4, 0, 1, GRAPH_PX), line)

    def _paint_before(self, painter: QPainter) -> None:
        if self._before is None:
            return
        style = self.graph_style
        if self._line is None or self._line.style != style:
            from groundglass.desktop.widgets.histogram_raster import draw_line  # loads numpy

            self._line = Graph(style, draw_line(self._before.luma, style))
        self._paint_pixels(painter, as_image(self._line.pixels, QImage.Format.Format_ARGB32_Premultiplied))

    def _paint_pixels(self, painter: QPainter, image: QImage) -> None:
        """Paint pixels of the graph's size one to one."""
        ratio = self.devicePixelRatioF()
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(0, 0, image)
        painter.restore()

    def _paint_foot(self, painter: QPainter) -> None:
        painter.setFont(body_font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = GRAPH_PX + FOOT_PX / 2
        self._foot_painted = self._foot()
        for side, (text, light) in enumerate(self._foot_painted):
            self._paint_triangle(painter, side, middle, light)
            painter.setPen(QColor(self._theme.quiet if light is None else self._theme.text))
            left = 16 if side == 0 else self.width() / 2
            place = QRectF(left, GRAPH_PX, self.width() / 2 - 16, FOOT_PX)
            align = Qt.AlignmentFlag.AlignLeft if side == 0 else Qt.AlignmentFlag.AlignRight
            painter.drawText(place, int(align | Qt.AlignmentFlag.AlignVCenter), text)

    def _foot(self) -> tuple[tuple[str, _Lit | None], ...]:
        """Return for shadows and highlights what is said, and which channels clip notably; None: none."""
        clipping = self._clipping
        shares = (clipping.shadows, clipping.highlights) if clipping and not self._is_dimmed else ((), ())
        lights = (tuple(one >= NOTABLE_SHARE for one in share) for share in shares)
        return tuple(
            (text, light if any(light) else None)
            for text, light in zip(self.clipped_text(), lights, strict=True)
        )

    def _paint_triangle(self, painter: QPainter, side: int, middle: float, lit: _Lit | None) -> None:
        """Draw a corner's triangle in the light of the channels that clip."""
        edge = 0.5 if side == 0 else self.width() - 0.5
        inner = edge + 9 if side == 0 else edge - 9
        triangle = QPolygonF(
            [QPointF(edge, middle - 4.5), QPointF(edge, middle + 4.5), QPointF(inner, middle + 4.5)]
        )
        colour = QColor(self._theme.quiet)
        if lit is not None:
            # All channels at once are white, which would not be seen on a light panel.
            light = [LIT if one else UNLIT for one in lit]
            colour = QColor(self._theme.text) if all(lit) else QColor(*light)
        if self._shows_clipping:
            colour = QColor(self._theme.accent)
        painter.setPen(QPen(QColor(self._theme.quiet) if lit is not None else colour, 1))
        painter.setBrush(colour if lit is not None or self._shows_clipping else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(triangle)


LIT, UNLIT = 0xE0, 0x50

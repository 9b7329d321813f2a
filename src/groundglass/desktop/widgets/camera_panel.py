"""The left panel: histogram, exposure, live and release, each always at the same place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import tell_key
from groundglass.desktop.picture_tools import Scope
from groundglass.desktop.theme import HEADING_PX, MARGIN_PX, PANEL_WIDTH_PX, Theme
from groundglass.desktop.widgets.buttons import Button, LiveButton, ReleaseButton
from groundglass.desktop.widgets.exposure_panel import ExposurePanel
from groundglass.desktop.widgets.histogram_view import HistogramView
from groundglass.desktop.widgets.lines import Heading, Line, TwoLines
from groundglass.desktop.widgets.raw_histogram_view import RawHistogramView


class CameraPanel(QWidget):
    """A column of 240 px or more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scope = Scope.HISTOGRAM
        self.setFixedWidth(PANEL_WIDTH_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.histogram = HistogramView(theme)
        self.raw_histogram = RawHistogramView(theme)
        self.heading = Heading("Histogram")
        self.heading.setFixedHeight(HEADING_PX)
        place = QWidget()
        place.setFixedHeight(self.histogram.height())
        self._histograms = QStackedLayout(place)
        self._histograms.addWidget(self.histogram)
        self._histograms.addWidget(self.raw_histogram)
        self.offer = Button("", theme, height_px=20)
        self.offer.setAccessibleName("Use the offered setting")
        self.offer.setEnabled(False)
        self.headroom = TwoLines()
        self.headroom.setAccessibleName("RAW headroom")
        self.exposure = ExposurePanel(theme)
        self.live = LiveButton(theme)
        tell_key(self.live, "Live view on or off", ActionId.LIVE)
        self.release = ReleaseButton(theme)
        tell_key(self.release, "Release the shutter", ActionId.RELEASE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, MARGIN_PX)
        column.setSpacing(0)
        column.addLayout(_inset(self.heading))
        column.addLayout(_inset(place))
        column.addSpacing(4)
        column.addLayout(_inset(self.headroom))
        column.addLayout(_inset(self.offer))
        column.addSpacing(4)
        column.addWidget(Line(theme))
        column.addSpacing(4)
        column.addWidget(self.exposure)
        column.addStretch(1)
        column.addWidget(Line(theme))
        column.addSpacing(MARGIN_PX)
        column.addLayout(_inset(self.live))
        column.addSpacing(8)
        column.addLayout(_inset(self.release))

    @property
    def shows_raw(self) -> bool:
        """Tell whether the RAW histogram stands in the histogram's place."""
        return self._histograms.currentWidget() is self.raw_histogram

    def toggle_raw_histogram(self) -> None:
        """Show the RAW histogram in the place of the other, or that again."""
        shown = self.histogram if self.shows_raw else self.raw_histogram
        self._histograms.setCurrentWidget(shown)
        self._name()

    def name_histogram(self, scope: Scope) -> None:
        """Say over the histogram's place what stands in it."""
        self._scope = scope
        self._name()

    def _name(self) -> None:
        words = f"{self._scope}"
        self.heading.setText("RAW histogram" if self.shows_raw else f"{words[0].upper()}{words[1:]}")

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Draw both histograms linear or logarithmic."""
        self.histogram.set_logarithmic(logarithmic)
        self.raw_histogram.set_logarithmic(logarithmic)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.panel))
        painter.end()


def _inset(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 0)
    row.addWidget(widget)
    return row

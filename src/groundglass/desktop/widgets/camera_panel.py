"""The left panel: histogram, exposure, live and release, each always at the same place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from groundglass.desktop.actions import ActionId, with_key
from groundglass.desktop.theme import MARGIN_PX, PANEL_WIDTH_PX, Theme
from groundglass.desktop.widgets.buttons import LiveButton, ReleaseButton
from groundglass.desktop.widgets.exposure_panel import ExposurePanel
from groundglass.desktop.widgets.histogram_view import HistogramView
from groundglass.desktop.widgets.lines import Heading, Line, TwoLines


class CameraPanel(QWidget):
    """A column of 240 px."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedWidth(PANEL_WIDTH_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.histogram = HistogramView(theme)
        self.headroom = TwoLines()
        self.headroom.setAccessibleName("RAW headroom")
        self.exposure = ExposurePanel(theme)
        self.live = LiveButton(theme)
        self.live.setToolTip(with_key("Live view on or off", ActionId.LIVE))
        self.release = ReleaseButton(theme)
        self.release.setToolTip(with_key("Release the shutter", ActionId.RELEASE))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, MARGIN_PX, 0, MARGIN_PX)
        column.setSpacing(0)
        column.addLayout(_inset(Heading("Histogram")))
        column.addSpacing(8)
        column.addLayout(_inset(self.histogram))
        column.addSpacing(4)
        column.addLayout(_inset(self.headroom))
        column.addSpacing(4)
        column.addWidget(Line(theme))
        column.addSpacing(8)
        column.addWidget(self.exposure)
        column.addStretch(1)
        column.addWidget(Line(theme))
        column.addSpacing(MARGIN_PX)
        column.addLayout(_inset(self.live))
        column.addSpacing(8)
        column.addLayout(_inset(self.release))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.panel))
        painter.end()


def _inset(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 0)
    row.addWidget(widget)
    return row

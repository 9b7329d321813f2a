"""The parts of the window and their places; what they do is the business of `main_window`."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from groundglass.desktop.distance import LargeValues
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.banner import Banner
from groundglass.desktop.widgets.camera_panel import CameraPanel
from groundglass.desktop.widgets.color_legend import ColorLegend
from groundglass.desktop.widgets.compare_view import CompareView
from groundglass.desktop.widgets.empty_state import EmptyState
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.desktop.widgets.help_overlay import HelpOverlay
from groundglass.desktop.widgets.inset import Inset
from groundglass.desktop.widgets.light_table import LightTable
from groundglass.desktop.widgets.lines import Line
from groundglass.desktop.widgets.picture_chip import PictureChip
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.desktop.widgets.side_panel import SidePanel
from groundglass.desktop.widgets.spot_readout import SpotReadout
from groundglass.desktop.widgets.status_line import StatusLine, TransferBar


class WindowLayout(QWidget):
    """The picture as large as it can be, the camera at its left, the session at its right, the film below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("Groundglass")
        self.status_line = StatusLine(theme)
        self.panel = CameraPanel(theme)
        self.side = SidePanel(theme)
        self.picture = PictureView(theme)
        self.large_values = LargeValues(theme)
        self.film = FilmstripModel(self)
        self.filmstrip = Filmstrip(self.film, theme)
        self.light_table = LightTable(self.film, self.filmstrip, theme, self.picture)
        self.compare = CompareView(theme, self.picture)
        self.legend = ColorLegend(theme, self.picture)
        self.spot_readout = SpotReadout(theme, self.picture)
        self.inset = Inset(theme, self.picture)
        self.frozen_chip = PictureChip(theme, self.picture)
        self.banner = Banner(theme, self.picture)
        self.banner.covering.connect(self.picture.cover_head)
        self.light_table.laid.connect(self.banner.raise_)
        self.compare.laid.connect(self.banner.raise_)
        self.empty = EmptyState(theme, self.picture)
        self.help = HelpOverlay(theme, self)
        self.picture.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.picture.resized.connect(self._lay_over_picture)
        self.transfer_bar = TransferBar(theme)
        beside_panel, beside_side = Line(theme, upright=True), Line(theme, upright=True)
        self._panels: tuple[QWidget, ...] = (self.panel, beside_panel, self.filmstrip)
        self._side_parts: tuple[QWidget, ...] = (beside_side, self.side)
        self._status_parts: tuple[QWidget, ...] = (self.status_line, self.transfer_bar)
        self._is_picture_only = False
        self._has_panels = True

        middle = _column()
        middle.addWidget(self.picture, 1)
        middle.addWidget(self.large_values)
        middle.addWidget(self.filmstrip)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.panel)
        below.addWidget(beside_panel)
        below.addLayout(middle, 1)
        below.addWidget(beside_side)
        below.addWidget(self.side)
        column = _column(self)
        column.addWidget(self.status_line)
        column.addWidget(self.transfer_bar)
        column.addLayout(below, 1)
        self.show_parts()

    @property
    def is_picture_only(self) -> bool:
        return self._is_picture_only

    def toggle_picture_only(self) -> None:
        """Fill the screen with the picture, or bring everything back."""
        self._is_picture_only = not self._is_picture_only
        if self._is_picture_only:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowFullScreen)
        else:
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)
        self.show_parts()

    def toggle_panels(self) -> None:
        """Hide or show the panel and the film; the status line stays."""
        if self._is_picture_only:
            self.toggle_picture_only()
        self._has_panels = not self._has_panels
        self.show_parts()

    @property
    def has_panels(self) -> bool:
        """Tell whether the panels are wanted, whether the picture fills the screen now or not."""
        return self._has_panels

    def show_panels(self, has_panels: bool) -> None:
        self._has_panels = has_panels
        self.show_parts()

    def bring_panels(self) -> None:
        """Show the panels, whatever hides them."""
        if self._is_picture_only:
            self.toggle_picture_only()
        self.show_panels(True)

    def bring_section(self, title: str, part: QWidget) -> None:
        """Show a part of a section of the right panel, whatever hides it."""
        if not self.side.isVisible():
            self.bring_panels()
        self.side.show_section(title, part)

    def toggle_help(self) -> None:
        self.help.setGeometry(self.rect())
        self.help.setVisible(not self.help.isVisible())
        self.help.raise_()

    def sizeHint(self) -> QSize:
        return QSize(1280, 800)

    def minimumSizeHint(self) -> QSize:
        return QSize(880, 680)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.help.setGeometry(self.rect())

    def _lay_over_picture(self) -> None:
        self.banner.setGeometry(0, 0, self.picture.width(), self.banner.height())
        self.empty.setGeometry(self.picture.rect())
        self.legend.place()
        self.spot_readout.place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.picture.announce_size()
            self.film.forget_thumbnails()

    def show_parts(self) -> None:
        """Show the parts that are wanted now; a right panel without sections is none."""
        has_panels = self._has_panels and not self._is_picture_only
        for part in self._panels:
            part.setVisible(has_panels)
        for part in self._side_parts:
            part.setVisible(has_panels and not self.side.is_empty)
        for part in self._status_parts:
            part.setVisible(not self._is_picture_only)
        if self.isVisible() and (self.focusWidget() is None or not self.focusWidget().isVisible()):
            self.picture.setFocus()


def _column(parent: QWidget | None = None) -> QVBoxLayout:
    column = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column

"""Which tools are painted into the picture: clipping, peaking, false colour with its legend."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QObject

from groundglass.desktop.actions import ActionId
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.picture_tools import PictureTools
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.camera_panel import CameraPanel
from groundglass.desktop.widgets.color_legend import ColorLegend
from groundglass.desktop.widgets.picture_view import PictureView


class ToolChoosing(Part):
    """Keeps what was chosen, for live pictures and shots alike. User-interface thread; paints nothing."""

    def __init__(
        self,
        viewing: Viewing,
        picture: PictureView,
        panel: CameraPanel,
        legend: ColorLegend,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._viewing, self._picture, self._panel, self._legend = viewing, picture, panel, legend
        self._tools = PictureTools()
        panel.histogram.clipping_clicked.connect(self._toggle_clipping)
        picture.zoom_changed.connect(self._show_legend)
        viewing.changed.connect(self._show_legend)

    @property
    def tools(self) -> PictureTools:
        return self._tools

    def deeds(self) -> Deeds:
        return {
            ActionId.CLIPPING: self._toggle_clipping,
            ActionId.PEAKING: lambda: self.use(replace(self._tools, peaking=self._tools.peaking.following)),
            ActionId.FALSE_COLOR: lambda: self.use(
                replace(self._tools, false_color=not self._tools.false_color)
            ),
            ActionId.HISTOGRAM_SCALE: lambda: self._panel.set_logarithmic(
                not self._panel.histogram.is_logarithmic
            ),
        }

    def use(self, tools: PictureTools) -> None:
        """Paint these into the picture from now on."""
        self._tools = tools
        self._panel.histogram.set_thresholds(tools.low, tools.high)
        self._panel.histogram.show_clipping_marked(tools.clipping)
        self._viewing.show_tools(tools)
        self._show_legend()

    def change(self, change: Callable[[PictureTools], PictureTools]) -> None:
        """Paint what a change makes of those that are chosen."""
        self.use(change(self._tools))

    def _toggle_clipping(self) -> None:
        self.use(replace(self._tools, clipping=not self._tools.clipping))

    def _show_legend(self) -> None:
        """Explain the false colours while they are to be seen."""
        wears_them = self._tools.false_color and not self._viewing.is_empty and not self._picture.is_zoomed
        self._legend.set_shown(wears_them)

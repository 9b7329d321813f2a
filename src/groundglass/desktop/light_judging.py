"""Spot meter, focus bar, scopes, flicker, and the closer look at the live picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from groundglass.desktop.actions import ActionId
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.picture_scaler import WHOLE, FittedPicture, Window
from groundglass.desktop.picture_tools import Judging, PictureTools, Scope
from groundglass.desktop.running_figures import RunningFigures
from groundglass.desktop.spot_place import moved, spot_area
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.camera_panel import CameraPanel
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.desktop.widgets.spot_readout import SpotReadout

if TYPE_CHECKING:
    from groundglass.imaging.focus import PeakHold

# How close the live picture is seen at 100 % and at 200 % of a still: its frames have few pixels.
_LIVE_ZOOM = {0: 1, 1: 2, 2: 4}


class LightJudging(Part):
    """Asks for what is measured beside the histogram, and shows it. User-interface thread; measures nothing.

    change_tools: changes what is painted into the picture.
    """

    def __init__(
        self,
        viewing: Viewing,
        picture: PictureView,
        panel: CameraPanel,
        readout: SpotReadout,
        change_tools: Callable[[Callable[[PictureTools], PictureTools]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._viewing, self._picture, self._panel, self._readout = viewing, picture, panel, readout
        self._change_tools = change_tools
        self._judging = Judging()
        self._last_spot = (0.5, 0.5)
        self._window: Window = WHOLE
        self._aspect = 1.5
        self._hold: PeakHold | None = None
        self._figures = RunningFigures()
        self._shows_figures = False
        self._flicker = ""
        picture.clicked.connect(self._place_under)
        picture.zoom_changed.connect(self._look_closer)
        viewing.judged.connect(self._take)
        viewing.changed.connect(self._begin_anew)
        panel.histogram.threshold_turned.connect(self._turn_threshold)

    @property
    def spot(self) -> tuple[float, float] | None:
        """Return where the spot lies in the whole picture, 0 to 1 each way; None while it is off."""
        return self._judging.spot

    @property
    def scope(self) -> Scope:
        return self._judging.scope

    def deeds(self) -> Deeds:
        return {
            ActionId.SPOT: self.toggle_spot,
            ActionId.SPOT_LEFT: lambda: self._move(-1, 0),
            ActionId.SPOT_RIGHT: lambda: self._move(1, 0),
            ActionId.SPOT_UP: lambda: self._move(0, -1),
            ActionId.SPOT_DOWN: lambda: self._move(0, 1),
            ActionId.FOCUS_BEST: self.forget_best,
            ActionId.SCOPE: self.step_scope,
            ActionId.PEAKING_COLOR: lambda: self._change_tools(
                lambda tools: replace(tools, ink=tools.ink.following)
            ),
            ActionId.FIGURES: self.toggle_figures,
        }

    def toggle_spot(self) -> None:
        """Lay the spot where it was last, or take it away."""
        self._place(self._last_spot if self.spot is None else None)

    def forget_best(self) -> None:
        """Begin the focus bar anew: another subject."""
        self._hold = None

    def step_scope(self) -> None:
        """Go on from the histogram to the waveform, the RGB parade and back."""
        if self._panel.shows_raw:
            self._panel.toggle_raw_histogram()
            return
        self.show_scope(self.scope.following)

    def show_scope(self, scope: Scope) -> None:
        """Show this in the histogram's place."""
        self._ask(scope=scope, scope_size=self._panel.histogram.scope_size())
        if self.scope is Scope.HISTOGRAM:
            self._panel.histogram.show_scope(None)
        self._panel.name_histogram(self.scope)

    def toggle_figures(self) -> None:
        """Show or hide how the live view runs."""
        self._shows_figures = not self._shows_figures
        self._show_lines()

    def _place_under(self, x: float, y: float) -> None:
        left, top, right, bottom = self._window
        self._place((left + x * (right - left), top + y * (bottom - top)))

    def _move(self, across: int, down: int) -> None:
        self._place(moved(self.spot, across, down))

    def _place(self, spot: tuple[float, float] | None) -> None:
        self._last_spot = spot or self._last_spot
        self._hold = None
        centre = spot if spot is not None else self._judging.live_centre
        self._ask(spot=spot, live_centre=centre)
        self._frame_spot()
        if spot is None:
            self._readout.hide()

    def _look_closer(self) -> None:
        self._ask(
            live_zoom=_LIVE_ZOOM[self._picture.scale],
            live_centre=self.spot or self._picture.centre,
        )

    def _turn_threshold(self, is_high: bool, steps: int) -> None:
        def turned(tools: PictureTools) -> PictureTools:
            if is_high:
                return replace(tools, high=min(max(tools.high + steps, tools.low + 1), 255))
            return replace(tools, low=min(max(tools.low + steps, 0), tools.high - 1))

        self._change_tools(turned)

    def _ask(self, **changes: object) -> None:
        judging = replace(self._judging, **changes)  # type: ignore[arg-type]  # mypy: no names in a dict
        if judging != self._judging:
            self._judging = judging
            self._viewing.judge(judging)

    def _begin_anew(self) -> None:
        """Forget what was read of another picture."""
        self._hold = None
        self._figures = RunningFigures()
        self._readout.hide()
        self._picture.show_spot(None)
        self._picture.show_magnified(1)
        self._flicker = ""
        self._show_lines()
        if self._viewing.is_empty:
            self._panel.histogram.show_scope(None)

    def _take(self, fitted: FittedPicture) -> None:
        frame, reading = fitted.frame, fitted.reading
        height, width = fitted.image.shape[:2]
        left, top, right, bottom = self._window = fitted.window
        self._aspect = width / height * (bottom - top) / (right - left)
        self._frame_spot()
        if frame is not None:
            self._picture.show_magnified(round(1 / (right - left)))
            self._flicker = frame.flicker.words if frame.flicker else ""
            self._figures.put(frame, fitted, self._picture.paint_ms, time.monotonic())
            self._show_lines()
        if reading is None:
            return
        if reading.scope is not None and self.scope is not Scope.HISTOGRAM:
            self._panel.histogram.show_scope(reading.scope)
        if reading.spot is not None and self.spot is not None:
            if frame is not None and reading.focus is not None:
                from groundglass.imaging.focus import PeakHold  # OpenCV is loaded by now

                self._hold = (self._hold or PeakHold()).update(reading.focus)
            self._readout.show_reading(reading.spot, self._hold if frame is not None else None)
            self._readout.place()
            self._readout.setVisible(True)

    def _show_lines(self) -> None:
        figures = self._figures.words if self._shows_figures else ""
        self._picture.show_lines(tuple(line for line in (self._flicker, figures) if line))

    def _frame_spot(self) -> None:
        """Draw the spot where it lies in the part that is shown."""
        if self.spot is None:
            self._picture.show_spot(None)
            return
        left, top, right, bottom = self._window
        across, down = right - left, bottom - top
        area = spot_area(self.spot, self._aspect)
        shown = (
            (area[0] - left) / across,
            (area[1] - top) / down,
            (area[2] - left) / across,
            (area[3] - top) / down,
        )
        self._picture.show_spot(shown)

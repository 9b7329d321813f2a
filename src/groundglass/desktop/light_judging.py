"""Spot meter, focus bar, scopes, flicker, and the closer look at the live picture.

Longer than most modules: all of them come from one frame, and move together when the look moves closer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject

from groundglass.desktop.actions import ActionId
from groundglass.desktop.live_aim import LiveAim, Point, in_picture
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.picture_scaler import WHOLE, FittedPicture, Window
from groundglass.desktop.picture_tools import Judging, PictureTools, Scope
from groundglass.desktop.running_figures import RunningFigures
from groundglass.desktop.spot_place import FOCUS_WIDTH, PICK_WIDTH, SPOT_WIDTH, moved, spot_area
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.camera_panel import CameraPanel
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.desktop.widgets.spot_readout import SpotReadout
from groundglass.model.camera import LiveZoom

if TYPE_CHECKING:
    from groundglass.imaging.focus import PeakHold

# How close the live picture is seen at 100 % and at 200 % of a still: its frames have few pixels.
_LIVE_ZOOM = {0: 1, 1: 2, 2: 4}
_MIDDLE: Point = (0.5, 0.5)
_PAN = 0.25  # of the part that the body shows, for each press


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
        aim: LiveAim,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._viewing, self._picture, self._panel, self._readout = viewing, picture, panel, readout
        self._change_tools, self._aim = change_tools, aim
        self._judging = Judging()
        self._last_spot = (0.5, 0.5)
        self._window: Window = WHOLE
        self._aspect = 1.5
        self._hold: PeakHold | None = None
        self._figures = RunningFigures()
        self._shows_figures = False
        self._is_held = False  # a frozen frame is looked at, which no body magnifies
        self._flicker = ""
        picture.clicked.connect(self._place_under)
        picture.focus_wanted.connect(self._focus_under)
        picture.zoom_changed.connect(self._look_closer)
        aim.moved.connect(self._follow)
        aim.refused.connect(self._look_closer_here)
        aim.pointed.connect(self._frame_focus)
        viewing.judged.connect(self._take)
        viewing.changed.connect(self._begin_anew)
        panel.histogram.threshold_turned.connect(self._turn_threshold)
        panel.histogram.style_changed.connect(self._draw_scope_anew)

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
            ActionId.FOCUS_AT: self.focus_at_spot,
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

    def narrow_spot(self, is_pick: bool) -> None:
        """Make the spot small enough for one patch of a colour chart, or as it was."""
        self._ask(is_pick=is_pick)
        self._frame_spot()

    def focus_at_spot(self) -> None:
        """Let the body focus where the spot is, or was last, in the live picture."""
        self._aim.focus_at((self.spot or self._last_spot) if self._viewing.shows_live else None)

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

    def _draw_scope_anew(self) -> None:
        """Have a scope drawn at the size that its place has now."""
        if self.scope is not Scope.HISTOGRAM:
            self._ask(scope_size=self._panel.histogram.scope_size())

    def hold(self, is_held: bool) -> None:
        """Go closer here alone while a frozen frame is looked at, and as before when it is not any more."""
        self._is_held = is_held
        if not is_held and self._viewing.shows_live:
            self._look_closer()

    def toggle_figures(self) -> None:
        """Show or hide how the live view runs."""
        self._shows_figures = not self._shows_figures
        self._show_lines()

    def _place_under(self, x: float, y: float) -> None:
        self._place(self._in_whole(x, y))

    def _focus_under(self, x: float, y: float) -> None:
        self._aim.focus_at(self._in_whole(x, y) if self._viewing.shows_live else None)

    def _in_whole(self, x: float, y: float) -> Point:
        """Return the point of the whole picture that lies at a point of the part that is shown."""
        left, top, right, bottom = self._window
        return (left + x * (right - left), top + y * (bottom - top))

    def _move(self, across: int, down: int) -> None:
        is_moved = self._viewing.shows_live and not self._viewing.is_frozen and not self._aim.now.is_whole
        if is_moved and self.spot is None:
            self._aim.pan(across * _PAN, down * _PAN)
        else:
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
        """Go closer to the live picture: by the body where it can, which shows more, else here."""
        if self._viewing.shows_live and self._aim.magnifies and not self._is_held:
            self._aim.magnify(self._picture.scale, self.spot or self._what_was_aimed_at())
            self._ask(live_zoom=1)
        else:
            self._look_closer_here()

    def _what_was_aimed_at(self) -> Point | None:
        """Return the point under the wheel, else where the body focuses; None: what it shows already."""
        if not self._aim.now.is_whole:
            return None
        under = self._picture.centre
        return under if under != _MIDDLE else self._aim.focus_point or _MIDDLE

    def _look_closer_here(self) -> None:
        self._ask(
            live_zoom=_LIVE_ZOOM[self._picture.scale],
            live_centre=self.spot or self._picture.centre,
        )

    def _follow(self, before: LiveZoom, now: LiveZoom) -> None:
        """Keep the spot on the subject when the body shows another part of the frame."""
        if self.spot is not None:
            self._place(in_picture(now, before.in_frame(*self.spot)) or (0.5, 0.5))
        self._frame_focus()
        if now.is_whole and self._viewing.shows_live and not self._aim.is_busy:
            self._picture.set_zoomed(False)

    def _turn_threshold(self, is_high: bool, steps: int) -> None:
        def turned(tools: PictureTools) -> PictureTools:
            if is_high:
                return replace(tools, high=min(max(tools.high + steps, tools.low + 1), 255))
            return replace(tools, low=min(max(tools.low + steps, 0), tools.high - 1))

        self._change_tools(turned)

    def _ask(self, **changes: object) -> None:
        judging = replace(self._judging, **changes)
        if judging != self._judging:
            self._judging = judging
            self._viewing.judge(judging)

    def _begin_anew(self) -> None:
        """Forget what was read of another picture."""
        self._hold = None
        self._figures = RunningFigures()
        self._readout.hide()
        self._picture.show_spot(None)
        self._picture.show_magnified("")
        self._flicker = ""
        self._show_lines()
        self._frame_focus()
        if self._viewing.shows_live:
            self._look_closer()
        if self._viewing.is_empty:
            self._panel.histogram.show_scope(None)

    def _take(self, fitted: FittedPicture) -> None:
        frame, reading = fitted.frame, fitted.reading
        left, top, right, bottom = self._window = fitted.window
        self._aspect = fitted.aspect * (bottom - top) / (right - left)
        self._frame_spot()
        if frame is not None or self._viewing.is_frozen:
            self._picture.show_magnified(self._magnified(right - left))
            self._frame_focus()
        if frame is not None:
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
        figures = self._figures.lines if self._shows_figures else ()
        self._picture.show_lines(tuple(line for line in (self._flicker, *figures) if line))

    def _magnified(self, share: float) -> str:
        times = "\N{MULTIPLICATION SIGN}"
        if share < 1:
            return f"{round(1 / share)}{times} digital"
        return "" if self._aim.now.is_whole else f"{self._aim.now.power:.3g}{times} by the camera"

    def _frame_spot(self) -> None:
        """Draw the spot where it lies in the part that is shown."""
        width = PICK_WIDTH if self._judging.is_pick else SPOT_WIDTH
        area = spot_area(self.spot, self._aspect, width) if self.spot is not None else None
        self._picture.show_spot(area and self._in_window(area))

    def _frame_focus(self) -> None:
        """Draw where the body focuses, in the live picture."""
        point = self._aim.focus_point if self._viewing.shows_live else None
        area = spot_area(point, self._aspect, FOCUS_WIDTH) if point is not None else None
        self._picture.show_focus(area and self._in_window(area))

    def _in_window(self, area: Window) -> Window:
        """Return an area of the whole picture as one of the part that is shown."""
        left, top, right, bottom = self._window
        across, down = right - left, bottom - top
        return (
            (area[0] - left) / across,
            (area[1] - top) / down,
            (area[2] - left) / across,
            (area[3] - top) / down,
        )

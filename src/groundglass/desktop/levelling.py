"""Levelling: a fine angle for the picture as it is seen, by keys, by a number, or along a drawn line.

It is the view alone that turns: files, thumbnails and what is measured stay as they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from msgspec.structs import replace

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import Keys
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.turning import (
    COARSE_DEGREES,
    FINE_DEGREES,
    MOST_DEGREES,
    Turn,
    levelled,
    off_level,
)
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.framing_section import FramingSection
from groundglass.desktop.widgets.hint import Hint
from groundglass.desktop.widgets.picture_marks import LEAST_LINE_PX
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.errors import GroundglassError, UsageError


class Levelling(Part):
    """Turns the picture by tenths of a degree. User-interface thread; the pixels turn on the scaler's."""

    def __init__(
        self,
        viewing: Viewing,
        picture: PictureView,
        section: FramingSection,
        hint: Hint,
        keys: Keys,
        uncover: Callable[[], bool],
        tell: Callable[[GroundglassError], None],
    ) -> None:
        """uncover: takes off what lies over the picture; tells whether anything did."""
        super().__init__(picture)
        self._viewing, self._picture, self._section = viewing, picture, section
        self._hint, self._keys, self._uncover, self._tell = hint, keys, uncover, tell
        picture.line_drawn.connect(self._level_along)
        section.line_wanted.connect(self.draw_line)
        viewing.changed.connect(self._leave_if_empty)

    def deeds(self) -> Deeds:
        return {
            ActionId.LEVEL_LEFT: lambda: self._step(-FINE_DEGREES),
            ActionId.LEVEL_RIGHT: lambda: self._step(FINE_DEGREES),
            ActionId.LEVEL_LEFT_MORE: lambda: self._step(-COARSE_DEGREES),
            ActionId.LEVEL_RIGHT_MORE: lambda: self._step(COARSE_DEGREES),
            ActionId.LEVEL_BY_LINE: self.draw_line,
            ActionId.LEVEL_RESET: lambda: self._turn(replace(self._now, degrees=0.0)),
        }

    def go_back(self) -> bool:
        was_drawing = self._picture.draws_line
        if was_drawing:
            self._wait_for_line(False)
        return was_drawing

    def draw_line(self) -> None:
        """Let the hand draw along what should be level or upright; once more: leave that."""
        if self._picture.draws_line and not self._uncover():
            self._wait_for_line(False)
            return
        if self._viewing.is_empty:
            self._tell(UsageError("There is no picture to level.", "Start the live view, or release."))
            return
        self._uncover()
        self._wait_for_line(True)

    @property
    def _now(self) -> Turn:
        return self._picture.framing.turn

    def _step(self, by: float) -> None:
        degrees = min(max(self._now.degrees + by, -MOST_DEGREES), MOST_DEGREES)
        self._turn(levelled(self._now, degrees))

    def _turn(self, turn: Turn) -> None:
        framing = replace(self._picture.framing, turn=turn)
        self._picture.show_framing(framing)
        self._section.show_framing(framing)

    def _wait_for_line(self, waits: bool) -> None:
        self._picture.draw_line(waits)
        back = self._keys.label(ActionId.BACK)
        words = f"Draw along something that should be level or upright. {back} leaves it."
        self._hint.say(words if waits else "")

    def _level_along(self, across: float, down: float) -> None:
        if math.hypot(across, down) < LEAST_LINE_PX * self._picture.devicePixelRatioF():
            self._hint.say("Draw a longer line along something that should be level or upright.")
            return
        self._wait_for_line(False)
        self._turn(levelled(self._now, self._now.degrees - off_level(across, down)))

    def _leave_if_empty(self) -> None:
        if self._viewing.is_empty and self._picture.draws_line:
            self._wait_for_line(False)

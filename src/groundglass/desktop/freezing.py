"""Freeze the live picture to look at it in peace, then beside the live one: the key goes round.

A frozen picture never passes for live: it says so over the picture, and since when.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Signal

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import Keys
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.picture_scaler import WHOLE, FittedPicture, Window, part_of
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.overlay import Layer
from groundglass.desktop.widgets.picture_chip import PictureChip
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.errors import GroundglassError, UsageError
from groundglass.model.camera import CameraStatus, LiveZoom
from groundglass.studio.events import Event, SessionOpened

if TYPE_CHECKING:
    from groundglass.studio.live_frame import LiveFrame


class Freezing(Part):
    """Holds one live frame. User-interface thread."""

    held = Signal(bool)  # a frozen frame is looked at, alone or beside the live picture, or none any more

    def __init__(
        self,
        viewing: Viewing,
        picture: PictureView,
        chip: PictureChip,
        keys: Keys,
        tell: Callable[[GroundglassError], None],
    ) -> None:
        super().__init__(picture)
        self._viewing, self._picture, self._chip, self._keys = viewing, picture, chip, keys
        self._tell = tell
        self._frame: LiveFrame | None = None
        self._since = ""
        self._window: Window = WHOLE
        self._zoom: LiveZoom | None = None  # of the body now,
        self._frozen_zoom: LiveZoom | None = None  # and when the frame was frozen
        viewing.changed.connect(self._leave_with_live)
        viewing.judged.connect(self._follow_window)
        keys.changed.connect(self._say)

    @property
    def is_beside(self) -> bool:
        """Tell whether the frozen frame stands beside the live picture."""
        return self._frame is not None and not self._viewing.is_frozen

    def deeds(self) -> Deeds:
        return {ActionId.FREEZE: self.step}

    def take_event(self, event: Event) -> None:
        if isinstance(event, SessionOpened) and self._frame is not None:
            self.end()  # it is of the set before

    def show_status(self, status: CameraStatus) -> None:
        if status.live_zoom != self._zoom:
            self._zoom = status.live_zoom
            if self.is_beside:
                self.end()  # the halves would show different parts
            self._say()

    def go_back(self) -> bool:
        if self._frame is None:
            return False
        self.end()
        return True

    def step(self) -> None:
        """Freeze; then show the frozen frame beside the live picture; then that alone."""
        if self._viewing.is_frozen and self._is_alike:
            self._viewing.thaw()
            self._show_beside()
        elif self._frame is not None:
            self.end()
        elif (frame := self._viewing.freeze()) is not None:
            self._frame = frame
            self._since = f"{datetime.now():%H:%M:%S}"
            self._frozen_zoom = self._zoom
            self.held.emit(True)
        elif self._viewing.shows_live:
            self._tell(UsageError("The live picture stands still just now.", "Freeze it when it goes on."))
        else:
            self._tell(UsageError("There is no live picture to freeze.", "Start the live view."))
        self._say()

    def end(self) -> None:
        """Show the live picture alone."""
        self._frame = None
        if self._viewing.is_frozen:
            self._viewing.thaw()
        self._picture.show_framing(replace(self._picture.framing, frozen=None))
        self._say()
        self.held.emit(False)

    @property
    def _is_alike(self) -> bool:
        """Tell whether the body shows the part of the frame that is frozen."""
        return self._zoom == self._frozen_zoom

    def _show_beside(self) -> None:
        assert self._frame is not None
        image = part_of(self._frame.image, self._window).copy()  # in one piece, as a layer has to be
        self._picture.show_framing(replace(self._picture.framing, frozen=Layer(image)))

    def _follow_window(self, fitted: FittedPicture) -> None:
        is_of_live = fitted.frame is not None or self._viewing.is_frozen
        if is_of_live and fitted.window != self._window:
            self._window = fitted.window
            if self.is_beside:
                self._show_beside()

    def _leave_with_live(self) -> None:
        is_shown = self._viewing.is_frozen or self._picture.framing.frozen is not None
        if self._frame is not None and not (self._viewing.shows_live and is_shown):
            self.end()

    def _say(self) -> None:
        key = self._keys.label(ActionId.FREEZE)
        if self._frame is None:
            self._chip.say("")
        elif self._viewing.is_frozen:
            following = "beside live" if self._is_alike else "live"
            self._chip.say(f"Frozen {self._since}, not live   {key}: {following}")
        else:
            self._chip.say(
                f"\N{LEFTWARDS ARROW} frozen {self._since}   live \N{RIGHTWARDS ARROW}   {key}: live"
            )

"""Releases: the button and Space, held for a burst, bulb exposures, and the bar of a long one."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.errors import GroundglassError
from groundglass.model.camera import CameraState, CameraStatus

_TICK_MS = 50
# Below this a bar would only flicker.
LONG_EXPOSURE_S = 0.5


class Shutter(QObject):
    """Fires, and tells how far the exposure is."""

    failed = Signal(object)  # GroundglassError
    progressed = Signal(object, str)  # share 0 to 1 or None; what the release button says

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._bridge = bridge
        self._clock = clock
        self._status = CameraStatus()
        app = QCoreApplication.instance()
        assert app is not None
        self._app = app  # where a key's way up is seen, whoever has the keys by then
        self._opened_at = 0.0
        self._is_bulb_open = False
        self._is_held = False
        self._has_failed = False  # the last hold
        self._was_held = False  # by the press of the mouse that is about to become a click
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._progress)

    @property
    def is_bulb_open(self) -> bool:
        return self._is_bulb_open

    def fire(self) -> None:
        """Release; with the shutter at Bulb the first press opens and the second closes it."""
        if self._is_bulb_open:
            self._is_bulb_open = False
            self._bridge.watch(self._desk.end_bulb(), failed=self._fail)
            return
        if self._status.is_at_bulb:
            self._is_bulb_open = True
            self._bridge.watch(self._desk.start_bulb(), failed=self._fail)
        else:
            self._bridge.watch(self._desk.release(), failed=self._fail)

    def press_key(self) -> None:
        """Release; a body that fires on while its button is held does so until the key is up."""
        if self._hold():
            self._app.installEventFilter(self)
        elif not self._is_held:
            self.fire()

    def press_button(self) -> None:
        """The mouse is down on the button: hold the camera's, if that makes a difference."""
        self._was_held = self._hold()

    def click_button(self) -> None:
        """Release, unless the camera's button was held while the mouse was down."""
        if not self._was_held:
            self.fire()
        self._was_held = False

    def let_go(self) -> None:
        """Let the camera's button go, if it is held."""
        if self._is_held:
            self._forget_hold()
            self._bridge.watch(self._desk.let_go(), failed=self._fail_to_let_go)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyRelease:
            if not event.isAutoRepeat():
                self.let_go()
        elif event.type() == QEvent.Type.ApplicationDeactivate:
            self.let_go()  # another program gets the key's way up
        return False

    def _hold(self) -> bool:
        """Begin to hold the camera's button; tells whether it is held now for that."""
        if (
            self._is_held
            or self._is_bulb_open
            or self._status.is_at_bulb
            or not self._status.fires_while_held
        ):
            return False
        self._is_held, self._has_failed = True, False
        self._bridge.watch(self._desk.hold_shutter(), failed=self._fail)
        return True

    def show_status(self, status: CameraStatus) -> None:
        was_open = self._status.state is CameraState.EXPOSING
        self._status = status
        is_open = status.state is CameraState.EXPOSING
        if is_open and not was_open:
            self._opened_at = self._clock()
            self._timer.start()
        elif not is_open:
            self._timer.stop()
            if not status.state.is_connected:
                self._is_bulb_open = False
                self._forget_hold()
        self._progress()

    def _progress(self) -> None:
        if self._status.state is not CameraState.EXPOSING:
            self.progressed.emit(None, "Release")
            return
        passed_s = self._clock() - self._opened_at
        if self._is_bulb_open:
            self.progressed.emit(None, f"End exposure  {passed_s:.0f} s")
            return
        whole_s = self._status.exposure_s
        if whole_s >= LONG_EXPOSURE_S:
            left_s = max(whole_s - passed_s, 0.0)
            self.progressed.emit(min(passed_s / whole_s, 1.0), f"Exposing  {left_s:.0f} s")

    def _fail(self, error: GroundglassError) -> None:
        self._is_bulb_open, self._has_failed = False, True
        self._forget_hold()
        self.failed.emit(error)

    def _fail_to_let_go(self, error: GroundglassError) -> None:
        # What never began cannot end; why, was said.
        if not self._has_failed:
            self.failed.emit(error)

    def _forget_hold(self) -> None:
        self._is_held = False
        self._app.removeEventFilter(self)

"""Releases: the button and Space, bulb exposures, and the bar that runs while the shutter is open."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.errors import GroundglassError
from groundglass.model.camera import CameraState, CameraStatus
from groundglass.model.exposure import Special
from groundglass.model.setting import SettingId

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
        self._opened_at = 0.0
        self._is_bulb_open = False
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
        shutter = self._status.setting(SettingId.SHUTTER)
        if shutter is not None and shutter.current is not None and shutter.current.special is Special.BULB:
            self._is_bulb_open = True
            self._bridge.watch(self._desk.start_bulb(), failed=self._fail)
        else:
            self._bridge.watch(self._desk.release(), failed=self._fail)

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
        self._is_bulb_open = False
        self.failed.emit(error)

"""The live view of an open body: begun, kept, and ended so that the body is as it was.

Part of the worker's loop: the same thread, the same driver.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from groundglass.camera import messages as msg
from groundglass.camera.dialects import habits
from groundglass.camera.dials import Dials
from groundglass.camera.driver import Driver, read_if_there
from groundglass.camera.viewpoint import Viewpoint
from groundglass.errors import CameraBusyError, CameraError, CameraLostError, UnsupportedError

_log = logging.getLogger(__name__)

_PATIENCE_S = 2.0
_PAUSE_S = 0.010  # between two attempts to get a frame


class LiveFeed:
    """Sends a frame whenever the application holds credit for one and the body has time for it."""

    def __init__(
        self,
        driver: Driver,
        send: Callable[[msg.FromWorker], None],
        dials: Dials,
        view: Viewpoint,
        is_busy: Callable[[], bool],
    ) -> None:
        """is_busy: the body is at work on a shot."""
        self._driver = driver
        self._send = send
        self._dials = dials
        self._view = view
        self._is_busy = is_busy
        self._is_on = False
        self._refused_at: float | None = None  # since when without a frame; None: not so
        self._frames = 0
        self._credit = 0

    @property
    def is_on(self) -> bool:
        return self._is_on

    def add_credit(self) -> None:
        """Allow one more frame."""
        self._credit += 1

    def switch(self, is_on: bool) -> None:
        """Begin, or end, to show frames."""
        if is_on:
            self._refused_at = None
        else:
            self.leave()
        self._is_on = is_on

    def leave(self) -> None:
        """End it on the body; frames are asked for again if it is still on."""
        if not self._is_on:
            return
        self._view.show_whole()
        if "viewfinder" in self._dials.names:
            self._set("viewfinder", "0")
            for name, value in habits.SET_AFTER_LIVE.items():
                if name in self._dials.names:
                    self._set(name, value)

    def mend(self) -> None:
        """End, on a body that was just opened, what a program left there that was killed in its live view."""
        left = []
        for name, value in habits.SET_AFTER_LIVE.items():
            widget = read_if_there(self._driver, name) if name in self._dials.names else None
            if widget is not None and widget.value != value and value in widget.choices:
                left.append((name, value))
        if left and "viewfinder" in self._dials.names:
            self._set("viewfinder", "0")
        for name, value in left:
            self._set(name, value)

    def _set(self, name: str, value: str) -> None:
        """Set what belongs to ending; a body that refuses is left alone."""
        try:
            self._driver.write_widget(name, value)
        except CameraLostError:
            raise
        except CameraError as err:
            _log.info("%s could not be set to %s after the live view: %s", name, value, err)

    def show_frame(self) -> bool:
        """Send a live frame if one is wanted and allowed; tell whether time was spent on it."""
        if not self._is_on or self._credit <= 0 or self._is_busy():
            self._refused_at = None  # what lies between says nothing of the next frame
            return False
        try:
            jpeg = self._driver.preview()
        except CameraLostError:
            raise
        except CameraError as err:
            # Bodies refuse frames for a moment after a release or a change of mode.
            now = time.monotonic()
            if self._refused_at is None:
                self._refused_at = now
            if now - self._refused_at > _PATIENCE_S:
                self._is_on = False
                self._send(msg.LiveStopped(err))
            return False
        self._frames += 1
        self._credit -= 1
        self._refused_at = None
        self._send(msg.Frame(self._frames, jpeg, time.monotonic()))
        return True

    def ensure(self, action: str) -> None:
        """Make sure that the body shows its live view: it begins with the first frame that is asked for.

        action: what it is needed for, as "be told where to focus".  Raises CameraError.
        """
        if not self._is_on:
            raise UnsupportedError(
                f"This camera can {action} only in live view.", "Start the live view first."
            )
        if self._is_busy():
            raise CameraBusyError("The camera is busy with a shot.", "Try again in a moment.")
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                self._driver.preview()
            except CameraLostError:
                raise
            except CameraError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE_S)
            else:
                return

"""Focusing an open body from the computer: its autofocus, and its lens step by step.

Part of the worker's loop: the same thread, the same driver.
"""

from __future__ import annotations

from collections.abc import Callable

from groundglass.camera.dialects.focus import (
    AUTOFOCUS,
    FOCUS_DRIVES,
    FOCUS_INDICATION,
    FOCUS_POSITION,
    HALF_PRESS,
    focus_place,
    focus_step,
    is_manual_focus,
)
from groundglass.camera.dials import Dials
from groundglass.camera.driver import Driver
from groundglass.camera.shutter_button import ShutterButton
from groundglass.errors import CameraError, UnsupportedError
from groundglass.model.setting import SettingId

_AUTOFOCUS = (AUTOFOCUS, HALF_PRESS)  # the first that a body has counts
# What is asked of the driver, for the words of a refusal.
NEARER, FARTHER = "move the focus nearer", "move the focus farther"


class Focusing:
    """Focuses as the body can."""

    def __init__(
        self, driver: Driver, dials: Dials, button: ShutterButton, drain: Callable[[], None]
    ) -> None:
        """`drain` takes all events of the body."""
        self._driver = driver
        self._dials = dials
        self._button = button
        self._drain = drain

    @property
    def is_manual(self) -> bool | None:
        """Tell whether the body, or the lens, is set to manual focus; None: it does not tell."""
        mode = self._dials[SettingId.FOCUS_MODE]
        return is_manual_focus(mode.current.raw) if mode is not None and mode.current is not None else None

    def refuse_manual(self) -> None:
        """Raise UnsupportedError if autofocus is switched off."""
        if self.is_manual:
            raise UnsupportedError("The camera is set to manual focus.", "Choose an autofocus mode first.")

    def focus(self) -> None:
        """Focus once; raises UnsupportedError, FocusMissedError where the body tells it."""
        self.refuse_manual()
        names = self._dials.names
        if FOCUS_INDICATION in names or (self._button.tells_focus and AUTOFOCUS in names):
            self._button.focus()
            return
        name = next((one for one in _AUTOFOCUS if one in names), None)
        if name is None:
            raise UnsupportedError("This camera cannot focus over the cable.", "Do it on the body.")
        self._driver.write_widget(name, "1")

    def drive(self, step: int) -> None:
        """Move the focus by -3 to -1 (nearer) or 1 to 3 (farther); CameraError at the end of the way."""
        name = next((one for one in FOCUS_DRIVES if one in self._dials.names), None)
        if name is None:
            raise UnsupportedError(
                "This camera cannot move the focus over the cable.", "Turn the ring on the lens."
            )
        widget = self._driver.read_widget(name)
        place = focus_place(widget) or self._indicated_place()
        self._driver.write_widget(name, focus_step(widget, step), NEARER if step < 0 else FARTHER)
        if place is not None and place[0] == place[1 if step < 0 else 2]:
            raise at_the_end(is_near=step < 0)

    def _indicated_place(self) -> tuple[float, float, float] | None:
        name, nearest, farthest = FOCUS_POSITION
        if name not in self._dials.names:
            return None
        self._drain()
        value = self._driver.read_widget(name).value
        return None if value is None else (float(value), nearest, farthest)


def at_the_end(*, is_near: bool) -> CameraError:
    """Return the error for a focus that can go no further this way."""
    end = "nearest" if is_near else "farthest"
    return CameraError(f"The lens is at its {end} point.", "Move the focus the other way.")

"""The shutter button of an open body: focused, released, held and let go.

Part of the worker's loop: the same thread, the same driver.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator

from groundglass.camera.dialects import focus, release
from groundglass.camera.dialects.release import Button, button_of
from groundglass.camera.driver import Driver, text_of
from groundglass.camera.widget import CameraEvent
from groundglass.errors import CameraError, CameraLostError, FocusMissedError, UnsupportedError

_log = logging.getLogger(__name__)

_FOCUS_PATIENCE_S = 1.0  # libgphoto2 itself gives a Canon half a second


class ShutterButton:
    """How this body is released: by its button step by step, by a half press first, or by one order."""

    def __init__(self, driver: Driver, take: Callable[[CameraEvent], None]) -> None:
        """`take` gets what the body reports while a release waits for the focus.

        It cannot be kept for later: libgphoto2 holds no more than two pictures out of a body's memory.
        """
        self._driver = driver
        self._take = take
        self._button: Button | None = None
        self._indicates_focus = False
        self._switches_autofocus = False
        self._releases_with_autofocus = True

    def learn(self, names: frozenset[str], model: str) -> None:
        """Find out how a body is released whose settings were just read, and set as at every connect."""
        has_button = release.BUTTON_WIDGET in names
        self._button = button_of(self._driver.read_widget(release.BUTTON_WIDGET)) if has_button else None
        is_reliable = not model.startswith(focus.FOCUS_UNRELIABLE)
        self._indicates_focus = is_reliable and {focus.HALF_PRESS, focus.FOCUS_INDICATION} <= names
        name, on, _ = release.RELEASE_AUTOFOCUS
        self._switches_autofocus = name in names and on in self._driver.read_widget(name).choices
        self._releases_with_autofocus = True  # as habits.SET_AT_CONNECT leaves it

    @property
    def tells_focus(self) -> bool:
        """Whether a missed focus is told, so that any other refusal has another reason."""
        return self._button is not None

    def release(self, *, with_autofocus: bool = True) -> None:
        """Fire the shutter. Blocks until the exposure ends on some brands; files come as events.

        with_autofocus: focus first, if body and lens are set to autofocus.
        Raises FocusMissedError, UnsupportedError, CameraError.
        """
        self._driver.take_control()
        if self._button is not None:
            try:
                self._press(self._button, with_autofocus=with_autofocus)
            finally:
                self._driver.press(release.BUTTON_WIDGET, self._button.up, "release")
            return
        if self._indicates_focus and with_autofocus and self._is_in_autofocus():
            with self._half_pressed("release"):
                self._driver.trigger()
            return
        if not with_autofocus and not self._switches_autofocus and self._is_in_autofocus():
            raise _focuses_always()
        if self._switches_autofocus and with_autofocus != self._releases_with_autofocus:
            name, on, off = release.RELEASE_AUTOFOCUS
            self._driver.press(name, on if with_autofocus else off, "release")
            self._releases_with_autofocus = with_autofocus
        self._driver.trigger()

    def focus(self) -> None:
        """Focus once, on a body that tells whether it has; FocusMissedError."""
        if self._button is not None:
            self._driver.press(focus.AUTOFOCUS, "1", "focus")
            if not self._has_focused():
                raise focus_missed("focus")
            return
        with self._half_pressed("focus"):
            _log.debug("focused")

    def open_shutter(self) -> None:
        """Begin a bulb exposure."""
        if self._button is not None:
            self.hold()
            return
        self._driver.take_control()
        self._driver.press(release.BULB_WIDGET, "1", "expose in bulb")

    def close_shutter(self) -> None:
        """End a bulb exposure."""
        if self._button is not None:
            self.let_go()
        else:
            self._driver.press(release.BULB_WIDGET, "0", "end a bulb exposure")

    def hold(self, *, with_autofocus: bool = True) -> None:
        """Press the button and keep it down: in a continuous drive the body fires on. For Capability.HOLD."""
        self._driver.take_control()
        if self._button is None:
            self._hold_by_halves(with_autofocus=with_autofocus)
            return
        try:
            self._press(self._button, with_autofocus=with_autofocus)
        except CameraLostError:
            raise
        except CameraError:
            self.let_go()
            raise

    def let_go(self) -> None:
        """Let the button go that hold() holds."""
        if self._button is not None:
            self._driver.press(release.BUTTON_WIDGET, self._button.up, "let the button go")
            return
        for half in (release.FULL_PRESS, focus.HALF_PRESS):
            self._driver.press(half, "0", "let the button go")

    def _hold_by_halves(self, *, with_autofocus: bool) -> None:
        is_in_autofocus = self._is_in_autofocus()
        if is_in_autofocus and not with_autofocus:
            raise _focuses_always()
        self._driver.press(focus.HALF_PRESS, "1", "release")
        try:
            if is_in_autofocus and self._indicates_focus and not self._is_focus_indicated():
                raise focus_missed()
            self._driver.press(release.FULL_PRESS, "1", "release")
        except CameraLostError:
            raise
        except CameraError:
            self._driver.press(focus.HALF_PRESS, "0", "release")
            raise

    def _press(self, button: Button, *, with_autofocus: bool) -> None:
        """Press the button, half way first for the focus; it stays down."""
        if not with_autofocus or focus.is_manual_focus(text_of(self._driver, "focusmode")):
            self._driver.press(release.BUTTON_WIDGET, button.release_only, "release")
            return
        self._driver.press(release.BUTTON_WIDGET, button.focus, "release")
        if not self._has_focused():
            raise focus_missed()
        self._driver.press(release.BUTTON_WIDGET, button.release, "release")

    def _has_focused(self) -> bool:
        """Wait for the body's word on its focus; all that it reports is passed on. Silence counts as yes."""
        deadline = time.monotonic() + _FOCUS_PATIENCE_S
        is_under_way = False
        while time.monotonic() < deadline:
            event = self._driver.next_event()
            if event is None:
                time.sleep(0.002)
                continue
            self._take(event)
            if event.text.startswith(focus.FOCUS_FOUND):
                return True
            # The report of an idle autofocus may be that of the last release.
            if event.text.startswith(focus.FOCUS_MISSED[0] if not is_under_way else focus.FOCUS_MISSED):
                return False
            is_under_way = is_under_way or event.text.startswith(focus.FOCUSING)
        return True

    @contextlib.contextmanager
    def _half_pressed(self, action: str) -> Iterator[None]:
        self._driver.press(focus.HALF_PRESS, "1", action)
        try:
            if not self._is_focus_indicated():
                raise focus_missed(action)
            yield
        finally:
            self._driver.press(focus.HALF_PRESS, "0", action)

    def _is_focus_indicated(self) -> bool:
        """Wait for the body's indication; all that it reports is passed on. Silence counts as yes."""
        deadline = time.monotonic() + _FOCUS_PATIENCE_S
        while time.monotonic() < deadline:
            # With each event libgphoto2 looks at the body; in between it believes what it knew.
            event = self._driver.next_event()
            verdict = focus.FOCUS_VERDICTS.get(text_of(self._driver, focus.FOCUS_INDICATION))
            if event is not None:
                self._take(event)
            if verdict is not None:
                return verdict
            if event is None:
                time.sleep(0.005)
        return True

    def _is_in_autofocus(self) -> bool:
        mode = text_of(self._driver, "focusmode")
        return bool(mode) and not focus.is_manual_focus(mode)


def focus_missed(action: str = "release") -> FocusMissedError:
    """Return the error for a release, or for an order to focus, that missed the focus."""
    return FocusMissedError(
        "The camera could not focus."
        if action == "focus"
        else "The camera could not focus, so it did not release.",
        "Aim at an edge with contrast, or switch the lens to manual focus.",
    )


def _focuses_always() -> UnsupportedError:
    return UnsupportedError(
        "This body focuses at every release in its autofocus modes.", "Switch it to manual focus."
    )

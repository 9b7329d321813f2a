"""When the body is asked for its events: at once where looking is cheap, seldom where a look in vain is dear.

Part of the worker's loop: the same thread, the same driver.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from groundglass.camera.driver import Driver
from groundglass.camera.widget import CameraEvent
from groundglass.errors import CameraBusyError, CameraError, CameraLostError

# Over USB libgphoto2 waits 0.3 s for an event that does not come, on some bodies always, on a Nikon until it
# has reported once (libgphoto2#342). An event that comes meanwhile ends the wait, and the next look finds it.
_DEAR_LOOK_S = 0.29
_CHEAP_LOOKS = 3  # in vain and one after the other: then the body answers at once
_REST_S = 0.3  # from one look in vain to the next while commands come, and after each command,
_IDLE_REST_S = 0.04  # while the photographer is at the body,
_ASKED_LATELY_S = 1.5
_LIVE_REST_S = 0.6  # or two thirds for the live picture
_EVENTS_AT_ONCE = 200


class Looks:
    """The worker's looks at what the body reports."""

    def __init__(
        self,
        driver: Driver,
        take: Callable[[CameraEvent, int | None], None],
        is_awaited: Callable[[], bool],
        is_live: Callable[[], bool],
        is_asked: Callable[[], bool],
    ) -> None:
        """`take` gets each event, and how many files wait behind one; None: nobody knows.

        is_awaited: something is on its way; is_live: the live view runs; is_asked: a command waits.
        """
        self._driver = driver
        self._take = take
        self._is_awaited = is_awaited
        self._is_live = is_live
        self._is_asked = is_asked
        self._ahead: deque[CameraEvent] = deque()  # reported, and not taken yet
        self._is_dear = False
        self._cheap_looks = 0
        self._due = 0.0
        self._asked_at = 0.0

    def note_command(self) -> None:
        """Keep a command's followers free of looks: a command waits for a look that is under way."""
        if self._is_dear:
            self._asked_at = time.monotonic()
            self._due = max(self._due, self._asked_at + _REST_S)

    @property
    def is_behind(self) -> bool:
        """Tell whether the body has reported what is not taken yet."""
        return bool(self._ahead)

    def look(self) -> None:
        """Take the camera's events; seldom, and one at a time, where looking in vain is dear."""
        if self._ahead or self._is_awaited() or time.monotonic() >= self._due:
            for number in range(1 if self._is_dear else _EVENTS_AT_ONCE):
                # A burst reports faster than its pictures are fetched: only a command ends it.
                if (number and self._is_asked()) or not self._take_one():
                    return

    def listen(self) -> None:
        """Have the body report, as `look` does, and keep it for the next look: no picture is waited for."""
        is_due = self._is_awaited() or time.monotonic() >= self._due
        if is_due and (self._ahead or self._ask()):
            self._look_ahead()

    def drain(self, most: int = _EVENTS_AT_ONCE) -> None:
        """Take all that the camera has reported, and up to so many events; CameraLostError."""
        taken = 0
        while (taken < most or self._ahead) and self._take_one(looks_ahead=taken < most):
            taken += 1

    def _take_one(self, *, looks_ahead: bool = True) -> bool:
        """Pass the next event on, a file with how many are known to wait behind it; tell if there was one."""
        if not self._ahead and not self._ask():
            return False
        file = self._ahead[0].file
        is_on_card = file is not None and not file.is_in_ram
        behind = self._look_ahead() if is_on_card and looks_ahead else None
        self._take(self._ahead.popleft(), behind)
        return True

    def _look_ahead(self) -> int | None:
        """Have all reported that waits; return how many files wait behind the first event.

        None: a look is too dear.  libgphoto2 holds two pictures out of a memory and no more: one ends it.
        """
        while not self._is_dear and len(self._ahead) < _EVENTS_AT_ONCE:
            last = self._ahead[-1].file
            if (last is not None and last.is_in_ram) or not self._ask():
                break
        return None if self._is_dear else sum(event.file is not None for event in self._ahead) - 1

    def _ask(self) -> bool:
        """Ask the body once; tell whether it had anything to report."""
        asked_at = time.monotonic()
        event = self._next()
        if event is None:
            self._note_vain(time.monotonic() - asked_at)
            return False
        self._cheap_looks = 0
        self._ahead.append(event)
        return True

    def _note_vain(self, took_s: float) -> None:
        """Note how long a look in vain took; a short one may have been cut short by an event."""
        if took_s >= _DEAR_LOOK_S:
            self._is_dear = True
            now = time.monotonic()
            rest_s = _REST_S if now - self._asked_at < _ASKED_LATELY_S else _IDLE_REST_S
            self._due = now + (_LIVE_REST_S if self._is_live() else rest_s)
            self._cheap_looks = 0
        else:
            self._cheap_looks += 1
            self._is_dear &= self._cheap_looks < _CHEAP_LOOKS

    def _next(self) -> CameraEvent | None:
        try:
            return self._driver.next_event()
        except CameraLostError:
            raise
        except CameraBusyError:
            return None
        except CameraError as err:
            # Of a broken network link libgphoto2 says no more than -1.
            raise CameraLostError(
                "The camera stopped answering.", "Check the cable and the battery."
            ) from err

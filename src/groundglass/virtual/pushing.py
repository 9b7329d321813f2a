"""Bodies that tell by themselves what happens, on the event channel, instead of waiting to be asked."""

from __future__ import annotations

import threading
import time
from typing import Any

from groundglass.virtual.body import Body


class PushingBody(Body):
    """A body whose events go out as soon as they are due."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._told = threading.Event()
        super().__init__(*args, **kwargs)
        self._event_thread = threading.Thread(target=self._push_events, name="events")

    def start(self) -> None:
        """Switch on."""
        super().start()
        self._event_thread.start()

    def close(self) -> None:
        """Switch off; waits for the shutter and the last event."""
        super().close()
        self._told.set()
        if self._event_thread.ident is not None:
            self._event_thread.join()

    def tell(self, code: int, param: int, label: str = "") -> None:
        """Send an event, or lose it if that was asked for."""
        super().tell(code, param, label)
        self._told.set()

    def _push_events(self) -> None:
        while not self._closing.is_set():
            self._told.clear()
            for code, param in self.take_events():
                self.push(code, param)
            with self._lock:
                due = min((event[0] for event in self._events), default=None)
            self._told.wait(None if due is None else max(0.0, due - time.monotonic()))

"""Tells every client what happens, and keeps the course of the job in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable

from groundglass.studio.events import Event, Listener, Problem, Warned
from groundglass.studio.listeners import Listeners
from groundglass.studio.logbook import Logbook
from groundglass.studio.milestones import Milestones

_log = logging.getLogger(__name__)


class Announcer:
    """Any thread may call; listeners are called on the thread that announces."""

    def __init__(self) -> None:
        self.log = Logbook()
        self._milestones = Milestones()
        self._listeners: Listeners[[Event]] = Listeners()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell this listener every event; returns the way to end that."""
        return self._listeners.subscribe(listener)

    def announce(self, event: Event) -> None:
        """Log an event, and tell it to each listener."""
        if isinstance(event, Problem | Warned):
            self.log.note(event.error)
        elif line := self._milestones.line(event):
            _log.info("%s", line)
        self._listeners.tell(event)

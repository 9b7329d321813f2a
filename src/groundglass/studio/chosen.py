"""The preferences of a running program: changed at once, told to whoever works by them, written behind."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from groundglass.studio import preferences
from groundglass.studio.listeners import Listeners
from groundglass.studio.preferences import Preferences

_log = logging.getLogger(__name__)

PreferencesListener = Callable[[Preferences], None]


class Chosen:
    """Holds what is chosen now. Any thread; nothing but `close` blocks."""

    def __init__(self, path: Path | None = None) -> None:
        """Read the file here, or the one of this user."""
        self._path = path or preferences.default_path()
        self._lock = threading.Lock()
        self._now = preferences.load(self._path)
        self._listeners: Listeners[[Preferences]] = Listeners()
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="preferences")

    @property
    def now(self) -> Preferences:
        return self._now

    @property
    def path(self) -> Path:
        return self._path

    def change(self, **changes: Any) -> Future[None]:
        """Use these from now on and keep them; the Future ends when they are written.

        Raises UsageError at once for a value that makes no sense. If the file cannot be written the
        choice holds until the program ends, and the Future fails with SessionError.
        """
        understood = self.hold(**changes)
        written = self._writer.submit(preferences.change, understood, self._path)
        written.add_done_callback(_log_failure)
        return written

    def hold(self, **changes: Any) -> dict[str, Any]:
        """Use these until the program ends, and write nothing; return them as they are understood.

        Raises UsageError for a value that makes no sense.
        """
        understood = {name: preferences.understood(name, value) for name, value in changes.items()}
        with self._lock:
            self._now = replace(self._now, **understood)
            now = self._now
        self._listeners.tell(now)
        return understood

    def subscribe(self, listener: PreferencesListener) -> Callable[[], None]:
        """Tell this listener each change, on the thread that made it; returns the way to end that."""
        return self._listeners.subscribe(listener)

    def close(self) -> None:
        """Write what was changed; may wait for the disk."""
        self._writer.shutdown()


def _log_failure(written: Future[None]) -> None:
    if (error := written.exception()) is not None:
        _log.warning("%s", error)

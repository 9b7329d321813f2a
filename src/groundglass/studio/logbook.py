"""The last things that happened, in memory, to be read in the window and sent with a bug report."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from groundglass.errors import GroundglassError
from groundglass.studio.listeners import Listeners

_MOST_LINES = 2000
_WORDS = {logging.DEBUG: "detail", logging.INFO: "note", logging.WARNING: "warning"}


class LogLine(Struct, frozen=True):
    """One thing that happened. level: detail, note, warning or error."""

    at: datetime
    level: str
    source: str
    text: str

    @property
    def words(self) -> str:
        return f"{self.at:%H:%M:%S}  {self.level:7}  {self.text}"


class Logbook(logging.Handler):
    """Keeps the newest lines. Entry points hang it on a logger; any thread may read it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[LogLine] = deque(maxlen=_MOST_LINES)
        self._listeners: Listeners[[LogLine]] = Listeners()
        self._guard = threading.Lock()
        self._telling = threading.local()

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """Return what is kept, oldest first."""
        with self._guard:
            return tuple(self._lines)

    def subscribe(self, listener: Callable[[LogLine], None]) -> Callable[[], None]:
        """Call this for each new line, on the thread that wrote it; returns the way to end that."""
        return self._listeners.subscribe(listener)

    def note(self, error: GroundglassError) -> None:
        """Keep what the photographer was told."""
        self._keep(LogLine(datetime.now().astimezone(), "told", "studio", str(error)))

    def emit(self, record: logging.LogRecord) -> None:
        level = next((word for most, word in _WORDS.items() if record.levelno <= most), "error")
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text = f"{text}: {type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        at = datetime.fromtimestamp(record.created).astimezone()
        self._keep(LogLine(at, level, record.name.removeprefix("groundglass."), text))

    def _keep(self, line: LogLine) -> None:
        with self._guard:
            self._lines.append(line)
        if not getattr(self._telling, "now", False):
            self._telling.now = True  # a listener that fails is logged, here too
            try:
                self._listeners.tell(line)
            finally:
                self._telling.now = False

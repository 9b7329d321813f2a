"""A session whose disk does not answer, as one on a network disk that is away."""

from __future__ import annotations

import os
from pathlib import Path


class SilentSession:
    """Whoever opens the session waits, in a named pipe, until `answer`."""

    def __init__(self, path: Path) -> None:
        """path: a session that is closed, or no folder yet."""
        self._lock = path / ".groundglass" / "lock"
        (path / ".groundglass" / "incoming").mkdir(parents=True, exist_ok=True)
        self._lock.unlink(missing_ok=True)
        os.mkfifo(self._lock)

    def answer(self) -> None:
        """Let them go on, and everybody after them."""
        handle = os.open(self._lock, os.O_WRONLY)
        self._lock.unlink()
        os.close(handle)

"""Writes the sidecar of each stored shot, behind the storing and never in its way."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from msgspec import Struct

from groundglass.errors import GroundglassError, SessionError
from groundglass.priority import work_humbly

_log = logging.getLogger(__name__)


class _Task(Struct, frozen=True):
    number: int  # of the shot
    write: Callable[[], None]


class Sidecars:
    """Notes what the photographer said about the next shots into their sidecars, on a thread of its own."""

    def __init__(
        self,
        on_problem: Callable[[GroundglassError], None],
        on_written: Callable[[], None] = lambda: None,
    ) -> None:
        """Both are called on the thread that writes; the next sidecar is written behind a problem too."""
        self._on_problem = on_problem
        self._on_written = on_written
        self._queue: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="sidecars", daemon=True)
        self._thread.start()

    def put(self, number: int, write: Callable[[], None]) -> None:
        """Do one more thing to the sidecars of the shot of this number, after all that was noted before."""
        self._queue.put(_Task(number, write))

    def close(self, timeout_s: float) -> None:
        """Write what has been noted, and end; a disk that hangs is left to itself after this time."""
        self._queue.put(None)
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            _log.warning("Some sidecars were not written within %.0f s", timeout_s)

    def _run(self) -> None:
        work_humbly()
        while (task := self._queue.get()) is not None:
            try:
                task.write()
                self._on_written()
            except GroundglassError as err:
                self._tell(err)
            except Exception as err:  # noqa: BLE001 - the next sidecar must not be lost to this one's fault
                _log.exception("The sidecar of shot %d failed", task.number)
                self._tell(
                    SessionError(
                        f"The sidecar of shot {task.number} was not written: {err}.",
                        "The pictures themselves are stored.",
                    )
                )

    def _tell(self, error: GroundglassError) -> None:
        _log.warning("A sidecar was not written: %s", error)
        self._on_problem(error)

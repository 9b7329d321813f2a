"""A few threads for what the window must not wait for: thumbnails, pictures, the free space of a disk."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from groundglass.desktop.own_faults import as_told
from groundglass.errors import GroundglassError
from groundglass.priority import give_way

T = TypeVar("T")

_log = logging.getLogger(__name__)

_END_S = 2.0  # for the job that runs: one that hangs in a disk must not hold up the window


class Background:
    """Runs jobs on a fixed number of threads, the newest first, and brings their results back.

    deliver: takes a function to the user-interface thread (`Bridge.call`).
    A job that waits under a key is replaced by the next one with that key.
    """

    def __init__(self, threads: int, name: str, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._deliver = deliver
        self._jobs: dict[object, Callable[[], None]] = {}
        self._wake = threading.Condition()
        self._is_closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def run(
        self,
        key: object,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[GroundglassError], None] | None = None,
    ) -> None:
        """Run a job soon; its result or its error, a bug's too, comes back on the user-interface thread."""

        def whole() -> None:
            try:
                result = job()
            except Exception as error:  # noqa: BLE001 - the thread must live on; who asked is told, the log too
                told = as_told(error, "A background job")
                if failed is not None:
                    self._deliver(lambda: failed(told))
            else:
                self._deliver(lambda: done(result))

        with self._wake:
            self._jobs.pop(key, None)
            self._jobs[key] = whole
            self._wake.notify()

    def forget(self, key: object) -> None:
        """Drop a job that has not begun."""
        with self._wake:
            self._jobs.pop(key, None)

    def forget_where(self, is_meant: Callable[[object], bool]) -> None:
        """Drop the jobs that have not begun and whose keys are meant."""
        with self._wake:
            self._jobs = {key: job for key, job in self._jobs.items() if not is_meant(key)}

    def close(self) -> None:
        """Drop what waits and end the threads; a job that hangs is left to itself."""
        with self._wake:
            self._is_closed = True
            self._jobs.clear()
            self._wake.notify_all()
        deadline = time.monotonic() + _END_S
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                _log.warning("%s is held up and was left behind", thread.name)

    def _work(self) -> None:
        give_way()
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._jobs or self._is_closed)
                if self._is_closed:
                    return
                _, job = self._jobs.popitem()
            job()
            del job  # it may hold a whole picture, and the next may be long in coming

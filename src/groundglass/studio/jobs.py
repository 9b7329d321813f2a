"""One job after the other, on a thread that a disk that hangs may keep without keeping the program."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Jobs:
    """Like a ThreadPoolExecutor of one thread, which Python itself would wait for. Any thread may call."""

    def __init__(self, name: str) -> None:
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[P, T], *args: P.args, **more: P.kwargs) -> Future[T]:
        """Run it behind those before; raises RuntimeError after `close`."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = work(*args, **more)
            except BaseException as err:  # noqa: BLE001 - whoever asked gets it, as from any executor
                future.set_exception(err)
            else:
                future.set_result(result)

        with self._lock:
            if self._is_closed:
                raise RuntimeError("no job is taken any more")
            self._queue.put(run)
        return future

    def close(self, limit_s: float) -> bool:
        """Take no more jobs; tell whether those before were done in this time. May be asked again."""
        with self._lock:
            if not self._is_closed:
                self._queue.put(None)
            self._is_closed = True
        self._thread.join(limit_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        job: Any
        while (job := self._queue.get()) is not None:
            job()
            del job  # its Future may hold much, and the next may be long in coming

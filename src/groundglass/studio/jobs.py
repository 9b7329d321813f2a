"""One job after the other, on a thread that a disk that hangs may keep without keeping the program."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def aside(name: str, work: Callable[[], T]) -> Future[T]:
    """Run it on a thread of its own, which a disk that hangs may keep: wait for the result with a limit."""
    future: Future[T] = Future()
    threading.Thread(target=_fulfil, args=(future, work), name=name, daemon=True).start()
    return future


class Jobs:
    """Like a ThreadPoolExecutor of one thread, which Python itself would wait for. Any thread may call."""

    def __init__(self, name: str) -> None:
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._is_closed = False
        self._name = name
        self._thread = self._start()

    def submit(self, work: Callable[P, T], *args: P.args, **more: P.kwargs) -> Future[T]:
        """Run it behind those before; raises RuntimeError after `close`."""
        future: Future[T] = Future()
        with self._lock:
            if self._is_closed:
                raise RuntimeError("no job is taken any more")
            self._queue.put(partial(_fulfil, future, partial(work, *args, **more)))
        return future

    def leave_running(self) -> None:
        """Leave the job that runs to itself, on its thread; another goes on with those behind it."""
        with self._lock:
            left, self._queue = self._queue, queue.SimpleQueue()
            while True:
                try:
                    self._queue.put(left.get_nowait())
                except queue.Empty:
                    break
            left.put(None)
            self._thread = self._start()

    def close(self, limit_s: float) -> bool:
        """Take no more jobs; tell whether those before were done in this time. May be asked again."""
        with self._lock:
            if not self._is_closed:
                self._queue.put(None)
            self._is_closed = True
        self._thread.join(limit_s)
        return not self._thread.is_alive()

    def _start(self) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(self._queue,), name=self._name, daemon=True)
        thread.start()
        return thread

    def _run(self, jobs: queue.SimpleQueue[Callable[[], None] | None]) -> None:
        job: Any
        while (job := jobs.get()) is not None:
            job()
            del job  # its Future may hold much, and the next may be long in coming


def _fulfil(future: Future[T], work: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as err:  # noqa: BLE001 - whoever asked gets it, as from any executor
        future.set_exception(err)
    else:
        future.set_result(result)

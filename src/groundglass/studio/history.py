"""What was done in a session, to its shots or presets, and can be taken back: the last thing first."""

from __future__ import annotations

import threading
from bisect import insort
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

from msgspec import Struct

from groundglass.errors import SessionError, UsageError

TakeBack = Callable[[], Future[str] | None]
"""Take one thing back; the Future says in words what. None: nothing of it is there any more."""

_MOST = 100


class _Step(Struct, frozen=True, eq=False):
    number: int
    take_back: TakeBack


class History:
    """The steps of one session in one run. Any thread may call."""

    def __init__(self, hint: Callable[[], str] = lambda: "") -> None:
        """hint: what can be done where there is nothing to take back."""
        self._hint = hint
        self._lock = threading.Lock()
        self._steps: list[_Step] = []  # the last one at the end
        self._count = 0
        self._taken: Future[str] | None = None  # the answer to the last call

    def note(self, take_back: TakeBack) -> None:
        """Remember one more thing that was done, and the way back."""
        with self._lock:
            self._count += 1
            self._steps.append(_Step(self._count, take_back))
            del self._steps[:-_MOST]

    def clear(self) -> None:
        """Forget everything: another session begins."""
        with self._lock:
            self._steps.clear()

    def undo(self) -> Future[str]:
        """Take the last thing back, behind what is being taken back now; the Future says what that was.

        It fails with UsageError if there is nothing, or if something else was done to it since: then it is
        left, and the next call goes on to what was done before. After a SessionError it can be tried again.
        """
        taken: Future[str] = Future()
        with self._lock:
            before, self._taken = self._taken, taken
        if before is None:
            self._undo(taken)
        else:
            before.add_done_callback(lambda _before: self._undo(taken))
        return taken

    def _undo(self, taken: Future[str]) -> None:
        while (step := self._last()) is not None:
            try:
                answer = step.take_back()
            except Exception as err:  # noqa: BLE001 - who asked gets the fault; the next call must not wait for it
                taken.set_exception(err)
                return
            if answer is not None:
                answer.add_done_callback(partial(self._settle, step, taken))
                return
        taken.set_exception(UsageError("There is nothing to take back.", self._hint()))

    def _last(self) -> _Step | None:
        with self._lock:
            return self._steps.pop() if self._steps else None

    def _settle(self, step: _Step, taken: Future[str], answer: Future[str]) -> None:
        error = answer.exception()
        if isinstance(error, SessionError):
            with self._lock:
                insort(self._steps, step, key=lambda one: one.number)
        if error is not None:
            taken.set_exception(error)
        else:
            taken.set_result(answer.result())

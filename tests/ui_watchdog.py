"""Watch the user-interface thread: how long it answered nothing, and what it was doing then."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from array import array
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import NamedTuple, Self

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

_BEAT_MS = 2
_LOOK_S = 0.005
_NAMES = 3
_BUDGET_S = 0.050
_SLOT_S = 0.005
_WORTH_KEEPING_S = 0.020


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which the thread ran no event.

    worked_s: what of it the thread itself had a processor; the rest it waited for one, or for a lock.
    queued_s: what of it the thread could have run and other programs or threads had the processors; 0 where
    the system does not tell.
    stack: what it did half way; empty for a short gap, or where it never let another thread of Python look.
    ended_s: when, by the monotonic clock.
    """

    seconds: float
    worked_s: float
    queued_s: float
    stack: str
    ended_s: float = 0.0

    @property
    def own_s(self) -> float:
        """Return what is left on a machine with a processor for this thread: its work and its waits."""
        return max(self.seconds - self.queued_s, 0.0)


class Handled(NamedTuple):
    """An event that a handler was given: what it was, its processor's time, when it ended (monotonic).

    seconds: how long it took, its waits included.  processor: the one that it ended on; -1: it is not told.
    """

    name: str
    worked_s: float
    ended_s: float
    seconds: float
    processor: int


class TimedApplication(QApplication):
    """An application that takes the processor's time of every event that Qt hands to a handler.

    An event within another counts as part of the outer one. Names: the event's type, the receiver's class
    and object name; then the functions of the program in which the watchdog's thread found it, if it did.
    """

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.handled: list[Handled] = []  # over 5 ms
        self.paints = array("f")  # what each paint of a window took, seconds
        self.running = ""
        self.found = ""
        self._thread_id = threading.get_ident()

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if self.running or threading.get_ident() != self._thread_id:
            return super().notify(receiver, event)
        # Both may be gone afterwards.
        event_type = event.type()
        self.running = f"{event_type.name} of {type(receiver).__name__}"
        self.found = ""
        begun, begun_s = time.monotonic(), time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            worked_s = time.thread_time() - begun_s
            if event_type is QEvent.Type.UpdateRequest:
                self.paints.append(worked_s)
            if worked_s > _SLOT_S:
                now = time.monotonic()
                name = f"{self.running}{self.found}"
                self.handled.append(Handled(name, worked_s, now, now - begun, _processor()))
            self.running = ""

    def find(self, frame: FrameType) -> None:
        """Take down where in the program a handler is that runs now. Any thread."""
        names: list[str] = []
        here: FrameType | None = frame
        while here is not None and len(names) < _NAMES:
            if "/groundglass/" in here.f_code.co_filename:
                names.append(here.f_code.co_qualname)
            here = here.f_back
        if names:
            self.found = ": " + " < ".join(names)

    def hardest(self, count: int) -> list[tuple[str, int, float, float]]:
        """Return the handlers over 5 ms that took most in all: name, times, seconds in all, the longest."""
        by_name: dict[str, list[float]] = {}
        for one in self.handled:
            by_name.setdefault(one.name, []).append(one.worked_s)
        rows = [(name, len(every), sum(every), max(every)) for name, every in by_name.items()]
        return sorted(rows, key=lambda one: one[2], reverse=True)[:count]


class Watchdog(QObject):
    """A context manager around the event loop's work. Made and used on the user-interface thread.

    A timer of 2 ms beats in the thread; another thread looks every 5 ms for a beat that is overdue, and
    takes down the stack. A busy machine shows as gaps too. In a TimedApplication it names the handler as
    well.
    """

    def __init__(self) -> None:
        super().__init__()
        # In an hour there are more than a million. As objects they took 250 MB, and those over 4 ms still
        # made most of a search for cycles that stopped every thread: of nearly all only the seconds are kept.
        self.gaps: list[Gap] = []  # those over 20 ms, or with work over 5 ms
        self.every = array("f")  # seconds
        self.worked_in_all_s = 0.0
        self._thread_id = threading.get_ident()
        self._beat_at = time.monotonic()
        self._worked_s = time.thread_time()
        self._schedule = _open_schedule()
        self._queued_s = self._read_queued_s()
        self._stack = ""
        self._ended = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._looker = threading.Thread(target=self._look, name="watchdog", daemon=True)

    @property
    def hardest(self) -> Gap:
        """Return the gap with the most work of the thread itself."""
        return max(self.gaps, key=lambda one: one.worked_s, default=Gap(0.0, 0.0, 0.0, ""))

    @property
    def longest_own(self) -> Gap:
        """Return the longest gap without the wait for a processor."""
        return max(self.gaps, key=lambda one: one.own_s, default=Gap(0.0, 0.0, 0.0, ""))

    @property
    def longest_s(self) -> float:
        return max(self.every, default=0.0)

    def share_over(self, seconds: float) -> float:
        """Return the share of the watched time that lay in gaps longer than this."""
        whole = sum(self.every)
        return sum(one for one in self.every if one > seconds) / whole if whole else 0.0

    def __enter__(self) -> Self:
        self._beat_at, self._worked_s = time.monotonic(), time.thread_time()
        self._queued_s = self._read_queued_s()
        self._timer.start()
        self._looker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.stop()
        self._ended.set()
        self._looker.join()
        if self._schedule is not None:
            os.close(self._schedule)

    def _beat(self) -> None:
        now, worked_s, queued_s = time.monotonic(), time.thread_time(), self._read_queued_s()
        seconds = now - self._beat_at
        self.every.append(seconds)
        self.worked_in_all_s += worked_s - self._worked_s
        if seconds > _WORTH_KEEPING_S or worked_s - self._worked_s > _SLOT_S:
            gap = Gap(seconds, worked_s - self._worked_s, queued_s - self._queued_s, self._stack, now)
            self.gaps.append(gap)
        self._stack = ""
        self._beat_at, self._worked_s, self._queued_s = now, worked_s, queued_s

    def _read_queued_s(self) -> float:
        if self._schedule is None:
            return 0.0
        return int(os.pread(self._schedule, 100, 0).split()[1]) / 1e9

    def _look(self) -> None:
        app = QApplication.instance()
        timed = app if isinstance(app, TimedApplication) else None
        while not self._ended.wait(_LOOK_S):
            if timed is not None and timed.running and not timed.found:
                frame = sys._current_frames().get(self._thread_id)
                if frame is not None:
                    timed.find(frame)
            if not self._stack and time.monotonic() - self._beat_at > _BUDGET_S / 2:
                frame = sys._current_frames().get(self._thread_id)
                self._stack = "".join(traceback.format_stack(frame)) if frame is not None else ""


def _processor() -> int:
    """Return the number of the processor that this thread is on; -1 where the system does not tell."""
    try:
        told = Path("/proc/thread-self/stat").read_text()
    except OSError:
        return -1
    # proc(5): the 39th field; the third is the first behind the name, which may hold anything.
    return int(told.rpartition(")")[2].split()[36])


def _open_schedule() -> int | None:
    """Open what Linux tells of this thread: nanoseconds on a processor, and waiting for one."""
    try:
        return os.open("/proc/thread-self/schedstat", os.O_RDONLY)
    except OSError:
        return None

"""How a guest's processors run: when its host gives it none for a while, and how slow they are else.

Each processor gets a process of real-time priority that sleeps a millisecond over and over, and then does the
same small work twice and times the second. Nothing else of the machine can have run on a processor whose
process woke too late. The same work took two to five times its best on machines at hand, from one
millisecond to the next. Run as a program it is one of these processes.
"""

from __future__ import annotations

import os
import select
import statistics
import subprocess
import sys
import time
from array import array
from bisect import bisect
from collections.abc import Iterable, Sequence
from typing import Self

_NAP_S = 0.001
_LATE_S = 0.001
_PACE_S = 0.005  # so finely the pace is kept
_BEST = 0.01  # of all paces are at least as good as what is taken for the best
_WORK = range(300)  # with the waking a twentieth of each processor

Span = tuple[float, float]  # begin and end by the monotonic clock, seconds


class Processor:
    """What one of the processes told of its processor."""

    def __init__(self, told: Iterable[str] = ()) -> None:
        self.late: list[Span] = []
        self.begun_s = array("d")  # of each stretch of 5 ms in which it looked
        self.work_s = array("d")  # what the same work took then, median
        for line in told:
            kind, first, second = line.split()
            if kind == "late":
                self.late.append((float(first), float(second)))
            else:
                self.begun_s.append(float(first))
                self.work_s.append(float(second))

    def work_between(self, begun_s: float, ended_s: float) -> float:
        """Return what the same work took between two times, the nearest look before them included."""
        first = max(bisect(self.begun_s, begun_s) - 1, 0)
        return statistics.fmean(self.work_s[first : max(bisect(self.begun_s, ended_s), first + 1)])


class MachinePace:
    """A context manager around the measured time; afterwards it tells of it. Any one thread.

    is_known: the system let it have the priority; else it knows of no stops, and takes every pace for best.
    """

    def __init__(self) -> None:
        self.is_known = hasattr(os, "SCHED_FIFO")
        self.stops: list[Span] = []  # of all processors at once
        self.processors: dict[int, Processor] = {}
        self.paces_s: list[float] = []  # of all processors, sorted: what the same work took
        self._processes: dict[int, subprocess.Popen[str]] = {}

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        for processor in sorted(os.sched_getaffinity(0)) if self.is_known else ():
            command = [sys.executable, __file__, f"{processor}"]
            self._processes[processor] = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        for process in self._processes.values():
            assert process.stdout is not None
            self.is_known = process.stdout.readline() == "ready\n" and self.is_known
        return self

    def __exit__(self, *_: object) -> None:
        told = {one: process.communicate("")[0] for one, process in self._processes.items()}
        if self.is_known:
            self.take({one: Processor(text.splitlines()) for one, text in told.items()})

    def take(self, processors: dict[int, Processor]) -> None:
        """Take what was told of each processor."""
        self.processors = processors
        self.stops = common([one.late for one in processors.values()])
        self.paces_s = sorted(work_s for one in processors.values() for work_s in one.work_s)

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        if not self.is_known:
            return [("the machine stood still, times", "?", "-")]
        took_s = [end - begin for begin, end in self.stops]
        best_s = self._pace_s(_BEST)
        shares = [self._pace_s(share) / best_s for share in (0.5, 0.99, 0.999)] if best_s else [1.0] * 3
        return [
            ("the machine stood still, times", f"{len(took_s)}", "-"),
            ("for over 5 ms", f"{sum(one > 0.005 for one in took_s)}", "-"),
            ("in all, ms", f"{sum(took_s) * 1000:.0f}", "-"),
            ("at most, ms", f"{max(took_s, default=0.0) * 1000:.0f}", "-"),
            ("a processor took for the same work, times its best: median", f"{shares[0]:.1f}", "-"),
            ("99 %", f"{shares[1]:.1f}", "-"),
            ("99.9 %", f"{shares[2]:.1f}", "-"),
        ]

    def _pace_s(self, share: float) -> float:
        """Return what the same work took at most in a share of all looks; 0 where there was none."""
        return self.paces_s[int(len(self.paces_s) * share)] if self.paces_s else 0.0

    def stopped_s(self, begun_s: float, ended_s: float) -> float:
        """Return how long the machine stood still between two times."""
        return overlap(self.stops, begun_s, ended_s)

    def at_best_s(self, processor: int, worked_s: float, begun_s: float, ended_s: float) -> float:
        """Return what work on a processor takes that is never stopped and always at its best.

        worked_s: what it was charged between the two times. A stop is charged to whoever has the processor.
        """
        told = self.processors.get(processor)
        if told is None or not told.work_s:
            return worked_s
        ran_s = ended_s - begun_s - overlap(told.late, begun_s, ended_s)
        slowness = max(told.work_between(begun_s, ended_s) / self._pace_s(_BEST), 1.0)
        return min(worked_s, ran_s) / slowness


def overlap(spans: Sequence[Span], begun_s: float, ended_s: float) -> float:
    """Return how much of the time between two times lies in spans; these in their order, without overlaps."""
    whole = 0.0
    for begin, end in spans[max(bisect(spans, (begun_s, begun_s)) - 1, 0) :]:
        if begin >= ended_s:
            break
        whole += max(min(end, ended_s) - max(begin, begun_s), 0.0)
    return whole


def common(every: Sequence[Sequence[Span]]) -> list[Span]:
    """Return what lies in spans of all; each in its order, without overlaps."""
    if not every:
        return []
    shared = list(every[0])
    for spans in every[1:]:
        both: list[Span] = []
        at = 0
        for begin, end in shared:
            while at < len(spans) and spans[at][1] <= begin:
                at += 1
            here = at
            while here < len(spans) and spans[here][0] < end:
                both.append((max(begin, spans[here][0]), min(end, spans[here][1])))
                here += 1
        shared = both
    return shared


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _watch(processor: int) -> None:
    """Print when this processor was late and how slow it was, until the standard input ends."""
    os.sched_setaffinity(0, {processor})
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        _say("refused")
        return
    _say("ready")
    late: list[Span] = []
    begun_s, work_s, looks = array("d"), array("d"), []
    since = begun = time.monotonic()
    while not select.select([sys.stdin], [], [], _NAP_S)[0]:
        woken = time.monotonic()
        if woken - begun > _NAP_S + _LATE_S:
            late.append((begun + _NAP_S, woken))
        if looks and woken - since > _PACE_S:
            begun_s.append(since)
            work_s.append(statistics.median(looks))
            looks.clear()
            since = woken
        sum(_WORK)  # the first finds what others left in the caches
        at = time.perf_counter()
        sum(_WORK)
        looks.append(time.perf_counter() - at)
        begun = time.monotonic()
    lines = [f"late {begin:.5f} {end:.5f}" for begin, end in late]
    lines += [f"pace {begin:.5f} {took:.9f}" for begin, took in zip(begun_s, work_s, strict=True)]
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    _watch(int(sys.argv[1]))

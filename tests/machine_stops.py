"""When the machine ran nothing at all: a guest whose host gives it no processor for a while.

Each processor gets a process of real-time priority that sleeps a millisecond over and over. Where all of them
woke too late at once, no program of the machine can have run. Run as a program it is one of these processes.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from bisect import bisect
from collections.abc import Sequence
from typing import Self

_NAP_S = 0.001
_LATE_S = 0.001

Span = tuple[float, float]  # begin and end by the monotonic clock, seconds


class MachineStops:
    """A context manager around the measured time; afterwards it tells of it. Any one thread.

    is_known: the system let it have the priority; else it knows of no stops.
    """

    def __init__(self) -> None:
        self.is_known = hasattr(os, "SCHED_FIFO")
        self.spans: list[Span] = []
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        for processor in sorted(os.sched_getaffinity(0)) if self.is_known else ():
            command = [sys.executable, __file__, f"{processor}"]
            self._processes.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
        for process in self._processes:
            assert process.stdout is not None
            self.is_known = process.stdout.readline() == "ready\n" and self.is_known
        return self

    def __exit__(self, *_: object) -> None:
        late = [_spans_of(process.communicate("")[0]) for process in self._processes]
        self.spans = common(late) if self.is_known else []

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        if not self.is_known:
            return [("the machine stood still, times", "?", "-")]
        took_s = [end - begin for begin, end in self.spans]
        return [
            ("the machine stood still, times", f"{len(took_s)}", "-"),
            ("for over 5 ms", f"{sum(one > 0.005 for one in took_s)}", "-"),
            ("in all, ms", f"{sum(took_s) * 1000:.0f}", "-"),
            ("at most, ms", f"{max(took_s, default=0.0) * 1000:.0f}", "-"),
        ]

    def seconds(self, begun_s: float, ended_s: float) -> float:
        """Return how long the machine stood still between two times."""
        first = max(bisect(self.spans, (begun_s, begun_s)) - 1, 0)
        whole = 0.0
        for begin, end in self.spans[first:]:
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


def _spans_of(told: str) -> list[Span]:
    return [(float(begin), float(end)) for begin, end in map(str.split, told.splitlines())]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _watch(processor: int) -> None:
    """Print when this processor was late, until the standard input ends."""
    os.sched_setaffinity(0, {processor})
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        _say("refused")
        return
    _say("ready")
    late: list[Span] = []
    begun = time.monotonic()
    while not select.select([sys.stdin], [], [], _NAP_S)[0]:
        woken = time.monotonic()
        if woken - begun > _NAP_S + _LATE_S:
            late.append((begun + _NAP_S, woken))
        begun = time.monotonic()
    for begin, end in late:
        _say(f"{begin:.5f} {end:.5f}")


if __name__ == "__main__":
    _watch(int(sys.argv[1]))

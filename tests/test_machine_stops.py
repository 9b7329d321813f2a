"""What the benchmarks take for times in which the machine ran nothing."""

from __future__ import annotations

import os

import pytest

from machine_stops import MachineStops, common


def test_a_stop_is_what_all_processors_were_late_in() -> None:
    first = [(1.0, 2.0), (3.0, 4.0), (6.0, 9.0)]
    second = [(1.5, 3.5), (7.0, 7.5), (8.0, 9.5)]

    assert common([first, second]) == [(1.5, 2.0), (3.0, 3.5), (7.0, 7.5), (8.0, 9.0)]
    assert common([first, second, [(0.0, 3.25)]]) == [(1.5, 2.0), (3.0, 3.25)]
    assert common([first, []]) == []
    assert common([]) == []


def test_only_what_lies_between_the_two_times_counts() -> None:
    stops = MachineStops()
    stops.spans = [(1.0, 2.0), (4.0, 4.5), (5.0, 6.0)]

    assert stops.seconds(0.0, 1.0) == 0.0
    assert stops.seconds(1.25, 1.5) == 0.25
    assert stops.seconds(1.5, 5.25) == pytest.approx(0.5 + 0.5 + 0.25)
    assert stops.seconds(6.0, 7.0) == 0.0


def test_a_process_for_each_processor_ends_with_it() -> None:
    with MachineStops() as stops:
        processes = list(stops._processes)

    assert [one.poll() for one in processes] == [0] * len(os.sched_getaffinity(0))
    assert stops.is_known or not stops.spans

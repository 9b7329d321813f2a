"""What the benchmarks take for times in which the machine ran nothing, or slowly."""

from __future__ import annotations

import os

import pytest

from machine_pace import MachinePace, Processor, common, overlap


def test_a_stop_is_what_all_processors_were_late_in() -> None:
    first = [(1.0, 2.0), (3.0, 4.0), (6.0, 9.0)]
    second = [(1.5, 3.5), (7.0, 7.5), (8.0, 9.5)]

    assert common([first, second]) == [(1.5, 2.0), (3.0, 3.5), (7.0, 7.5), (8.0, 9.0)]
    assert common([first, second, [(0.0, 3.25)]]) == [(1.5, 2.0), (3.0, 3.25)]
    assert common([first, []]) == []
    assert common([]) == []


def test_only_what_lies_between_the_two_times_counts() -> None:
    spans = [(1.0, 2.0), (4.0, 4.5), (5.0, 6.0)]

    assert overlap(spans, 0.0, 1.0) == 0.0
    assert overlap(spans, 1.25, 1.5) == 0.25
    assert overlap(spans, 1.5, 5.25) == pytest.approx(0.5 + 0.5 + 0.25)
    assert overlap(spans, 6.0, 7.0) == 0.0


def _machine() -> MachinePace:
    """Return one of two processors: the first slows down to a half, the second stops for 4 ms."""
    pace = MachinePace()
    steady = [f"pace {at / 1000:.3f} 0.000010" for at in range(0, 1000, 5)]
    slowed = [
        f"pace {at / 1000:.3f} {0.00002 if 500 <= at < 510 else 0.00001:.5f}" for at in range(0, 1000, 5)
    ]
    pace.take({0: Processor(slowed), 1: Processor([*steady, "late 0.702 0.706"])})
    return pace


@pytest.mark.parametrize(
    ("processor", "begun_s", "worked_s", "wanted_s"),
    [
        (0, 0.1, 0.006, 0.006),
        (0, 0.501, 0.006, 0.003),  # at half of the pace
        (0, 0.497, 0.008, 0.0048),  # 10, 20 and 20 microseconds for the same work
        (1, 0.701, 0.006, 0.004),  # of 8 ms between the two times 4 are left
        (1, 0.701, 0.003, 0.003),  # so much lies beside the stop
        (2, 0.501, 0.006, 0.006),  # of this processor nothing is known
    ],
)
def test_work_is_counted_as_a_processor_at_its_best_does_it(
    processor: int, begun_s: float, worked_s: float, wanted_s: float
) -> None:
    ended_s = begun_s + (0.008 if processor == 1 else worked_s)

    assert _machine().at_best_s(processor, worked_s, begun_s, ended_s) == pytest.approx(wanted_s)


def test_one_processor_that_stops_is_no_stop_of_the_machine() -> None:
    assert _machine().stopped_s(0.0, 1.0) == 0.0


def test_a_process_for_each_processor_ends_with_it() -> None:
    with MachinePace() as pace:
        processes = list(pace._processes.values())

    assert [one.poll() for one in processes] == [0] * len(os.sched_getaffinity(0))
    assert pace.is_known == bool(pace.processors)
    assert pace.is_known or not pace.stops

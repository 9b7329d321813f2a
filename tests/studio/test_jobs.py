"""One job after the other, and an end that no job holds up."""

from __future__ import annotations

import threading

import pytest

from groundglass.studio.jobs import Jobs
from patience import PATIENCE_S, until


def test_jobs_run_in_turn_and_give_what_they_gave() -> None:
    jobs = Jobs("test")
    done: list[int] = []

    first, second = jobs.submit(done.append, 1), jobs.submit(lambda: done.append(2) or "second")

    assert second.result(PATIENCE_S) == "second"
    assert first.result(0) is None
    assert done == [1, 2]
    with pytest.raises(ZeroDivisionError):
        jobs.submit(lambda: 1 / 0).result(PATIENCE_S)
    assert jobs.close(PATIENCE_S)
    with pytest.raises(RuntimeError):
        jobs.submit(print)


def test_a_job_that_was_cancelled_does_not_run() -> None:
    jobs, let_go, done = Jobs("test"), threading.Event(), list[int]()
    jobs.submit(let_go.wait)

    assert jobs.submit(done.append, 1).cancel()
    let_go.set()

    assert jobs.close(PATIENCE_S)
    assert done == []


def test_a_job_that_hangs_is_left_to_itself() -> None:
    jobs, let_go = Jobs("test"), threading.Event()
    jobs.submit(let_go.wait)

    assert not jobs.close(0.05)
    assert all(one.daemon for one in threading.enumerate() if one.name == "test")
    let_go.set()
    assert jobs.close(PATIENCE_S)


def test_those_behind_a_job_that_hangs_go_on_in_their_turn() -> None:
    jobs, let_go, done = Jobs("test"), threading.Event(), list[int]()
    hung = jobs.submit(let_go.wait, PATIENCE_S)
    for number in (1, 2):
        jobs.submit(done.append, number)
    until(hung.running)

    jobs.leave_running()

    jobs.submit(done.append, 3).result(PATIENCE_S)
    assert done == [1, 2, 3]
    assert jobs.close(PATIENCE_S)
    let_go.set()
    assert hung.result(PATIENCE_S)

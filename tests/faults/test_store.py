"""Every disk operation of small jobs fails in turn; `tests/benchmarks/never_lose.py` runs more of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import fault_runs
from counted_disk import MOMENTS

# So many operations each job has at least: a job that did nothing could not fail.
LEAST = {
    "shoot": 30,
    "shoot patiently": 30,
    "throw away": 20,
    "open": 15,
    "back up": 15,
    "clear the card": 50,
    "clear and throw away": 50,
    "back up sidecars": 8,
    "export": 12,
}
_JOBS = [job for job in LEAST if job != "shoot patiently"]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(
    ("job", "is_for_good"),
    # Asking again helps only where an error passes.
    [(job, once) for job in LEAST for once in (False, True) if not (once and job == "shoot patiently")],
)
def test_an_error_at_any_operation_loses_nothing(
    folder: Path, job: str, moment: str, is_for_good: bool
) -> None:
    if job == "shoot patiently" and is_for_good:
        pytest.skip("asking again helps only where an error passes")
    assert fault_runs.errors(folder, job, moment, is_for_good=is_for_good) >= LEAST[job]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("job", _JOBS)
def test_a_kill_at_any_operation_loses_nothing(folder: Path, job: str, moment: str) -> None:
    assert fault_runs.kills(folder, job, moment) >= LEAST[job]


@pytest.mark.parametrize("moment", ["before", "half"])
def test_a_disk_that_can_not_rename_without_replacing_loses_nothing(folder: Path, moment: str) -> None:
    runs = fault_runs.errors(folder / "e", "shoot", moment, is_for_good=False, has_rename=False)
    runs += fault_runs.kills(folder / "k", "shoot", moment, has_rename=False)

    assert runs >= 2 * LEAST["shoot"]


@pytest.mark.parametrize("is_journaled", [True, False], ids=["journaled", "plain"])
@pytest.mark.parametrize("job", _JOBS)
def test_a_power_cut_at_any_operation_loses_nothing(folder: Path, job: str, is_journaled: bool) -> None:
    assert fault_runs.power_cuts(folder, job, "before", is_journaled=is_journaled) >= 5 * LEAST[job]


def test_what_a_failed_sync_dropped_is_written_again_before_a_frame_counts_as_stored(folder: Path) -> None:
    assert fault_runs.dropped_writes(folder) >= 15

"""Run a job with every one of its disk operations failing in turn; each run returns how many there were."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from counted_disk import CountedDisk
from fault_jobs import JOBS, Job
from groundglass.errors import SessionError
from groundglass.session.store import SessionStore
from lossy_disk import SURVIVALS, LossyDisk, PowerCutError

_TESTS = Path(__file__).parent


def errors(root: Path, job_name: str, moment: str, *, is_for_good: bool, has_rename: bool = True) -> int:
    """Let operation n fail with an error: before, half way through or after its effect."""
    job = JOBS[job_name]
    for fail_at in itertools.count(1):
        folder = root / str(fail_at)
        job.prepare(folder)
        disk = CountedDisk(fail_at, moment, is_for_good=is_for_good, has_rename=has_rename)
        with suppress(SessionError):
            job.run(folder, disk)
        job.check(folder, False)
        shutil.rmtree(folder)
        if disk.count < fail_at:
            return fail_at - 1
    raise AssertionError("a job ends")


def kills(root: Path, job_name: str, moment: str, *, has_rename: bool = True) -> int:
    """Kill a real process at operation n."""
    way = "rename" if has_rename else "placeholder"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (*sys.path, str(_TESTS))))}
    done = subprocess.run(
        [sys.executable, str(_TESTS / "counted_crashes.py"), str(root), job_name, moment, way],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    ends = [line.split() for line in done.stdout.splitlines()]
    assert [how for _, how in ends] == ["killed"] * (len(ends) - 1) + ["0"]
    for fail_at, _ in ends:
        JOBS[job_name].check(root / fail_at, False)
        shutil.rmtree(root / fail_at)
    return len(ends) - 1


def _after_the_cut(folder: Path, job: Job, disk: LossyDisk, how: str) -> Path:
    """Write down what the failing disk is left with, beside what is on good ones."""
    left = folder.with_name(f"{folder.name} {how}")
    left.mkdir()
    for one in folder.iterdir():
        if one.name != job.root:
            shutil.copytree(one, left / one.name) if one.is_dir() else shutil.copy(one, left)
    disk.survive(left / job.root, how)
    return left


def power_cuts(root: Path, job_name: str, moment: str, *, is_journaled: bool) -> int:
    """Cut the power at operation n, and open each state that the disk may be left in."""
    job = JOBS[job_name]
    states = 0
    for fail_at in itertools.count(1):
        folder = root / str(fail_at)
        job.prepare(folder)
        disk = LossyDisk(folder / job.root, fail_at, moment, is_journaled=is_journaled)
        with suppress(PowerCutError):
            job.run(folder, disk)
        for how in SURVIVALS:
            left = _after_the_cut(folder, job, disk, how)
            job.check(left, not is_journaled and disk.count >= fail_at)
            shutil.rmtree(left)
            states += 1
        shutil.rmtree(folder)
        if disk.count < fail_at:
            return states
    raise AssertionError("a job ends")


def dropped_writes(root: Path) -> int:
    """Let operation n fail once and drop what it could not write; ask again; then cut the power."""
    job = JOBS["shoot patiently"]
    # An error at the very start is told, and the session is not open then.
    opening = root / "opening"
    job.prepare(opening)
    SessionStore.open(opening / "S", "S_{counter:04}", disk=(plain := CountedDisk())).close()
    for fail_at in itertools.count(plain.count + 1):
        folder = root / str(fail_at)
        job.prepare(folder)
        disk = LossyDisk(folder / job.root, fail_at, drops=True)
        job.run(folder, disk)
        assert (folder / "arrived").read_text().split() == ["0", "1", "2"]
        left = _after_the_cut(folder, job, disk, "synced")
        job.check(left, False)
        shutil.rmtree(left)
        shutil.rmtree(folder)
        if disk.count < fail_at:
            return fail_at - 1 - plain.count
    raise AssertionError("a job ends")

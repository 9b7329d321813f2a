"""Kill a child at every disk operation of a job in turn; print one line for each: its folder, and its end.

A program of its own, because a fork must not copy the threads of a test run.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from counted_disk import CountedDisk, kill
from fault_jobs import JOBS


def main(root: Path, job_name: str, moment: str, has_rename: bool) -> None:
    job = JOBS[job_name]
    for fail_at in range(1, 1000):
        folder = root / str(fail_at)
        job.prepare(folder)
        child = os.fork()
        if child == 0:
            job.run(folder, CountedDisk(fail_at, moment, fail=kill, has_rename=has_rename))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        how = "killed" if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)
        sys.stdout.write(f"{fail_at} {how}\n")
        sys.stdout.flush()
        if not os.WIFSIGNALED(status):
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4] == "rename")

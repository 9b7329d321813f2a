"""Let every disk operation of storing, recovery and backup fail, in every way, on a real disk.

    .venv/bin/python tests/benchmarks/never_lose.py [FOLDER]

FOLDER: on the disk to try; by default the one of temporary files. Takes some minutes. Prints how often each
way of failing was tried; it ends with an error at the first frame that is not there exactly once.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fault_runs
from counted_disk import MOMENTS
from fault_jobs import JOBS


def main(where: Path | None) -> None:
    logging.disable()  # each failure would be told
    begun = time.monotonic()
    totals: dict[str, int] = {}

    def tried(what: str, count: int) -> None:
        totals[what] = totals.get(what, 0) + count

    with tempfile.TemporaryDirectory(dir=where) as made:
        rooms = (Path(made) / str(number) for number in range(10**6))
        for job, moment, has_rename in product(JOBS, MOMENTS, (True, False)):
            tried(
                "errors, once",
                fault_runs.errors(next(rooms), job, moment, is_for_good=False, has_rename=has_rename),
            )
            if job != "shoot patiently":
                tried(
                    "errors, for good",
                    fault_runs.errors(next(rooms), job, moment, is_for_good=True, has_rename=has_rename),
                )
                tried("processes killed", fault_runs.kills(next(rooms), job, moment, has_rename=has_rename))
        for job, moment, is_journaled in product(JOBS, MOMENTS, (True, False)):
            kind = "a file system with a journal" if is_journaled else "one without"
            tried(
                f"states after a power cut, {kind}",
                fault_runs.power_cuts(next(rooms), job, moment, is_journaled=is_journaled),
            )
        tried("failed writes that the system dropped", fault_runs.dropped_writes(next(rooms)))
    width = max(map(len, totals))
    for what, count in totals.items():
        print(f"{what:{width}}  {count:6}")
    print(
        f"{'together':{width}}  {sum(totals.values()):6}   in {time.monotonic() - begun:.0f} s, no frame lost"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)

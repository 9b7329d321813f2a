"""Shoot for hours with the live view on, and print what grows: memory, open files, threads, waiting.

    .venv/bin/python tests/benchmarks/endurance.py [--frames 10000] [--minutes 30] [--rows 20] [--folder DIR]

The frames are spread over the minutes of live view, or follow each other at once when there are more. Each
is compared with what the camera reports; `--thin` then removes its picture, for a small disk. In the end the
session is opened anew, and what that takes in memory is printed too: what it knows of each shot must grow.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import os
import statistics
import sys
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from groundglass.model.camera import CameraState
from groundglass.model.shot import Shot
from groundglass.studio.events import Event, Problem, ShotStored
from groundglass.studio.studio import Studio
from patience import until
from virtual_camera import VirtualCamera

_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured at one moment, and since the one before."""

    elapsed_s: float
    frames: int
    app_mb: float
    driver_mb: float
    app_files: int
    driver_files: int
    threads: int
    stored_median_ms: float  # release to stored
    stored_worst_ms: float
    live_fps: float
    live_age_ms: float

    @property
    def text(self) -> str:
        return (
            f"{self.elapsed_s:7.0f} {self.frames:7} {self.app_mb:8.1f} {self.driver_mb:8.1f} "
            f"{self.app_files:6} {self.driver_files:6} {self.threads:7} {self.stored_median_ms:8.1f} "
            f"{self.stored_worst_ms:8.1f} {self.live_fps:6.1f} {self.live_age_ms:7.1f}"
        )


TITLE = "      s  frames   app MB  drv MB  files   drv f threads  stored ms  worst ms    fps  age ms"


class Endurance:
    """One studio on one virtual camera."""

    def __init__(self, camera: VirtualCamera, folder: Path, *, is_thin: bool) -> None:
        self.camera = camera
        self.session = folder / "S"
        self.problems: list[str] = []
        self.studio = Studio(folder / "driver")
        self.studio.subscribe(self._note)
        self.studio.open_session(self.session)
        self.studio.connect(camera.address).result(_PATIENCE_S)
        until(lambda: self.studio.status.state is CameraState.READY, state=lambda: self.studio.status)
        self.studio.start_live().result(_PATIENCE_S)
        until(self.studio.live.latest, state=lambda: self.studio.status)
        self.problems.clear()  # a busy camera may refuse the very first attempt to connect
        self._is_thin = is_thin
        self._waits_ms: list[float] = []
        self._begun = time.monotonic()
        self.seen: set[str] = set()

    def shoot(self) -> None:
        shot = self.studio.release().result(_PATIENCE_S)
        for file in shot.files:
            path = self.session / file.path
            assert file.sha256 not in self.seen, f"{file.path} came twice"
            assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256, f"{file.path} is not whole"
            self.seen.add(file.sha256)
            if self._is_thin:
                path.unlink()

    def measure(self) -> Row:
        waits, self._waits_ms = self._waits_ms or [0.0], []
        figures = self.studio.live.figures()
        worker = self._worker()
        return Row(
            time.monotonic() - self._begun,
            len(self.seen),
            _resident_mb("self"),
            _resident_mb(worker),
            _open_files("self"),
            _open_files(worker),
            threading.active_count(),
            statistics.median(waits),
            max(waits),
            figures.fps,
            figures.age_median_ms,
        )

    def _worker(self) -> str:
        for child in Path("/proc/self/task").glob("*/children"):
            for pid in child.read_text().split():
                if b"groundglass.camera.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return pid
        raise AssertionError("the camera's process is not there")

    def _note(self, event: Event) -> None:
        if isinstance(event, ShotStored) and not event.is_complete and event.trigger_to_stored_s is not None:
            self._waits_ms.append(event.trigger_to_stored_s * 1000)
        elif isinstance(event, Problem):
            self.problems.append(str(event.error))


def run(
    frames: int,
    live_s: float,
    folder: Path,
    *,
    rows: int,
    is_thin: bool = False,
    tell: Callable[[Row], None] = lambda _row: None,
) -> list[Row]:
    """Shoot so many frames in at least this time of live view; raise AssertionError if one is amiss."""
    measured: list[Row] = []
    with VirtualCamera("--megapixels", "4") as camera:
        camera.do("card", shots_left=frames + 10)
        endurance = Endurance(camera, folder, is_thin=is_thin)
        shots: tuple[Shot, ...] = ()
        try:
            begun = time.monotonic()
            for number in range(1, frames + 1):
                endurance.shoot()
                time.sleep(max(0.0, begun + number * live_s / frames - time.monotonic()))
                if number * rows // frames > (number - 1) * rows // frames:
                    measured.append(endurance.measure())
                    tell(measured[-1])
            shots = endurance.studio.shots
            made = {one["sha256"] for one in camera.state()["files"]}
        finally:
            endurance.studio.close()
    assert endurance.problems == [], endurance.problems[:5]
    assert endurance.seen == made == {file.sha256 for shot in shots for file in shot.files}
    assert len(made) == frames
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rows", type=int, default=20)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--thin", action="store_true")
    options = parser.parse_args()
    print(TITLE, flush=True)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        rows = run(
            options.frames, options.minutes * 60, Path(folder),
            rows=options.rows, is_thin=options.thin, tell=lambda row: print(row.text, flush=True),
        )  # fmt: skip
        index_mb = _index_mb(Path(folder))
    # The first rows see caches fill.
    first, last = rows[len(rows) // 5], rows[-1]
    thousands = (last.frames - first.frames) / 1000
    print(
        f"{last.frames} frames, {last.elapsed_s / 60:.0f} min: memory per 1000 frames "
        f"{(last.app_mb - first.app_mb) / thousands:+.2f} MB in the application, "
        f"{(last.driver_mb - first.driver_mb) / thousands:+.2f} MB in the camera's process; open files "
        f"{last.app_files - first.app_files:+d} and {last.driver_files - first.driver_files:+d}; threads "
        f"{last.threads - first.threads:+d}; stored after {first.stored_median_ms:.0f} -> "
        f"{last.stored_median_ms:.0f} ms; what the session knows takes {index_mb / last.frames * 1000:.2f} MB"
    )


def _index_mb(folder: Path) -> float:
    """Return what a session and all that is known of its shots takes in memory, once it is opened anew."""
    studio = Studio(folder / "driver")
    tracemalloc.start()
    try:
        studio.open_session(folder / "S")
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / 1e6
    finally:
        tracemalloc.stop()
        studio.close()


def _resident_mb(pid: str) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _open_files(pid: str) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


if __name__ == "__main__":
    main()

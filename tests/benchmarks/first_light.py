"""Measure the way from the camera to the studio on a virtual camera, beside its limits.

    .venv/bin/python tests/benchmarks/first_light.py

Prints medians of repeated runs. The camera runs on the same machine, so a busy machine shows in all figures;
the rate of `gphoto2 --capture-movie` on the same camera is the measure for the live view.
"""

from __future__ import annotations

import queue
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.studio.events import Event, ShotStored, StatusChanged
from groundglass.studio.studio import Studio
from patience import until
from virtual_camera import VirtualCamera

_RUNS = 20
_LIVE_S = 5.0


def main() -> None:
    rows: list[tuple[str, str, str]] = []
    with VirtualCamera("--megapixels", "4") as camera, tempfile.TemporaryDirectory() as folder:
        peer = _movie_rate(camera)
        studio = Studio(Path(folder) / "driver")
        events: queue.SimpleQueue[tuple[float, Event]] = queue.SimpleQueue()
        studio.subscribe(lambda event: events.put((time.monotonic(), event)))
        begun = time.monotonic()
        studio.open_session(Path(folder) / "session")
        studio.connect(camera.address).result()
        until(lambda: studio.status.state is CameraState.READY, every_s=0.001)
        rows.append(("start to armed camera, ms", f"{(time.monotonic() - begun) * 1000:.0f}", "3000"))
        studio.set(SettingId.IMAGE_FORMAT, "jpeg").result()
        studio.set(SettingId.SHUTTER, "1/125").result()
        for is_live in (False, True):
            where = "live view on" if is_live else "live view off"
            if is_live:
                studio.start_live().result()
                until(studio.live.latest, every_s=0.001)
            rows.append((f"dial on the body -> studio, ms, {where}", _ms(_dials(camera, events)), "100"))
            rows.append((f"set -> read back, ms, {where}", _ms(_sets(studio)), "150"))
            rows.append((f"release -> capture operation, ms, {where}", _ms(_releases(camera, studio)), "20"))
            late = _body_releases(camera, events)
            rows.append((f"body release -> stored, 4 MP, ms, {where}", _ms(late), "150 + transfer"))
        time.sleep(_LIVE_S)
        figures = studio.live.figures()
        rows.append(("live view decoded and measured, frames/s", f"{figures.fps:.1f}", f"95 % of {peer}"))
        rows.append(("frame age in the mailbox, ms, median", f"{figures.age_median_ms:.1f}", "50"))
        rows.append(("virtual camera in live view, share of a core", f"{_camera_load(camera):.2f}", "-"))
        studio.close()
    width = max(len(row[0]) for row in rows)
    print(f"{'':{width}}  {'median':>8}  limit")
    for name, figure, limit in rows:
        print(f"{name:{width}}  {figure:>8}  {limit}")


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.1f}"


def _drain(events: queue.SimpleQueue[tuple[float, Event]]) -> None:
    while not events.empty():
        events.get()


def _dials(camera: VirtualCamera, events: queue.SimpleQueue[tuple[float, Event]]) -> list[float]:
    taken = []
    for run in range(_RUNS):
        value = ("200", "250")[run % 2]
        _drain(events)
        camera.do("dial", setting="iso", value=value)
        turned_at = camera.state()["dials"][-1]["monotonic"]
        while True:
            at, event = events.get(timeout=10)
            iso = event.status.setting(SettingId.ISO) if isinstance(event, StatusChanged) else None
            if iso is not None and iso.label == f"ISO {value}":
                taken.append(at - turned_at)
                break
    return taken


def _sets(studio: Studio) -> list[float]:
    taken = []
    for run in range(_RUNS):
        begun = time.monotonic()
        studio.set(SettingId.ISO, ("100", "125")[run % 2]).result()
        taken.append(time.monotonic() - begun)
    return taken


def _releases(camera: VirtualCamera, studio: Studio) -> list[float]:
    taken = []
    for _ in range(_RUNS // 2):
        begun = time.monotonic()
        studio.release().result(30)
        taken.append(camera.state()["releases"][-1]["monotonic"] - begun)
        time.sleep(0.3)
    return taken


def _body_releases(camera: VirtualCamera, events: queue.SimpleQueue[tuple[float, Event]]) -> list[float]:
    taken = []
    for _ in range(_RUNS // 2):
        _drain(events)
        until(lambda: camera.control({"do": "shutter"})["ok"])  # busy while the frame before is written
        while True:
            at, event = events.get(timeout=30)
            if isinstance(event, ShotStored):
                break
        taken.append(at - camera.state()["releases"][-1]["monotonic"])
    return taken


def _movie_rate(camera: VirtualCamera) -> str:
    """Return the frames a second that Debian's gphoto2 pulls from this camera."""
    if shutil.which("gphoto2") is None:
        return "? (no gphoto2)"
    seconds = int(_LIVE_S)
    with tempfile.TemporaryFile() as movie:
        command = ["gphoto2", "--port", camera.address, f"--capture-movie={seconds}s", "--stdout"]
        subprocess.run(command, stdout=movie, stderr=subprocess.DEVNULL, check=False, timeout=60)
        movie.seek(0)
        frames = movie.read().count(b"\xff\xd8\xff")
    return f"{frames / seconds:.1f}"


def _camera_load(camera: VirtualCamera) -> float:
    before = camera.state()
    time.sleep(2)
    after = camera.state()
    return float(after["cpu_s"] - before["cpu_s"]) / float(after["monotonic"] - before["monotonic"])


if __name__ == "__main__":
    main()

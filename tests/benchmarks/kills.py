"""Kill the program, its camera process, or the link, again and again during a shoot, and count the frames.

    .venv/bin/python tests/benchmarks/kills.py [--kills 50] [--what program|driver|cable] [--seed 1]

The camera shoots on, whoever listens. At the end every file that it made must lie in the session once, whole.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from groundglass.session.recover import check
from groundglass.session.store import SessionStore
from patience import until
from program import command, home
from virtual_camera import VirtualCamera

_PATIENCE_S = 90.0


class Shoot:
    """A `groundglass watch` that is started again whenever it is killed, on a camera that shoots on."""

    def __init__(self, camera: VirtualCamera, folder: Path) -> None:
        self.camera = camera
        self.folder = folder
        self.session = folder / "S"
        self.armed_s: list[float] = []
        self._ended = threading.Event()
        self._shooter = threading.Thread(target=self._shoot_on, name="shooter")

    def start(self) -> None:
        self.program = self._watch()
        self._shooter.start()

    def stop_shooting(self) -> None:
        self._ended.set()
        self._shooter.join()

    def kill_program(self) -> None:
        self.program.kill()
        self.program.communicate()
        self.program = self._watch()

    def kill_driver(self) -> None:
        children = Path(f"/proc/{self.program.pid}/task/{self.program.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)

    def pull_cable(self) -> None:
        """Cut the link in the middle of the next picture."""
        self.camera.do("fault", kind="drop", operation="GetPartialObject", how="reset", after_bytes=200_000)

    def end(self) -> None:
        self.stop_shooting()
        self.camera.do("clear")
        self.camera.wait_for(lambda state: len(state["files"]) >= len(state["releases"]))
        made = _made(self.camera)
        until(
            lambda: set(_stored(self.session)) >= made,
            every_s=0.1,
            patience_s=_PATIENCE_S,
            state=lambda: f"{len(_stored(self.session))} of {len(made)}",
        )
        self.program.terminate()
        self.program.communicate(timeout=_PATIENCE_S)

    def prove(self) -> int:
        made, stored = _made(self.camera), Counter(_stored(self.session))
        assert set(stored) == made, f"{len(made - set(stored))} frames are missing"
        assert max(stored.values()) == 1, "a frame came twice"
        report = check(self.session)
        assert report.is_clean, report
        return len(made)

    def _watch(self) -> subprocess.Popen[str]:
        begun = time.monotonic()
        watch = subprocess.Popen(
            command("watch", "--camera", self.camera.address, "--session", str(self.session)),
            env=home(self.folder), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert watch.stderr is not None
        for line in watch.stderr:
            if line.startswith("Watching"):
                self.armed_s.append(time.monotonic() - begun)
                threading.Thread(target=watch.stderr.read, daemon=True).start()
                return watch
            if line.startswith("Error"):
                watch.wait()
                return self._watch()  # the camera may not have let its last client go yet
        raise AssertionError("the program ended by itself")

    def _shoot_on(self) -> None:
        while not self._ended.is_set():
            self.camera.control({"do": "shutter"})
            self._ended.wait(0.05)


def run(what: str, kills: int, folder: Path, seed: int = 1) -> dict[str, Any]:
    """Kill so many times at random moments; raise AssertionError if a frame is lost, doubled or broken."""
    chance = random.Random(seed)
    with VirtualCamera("--megapixels", "4", "--seed", str(seed)) as camera:
        shoot = Shoot(camera, folder)
        deed = {"program": shoot.kill_program, "driver": shoot.kill_driver, "cable": shoot.pull_cable}[what]
        shoot.start()
        try:
            for _ in range(kills):
                time.sleep(chance.uniform(0.05, 1.2))
                deed()
            shoot.end()
            frames = shoot.prove()
        finally:
            shoot.stop_shooting()
            if shoot.program.poll() is None:
                shoot.program.kill()
                shoot.program.communicate()
    return {
        "frames": frames,
        "armed_median_s": statistics.median(shoot.armed_s),
        "armed_max_s": max(shoot.armed_s),
    }


def _made(camera: VirtualCamera) -> set[str]:
    return {one["sha256"] for one in camera.state()["files"]}


def _stored(session: Path) -> list[str]:
    return [file.sha256 for shot in SessionStore.read(session).shots for file in shot.files]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--what", choices=("program", "driver", "cable"), default="program")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = run(options.what, options.kills, Path(folder), options.seed)
    print(
        f"{options.what} killed {options.kills} times: {told['frames']} frames, each once and whole; "
        f"start to armed {told['armed_median_s']:.2f} s median, {told['armed_max_s']:.2f} s at most"
    )


if __name__ == "__main__":
    main()

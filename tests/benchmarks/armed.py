"""Measure how soon the camera is armed again: after its return, and after the program was started anew.

    .venv/bin/python tests/benchmarks/armed.py [--runs 5]

The camera goes away, 20 frames are shot on it, and it comes back: until it is armed, and until all frames are
stored. Then the program is ended and started again with its session. Limits: 3 s each.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from groundglass.model.camera import CameraState
from groundglass.studio.studio import Studio
from patience import until
from program import command, home
from virtual_camera import VirtualCamera

_LIMIT_S = 3.0
_BACKLOG = 20
_PATIENCE_S = 60.0


class Cable:
    """A cable to a camera that can be pulled and plugged in again."""

    def __init__(self, port: int) -> None:
        self._camera_port = port
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.is_in = True
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        self.is_in = False
        for end in self._ends:
            _cut(end)
        self._ends.clear()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            if not self.is_in:
                client.close()
                continue
            camera = socket.create_connection(("127.0.0.1", self._camera_port))
            for end in (client, camera):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._ends += [client, camera]
            for source, target in ((client, camera), (camera, client)):
                threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
    except OSError:
        data = b""
    for end in (source, target):
        _cut(end)


def _cut(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        end.close()


def reconnect(camera: VirtualCamera, folder: Path) -> tuple[float, float]:
    """Return the seconds from the camera's return until it is armed, and until all frames are stored."""
    cable = Cable(camera.port)
    studio = Studio(folder / "driver")
    studio.open_session(folder / "S")
    studio.connect(f"ptpip:127.0.0.1:{cable.port}").result(_PATIENCE_S)
    try:
        until(lambda: studio.status.state is CameraState.READY)
        studio.release().result(_PATIENCE_S)
        cable.pull()
        until(lambda: not studio.status.state.is_connected)
        before = len(camera.state()["files"])
        for number in range(1, _BACKLOG + 1):
            until(lambda: camera.control({"do": "shutter"})["ok"])
            until(lambda number=number: len(camera.state()["files"]) >= before + number)
        wanted = {one["sha256"] for one in camera.state()["files"][before:]}

        cable.is_in = True
        back = time.monotonic()
        until(lambda: studio.status.state.is_connected)
        armed = time.monotonic() - back
        until(lambda: wanted <= {file.sha256 for shot in studio.shots for file in shot.files})
        return armed, time.monotonic() - back
    finally:
        studio.close()


def relaunch(camera: VirtualCamera, folder: Path) -> float:
    """Return the seconds from the start of `watch` until it is armed with its session open."""
    begun = time.monotonic()
    watch = subprocess.Popen(
        command("watch", "--camera", camera.address, "--session", str(folder / "S")),
        env=home(folder), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watch.stderr is not None
    while not watch.stderr.readline().startswith("Watching"):
        assert watch.poll() is None, "the program ended by itself"
    armed = time.monotonic() - begun
    watch.terminate()
    watch.communicate(timeout=_PATIENCE_S)
    return armed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    armed, stored, started = [], [], []
    with VirtualCamera("--megapixels", "4") as camera:
        for _ in range(options.runs):
            with tempfile.TemporaryDirectory() as folder:
                one, all_stored = reconnect(camera, Path(folder))
                armed.append(one)
                stored.append(all_stored)
                started.append(relaunch(camera, Path(folder)))
    for what, took in (
        ("return to armed", armed),
        (f"return to {_BACKLOG} frames stored", stored),
        ("program started to armed", started),
    ):
        print(
            f"{what}: {statistics.median(took):.2f} s median, {max(took):.2f} s at most, "
            f"limit {_LIMIT_S:.0f} s"
        )


if __name__ == "__main__":
    main()

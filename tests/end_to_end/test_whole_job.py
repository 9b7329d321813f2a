"""A whole job in the real program on a screen of memory, by keyboard and mouse, on each brand.

GROUNDGLASS_FRAMES=20 makes it the full run.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import x_screen
from groundglass.model.review import REJECTED
from groundglass.model.shot import Shot
from groundglass.session.recover import check
from groundglass.session.reviews import read_review
from groundglass.session.store import SessionStore
from program import command, home, run
from virtual_camera import VirtualCamera
from x_screen import Screen, see

_FRAMES = int(os.environ.get("GROUNDGLASS_FRAMES", "3"))
_RELEASE_AT = (120, 692)  # on a screen of 1280 x 800, of which a frame may take its part
_SHUTTER_AT = (60, 284)
_PEAKING = (255, 230, 0)

pytestmark = [
    pytest.mark.skipif(bool(x_screen.missing()), reason=f"not installed: {x_screen.missing()}"),
    pytest.mark.timeout(300),
]


class Job:
    """The program in its window, and what can be known of it from outside."""

    def __init__(self, folder: Path, screen: Screen, camera: VirtualCamera) -> None:
        self.folder = folder
        self.session = folder / "lookbook"
        self.screen = screen
        self.camera = camera
        self.program = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        environment = {**home(self.folder), "DISPLAY": self.screen.name, "QT_QPA_PLATFORM": "xcb"}
        # Qt's own warnings about a screen without a window manager are none of ours.
        return subprocess.Popen(
            command("--camera", self.camera.address, "--session", str(self.session)),
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def shots(self) -> tuple[Shot, ...]:
        return SessionStore.read(self.session).shots if SessionStore.is_at(self.session) else ()

    def whole(self, count: int) -> bool:
        """Tell whether so many shots are there, each as RAW and JPEG."""
        shots = self.shots()
        return len(shots) == count and all(len(one.files) == 2 for one in shots)

    def dial(self, name: str) -> object:
        value = self.camera.state()["settings"][name]
        return value["label"] if isinstance(value, dict) else value

    def sees_camera(self) -> bool:
        """Tell whether the window that has the keys names a camera, and nothing that is done about it."""
        title = self.screen.focused()
        return title.endswith("\N{EN DASH} Groundglass") and ". " not in title

    def end(self) -> None:
        self.screen.press("ctrl+q")
        assert self.program.wait(30) == 0


@pytest.fixture(params=["nikon", "canon", "sony", "fuji"])
def job(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Job]:
    with VirtualCamera("--brand", request.param, "--megapixels", "4") as camera, Screen(tmp_path) as screen:
        done = run(tmp_path, "set", "--camera", camera.address, "image_format=raw+jpeg")
        assert done.returncode == 0, done.stderr
        job = Job(tmp_path, screen, camera)
        yield job
        if job.program.poll() is None:
            job.program.kill()
            job.program.wait()


def test_a_whole_job_from_the_first_setting_to_the_selects(job: Job) -> None:
    screen, camera = job.screen, job.camera
    see(job.sees_camera, "the camera's name in the title")

    # Exposure: by keys, and by the wheel.
    for key, text, name, wanted in (("s", "1/125", "shutter", "1/125"), ("a", "8", "aperture", 8.0)):
        screen.press(key)
        screen.type(text)
        screen.press("Return")
        see(lambda name=name, wanted=wanted: job.dial(name) == wanted, f"{name} {text}")
    screen.turn_wheel(*_SHUTTER_AT, up=True)
    see(lambda: job.dial("shutter") == "1/100", "the wheel brings the next brighter time")

    # Focus: the live picture with peaking.
    screen.press("Escape", "l")
    see(lambda: camera.state()["is_live"], "live view at the camera")
    screen.press("p")
    see(lambda: screen.share_of(_PEAKING) > 0.001, "peaking in the live picture")
    screen.press("p", "p", "p")

    # Shoot: by key, by the button on the screen, on the body.
    for number in range(1, _FRAMES + 1):
        screen.press("space") if number % 2 else screen.click(*_RELEASE_AT)
        see(lambda number=number: job.whole(number), f"shot {number} as RAW and JPEG")
    see(lambda: camera.control({"do": "shutter"})["ok"], "the body's own release")
    count = _FRAMES + 1
    see(lambda: job.whole(count), "the shot of the body")

    # Rate, reject, compare.
    screen.press("Left", "4", "Left", "x")
    newest, before = job.shots()[-1], job.shots()[-2]
    see(lambda: read_review(job.session, newest).rating == 4, "four stars in the sidecar")
    see(lambda: read_review(job.session, before).rating == REJECTED, "rejected in the sidecar")
    looked = screen.pixels().copy()
    screen.press("b")
    see(lambda: (screen.pixels() != looked).mean() > 0.05, "two pictures side by side")
    screen.press("Escape", "Escape", "Escape")

    # The cable is pulled, a frame is shot meanwhile, and the job goes on.
    heard = camera.state()["operations"].get("OpenSession", 0)
    camera.do("unplug")
    see(lambda: camera.state()["operations"].get("OpenSession", 0) > heard, "the next connection")
    see(job.sees_camera, "the camera's name again")
    screen.press("space")
    count += 1
    see(lambda: job.whole(count), "a shot after the cable was pulled")

    # Filter, export, quit.
    selects = job.folder / "selects"
    screen.press("alt+3", "ctrl+e")
    see(lambda: "Export" in screen.titles(), "the export dialog")
    screen.press("ctrl+a")
    screen.type(str(selects))
    screen.press("Return")
    see(lambda: selects.is_dir() and len(list(selects.glob("*.xmp"))) == 1, "the selects with a sidecar")
    screen.press("Escape")
    see(lambda: "Export" not in screen.titles(), "the end of the dialog")
    screen.focus("Groundglass")
    job.end()

    served = {one["sha256"] for one in camera.state()["files"]}
    stored = [file.sha256 for shot in job.shots() for file in shot.files]
    assert sorted(stored) == sorted(served)
    assert check(job.session).is_clean
    stem = newest.files[0].path.rpartition(".")[0]
    assert {one.stem for one in selects.iterdir()} == {stem}

    # Reopen: it is all there, and the next frame goes on.
    job.program = job.start()
    see(job.sees_camera, "the camera's name after the second start")
    screen.press("space")
    see(lambda: job.whole(count + 1), "a shot after the second start")
    job.end()
    assert job.shots()[-1].number == count + 1

"""Debian's gphoto2 and its own libgphoto2 on the bus of virtual cameras."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from usb_bridge import UsbBus
from virtual_camera import VirtualCamera

GPHOTO2 = shutil.which("gphoto2")
Run = Callable[..., bytes]


@pytest.fixture
def run(_system_drivers: Path, tmp_path: Path, camera: VirtualCamera) -> Run:
    if GPHOTO2 is None:
        pytest.skip("the gphoto2 program is not installed")
    bus = UsbBus(tmp_path / "bus")
    bus.plug(camera)
    environment = {**os.environ, **bus.system_environment(), "HOME": str(tmp_path), "LC_ALL": "C"}

    def gphoto2(*options: str) -> bytes:
        return subprocess.run(
            [GPHOTO2, *options],
            env=environment,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=True,
        ).stdout

    return gphoto2


def test_debian_finds_the_model_by_its_usb_id(run: Run) -> None:
    assert b"Nikon Z6                       usb:001,004" in run("--auto-detect")


def test_debian_tells_a_summary(run: Run) -> None:
    assert b"Model: Z Virtual" in run("--summary")


def test_debian_sets_what_it_reads_back(run: Run) -> None:
    run("--set-config", "iso=400")

    assert b"Current: 400\n" in run("--get-config", "iso")


def test_the_file_formats_are_spelled_as_a_z_does_over_usb(run: Run) -> None:
    told = run("--get-config", "imagequality").decode()

    offered = [line.split(" ", 2)[2] for line in told.splitlines() if line.startswith("Choice:")]
    assert offered == [
        "JPEG Basic",
        "JPEG Normal",
        "JPEG Fine",
        "NEF (Raw)",
        "NEF+Basic",
        "NEF+Normal",
        "NEF+Fine",
    ]


def test_debian_captures_and_downloads(run: Run, camera: VirtualCamera, tmp_path: Path) -> None:
    run("--capture-image-and-download", "--filename", "shot.jpg")

    made = camera.wait_for(lambda state: state["client"] is None)["files"][-1]
    assert (tmp_path / "shot.jpg").stat().st_size == made["size_bytes"]


def test_debian_pulls_a_movie(run: Run) -> None:
    assert run("--capture-movie=20", "--stdout").count(b"\xff\xd8\xff") >= 20

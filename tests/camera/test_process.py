"""What a camera's process begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundglass.camera.process import WorkerProcess
from groundglass.errors import CameraError


def _start(folder: Path) -> list[str]:
    worker = WorkerProcess(folder)
    worker.end(is_healthy=False)
    return (folder / "gphoto" / "settings").read_text().splitlines()


def test_libgphoto2_believes_for_one_second_and_keeps_its_other_settings(tmp_path: Path) -> None:
    first = _start(tmp_path)
    (tmp_path / "gphoto" / "settings").write_text("ptp2=capturetarget=card\nptp2=cachetime=9\n")

    again = _start(tmp_path)

    assert first == ["ptp2=cachetime=1"]
    assert again == ["ptp2=capturetarget=card", "ptp2=cachetime=1"]


def test_settings_that_are_as_wanted_are_not_written_again(tmp_path: Path) -> None:
    _start(tmp_path)
    before = (tmp_path / "gphoto" / "settings").stat()

    _start(tmp_path)

    now = (tmp_path / "gphoto" / "settings").stat()
    assert (now.st_ino, now.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [one.name for one in (tmp_path / "gphoto").iterdir()] == ["settings"]


def test_a_worker_that_can_not_be_started_is_an_error_of_the_camera(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder")

    with pytest.raises(CameraError, match="driver cannot be started"):
        WorkerProcess(tmp_path / "taken")

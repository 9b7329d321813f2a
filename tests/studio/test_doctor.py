"""What each finding means for a shoot."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundglass.camera.bus import Computer, Holder
from groundglass.errors import CameraHeldError, CameraLostError
from groundglass.model.camera import CameraInfo
from groundglass.studio.doctor import (
    CameraCheck,
    DiskCheck,
    Verdict,
    check_disk,
    examine,
    judge_camera,
    judge_disk,
    judge_libraries,
)
from virtual_camera import VirtualCamera

INFO = CameraInfo("usb:001,004", "Nikon Z6")
HELD = CameraHeldError("Another program holds the camera.", "Close it.")
ROOMY = 100_000_000_000


def test_a_camera_that_answers_is_good() -> None:
    (access,) = judge_camera(CameraCheck(CameraInfo("usb:001,004", "Z 6", "600"), None, None, None))

    assert (access.verdict, access.told) == (Verdict.GOOD, "It answers, serial number 600.")


@pytest.mark.parametrize(
    ("holder", "told", "command"),
    [
        (Holder(7, "gvfsd-gphoto2"), "Held by the file manager (gvfs).", "gio mount -s gphoto2"),
        (Holder(7, "ptpcamerad", False), "Most likely held by macOS (ptpcamerad).", "killall ptpcamerad"),
        (Holder(7, "darktable"), "Held by darktable.", ""),
    ],
)
def test_a_camera_that_is_held_names_the_holder_and_the_command(
    holder: Holder, told: str, command: str
) -> None:
    (access,) = judge_camera(CameraCheck(INFO, HELD, True, None, (holder,)))

    assert (access.verdict, access.told, access.command) == (Verdict.STOP, told, command)
    assert command in access.hint


def test_a_camera_without_permission_is_not_blamed_on_a_program() -> None:
    (access,) = judge_camera(CameraCheck(INFO, HELD, False, None, (Holder(7, "gvfsd-gphoto2"),)))

    assert access.verdict is Verdict.STOP
    assert "udev" in access.hint


def test_a_camera_that_hangs_stops_a_shoot() -> None:
    (access,) = judge_camera(
        CameraCheck(INFO, CameraLostError("It does not answer.", "Unplug it."), True, None)
    )

    assert (access.verdict, access.hint) == (Verdict.STOP, "Unplug it.")


@pytest.mark.parametrize(
    ("mbit", "verdict", "words"),
    [(12, Verdict.STOP, "USB 1"), (480, Verdict.NOTE, "USB 2"), (5000, Verdict.GOOD, "USB 3")],
)
def test_a_slow_link_is_told(mbit: float, verdict: Verdict, words: str) -> None:
    _, link = judge_camera(CameraCheck(INFO, None, True, mbit))

    assert link.verdict is verdict
    assert words in link.told


@pytest.mark.parametrize(
    ("free", "speed", "verdicts"),
    [
        (ROOMY, 500e6, [Verdict.GOOD, Verdict.GOOD]),
        (15e9, 500e6, [Verdict.NOTE, Verdict.GOOD]),
        (0.5e9, 500e6, [Verdict.STOP, Verdict.GOOD]),
        (ROOMY, 8e6, [Verdict.GOOD, Verdict.NOTE]),
    ],
)
def test_the_disk_is_judged_by_room_and_speed(free: float, speed: float, verdicts: list[Verdict]) -> None:
    found = judge_disk(DiskCheck(Path("/pictures"), int(free), speed))

    assert [one.verdict for one in found] == verdicts


def test_the_disk_is_measured_and_left_as_it_was(tmp_path: Path) -> None:
    measured = check_disk(tmp_path / "not" / "there" / "yet")

    assert measured.folder == tmp_path
    assert measured.free_bytes is not None
    assert measured.bytes_per_second is not None
    assert measured.bytes_per_second > 0
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_file_stops_a_shoot() -> None:
    found = judge_disk(check_disk(Path("/proc")))

    assert [one.verdict for one in found] == [Verdict.STOP]


def test_a_missing_window_is_worth_a_note_only() -> None:
    versions = {"Groundglass": "1", "Python": "3", "System": "Linux 6", "LibRaw": "0.22", "OpenCV": "4"}

    found = {one.item: one.verdict for one in judge_libraries(versions)}

    assert found == {"Program": Verdict.GOOD, "Pictures": Verdict.GOOD, "Window": Verdict.NOTE}


def test_a_camera_on_the_network_is_looked_at(tmp_path: Path) -> None:
    with VirtualCamera("--megapixels", "4") as camera:
        report = examine(tmp_path / "driver", tmp_path, Computer(), camera.address)

    (looked_at,) = report.cameras
    assert looked_at.info.serial == camera.serial
    assert report.versions["libgphoto2"].startswith("2.5.")
    assert {"python-gphoto2", "LibRaw", "OpenCV", "Python"} <= report.versions.keys()


def test_nothing_on_the_bus_stops_a_shoot(tmp_path: Path) -> None:
    report = examine(tmp_path / "driver", tmp_path, Computer())

    assert not report.is_fit
    assert [one.item for one in report.findings if one.verdict is Verdict.STOP] == ["Cameras"]

"""What the system's records say of a camera's cable: fake trees in the shape of Linux's own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from computer_records import Records
from groundglass.errors import CameraHeldError

CAMERA = "usb:001,004"


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "records")


@pytest.mark.parametrize("mbit", [12.0, 480.0, 5000.0, 10000.0])
def test_the_speed_is_that_of_the_camera_and_of_no_other(records: Records, mbit: float) -> None:
    records.device(1, 3, 1.5)
    records.device(1, 4, mbit)
    records.device(2, 4, 20000)

    assert records.computer.speed_mbit(CAMERA) == mbit


def test_the_speed_of_what_is_not_on_the_bus_is_unknown(records: Records) -> None:
    records.device(1, 3, 480)

    assert records.computer.speed_mbit(CAMERA) is None
    assert records.computer.speed_mbit("ptpip:127.0.0.1:1:1") is None


def test_a_device_that_vanishes_while_it_is_read_is_passed_over(records: Records) -> None:
    (records.device(1, 2, 480) / "busnum").unlink()
    records.device(1, 4, 480)

    assert records.computer.speed_mbit(CAMERA) == 480


def test_the_device_file_tells_whether_the_user_may(records: Records) -> None:
    path = records.device_file(CAMERA)

    assert records.computer.may_use(CAMERA) is True
    path.chmod(stat.S_IRUSR)
    assert records.computer.may_use(CAMERA) is (os.geteuid() == 0)  # root may everything
    assert records.computer.may_use("usb:001,005") is None


def test_who_has_the_device_file_open_holds_the_camera(records: Records) -> None:
    path = records.device_file(CAMERA)
    records.program(100, "gvfsd-gphoto2")
    records.program(200, "rawtherapee", opens=path)

    (holder,) = records.computer.holders(CAMERA)

    assert (holder.pid, holder.program, holder.is_certain) == (200, "rawtherapee", True)


def test_who_has_another_camera_open_does_not_hold_this_one(records: Records) -> None:
    records.device_file(CAMERA)
    records.program(200, "rawtherapee", opens=records.device_file("usb:001,005"))

    assert records.computer.holders(CAMERA) == ()


def test_our_own_worker_is_called_by_our_name(records: Records) -> None:
    path = records.device_file(CAMERA)
    records.program(200, "python3", opens=path, command="python3 -P -m groundglass.camera.worker 7")

    (holder,) = records.computer.holders(CAMERA)

    assert holder.words == "Groundglass"
    assert holder.freeing == ()


def test_a_program_that_takes_cameras_is_suspected_before_what_always_runs(records: Records) -> None:
    records.program(100, "gvfs-gphoto2-vo")
    records.program(200, "bash")
    records.program(300, "gvfsd-gphoto2")

    holders = records.computer.holders(CAMERA)

    assert [(one.pid, one.is_certain) for one in holders] == [(300, False), (100, False)]
    assert " ".join(holders[0].freeing) == "gio mount -s gphoto2"


def test_macos_is_asked_to_end_ptpcamerad(records: Records) -> None:
    records.program(300, "ptpcamerad")

    (holder,) = records.computer.holders(CAMERA)

    assert holder.freeing == ("killall", "ptpcamerad")


def test_freeing_runs_the_holders_command(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.program(300, "gvfsd-gphoto2")
    records.command("gio", f'echo "$@" > {tmp_path}/asked', monkeypatch)

    records.computer.free(CAMERA)

    assert (tmp_path / "asked").read_text() == "mount -s gphoto2\n"


def test_a_command_that_fails_says_why(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    records.program(300, "gvfsd-gphoto2")
    records.command("gio", "echo 'gio: no such mount' >&2; exit 2", monkeypatch)

    with pytest.raises(CameraHeldError, match="gio: no such mount"):
        records.computer.free(CAMERA)


def test_a_command_that_is_not_there_says_so(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.program(300, "gvfsd-gphoto2")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CameraHeldError, match="does not work here"):
        records.computer.free(CAMERA)


def test_another_persons_program_is_never_ended(records: Records) -> None:
    records.program(300, "darktable", opens=records.device_file(CAMERA))

    with pytest.raises(CameraHeldError, match="held by darktable"):
        records.computer.free(CAMERA)


def test_a_camera_on_the_network_is_not_freed_from_a_program_that_takes_usb_cameras(records: Records) -> None:
    records.program(300, "gvfsd-gphoto2")

    with pytest.raises(CameraHeldError, match="cannot be seen"):
        records.computer.free("ptpip:192.168.1.20:15740:15740")


def test_nobody_to_be_seen_is_told(records: Records) -> None:
    with pytest.raises(CameraHeldError, match="cannot be seen"):
        records.computer.free(CAMERA)

"""`doctor`, typed by hand."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from program import run, run_json
from virtual_camera import VirtualCamera


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


def test_a_shoot_without_a_camera_can_not_begin(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor")

    assert done.returncode == 1
    assert "Cameras        stop     No camera is on the USB bus." in done.stdout
    assert "Plug it in" in done.stdout


def test_all_is_well_with_a_camera_that_answers(tmp_path: Path, camera: VirtualCamera) -> None:
    told = run_json(tmp_path, "doctor", "--camera", camera.address)

    assert told["is_fit"]
    assert [one["serial"] for one in told["cameras"]] == [camera.serial]
    assert told["versions"]["libgphoto2"].startswith("2.5.")
    assert told["disk"]["bytes_per_second"] > 0
    assert {"Camera driver", "Program", "Pictures", "Window", "Disk", "Disk speed"} <= {
        one["item"] for one in told["findings"]
    }


def test_a_session_that_can_not_be_written_stops_a_shoot(tmp_path: Path, camera: VirtualCamera) -> None:
    done = run(tmp_path, "doctor", "--camera", camera.address, "--session", "/proc/shoot")

    assert done.returncode == 1
    assert "/proc cannot be written" in done.stdout


def test_a_camera_that_somebody_uses_is_told(tmp_path: Path, camera: VirtualCamera) -> None:
    body = bytes(16) + "other".encode("utf-16le") + b"\0\0" + struct.pack("<HH", 0, 1)
    with socket.create_connection(("127.0.0.1", camera.port)) as other:
        other.sendall(struct.pack("<II", len(body) + 8, 1) + body)
        other.recv(8)
        done = run(tmp_path, "doctor", "--camera", camera.address)

    assert done.returncode == 1
    assert "refuses the connection" in done.stdout


def test_what_is_no_address_is_wrong_usage(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", "--camera", "ptpip:")

    assert done.returncode == 2
    assert "is no camera address" in done.stderr


def test_a_camera_that_is_named_and_not_there_stops_a_shoot(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", "--camera", "Z 6")

    assert done.returncode == 1
    assert "Cameras        stop     No camera is connected." in done.stdout


def test_the_preferred_camera_is_looked_at(tmp_path: Path, camera: VirtualCamera) -> None:
    run(tmp_path, "preferences", "set", f"camera={camera.address}", "session=~/job")

    told = run_json(tmp_path, "doctor")

    assert [one["serial"] for one in told["cameras"]] == [camera.serial]
    assert told["disk"]["folder"] == str(tmp_path)


def test_a_private_virtual_camera_is_started_looked_at_and_ended(tmp_path: Path) -> None:
    told = run_json(tmp_path, "doctor", "--camera", "virtual:sony")

    assert [one["model"] for one in told["cameras"]] == ["ILCE-7RM5"]
    assert told["is_fit"]
    port = int(told["cameras"][0]["address"].rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_virtual_camera_that_there_is_none_of_is_wrong_usage(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", "--camera", "virtual:kodak")

    assert done.returncode == 2
    assert "There are nikon, canon, sony and fuji." in done.stderr

"""`cameras`, `settings`, `get`, `set`, typed by hand against a virtual camera."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from program import run, run_json
from virtual_camera import VirtualCamera


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


def test_the_version_is_told() -> None:
    done = run(Path("/nonexistent"), "--version")

    assert re.fullmatch(r"groundglass, version \d+\.\d+\.\d+\n", done.stdout)


def test_no_camera_on_the_bus_is_an_empty_list(tmp_path: Path) -> None:
    assert run_json(tmp_path, "cameras") == {"cameras": []}


def test_settings_show_value_and_choices(tmp_path: Path, camera: VirtualCamera) -> None:
    document = run_json(tmp_path, "settings", "--camera", camera.address)

    iso = document["settings"]["iso"]
    assert document["serial"] == camera.serial
    assert not iso["read_only"]
    assert {"raw": "400", "label": "ISO 400", "value": 400.0, "special": None} in iso["choices"]


def test_what_was_set_is_what_is_got(tmp_path: Path, camera: VirtualCamera) -> None:
    done = run(tmp_path, "set", "shutter=1/125", "aperture=f/8", "--camera", camera.address)
    shutter = run(tmp_path, "get", "shutter", "--camera", camera.address)

    assert (done.returncode, done.stdout) == (0, "Shutter: 1/125\nAperture: f/8\n")
    assert shutter.stdout == "1/125\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["set", "iso=450"], 2, "The nearest are ISO 400 and ISO 500."),
        (["set", "iso"], 2, "not NAME=VALUE"),
        (["set", "isso=400"], 2, "There is no setting “isso”"),
        (["set", "battery=50"], 1, "cannot be set now"),
        (["get", "lens_cap"], 2, "There is no setting"),
    ],
)
def test_a_wrong_value_gets_one_sentence(
    tmp_path: Path, camera: VirtualCamera, arguments: list[str], code: int, said: str
) -> None:
    done = run(tmp_path, *arguments, "--camera", camera.address)

    assert done.returncode == code
    assert said in done.stderr
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)


@pytest.mark.parametrize(
    ("address", "code", "said"),
    [
        ("ptpip:127.0.0.1:9", 1, "No camera answers there."),
        ("ptpip:no.such.host.invalid", 2, "is no known computer or camera"),
        ("ptpip:1:2:3:4", 2, "is no camera address"),
        ("usb:001,099", 1, "No camera is at usb:001,099"),
        ("virtual:kodak", 2, "no virtual camera “kodak”"),
        ("Z 6", 1, "No camera is connected."),
    ],
)
def test_a_wrong_address_gets_one_sentence(tmp_path: Path, address: str, code: int, said: str) -> None:
    done = run(tmp_path, "get", "iso", "--camera", address)

    assert done.returncode == code
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_camera_that_is_taken_says_so(tmp_path: Path, camera: VirtualCamera) -> None:
    import socket
    import struct

    name = "other".encode("utf-16le") + b"\0\0"
    body = bytes(16) + name + struct.pack("<HH", 0, 1)
    with socket.create_connection(("127.0.0.1", camera.port)) as other:
        other.sendall(struct.pack("<II", len(body) + 8, 1) + body)
        other.recv(8)
        done = run(tmp_path, "get", "iso", "--camera", camera.address)

    assert done.returncode == 1
    assert "refuses the connection" in done.stderr

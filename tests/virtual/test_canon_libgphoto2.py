"""The real libgphoto2 drives the Canon: 2.5.34 of python-gphoto2's wheel, and Debian's 2.5.30."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from other_clients import drive, own_settings
from virtual.test_libgphoto2 import GPHOTO2, run
from virtual_camera import VirtualCamera


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--brand", "canon", "--megapixels", "4") as camera:
        yield camera


@pytest.fixture(scope="module")
def told(camera: VirtualCamera, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("gphoto")
    return drive("drive_canon.py", folder, camera.address, str(camera.control_port))


def test_libgphoto2_names_every_value(told: dict[str, Any]) -> None:
    choices = told["choices"]

    assert not [text for texts in choices.values() for text in texts if "nknown" in text]
    assert choices["shutterspeed"][:2] == ["bulb", "30"]
    assert choices["shutterspeed"][-1] == "1/8000"
    assert len(choices["shutterspeed"]) == 56
    assert (choices["aperture"][0], choices["aperture"][-1], len(choices["aperture"])) == ("1.8", "22", 23)
    assert (choices["iso"][:2], choices["iso"][-1]) == (["Auto", "100"], "25600")
    assert {"L", "cL", "RAW + L", "cRAW + cS1", "RAW", "cRAW"} < set(choices["imageformat"])


def test_it_tells_serial_number_lens_and_battery(told: dict[str, Any], camera: VirtualCamera) -> None:
    assert told["status"] == {
        "serialnumber": camera.serial,
        "lensname": "RF50mm F1.8 STM",
        "availableshots": "36650",  # libgphoto2 promises 1 TB in the computer
        "batterylevel": "87%",
    }
    assert len(camera.serial) == 16


def test_what_the_mode_dial_holds_has_one_entry(told: dict[str, Any]) -> None:
    sizes = {mode: [len(told[mode][name]) for name in ("shutterspeed", "aperture")] for mode in "APM"}

    assert sizes == {"A": [1, 23], "P": [1, 1], "M": [56, 23]}
    assert any('d103 changed, "iso" to "800"' in text for text in told["dial"])


def test_a_plain_capture_brings_both_files(told: dict[str, Any]) -> None:
    assert told["Memory card"] == [
        f"/store_00010001/DCIM/100CANON/IMG_0001.{kind}" for kind in ("JPG", "DNG")
    ]
    assert told["Internal RAM"] == ["//capt0000.jpg", "//capt0001.cr3"]


def test_a_missed_focus_is_an_error(told: dict[str, Any]) -> None:
    assert told["missed"] == -1


def test_live_view_magnifier_lens_and_clock_obey(told: dict[str, Any]) -> None:
    assert told["frame"]
    assert told["focus_m"] < 1.2
    assert not told["is_live"]
    assert told["clock_off_s"] < 3


# Debian's program


@pytest.fixture
def command(camera: VirtualCamera, told: dict[str, Any]) -> list[str]:
    if GPHOTO2 is None:
        pytest.skip("the gphoto2 program is not installed")
    camera.do("clear")
    camera.wait_for(lambda state: state["client"] is None)
    return [GPHOTO2, "--port", camera.address, "--camera", "PTP/IP Camera"]


def test_debian_lists_and_sets(command: list[str], camera: VirtualCamera, tmp_path: Path) -> None:
    assert b"Model: Canon EOS R6 Virtual" in run(command, tmp_path, "--summary").stdout
    before = camera.state()["operations"]["EosSetEventMode"]
    out = run(command, tmp_path, "--list-all-config").stdout.decode()
    begun = camera.state()["operations"]["EosSetEventMode"] - before
    run(command, tmp_path, "--set-config", "imageformat=cRAW + Large Fine JPEG", "--set-config", "iso=400")

    assert "Choice: 0 Large Fine JPEG" in out
    assert begun == 2  # on and off: with an empty third list of GetDeviceInfoEx it begins again and again
    settings = camera.wait_for(lambda state: state["client"] is None)["settings"]
    assert (settings["raw_compression"], settings["iso"]) == ("compressed", 400)


@pytest.mark.parametrize("target", ["0", "1"], ids=["memory", "card"])
def test_debian_captures_and_downloads(
    command: list[str], camera: VirtualCamera, tmp_path: Path, target: str
) -> None:
    camera.do("dial", setting="image_format", value="jpeg fine")
    options = ("--set-config", f"capturetarget={target}", "--capture-image-and-download")
    run(command, tmp_path, *options, "--filename", "shot.jpg")

    made = camera.wait_for(lambda state: state["client"] is None)["files"][-1]
    assert made["destination"] == ("ram" if target == "0" else "card")
    assert (tmp_path / "shot.jpg").stat().st_size == made["size_bytes"]


def test_debian_pulls_a_movie(command: list[str], tmp_path: Path) -> None:
    assert run(command, tmp_path, "--capture-movie=1s", "--stdout").stdout.count(b"\xff\xd8\xff") > 2


def test_debian_tethers(command: list[str], camera: VirtualCamera, tmp_path: Path) -> None:
    state = camera.state()
    before, polled = len(state["files"]), state["operations"]["EosGetEvent"]
    tethered = subprocess.Popen(
        [*command, "--capture-tethered"],
        env=own_settings(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
    assert tethered.stdout is not None
    reader = threading.Thread(target=tethered.stdout.read)
    reader.start()
    try:
        camera.wait_for(lambda state: state["operations"]["EosGetEvent"] > polled + 12)
        camera.do("shutter")
        made = camera.wait_for(lambda state: len(state["files"]) > before)["files"][-1]
        camera.wait_for(
            lambda _: any(
                path.suffix.lower() == ".jpg" and path.stat().st_size == made["size_bytes"]
                for path in tmp_path.iterdir()
            )
        )
    finally:
        tethered.terminate()
        tethered.wait(10)
        reader.join(10)
        tethered.stdout.close()

"""The real libgphoto2 drives the camera: the one of python-gphoto2's wheel, and Debian's program."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from other_clients import drive, own_settings
from virtual_camera import VirtualCamera

GPHOTO2 = shutil.which("gphoto2")


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


@pytest.fixture(scope="module")
def told(camera: VirtualCamera, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("gphoto")
    return drive("drive_gphoto2.py", folder, camera.address, str(camera.control_port))


def test_the_menus_are_named_as_on_a_nikon(told: dict[str, Any]) -> None:
    choices = told["choices"]

    assert choices["imagequality"] == [
        "JPEG Basic",
        "JPEG Normal",
        "JPEG Fine",
        "NEF (Raw)",
        "NEF+Basic",
        "NEF+Normal",
        "NEF+Fine",
    ]
    assert choices["whitebalance"][:3] == ["Automatic", "Daylight", "Fluorescent"]
    assert choices["whitebalance"][-2:] == ["Color Temperature", "Preset"]
    assert choices["focusmode"] == ["Manual", "AF-S", "AF-C"]
    assert choices["expprogram"] == ["M", "P", "A", "S"]
    assert choices["capturemode"] == ["Single Shot", "Burst", "Continuous Low Speed", "Timer"]
    assert choices["exposuremetermode"] == ["Center Weighted", "Multi Spot", "Center Spot"]
    assert not [text for texts in choices.values() for text in texts if "Unknown" in text]


def test_the_dials_have_all_their_thirds(told: dict[str, Any]) -> None:
    choices = told["choices"]

    assert (choices["iso"][0], choices["iso"][-1], len(choices["iso"])) == ("64", "25600", 27)
    assert (choices["f-number"][0], choices["f-number"][-1], len(choices["f-number"])) == (
        "f/1.8",
        "f/22",
        23,
    )
    shutter = choices["shutterspeed2"]
    assert (shutter[0], shutter[-2], shutter[-1], len(shutter)) == ("1/8000", "30", "Bulb", 56)
    assert choices["shutterspeed"][-1] == "Bulb"
    assert len(choices["exposurecompensation"]) == 31


def test_a_held_setting_is_flagged(told: dict[str, Any]) -> None:
    assert not any(told["read_only_in_manual"].values())
    held = {name for name, is_held in told["read_only_in_aperture_priority"].items() if is_held}
    assert held == {"shutterspeed", "shutterspeed2"}
    assert told["metered_shutter"] == "1/250"


def test_a_dial_on_the_body_arrives_as_text(told: dict[str, Any]) -> None:
    (text,) = told["dial"]
    assert text.startswith("PTP Property ")
    assert text.endswith('500f changed, "iso" to "800"')
    assert told["iso"] == "800"


def test_files_on_the_card_arrive_under_their_names_and_whole(told: dict[str, Any]) -> None:
    assert told["card"] == [f"/store_00010001/DCIM/100GGLAB/DSC_0001.{kind}" for kind in ("JPG", "DNG")]
    assert told["card_hashes"] == [file["sha256"] for file in told["made"][:2]]


def test_files_from_ram_arrive_whole(told: dict[str, Any]) -> None:
    assert told["ram"] == ["//capt0000.jpg", "//capt0001.nef"]
    assert told["ram_hashes"] == [file["sha256"] for file in told["made"][2:4]]


def test_the_button_on_the_body_arrives(told: dict[str, Any]) -> None:
    assert told["body"] == ["/store_00010001/DCIM/100GGLAB/DSC_0003.JPG"]


def test_live_frames_and_focus_work(told: dict[str, Any]) -> None:
    assert all(told["frames"])
    assert told["focus_m"] < 1.2
    assert told["end_stop"] == -113
    assert told["autofocus_m"] == pytest.approx(1.2, abs=0.01)


def test_bulb_works_through_its_switch(told: dict[str, Any]) -> None:
    assert told["bulb_is_open"]
    assert told["bulb"] == ["//capt0002.jpg"]


# Debian's program


@pytest.fixture
def command(camera: VirtualCamera, told: dict[str, Any], tmp_path: Path) -> list[str]:
    if GPHOTO2 is None:
        pytest.skip("the gphoto2 program is not installed")
    camera.wait_for(lambda state: state["client"] is None)
    return [GPHOTO2, "--port", camera.address, "--camera", "PTP/IP Camera"]


def run(command: list[str], folder: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*command, *options],
        env=own_settings(folder),
        cwd=folder,
        capture_output=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=True,
    )


def test_debian_tells_a_summary(command: list[str], tmp_path: Path) -> None:
    out = run(command, tmp_path, "--summary").stdout.decode()

    assert "Manufacturer: Nikon Corporation" in out
    assert "Model: Z Virtual" in out


def test_debian_names_the_same_choices(command: list[str], told: dict[str, Any], tmp_path: Path) -> None:
    out = run(command, tmp_path, "--list-all-config").stdout.decode()

    for name in ("imagequality", "whitebalance", "focusmode", "iso", "shutterspeed2", "f-number"):
        section = out.partition(f"/{name}\n")[2].partition("\nEND")[0]
        listed = [line.split(" ", 2)[2] for line in section.splitlines() if line.startswith("Choice:")]
        assert listed == told["choices"][name]


def test_debian_captures_and_downloads(command: list[str], camera: VirtualCamera, tmp_path: Path) -> None:
    run(command, tmp_path, "--capture-image-and-download", "--filename", "shot.jpg")

    made = camera.wait_for(lambda state: state["client"] is None)["files"][-1]
    assert (tmp_path / "shot.jpg").stat().st_size == made["size_bytes"]


def test_debian_pulls_a_movie(command: list[str], tmp_path: Path) -> None:
    movie = run(command, tmp_path, "--capture-movie=1s", "--stdout").stdout

    assert movie.count(b"\xff\xd8\xff") > 2


def test_debian_tethers(command: list[str], camera: VirtualCamera, tmp_path: Path) -> None:
    state = camera.state()
    before, polled = len(state["files"]), state["operations"]["NikonGetEvent"]
    tethered = subprocess.Popen(
        [*command, "--capture-tethered"],
        env=own_settings(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
    reader = threading.Thread(target=tethered.stdout.read)  # type: ignore[union-attr]
    reader.start()
    try:
        camera.wait_for(lambda state: state["operations"]["NikonGetEvent"] > polled + 6)
        camera.do("shutter")
        made = camera.wait_for(lambda state: len(state["files"]) > before)["files"][-1]
        # Debian's libgphoto2 may ask the body to record to RAM; then the file has a name of its own.
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
        if tethered.stdout is not None:
            tethered.stdout.close()

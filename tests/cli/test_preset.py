"""`preset` and `set --keep-exposure`, typed by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from program import run, run_json
from virtual_camera import VirtualCamera


@pytest.fixture
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


def _get(folder: Path, camera: VirtualCamera) -> dict[str, str]:
    settings = run_json(folder, "settings", "--camera", camera.address)["settings"]
    return {name: one["current"]["label"] for name, one in settings.items() if one.get("current")}


def test_an_exposure_is_kept_under_a_name_and_set_again(tmp_path: Path, camera: VirtualCamera) -> None:
    at = ("--camera", camera.address)
    assert run(tmp_path, "preset", "list").stdout == "No preset yet.\n"
    run(tmp_path, "set", "shutter=1/125", "aperture=f/8", "iso=100", *at)

    saved = run(tmp_path, "preset", "save", "flash", *at)
    run(tmp_path, "set", "shutter=1/8", "aperture=f/4", "iso=800", *at)
    done = run(tmp_path, "preset", "apply", "flash", *at)

    assert "shutter=1/125; aperture=f/8; iso=ISO 100" in saved.stdout
    assert (done.returncode, done.stderr) == (0, "")
    now = _get(tmp_path, camera)
    assert (now["shutter"], now["aperture"], now["iso"]) == ("1/125", "f/8", "ISO 100")
    assert list(run_json(tmp_path, "preset", "list")) == ["flash"]


def test_a_preset_is_forgotten(tmp_path: Path, camera: VirtualCamera) -> None:
    run(tmp_path, "preset", "save", "flash", "--camera", camera.address)

    done = run(tmp_path, "preset", "remove", "flash")

    assert done.returncode == 0
    assert run_json(tmp_path, "preset", "list") == {}


@pytest.mark.parametrize("command", ["save", "remove"])
def test_what_could_not_be_written_is_told(
    tmp_path: Path, camera: VirtualCamera, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    file = Path(run_json(tmp_path, "preferences")["path"])
    file.parent.mkdir(parents=True)
    file.write_text("{")
    monkeypatch.setenv("GROUNDGLASS_PRESETS", '{"flash": "iso=ISO 100"}')
    at = ("--camera", camera.address) if command == "save" else ()

    done = run(tmp_path, "preset", command, "flash", *at)

    assert done.returncode == 1
    assert "left alone" in done.stderr.splitlines()[-1]
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert done.stdout == ""


@pytest.mark.parametrize("command", [("apply",), ("remove",)])
def test_a_name_that_is_not_there_is_told_with_those_that_are(
    tmp_path: Path, camera: VirtualCamera, command: tuple[str, ...]
) -> None:
    run(tmp_path, "preset", "save", "ambient", "--camera", camera.address)
    at = ("--camera", camera.address) if command == ("apply",) else ()

    done = run(tmp_path, "preset", *command, "flash", *at)

    assert done.returncode == 2
    assert "There is no preset “flash”" in done.stderr
    assert "ambient" in done.stderr


def test_what_did_not_come_about_is_said_and_the_rest_is_set(tmp_path: Path, camera: VirtualCamera) -> None:
    kept = '{"night": "shutter=1/30; iso=ISO 7; nonsense=3"}'
    run(tmp_path, "preferences", "set", f"presets={kept}")

    done = run(tmp_path, "preset", "apply", "night", "--camera", camera.address)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 2
    assert "There is no setting “nonsense”." in done.stderr
    assert _get(tmp_path, camera)["shutter"] == "1/30"


def test_another_value_makes_up_for_the_one_that_was_set(tmp_path: Path, camera: VirtualCamera) -> None:
    at = ("--camera", camera.address)
    run(tmp_path, "set", "shutter=1/125", "aperture=f/8", "iso=400", *at)

    done = run(tmp_path, "set", "shutter=1/500", "--keep-exposure", *at)

    assert done.returncode == 0
    now = _get(tmp_path, camera)
    aperture, iso = float(now["aperture"].removeprefix("f/")), float(now["iso"].removeprefix("ISO "))
    assert now["shutter"] == "1/500"
    assert math.log2(iso / 500 / aperture**2) == pytest.approx(math.log2(400 / 125 / 8**2), abs=0.2)


def test_without_the_flag_nothing_makes_up_for_it(tmp_path: Path, camera: VirtualCamera) -> None:
    at = ("--camera", camera.address)
    run(tmp_path, "set", "shutter=1/125", "aperture=f/8", "iso=400", *at)

    run(tmp_path, "set", "shutter=1/500", *at)

    now = _get(tmp_path, camera)
    assert (now["aperture"], now["iso"]) == ("f/8", "ISO 400")


def test_what_nothing_can_make_up_for_is_refused_and_nothing_is_set(
    tmp_path: Path, camera: VirtualCamera
) -> None:
    at = ("--camera", camera.address)
    run(tmp_path, "set", "shutter=30s", "aperture=f/2.8", "iso=100", *at)
    before = _get(tmp_path, camera)

    done = run(tmp_path, "set", "shutter=1/8000", "--keep-exposure", *at)

    assert done.returncode != 0
    assert done.stderr
    now = _get(tmp_path, camera)
    assert [now[one] for one in ("shutter", "aperture", "iso")] == [
        before[one] for one in ("shutter", "aperture", "iso")
    ]

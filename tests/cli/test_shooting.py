"""`shoot`, `watch`, `live`, typed by hand; Debian's exiftool as a witness."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from msgspec.structs import replace

from groundglass.cli import shooting
from groundglass.cli.desk import StatusWords
from groundglass.model.camera import CameraState, CameraStatus
from groundglass.studio.events import StatusChanged
from program import command, home, run, run_json
from virtual_camera import VirtualCamera

_PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


def test_three_shots_of_raw_and_jpeg_on_a_private_camera(tmp_path: Path) -> None:
    session = tmp_path / "S"

    document = run_json(
        tmp_path, "shoot", "--camera", "virtual:nikon", "-n", "3", "--session", str(session),
        "--set", "iso=400", "--set", "image_format=raw+jpeg",
    )  # fmt: skip

    assert document["session"] == str(session)
    assert [shot["number"] for shot in document["shots"]] == [1, 2, 3]
    assert [{file["role"] for file in shot["files"]} for shot in document["shots"]] == [{"raw", "jpeg"}] * 3
    assert all(
        Path(file["path"]).stat().st_size == file["size_bytes"]
        for shot in document["shots"]
        for file in shot["files"]
    )
    assert all(shot["trigger_to_stored_s"] > 0 for shot in document["shots"])
    assert run(tmp_path, "session", "check", str(session)).returncode == 0


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exif_tells_the_settings_of_the_shot(tmp_path: Path, camera: VirtualCamera) -> None:
    document = run_json(
        tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "S"),
        "--set", "iso=800", "--set", "shutter=1/125", "--set", "aperture=8", "--set", "image_format=raw+jpeg",
    )  # fmt: skip

    for file in document["shots"][0]["files"]:
        told = subprocess.run(
            ["exiftool", "-j", "-n", "-ISO", "-FNumber", "-ExposureTime", file["path"]],
            capture_output=True,
            check=True,
        )
        exif = json.loads(told.stdout)[0]
        assert (exif["ISO"], exif["FNumber"]) == (800, 8)
        assert exif["ExposureTime"] == pytest.approx(1 / 125, rel=0.03)


def test_a_template_without_a_counter_is_refused_before_anything_is_shot(
    tmp_path: Path, camera: VirtualCamera
) -> None:
    done = run(
        tmp_path,
        "shoot",
        "--camera",
        camera.address,
        "--session",
        str(tmp_path / "S"),
        "--template",
        "{session}",
    )

    assert done.returncode == 2
    assert "{counter}" in done.stderr


def test_a_session_that_cannot_be_made_is_told(tmp_path: Path, camera: VirtualCamera) -> None:
    (tmp_path / "file").write_text("not a folder")

    done = run(tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "file" / "S"))

    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr


def test_a_bulb_exposure_from_the_command_line(tmp_path: Path, camera: VirtualCamera) -> None:
    document = run_json(
        tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "S"),
        "--set", "image_format=jpeg", "--set", "shutter=bulb", "--bulb", "0.5",
    )  # fmt: skip
    run(tmp_path, "set", "shutter=1/60", "--camera", camera.address)

    assert len(document["shots"][0]["files"]) == 1
    assert document["shots"][0]["trigger_to_stored_s"] > 0.5


def test_a_shutter_at_bulb_names_the_option_for_it(tmp_path: Path, camera: VirtualCamera) -> None:
    done = run(
        tmp_path,
        "shoot",
        "--camera",
        camera.address,
        "--session",
        str(tmp_path / "S"),
        "--set",
        "shutter=bulb",
    )
    run(tmp_path, "set", "shutter=1/60", "--camera", camera.address)

    assert done.returncode == 2
    assert done.stderr.startswith("Error: The shutter is set to Bulb. Say how long, as --bulb 30, or ")


@pytest.mark.parametrize("command_name", ["shoot", "watch", "bench"])
def test_the_number_of_shots_has_one_name_everywhere(tmp_path: Path, command_name: str) -> None:
    told = run(tmp_path, command_name, "--help").stdout

    assert "-n, --count" in told


def test_watch_stores_what_is_shot_on_the_body_and_ends_after_its_count(
    tmp_path: Path, camera: VirtualCamera
) -> None:
    run(tmp_path, "set", "image_format=jpeg", "--camera", camera.address)
    watch = subprocess.Popen(
        command("watch", "--json", "--camera", camera.address, "--session", str(tmp_path), "--count", "2"),
        env=home(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watch.stderr is not None
    assert watch.stderr.readline().startswith("Watching Z Virtual")

    for shot in range(2):
        camera.do("shutter")
        camera.wait_for(lambda state, made=shot: not state["is_exposing"])
    out, _ = watch.communicate(timeout=_PATIENCE_S)

    made = {one["sha256"] for one in camera.state()["files"]}
    shots = json.loads(out)["shots"]
    assert watch.returncode == 0
    assert len(shots) == 2
    assert {file["sha256"] for shot in shots for file in shot["files"]} <= made


@pytest.mark.parametrize("how", [("--bulb", "60"), ("-n", "1000")])
def test_ctrl_c_ends_the_exposure_and_names_what_was_stored(
    tmp_path: Path, camera: VirtualCamera, how: tuple[str, str]
) -> None:
    camera.do("dial", setting="shutter", value="1/60")  # a bulb exposure leaves it at Bulb
    fired = len(camera.state()["releases"])
    shoot = subprocess.Popen(
        command("shoot", "--camera", camera.address, "--session", str(tmp_path / "S"), *how),
        env=home(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    camera.wait_for(lambda state: len(state["releases"]) > fired)
    time.sleep(0.5)

    os.killpg(shoot.pid, signal.SIGINT)  # as a terminal does: to the program and all that it started
    out, err = shoot.communicate(timeout=20)

    assert shoot.returncode == 130
    assert err.strip().splitlines()[-1] == "Stopped."
    made = {one["sha256"] for one in camera.state()["files"]}
    named = [Path(line.split("  ")[0]) for line in out.splitlines()]
    assert named
    assert sorted(named) == sorted((tmp_path / "S").glob("*.jpg"))
    assert {hashlib.sha256(one.read_bytes()).hexdigest() for one in named} <= made
    camera.do("dial", setting="shutter", value="1/60")


def test_being_stopped_closes_the_shutter_too(tmp_path: Path, camera: VirtualCamera) -> None:
    camera.do("dial", setting="shutter", value="1/60")
    fired = len(camera.state()["releases"])
    shoot = subprocess.Popen(
        command("shoot", "--camera", camera.address, "--session", str(tmp_path / "S"), "--bulb", "60"),
        env=home(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    camera.wait_for(lambda state: len(state["releases"]) > fired)

    shoot.send_signal(signal.SIGTERM)
    out, _ = shoot.communicate(timeout=20)

    assert shoot.returncode == 143
    assert len(out.splitlines()) == len(list((tmp_path / "S").glob("*.jpg"))) == 1
    camera.do("dial", setting="shutter", value="1/60")


def test_a_picture_that_is_still_awaited_does_not_hide_that_it_was_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shooting, "_FINISH_S", 0.01)
    never: Future[None] = Future()

    with pytest.raises(KeyboardInterrupt), shooting._ended_by(lambda: never):
        raise KeyboardInterrupt


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_watch_ends_cleanly_when_it_is_stopped(
    tmp_path: Path, camera: VirtualCamera, ending: signal.Signals
) -> None:
    watch = subprocess.Popen(
        command("watch", "--camera", camera.address, "--session", str(tmp_path / "S")),
        env=home(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watch.stderr is not None
    watch.stderr.readline()

    watch.send_signal(ending)
    _, rest = watch.communicate(timeout=_PATIENCE_S)

    assert (watch.returncode, rest) == (0, "")
    camera.wait_for(lambda state: state["client"] is None)


def test_live_measures_the_picture(tmp_path: Path, camera: VirtualCamera) -> None:
    document = run_json(tmp_path, "live", "--camera", camera.address, "--seconds", "1")

    assert document["frames"] > 5
    assert document["size"] == [1024, 680]
    assert {name: sum(counts) for name, counts in document["histogram"].items()} == dict.fromkeys(
        ("red", "green", "blue", "luma"), 1024 * 680
    )
    assert document["frame_age_ms"]["median"] <= document["frame_age_ms"]["p99"]


def test_live_tells_that_the_camera_went_away(tmp_path: Path, camera: VirtualCamera) -> None:
    before = camera.state()["live_frames"]
    live = subprocess.Popen(
        command("live", "--camera", camera.address, "--seconds", "5", "--json"),
        env=home(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip

    camera.wait_for(lambda state: state["live_frames"] > before + 5)
    camera.do("unplug")
    told, complaints = live.communicate(timeout=_PATIENCE_S)

    assert live.returncode == 1
    assert json.loads(told)["frames"] > 0
    assert complaints.startswith("Error: The camera ")


def test_a_killed_program_leaves_no_camera_claimed(tmp_path: Path, camera: VirtualCamera) -> None:
    watch = subprocess.Popen(
        command("watch", "--camera", camera.address, "--session", str(tmp_path / "S")),
        env=home(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watch.stderr is not None
    watch.stderr.readline()

    watch.kill()
    watch.communicate()

    camera.wait_for(lambda state: state["client"] is None)
    assert run(tmp_path, "get", "iso", "--camera", camera.address).returncode == 0


def test_a_camera_that_hangs_ends_a_shoot_with_a_sentence(tmp_path: Path, camera: VirtualCamera) -> None:
    run(tmp_path, "set", "image_format=jpeg", "--camera", camera.address)
    camera.do("fault", kind="stall", operation="NikonCapture", seconds=8.0)

    begun = time.monotonic()
    done = run(tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "S"))

    camera.do("clear")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The camera stopped answering")
    assert time.monotonic() - begun < 20


def test_what_runs_out_is_told_while_it_shoots(tmp_path: Path, camera: VirtualCamera) -> None:
    camera.do("battery", percent=8)
    camera.do("card", shots_left=4)

    done = run(tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "S"))

    camera.do("battery", percent=87)
    camera.do("card", shots_left=900)
    assert done.returncode == 0
    assert "Warning: The camera's battery is at 8 %." in done.stderr
    assert "Warning: The memory card has room for" in done.stderr


def test_json_stays_alone_on_stdout(tmp_path: Path, camera: VirtualCamera) -> None:
    done = run(tmp_path, "get", "iso", "--camera", camera.address, "--json")

    assert json.loads(done.stdout)["iso"]["current"]["label"].startswith("ISO")
    assert done.stderr == ""


def test_a_held_button_brings_all_its_frames(tmp_path: Path) -> None:
    session = tmp_path / "S"
    with VirtualCamera("--brand", "canon", "--megapixels", "4") as body:
        document = run_json(
            tmp_path, "shoot", "--camera", body.address, "--session", str(session), "--hold", "1",
            "--set", "drive=continuous high", "--set", "focus_mode=MF",
        )  # fmt: skip
        fired = len(body.state()["releases"])

    assert len(document["shots"]) == fired >= 3


def test_a_burst_for_each_release_is_told_frame_by_frame(tmp_path: Path) -> None:
    # A body of its own: after a refused first connection, frames of the minute before would be fetched too.
    with VirtualCamera("--megapixels", "4") as body:
        body.do("dial", setting="drive", value="burst")
        document = run_json(
            tmp_path, "shoot", "--camera", body.address, "--session", str(tmp_path / "S"), "-n", "2",
            "--set", "burst_count=3", "--set", "image_format=raw+jpeg",
        )  # fmt: skip

    assert [len(shot["files"]) for shot in document["shots"]] == [2] * 6


def test_a_button_that_can_not_be_held_is_told_at_once(tmp_path: Path, camera: VirtualCamera) -> None:
    done = run(
        tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "S"), "--hold", "30"
    )

    assert done.returncode == 1
    assert "cannot be held" in done.stderr


def test_a_late_picture_is_told_once_while_it_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    words = StatusWords()
    late = CameraStatus(CameraState.READY, message="The picture is late. Waiting for it.")

    for status in (CameraStatus(CameraState.EXPOSING), late, replace(late, is_live_wanted=True)):
        words.note(StatusChanged(status))
    words.note(StatusChanged(CameraStatus(CameraState.LOST, message="The camera is away.")))

    assert capsys.readouterr().err == "The picture is late. Waiting for it.\n"


def test_without_a_screen_the_window_says_so(tmp_path: Path) -> None:
    environment = {name: value for name, value in home(tmp_path).items() if name != "QT_QPA_PLATFORM"}
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)

    done = subprocess.run(
        command(), env=environment, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
    )

    assert done.returncode == 2
    assert done.stderr.startswith("Error: There is no screen for the window here.")

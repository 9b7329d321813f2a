"""`bench`, typed by hand."""

from __future__ import annotations

import subprocess
from pathlib import Path

from groundglass.session.store import SessionStore
from patience import PATIENCE_S, until
from program import command, home, run, run_json
from virtual_camera import VirtualCamera


def test_it_measures_every_part_and_leaves_nothing_behind(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()

    with VirtualCamera("--megapixels", "4") as camera:
        told = run_json(
            tmp_path, "bench", "--camera", camera.address, "--session", str(pictures / "job"), "-n", "2",
            "--seconds", "1",
        )  # fmt: skip
        made = camera.state()["files"]

    assert told["live"]["frames"] > 0
    assert len(made) == len(told["shots"]) == 2
    assert all(one["deleted"] for one in made)
    assert told["left_on_card"] == ""
    assert all(one["size_bytes"] > 100_000 for one in told["shots"])
    assert told["transfer_bytes_per_second"] > 0
    assert told["screen"]["megapixels"] > 3
    assert told["disk_bytes_per_second"] > 0
    assert len(told["verdicts"]) == 3
    assert list(pictures.iterdir()) == []
    assert not list(tmp_path.rglob("known_sessions"))  # nor is it asked later whose a picture is


def test_a_part_that_fails_is_told_and_the_others_are_measured(tmp_path: Path) -> None:
    with VirtualCamera("--megapixels", "4") as camera:
        camera.do("fault", kind="focus_missed")
        done = run(
            tmp_path, "bench", "--camera", camera.address, "--session", str(tmp_path / "job"), "-n", "1",
            "--seconds", "0.5",
        )  # fmt: skip

    assert done.returncode == 1
    assert "Release: The camera did not release" in done.stdout
    assert "frames/s" in done.stdout


def test_what_can_not_be_deleted_from_the_card_is_told(tmp_path: Path) -> None:
    with VirtualCamera("--megapixels", "4") as camera:
        camera.do("fault", kind="refuse", operation="DeleteObject", code="ACCESS_DENIED", count=None)
        done = run(
            tmp_path, "bench", "--camera", camera.address, "--session", str(tmp_path / "job"), "-n", "1",
            "--seconds", "0",
        )  # fmt: skip

    assert done.returncode == 0
    assert "1 test frame is on the card still" in done.stdout


def test_somebody_elses_frame_is_kept_with_all_the_others(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    with VirtualCamera("--megapixels", "4") as camera:
        bench = subprocess.Popen(
            command(
                "bench", "--camera", camera.address, "--session", str(pictures / "job"), "-n", "8",
                "--seconds", "0",
            ),
            env=home(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        camera.wait_for(lambda state: len(state["files"]) == 1)
        until(lambda: camera.control({"do": "shutter"})["ok"])
        told, warned = bench.communicate(timeout=PATIENCE_S)
        made = camera.state()["files"]

    (scratch,) = pictures.iterdir()
    assert "More pictures came than were asked for" in warned
    assert str(scratch / "bench") in warned
    assert "9 files stay on the card" in told
    assert len(made) == 9
    assert not any(one["deleted"] for one in made)
    stored = {file.sha256 for shot in SessionStore.read(scratch / "bench").shots for file in shot.files}
    assert stored == {one["sha256"] for one in made}


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "bench", "--camera", "virtual:nikon", "--session", "/proc/job")

    assert done.returncode == 1
    assert done.stderr.startswith("Error: Could not write into “/proc”")


def test_without_a_camera_it_says_so(tmp_path: Path) -> None:
    done = run(tmp_path, "bench", "--camera", "ptpip:127.0.0.1:9:9", "--session", str(tmp_path / "job"))

    assert done.returncode == 1
    assert done.stderr.startswith("Error: No camera answers there.")

"""`--backup` and `fetch`, typed by hand against a virtual camera."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from program import run, run_json
from virtual_camera import VirtualCamera


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


def test_every_frame_has_a_second_copy(tmp_path: Path, camera: VirtualCamera) -> None:
    session, backup = tmp_path / "S", tmp_path / "other disk"
    backup.mkdir()

    document = run_json(
        tmp_path, "shoot", "--camera", camera.address, "--session", str(session), "--backup", str(backup),
        "-n", "2", "--set", "image_format=raw+jpeg",
    )  # fmt: skip

    first = {file["sha256"] for shot in document["shots"] for file in shot["files"]}
    copies = [path for path in backup.rglob("S_*") if path.is_file()]
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in copies} == first
    assert len(copies) == 4


def test_fetch_brings_what_the_session_lacks_and_nothing_twice(tmp_path: Path, camera: VirtualCamera) -> None:
    session = str(tmp_path / "S")
    made = len(camera.state()["files"])

    first = run_json(tmp_path, "fetch", "--camera", camera.address, "--session", session, "--all")
    second = run_json(tmp_path, "fetch", "--camera", camera.address, "--session", session, "--all")

    assert first["fetched"] == made > 0
    assert sum(len(shot["files"]) for shot in first["shots"]) == made
    assert second["fetched"] == 0
    assert run(tmp_path, "session", "check", session).returncode == 0


def test_fetch_leaves_to_another_session_what_is_there_unless_it_is_asked_for(tmp_path: Path) -> None:
    with VirtualCamera("--megapixels", "4") as camera:
        for name in ("A", "B"):
            run_json(tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / name))
        fetch = ("fetch", "--camera", camera.address, "--session", str(tmp_path / "A"))

        by_itself = run_json(tmp_path, *fetch)
        asked_for = run_json(tmp_path, *fetch, "--all")

    assert (by_itself["fetched"], asked_for["fetched"]) == (0, 1)


def test_sessions_of_commands_on_different_disks_leave_each_other_their_frames(tmp_path: Path) -> None:
    first, second = tmp_path / "disk A" / "client A", tmp_path / "disk B" / "client B"
    for folder in (first, second):
        folder.parent.mkdir()
    with VirtualCamera("--megapixels", "4") as camera:
        shoot = ("shoot", "--camera", camera.address, "--session")
        run_json(tmp_path, *shoot, str(second))
        run_json(tmp_path, *shoot, str(first), "-n", "2")
        run_json(tmp_path, *shoot, str(second))

        assert len(run_json(tmp_path, "session", "list", str(second))["shots"]) == 2


def test_a_session_whose_folder_above_is_made_too_is_told(tmp_path: Path, camera: VirtualCamera) -> None:
    shoot = ("shoot", "--camera", camera.address, "--session", str(tmp_path / "slip" / "S"))

    first, second = run(tmp_path, *shoot), run(tmp_path, *shoot)

    assert (first.returncode, second.returncode) == (0, 0)
    assert f"The folder {tmp_path / 'slip'} was not there and was made." in first.stderr
    assert "was made" not in second.stderr


def test_a_time_that_is_none_is_refused(tmp_path: Path, camera: VirtualCamera) -> None:
    done = run(tmp_path, "fetch", "--camera", camera.address, "--since", "yesterday")

    assert done.returncode == 2
    assert "Write it as 14:30 for today" in done.stderr


def test_the_list_tells_where_each_frame_lives(tmp_path: Path) -> None:
    session, backup = tmp_path / "S", tmp_path / "other disk"
    backup.mkdir()
    with VirtualCamera("--megapixels", "4") as camera:
        shoot = ("shoot", "--camera", camera.address, "--session", str(session), "--backup", str(backup))
        kept = run(tmp_path, *shoot)
        deleted = run(tmp_path, *shoot, "--card-policy", "delete-after-backup")
        on_card = [not one["deleted"] for one in camera.state()["files"]]

    listed = run_json(tmp_path, "session", "list", str(session))

    assert (kept.returncode, deleted.returncode) == (0, 0), deleted.stderr
    assert on_card == [True, False]
    assert [one["places"] for one in listed["shots"]] == [["backup", "card", "disk"], ["backup", "disk"]]


def test_the_list_tells_of_a_card_that_the_camera_does_not_show(tmp_path: Path) -> None:
    session = str(tmp_path / "S")
    with VirtualCamera("--megapixels", "4", "--brand", "sony") as camera:
        shoot = ("shoot", "--camera", camera.address, "--session", session, "--set")
        both = run(tmp_path, *shoot, "capture_target=card+computer")
        memory = run(tmp_path, *shoot, "capture_target=computer")

    listed = run_json(tmp_path, "session", "list", session)
    table = run(tmp_path, "session", "list", session)

    assert (both.returncode, memory.returncode) == (0, 0), memory.stderr
    assert [one["places"] for one in listed["shots"]] == [["card not known", "disk"], ["disk"]]
    assert "disk, card not known" in table.stdout


def test_the_cards_copy_is_not_deleted_without_a_backup(tmp_path: Path, camera: VirtualCamera) -> None:
    done = run(
        tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "S"),
        "--card-policy", "delete-after-backup",
    )  # fmt: skip

    assert done.returncode == 2
    assert "there is no backup" in done.stderr


@pytest.mark.parametrize("action", ["shoot", "fetch"])
def test_a_preferred_second_copy_that_is_lacking_is_told(
    tmp_path: Path, camera: VirtualCamera, action: str
) -> None:
    run(tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "first"))
    run(tmp_path, "preferences", "set", f"backup={tmp_path / 'unplugged' / 'copies'}")
    at = ("--camera", camera.address, "--session", str(tmp_path / "S"))

    done = run(tmp_path, action, *at, *(["--all"] if action == "fetch" else []))

    assert done.returncode == 0
    assert "Warning: " in done.stderr
    assert "no backup yet. The backup folder" in done.stderr
    assert str(tmp_path / "S") in done.stdout  # what was stored is told all the same


@pytest.mark.parametrize("action", ["shoot", "fetch"])
def test_a_second_copy_that_was_asked_for_and_is_lacking_is_a_failure(
    tmp_path: Path, camera: VirtualCamera, action: str
) -> None:
    session, backup = tmp_path / "S", tmp_path / "S" / "within"
    backup.mkdir(parents=True)
    run(tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "first"))
    at = ("--camera", camera.address, "--session", str(session), "--backup", str(backup), "--json")

    done = run(tmp_path, action, *at, *(["--all"] if action == "fetch" else []))

    assert done.returncode == 1
    assert "Error: " in done.stderr
    assert "no backup yet. The backup folder" in done.stderr
    assert json.loads(done.stdout)["shots"]  # they are stored

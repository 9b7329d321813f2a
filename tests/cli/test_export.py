"""`session export`, typed by hand."""

from __future__ import annotations

import json
from datetime import datetime, time
from pathlib import Path

import pytest

from groundglass.cli.options import moment
from program import run, run_json
from virtual_camera import VirtualCamera


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a session of three shots, the second with four stars, the third rejected."""
    folder = tmp_path_factory.mktemp("desk")
    with VirtualCamera("--megapixels", "4") as camera:
        run_json(folder, "shoot", "--camera", camera.address, "-n", "3", "--session", str(folder / "job"))
    run_json(folder, "session", "rate", str(folder / "job"), "2", "--stars", "4")
    run_json(folder, "session", "rate", str(folder / "job"), "3", "--reject")
    return folder


def test_the_selects_are_copied_and_printed(job: Path) -> None:
    told = run_json(
        job, "session", "export", str(job / "job"), str(job / "out"), "--stars", "3", "--contact-sheet",
        str(job / "sheet.pdf"),
    )  # fmt: skip

    assert told["shots"] == 1
    assert sorted(told["copied"]) == sorted(one.name for one in (job / "out").iterdir())
    assert "job_0002.xmp" in told["copied"]
    assert (job / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_rejected_shots_stay_unless_they_are_asked_for(job: Path) -> None:
    kept = run_json(job, "session", "export", str(job / "job"), str(job / "kept"))
    every = run_json(job, "session", "export", str(job / "job"), str(job / "all"), "--rejected", "shown")

    assert (kept["shots"], every["shots"]) == (2, 3)


@pytest.mark.parametrize(
    ("since", "count"), [("2000-01-01", 2), ("2000-01-01 14:30", 2), ("2999-12-31T00:00", 0)]
)
def test_shots_are_chosen_by_their_time(job: Path, since: str, count: int) -> None:
    done = run(job, "session", "export", str(job / "job"), str(job / "out"), "--since", since, "--json")

    assert (json.loads(done.stdout)["shots"] if done.returncode == 0 else 0) == count


def test_a_time_without_a_day_is_todays() -> None:
    since = moment("14:30")

    assert since.tzinfo is not None
    assert since.replace(tzinfo=None) == datetime.combine(datetime.now().date(), time(14, 30))


def test_a_part_of_the_cameras_name_is_enough(job: Path) -> None:
    told = run_json(job, "session", "export", str(job / "job"), str(job / "by"), "--by", "virt")

    assert told["shots"] == 2


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--stars", "5"), "Rate some, or ask for fewer stars."),
        (("--by", "Pentax"), "Change or leave out --by."),
        (("--label", "red", "--rejected", "only"), "Change or leave out --label or --rejected only."),
        (("--stars", "5", "--since", "2999-01-01"), "Change or leave out --stars or --since."),
    ],
)
def test_what_lets_nothing_pass_is_named(job: Path, options: tuple[str, ...], hint: str) -> None:
    done = run(job, "session", "export", str(job / "job"), str(job / "out"), *options)

    assert done.returncode == 2
    assert done.stderr == f"Error: No shot of the session is chosen by this. {hint}\n"


@pytest.mark.parametrize("wrong", ["lunch", "25:00", "2026-13-01", "14.30"])
def test_no_time_is_wrong_usage(job: Path, wrong: str) -> None:
    done = run(job, "session", "export", str(job / "job"), str(job / "out"), "--since", wrong)

    assert done.returncode == 2
    assert f"“{wrong}” is no time." in done.stderr
    assert "Write it as 14:30 for today" in done.stderr


def test_without_a_goal_it_is_wrong_usage(job: Path) -> None:
    done = run(job, "session", "export", str(job / "job"))

    assert done.returncode == 2
    assert "Name a folder, or --contact-sheet" in done.stderr


def test_moved_selects_lie_in_the_trash_and_can_be_taken_back(job: Path) -> None:
    session, into = job / "job", job / "moved"
    before = run_json(job, "session", "list", str(session))["shots"]

    told = run_json(job, "session", "export", str(session), str(into), "--stars", "3", "--move")
    after = run_json(job, "session", "list", str(session))["shots"]
    check = run_json(job, "session", "check", str(session))
    run_json(job, "session", "restore", str(session))

    assert told["moved"] == [2]
    assert sorted(one.name for one in into.iterdir()) == sorted(told["copied"])
    assert [one["number"] for one in after] == [1, 3]
    assert check is not None
    assert run_json(job, "session", "list", str(session))["shots"] == before


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a session of a RAW with its JPEG, and a RAW alone."""
    folder = tmp_path_factory.mktemp("pairs")
    with VirtualCamera("--megapixels", "4") as camera:
        for kind in ("raw+jpeg", "raw"):
            run_json(
                folder, "shoot", "--camera", camera.address, "--session", str(folder / "job"),
                "--set", f"image_format={kind}",
            )  # fmt: skip
    run_json(folder, "session", "rate", str(folder / "job"), "1", "--stars", "4")
    return folder


def test_jpegs_alone_are_copied_and_what_has_none_is_told(pairs: Path) -> None:
    into = pairs / "client"

    done = run(pairs, "session", "export", str(pairs / "job"), str(into), "--files", "jpeg", "--move")

    assert done.returncode == 1
    assert {one.suffix for one in into.iterdir()} == {".jpg", ".xmp"}
    assert "1 shot stays in the session: only the JPEG was copied." in done.stdout
    assert "1 shot has no JPEG and did not go along: job_0002." in done.stdout
    assert len(run_json(pairs, "session", "list", str(pairs / "job"))["shots"]) == 2


def test_a_sheet_alone_copies_no_files(pairs: Path) -> None:
    sheet = str(pairs / "sheet.pdf")

    done = run(pairs, "session", "export", str(pairs / "job"), "--contact-sheet", sheet, "--files", "raw")

    assert done.returncode == 2
    assert "copies no files" in done.stderr


def test_a_sheet_alone_moves_nothing(job: Path) -> None:
    sheet = str(job / "other.pdf")

    done = run(job, "session", "export", str(job / "job"), "--contact-sheet", sheet, "--move")

    assert done.returncode == 2
    assert "moves nothing" in done.stderr


@pytest.mark.parametrize("sheet", ["there.pdf", "nowhere/sheet.pdf"])
def test_a_sheet_that_can_not_be_made_is_told_before_anything_is_copied(job: Path, sheet: str) -> None:
    (job / "there.pdf").write_bytes(b"of the first run")

    done = run(
        job, "session", "export", str(job / "job"), str(job / "again"), "--contact-sheet", str(job / sheet)
    )

    assert done.returncode != 0
    assert "there" in done.stderr
    assert not (job / "again").exists()
    assert (job / "there.pdf").read_bytes() == b"of the first run"


def test_the_sheet_may_lie_in_the_folder_that_is_made(job: Path) -> None:
    sheet = job / "client" / "sheet.pdf"

    run_json(job, "session", "export", str(job / "job"), str(job / "client"), "--contact-sheet", str(sheet))

    assert sheet.read_bytes().startswith(b"%PDF")


def test_a_choice_that_holds_nothing_makes_nothing(job: Path) -> None:
    sheet = job / "none.pdf"

    done = run(
        job, "session", "export", str(job / "job"), str(job / "none"), "--stars", "5", "--label", "purple",
        "--contact-sheet", str(sheet),
    )  # fmt: skip

    assert done.returncode == 2
    assert "No shot" in done.stderr
    assert not sheet.exists()
    assert not (job / "none").exists()

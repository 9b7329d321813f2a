from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from groundglass.cli.output import Group
from groundglass.cli.session import session as command
from groundglass.session.backup import Backup
from groundglass.session.store import SessionStore

PROGRAM = Group("groundglass", {"session": command})


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(PROGRAM, ["session", *map(str, arguments)])


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A closed session of one shot with two files."""
    with_shot = SessionStore.open(tmp_path / "Spring")
    number = with_shot.begin_shot(datetime(2026, 3, 4, 12, tzinfo=UTC), camera="Nikon Z 6", serial="600")
    for name in ("DSC_1.NEF", "DSC_1.JPG"):
        content = name.encode() * 1000
        (with_shot.incoming / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        with_shot.commit(
            with_shot.incoming / name, number=number, original=name, sha256=digest, size_bytes=len(content)
        )
    with_shot.close()
    return tmp_path / "Spring"


def test_list_tells_every_shot_with_its_files(session: Path) -> None:
    told = json.loads(run("list", session, "--json").stdout)

    assert (told["session"], told["name"], told["next_number"]) == (str(session), "Spring", 2)
    (shot,) = told["shots"]
    assert (shot["number"], shot["camera"], shot["serial"]) == (1, "Nikon Z 6", "600")
    assert [(file["path"], file["role"], file["size_bytes"]) for file in shot["files"]] == [
        ("Spring_0001.nef", "raw", 9000),
        ("Spring_0001.jpg", "jpeg", 9000),
    ]


def test_list_is_plain_in_a_pipe(session: Path) -> None:
    result = run("list", session)

    assert result.stdout.splitlines() == [
        "No.  Arrived              Camera     Files                              Size  Where",
        "  1  2026-03-04 12:00:00  Nikon Z 6  Spring_0001.nef, Spring_0001.jpg  18 kB  disk",
    ]


def test_an_empty_session_lists_no_shot(tmp_path: Path) -> None:
    SessionStore.open(tmp_path).close()

    assert run("list", tmp_path).stdout == "No shot yet.\n"


def test_check_of_a_whole_session_exits_with_0(session: Path) -> None:
    result = run("check", session, "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert told["clean"] is True
    assert (told["shots"], told["files"], told["missing"], told["altered"]) == (1, 2, [], [])


def test_check_exits_with_1_and_names_what_is_amiss(session: Path) -> None:
    (session / "Spring_0001.nef").unlink()
    (session / "Spring_0001.jpg").write_bytes(b"changed")
    (session / "notes.txt").touch()

    as_json, plain = run("check", session, "--json"), run("check", session)

    told = json.loads(as_json.stdout)
    assert as_json.exit_code == plain.exit_code == 1
    assert told["clean"] is False
    assert (told["missing"], told["altered"], told["unknown"]) == (
        ["Spring_0001.nef"],
        ["Spring_0001.jpg"],
        ["notes.txt"],
    )
    assert [line.split() for line in plain.stdout.splitlines()[1:]] == [
        ["missing", "Spring_0001.nef"],
        ["altered", "Spring_0001.jpg"],
        ["not", "from", "Groundglass", "notes.txt"],
        ["1", "shot,", "2", "files;", "2", "faults."],
    ]


@pytest.mark.parametrize("action", ["list", "check", "repair"])
def test_a_folder_that_is_no_session_is_told(tmp_path: Path, action: str) -> None:
    result = run(action, tmp_path)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "is no session" in result.stderr


def test_check_changes_nothing(session: Path) -> None:
    with (session / ".groundglass/journal.jsonl").open("ab") as journal:
        journal.write(b"torn")
    before = {path: path.stat().st_mtime_ns for path in session.rglob("*")}

    result = run("check", session)

    assert result.exit_code == 1
    assert {path: path.stat().st_mtime_ns for path in session.rglob("*")} == before


def test_repair_of_a_whole_session_says_so(session: Path) -> None:
    result = run("repair", session)

    assert (result.exit_code, result.stdout) == (0, "Nothing to repair.\n")


def test_repair_prints_what_it_did_and_what_is_left(session: Path) -> None:
    (session / "Spring_0001.nef").unlink()
    (session / ".groundglass/incoming/9-000001-DSC_2.NEF").write_bytes(b"raw 2")

    plain, as_json = run("repair", session), run("repair", session, "--json")

    told = json.loads(as_json.stdout)
    assert plain.exit_code == as_json.exit_code == 1
    assert [line.split() for line in plain.stdout.splitlines()[1:]] == [
        ["stored", "now", "Spring_0002.nef"],
        ["missing", "Spring_0001.nef"],
        ["1", "repair", "made.", "1", "fault", "left."],
    ]
    assert (told["whole"], told["finished"], told["missing"]) == (False, [], ["Spring_0001.nef"])


def test_repair_brings_a_missing_file_back_from_a_named_backup(session: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    backup = Backup(session, second)
    backup.start()
    assert backup.close(20)
    (session / ".groundglass/backups.jsonl").unlink()
    (session / "Spring_0001.nef").unlink()

    result = run("repair", session, "--backup", second, "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert told["restored"] == [{"path": "Spring_0001.nef", "from": str(second / "Spring/Spring_0001.nef")}]
    assert (session / "Spring_0001.nef").read_bytes() == b"DSC_1.NEF" * 1000


def test_the_next_name_is_shown_and_changed(tmp_path: Path) -> None:
    folder = tmp_path / "Spring"
    SessionStore.open(folder).close()

    named = run("name", folder, "--template", "{subject}/{counter:03}", "--subject", "Hat", "--next", "7")
    shown = run("name", folder)

    assert (named.exit_code, named.output) == (0, "Hat/007\n")
    assert shown.output == "Hat/007\n"


def test_a_subject_that_is_in_no_name_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "Spring"
    SessionStore.open(folder).close()

    lost = run("name", folder, "--subject", "hats")
    mended = run("name", folder, "--template", "{session}_{subject}_{counter:04}", "--subject", "hats")

    assert lost.stdout == "Spring_0001\n"
    assert "do not hold {subject}: --template '{session}_{subject}_{counter:04}' adds it." in lost.stderr
    assert mended.output == "Spring_hats_0001\n"


def test_a_name_is_changed_without_a_shoot_being_noted(tmp_path: Path) -> None:
    folder = tmp_path / "Spring"
    SessionStore.open(folder).close()

    run("name", folder, "--subject", "Hat", "--template", "{subject}/{counter:03}")
    told = json.loads(run("name", folder, "--json").stdout)

    assert told == {
        "template": "{subject}/{counter:03}",
        "subject": "Hat",
        "next_number": 1,
        "next_name": "Hat/001",
    }
    journal = (folder / ".groundglass/journal.jsonl").read_text()
    assert '"opened"' not in journal
    assert '"closed"' not in journal


def test_a_wrong_template_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "Spring"
    SessionStore.open(folder).close()

    ended = run("name", folder, "--template", "{date}")

    assert ended.exit_code == 2
    assert "{counter}" in ended.output
    assert run("name", folder).output == "Spring_0001\n"


@pytest.mark.parametrize("action", ["list", "check", "name"])
def test_a_session_that_another_program_writes_to_can_be_looked_at(session: Path, action: str) -> None:
    writer = SessionStore.open(session)
    try:
        before = {path: path.read_bytes() for path in session.rglob("*") if path.is_file()}

        result = run(action, session)

        assert result.exit_code == 0
        assert {path: path.read_bytes() for path in session.rglob("*") if path.is_file()} == before
        assert run("repair", session).exit_code == 1
    finally:
        writer.close()


def test_a_slip_in_the_path_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()

    said = [run("check", tmp_path / one) for one in ("nowhere", "file", "folder")]

    assert [one.exit_code for one in said] == [1, 1, 1]
    for one, words in zip(said, ("does not exist", "is a file", "it has no journal"), strict=True):
        assert words in one.stderr

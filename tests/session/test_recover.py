from __future__ import annotations

import hashlib
import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundglass.errors import SessionError
from groundglass.session.recover import check
from groundglass.session.store import SessionStore

CONTENTS = {"S_0001.jpg": b"one" * 99, "S_0002.jpg": b"two" * 99, "S_0003.jpg": b"three" * 99}


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A closed session of three shots."""
    store = SessionStore.open(tmp_path / "S")
    for name, content in CONTENTS.items():
        number = store.begin_shot(datetime.now(UTC))
        (store.incoming / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        store.commit(
            store.incoming / name, number=number, original=name, sha256=digest, size_bytes=len(content)
        )
    store.close()
    return tmp_path / "S"


def test_a_whole_session_is_clean(session: Path) -> None:
    report = check(session)

    assert report.is_clean
    assert (report.shots, report.files) == (3, 3)


def test_a_deleted_file_is_missing(session: Path) -> None:
    (session / "S_0002.jpg").unlink()

    assert check(session).missing == ("S_0002.jpg",)
    assert not check(session).is_clean


def test_a_renamed_file_is_found_again_by_its_content(session: Path) -> None:
    (session / "best").mkdir()
    (session / "S_0002.jpg").rename(session / "best" / "hero.jpg")

    report = check(session)

    assert report.renamed == (("S_0002.jpg", "best/hero.jpg"),)
    assert report.missing == report.unknown == ()
    assert not report.is_clean


def test_one_changed_bit_is_noticed(session: Path) -> None:
    path = session / "S_0003.jpg"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)

    assert check(session).altered == ("S_0003.jpg",)


def test_a_cut_file_is_noticed_at_open_and_left_alone(session: Path) -> None:
    path = session / "S_0003.jpg"
    path.write_bytes(path.read_bytes()[:-1])

    store = SessionStore.open(session)
    store.close()

    assert store.recovery.altered == ("S_0003.jpg",)
    assert len(path.read_bytes()) == len(CONTENTS["S_0003.jpg"]) - 1


def test_what_people_did_by_hand_is_told_at_open_and_not_undone(session: Path) -> None:
    (session / "S_0001.jpg").unlink()

    store = SessionStore.open(session)
    store.close()

    assert store.recovery.missing == ("S_0001.jpg",)
    assert store.recovery.sentences == ("Not where it was stored: S_0001.jpg.",)
    assert not (session / "S_0001.jpg").exists()
    assert len(store.shots) == 3


def test_files_of_other_programs_are_told_and_no_fault(session: Path) -> None:
    (session / "notes.txt").write_text("x")
    (session / "S_0001.xmp").write_text("x")
    (session / ".DS_Store").write_text("x")

    report = check(session)

    assert report.unknown == ("notes.txt",)
    assert report.is_clean


def test_a_leftover_is_kept_aside_with_a_word_and_never_over_another(session: Path) -> None:
    for content in (b"first", b"second"):
        (session / ".groundglass/incoming/half.nef").write_bytes(content)
        store = SessionStore.open(session)
        store.close()

    assert store.recovery.set_aside == ("recovered/half (2).nef",)
    assert "Kept aside" in store.recovery.sentences[0]
    assert (session / "recovered/half.nef").read_bytes() == b"first"
    assert (session / "recovered/half (2).nef").read_bytes() == b"second"
    assert check(session).is_clean


def test_a_leftover_is_a_fault_until_the_session_is_opened_again(session: Path) -> None:
    (session / ".groundglass/incoming/half.nef").write_bytes(b"half")

    assert check(session).unfinished == ("half.nef",)


def test_a_file_on_its_way_is_no_fault_while_the_session_is_in_use(session: Path) -> None:
    store = SessionStore.open(session)
    (store.incoming / "arriving").write_bytes(b"half")

    report = check(session)
    store.close()

    assert report.is_clean


def test_a_damaged_line_in_the_journal_is_told_with_its_number(session: Path) -> None:
    journal = session / ".groundglass/journal.jsonl"
    lines = journal.read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b"shot", b"shut")
    journal.write_bytes(b"\n".join(lines))

    report = check(session)
    store = SessionStore.open(session)
    store.close()

    assert report.corrupt_lines == store.recovery.corrupt_lines == (2,)
    assert len(store.shots) == 3  # the file's own line tells the shot as well


@pytest.mark.parametrize("line", range(1, 10))
def test_no_damaged_line_hides_a_picture(session: Path, line: int) -> None:
    journal = session / ".groundglass/journal.jsonl"
    lines = journal.read_bytes().split(b"\n")
    lines[line] = b"#" * len(lines[line])
    journal.write_bytes(b"\n".join(lines))

    store = SessionStore.open(session)
    store.close()
    report = check(session)

    known = {file.path for shot in store.shots for file in shot.files}
    assert known | set(report.unknown) == set(CONTENTS)
    assert store.next_number == 4
    assert store.recovery.corrupt_lines == (line + 1,)


@pytest.mark.parametrize("is_emptied", [False, True])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_damaged_lines_of_a_shot_in_the_trash_cost_no_other_shot(
    session: Path, number: int, is_emptied: bool
) -> None:
    with closing(SessionStore.open(session)) as store:
        store.throw_away([number])
        if is_emptied:
            store.empty_trash()
    journal = session / ".groundglass/journal.jsonl"
    lines = journal.read_bytes().split(b"\n")
    told = [json.loads(line)["do"] if line else "" for line in lines]
    for at, do in enumerate(told):
        # A bad sector: all that tells of its files, but not that it was thrown away.
        if do in ("shot", "store") and json.loads(lines[at])["number"] == number:
            lines[at] = b"#" * len(lines[at])
    journal.write_bytes(b"\n".join(lines))

    with closing(SessionStore.open(session)) as store:
        assert store.due == ()
        assert store.begin_shot(datetime.now(UTC)) == 4
        assert number not in {shot.number for shot in store.shots}
        assert len(store.shots) == 2


def test_a_torn_journal_is_a_fault_until_it_is_sealed(session: Path) -> None:
    with (session / ".groundglass/journal.jsonl").open("ab") as journal:
        journal.write(b'{"crc":"12')

    assert check(session).is_torn
    store = SessionStore.open(session)
    store.begin_shot(datetime.now(UTC))
    store.close()

    assert store.recovery.was_torn
    assert check(session).is_clean


def test_a_folder_without_a_journal_is_no_session(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="no session"):
        check(tmp_path)
    with pytest.raises(SessionError, match="does not exist"):
        SessionStore.read(tmp_path / "none")

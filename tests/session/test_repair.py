from __future__ import annotations

import os
import re
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from arrivals import shoot
from groundglass.errors import SessionError, SessionHeldError
from groundglass.session.backup import Backup
from groundglass.session.journal import line
from groundglass.session.recover import check
from groundglass.session.repair import repair
from groundglass.session.sidecar import Sidecar, read, write
from groundglass.session.store import SessionStore

FILES = {"S_0001.nef": b"raw 1", "S_0001.jpg": b"jpeg 1", "S_0002.nef": b"raw 2"}


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A closed session of two shots with three files, all backed up to `second`."""
    (tmp_path / "second").mkdir()
    store = SessionStore.open(tmp_path / "S")
    shoot(store, "A.NEF", b"raw 1", card_path="/store_1/DCIM/100/A.NEF")
    shoot(store, "A.JPG", b"jpeg 1", 1)
    shoot(store, "B.NEF", b"raw 2")
    backup = Backup(store.path, tmp_path / "second")
    backup.start(store.id, store.shots)
    assert backup.close(20)
    store.close()
    return tmp_path / "S"


def damage(session: Path, word: str, *, keep_hash: bool) -> tuple[int, ...]:
    """Spoil the journal's lines that have a word; return their numbers."""
    journal = session / ".groundglass/journal.jsonl"
    lines = journal.read_bytes().split(b"\n")
    hit = [index for index, text in enumerate(lines) if word.encode() in text]
    for index in hit:
        lines[index] = (
            lines[index].replace(b'"do"', b'"d#"')
            if keep_hash
            else re.sub(rb"[a-f0-9]{6}", b"#", lines[index])
        )
    journal.write_bytes(b"\n".join(lines))
    return tuple(index + 1 for index in hit)


def contents(session: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in session.glob("S_*")}


def test_a_whole_session_needs_nothing(session: Path) -> None:
    before = (session / ".groundglass/journal.jsonl").read_bytes()

    report = repair(session)

    assert report.is_whole
    assert (report.journalled, report.restored, report.recovery.sentences) == ((), (), ())
    assert (session / ".groundglass/journal.jsonl").read_bytes() == before


def test_a_missing_file_is_brought_back_from_the_backup(session: Path, tmp_path: Path) -> None:
    (session / "S_0001.jpg").unlink()

    report = repair(session)

    assert report.restored == (("S_0001.jpg", str(tmp_path / "second/S/S_0001.jpg")),)
    assert report.is_whole
    assert contents(session) == FILES
    assert check(session).is_clean


def test_what_was_said_of_a_missing_picture_comes_back_with_it(session: Path, tmp_path: Path) -> None:
    said = Sidecar(3, "Red", ("coat",), "Ann", "© Ann")
    copies = tmp_path / "second/S"
    write(copies / "S_0001.xmp", said)
    os.utime(copies / "S_0001.xmp", (1_790_000_000, 1_790_000_000))
    (copies / "S_0001.nef.xmp").write_bytes(b"darktable's")
    (copies / "S_0001.jpg.pp3").write_bytes(b"RawTherapee's")
    (copies / "S_0001_01.nef.xmp").write_bytes(b"of darktable's duplicate")
    (session / "S_0001.jpg").unlink()

    report = repair(session)

    names = ("S_0001.jpg", "S_0001.xmp", "S_0001.nef.xmp", "S_0001.jpg.pp3", "S_0001_01.nef.xmp")
    assert sorted(report.restored) == sorted((name, str(copies / name)) for name in names)
    assert read(session / "S_0001.xmp") == said
    assert (session / "S_0001.xmp").stat().st_mtime == 1_790_000_000
    assert (session / "S_0001.nef.xmp").read_bytes() == b"darktable's"
    assert repair(session).restored == ()


def test_a_sidecar_that_is_there_is_left_and_one_that_lacks_comes_from_the_newest_copy(
    session: Path, tmp_path: Path
) -> None:
    shutil.copytree(tmp_path / "second", tmp_path / "third")
    for number, (folder, rating) in enumerate((("second", 1), ("third", 4))):
        for name in ("S_0001.xmp", "S_0002.xmp"):
            write(tmp_path / folder / "S" / name, Sidecar(rating=rating))
            os.utime(tmp_path / folder / "S" / name, (1_790_000_000 + number,) * 2)
    write(session / "S_0001.xmp", Sidecar(rating=5))

    repair(session, tmp_path / "third")

    assert [read(session / name).rating for name in ("S_0001.xmp", "S_0002.xmp")] == [5, 4]


def test_no_sidecar_comes_back_without_its_picture(session: Path, tmp_path: Path) -> None:
    write(tmp_path / "second/S/S_0002.xmp", Sidecar(rating=1))
    (session / "S_0002.nef").rename(session / "hero.nef")

    assert repair(session).restored == ()
    assert not (session / "S_0002.xmp").exists()


def test_a_backup_that_the_session_forgot_can_be_named(session: Path, tmp_path: Path) -> None:
    (session / ".groundglass/backups.jsonl").unlink()
    (session / "S_0001.jpg").unlink()

    without, by_name = repair(session), repair(session, tmp_path / "second")

    assert (without.missing, without.is_whole) == (("S_0001.jpg",), False)
    assert by_name.is_whole


def test_a_copy_that_changed_is_not_brought_back(session: Path, tmp_path: Path) -> None:
    (session / "S_0001.jpg").unlink()
    (tmp_path / "second/S/S_0001.jpg").write_bytes(b"jpeg 2")

    report = repair(session)

    assert report.missing == ("S_0001.jpg",)
    assert not (session / "S_0001.jpg").exists()


def test_a_file_renamed_by_hand_is_left_and_not_doubled(session: Path) -> None:
    (session / "S_0002.nef").rename(session / "hero.nef")

    report = repair(session)

    assert report.before.renamed == (("S_0002.nef", "hero.nef"),)
    assert not (session / "S_0002.nef").exists()


def test_a_changed_file_is_left_and_its_good_copy_named(session: Path, tmp_path: Path) -> None:
    (session / "S_0002.nef").write_bytes(b"RAW 2")

    report = repair(session)

    assert report.good_copies == (("S_0002.nef", str(tmp_path / "second/S/S_0002.nef")),)
    assert (session / "S_0002.nef").read_bytes() == b"RAW 2"
    assert not report.is_whole


@pytest.mark.parametrize("keep_hash", [True, False], ids=["by its damaged line", "by its backup"])
def test_a_file_whose_entry_is_lost_is_journalled_again_in_its_shot(session: Path, keep_hash: bool) -> None:
    before = SessionStore.read(session).shots
    lines = damage(session, "S_0001.jpg", keep_hash=keep_hash)
    lost = check(session)

    report = repair(session)

    assert (lost.unknown, lost.corrupt_lines) == (("S_0001.jpg",), lines)
    assert report.journalled == ("S_0001.jpg",)
    after = SessionStore.read(session).shots
    assert [shot.number for shot in after] == [1, 2]
    assert {file.path for file in after[0].files} == {"S_0001.nef", "S_0001.jpg"}
    assert check(session).is_clean
    if keep_hash:
        assert after == before  # all that the line still told


@pytest.mark.parametrize("keep_hash", [True, False])
def test_a_shot_whose_entries_are_all_lost_comes_back(session: Path, keep_hash: bool) -> None:
    damage(session, '"number":2', keep_hash=keep_hash)

    report = repair(session)

    assert report.journalled == ("S_0002.nef",)
    assert SessionStore.read(session).shots[-1].number == 2
    assert check(session).is_clean


def test_other_peoples_pictures_are_not_taken_in(session: Path) -> None:
    (session / "export.jpg").write_bytes(b"theirs")

    report = repair(session)

    assert report.unknown == ("export.jpg",)
    assert report.journalled == ()


def test_leftovers_and_a_torn_line_are_mended(session: Path) -> None:
    (session / ".groundglass/incoming/9-000001-C.NEF").write_bytes(b"raw 3")
    with (session / ".groundglass/journal.jsonl").open("ab") as journal:
        journal.write(b'{"crc":"12')

    report = repair(session)

    assert report.recovery.finished == ("S_0003.nef",)
    assert report.recovery.was_torn
    assert check(session).is_clean


def test_a_torn_line_alone_is_sealed(session: Path) -> None:
    with (session / ".groundglass/journal.jsonl").open("ab") as journal:
        journal.write(b'{"crc":"12')

    repair(session)

    assert check(session).is_clean


@pytest.mark.parametrize("look", [check, repair])
def test_a_journal_is_not_held_as_a_whole_beside_its_bytes(
    session: Path, look: Callable[[Path], object]
) -> None:
    look(session)  # what is loaded once does not count
    with (session / ".groundglass/journal.jsonl").open("ab") as journal:
        for _ in range(80):
            journal.write(line({"do": "newer", "text": "x" * 100_000}))
    tracemalloc.start()
    try:
        look(session)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 17_000_000  # 8 MB of bytes, and a megabyte of entries at a time


def test_a_session_in_use_is_not_repaired(session: Path) -> None:
    store = SessionStore.open(session)

    with pytest.raises(SessionHeldError):
        repair(session)
    store.close()


def test_a_folder_that_is_no_session_is_not_made_one(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="does not exist"):
        repair(tmp_path / "none")

    assert not (tmp_path / "none").exists()

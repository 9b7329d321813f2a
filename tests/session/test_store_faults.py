"""Every disk operation of a small job fails in turn, as an error and as a kill of a real process."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from counted_disk import CONTENTS, FOREIGN, MOMENTS, CountedDisk, places_of, prepare, shoot
from groundglass.errors import SessionError
from groundglass.session.recover import check
from groundglass.session.store import SessionStore

TESTS = Path(__file__).parents[1]


def assert_nothing_is_lost(folder: Path, session: Path) -> None:
    """Open the session as the next start does, and look for every file that came in."""
    noted = folder / "arrived"
    arrived = [int(line) for line in noted.read_text().split()] if noted.exists() else []
    store = SessionStore.open(session)
    try:
        number = store.begin_shot(datetime.now(UTC))
        incoming = store.incoming / "next"
        incoming.write_bytes(b"next")
        store.commit(
            incoming, number=number, original="N.JPG", sha256=sha256(b"next").hexdigest(), size_bytes=4
        )
        numbers = [shot.number for shot in store.shots]
    finally:
        store.close()
    for index in arrived:
        places = places_of(session, CONTENTS[index])
        assert len(places) == 1, (index, places)
        assert not places[0].startswith(".groundglass")
    assert (session / "S_0002.jpg").read_bytes() == FOREIGN
    assert len(set(numbers)) == len(numbers)
    report = check(session)
    assert report.is_clean, report
    aside = {f"recovered/{one.name}" for one in (session / "recovered").glob("*")}
    assert set(report.unknown) == {"S_0002.jpg"}, report
    for index in set(range(3)) - set(arrived):
        assert not places_of(session, CONTENTS[index])
    assert all((session / one).stat().st_size for one in aside)


@pytest.mark.parametrize("has_rename", [True, False], ids=["rename", "placeholder"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_at_any_operation_loses_nothing(tmp_path: Path, moment: str, has_rename: bool) -> None:
    way = "rename" if has_rename else "placeholder"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (*sys.path, str(TESTS))))}

    done = subprocess.run(
        [sys.executable, str(TESTS / "counted_crashes.py"), str(tmp_path), moment, way],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )

    ends = [line.split() for line in done.stdout.splitlines()]
    assert len(ends) > 25
    assert [how for _, how in ends] == ["killed"] * (len(ends) - 1) + ["0"]
    for fail_at, _ in ends:
        assert_nothing_is_lost(tmp_path / fail_at, tmp_path / fail_at / "S")


@pytest.mark.parametrize("has_rename", [True, False], ids=["rename", "placeholder"])
@pytest.mark.parametrize("is_for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_error_at_any_operation_loses_nothing(
    tmp_path: Path, moment: str, is_for_good: bool, has_rename: bool
) -> None:
    for fail_at in itertools.count(1):
        folder = tmp_path / str(fail_at)
        prepare(folder / "S")
        disk = CountedDisk(fail_at, moment, is_for_good=is_for_good, has_rename=has_rename)
        try:
            shoot(folder / "S", disk, folder / "arrived")
        except SessionError:
            assert disk.count >= fail_at
        assert_nothing_is_lost(folder, folder / "S")
        if disk.count < fail_at:
            break
    assert fail_at > 25


@pytest.mark.parametrize("has_rename", [True, False], ids=["rename", "placeholder"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_commit_that_failed_once_succeeds_when_asked_again(
    tmp_path: Path, moment: str, has_rename: bool
) -> None:
    plain = CountedDisk()
    prepare(tmp_path / "0" / "S")
    SessionStore.open(tmp_path / "0" / "S", "S_{counter:04}", disk=plain).close()
    opening = plain.count

    for fail_at in itertools.count(opening + 1):
        session = tmp_path / str(fail_at) / "S"
        prepare(session)
        disk = CountedDisk(fail_at, moment, has_rename=has_rename)
        shoot(session, disk, session.parent / "arrived", is_patient=True)

        shots = SessionStore.read(session).shots
        assert [[file.path for file in shot.files] for shot in shots] == [
            ["S_0001.nef", "S_0001.jpg"],
            ["S_0002 (2).nef"],
        ], fail_at
        assert check(session).is_clean, fail_at
        assert_nothing_is_lost(session.parent, session)
        if disk.count < fail_at:
            break


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_recovery_that_is_cut_short_is_finished_by_the_next(tmp_path: Path, moment: str) -> None:
    for fail_at in itertools.count(1):
        session = tmp_path / str(fail_at) / "S"
        prepare(session)
        # Leave a commit between its intent and its move, a torn line, and a leftover of unknown worth.
        store = SessionStore.open(session, "S_{counter:04}", disk=CountedDisk())
        number = store.begin_shot(datetime.now(UTC))
        for name in ("a", "b"):
            (store.incoming / name).write_bytes(CONTENTS[0] if name == "a" else b"half a pict")
        with pytest.raises(SessionError):
            _commit_until_move(store, number)
        store.close()
        with (session / ".groundglass/journal.jsonl").open("ab") as journal:
            journal.write(b'{"crc":"0000')
        (session.parent / "arrived").write_text("0")

        disk = CountedDisk(fail_at, moment)
        try:
            SessionStore.open(session, disk=disk).close()
        except SessionError:
            assert_nothing_is_lost(session.parent, session)
        else:
            assert disk.count < fail_at
            assert_nothing_is_lost(session.parent, session)
            assert places_of(session, CONTENTS[0]) == ["S_0001.nef"]
            assert places_of(session, b"half a pict") == ["recovered/b"]
            break
    assert fail_at > 8


def _commit_until_move(store: SessionStore, number: int) -> None:
    def refuse(source: Path, target: Path) -> bool:
        raise SessionError("The disk failed.", "Check it.")

    store._disk.move_exclusive = refuse  # type: ignore[method-assign]
    store.commit(
        store.incoming / "a",
        number=number,
        original="A.NEF",
        sha256=sha256(CONTENTS[0]).hexdigest(),
        size_bytes=len(CONTENTS[0]),
    )

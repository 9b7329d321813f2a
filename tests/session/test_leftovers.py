from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from arrivals import arrive, commit, sha256, shoot
from groundglass.errors import SessionError
from groundglass.session.recover import check
from groundglass.session.store import SessionStore


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A closed session of one shot, its raw only."""
    store = SessionStore.open(tmp_path / "S")
    shoot(store, "DSC_0001.NEF", b"raw one")
    store.close()
    return tmp_path / "S"


def leave(session: Path, name: str, content: bytes) -> Path:
    path = session / ".groundglass/incoming" / name
    path.write_bytes(content)
    return path


def reopened(session: Path) -> SessionStore:
    store = SessionStore.open(session)
    store.close()
    return store


def test_a_leftover_that_arrived_whole_becomes_a_shot_of_its_own_and_is_told(session: Path) -> None:
    taken = datetime(2026, 3, 4, 12, tzinfo=UTC)
    path = leave(session, "4711-000009-DSC_0002.NEF", b"raw two")
    os.utime(path, (taken.timestamp(), taken.timestamp()))

    store = reopened(session)

    (file,) = store.shots[-1].files
    assert (store.shots[-1].number, store.shots[-1].taken_at) == (2, taken)
    assert (file.path, file.original, file.sha256) == ("S_0002.nef", "DSC_0002.NEF", sha256(b"raw two"))
    assert (session / "S_0002.nef").read_bytes() == b"raw two"
    assert "S_0002.nef" in store.recovery.sentences[0]
    assert check(session).is_clean


def test_a_leftover_joins_the_shot_that_lacks_it(session: Path) -> None:
    leave(session, "4711-000002-DSC_0001.JPG", b"jpeg one")

    store = reopened(session)

    assert [[file.path for file in shot.files] for shot in store.shots] == [["S_0001.nef", "S_0001.jpg"]]


def test_both_leftovers_of_one_exposure_become_one_shot(session: Path) -> None:
    leave(session, "4711-000002-DSC_0002.NEF", b"raw two")
    leave(session, "4711-000003-DSC_0002.JPG", b"jpeg two")

    store = reopened(session)

    assert [file.path for file in store.shots[-1].files] == ["S_0002.nef", "S_0002.jpg"]


@pytest.mark.parametrize(
    "name", ["4711-000002-DSC_0002.NEF.part", "DSC_0002.NEF", "4711-2-DSC_0002.NEF", "x-000002-A.NEF"]
)
def test_a_leftover_that_may_be_half_is_kept_aside(session: Path, name: str) -> None:
    leave(session, name, b"half")

    store = reopened(session)

    assert len(store.shots) == 1
    assert (session / store.recovery.set_aside[0]).read_bytes() == b"half"


def test_an_empty_leftover_is_no_picture(session: Path) -> None:
    leave(session, "4711-000002-DSC_0002.NEF", b"")

    assert reopened(session).recovery.set_aside == ("recovered/4711-000002-DSC_0002.NEF",)


def test_a_leftover_that_was_stored_before_is_no_second_shot(session: Path) -> None:
    leave(session, "4711-000001-DSC_0001.NEF", b"raw one")

    store = reopened(session)

    assert len(store.shots) == 1
    assert store.recovery.set_aside == ("recovered/4711-000001-DSC_0001.NEF",)


def test_a_leftover_can_not_name_a_place_outside_the_session(session: Path) -> None:
    leave(session, "4711-000002-..\\..\\x.NEF", b"raw two")

    assert reopened(session).shots[-1].files[0].path == "S_0002.nef"


def test_a_frame_that_could_not_be_stored_before_the_end_is_stored_by_the_next_start(session: Path) -> None:
    store = SessionStore.open(session)
    arrival = arrive(store, "DSC_0002.NEF", b"raw two")
    store._disk.move_exclusive = _refuse  # type: ignore[method-assign]
    with pytest.raises(SessionError):
        commit(store, arrival)
    store.close()

    again = reopened(session)

    # The journal knows where it belongs, and what took it.
    assert (again.shots[-1].number, again.shots[-1].serial) == (2, "0600")
    assert again.recovery.finished == ("S_0002.nef",)


def test_a_program_that_did_not_close_is_told(session: Path) -> None:
    (session / ".groundglass/lock").write_text("process 4711 on studio")

    first, second = reopened(session), reopened(session)

    assert "process 4711 on studio" in first.recovery.sentences[0]
    assert second.recovery.sentences == ()


def _refuse(source: Path, target: Path) -> bool:
    raise SessionError("The disk failed.", "Check it.")

"""Whose a picture on the card is, as the journals of several sessions tell."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from arrivals import arrive, commit
from groundglass.model.camera import RemoteFile
from groundglass.session import other_sessions
from groundglass.session.journal import Journal, line
from groundglass.session.other_sessions import OtherSessions, read_others
from groundglass.session.record import Layout
from groundglass.session.store import SessionStore
from patience import until

NINE = datetime(2026, 11, 26, 9, tzinfo=UTC)
FOLDER = "/store_00010001/DCIM/100NZ6_1"
SERIAL = "0600"


def _hour(hours: float) -> datetime:
    return NINE + timedelta(hours=hours)


def _at(hours: float) -> float:
    return _hour(hours).timestamp()


def _shoot(
    store: SessionStore, name: str, hours: float, content: bytes = b"raw", *, fast_s: float = 0.4
) -> None:
    """Store a frame of a body whose clock is that much fast."""
    taken_at = _hour(hours) - timedelta(seconds=fast_s)
    number = store.begin_shot(taken_at, camera="Nikon Z 6", serial=SERIAL)
    where = {"card_path": f"{FOLDER}/{name}", "card_modified_at": _hour(hours)}
    commit(store, arrive(store, name, content, number, **where))


def _note(path: Path, **hours: float) -> None:
    """Write into a session's journal when it was opened and closed."""
    SessionStore.open(path).close()
    with Layout(path).journal.open("ab") as journal:
        for do, hour in hours.items():
            journal.write(line({"do": do, "at": _hour(hour).isoformat()}))


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A session from 10 to 12 o'clock, with a frame of 11."""
    with closing(SessionStore.open(tmp_path / "B")) as store:
        _shoot(store, "DSC_0002.NEF", 2)
    _note(tmp_path / "B", opened=1, closed=3)
    return tmp_path / "B"


def _read(other: Path, recent: tuple[Path, ...] = (), hours: float = 0) -> OtherSessions:
    return read_others(other.parent / "A", recent, _at(hours))


@pytest.mark.parametrize(
    ("name", "size_bytes", "hours", "serial", "is_held"),
    [
        ("DSC_0002.NEF", 3, 2, "600", True),
        ("DSC_0003.NEF", 3, 2, "600", False),
        ("DSC_0002.NEF", 4, 2, "600", False),
        ("DSC_0002.NEF", 3, 2.25, "600", False),  # after a change of the zone: in doubt it is fetched
        ("DSC_0002.NEF", 3, 2, "601", False),
        ("DSC_0002.NEF", 3, 2, "", False),
    ],
)
def test_another_session_has_what_it_has_for_sure(
    other: Path, name: str, size_bytes: int, hours: float, serial: str, is_held: bool
) -> None:
    file = RemoteFile(FOLDER, name, size_bytes, _at(hours))

    assert _read(other).hold(serial, file) is is_held


@pytest.mark.parametrize(
    ("hours", "serial", "was_open"),
    [
        (0.9, SERIAL, False),
        (1.1, SERIAL, True),
        (2.9, SERIAL, True),
        (3.1, SERIAL, False),
        (2.0, "0601", False),  # of a body that did not shoot for it
    ],
)
def test_another_session_was_open_from_its_opening_to_its_close(
    other: Path, hours: float, serial: str, was_open: bool
) -> None:
    assert _read(other).were_open(serial, _at(hours)) is was_open


@pytest.mark.parametrize(
    ("fast_s", "was_open"),
    [
        ((59.0,), True),
        ((-59.0,), True),
        ((61.0,), False),
        ((-3600.0,), False),
        ((0.0,), False),  # fetched, with the card's own time
        ((0.0, 0.4), True),
    ],
)
def test_another_session_was_open_only_if_it_shows_that_the_bodys_clock_is_right(
    tmp_path: Path, fast_s: tuple[float, ...], was_open: bool
) -> None:
    with closing(SessionStore.open(tmp_path / "B")) as store:
        for number, apart_s in enumerate(fast_s):
            _shoot(store, f"DSC_{number:04}.NEF", 2 + number / 10, fast_s=apart_s)
    _note(tmp_path / "B", opened=0, closed=3)

    assert _read(tmp_path / "B").were_open(SERIAL, _at(1)) is was_open


def test_of_one_that_crashed_it_is_sure_until_its_last_frame_only(tmp_path: Path) -> None:
    with closing(SessionStore.open(tmp_path / "B")) as store:
        _shoot(store, "DSC_0002.NEF", 2)
    _note(tmp_path / "B", opened=1)

    others = _read(tmp_path / "B")

    assert [others.were_open(SERIAL, _at(hours)) for hours in (1.9, 2.1)] == [True, False]


def test_the_session_itself_may_have_been_open_until_it_was_opened_again(tmp_path: Path) -> None:
    _note(tmp_path / "A", opened=0)
    _note(tmp_path / "A", opened=2, closed=3)
    _note(tmp_path / "A", opened=4)

    with closing(SessionStore.open(tmp_path / "A")) as store:
        told = [store.may_have_been_open(_at(hours), 60.0) for hours in (-0.1, 1, 2.5, 3.01, 3.5, 3.99, 9)]

    assert told == [False, True, True, True, False, True, True]


def test_a_session_elsewhere_is_asked_if_it_is_a_recent_one(other: Path, tmp_path: Path) -> None:
    (tmp_path / "moved").mkdir()
    moved = other.rename(tmp_path / "moved" / "B")
    file = RemoteFile(FOLDER, "DSC_0002.NEF", 3, _at(2))

    asked = [_read(other, recent).hold(SERIAL, file) for recent in ((), (tmp_path / "gone", moved))]

    assert asked == [False, True]


def test_one_that_was_not_written_to_since_is_not_read(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    scan = Journal.scan

    def note(journal: Journal, take: Callable[..., object]) -> object:
        read.append(journal.path)
        return scan(journal, take)

    monkeypatch.setattr(Journal, "scan", note)
    journal = Layout(other).journal
    os.utime(journal, (_at(3), _at(3)))

    _read(other, hours=3 + 25)
    none = list(read)
    _read(other, hours=3 + 23)

    assert none == []
    assert read == [journal]


def test_one_that_can_not_be_read_is_passed_over(other: Path, tmp_path: Path) -> None:
    newer = tmp_path / "A0"
    SessionStore.open(newer).close()
    Layout(newer).journal.write_bytes(line({"do": "session", "version": 99, "template": "x"}))

    assert _read(other).were_open(SERIAL, _at(2))


def test_a_disk_that_does_not_answer_holds_nobody_up(
    other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    scan = Journal.scan

    def hang(journal: Journal, take: Callable[..., object]) -> object:
        if "hung" in journal.path.parts:
            answers.wait(60)
        return scan(journal, take)

    hung = tmp_path / "elsewhere" / "hung"
    SessionStore.open(hung).close()
    far = tmp_path / "far" / "other"
    far.parent.mkdir()
    other.rename(far)  # behind the one that hangs
    monkeypatch.setattr(Journal, "scan", hang)

    others = read_others(tmp_path / "A", (hung, far), _at(0), limit_s=1.0)
    begun = time.monotonic()
    again = read_others(tmp_path / "A", (hung, far), _at(0), limit_s=30.0)
    waited_s = time.monotonic() - begun
    answers.set()

    assert others.were_open(SERIAL, _at(2))
    assert again.were_open(SERIAL, _at(2))
    assert waited_s < 15  # and not for the disk that was known to hang
    until(lambda: not any(one.is_alive() for one in other_sessions._hanging.values()))

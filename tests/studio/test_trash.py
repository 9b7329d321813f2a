"""Throwing away through the studio: behind the sidecars, told, undone, and known to the backup."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import cast

import pytest

from groundglass.errors import SessionError, UsageError
from groundglass.model.camera import CameraState
from groundglass.model.review import NOTHING_SAID, Review, ReviewChange
from groundglass.model.setting import SettingId
from groundglass.model.shot import Shot, ShotFile
from groundglass.session import sidecar
from groundglass.session.backup import Backup, BackupState
from groundglass.session.reviews import write_review
from groundglass.session.sidecar import Sidecar
from groundglass.session.store import SessionStore
from groundglass.studio.chosen import Chosen
from groundglass.studio.events import (
    Event,
    SessionOpened,
    ShotsRestored,
    ShotStored,
    ShotsTrashed,
    TrashChanged,
)
from groundglass.studio.history import History
from groundglass.studio.reviews import Reviews
from groundglass.studio.sidecars import Sidecars
from groundglass.studio.studio import Studio
from groundglass.studio.trash import ShotTrash, TrashContents
from patience import PATIENCE_S, until
from virtual_camera import VirtualCamera


def three_shots(folder: Path) -> None:
    store = SessionStore.open(folder, "{session}_{counter:04}")
    for number in (1, 2, 3):
        content = b"picture %d" % number
        incoming = store.incoming / f"7-{number:06}-D.JPG"
        incoming.write_bytes(content)
        taken = store.begin_shot(datetime(2026, 3, 1, tzinfo=UTC))
        digest = sha256(content).hexdigest()
        store.commit(incoming, number=taken, original="D.JPG", sha256=digest, size_bytes=len(content))
    store.close()


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    three_shots(tmp_path / "S")
    made = Studio(tmp_path / "driver")
    yield made
    made.close()


def test_a_shot_is_thrown_away_behind_its_rating_and_undone_with_it(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    events: list[Event] = []
    studio.subscribe(events.append)
    studio.reviews.change([2], ReviewChange(rating=3))

    studio.trash.throw_away([2]).result(PATIENCE_S)

    trash = tmp_path / "S/.groundglass/trash"
    assert sorted(one.name for one in trash.iterdir()) == ["S_0002.jpg", "S_0002.xmp"]
    assert [one.number for one in studio.shots] == [1, 3]
    assert ShotsTrashed((2,)) in events
    assert studio.trash.count == 1
    assert studio.undo().result(PATIENCE_S) == "Back from the trash: 1 shot"
    assert ShotsRestored((studio.shots[1],)) in events
    assert [one.number for one in studio.shots] == [1, 2, 3]
    assert (tmp_path / "S/S_0002.xmp").exists()
    until(lambda: TrashChanged(0) in events)


def test_undo_without_anything_thrown_away_says_so(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")

    with pytest.raises(UsageError):
        studio.undo().result(PATIENCE_S)


def test_undo_points_to_what_was_thrown_away_before(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    studio.trash.throw_away([1, 2]).result(PATIENCE_S)
    studio.reviews.change([3], ReviewChange(rating=1))
    studio.open_session(tmp_path / "T")
    studio.open_session(tmp_path / "S")

    error = studio.undo().exception(PATIENCE_S)

    assert isinstance(error, UsageError)
    assert "holds 2 shots" in error.hint


def test_without_a_session_there_is_no_trash(studio: Studio) -> None:
    with pytest.raises(SessionError):
        studio.trash.throw_away([1]).result(PATIENCE_S)


def test_the_backup_stays_safe_and_keeps_its_copy_of_what_is_thrown_away(
    studio: Studio, tmp_path: Path
) -> None:
    (tmp_path / "backup").mkdir()
    studio.use_backup(tmp_path / "backup")
    studio.open_session(tmp_path / "S")
    until(lambda: studio.backup is not None and studio.backup.state is BackupState.SAFE)

    studio.trash.throw_away([1]).result(PATIENCE_S)
    studio.undo().result(PATIENCE_S)
    studio.trash.throw_away([3]).result(PATIENCE_S)

    until(lambda: studio.backup is not None and studio.backup.state is BackupState.SAFE)
    assert (tmp_path / "backup/S/S_0003.jpg").read_bytes() == b"picture 3"
    assert not list((tmp_path / "backup/S").glob("* (2)*"))


def test_the_trash_is_emptied_on_ask(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    studio.trash.throw_away([1, 2]).result(PATIENCE_S)

    assert studio.trash.empty(_contents(studio)).result(PATIENCE_S) == 2

    assert studio.trash.count == 0
    assert list((tmp_path / "S/.groundglass/trash").iterdir()) == []


def _sidecar(folder: Path, number: int) -> Path:
    return folder / f"S_{number:04}.xmp"


def _settled(studio: Studio, folder: Path) -> None:
    """Wait until all that was said before is written."""
    studio.reviews.change([1], ReviewChange(label="Blue"))
    until(lambda: _sidecar(folder, 1).exists())


def test_a_shot_that_is_thrown_away_twice_is_taken_back_once(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    first, second = studio.trash.throw_away([2]), studio.trash.throw_away([2, 3])
    assert [one.number for one in first.result(PATIENCE_S)] == [2]
    assert [one.number for one in second.result(PATIENCE_S)] == [3]
    assert studio.trash.throw_away([2]).result(PATIENCE_S) == ()

    studio.undo().result(PATIENCE_S)
    assert [one.number for one in studio.shots] == [1, 3]
    studio.undo().result(PATIENCE_S)

    assert [one.number for one in studio.shots] == [1, 2, 3]


def test_of_a_shot_in_the_trash_nothing_is_said_and_its_sidecar_comes_back_with_it(
    studio: Studio, tmp_path: Path
) -> None:
    folder = tmp_path / "S"
    studio.open_session(folder)
    studio.reviews.change([2], ReviewChange(rating=3))

    thrown = studio.trash.throw_away([2])
    studio.reviews.change([2], ReviewChange(rating=5))
    thrown.result(PATIENCE_S)
    studio.reviews.change([2], ReviewChange(rating=1))
    _settled(studio, folder)

    assert not _sidecar(folder, 2).exists()
    studio.trash.restore().result(PATIENCE_S)
    assert sidecar.read(_sidecar(folder, 2)).rating == 3
    assert studio.reviews.of(2) == Review(3)
    studio.reviews.change([2], ReviewChange(rating=4))
    until(lambda: sidecar.read(_sidecar(folder, 2)).rating == 4)


def test_a_shot_that_was_thrown_away_before_this_start_is_read_and_rated_when_it_is_back(
    studio: Studio, tmp_path: Path
) -> None:
    folder = tmp_path / "S"
    sidecar.write(_sidecar(folder, 2), Sidecar(rating=4))
    store = SessionStore.open(folder)
    store.throw_away([2])
    store.close()
    studio.open_session(folder)

    studio.trash.restore().result(PATIENCE_S)

    until(lambda: studio.reviews.of(2) == Review(4))
    studio.reviews.change([2], ReviewChange(label="Red"))
    until(lambda: sidecar.read(_sidecar(folder, 2)) == Sidecar(rating=4, label="Red"))


def test_a_shot_that_could_not_be_thrown_away_can_be_rated(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_store: SessionStore, _numbers: Iterable[int]) -> tuple[Shot, ...]:
        raise SessionError("The disk is full.", "Make room.")

    studio.open_session(tmp_path / "S")
    monkeypatch.setattr(SessionStore, "throw_away", refuse)
    with pytest.raises(SessionError):
        studio.trash.throw_away([2]).result(PATIENCE_S)

    studio.reviews.change([2], ReviewChange(rating=4))

    assert studio.reviews.of(2) == Review(4)
    monkeypatch.undo()
    studio.trash.throw_away([2]).result(PATIENCE_S)
    assert studio.trash.count == 1


def test_a_shot_that_is_thrown_away_before_its_last_file_came_stays_away_and_comes_back_whole(
    tmp_path: Path,
) -> None:
    chosen = Chosen(tmp_path / "preferences.json")
    chosen.change(creator="Åse Lund")
    studio = Studio(tmp_path / "driver", chosen=chosen)
    events: list[Event] = []

    def throw_away_at_once(event: Event) -> None:
        events.append(event)
        if isinstance(event, ShotStored) and not studio.trash.count:
            studio.trash.throw_away([event.shot.number])
            until(lambda: studio.trash.count)  # before the next file is stored

    studio.open_session(folder := tmp_path / "S")
    trash = folder / ".groundglass/trash"
    try:
        with VirtualCamera("--megapixels", "4") as camera:
            studio.connect(camera.address).result(PATIENCE_S)
            until(lambda: studio.status.state is CameraState.READY)
            studio.set(SettingId.IMAGE_FORMAT, "raw+jpeg").result(PATIENCE_S)
            studio.subscribe(throw_away_at_once)
            shot = studio.release().result(PATIENCE_S)
            until(lambda: any(isinstance(event, ShotsTrashed) for event in events))
        until(lambda: any(trash.glob("*.xmp")))

        assert len(shot.files) == 2
        assert sum(isinstance(event, ShotStored) for event in events) == 1
        assert studio.shots == ()
        assert [one.name for one in folder.iterdir() if one.is_file()] == []
        studio.undo().result(PATIENCE_S)
        assert sidecar.read(next(folder.glob("*.xmp"))).creator == "Åse Lund"
        assert [one.files for one in studio.shots] == [shot.files]
    finally:
        studio.close()


def test_the_trash_and_what_was_said_are_undone_in_their_order(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    studio.reviews.change([2], ReviewChange(rating=3))
    studio.trash.throw_away([2])
    studio.reviews.change([1, 3], ReviewChange(label="Red"))

    undone = [studio.undo() for _ in range(3)]

    assert [one.result(PATIENCE_S) for one in undone] == [
        "Taken back: label Red, 2 shots",
        "Back from the trash: 1 shot",
        "Taken back: 3 stars, 1 shot",
    ]
    assert not any(studio.reviews.of(number) != NOTHING_SAID for number in (1, 2, 3))


def test_what_was_restored_or_deleted_for_good_is_no_step_any_more(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    studio.reviews.change([1, 2], ReviewChange(rating=3))
    studio.reviews.change([3], ReviewChange(rating=4))
    studio.trash.throw_away([1])
    studio.trash.restore().result(PATIENCE_S)
    studio.trash.throw_away([3]).result(PATIENCE_S)
    studio.trash.empty(_contents(studio)).result(PATIENCE_S)

    assert studio.undo().result(PATIENCE_S) == "Taken back: 3 stars, 2 shots"
    assert isinstance(studio.undo().exception(PATIENCE_S), UsageError)


def test_a_name_that_is_taken_keeps_the_step_for_later(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    studio.trash.throw_away([2]).result(PATIENCE_S)
    theirs = tmp_path / "S/S_0002.jpg"
    theirs.write_text("another file")
    assert isinstance(studio.undo().exception(PATIENCE_S), SessionError)
    theirs.unlink()

    assert studio.undo().result(PATIENCE_S) == "Back from the trash: 1 shot"


def _contents(studio: Studio) -> TrashContents:
    contents = studio.trash.contents
    assert contents is not None
    return contents


def test_what_is_thrown_away_after_the_yes_stays_and_can_be_taken_back(
    studio: Studio, tmp_path: Path
) -> None:
    studio.open_session(tmp_path / "S")
    studio.trash.throw_away([1, 2]).result(PATIENCE_S)
    agreed = _contents(studio)
    studio.trash.throw_away([3]).result(PATIENCE_S)

    assert studio.trash.empty(agreed).result(PATIENCE_S) == 2

    assert _contents(studio).numbers == (3,)
    assert studio.undo().result(PATIENCE_S) == "Back from the trash: 1 shot"
    assert (tmp_path / "S/S_0003.jpg").read_bytes() == b"picture 3"


def test_a_yes_for_one_session_empties_no_other(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    studio.trash.throw_away([1]).result(PATIENCE_S)
    agreed = TrashContents(tmp_path / "T", (1,))

    with pytest.raises(SessionError, match="no longer open"):
        studio.trash.empty(agreed).result(PATIENCE_S)

    assert studio.trash.count == 1


def test_shots_of_another_session_are_not_thrown_away_by_their_numbers(
    studio: Studio, tmp_path: Path
) -> None:
    studio.open_session(tmp_path / "S")

    with pytest.raises(SessionError, match="no longer open"):
        studio.trash.throw_away([1], session=tmp_path / "T").result(PATIENCE_S)

    assert [one.number for one in studio.shots] == [1, 2, 3]
    assert studio.trash.throw_away([1], session=tmp_path / "S").result(PATIENCE_S)


@pytest.fixture
def disk_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let no review into a sidecar until this is set: all that comes behind waits too."""
    gate = threading.Event()

    def write(folder: Path, shot: Shot, change: ReviewChange) -> Review:
        gate.wait(PATIENCE_S)
        return write_review(folder, shot, change)

    monkeypatch.setattr("groundglass.studio.reviews.write_review", write)
    yield gate
    gate.set()


def test_what_was_not_thrown_away_in_time_stays_out_of_the_next_session(
    studio: Studio, tmp_path: Path, disk_waits: threading.Event
) -> None:
    three_shots(tmp_path / "T")
    sidecar.write(tmp_path / "T/T_0002.xmp", Sidecar(rating=5))
    studio.open_session(tmp_path / "S")
    studio.reviews.change([1], ReviewChange(rating=3))
    thrown = studio.trash.throw_away([2])
    studio.open_session(tmp_path / "T")
    until(lambda: studio.reviews.of(2) == Review(5))
    disk_waits.set()
    assert isinstance(thrown.exception(PATIENCE_S), SessionError)

    studio.reviews.change([2], ReviewChange(label="Red"))

    until(lambda: sidecar.read(tmp_path / "T/T_0002.xmp") == Sidecar(rating=5, label="Red"))
    assert studio.reviews.of(2) == Review(5, "Red")
    assert not (tmp_path / "T/S_0002.xmp").exists()


class _Backup:
    """A second copy that only notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def forget(self, paths: Iterable[str]) -> None:
        self.asked += paths

    def note(self, file: ShotFile) -> None:
        self.asked.append(file.path)


class _TwoSessions:
    """The trash of a session that is still at work when another one takes its place."""

    def __init__(self, folder: Path) -> None:
        for name in ("S", "T"):
            three_shots(folder / name)
        self.first, self.second = (SessionStore.open(folder / name) for name in ("S", "T"))
        self.open, self.backup = self.first, _Backup()
        self.events: list[Event] = []
        self.on_event: Callable[[Event], None] = self.events.append
        self.sidecars = Sidecars(lambda _: None)
        self.reviews = Reviews(self.tell, self.sidecars, history := History())
        self.trash = ShotTrash(
            lambda: self.open,
            lambda: cast(Backup, self.backup),
            self.sidecars,
            self.reviews,
            history,
            self.tell,
        )
        self.trash.tell_opened(self.first)

    def tell(self, event: Event) -> None:
        self.on_event(event)

    def turn(self) -> None:
        self.open, self.backup = self.second, _Backup()
        self.trash.tell_opened(self.second)

    def close(self) -> None:
        self.reviews.close()
        self.sidecars.close(PATIENCE_S)
        self.first.close()
        self.second.close()


@pytest.fixture
def two_sessions(tmp_path: Path) -> Iterator[_TwoSessions]:
    made = _TwoSessions(tmp_path)
    yield made
    made.close()


def test_what_still_goes_and_comes_in_the_session_before_is_not_told_of_the_next(
    two_sessions: _TwoSessions, disk_waits: threading.Event
) -> None:
    trash = two_sessions.trash
    trash.throw_away([3]).result(PATIENCE_S)
    two_sessions.events.clear()
    two_sessions.reviews.change([1], ReviewChange(rating=3))
    thrown, back = trash.throw_away([2]), trash.restore()

    two_sessions.turn()
    disk_waits.set()

    assert [one.number for one in thrown.result(PATIENCE_S)] == [2]
    assert [one.number for one in back.result(PATIENCE_S)] == [2, 3]
    assert not any(isinstance(one, ShotsTrashed | ShotsRestored) for one in two_sessions.events)
    assert two_sessions.backup.asked == []


def test_another_session_is_announced_behind_what_is_told_of_the_one_before(
    two_sessions: _TwoSessions,
) -> None:
    is_told, is_turning = threading.Event(), threading.Event()

    def turn() -> None:
        is_turning.set()
        two_sessions.turn()

    turning = threading.Thread(target=turn)

    def tell(event: Event) -> None:
        if isinstance(event, ShotsTrashed):
            turning.start()
            assert is_turning.wait(PATIENCE_S)
            is_told.wait(0.2)  # time enough for the other session to be announced first
        two_sessions.events.append(event)
        if isinstance(event, SessionOpened):
            is_told.set()

    two_sessions.events.clear()
    two_sessions.on_event = tell
    two_sessions.trash.throw_away([2]).result(PATIENCE_S)
    turning.join(PATIENCE_S)

    order = [type(one) for one in two_sessions.events if isinstance(one, ShotsTrashed | SessionOpened)]
    assert order == [ShotsTrashed, SessionOpened]

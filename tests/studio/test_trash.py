"""Throwing away through the studio: behind the sidecars, told, undone, and known to the backup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from groundglass.errors import SessionError, UsageError
from groundglass.model.review import ReviewChange
from groundglass.session.backup import BackupState
from groundglass.session.store import SessionStore
from groundglass.studio.events import Event, ShotsRestored, ShotsTrashed, TrashChanged
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    store = SessionStore.open(tmp_path / "S", "{session}_{counter:04}")
    for number in (1, 2, 3):
        content = b"picture %d" % number
        incoming = store.incoming / f"7-{number:06}-D.JPG"
        incoming.write_bytes(content)
        taken = store.begin_shot(datetime(2026, 3, 1, tzinfo=UTC))
        digest = sha256(content).hexdigest()
        store.commit(incoming, number=taken, original="D.JPG", sha256=digest, size_bytes=len(content))
    store.close()
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
    back = studio.trash.undo().result(PATIENCE_S)
    assert ShotsRestored(back) in events
    assert [one.number for one in studio.shots] == [1, 2, 3]
    assert (tmp_path / "S/S_0002.xmp").exists()
    until(lambda: TrashChanged(0) in events)


def test_undo_without_anything_thrown_away_says_so(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")

    with pytest.raises(UsageError):
        studio.trash.undo().result(PATIENCE_S)


def test_undo_points_to_what_was_thrown_away_before(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    studio.trash.throw_away([1, 2]).result(PATIENCE_S)
    studio.open_session(tmp_path / "T")
    studio.open_session(tmp_path / "S")

    error = studio.trash.undo().exception(PATIENCE_S)

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
    studio.trash.undo().result(PATIENCE_S)
    studio.trash.throw_away([3]).result(PATIENCE_S)

    until(lambda: studio.backup is not None and studio.backup.state is BackupState.SAFE)
    assert (tmp_path / "backup/S/S_0003.jpg").read_bytes() == b"picture 3"
    assert not list((tmp_path / "backup/S").glob("* (2)*"))


def test_the_trash_is_emptied_on_ask(studio: Studio, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    studio.trash.throw_away([1, 2]).result(PATIENCE_S)

    assert studio.trash.empty().result(PATIENCE_S) == 2

    assert studio.trash.count == 0
    assert list((tmp_path / "S/.groundglass/trash").iterdir()) == []

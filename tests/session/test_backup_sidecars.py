"""Sidecars in the second copy: whoever wrote them, the newest one wins."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from arrivals import shoot
from groundglass.session.backup import Backup
from groundglass.session.sidecar import Sidecar, read, write
from groundglass.session.store import SessionStore

_PATIENCE_S = 20.0
_LATER_S = 60.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    store = SessionStore.open(tmp_path / "S")
    shoot(store, "A.NEF", b"raw 1" * 100)
    yield store
    store.close()


@pytest.fixture
def backup(store: SessionStore, tmp_path: Path) -> Iterator[Backup]:
    (tmp_path / "other disk").mkdir()
    backup = Backup(store.path, tmp_path / "other disk")
    backup.start(store.id, store.shots)
    yield backup
    backup.close()


@pytest.fixture
def ours(store: SessionStore) -> Path:
    return store.path / "S_0001.xmp"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "other disk/S/S_0001.xmp"


def _until_rated(path: Path, rating: int) -> bool:
    deadline = time.monotonic() + _PATIENCE_S
    while read(path).rating != rating and time.monotonic() < deadline:
        time.sleep(0.005)
    return read(path).rating == rating


def test_a_changed_sidecar_comes_to_the_second_copy_again(backup: Backup, ours: Path, copy: Path) -> None:
    for rating in (3, 4):
        write(ours, Sidecar(rating=rating))
        backup.look_for_sidecars()

        assert _until_rated(copy, rating)
    assert copy.stat().st_mtime == pytest.approx(ours.stat().st_mtime)


def test_a_sidecar_that_is_newer_in_the_second_copy_stays(backup: Backup, ours: Path, copy: Path) -> None:
    write(ours, Sidecar(rating=3))
    backup.look_for_sidecars()
    assert _until_rated(copy, 3)
    write(copy, Sidecar(rating=5))
    os.utime(copy, (time.time() + _LATER_S,) * 2)
    write(ours, Sidecar(rating=1))

    backup.close(_PATIENCE_S)

    assert read(copy).rating == 5


def test_the_last_change_is_copied_before_the_backup_ends(backup: Backup, ours: Path, copy: Path) -> None:
    write(ours, Sidecar(rating=2))

    backup.close(_PATIENCE_S)

    assert read(copy).rating == 2


def test_another_disk_in_its_place_gets_the_sidecars_too(
    store: SessionStore, backup: Backup, ours: Path, copy: Path, tmp_path: Path
) -> None:
    write(ours, Sidecar(rating=4))
    backup.look_for_sidecars()
    assert _until_rated(copy, 4)

    (tmp_path / "other disk").rename(tmp_path / "full disk")
    (tmp_path / "other disk").mkdir()
    shoot(store, "B.NEF", b"raw 2" * 100)
    backup.note(store.shots[-1].files[0])

    assert _until_rated(copy, 4)


def test_a_sidecar_of_no_picture_is_not_ours_to_copy(backup: Backup, store: SessionStore, copy: Path) -> None:
    write(store.path / "notes.xmp", Sidecar(rating=2))

    backup.close(_PATIENCE_S)

    assert not copy.with_name("notes.xmp").exists()

"""Sidecars in the second copy: whoever wrote them, the newest one wins."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from arrivals import shoot
from groundglass.model.shot import ShotFile
from groundglass.session.backup import Backup
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.backup_sidecars import SidecarCopies
from groundglass.session.disk import Disk
from groundglass.session.sidecar import Sidecar, read, write
from groundglass.session.store import SessionStore

_PATIENCE_S = 20.0
_LATER_S = 60.0
_SOON_S = 5.0


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


def test_a_change_while_sidecars_are_looked_at_is_not_passed_over(
    backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_looking, may_go_on = threading.Semaphore(0), threading.Semaphore(0)

    def renew(*_arguments: object) -> None:
        is_looking.release()
        assert may_go_on.acquire(timeout=_PATIENCE_S)

    monkeypatch.setattr(SidecarCopies, "renew", renew)
    backup.look_for_sidecars()
    assert is_looking.acquire(timeout=_PATIENCE_S)
    backup.look_for_sidecars()
    may_go_on.release()

    # Long before they are looked for by themselves.
    looks = is_looking.acquire(timeout=_SOON_S)
    may_go_on.release(9)

    assert looks


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


@pytest.mark.parametrize("name", ["S_0001.nef.xmp", "S_0001.nef.pp3", "S_0001.nef.dop", "S_0001_01.nef.xmp"])
def test_what_other_programs_write_beside_a_file_is_copied_too(
    backup: Backup, store: SessionStore, copy: Path, name: str
) -> None:
    (store.path / name).write_bytes(b"their development")

    backup.close(_PATIENCE_S)

    assert copy.with_name(name).read_bytes() == b"their development"


def test_it_goes_beside_the_copy_of_its_picture_whatever_that_is_called(
    store: SessionStore, tmp_path: Path
) -> None:
    (tmp_path / "other disk/S").mkdir(parents=True)
    folder = BackupFolder.claim(tmp_path / "other disk", store.path, store.id, Disk())
    (folder.folder / "S_0001.nef").write_bytes(b"somebody's")
    (file,) = store.shots[0].files
    assert folder.keep(store.path / file.path, file, lambda: None)
    for name in ("S_0001.xmp", "S_0001.nef.xmp", "S_0001_01.nef.xmp", "S_0001_02.nef.xmp"):
        (store.path / name).write_bytes(b"said")

    SidecarCopies(store.path, Disk()).renew([file], folder, lambda: None)

    names = {path.name for path in folder.folder.glob("S_*")}
    assert names == {
        "S_0001.nef",
        "S_0001 (2).nef",
        "S_0001 (2).xmp",
        "S_0001 (2).nef.xmp",
        "S_0001 (2)_01.nef.xmp",
        "S_0001 (2)_02.nef.xmp",
    }


def test_the_edits_of_a_duplicate_do_not_become_those_of_a_picture_that_is_called_so(
    store: SessionStore, tmp_path: Path
) -> None:
    (tmp_path / "other disk/S").mkdir(parents=True)
    folder = BackupFolder.claim(tmp_path / "other disk", store.path, store.id, Disk())
    (folder.folder / "S_0001_01.nef").write_bytes(b"another session's")
    (file,) = store.shots[0].files
    assert folder.keep(store.path / file.path, file, lambda: None)
    for name in ("S_0001_01.nef.xmp", "S_0001_02.nef.xmp"):
        (store.path / name).write_bytes(b"edits")

    SidecarCopies(store.path, Disk()).renew([file], folder, lambda: None)

    assert [path.name for path in folder.folder.glob("*.xmp")] == ["S_0001_02.nef.xmp"]


class _EmptyingDisk(Disk):
    """A sidecar goes into the trash as soon as it was seen."""

    def names(self, folder: Path) -> frozenset[str]:
        found = super().names(folder)
        (folder / "S_0001.xmp").unlink(missing_ok=True)
        return found


def test_a_sidecar_that_is_thrown_away_just_then_holds_up_no_other(
    store: SessionStore, tmp_path: Path
) -> None:
    shoot(store, "B.NEF", b"raw 2" * 100)
    (tmp_path / "other disk").mkdir()
    folder = BackupFolder.claim(tmp_path / "other disk", store.path, store.id, Disk())
    files: list[ShotFile] = [file for shot in store.shots for file in shot.files]
    for file in files:
        assert folder.keep(store.path / file.path, file, lambda: None)
    for name in ("S_0001.xmp", "S_0002.xmp"):
        write(store.path / name, Sidecar(rating=2))

    copied = SidecarCopies(store.path, _EmptyingDisk()).renew(files, folder, lambda: None)

    assert copied == 1
    assert read(folder.folder / "S_0002.xmp").rating == 2


class _OwnTimesDisk(Disk):
    """The backup's disk is a share whose server keeps its own times, an hour ahead."""

    def modified_s(self, path: Path) -> float:
        return super().modified_s(path) + 3600 * ("other disk" in str(path))


def test_a_share_that_keeps_its_own_times_has_every_change_all_the_same(
    store: SessionStore, ours: Path, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_asked: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("groundglass.session.disk.os.utime", refuse)
    (tmp_path / "other disk").mkdir()
    folder = BackupFolder.claim(tmp_path / "other disk", store.path, store.id, Disk())
    (file,) = store.shots[0].files
    assert folder.keep(store.path / file.path, file, lambda: None)
    copies = SidecarCopies(store.path, _OwnTimesDisk())

    for rating in (3, 4):
        write(ours, Sidecar(rating=rating))
        assert copies.renew([file], folder, lambda: None) == 1
        assert read(copy).rating == rating

    monkeypatch.undo()
    write(copy, Sidecar(rating=5))  # by somebody else
    os.utime(copy, (time.time() + _LATER_S,) * 2)
    write(ours, Sidecar(rating=1))
    assert copies.renew([file], folder, lambda: None) == 0
    assert read(copy).rating == 5

"""A job for disks that fail: delete the card's copies, throw shots away and take them back, in every order.

Three frames: A is thrown away while its card's copy is due, and taken back; B is thrown away when that copy
is gone; C is thrown away before it has a second copy, and the trash is emptied.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from clearing_job import clear_all, store_one
from counted_disk import CountedDisk
from groundglass.model.places import CardPolicy
from groundglass.model.shot import ShotFile
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.disk import Disk
from groundglass.session.recover import check
from groundglass.session.store import SessionStore

_FRAMES = {"A.NEF": b"raw A" * 900, "B.NEF": b"raw B" * 800, "C.NEF": b"raw C" * 700}


def prepare(folder: Path) -> None:
    """Store three frames that a card has too, and copy none of them."""
    (folder / "disks/backup").mkdir(parents=True)
    (folder / "card").mkdir()
    store = SessionStore.open(folder / "disks/S", "S_{counter:04}")
    store.card_policy = CardPolicy.DELETE_AFTER_BACKUP
    for name, content in _FRAMES.items():
        (folder / "card" / name).write_bytes(content)
        store_one(store, Disk(), folder / "card" / name)
    store.close()


def run(folder: Path, disk: CountedDisk) -> None:
    """Throw away, clear, take back and empty, as far as the disk lets."""
    store = SessionStore.open(folder / "disks/S", disk=disk)
    try:
        a, b, c = (shot.number for shot in store.shots)
        store.throw_away([c])
        store.empty_trash()
        store.throw_away([a])
        clear_all(folder, store, disk)
        store.throw_away([b])
        store.take_back([a])
        clear_all(folder, store, disk)
    finally:
        store.close()


def prove(folder: Path, _may_double: bool) -> None:
    """Look where every frame lives, take all back on a good disk, and clear what is due."""
    session = folder / "disks/S"
    store = SessionStore.open(session)
    shot_of = {shot.files[0].original: shot for shot in store.known_shots}
    shown, thrown = (
        {file.original for shot in shots for file in shot.files} for shots in (store.shots, store.trashed)
    )
    emptied = shot_of.keys() - shown - thrown
    assert emptied <= {"C.NEF"}
    backup = BackupFolder(folder / "disks/backup/S", Disk())
    for name in _FRAMES:
        file = shot_of[name].files[0]
        thrown_to = session / ".groundglass/trash" / file.path
        if name not in emptied:
            assert _is_whole(session / file.path, file) or _is_whole(thrown_to, file), name
        if not (folder / "card" / name).exists():
            assert name not in emptied
            assert _is_whole(backup.folder / backup.copies[file.path].path, file)
    assert "C.NEF" not in emptied or (folder / "card/C.NEF").exists()

    before = {path.name for path in (folder / "card").iterdir()}
    clear_all(folder, store, Disk())
    left = {path.name for path in (folder / "card").iterdir()}
    assert before - left <= shown  # of what lies in the trash, the card's copy stays
    store.take_back([shot.number for shot in store.trashed])
    clear_all(folder, store, Disk())
    assert store.due == ()
    store.close()

    assert {path.name for path in (folder / "card").iterdir()} == emptied
    report = check(session)
    assert (report.missing, report.altered, report.unfinished) == ((), (), ()), report


def _is_whole(path: Path, file: ShotFile) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256

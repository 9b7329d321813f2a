"""A job for disks that fail: shoot, back up, and delete the card's copies; and what must hold afterwards.

The card is a folder beside the failing disks; to delete from it is an operation that can fail too.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from counted_disk import CountedDisk
from groundglass.errors import CameraError, SessionError
from groundglass.model.places import CardPolicy
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.clearing import CardCopy, clear
from groundglass.session.disk import Disk
from groundglass.session.recover import check
from groundglass.session.store import SessionStore

_TAKEN = datetime(2026, 1, 2, 12, tzinfo=UTC)
_FRAMES = {"DSC_1.NEF": b"raw 1" * 900, "DSC_2.NEF": b"raw 2" * 800}


def prepare(folder: Path) -> None:
    """Put two frames on the card, one of them stored already while all were to be kept there."""
    (folder / "disks/backup").mkdir(parents=True)
    (folder / "card").mkdir()
    for name, content in {**_FRAMES, "DSC_0.NEF": b"kept"}.items():
        (folder / "card" / name).write_bytes(content)
    with_kept = SessionStore.open(folder / "disks/S", "S_{counter:04}")
    store_one(with_kept, Disk(), folder / "card/DSC_0.NEF")
    with_kept.close()


def run(folder: Path, disk: CountedDisk) -> None:
    """Store, copy and delete each frame in turn, as far as the disk lets."""
    store = SessionStore.open(folder / "disks/S", disk=disk)
    try:
        store.card_policy = CardPolicy.DELETE_AFTER_BACKUP
        for name in _FRAMES:
            store_one(store, disk, folder / "card" / name)
        clear_all(folder, store, disk)
    finally:
        store.close()


def prove(folder: Path, _may_double: bool) -> None:
    """Look where every frame lives, take the work up on a good disk, and look again."""
    for name, content in _FRAMES.items():
        if not (folder / "card" / name).exists():
            assert is_in(folder / "disks/S", content), name
            assert is_in(folder / "disks/backup", content), name
    store = SessionStore.open(folder / "disks/S")
    store.card_policy = CardPolicy.DELETE_AFTER_BACKUP
    due = {file.original for file in store.due}
    known = {file.original for shot in store.shots for file in shot.files}
    clear_all(folder, store, Disk())
    assert store.due == ()
    store.close()

    left = {path.name for path in (folder / "card").iterdir()}
    assert not left & due
    assert left >= {"DSC_0.NEF"} | (_FRAMES.keys() - known)
    for name, content in _FRAMES.items():
        assert name in left or is_in(folder / "disks/S", content)
    report = check(folder / "disks/S")
    assert (report.missing, report.altered, report.unfinished) == ((), (), ()), report


def store_one(store: SessionStore, disk: Disk, card_file: Path) -> None:
    content = card_file.read_bytes()
    number = store.begin_shot(_TAKEN, camera="Z", serial="600")
    incoming = store.incoming / f"7-{number:06}-{card_file.name}"
    if isinstance(disk, CountedDisk):
        disk.arrive(incoming, content)
    else:
        incoming.write_bytes(content)
    store.commit(
        incoming,
        number=number,
        original=card_file.name,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        card_path=f"/DCIM/{card_file.name}",
        card_modified_at=_TAKEN,
        is_on_card=True,
    )


def clear_all(folder: Path, store: SessionStore, disk: Disk) -> None:
    backup = BackupFolder.claim(folder / "disks/backup", folder / "disks/S", store.id, disk)
    for shot in store.shots:
        for file in shot.files:
            if file.path not in backup.copies:
                with suppress(SessionError):
                    backup.keep(store.path / file.path, file, lambda: None)

    def erase(copy: CardCopy) -> None:
        card_file = folder / "card" / copy.file.original
        if not card_file.exists():
            return
        content = card_file.read_bytes()
        assert hashlib.sha256(content[: copy.head_bytes]).hexdigest() == copy.head_sha256
        try:
            disk.remove(card_file)
        except SessionError as err:
            raise CameraError("The camera failed.") from err

    for file in store.due:
        with suppress(CameraError, SessionError):
            clear(file, store, backup.reread, erase, disk)


def is_in(folder: Path, content: bytes) -> bool:
    return any(path.is_file() and path.read_bytes() == content for path in folder.rglob("S_*"))

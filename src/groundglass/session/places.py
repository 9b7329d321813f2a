"""Where each shot of a session lives, as the journals and the disks tell it now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from groundglass.errors import SessionError
from groundglass.model.places import Place
from groundglass.model.shot import Shot, ShotFile
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.backup_note import BackupNotes
from groundglass.session.disk import Disk
from groundglass.session.store import SessionView


def where_shots_live(view: SessionView, disk: Disk | None = None) -> dict[int, frozenset[Place]]:
    """Return by number the places that hold every file of a shot; lists folders, reads no picture.

    A backup whose disk is away holds nothing now.  Raises SessionError if the session's disk does not answer.
    """
    disk = disk or Disk()
    sizes = _Sizes(disk)
    backups = [found for folder in BackupNotes(view.path, disk).folders if (found := _open(folder, disk))]

    def on_card(file: ShotFile) -> bool | None:
        return None if file.path in view.unseen_card else file.path in view.on_card

    def on_disk(file: ShotFile) -> bool:
        return sizes.of(view.path, file.path) == file.size_bytes

    def in_backup(file: ShotFile) -> bool:
        for one in backups:
            copy = one.copies.get(file.path)
            is_same = copy is not None and copy.sha256 == file.sha256
            if copy and is_same and sizes.of(one.folder, copy.path) == file.size_bytes:
                return True
        return False

    return {shot.number: places_of(shot, on_card, on_disk, in_backup) for shot in view.shots}


def places_of(
    shot: Shot,
    on_card: Callable[[ShotFile], bool | None],
    on_disk: Callable[[ShotFile], bool],
    in_backup: Callable[[ShotFile], bool],
) -> frozenset[Place]:
    """Return the places that hold every file of a shot, asking of each file.

    on_card: None where it is not known; the card is `UNSEEN_CARD` then, if it may hold them all.
    """
    held = set()
    cards = [on_card(file) for file in shot.files]
    if False not in cards:
        held.add(Place.UNSEEN_CARD if None in cards else Place.CARD)
    if all(map(on_disk, shot.files)):
        held.add(Place.DISK)
    if all(map(in_backup, shot.files)):
        held.add(Place.BACKUP)
    return frozenset(held)


def _open(folder: Path, disk: Disk) -> BackupFolder | None:
    try:
        return BackupFolder(folder, disk)
    except SessionError:
        return None


class _Sizes:
    """Looks each folder up once."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._known: dict[Path, dict[str, int]] = {}

    def of(self, root: Path, path: str) -> int | None:
        folder, _, name = path.rpartition("/")
        place = root / folder
        if place not in self._known:
            listed = self._disk.list(place)
            self._known[place] = {one.name: one.size_bytes for one in listed if not one.is_folder}
        return self._known[place].get(name)

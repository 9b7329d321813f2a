"""Jobs for a second disk that fails: bring sidecars into the second copy, and export selects."""

from __future__ import annotations

import os
import time
from hashlib import sha256
from pathlib import Path

from counted_disk import CONTENTS, FOREIGN, CountedDisk, prepare, shoot
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.backup_sidecars import SidecarCopies
from groundglass.session.disk import Disk
from groundglass.session.recover import check
from groundglass.session.selects import copy_selects
from groundglass.session.store import SessionStore

_OLD, _NEW, _NEWEST = b"<x:old/>" * 40, b"<x:newer/>" * 60, b"<x:newest/>" * 20


def _shoot(folder: Path) -> None:
    prepare(folder / "S")
    shoot(folder / "S", CountedDisk(), folder / "arrived")


# ---- sidecars in the second copy


def prepare_sidecars(folder: Path) -> None:
    """Make a second copy with its sidecars, and say something else of both shots since."""
    _shoot(folder)
    (folder / "backup").mkdir()
    backup = _backup(folder, Disk())
    view = SessionStore.read(folder / "S")
    for shot in view.shots:
        for file in shot.files:
            assert backup.keep(folder / "S" / file.path, file, lambda: None)
    for sidecar in _sidecars(folder):
        sidecar.write_bytes(_OLD)
        os.utime(sidecar, (1_790_000_000, 1_790_000_000))
    _renew(folder, Disk())
    for sidecar in _sidecars(folder):
        sidecar.write_bytes(_NEW)


def run_sidecars(folder: Path, disk: CountedDisk) -> None:
    """Bring them over, as far as the disk lets."""
    _renew(folder, disk)


def prove_sidecars(folder: Path, _may_double: bool) -> None:
    """Look for each copy: whole, as it was or as it is; the pictures untouched; the next ones come over."""
    for sidecar in _sidecars(folder):
        assert (folder / "backup/S" / sidecar.name).read_bytes() in (_OLD, _NEW)
        sidecar.write_bytes(_NEWEST)
        soon = time.time() + 60  # another disk's clock
        os.utime(sidecar, (soon, soon))
    _renew(folder, Disk())
    for sidecar in _sidecars(folder):
        assert (folder / "backup/S" / sidecar.name).read_bytes() == _NEWEST
    backup = _backup(folder, Disk())
    for copy in backup.copies.values():
        assert sha256((backup.folder / copy.path).read_bytes()).hexdigest() == copy.sha256
    assert len(backup.copies) == len(CONTENTS)
    assert check(folder / "S").missing == ()


def _sidecars(folder: Path) -> list[Path]:
    view = SessionStore.read(folder / "S")
    return [(folder / "S" / shot.files[0].path).with_suffix(".xmp") for shot in view.shots]


def _backup(folder: Path, disk: Disk) -> BackupFolder:
    return BackupFolder.claim(folder / "backup", folder / "S", SessionStore.read(folder / "S").id, disk)


def _renew(folder: Path, disk: Disk) -> None:
    files = [file for shot in SessionStore.read(folder / "S").shots for file in shot.files]
    SidecarCopies(folder / "S", disk).renew(files, _backup(folder, disk), lambda: None)


# ---- export


def prepare_export(folder: Path) -> None:
    """Shoot, say something of the first shot, and let somebody have its name in the folder."""
    _shoot(folder)
    (folder / "S/S_0001.xmp").write_bytes(_OLD)
    (folder / "selects").mkdir()
    (folder / "selects/S_0001.nef").write_bytes(FOREIGN)


def run_export(folder: Path, disk: CountedDisk) -> None:
    """Export all shots, as far as the disk lets."""
    copy_selects(folder / "S", SessionStore.read(folder / "S").shots, folder / "selects", disk)


def prove_export(folder: Path, _may_double: bool) -> None:
    """Look at what has a name: whole; then export again, and find each picture once."""
    whole = {*CONTENTS, _OLD, FOREIGN}
    # A disk that fails for good, and cannot rename without replacing, may keep the empty file of a name.
    assert {path.read_bytes() for path in _exported(folder)} <= whole | {b""}

    copy_selects(folder / "S", SessionStore.read(folder / "S").shots, folder / "selects")

    assert (folder / "selects/S_0001.nef").read_bytes() == FOREIGN
    contents = [content for path in _exported(folder) if (content := path.read_bytes())]
    assert sorted(contents) == sorted(whole)
    assert check(folder / "S").is_clean


def _exported(folder: Path) -> list[Path]:
    return [path for path in (folder / "selects").iterdir() if not path.name.startswith(".")]

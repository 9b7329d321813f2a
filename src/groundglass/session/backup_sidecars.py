"""Sidecars and developments in the second copy: the newest one wins, whoever wrote it.

An older one never replaces a newer; what the session lost comes back from there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from groundglass.errors import SessionError
from groundglass.model.shot import ShotFile
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.companions import Folders, companions_of, duplicate_of
from groundglass.session.disk import Disk
from groundglass.session.record import Layout

_CLOCK_STEP_S = 2.0  # FAT keeps times in such steps


class SidecarCopies:
    """The sidecars of one session and their copies. Not locked: its owner calls from one thread at a time."""

    def __init__(self, session: Path, disk: Disk) -> None:
        self._session = session
        self._disk = disk
        # By the copy, in seconds since 1970.
        self._seen: dict[Path, float] = {}  # when the session's own was written that is copied there
        self._left: dict[Path, float] = {}  # when the copy was, as its disk says: not every disk lets us say

    def renew(self, files: Iterable[ShotFile], folder: BackupFolder, pace: Callable[[], None]) -> int:
        """Copy each sidecar that is newer than its copy; return how many were.

        files: of the session; the sidecars of those without a copy wait for it.  pace: called before each
        copy; may raise to stop.  Raises SessionError, DiskFullError.
        """
        here = Folders(self._session, self._disk)
        copied = 0
        for file in files:
            copy = folder.copies.get(file.path)
            if copy is None:
                continue
            duplicates = [
                one
                for one in here.duplicates(file.path)
                # Another session's picture may have the name there.
                if not self._disk.exists(folder.folder / duplicate_of(copy.path, one))
            ]
            own, copied_own = companions_of(file.path, duplicates), companions_of(copy.path, duplicates)
            for path, copy_path in zip(own, copied_own, strict=True):
                if path not in here:
                    continue
                source = self._session / path
                try:
                    copied += self._renew(source, folder.folder / copy_path, folder, pace)
                except SessionError:
                    if self._disk.exists(source):
                        raise
                    # Else it went into the trash meanwhile.
        return copied

    def _renew(self, source: Path, target: Path, folder: BackupFolder, pace: Callable[[], None]) -> bool:
        written_s = self._disk.modified_s(source)
        if self._seen.get(target) == written_s:
            return False
        pace()
        is_copied = self._copy(source, written_s, target, folder)
        self._seen[target] = written_s
        return is_copied

    def _copy(self, source: Path, written_s: float, target: Path, folder: BackupFolder) -> bool:
        """Bring one sidecar over; return False if its copy is the same or newer."""
        if self._disk.size(target) is not None:
            theirs_s = self._disk.modified_s(target)
            if theirs_s > written_s + _CLOCK_STEP_S and theirs_s != self._left.get(target):
                return False
            if self._disk.read(target) == self._disk.read(source):
                return False
        scratch = Layout(folder.folder).scratch
        self._disk.copy(source, scratch)
        self._disk.set_modified(scratch, written_s)
        self._disk.sync(scratch)
        self._disk.replace(scratch, target)
        self._disk.sync_folder(target.parent)
        self._left[target] = self._disk.modified_s(target)
        return True


def bring_back(
    session: Path, files: Iterable[ShotFile], folders: Sequence[BackupFolder], disk: Disk
) -> tuple[tuple[str, str], ...]:
    """Bring back the sidecars that are lacking beside pictures of a session, each from its newest copy.

    Returns (path in the session, the copy that it was made from) of each. Raises SessionError, DiskFullError.
    """
    here = Folders(session, disk)
    there = {one.folder: Folders(one.folder, disk) for one in folders}
    found: dict[str, list[Path]] = {}
    for file in files:
        if file.path not in here:
            continue
        for one in folders:
            copy = one.copies.get(file.path)
            if copy is None or copy.sha256 != file.sha256:
                continue
            duplicates = there[one.folder].duplicates(copy.path)
            own, copied_own = companions_of(file.path, duplicates), companions_of(copy.path, duplicates)
            for path, copied in zip(own, copied_own, strict=True):
                if path not in here and copied in there[one.folder]:
                    found.setdefault(path, []).append(one.folder / copied)
    brought: list[tuple[str, str]] = []
    for path, places in found.items():
        for place in sorted(places, key=disk.modified_s, reverse=True):
            if _bring(place, session / path, Layout(session).scratch, disk):
                brought.append((path, str(place)))
                break
    return tuple(brought)


def _bring(place: Path, target: Path, scratch: Path, disk: Disk) -> bool:
    try:
        sha256 = hashlib.sha256(disk.read(place)).hexdigest()
    except SessionError:
        return False  # another copy may be better
    if not disk.size(place) or disk.copy(place, scratch) != sha256 or disk.digest(scratch) != sha256:
        return False
    disk.set_modified(scratch, disk.modified_s(place))
    disk.sync(scratch)
    is_brought = disk.move_exclusive(scratch, target)
    disk.sync_folder(target.parent)
    return is_brought

"""Sidecars in the second copy: the newest one wins, whoever wrote it, and an older one never replaces it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from groundglass.model.shot import ShotFile
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.disk import Disk
from groundglass.session.record import Layout
from groundglass.session.sidecar import sidecar_path

_CLOCK_STEP_S = 2.0  # FAT keeps times in such steps


class SidecarCopies:
    """The sidecars of one session and their copies. Not locked: its owner calls from one thread at a time."""

    def __init__(self, session: Path, disk: Disk) -> None:
        self._session = session
        self._disk = disk
        self._seen: dict[Path, float] = {}  # when each was written that has its copy, seconds since 1970

    def renew(self, files: Iterable[ShotFile], folder: BackupFolder, pace: Callable[[], None]) -> int:
        """Copy each sidecar that is newer than its copy; return how many were.

        files: of the session; the sidecars of those without a copy wait for it.  pace: called before each
        copy; may raise to stop.  Raises SessionError, DiskFullError.
        """
        names: dict[Path, set[str]] = {}
        copied = 0
        for file in files:
            copy = folder.copies.get(file.path)
            source = sidecar_path(self._session / file.path)
            if source.parent not in names:
                names[source.parent] = {one.name for one in self._disk.list(source.parent)}
            if copy is None or source.name not in names[source.parent]:
                continue
            written_s = self._disk.modified_s(source)
            if self._seen.get(source) == written_s:
                continue
            pace()
            copied += self._copy(source, written_s, sidecar_path(folder.folder / copy.path), folder)
            self._seen[source] = written_s
        return copied

    def _copy(self, source: Path, written_s: float, target: Path, folder: BackupFolder) -> bool:
        """Bring one sidecar over; return False if its copy is the same or newer."""
        if self._disk.size(target) is not None:
            if self._disk.modified_s(target) > written_s + _CLOCK_STEP_S:
                return False
            if self._disk.read(target) == self._disk.read(source):
                return False
        scratch = Layout(folder.folder).scratch
        self._disk.copy(source, scratch)
        self._disk.set_modified(scratch, written_s)
        self._disk.sync(scratch)
        self._disk.replace(scratch, target)
        self._disk.sync_folder(target.parent)
        return True

"""The second copy of a session: a folder of the same paths, each file verified, on another disk.

`<backup>/<session name>/` holds the files; its `.groundglass/backup.jsonl` says which session it belongs to
and which copies were read back and found equal. Two sessions of one name get two folders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from groundglass.errors import BackupAwayError, DiskFullError, SessionError, UsageError
from groundglass.model.shot import ShotFile
from groundglass.session.disk import Disk
from groundglass.session.journal import Entry, Journal
from groundglass.session.record import Layout, namesakes, stem_of

_VERSION = 1


class Copy(Struct, frozen=True):
    """A verified copy."""

    path: str  # relative to the backup's folder; differs from the session's if that name was taken
    sha256: str
    size_bytes: int


class BackupFolder:
    """One session's folder on a backup disk. Not locked: its owner calls from one thread at a time."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        """Read what the folder holds; change nothing."""
        self.folder = folder
        self._disk = disk
        self._layout = Layout(folder)
        self._journal = Journal(_journal_of(folder), disk)
        self.session_id = ""
        self.copies: dict[str, Copy] = {}  # by the path in the session
        self._journal.scan(self._take)

    def _take(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.get("do") == "backup":
                self.session_id = str(entry.get("id", ""))
            elif entry.get("do") == "copied":
                self.copies[entry["path"]] = Copy(entry["copy"], entry["sha256"], entry["size_bytes"])

    @classmethod
    def claim(cls, root: Path, session: Path, session_id: str, disk: Disk) -> BackupFolder:
        """Find the session's folder below a backup folder, or begin it.

        Copies that are not there any more, by name and size, are forgotten: they are made again.
        Raises BackupAwayError if the backup folder is not there, UsageError if it is within the session,
        SessionError.
        """
        if not disk.is_folder(root):
            raise BackupAwayError(
                f"The backup folder “{root}” is not there.",
                "Connect its disk; the copies go on by themselves then.",
            )
        _check_apart(root, session)
        for name in namesakes(session.name or "session"):
            folder = root / name
            if disk.exists(_journal_of(folder)):
                found = cls(folder, disk)
                # An empty id: a power cut came just as the folder was begun.
                if found.session_id not in ("", session_id):
                    continue
            elif disk.exists(folder) and not _is_empty(folder, disk):
                continue  # somebody else's; a session itself, even
            else:
                disk.make_folders(_journal_of(folder).parent, root)
                found = cls(folder, disk)
            if not found.session_id:
                found._begin(session, session_id)
            found._forget_lost()
            return found
        raise AssertionError("names are given until one is free, or SessionError")

    def keep(self, source: Path, file: ShotFile, pace: Callable[[], None]) -> bool:
        """Copy a file, durably, and read it back; return False if the session's own is not as stored.

        pace: called after each megabyte; may wait, or raise to stop.  Raises SessionError, DiskFullError.
        """
        if ".." in PurePosixPath(file.path).parts or PurePosixPath(file.path).is_absolute():
            raise UsageError(f"“{file.path}” leaves the session.", "Its journal was changed by hand.")
        place = self._place_of_same(file, pace) or self._write(source, file, pace)
        if place is None:
            return False
        self._disk.sync_folder((self.folder / place).parent)
        size, digest = file.size_bytes, file.sha256
        entry = {"do": "copied", "path": file.path, "copy": place, "sha256": digest, "size_bytes": size}
        self._journal.append(entry)
        self.copies[file.path] = Copy(place, digest, size)
        return True

    def reread(self, file: ShotFile) -> bool:
        """Read a verified copy from its disk once more; tell whether it is there and whole."""
        copy = self.copies.get(file.path)
        if copy is None or copy.sha256 != file.sha256:
            return False
        place = self.folder / copy.path
        return self._disk.size(place) == file.size_bytes and self._digest(place, _no_pace) == file.sha256

    def _begin(self, session: Path, session_id: str) -> None:
        self._journal.append({"do": "backup", "version": _VERSION, "id": session_id, "session": str(session)})
        self._disk.sync_folder(self._journal.path.parent)
        self.session_id = session_id

    def _forget_lost(self) -> None:
        sizes: dict[str, dict[str, int]] = {}
        for path, copy in tuple(self.copies.items()):
            folder, _, name = copy.path.rpartition("/")
            if folder not in sizes:
                sizes[folder] = self._disk.sizes(self.folder / folder)
            if sizes[folder].get(name) != copy.size_bytes:
                del self.copies[path]

    def _candidates(self, path: str) -> list[str]:
        """Return the names that exist already, and the first that does not."""
        stem, found = stem_of(path), []
        for candidate in namesakes(stem):
            found.append(candidate + path[len(stem) :])
            if not self._disk.exists(self.folder / found[-1]):
                break
        return found

    def _place_of_same(self, file: ShotFile, pace: Callable[[], None]) -> str | None:
        """Find a copy that is there already: made just before a crash, or by hand."""
        for path in self._candidates(file.path)[:-1]:
            target = self.folder / path
            if self._disk.size(target) == file.size_bytes and self._digest(target, pace) == file.sha256:
                return path
        return None

    def _write(self, source: Path, file: ShotFile, pace: Callable[[], None]) -> str | None:
        scratch = self._layout.scratch
        try:
            copied = self._disk.copy(source, scratch, pace)
        except DiskFullError:
            raise
        except SessionError:
            if self._is_readable(source, pace):
                raise
            return None
        if copied != file.sha256:
            return None
        self._disk.sync(scratch)
        if self._digest(scratch, pace) != file.sha256:
            raise SessionError(
                f"The backup disk does not give back what was written to “{self.folder}”.",
                "Replace that disk; the session itself is not touched.",
            )
        for path in self._candidates(file.path):
            target = self.folder / path
            self._disk.make_folders(target.parent, self.folder)
            if self._disk.size(target) == 0:
                self._disk.replace(scratch, target)  # our own placeholder, from a crash between two steps
                return path
            if self._disk.move_exclusive(scratch, target):
                return path
        raise SessionError(f"Somebody else writes to “{self.folder}”.", "Choose another backup folder.")

    def _is_readable(self, source: Path, pace: Callable[[], None]) -> bool:
        try:
            self._digest(source, pace)
        except SessionError:
            return False
        return True

    def _digest(self, path: Path, pace: Callable[[], None]) -> str:
        """Return the sha256 of what the disk itself gives, not of what the system remembers."""
        digest = hashlib.sha256()
        for block in self._disk.blocks(path, from_disk=True):
            digest.update(block)
            pace()
        return digest.hexdigest()


def _no_pace() -> None:
    """Read as fast as the disk gives."""


def _journal_of(folder: Path) -> Path:
    return Layout(folder).hidden / "backup.jsonl"


def _is_empty(folder: Path, disk: Disk) -> bool:
    """Tell whether nothing is in a folder, or only what an earlier try to begin here left."""
    hidden = Layout(folder).hidden
    return (
        disk.is_folder(folder)
        and {one.name for one in disk.list(folder)} <= {hidden.name}
        and not disk.list(hidden)
    )


def _check_apart(root: Path, session: Path) -> None:
    if root.resolve().is_relative_to(session.resolve()):
        raise UsageError(
            f"The backup folder “{root}” is within the session itself.", "Choose one on another disk."
        )

"""What a session remembers of its backups: where they are, so that a repair finds them.

Also the mount that a backup folder was on: when its disk is unplugged, an empty folder of the same name
may remain on the system's own disk, and must not be filled.
"""

from __future__ import annotations

import logging
from pathlib import Path

from groundglass.errors import BackupAwayError, SessionError
from groundglass.session.disk import Disk
from groundglass.session.journal import Entry, Journal
from groundglass.session.record import Layout

_log = logging.getLogger(__name__)


class BackupNotes:
    """The notes in one session. Not locked: its owner calls from one thread at a time."""

    def __init__(self, session: Path, disk: Disk) -> None:
        self._disk = disk
        self._journal = Journal(Layout(session).backups, disk)
        self._entries = [one for one in self._journal.read().entries if one.get("do") == "backup"]

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return the folders that hold copies, the latest first."""
        return tuple(dict.fromkeys(Path(one["folder"]) for one in reversed(self._entries)))

    def check_mount(self, root: Path) -> None:
        """Raise BackupAwayError if the disk that was at this folder is not mounted now."""
        if not self._disk.is_folder(root):
            return  # told by the one who looks for it
        known = self._last(root)
        if known is None:
            return
        mount = self._disk.mount_point(root)
        if len(mount.parts) < len(Path(known["mount"]).parts):
            raise BackupAwayError(
                f"The backup disk that belongs at “{known['mount']}” is not there.",
                "Connect it; the copies go on by themselves then.",
            )

    def remember(self, root: Path, folder: Path) -> None:
        """Note where the copies are; a session's disk that fails just now is not told."""
        try:
            mount = self._disk.mount_point(root)
            entry = {"do": "backup", "root": str(root), "folder": str(folder), "mount": str(mount)}
            if self._last(root) != entry:
                self._journal.append(entry)
                self._entries.append(entry)
        except SessionError as err:
            _log.info("The place of the backup was not noted: %s", err)

    def _last(self, root: Path) -> Entry | None:
        return next((one for one in reversed(self._entries) if one["root"] == str(root)), None)

"""Commit files to a session so that each is whole under its own name, or still in incoming/.

The order of a commit is the promise: the bytes are synced, the intent is in the journal, the file moves to
a name that nobody has, the folder is synced, the journal says that it is done. Whatever stops in between
is finished by the next open (`recover`), or by calling `commit` again. Longer than most modules: one class
holds the one lock.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from groundglass.errors import SessionError
from groundglass.model.naming import DEFAULT_TEMPLATE, NamingFields, NamingTemplate
from groundglass.model.shot import ROLE_OF_ENDING, FileRole, Shot, ShotFile
from groundglass.session.disk import Disk
from groundglass.session.journal import Entry, Journal, JournalText
from groundglass.session.record import (
    VERSION,
    Intent,
    Layout,
    Record,
    namesakes,
    shot_fields,
    stem_of,
)
from groundglass.session.recover import RecoveryReport, finish, recover

# A stem is free only if none of these is there: both files of a shot must fit, and a sidecar that lies
# about must not be taken for theirs.
_ENDINGS = (*ROLE_OF_ENDING, ".tif", ".xmp")


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its journal tells it, read without claiming it."""

    path: Path
    template: str
    next_number: int
    shots: tuple[Shot, ...]
    journal: JournalText

    @property
    def name(self) -> str:
        return self.path.name


class SessionStore:
    """The one writer of a session folder.

    Every method may be called from any thread. `commit` takes as long as the disk needs to be sure; the
    properties and `next_stem` never wait for it.
    """

    def __init__(
        self, layout: Layout, journal: Journal, record: Record, disk: Disk, lock_handle: int
    ) -> None:
        self._layout = layout
        self._journal = journal
        self._record = record
        self._disk = disk
        self._lock_handle: int | None = lock_handle
        self._writing = Lock()
        self._shots = record.stored_shots()
        self._template = NamingTemplate.parse(record.template)
        self.recovery = RecoveryReport()

    @classmethod
    def open(cls, path: Path, template: str | None = None, disk: Disk | None = None) -> SessionStore:
        """Claim a session folder, make it if it is not there, and mend what a crash left.

        template: for the names from now on; None keeps the session's own.
        Raises SessionHeldError if another program writes to it, TemplateError, SessionError.
        """
        wanted = NamingTemplate.parse(template) if template is not None else None
        disk = disk or Disk()
        layout = Layout(path.expanduser().absolute())
        disk.make_folders(layout.incoming)
        handle = disk.lock(layout.lock, f"process {os.getpid()} on {platform.node()}")
        try:
            journal = Journal(layout.journal, disk)
            text = journal.read()
            record = Record(text.entries)
            if not record.is_begun:
                first = {"do": "session", "version": VERSION, "template": template or DEFAULT_TEMPLATE}
                journal.append(first)
                disk.sync_folder(layout.hidden)
                record.apply(first)
            report = recover(layout, journal, record, disk, text)
            store = cls(layout, journal, record, disk, handle)
            store.recovery = report
            if wanted is not None and wanted != store.template:
                store.template = wanted
        except BaseException:
            disk.unlock(handle)
            raise
        return store

    @staticmethod
    def read(path: Path, disk: Disk | None = None) -> SessionView:
        """Read a session without claiming it; raise SessionError if the folder is none."""
        layout = Layout(path.expanduser().absolute())
        disk = disk or Disk()
        if disk.size(layout.journal) is None:
            raise SessionError(
                f"“{path}” is no session: it has no journal.", "Choose a folder that Groundglass made."
            )
        text = Journal(layout.journal, disk).read()
        record = Record(text.entries)
        return SessionView(layout.path, record.template, record.next_number, record.stored_shots(), text)

    @property
    def path(self) -> Path:
        return self._layout.path

    @property
    def name(self) -> str:
        return self._layout.path.name or "session"

    @property
    def incoming(self) -> Path:
        """Return the folder where files arrive, on the same disk as the session."""
        return self._layout.incoming

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Return the shots that have a file, oldest first."""
        return self._shots

    @property
    def next_number(self) -> int:
        return self._record.next_number

    @property
    def template(self) -> NamingTemplate:
        return self._template

    @template.setter
    def template(self, template: NamingTemplate) -> None:
        entry = {"do": "template", "template": template.text}
        with self._writing:
            self._check_open()
            self._journal.append(entry)
            self._record.apply(entry)
            self._template = template

    def next_stem(self, now: datetime, *, camera: str = "", serial: str = "", original: str = "") -> str:
        """Return the name without ending that a shot begun now would get."""
        fields = NamingFields(self.name, now, self.next_number, camera, serial, original)
        return next(self._free_stems(self._template.render(fields)))

    def begin_shot(self, taken_at: datetime, *, camera: str = "", serial: str = "") -> int:
        """Take the next number for a shot; it is never given again, whether files arrive or not.

        taken_at: with its time zone; without one it is taken for local time.
        """
        moment = taken_at if taken_at.tzinfo else taken_at.astimezone()
        with self._writing:
            self._check_open()
            number = self._record.next_number
            entry = {"do": "shot", **shot_fields(Shot(number, (), moment, camera, serial))}
            # Not synced: it goes along with the first file's intent, and a release must not wait for a disk.
            self._journal.append(entry, is_synced=False)
            self._record.apply(entry)
            return number

    def commit(
        self,
        incoming: Path,
        *,
        number: int,
        original: str,
        sha256: str,
        size_bytes: int,
        card_path: str = "",
    ) -> Shot:
        """Bring a file from incoming/ into the session, durably; return its shot with all files so far.

        original: the camera's own name; gives the ending.  sha256: in hexadecimal digits, of the bytes read.
        Raises SessionError, DiskFullError; the file is then still in incoming/ or already under its name,
        and calling again with the same arguments goes on from there.
        """
        with self._writing:
            self._check_open()
            if number not in self._record.shots:
                raise SessionError(f"Shot {number} was never begun.", "This is a fault of Groundglass.")
            if incoming.parent != self.incoming:
                raise SessionError(f"“{incoming}” is not in incoming/.", "This is a fault of Groundglass.")
            if self._disk.size(incoming) is None and self._has(number, original, sha256):
                return self._record.shots[number]  # asked again after it was done
            intent = self._finish_earlier(incoming, number, sha256) or self._move(
                incoming, number, original, sha256, size_bytes, card_path
            )
            target = self.path / intent.file.path
            self._disk.sync_folder(target.parent)
            self._disk.sync_folder(self.incoming)
            self._note({"do": "stored", "incoming": incoming.name})
            self._shots = self._record.stored_shots()
            return self._record.shots[number]

    def close(self) -> None:
        """Let go of the session; may be called twice."""
        with self._writing:
            if self._lock_handle is not None:
                self._disk.unlock(self._lock_handle)
                self._lock_handle = None

    def _move(
        self, incoming: Path, number: int, original: str, sha256: str, size_bytes: int, card_path: str
    ) -> Intent:
        size = self._disk.size(incoming)
        if size != size_bytes:
            raise SessionError(
                f"“{original}” did not arrive whole: {size or 0} of {size_bytes} bytes.",
                "It is read again if the camera still has it.",
            )
        self._disk.sync(incoming)  # costs nothing if the reader did it
        for path in self._free_paths(number, original):
            target = self.path / path
            self._disk.make_folders(target.parent)
            file = ShotFile(path, FileRole.of(path), size_bytes, sha256, original, card_path)
            intent = Intent(incoming.name, self._record.shots[number], file)
            self._note(intent.entry())
            if self._disk.move_exclusive(incoming, target):
                return intent
        raise AssertionError("names are given until one is free, or SessionError")

    def _finish_earlier(self, incoming: Path, number: int, sha256: str) -> Intent | None:
        """Go on with a commit of the same file that failed on its way."""
        intent = self._record.pending.get(incoming.name)
        if intent is None or intent.shot.number != number or intent.file.sha256 != sha256:
            return None
        return finish(intent, self._layout, self._journal, self._record, self._disk)

    def _note(self, entry: Entry) -> None:
        self._journal.append(entry)
        self._record.apply(entry)

    def _has(self, number: int, original: str, sha256: str) -> bool:
        files = self._record.shots[number].files
        return any(one.sha256 == sha256 and one.original == original for one in files)

    def _free_paths(self, number: int, original: str) -> Iterator[str]:
        """Give the paths that a file can have, best first."""
        ending = _ending(original)
        stem = self._record.stem_of_shot(number)
        if stem is None:
            shot = self._record.shots[number]
            own = stem_of(original.replace("\\", "/").rpartition("/")[2])
            fields = NamingFields(self.name, shot.taken_at, number, shot.camera, shot.serial, own)
            stem = self._template.render(fields)
        elif not self._disk.exists(self.path / f"{stem}{ending}"):
            yield f"{stem}{ending}"
        for free in self._free_stems(stem):
            yield f"{free}{ending}"

    def _free_stems(self, stem: str) -> Iterator[str]:
        for candidate in namesakes(stem):
            if not self._record.has_stem(candidate) and not any(
                self._disk.exists(self.path / f"{candidate}{ending}")
                for lower in _ENDINGS
                for ending in (lower, lower.upper())
            ):
                yield candidate

    def _check_open(self) -> None:
        if self._lock_handle is None:
            raise SessionError("The session is closed.", "Open it again.")


def _ending(original: str) -> str:
    """Return the ending of a camera's name, in lower case and safe, with its dot; "" without one."""
    found = re.search(r"\.([A-Za-z0-9]{1,8})$", original)
    return f".{found[1].lower()}" if found else ""

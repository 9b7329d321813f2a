"""Mend what can be mended in a session by adding only: nothing is deleted, overwritten or renamed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from groundglass.errors import SessionError
from groundglass.model.shot import FileRole, Shot, ShotFile
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.backup_note import BackupNotes
from groundglass.session.backup_sidecars import bring_back
from groundglass.session.disk import Disk
from groundglass.session.journal import Journal
from groundglass.session.record import Intent, Layout, Record, stem_of
from groundglass.session.recover import CheckReport, RecoveryReport, check, require_session
from groundglass.session.store import SessionStore, holder

_FIELD = re.compile(rb'"(\w+)":("(?:[^"\\]|\\.)*"|-?[0-9.]+)(?=[,}])')


class RepairReport(Struct, frozen=True):
    """What a repair did, and what it found and left. Paths are relative to the session."""

    recovery: RecoveryReport  # what opening the session finished or set aside
    before: CheckReport  # after that
    journalled: tuple[str, ...] = ()  # files whose entry was lost, now in the journal again
    restored: tuple[tuple[str, str], ...] = ()  # (missing file, the copy that it was made from)
    good_copies: tuple[tuple[str, str], ...] = ()  # (changed file, left alone; a copy as it was stored)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the files that are in the journal, but nowhere else."""
        restored = {path for path, _ in self.restored}
        return tuple(path for path in self.before.missing if path not in restored)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the files that are not from Groundglass as far as it knows; told, and no fault."""
        return tuple(path for path in self.before.unknown if path not in self.journalled)

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.before.altered or self.before.renamed)


def repair(
    path: Path,
    backup: Path | None = None,
    disk: Disk | None = None,
    on_progress: Callable[[int], None] = lambda _files: None,
) -> RepairReport:
    """Finish what was cut short, journal again what is known, bring missing files back from a backup.

    Sidecars come back beside every picture that lacks its own.
    backup: a backup folder beside those that the session remembers.
    Raises SessionHeldError while a program writes to the session, SessionError.
    """
    disk = disk or Disk()
    layout = Layout(path.expanduser().absolute())
    require_session(layout, disk)
    with closing(SessionStore.open(layout.path, disk=disk)) as store:
        recovery, session_id = store.recovery, store.id
    handle = disk.lock(layout.lock, holder())
    try:
        journal = Journal(layout.journal, disk)
        record = Record()
        text = journal.scan(record.apply_all)
        journal.seal()
        before = check(layout.path, disk, on_progress)
        backups = _backups(layout, session_id, backup, disk)
        damaged = _lines(layout, text.corrupt_lines, disk)
        journalled = _journal_again(before.unknown, damaged, backups, layout, journal, record, disk)
        if text.corrupt_lines:
            journal.append({"do": "noted", "lines": list(text.corrupt_lines)})
        files = {file.path: file for shot in record.stored_shots() for file in shot.files}
        restored, good = [], []
        for lost in before.missing:
            if (copy := _good_copy(files[lost], backups, disk)) and _restore(files[lost], copy, layout, disk):
                restored.append((lost, str(copy)))
        restored += bring_back(layout.path, files.values(), backups, disk)
        for changed in before.altered:
            if copy := _good_copy(files[changed], backups, disk):
                good.append((changed, str(copy)))
        return RepairReport(recovery, before, journalled, tuple(restored), tuple(good))
    finally:
        disk.unlock(handle)


def _backups(layout: Layout, session_id: str, root: Path | None, disk: Disk) -> list[BackupFolder]:
    """Open the folders that hold copies of this session, as far as they are there."""
    folders = list(BackupNotes(layout.path, disk).folders)
    if root is not None:
        root = root.expanduser().absolute()
        folders[:0] = [root, *(root / one.name for one in disk.list(root) if one.is_folder)]
    opened = [BackupFolder(folder, disk) for folder in dict.fromkeys(folders)]
    return [one for one in opened if one.copies and one.session_id == session_id]


def _lines(layout: Layout, numbers: tuple[int, ...], disk: Disk) -> list[bytes]:
    """Read these lines of the journal; counted from 1."""
    lines = disk.read(layout.journal).split(b"\n") if numbers else []
    return [lines[number - 1] for number in numbers]


def _journal_again(
    unknown: Iterable[str],
    damaged: list[bytes],
    backups: list[BackupFolder],
    layout: Layout,
    journal: Journal,
    record: Record,
    disk: Disk,
) -> tuple[str, ...]:
    """Journal pictures whose content is known to be a frame: by a damaged line, or by a verified copy."""
    copied = {copy.sha256 for one in backups for copy in one.copies.values()}
    stored = {file.sha256 for shot in record.known_shots() for file in shot.files}
    done: list[str] = []
    for path in unknown:
        if FileRole.of(path) is FileRole.OTHER:
            continue
        try:
            sha256 = disk.digest(layout.path / path)
        except SessionError:
            continue  # told as unknown
        line = next((one for one in damaged if sha256.encode() in one), None)
        if sha256 in stored or (line is None and sha256 not in copied):
            continue
        intent = _intent(path, sha256, _fields(line or b""), layout, record, disk)
        entries = intent.entry(), {"do": "stored", "incoming": intent.incoming}
        journal.append(*entries)
        for entry in entries:
            record.apply(entry)
        done.append(path)
    return tuple(done)


def _fields(line: bytes) -> dict[str, Any]:
    """Read what is legible in a damaged line."""
    found: dict[str, Any] = {}
    for name, value in _FIELD.findall(line):
        try:
            found[name.decode()] = json.loads(value)
        except ValueError:
            continue  # the damage is here
    return found


def _intent(
    path: str, sha256: str, known: dict[str, Any], layout: Layout, record: Record, disk: Disk
) -> Intent:
    size = disk.size(layout.path / path) or 0
    role = FileRole.of(path)
    file = ShotFile(path, role, size, sha256, _text(known, "original"), _text(known, "card_path"))
    shot = _shot_of(path, role, known, record)
    if shot is None:
        written_at = datetime.fromtimestamp(disk.modified_s(layout.path / path), UTC).astimezone()
        number = known.get("number")
        is_free = isinstance(number, int) and number > 0 and number not in record.shots
        shot = Shot(
            number if isinstance(number, int) and is_free else record.next_number,
            (),
            _time(known) or written_at,
            _text(known, "camera"),
            _text(known, "serial"),
        )
    return Intent(_text(known, "incoming") or f"again-{path}", shot, file)


def _shot_of(path: str, role: FileRole, known: dict[str, Any], record: Record) -> Shot | None:
    """Find the shot of a file by its number, else by a partner's name."""
    candidates = [record.shots.get(known.get("number", 0))]
    candidates += [
        shot
        for shot in record.stored_shots()
        if any(stem_of(one.path) == stem_of(path) for one in shot.files)
    ]
    return next((shot for shot in candidates if shot is not None and shot.file(role) is None), None)


def _text(known: dict[str, Any], name: str) -> str:
    value = known.get(name, "")
    return value if isinstance(value, str) else ""


def _time(known: dict[str, Any]) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(known, "taken_at"))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _good_copy(file: ShotFile, backups: list[BackupFolder], disk: Disk) -> Path | None:
    """Find a copy that has the stored bytes."""
    for one in backups:
        copy = one.copies.get(file.path)
        if copy is None or copy.sha256 != file.sha256:
            continue
        place = one.folder / copy.path
        try:
            if disk.size(place) == file.size_bytes and disk.digest(place) == file.sha256:
                return place
        except SessionError:
            continue  # the next backup may be better
    return None


def _restore(file: ShotFile, copy: Path, layout: Layout, disk: Disk) -> bool:
    """Bring a missing file back under its name; False if the name is taken or the bytes changed."""
    target = layout.path / file.path
    if disk.copy(copy, layout.scratch) != file.sha256 or disk.digest(layout.scratch) != file.sha256:
        return False
    disk.sync(layout.scratch)
    disk.make_folders(target.parent, layout.path)
    is_restored = disk.move_exclusive(layout.scratch, target)
    disk.sync_folder(target.parent)
    return is_restored

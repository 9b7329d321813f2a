"""Bring a file that a crash left in incoming/ to its name, if it is known to be whole.

The camera's side writes `<process>-<number>-<name>.part` and takes the `.part` away once the bytes are
synced: a leftover with such a name and without `.part` is whole, though nothing else of it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from groundglass.errors import NameRefusedError, SessionError
from groundglass.model.naming import NamingTemplate
from groundglass.model.shot import FileRole, Shot, ShotFile
from groundglass.session.disk import Disk, Entry
from groundglass.session.journal import Journal
from groundglass.session.names import Names
from groundglass.session.record import Intent, namesakes, shot_fields, stem_of

_WHOLE = re.compile(r"[0-9]+-[0-9]{6,}-(.+)(?<!\.part)", re.DOTALL)
# A partner came just before; names repeat after 9999 frames.
_PARTNER_AMONG_LAST = 10


def original_name(incoming: str) -> str | None:
    """Return the camera's own name of a file that arrived whole; None for any other."""
    found = _WHOLE.fullmatch(incoming)
    return found[1] if found else None


def complete(leftover: Entry, names: Names, journal: Journal) -> str | None:
    """Store a leftover that arrived whole, and return its path; None, with nothing done, for any other.

    It joins a shot that lacks just this partner, else it is a shot of its own.
    """
    original = original_name(leftover.name)
    if original is None or not leftover.size_bytes:
        return None
    disk, record = names.disk, names.record
    source = names.layout.incoming / leftover.name
    sha256 = disk.digest(source)
    # Some file systems can bring back the old name of a file that was moved just before a power cut.
    if any(file.sha256 == sha256 for shot in record.shots.values() for file in shot.files):
        return None
    shot = _partner(names, original)
    if shot is None:
        arrived_at = datetime.fromtimestamp(disk.modified_s(source), UTC).astimezone()
        shot = Shot(record.next_number, (), arrived_at)
        entry = {"do": "shot", **shot_fields(shot)}
        journal.append(entry, is_synced=False)
        record.apply(entry)
    template = NamingTemplate.parse(record.template)
    path = next(names.free_paths(template, shot.number, original))
    file = ShotFile(path, FileRole.of(original), leftover.size_bytes, sha256, original)
    intent = Intent(leftover.name, shot, file)
    journal.append(intent.entry())
    record.apply(intent.entry())
    disk.sync(source)
    done = finish(intent, names, journal)
    if done is None:
        raise SessionError(f"“{original}” cannot be read as before.", "Check the disk.")
    journal.append({"do": "stored", "incoming": leftover.name})
    record.apply({"do": "stored", "incoming": leftover.name})
    return done.file.path


def finish(intent: Intent, names: Names, journal: Journal) -> Intent | None:
    """Bring a file of a known hash to its name if it is whole in one of the two places, else None.

    In both places it is after a power cut on a disk without a journal; the old name is left then.
    """
    layout, disk = names.layout, names.disk
    source, target = layout.incoming / intent.incoming, layout.path / intent.file.path
    if not disk.exists(source):
        if not is_same(target, intent.file, disk):
            return None
    elif not is_same(source, intent.file, disk):
        return None
    elif not is_same(target, intent.file, disk):
        try:
            disk.make_folders(target.parent, layout.path)
            if disk.size(target) == 0:
                disk.replace(source, target)  # our own placeholder, from a crash between two steps
            elif not disk.move_exclusive(source, target):
                intent = _move_to_one_of(_namesakes(intent, names), intent, names, journal)
        except NameRefusedError:
            plain = names.plain_paths(intent.shot.number, intent.file.original)
            intent = _move_to_one_of(plain, intent, names, journal)
    disk.sync_folder((layout.path / intent.file.path).parent)
    disk.sync_folder(layout.incoming)
    return intent


def is_same(path: Path, file: ShotFile, disk: Disk) -> bool:
    try:
        return disk.size(path) == file.size_bytes and disk.digest(path) == file.sha256
    except SessionError:
        return False  # unreadable is told like changed: the bytes cannot be trusted


def _partner(names: Names, original: str) -> Shot | None:
    """Find a late shot whose files have the same name on the card, and none of this role."""
    role, stem = FileRole.of(original), stem_of(original)
    for number in sorted(names.record.shots)[: -_PARTNER_AMONG_LAST - 1 : -1]:
        shot = names.record.shots[number]
        if any(stem_of(file.original) == stem for file in shot.files) and shot.file(role) is None:
            return shot
    return None


def _namesakes(intent: Intent, names: Names) -> Iterator[str]:
    """Give other names: somebody took the one that was meant."""
    stem = stem_of(intent.file.path)
    for candidate in namesakes(stem):
        if not names.record.has_stem(candidate):
            yield candidate + intent.file.path[len(stem) :]


def _move_to_one_of(paths: Iterator[str], intent: Intent, names: Names, journal: Journal) -> Intent:
    source = names.layout.incoming / intent.incoming
    for path in paths:
        other = replace(intent, file=replace(intent.file, path=path))
        names.disk.make_folders((names.layout.path / path).parent, names.layout.path)
        journal.append(other.entry())
        names.record.apply(other.entry())
        if names.disk.move_exclusive(source, names.layout.path / path):
            return other
    raise AssertionError("names are given until one is free, or SessionError")

"""What a crash left in a session: finished, or kept aside with a word; and the check of every file.

Nothing is ever deleted here, and nothing that people did by hand is undone: it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from groundglass.errors import SessionError
from groundglass.model.shot import ShotFile
from groundglass.session.companions import ENDINGS
from groundglass.session.disk import Disk
from groundglass.session.journal import Entry, Journal, JournalText
from groundglass.session.leftovers import complete, finish, is_same
from groundglass.session.names import Names
from groundglass.session.record import Layout, Record, namesakes, stem_of
from groundglass.session.trash import Trash, unfinished_moves


class RecoveryReport(Struct, frozen=True):
    """What was found at open, and what was done about it. Paths are relative to the session."""

    finished: tuple[str, ...] = ()  # pictures that had arrived whole and are stored now
    set_aside: tuple[str, ...] = ()  # leftovers not known to be whole, or stored before: under recovered/
    lost: tuple[str, ...] = ()  # files that were on their way and are nowhere: read them from the card again
    missing: tuple[str, ...] = ()  # moved, renamed or deleted by hand
    altered: tuple[str, ...] = ()  # of another size than they were stored with
    corrupt_lines: tuple[int, ...] = ()  # of the journal
    was_torn: bool = False  # the journal's last line was cut by a crash, and is sealed
    moved: tuple[str, ...] = ()  # files whose way into the trash or back was cut short, and is finished
    left_by: str = ""  # the program that held the session and ended without a close; empty if it closed

    @property
    def sentences(self) -> tuple[str, ...]:
        """Tell it in words, one sentence for each kind; empty if all was well."""
        told = (
            (self.finished, "Finished storing after the last session was cut short"),
            (self.set_aside, "Kept aside, as not known to be whole and new"),
            (self.lost, "On its way when the last session was cut short, and not on the disk"),
            (self.moved, "Moved to where it belongs, in the trash or out of it"),
            (self.missing, "Not where it was stored"),
            (self.altered, "Changed since it was stored"),
            (tuple(map(str, self.corrupt_lines)), "The journal is damaged in line"),
        )
        crash = (f"The session was not closed by {self.left_by}; it went on from there.",)
        sentences = tuple(f"{words}: {_some(names)}." for names, words in told if names)
        return (*(crash if self.left_by else ()), *sentences)


class CheckReport(Struct, frozen=True):
    """Every file of a session against its journal. Paths are relative to the session."""

    files: int
    shots: int
    missing: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()  # (stored as, now found as)
    altered: tuple[str, ...] = ()  # size or content differs, or it cannot be read
    unfinished: tuple[str, ...] = ()  # in incoming/ though nobody writes to the session
    unknown: tuple[str, ...] = ()  # in the folder, but not by Groundglass; told, and no fault
    corrupt_lines: tuple[int, ...] = ()
    is_torn: bool = False
    in_trash: int = 0  # shots; told, and no fault

    @property
    def is_clean(self) -> bool:
        faults = (self.missing, self.renamed, self.altered, self.unfinished, self.corrupt_lines)
        return not self.is_torn and not any(faults)


def recover(
    layout: Layout, journal: Journal, record: Record, disk: Disk, text: JournalText, left_by: str = ""
) -> RecoveryReport:
    """Finish or set aside what is under way; the caller holds the session's lock.

    left_by: what the lock file says of a program that did not let go of it.
    Every step can be repeated: a crash in here leaves work for the next call, and nothing else.
    Raises SessionError if the disk refuses.
    """
    names = Names(layout, record, disk)
    finished: list[str] = []
    set_aside: list[str] = []
    lost: list[str] = []
    for intent in tuple(record.pending.values()):
        if (done := finish(intent, names, journal)) is not None:
            _note({"do": "stored", "incoming": intent.incoming}, journal, record)
            finished.append(done.file.path)
        elif disk.size(layout.incoming / intent.incoming) is None:
            _note({"do": "lost", "incoming": intent.incoming}, journal, record)
            lost.append(intent.file.original or intent.file.path)
    for entry in disk.list(layout.incoming):
        if not entry.is_folder:
            is_known = entry.name in record.pending  # then its bytes are not those that were announced
            path = None if is_known else complete(entry, names, journal)
            if path is None:
                path = _set_aside(layout, entry.name, disk)
                _note({"do": "aside", "incoming": entry.name, "path": path}, journal, record)
                set_aside.append(path)
            else:
                finished.append(path)
    moved = Trash(layout, record, disk, journal).finish()
    missing, altered = _at_a_glance(layout, record, disk)
    return RecoveryReport(
        tuple(finished),
        tuple(set_aside),
        tuple(lost),
        missing,
        altered,
        text.corrupt_lines,
        text.is_torn,
        moved,
        left_by,
    )


def require_session(layout: Layout, disk: Disk) -> None:
    """Raise SessionError if a folder has no journal."""
    if disk.size(layout.journal) is None:
        if disk.size(layout.path) is not None:
            raise SessionError(f"“{layout.path}” is a file.", "Name the session's folder.")
        if not disk.exists(layout.path):
            raise SessionError(f"“{layout.path}” does not exist.", "Look for a slip in the path.")
        raise SessionError(
            f"“{layout.path}” is no session: it has no journal.", "Choose a folder that Groundglass made."
        )


def check(
    path: Path, disk: Disk | None = None, on_progress: Callable[[int], None] = lambda _files: None
) -> CheckReport:
    """Read every file of a session and compare it with the journal; change nothing.

    Raises SessionError if the folder is no session.
    """
    layout = Layout(path.expanduser().absolute())
    disk = disk or Disk()
    require_session(layout, disk)
    record = Record()
    text = Journal(layout.journal, disk).scan(record.apply_all)
    files = _files(record)
    missing: list[ShotFile] = []
    altered: list[str] = []
    for done, file in enumerate(files, 1):
        if disk.size(layout.path / file.path) is None:
            missing.append(file)
        elif not is_same(layout.path / file.path, file, disk):
            altered.append(file.path)
        on_progress(done)
    known = {file.path for file in files}
    unknown = dict(one for one in _others(layout, disk) if one[0] not in known)
    renamed = _renamed(layout, missing, unknown, disk)
    is_held = disk.is_locked(layout.lock)
    moving = set(unfinished_moves(layout, record, disk))
    return CheckReport(
        files=len(files),
        shots=len(record.stored_shots()),
        missing=tuple(one.path for one in missing if one.path not in renamed and one.path not in moving),
        renamed=tuple(renamed.items()),
        altered=tuple(altered),
        unfinished=() if is_held else (*_unfinished(layout, record, disk), *sorted(moving)),
        unknown=tuple(one for one in unknown if one not in renamed.values() and one not in moving),
        corrupt_lines=text.corrupt_lines,
        is_torn=text.is_torn and not is_held,
        in_trash=len(record.trashed_shots()),
    )


def _set_aside(layout: Layout, name: str, disk: Disk) -> str:
    disk.make_folders(layout.recovered)
    stem = stem_of(name)
    for candidate in namesakes(stem):
        own = candidate + name[len(stem) :]
        if disk.move_exclusive(layout.incoming / name, layout.recovered / own):
            disk.sync_folder(layout.recovered)
            return f"{layout.recovered.name}/{own}"
    raise AssertionError("names are given until one is free, or SessionError")


def _note(entry: Entry, journal: Journal, record: Record) -> None:
    journal.append(entry)
    record.apply(entry)


def _at_a_glance(layout: Layout, record: Record, disk: Disk) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Compare names and sizes only: 20,000 files must open in a second."""
    sizes: dict[str, dict[str, int]] = {}
    missing, altered = [], []
    for file in _files(record):
        folder, _, name = file.path.rpartition("/")
        if folder not in sizes:
            sizes[folder] = disk.sizes(layout.path / folder)
        size = sizes[folder].get(name)
        if size is None:
            missing.append(file.path)
        elif size != file.size_bytes:
            altered.append(file.path)
    return tuple(missing), tuple(altered)


def _files(record: Record) -> list[ShotFile]:
    return [file for shot in record.stored_shots() for file in shot.files]


def _others(layout: Layout, disk: Disk, folder: str = "") -> Iterator[tuple[str, int]]:
    """Give the path and size of every file in the session that is not hidden and no companion."""
    for entry in disk.list(layout.path / folder):
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.name.startswith(".") or path == layout.recovered.name:
            continue
        if entry.is_folder:
            yield from _others(layout, disk, path)
        elif Path(path).suffix.lower() not in ENDINGS:  # other programs' are not worth a word
            yield path, entry.size_bytes


def _renamed(layout: Layout, missing: list[ShotFile], unknown: dict[str, int], disk: Disk) -> dict[str, str]:
    """Find missing files again under other names, by size and then by hash."""
    found: dict[str, str] = {}
    for file in missing:
        same_size = (path for path, size in unknown.items() if size == file.size_bytes)
        for path in same_size:
            if path not in found.values() and is_same(layout.path / path, file, disk):
                found[file.path] = path
                break
    return found


def _unfinished(layout: Layout, record: Record, disk: Disk) -> tuple[str, ...]:
    leftovers = {one.name for one in disk.list(layout.incoming) if not one.is_folder}
    return tuple(sorted(leftovers | {intent.incoming for intent in record.pending.values()}))


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"

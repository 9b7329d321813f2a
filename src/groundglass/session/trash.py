"""The session's own trash: shots move there and back whole, with their sidecars and developments.

The journal says first where a shot belongs, durably; then its files move, each by one rename on the same
disk. Whatever stops in between is finished by the next open: each file is in one of the two places, and the
journal knows the right one. A name that was given stays given, so the way back is always free of our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from groundglass.errors import SessionError
from groundglass.model.shot import Shot
from groundglass.session.companions import Folders, companions_of
from groundglass.session.disk import Disk
from groundglass.session.journal import Entry, Journal
from groundglass.session.leftovers import is_same
from groundglass.session.record import Layout, Record


class Trash:
    """Moves shots. Not locked: its owner calls from one thread at a time."""

    def __init__(self, layout: Layout, record: Record, disk: Disk, journal: Journal) -> None:
        self._layout = layout
        self._record = record
        self._disk = disk
        self._journal = journal

    def throw_away(self, numbers: Iterable[int]) -> tuple[Shot, ...]:
        """Move shots into the trash; raises SessionError. May be asked again."""
        shots = self._known(numbers)
        self._note("trash", [one for one in shots if one.number not in self._record.trashed])
        self._move(shots, self._layout.path, self._layout.trash)
        return shots

    def take_back(self, numbers: Iterable[int]) -> tuple[Shot, ...]:
        """Bring shots back under their names; raises SessionError, with all of them left, if one is taken."""
        shots = tuple(one for one in self._known(numbers) if one.number in self._record.trashed)
        for file in (file for shot in shots for file in shot.files):
            theirs = self._layout.path / file.path
            if self._disk.exists(theirs) and not is_same(theirs, file, self._disk):
                raise SessionError(
                    f"“{file.path}” is the name of another file now.",
                    "Move that one away; the shot stays in the trash until then.",
                )
        self._note("restore", shots)
        self._move(shots, self._layout.trash, self._layout.path)
        return shots

    def empty(self, numbers: Iterable[int] | None = None) -> int:
        """Delete shots that are in the trash for good; return how many they were. Raises SessionError.

        numbers: None means all of them; one that is not in the trash stays where it is.
        """
        shots = self._record.trashed_shots()
        if numbers is not None:
            wanted = set(numbers)
            shots = tuple(one for one in shots if one.number in wanted)
        self._note("emptied", shots)
        # Those of an earlier time too, should that have been cut short.
        gone = (one for one in self._record.known_shots() if one.number in self._record.emptied)
        trash = _folders(self._layout.trash, self._record, self._disk)
        for path in (path for shot in gone for path in paths_of(shot, trash)):
            if self._disk.size(self._layout.trash / path) is not None:
                self._disk.remove(self._layout.trash / path)
        return len(shots)

    def finish(self) -> tuple[str, ...]:
        """Move what a crash left on its way; return its paths within the session. Raises SessionError."""
        moved = unfinished_moves(self._layout, self._record, self._disk)
        if moved:
            self._move(self._record.trashed_shots(), self._layout.path, self._layout.trash)
            self._move(self._record.stored_shots(), self._layout.trash, self._layout.path)
        return moved

    def _known(self, numbers: Iterable[int]) -> tuple[Shot, ...]:
        wanted = set(numbers) - self._record.emptied
        return tuple(one for one in self._record.known_shots() if one.number in wanted)

    def _note(self, do: str, shots: Iterable[Shot]) -> None:
        entries: list[Entry] = [{"do": do, "number": shot.number} for shot in shots]
        if entries:
            self._journal.append(*entries)
            for entry in entries:
                self._record.apply(entry)

    def _move(self, shots: Iterable[Shot], source: Path, target: Path) -> None:
        found = _folders(source, self._record, self._disk)
        for shot in shots:
            folders: dict[Path, None] = {}
            for path in paths_of(shot, found):
                if self._bring(source / path, target / path):
                    folders |= {(target / path).parent: None, (source / path).parent: None}
            for folder in folders:
                self._disk.sync_folder(folder)

    def _bring(self, source: Path, target: Path) -> bool:
        disk = self._disk
        if disk.size(source) is None:
            return False
        root = self._layout.path
        disk.make_folders(target.parent, root if target.is_relative_to(root) else None)
        if disk.size(target) == 0:
            disk.replace(source, target)  # our own placeholder, from a crash between two steps
            return True
        # A sidecar that another program began meanwhile stays, and ours too, each in its place.
        return disk.move_exclusive(source, target)


def paths_of(shot: Shot, *places: Folders) -> tuple[str, ...]:
    """Return every path, within the session or its trash, that belongs to a shot; companions last.

    places: where there may be sidecars of duplicates.
    """
    files = [file.path for file in shot.files]
    numbers = {path: [one for place in places for one in place.duplicates(path)] for path in files}
    beside = [one for path in files for one in companions_of(path, numbers[path])]
    return tuple(dict.fromkeys((*files, *beside)))


def _folders(root: Path, record: Record, disk: Disk) -> Folders:
    """Look at the session or its trash; a picture that is in the other keeps the sidecar of its name."""

    @cache  # of 20,000 shots, and only where there is a duplicate at all
    def pictures() -> frozenset[str]:
        left = (shot for shot in record.known_shots() if shot.number not in record.emptied)
        return frozenset(file.path for shot in left for file in shot.files)

    return Folders(root, disk, pictures)


def unfinished_moves(layout: Layout, record: Record, disk: Disk) -> tuple[str, ...]:
    """Return the files, by their path in the session, that are not where the journal says they belong."""
    return tuple(_unfinished(layout, record, disk))


def _unfinished(layout: Layout, record: Record, disk: Disk) -> Iterator[str]:
    here: set[str] = set()  # what may well be in the trash
    places = [_folders(one, record, disk) for one in (layout.path, layout.trash)]
    for shot in record.known_shots() if record.trashed or record.emptied else ():
        if shot.number in record.trashed:
            for path in paths_of(shot, *places):
                here.add(path)
                if disk.size(layout.path / path) is not None and _is_free(layout.trash / path, disk):
                    yield path
        elif shot.number in record.emptied:
            here.update(paths_of(shot, *places))
    astray = [path for path in _in_trash(layout, disk) if path not in here]
    # Seldom any: only then the paths of all shots are put together.
    stored = record.stored_shots() if astray else ()
    known = {path for shot in stored for path in paths_of(shot, *places)}
    for path in astray:
        if path in known and _is_free(layout.path / path, disk):
            yield path


def _is_free(path: Path, disk: Disk) -> bool:
    return not disk.exists(path) or disk.size(path) == 0


def _in_trash(layout: Layout, disk: Disk, folder: str = "") -> Iterator[str]:
    for entry in disk.list(layout.trash / folder):
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_folder:
            yield from _in_trash(layout, disk, path)
        else:
            yield path

"""The steps of a commit, in the order that makes the promise (see `store`)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from groundglass.errors import NameRefusedError, SessionError
from groundglass.model.naming import NamingTemplate
from groundglass.model.shot import FileRole, ShotFile
from groundglass.session.journal import Entry, Journal
from groundglass.session.leftovers import finish
from groundglass.session.names import Names
from groundglass.session.record import Intent

_log = logging.getLogger(__name__)


class Arrival(Struct, frozen=True):
    """A file in incoming/ that is to be committed, with all that is known of it."""

    incoming: Path
    number: int
    original: str  # the camera's own name; gives the ending
    sha256: str
    size_bytes: int
    card_path: str = ""
    card_modified_at: datetime | None = None
    is_synced: bool = False
    is_on_card: bool | None = False  # a copy stays there; None: it is not known


class Committer:
    """Brings files from incoming/ to their names. Not locked: its owner calls from one thread at a time."""

    def __init__(self, names: Names, journal: Journal) -> None:
        self._names = names
        self._layout = names.layout
        self._record = names.record
        self._disk = names.disk
        self._journal = journal
        self._doubted: set[str] = set()  # names in incoming/ whose sync failed

    def store(self, arrival: Arrival) -> Intent:
        """Bring a file to its name, durably; return what was done.

        Raises SessionError, DiskFullError; asked again, it goes on from there.
        """
        incoming, number = arrival.incoming, arrival.number
        if number not in self._record.shots:
            raise SessionError(f"Shot {number} was never begun.", "This is a fault of Groundglass.")
        if incoming.parent != self._layout.incoming:
            raise SessionError(f"“{incoming}” is not in incoming/.", "This is a fault of Groundglass.")
        if self._disk.size(incoming) is None and (done := self._done_before(arrival)):
            return done
        intent = self._finish_earlier(arrival) or self._move(arrival)
        self._disk.sync_folder((self._layout.path / intent.file.path).parent)
        self._disk.sync_folder(self._layout.incoming)
        # Synced along with the next intent: a sync costs 2 to 3 ms (measured 2026-11), and no frame needs it.
        self._note({"do": "stored", "incoming": incoming.name}, is_synced=False)
        return intent

    def can_try_again(self, arrival: Arrival) -> bool:
        """Tell whether trying again can help: the disk may come back, a half file does not grow."""
        if arrival.incoming.parent != self._layout.incoming:
            return False
        try:
            size = self._disk.size(arrival.incoming)
            is_there = self._disk.is_folder(self._layout.incoming)
        except SessionError:
            return True
        is_moved = size is None and arrival.incoming.name in self._record.pending
        return size == arrival.size_bytes or is_moved or not is_there

    def _move(self, arrival: Arrival) -> Intent:
        incoming = arrival.incoming
        size = self._disk.size(incoming)
        if size is None and not self._disk.is_folder(self._layout.incoming):
            raise SessionError(
                f"The session folder “{self._layout.path}” is not there.",
                "Check that its disk is still connected.",
            )
        if size != arrival.size_bytes:
            raise SessionError(
                f"“{arrival.original}” did not arrive whole: {size or 0} of {arrival.size_bytes} bytes.",
                "It is read again if the camera still has it.",
            )
        self._be_sure_of(arrival)
        try:
            return self._move_to_one_of(
                arrival,
                self._names.free_paths(
                    NamingTemplate.parse(self._record.template), arrival.number, arrival.original
                ),
            )
        except NameRefusedError as err:
            _log.warning("%s A plain name is given instead.", err.message)
            return self._move_to_one_of(arrival, self._names.plain_paths(arrival.number, arrival.original))

    def _move_to_one_of(self, arrival: Arrival, paths: Iterator[str]) -> Intent:
        modified_at = arrival.card_modified_at
        for path in paths:
            file = ShotFile(
                path,
                FileRole.of(path),
                arrival.size_bytes,
                arrival.sha256,
                arrival.original,
                arrival.card_path,
            )
            shot = self._record.shots[arrival.number]
            intent = Intent(
                arrival.incoming.name,
                shot,
                file,
                modified_at.timestamp() if modified_at else None,
                arrival.is_on_card,
            )
            target = self._layout.path / path
            self._disk.make_folders(target.parent, self._layout.path)
            self._note(intent.entry())
            if self._disk.move_exclusive(arrival.incoming, target):
                return intent
        raise AssertionError("names are given until one is free, or SessionError")

    def _be_sure_of(self, arrival: Arrival) -> None:
        """Wait until the bytes are on the disk.

        Systems drop what a failed sync could not write, and report the next one as good: after a failure
        the file is written anew from what can still be read, and compared.
        """
        incoming = arrival.incoming
        if incoming.name in self._doubted:
            scratch = self._layout.scratch
            if self._disk.copy(incoming, scratch) != arrival.sha256:
                raise SessionError(
                    f"“{arrival.original}” could not be read back from the disk as it was written.",
                    "Check the disk, and read the frame from the card again.",
                )
            self._disk.sync(scratch)
            self._disk.replace(scratch, incoming)
            self._doubted.discard(incoming.name)
            return
        try:
            if not arrival.is_synced:
                self._disk.sync(incoming)
        except SessionError:
            self._doubted.add(incoming.name)
            raise

    def _finish_earlier(self, arrival: Arrival) -> Intent | None:
        """Go on with a commit of the same file that failed on its way."""
        intent = self._record.pending.get(arrival.incoming.name)
        if intent is None or intent.shot.number != arrival.number or intent.file.sha256 != arrival.sha256:
            return None
        return finish(intent, self._names, self._journal)

    def _note(self, entry: Entry, *, is_synced: bool = True) -> None:
        self._journal.append(entry, is_synced=is_synced)
        self._record.apply(entry)

    def _done_before(self, arrival: Arrival) -> Intent | None:
        shot = self._record.shots[arrival.number]
        for file in shot.files:
            if file.sha256 == arrival.sha256 and file.original == arrival.original:
                return Intent(arrival.incoming.name, shot, file)
        return None

"""Commit files to a session so that each is whole under its own name, or still in incoming/.

The order of a commit is the promise: the bytes are synced, the intent is in the journal and synced, the
file moves to a name that nobody has, the folder is synced. Then the frame is safe, and the journal says that
it is done; should that last line be lost, the intent and the file's hash tell the same. Whatever stops in
between is finished by the next open (`recover`), or by calling `commit` or `retry` again. Longer than most
modules: one class holds the one lock.
"""

from __future__ import annotations

import gc
import logging
import os
import platform
from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from threading import Lock
from uuid import uuid4

from msgspec import Struct

from groundglass.errors import SessionError
from groundglass.model.naming import DEFAULT_TEMPLATE, NamingFields, NamingTemplate
from groundglass.model.places import CardPolicy
from groundglass.model.shot import Shot, ShotFile
from groundglass.session.card_index import CardIndex
from groundglass.session.commit import Arrival, Committer
from groundglass.session.disk import Disk
from groundglass.session.journal import Entry, Journal, JournalText
from groundglass.session.names import Names
from groundglass.session.record import VERSION, Layout, Record, shot_fields
from groundglass.session.recover import RecoveryReport, recover, require_session
from groundglass.session.trash import Trash

_log = logging.getLogger(__name__)

_TYPICAL_OF_LAST_SHOTS = 20


class SessionView(Struct, frozen=True):
    """A session as its journal tells it, read without claiming it."""

    path: Path
    id: str
    template: str
    next_number: int
    shots: tuple[Shot, ...]
    journal: JournalText
    names: Names
    trashed: tuple[Shot, ...] = ()
    on_card: frozenset[str] = frozenset()  # paths of files that have a copy on a card, as far as is known
    unseen_card: frozenset[str] = frozenset()  # and of those that may have one on a card that is not shown

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def subject(self) -> str:
        return self.names.record.subject

    def next_stem(self, now: datetime) -> str:
        """Return the name without ending that a shot begun now would get; raises TemplateError."""
        fields = NamingFields(self.names.session, now, self.next_number, subject=self.subject)
        return self.names.next_stem(NamingTemplate.parse(self.template), fields)


class Retried(Struct, frozen=True):
    """What came of trying the failed commits again."""

    stored: tuple[Shot, ...]
    error: SessionError | None = None  # why the next one failed again; it and the rest stay pending


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
        self._names = Names(layout, record, disk)
        self._committer = Committer(self._names, journal)
        self._trash = Trash(layout, record, disk, journal)
        self._lock_handle: int | None = lock_handle
        self._writing = Lock()
        self._is_storing = False
        self._shots = record.stored_shots()
        self._pending: dict[str, Arrival] = {}  # by the name in incoming/
        self._cards: CardIndex | None = None
        self._counting_cards = Lock()
        self._is_shot_into = False
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
        left_by = disk.read(layout.lock).decode(errors="replace").strip()
        handle = disk.lock(layout.lock, holder())
        try:
            journal = Journal(layout.journal, disk)
            text, record = _read(journal)
            begun = {"do": "session", "version": VERSION, "template": template or DEFAULT_TEMPLATE}
            first = {"do": "identity"} if record.is_begun else begun
            if not record.id:
                first = {**first, "id": uuid4().hex}
                journal.append(first)
                disk.sync_folder(layout.hidden)
                record.apply(first)
            report = recover(layout, journal, record, disk, text, left_by)
            store = cls(layout, journal, record, disk, handle)
            store.recovery = report
            if wanted is not None and wanted != store.template:
                store.template = wanted
        except BaseException:
            disk.unlock(handle)
            raise
        return store

    @staticmethod
    def is_at(path: Path) -> bool:
        """Tell whether a session was begun in this folder."""
        return Disk().exists(Layout(path.expanduser()).journal)

    @staticmethod
    def used_at(path: Path) -> datetime | None:
        """Return when a session was last written to, in local time; None if none can be seen there."""
        try:
            return datetime.fromtimestamp(Disk().modified_s(Layout(path).journal)).astimezone()
        except SessionError:
            return None

    @staticmethod
    def read(path: Path, disk: Disk | None = None) -> SessionView:
        """Read a session without claiming it; raise SessionError if the folder is none."""
        layout = Layout(path.expanduser().absolute())
        disk = disk or Disk()
        require_session(layout, disk)
        text, record = _read(Journal(layout.journal, disk))
        return SessionView(
            layout.path,
            record.id,
            record.template,
            record.next_number,
            record.stored_shots(),
            text,
            Names(layout, record, disk),
            record.trashed_shots(),
            frozenset(record.on_card),
            frozenset(record.unseen_card),
        )

    @property
    def path(self) -> Path:
        return self._layout.path

    @property
    def name(self) -> str:
        return self._names.session

    @property
    def id(self) -> str:
        """Return what tells this session from any other of its name."""
        return self._record.id

    @property
    def incoming(self) -> Path:
        """Return the folder where files arrive, on the same disk as the session."""
        return self._layout.incoming

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Return the shots that have a file and are not in the trash, oldest first."""
        return self._shots

    @property
    def known_shots(self) -> tuple[Shot, ...]:
        """Return the shots that ever had a file, those in the trash included: none is fetched again."""
        with self._writing:
            return self._record.known_shots()

    @property
    def trashed(self) -> tuple[Shot, ...]:
        """Return the shots in the trash, oldest first."""
        with self._writing:
            return self._record.trashed_shots()

    @property
    def trash_count(self) -> int:
        """Return how many shots are in the trash."""
        return len(self._record.trashed)

    def is_in_trash(self, number: int) -> bool:
        """Tell whether a shot belongs into the trash; its files may still be on their way there."""
        return number in self._record.trashed

    def folder_of(self, number: int) -> Path | None:
        """Return below which folder a shot's files lie, or its trash; None: they were deleted for good."""
        if number in self._record.emptied:
            return None
        return self._layout.trash if self.is_in_trash(number) else self.path

    def throw_away(self, numbers: Iterable[int]) -> tuple[Shot, ...]:
        """Move shots into the session's trash, with their sidecars; return them.

        Raises SessionError; what was journalled by then is finished by the next open, or by asking again.
        """
        with self._writing:
            self._check_open()
            return self._take_shots_anew(lambda: self._trash.throw_away(numbers))

    def take_back(self, numbers: Iterable[int]) -> tuple[Shot, ...]:
        """Bring shots back from the trash under their names; return them. Raises SessionError."""
        with self._writing:
            self._check_open()
            return self._take_shots_anew(lambda: self._trash.take_back(numbers))

    def empty_trash(self, numbers: Iterable[int] | None = None) -> int:
        """Delete for good what is in the trash; return how many shots that were. Raises SessionError.

        numbers: only these of them; None: all.
        """
        with self._writing:
            self._check_open()
            return self._trash.empty(numbers)

    def _take_shots_anew(self, move: Callable[[], tuple[Shot, ...]]) -> tuple[Shot, ...]:
        try:
            return move()
        finally:
            self._shots = self._record.stored_shots()

    @property
    def next_number(self) -> int:
        return self._record.next_number

    @property
    def is_storing(self) -> bool:
        """Tell whether a commit is under way; slower work on the same disks gives way to it."""
        return self._is_storing

    @property
    def template(self) -> NamingTemplate:
        return self._template

    @template.setter
    def template(self, template: NamingTemplate) -> None:
        entry = {"do": "template", "template": template.text}
        with self._writing:
            self._check_open()
            self._note(entry)
            self._template = template

    @property
    def card_policy(self) -> CardPolicy:
        """Return what becomes of the card's copies of the frames that are stored from now on."""
        return self._record.card_policy

    @card_policy.setter
    def card_policy(self, policy: CardPolicy) -> None:
        with self._writing:
            self._check_open()
            if policy is not self._record.card_policy:
                self._note({"do": "cards", "policy": str(policy)})

    @property
    def due(self) -> tuple[ShotFile, ...]:
        """Return the files whose card's copy is to be deleted, oldest first.

        What is in the trash waits until it is taken back; what was deleted from it stays on the card.
        """
        return self._record.due_files()

    def is_on_card(self, path: str) -> bool | None:
        """Tell whether a copy of a file is on a camera's card; None if the camera does not show its card."""
        return None if path in self._record.unseen_card else path in self._record.on_card

    def origin(self, file: ShotFile) -> tuple[str, float | None]:
        """Return the body's serial number of a stored file, "" if unknown, and the card's time of it."""
        serial = next((shot.serial for shot in reversed(self._shots) if file in shot.files), "")
        return serial, self._record.card_times.get(file.path)

    def note_cleared(self, file: ShotFile) -> None:
        """Note that the card's copy of a file is deleted."""
        with self._writing:
            self._check_open()
            self._note({"do": "cleared", "path": file.path})

    def note_opened(self, at: datetime) -> None:
        """Note that the session is shot into from then on, with a time zone, until it is closed.

        A disk that fails does not stop it: then it is known as long as this program runs.
        """
        with self._writing:
            self._check_open()
            self._note_behind({"do": "opened", "at": at.isoformat()})
            self._is_shot_into = True

    def open_since(self) -> datetime:
        """Return when the session was first shot into, as far as its journal tells; now, if it does not."""
        now = datetime.now().astimezone()
        opened = (datetime.fromtimestamp(one).astimezone() for one in self._record.spans.begins_s[:1])
        return min([now, *opened, *(shot.taken_at for shot in self._shots[:1])])

    @property
    def was_open_before(self) -> bool:
        """Tell whether it was shot into before it was opened now."""
        return bool(self._shots) or len(self._record.spans.begins_s) > 1

    def may_have_been_open(self, at_s: float, slack_s: float) -> bool:
        """Tell whether a picture of a time, in seconds since 1970, may have been shot for this session.

        slack_s: how far the camera's clock may be from the computer's.
        """
        return self._record.spans.may_hold(at_s, slack_s)

    def sync(self) -> None:
        """Wait until all that the journal says is on the disk."""
        with self._writing:
            self._check_open()
            self._journal.append()

    def count_from(self, number: int) -> None:
        """Give the next shot this number; raise SessionError if it was given before."""
        with self._writing:
            self._check_open()
            if number < self._record.next_number:
                raise SessionError(
                    f"Shot {self._record.next_number - 1} was taken, so the next one cannot be {number}.",
                    f"Choose {self._record.next_number} or more, or begin a new session.",
                )
            self._note({"do": "counter", "next": number})

    @property
    def subject(self) -> str:
        """Return what the shots from now on show, for `{subject}`; empty until it was said."""
        return self._record.subject

    @subject.setter
    def subject(self, subject: str) -> None:
        with self._writing:
            self._check_open()
            self._note({"do": "subject", "subject": subject})

    def next_stem(
        self,
        now: datetime,
        *,
        camera: str = "",
        serial: str = "",
        original: str = "",
        template: NamingTemplate | None = None,
        subject: str | None = None,
        number: int | None = None,
    ) -> str:
        """Return the name without ending that a shot begun now would get.

        template, subject, number: others than the session's own, to try them.
        """
        subject = self.subject if subject is None else subject
        number = self.next_number if number is None else number
        fields = NamingFields(self.name, now, number, camera, serial, original, subject)
        return self._names.next_stem(template or self._template, fields)

    def begin_shot(self, taken_at: datetime, *, camera: str = "", serial: str = "") -> int:
        """Take the next number for a shot; it is never given again, whether files arrive or not.

        taken_at: with its time zone; without one it is taken for local time.
        A disk that fails does not stop it: the first file tells of its shot too, and its commit waits.
        """
        moment = taken_at if taken_at.tzinfo else taken_at.astimezone()
        with self._writing:
            self._check_open()
            number = self._record.next_number
            # It goes along with the first file's intent: a release must not wait for a disk.
            self._note_behind({"do": "shot", **shot_fields(Shot(number, (), moment, camera, serial))})
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
        card_modified_at: datetime | None = None,
        is_synced: bool = False,
        is_on_card: bool | None = False,
    ) -> Shot:
        """Bring a file from incoming/ into the session, durably; return its shot with all files so far.

        original: the camera's own name; gives the ending.  sha256: in hexadecimal digits, of the bytes read.
        card_modified_at: as the card tells it, to know the file again.  is_synced: the one who wrote the file
        has waited until its bytes were on the disk.  is_on_card: a copy of it stays on the camera's card;
        None: that is not known.
        Raises SessionError, DiskFullError; the file is then still in incoming/ or already under its name,
        and calling again with the same arguments goes on from there; `retry` does that too.
        """
        return self._commit(
            Arrival(
                incoming,
                number,
                original,
                sha256,
                size_bytes,
                card_path,
                card_modified_at,
                is_synced,
                is_on_card,
            )
        )

    def pending(self) -> tuple[Arrival, ...]:
        """Return the files whose commit failed and can be tried again, oldest first."""
        return tuple(self._pending.values())

    def retry(self) -> Retried:
        """Commit again what is pending, oldest first, until one fails."""
        stored: list[Shot] = []
        for arrival in self.pending():
            try:
                stored.append(self._commit(arrival))
            except SessionError as err:
                if arrival.incoming.name in self._pending:
                    return Retried(tuple(stored), err)
        return Retried(tuple(stored))

    def has_card_file(
        self, serial: str, card_path: str, size_bytes: int, modified_at: datetime | None = None
    ) -> bool:
        """Tell whether a file on a camera's card was stored in this session; in doubt, False.

        serial: of the body, "" if it is not known.  card_path: with its folder, or the name alone.
        modified_at: the card's time of the file.
        """
        with self._counting_cards:
            if self._cards is None:
                self._cards = CardIndex(self._record.known_shots(), self._record.card_times)
            return self._cards.has(serial, card_path, size_bytes, modified_at)

    def disk_free_bytes(self) -> int:
        """Return the room on the session's disk; raise SessionError if it does not answer."""
        return self._disk.free_bytes(self.path)

    def is_writable(self) -> bool:
        """Tell whether the session's disk is there and takes files, as far as a look can tell."""
        return self._disk.is_writable(self.incoming)

    def frames_left(self, typical_size_bytes: int | None = None) -> int | None:
        """Return how many more shots fit on the disk; None while their size is not known.

        typical_size_bytes: of all files of a shot; by default the mean of the last ones.
        Raises SessionError if the disk does not answer.
        """
        last = self._shots[-_TYPICAL_OF_LAST_SHOTS:]
        if typical_size_bytes is None and last:
            total = sum(file.size_bytes for shot in last for file in shot.files)
            typical_size_bytes = total // len(last)
        if not typical_size_bytes:
            return None
        by_bytes = self.disk_free_bytes() // typical_size_bytes
        by_names = self._disk.free_files(self.path)
        files_a_shot = max((len(shot.files) for shot in last), default=1)
        return by_bytes if by_names is None else min(by_bytes, by_names // files_a_shot)

    def close(self) -> None:
        """Let go of the session; may be called twice."""
        with self._writing:
            if self._lock_handle is not None:
                if self._is_shot_into:
                    self._note_behind({"do": "closed", "at": datetime.now().astimezone().isoformat()})
                try:
                    self._journal.sync()
                except SessionError as err:
                    _log.warning("The journal's last lines may be lost; the next start knows: %s", err)
                self._disk.unlock(self._lock_handle)
                self._lock_handle = None

    def _commit(self, arrival: Arrival) -> Shot:
        with self._writing:
            self._check_open()
            self._is_storing = True
            try:
                intent = self._committer.store(arrival)
            except SessionError:
                if self._committer.can_try_again(arrival):
                    self._pending[arrival.incoming.name] = arrival
                raise
            finally:
                self._is_storing = False
            self._pending.pop(arrival.incoming.name, None)
            shot = self._record.shots[arrival.number]
            if shot.number in self._record.trashed:
                self._trash.throw_away([shot.number])  # the RAW of a JPEG that was thrown away at once
            else:
                self._shots = _with(self._shots, shot)
            with self._counting_cards:
                if self._cards is not None:
                    self._cards.add(shot, intent.file, intent.card_time)
            return shot

    def _note(self, entry: Entry) -> None:
        self._journal.append(entry)
        self._record.apply(entry)

    def _note_behind(self, entry: Entry) -> None:
        """Note something without waiting for the disk, and whether it takes it or not."""
        try:
            self._journal.append(entry, is_synced=False)
        except SessionError as err:
            _log.info("The journal does not say %s: %s", entry, err)
        self._record.apply(entry)

    def _check_open(self) -> None:
        if self._lock_handle is None:
            raise SessionError("The session is closed.", "Open it again.")


def _read(journal: Journal) -> tuple[JournalText, Record]:
    """Read a journal and add it up.

    Garbage is not collected meanwhile: nothing here is any, and looking for it among 100,000 entries takes
    a fifth of the time (20,000 raw and JPEG shots, 2026-11).
    """
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        record = Record()
        return journal.scan(record.apply_all), record
    finally:
        if was_collecting:
            gc.enable()


def holder() -> str:
    """Return how this process calls itself to others that want the same session."""
    return f"process {os.getpid()} on {platform.node()}"


def _with(shots: tuple[Shot, ...], shot: Shot) -> tuple[Shot, ...]:
    """Put a shot into its place by number; nearly always the last."""
    at = bisect_left(shots, shot.number, key=lambda one: one.number)
    is_known = at < len(shots) and shots[at].number == shot.number
    return (*shots[:at], shot, *shots[at + is_known :])

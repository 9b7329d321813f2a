"""Throwing shots away, and all that brings them back as long as the trash is not emptied."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from groundglass.errors import GroundglassError, NoOpenSessionError, SessionError, UsageError
from groundglass.model.shot import Shot
from groundglass.model.words import counted
from groundglass.session.backup import Backup
from groundglass.session.store import SessionStore
from groundglass.studio.connection import refused
from groundglass.studio.events import (
    Event,
    SessionOpened,
    ShotsRestored,
    ShotStored,
    ShotsTrashed,
    TrashChanged,
)
from groundglass.studio.history import History
from groundglass.studio.reviews import Reviews
from groundglass.studio.sidecars import Sidecars

T = TypeVar("T")


class TrashContents(Struct, frozen=True):
    """What lies in the trash of a session at one moment."""

    session: Path
    numbers: tuple[int, ...] = ()  # of the shots


class _Thrown(Struct):
    """What really went at one time."""

    numbers: tuple[int, ...] | None = None  # None: they are still on their way


class ShotTrash:
    """Any thread may call; files move on the sidecars' thread, behind what was said of the shots."""

    def __init__(
        self,
        store: Callable[[], SessionStore | None],
        backup: Callable[[], Backup | None],
        sidecars: Sidecars,
        reviews: Reviews,
        history: History,
        announce: Callable[[Event], None],
    ) -> None:
        self._store = store
        self._backup = backup
        self._sidecars = sidecars
        self._reviews = reviews
        self._history = history
        self._announce = announce
        self._lock = threading.Lock()
        # A shot is stored on one thread and thrown away on another: what is told last of it must be true.
        self._telling = threading.Lock()
        self._going: set[tuple[SessionStore, int]] = set()  # on their way into the trash

    @property
    def count(self) -> int:
        """Return how many shots lie in the trash of the open session."""
        store = self._store()
        return store.trash_count if store is not None else 0

    @property
    def hint(self) -> str:
        """Say how the rest comes back: what was thrown away before this start is nobody's last step."""
        count = self.count
        return f"The trash still holds {counted(count, 'shot')}: restore them there." if count else ""

    @property
    def contents(self) -> TrashContents | None:
        """Return what lies in the trash of the open session; None without one."""
        store = self._store()
        return TrashContents(store.path, tuple(one.number for one in store.trashed)) if store else None

    def throw_away(self, numbers: Iterable[int], session: Path | None = None) -> Future[tuple[Shot, ...]]:
        """Move shots into the session's trash; the Future fails with SessionError.

        From this call on nothing more is said of them. Those that are on their way already are passed over.
        session: the one whose shots are meant, where another may have been opened since; None: the open one.
        """
        store = self._store()
        if session is not None and (store is None or store.path != session):
            return refused(_no_longer_open(session))
        wanted = self._claim(store, numbers)
        thrown = _Thrown()
        if store is not None and wanted:
            self._history.note(partial(self._undo, store, thrown))

        def work(store: SessionStore) -> tuple[Shot, ...]:
            try:
                shots = store.throw_away(wanted)
            finally:
                gone = tuple(number for number in wanted if store.is_in_trash(number))
                with self._lock:
                    self._going -= {(store, number) for number in wanted}
                thrown.numbers = gone
                self._tell_thrown_away(store, wanted, gone)
            if (backup := self._backup_of(store)) is not None:
                backup.forget(file.path for shot in shots for file in shot.files)
            return shots

        return self._run(store, work)

    def restore(self) -> Future[tuple[Shot, ...]]:
        """Bring back all that lies in the trash; the Future fails with SessionError."""

        def work(store: SessionStore) -> tuple[Shot, ...]:
            return self._take_back(store, [one.number for one in store.trashed])

        return self._run(self._store(), work)

    def empty(self, agreed: TrashContents) -> Future[int]:
        """Delete these shots for good, if they still lie there; the Future gives how many that were.

        It fails with SessionError if their session is no longer the open one.
        """
        store = self._store()
        if store is None or store.path != agreed.session:
            return refused(_no_longer_open(agreed.session))
        return self._run(store, lambda store: store.empty_trash(agreed.numbers))

    def tell_opened(self, store: SessionStore) -> None:
        """Announce another session, behind what is told of the one before; its shots can be reviewed then."""
        with self._telling:
            self._reviews.use(store.path, store.shots)
            self._announce(SessionOpened(str(store.path)))

    def tell_stored(self, event: ShotStored) -> bool:
        """Announce a shot of which a file was stored, unless it lies in the trash; tell whether it was."""
        store = self._store()
        with self._telling:
            if store is not None and store.is_in_trash(event.shot.number):
                return False
            with self._lock:
                is_going = (store, event.shot.number) in self._going
            if not is_going:
                self._reviews.note(event.shot)
            self._announce(event)
        return True

    def _undo(self, store: SessionStore, thrown: _Thrown) -> Future[str] | None:
        """Bring back what went at one time; None: nothing of it is in the trash any more."""
        if store is not self._store():
            return None
        if thrown.numbers is not None and not any(map(store.is_in_trash, thrown.numbers)):
            return None

        def work(store: SessionStore) -> str:
            shots = self._take_back(store, thrown.numbers or ())
            if not shots:  # they could not be thrown away
                raise UsageError("There is nothing to take back.", self.hint)
            return f"Back from the trash: {counted(len(shots), 'shot')}"

        return self._run(store, work)

    def _claim(self, store: SessionStore | None, numbers: Iterable[int]) -> tuple[int, ...]:
        if store is None:
            return ()
        with self._lock:
            wanted = {(store, number): None for number in numbers if not store.is_in_trash(number)}
            claimed = tuple(number for one, number in wanted if (one, number) not in self._going)
            self._going |= wanted.keys()
        self._reviews.leave(store.path, claimed)
        return claimed

    def _tell_thrown_away(self, store: SessionStore, wanted: tuple[int, ...], gone: tuple[int, ...]) -> None:
        with self._telling:
            if store is not self._store():  # its numbers mean other shots now
                return
            if len(gone) < len(wanted):
                stayed = set(wanted).difference(gone)
                still_here = (shot for shot in store.shots if shot.number in stayed)
                self._reviews.bring_back(store.path, still_here)
            if gone:
                self._announce(ShotsTrashed(gone))

    def _take_back(self, store: SessionStore, numbers: Iterable[int]) -> tuple[Shot, ...]:
        back = {shot.number for shot in store.take_back(numbers)}
        with self._telling:
            shots = tuple(shot for shot in store.shots if shot.number in back)  # with all that came meanwhile
            if shots and store is self._store():
                self._reviews.bring_back(store.path, shots)
                self._announce(ShotsRestored(shots))
        if (backup := self._backup_of(store)) is not None:
            for file in (file for shot in shots for file in shot.files):
                backup.note(file)
        return shots

    def _backup_of(self, store: SessionStore) -> Backup | None:
        backup = self._backup()  # asked for first: another session's is there only behind its store
        return backup if store is self._store() else None

    def _run(self, store: SessionStore | None, work: Callable[[SessionStore], T]) -> Future[T]:
        result: Future[T] = Future()

        def run() -> None:
            if store is None:
                result.set_exception(NoOpenSessionError())
                return
            try:
                done = work(store)
            except GroundglassError as err:
                result.set_exception(err)
            except Exception as err:  # noqa: BLE001 - who asked gets the fault; the sidecars go on
                result.set_exception(err)
            else:
                result.set_result(done)
            if store is self._store():
                self._announce(TrashChanged(store.trash_count))

        self._sidecars.put(0, run)
        return result


def _no_longer_open(session: Path) -> SessionError:
    return SessionError(f"The session “{session.name}” is no longer open.", "Open it to go on.")

"""Throwing shots away and taking it back: the last time first, as long as the trash is not emptied."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TypeVar

from groundglass.errors import GroundglassError, SessionError, UsageError
from groundglass.model.shot import Shot
from groundglass.session.backup import Backup
from groundglass.session.store import SessionStore
from groundglass.studio.events import Event, ShotsRestored, ShotStored, ShotsTrashed, TrashChanged
from groundglass.studio.reviews import Reviews
from groundglass.studio.sidecars import Sidecars

T = TypeVar("T")


class ShotTrash:
    """Any thread may call; files move on the sidecars' thread, behind what was said of the shots."""

    def __init__(
        self,
        store: Callable[[], SessionStore | None],
        backup: Callable[[], Backup | None],
        sidecars: Sidecars,
        reviews: Reviews,
        announce: Callable[[Event], None],
    ) -> None:
        self._store = store
        self._backup = backup
        self._sidecars = sidecars
        self._reviews = reviews
        self._announce = announce
        self._lock = threading.Lock()
        # A shot is stored on one thread and thrown away on another: what is told last of it must be true.
        self._telling = threading.Lock()
        self._going: set[tuple[SessionStore, int]] = set()  # on their way into the trash
        self._thrown: list[tuple[SessionStore, tuple[int, ...]]] = []  # the last time at the end

    @property
    def count(self) -> int:
        """Return how many shots lie in the trash of the open session."""
        store = self._store()
        return len(store.trashed) if store is not None else 0

    def throw_away(self, numbers: Iterable[int]) -> Future[tuple[Shot, ...]]:
        """Move shots into the session's trash; the Future fails with SessionError.

        From this call on nothing more is said of them. Those that are on their way already are passed over.
        """
        store = self._store()
        wanted = self._claim(store, numbers)

        def work(store: SessionStore) -> tuple[Shot, ...]:
            try:
                shots = store.throw_away(wanted)
            finally:
                gone = tuple(number for number in wanted if store.is_in_trash(number))
                with self._lock:
                    self._going -= {(store, number) for number in wanted}
                    if gone:
                        self._thrown.append((store, gone))
                self._tell_thrown_away(store, wanted, gone)
            if (backup := self._backup()) is not None:
                backup.forget(file.path for shot in shots for file in shot.files)
            return shots

        return self._run(store, work)

    def undo(self) -> Future[tuple[Shot, ...]]:
        """Bring back what was thrown away last; the Future fails with UsageError if that is nothing."""

        def work(store: SessionStore) -> tuple[Shot, ...]:
            with self._lock:
                last = next((one for one in reversed(self._thrown) if one[0] is store), None)
            if last is None:
                raise _nothing_thrown_away(len(store.trashed))
            shots = self._take_back(store, last[1])
            with self._lock:
                self._thrown.remove(last)
            return shots

        return self._run(self._store(), work)

    def restore(self) -> Future[tuple[Shot, ...]]:
        """Bring back all that lies in the trash; the Future fails with SessionError."""

        def work(store: SessionStore) -> tuple[Shot, ...]:
            shots = self._take_back(store, [one.number for one in store.trashed])
            with self._lock:
                self._thrown.clear()
            return shots

        return self._run(self._store(), work)

    def empty(self) -> Future[int]:
        """Delete for good what lies in the trash; the Future gives how many shots that were."""

        def work(store: SessionStore) -> int:
            with self._lock:
                self._thrown.clear()
            return store.empty_trash()

        return self._run(self._store(), work)

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

    def _claim(self, store: SessionStore | None, numbers: Iterable[int]) -> tuple[int, ...]:
        if store is None:
            return ()
        with self._lock:
            wanted = {(store, number): None for number in numbers if not store.is_in_trash(number)}
            claimed = tuple(number for one, number in wanted if (one, number) not in self._going)
            self._going |= wanted.keys()
        self._reviews.leave(claimed)
        return claimed

    def _tell_thrown_away(self, store: SessionStore, wanted: tuple[int, ...], gone: tuple[int, ...]) -> None:
        with self._telling:
            if len(gone) < len(wanted):
                stayed = set(wanted).difference(gone)
                self._reviews.bring_back(shot for shot in store.shots if shot.number in stayed)
            if gone:
                self._announce(ShotsTrashed(gone))

    def _take_back(self, store: SessionStore, numbers: Iterable[int]) -> tuple[Shot, ...]:
        back = {shot.number for shot in store.take_back(numbers)}
        with self._telling:
            shots = tuple(shot for shot in store.shots if shot.number in back)  # with all that came meanwhile
            self._reviews.bring_back(shots)
            self._announce(ShotsRestored(shots))
        if (backup := self._backup()) is not None:
            for file in (file for shot in shots for file in shot.files):
                backup.note(file)
        return shots

    def _run(self, store: SessionStore | None, work: Callable[[SessionStore], T]) -> Future[T]:
        result: Future[T] = Future()

        def run() -> None:
            if store is None:
                result.set_exception(SessionError("No session is open.", "Open a session folder first."))
                return
            try:
                done = work(store)
            except GroundglassError as err:
                result.set_exception(err)
            except Exception as err:  # noqa: BLE001 - who asked gets the fault; the sidecars go on
                result.set_exception(err)
            else:
                result.set_result(done)
            self._announce(TrashChanged(len(store.trashed)))

        self._sidecars.put(0, run)
        return result


def _nothing_thrown_away(in_trash: int) -> UsageError:
    """Return why nothing is taken back: what was thrown away before this start is chosen by hand."""
    if not in_trash:
        return UsageError("There is nothing to take back.", "Only what was thrown away can be.")
    shots = "one shot" if in_trash == 1 else f"{in_trash:,} shots"
    return UsageError(
        "Nothing was thrown away since the session was opened.",
        f"Its trash holds {shots}: restore them.",
    )

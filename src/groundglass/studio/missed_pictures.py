"""What did not come by itself: shot while nobody listened, left for want of room, cut off with the camera.

What is on the card is fetched; what is not there is told when the camera is back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from groundglass.errors import (
    CameraHeldError,
    DiskFailedError,
    DiskFullError,
    GroundglassError,
    NoCameraError,
    NoOpenSessionError,
    PictureLostError,
)
from groundglass.model.camera import CameraStatus
from groundglass.model.setting import SettingId
from groundglass.session.disk import Disk
from groundglass.session.other_sessions import read_others
from groundglass.session.store import SessionStore
from groundglass.studio.at_risk import picture_at_risk
from groundglass.studio.backlog import Backlog, Source
from groundglass.studio.connection import TAKING, Connection, no_camera, refused
from groundglass.studio.events import BacklogChanged, Event, Problem, ProblemSolved, Warned
from groundglass.studio.keeping import Keeping
from groundglass.studio.shooting import Shooting

_SOON_S = 5.0
_ROOM_FRAMES = 2  # so many shots must fit before one is fetched: it may be larger than those before it;
_ROOM_BYTES = 200_000_000  # or this, as long as nobody knows how large they are
# A disk that looks as if it had room and has none (a quota, a movie on the card) is tried ever more rarely.
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 10.0, 300.0


class MissedPictures:
    """Told of the camera's troubles on the camera's thread; the first methods may be called on any."""

    def __init__(
        self,
        connection: Connection,
        keeping: Keeping,
        shooting: Shooting,
        others: Callable[[], tuple[Path, ...]],
        announce: Callable[[Event], None],
    ) -> None:
        """Leave to these others, and to those beside the open session, what is theirs; asking may block."""
        self._connection = connection
        self._keeping = keeping
        self._shooting = shooting
        self._others = others
        self._announce = announce
        self._lock = threading.Lock()
        self._backlog: Backlog | None = None
        self._is_asked_for = False  # that one, by the photographer
        self._next: Source | None = None  # what is looked for behind it
        self._left = 0
        self._has_told_of_others = False  # since the session was opened
        self._lacks_room = False
        self._lacks_disk = False
        self._has_refused = (
            False  # the disk did not take a picture, and the card was not looked through since
        )
        self._is_trying = False  # it was said that there is room, and not all has come since
        self._pause_s = 0.0
        self._try_at = 0.0  # monotonic
        self._has_trouble = False
        self._was_taking = False  # when it was last heard of
        self._failed_at = -_SOON_S  # monotonic; a picture did not come
        self._at_risk: PictureLostError | None = None  # to be told when the camera is back

    @property
    def left(self) -> int:
        """Return how many files are on the card that are still to be fetched."""
        return self._left

    @property
    def is_fetching(self) -> bool:
        """Tell whether some of them are on their way."""
        return self._left > 0 and self._backlog is not None and self._backlog.is_running

    @property
    def lacks_room(self) -> bool:
        """Tell whether pictures stayed on the card because the disk was full, or failed."""
        return self._lacks_room or self._lacks_disk

    @property
    def has_refused(self) -> bool:
        """Tell whether the disk did not take a picture that was shot, and it has not been fetched since."""
        return self._has_refused

    def fetch(self, since: datetime | None, *, of_session: bool) -> Future[int]:
        """Fetch what lies on the card and not in the session; see Studio.fetch."""
        store, info = self._keeping.store, self._connection.status.info
        if store is None:
            return refused(NoOpenSessionError())
        if info is None:
            return refused(no_camera())
        since = self._begun_at(store) if of_session else since
        source = self._source(store, info.serial, since, is_missed=True, leaves_others=of_session)
        return self._begin(source, is_asked_for=True)

    def session_opened(self) -> None:
        """Fetch what this session missed: it was left then, could not be opened, or its disk failed.

        What is still being fetched into the session before ends here.
        """
        self.stop()
        self._lacks_room = self._lacks_disk = self._has_told_of_others = self._is_trying = False
        self._has_refused = False
        store, info = self._keeping.store, self._connection.status.info
        if store is not None and info is not None and self._may_have_missed(store):
            self._start(store, info.serial, self._begun_at(store))

    def stop(self) -> None:
        """End behind the file that is under way; does not wait."""
        with self._lock:
            self._next = None
            self._is_asked_for = False
            if self._backlog is not None:
                self._backlog.stop()

    def join(self, timeout_s: float) -> None:
        if self._backlog is not None:
            self._backlog.join(timeout_s)

    # ---- the camera's thread

    def camera_connected(self, status: CameraStatus) -> None:
        """Look for what was shot while nobody listened, where that can have happened."""
        store = self._keeping.store
        if store is None or status.info is None:
            return
        if self._has_trouble or self._may_have_missed(store):
            self._start(store, status.info.serial, self._begun_at(store))

    def camera_answers(self, status: CameraStatus) -> None:
        """Note what a connected camera does; after a trouble, tell that it is over and what it has cost."""
        self._was_taking = status.state in TAKING
        if not self._has_trouble:
            return
        self._has_trouble = False
        self._announce(ProblemSolved())
        # Now nothing else is on the screen.
        lost, self._at_risk = self._at_risk, None
        if lost is not None:
            self._announce(Problem(lost))

    def camera_lost(self) -> PictureLostError | None:
        """Return what became of a picture that was on its way; None if the card or nothing holds one."""
        self._has_trouble = True
        # Of a link that breaks, a transfer may fail before anything else.
        if self._was_taking or time.monotonic() - self._failed_at < _SOON_S:
            self._at_risk = picture_at_risk(self._connection.status.setting(SettingId.CAPTURE_TARGET))
        return self._at_risk

    def picture_failed(self) -> None:
        """Look for a picture that was awaited and did not come."""
        self._failed_at = time.monotonic()
        self.look_again()

    def note_trouble(self, error: GroundglassError, *, is_refused: bool = True) -> None:
        """Note what keeps the camera or the disk away. is_refused: a picture, if it was the disk."""
        self._has_trouble |= isinstance(error, CameraHeldError | NoCameraError)
        if isinstance(error, DiskFullError) and not self._lacks_room:
            self._lacks_room = True
            self._pause()
        self._lacks_disk |= isinstance(error, DiskFailedError)
        if isinstance(error, DiskFullError | DiskFailedError):
            self._has_refused |= is_refused
            self._keeping.disk_failed()

    def look_again(self, *, is_missed: bool = True) -> None:
        """Fetch what a trouble left on the card; what the disk did not take waits for the disk.

        is_missed: a picture should be there.
        """
        store, info = self._keeping.store, self._connection.status.info
        if store is None or info is None or self.lacks_room:
            return
        self._start(store, info.serial, self._begun_at(store), is_missed=is_missed)

    # ---- the storing thread

    def look_for_room(self, frames_left: int | None) -> None:
        """Tell of a disk that takes nothing; fetch what it did not take once it does, and has room.

        frames_left: how many shots fit, None if that is not known.
        """
        store, status = self._keeping.store, self._connection.status
        if store is None:
            return
        if not store.is_writable():
            self._tell_of_disk(store)
            return
        free = self._shooting.disk_free_bytes
        if not self.lacks_room or free is None:
            return
        has_room = free >= _ROOM_BYTES if frames_left is None else frames_left >= _ROOM_FRAMES
        if self._lacks_room and (not has_room or time.monotonic() < self._try_at):
            return
        self._is_trying = True
        self._lacks_room = self._lacks_disk = False
        self._keeping.disk_works()
        self._announce(ProblemSolved(of_disk=True))
        if status.info is not None and status.state.is_connected:
            self._start(store, status.info.serial, self._keeping.wanted_since)
        else:
            self._has_trouble = True  # so the card is looked at when the camera is back

    def _pause(self) -> None:
        """Let the next try wait if the last one has failed."""
        longer = min(max(2 * self._pause_s, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
        self._pause_s = longer if self._is_trying else 0.0
        self._try_at = time.monotonic() + self._pause_s
        self._is_trying = False

    def _tell_of_disk(self, store: SessionStore) -> None:
        """Say before the next release that the session's disk takes nothing, once."""
        if self._lacks_disk:
            return
        where = "cannot be written any more" if Disk().is_folder(store.path) else "is not there any more"
        error = DiskFailedError(
            f"The session's folder {where}.", "Look after its disk before you shoot on, or use another one."
        )
        self.note_trouble(error, is_refused=False)
        self._announce(Warned(error))

    # ----

    def _begun_at(self, store: SessionStore) -> datetime:
        """Return since when pictures can be meant for a session."""
        return min(self._keeping.wanted_since, store.open_since())

    def _may_have_missed(self, store: SessionStore) -> bool:
        """Tell whether pictures can have been shot for a session while it was not open, or not listening.

        A new one on a camera that is not lost has missed nothing.
        """
        return store.was_open_before or self._keeping.was_refused

    def _start(
        self, store: SessionStore, serial: str, since: datetime | None, *, is_missed: bool = False
    ) -> None:
        """Look at the card now; behind a fetch that was asked for, which has to tell what it fetched."""
        self._begin(self._source(store, serial, since, is_missed=is_missed))

    def _source(
        self,
        store: SessionStore,
        serial: str,
        since: datetime | None,
        *,
        is_missed: bool,
        leaves_others: bool = True,
    ) -> Source:
        others = (lambda since_s: read_others(store.path, self._others(), since_s)) if leaves_others else None
        return Source(self._connection.ask, store, serial, since, is_missed, others)

    def _begin(self, source: Source, *, is_asked_for: bool = False) -> Future[int]:
        """Fetch this, in place of what is under way, or behind it."""

        def announce(event: Event) -> None:
            self._on_backlog(backlog, event)

        with self._lock:
            before = self._backlog if self._backlog is not None and not self._backlog.is_over else None
            if before is not None and not is_asked_for and self._is_asked_for:
                self._next = _both(self._next, source)
                return before.done
            if before is not None and not self._is_asked_for:  # what it was to find is not forgotten
                if is_asked_for:
                    self._next = _both(self._next, before.source)
                else:
                    source = _both(before.source, source)
            backlog = self._backlog = Backlog(source, self._shooting, announce)
            self._is_asked_for = is_asked_for
            was_left, self._left = self._left, 0
        if before is not None:
            before.stop()
        if was_left:
            self._announce(BacklogChanged(0, 0))
        backlog.done.add_done_callback(lambda _: self._ended(backlog))
        backlog.start()
        return backlog.done

    def _ended(self, backlog: Backlog) -> None:
        with self._lock:
            if backlog is not self._backlog:
                return
            self._is_asked_for = False
            source, self._next = self._next, None
            is_whole = self._has_refused and not self.lacks_room and backlog.done.exception() is None
            self._has_refused &= not is_whole
            self._is_trying &= self.lacks_room  # else the try has ended, whether or not there was anything
        if is_whole:
            self._announce(BacklogChanged(0, 0))  # all that the disk had refused has come, or is gone
        if source is not None:
            self._begin(source)

    def _on_backlog(self, backlog: Backlog, event: Event) -> None:
        if isinstance(event, BacklogChanged | Warned):
            with self._lock:
                is_told = isinstance(event, Warned) and self._has_told_of_others
                if backlog is not self._backlog or is_told:
                    return  # another one tells now
                if isinstance(event, BacklogChanged):
                    self._left = event.left
                    if event.total and not event.left:
                        self._is_trying = False  # all has come
                else:
                    self._has_told_of_others = True
        if isinstance(event, Problem) and isinstance(event.error, DiskFullError | DiskFailedError):
            self.note_trouble(event.error)
        self._announce(event)


def _both(one: Source | None, other: Source) -> Source:
    """Return what finds all that either of them finds, in the session and on the body of the later one."""
    if one is None or one.store is not other.store or one.serial != other.serial:
        return other
    ages = None if one.since is None or other.since is None else min(one.since, other.since)
    return replace(other, since=ages, is_missed=one.is_missed or other.is_missed)

"""The second copy: every frame is also written to another disk, behind the first and never in its way.

    CATCHING_UP -> SAFE; any -> AWAY | FULL | TROUBLE -> CATCHING_UP, by itself

A thread of its own takes one file after the other. It shares no lock with the store, works at low priority
and gives way to a commit at every megabyte. What is still to do is not kept anywhere: it is what the
session has and the backup's own journal has not. Longer than most modules: each step of the thread may be cut
short by the same state.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from groundglass.errors import BackupAwayError, DiskFullError, GroundglassError, SessionError
from groundglass.model.shot import Shot, ShotFile
from groundglass.priority import work_humbly
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.backup_note import BackupNotes
from groundglass.session.backup_sidecars import SidecarCopies
from groundglass.session.disk import Disk
from groundglass.session.store import SessionStore

_log = logging.getLogger(__name__)

_GIVE_WAY_S = 0.005
_GIVE_WAY_AT_MOST_S = 0.25  # per megabyte: under a burst the second copy goes on, slowly
_GRACE_S = 1.0
_LOOK_FOR_SIDECARS_S = 15.0


class BackupState(StrEnum):
    """How the second copy stands."""

    CATCHING_UP = "catching up"
    SAFE = "safe"  # every file has a verified second copy
    AWAY = "away"  # its disk is not there
    FULL = "full"
    TROUBLE = "trouble"  # its disk fails, or some files of the session are not as they were stored
    CLOSED = "closed"


class BackupStatus(Struct, frozen=True):
    """How the second copy stands, and what it still has to do."""

    state: BackupState
    pending_files: int = 0  # without a verified copy; while its disk was never seen, all of them
    message: str = ""  # why it waits and what can be done; empty if all goes well


class _StoppedError(Exception):
    """The backup is being closed."""


class Backup:
    """Copies a session's files to a second folder. Every method returns at once, but for `close`.

    The backup folder must exist: one that is missing is taken for a disk that is away, and waited for.
    """

    def __init__(
        self,
        session: Path,
        backup: Path,
        disk: Disk | None = None,
        *,
        listener: Callable[[BackupStatus], None] = lambda _status: None,
        is_storing: Callable[[], bool] = lambda: False,
        poll_s: tuple[float, float] = (1.0, 30.0),
    ) -> None:
        """Prepare, touching no disk.

        listener: called on the backup's thread, or the one that notes or closes, after each change; must
        return at once; `status` is the newest.  is_storing: of the store, asked at each megabyte.
        poll_s: how long to wait for a disk to come back, the first and the longest time.
        """
        self._session = session.expanduser().absolute()
        self._root = backup.expanduser().absolute()
        self._disk = disk or Disk()
        self._listener = listener
        self._is_storing = is_storing
        self._first_wait_s, self._longest_wait_s = poll_s
        self._changed = threading.Condition()
        self._has_news = False  # sidecars changed since they were looked at last
        self._files: dict[str, ShotFile] = {}  # all, by path
        self._queue: dict[str, ShotFile] = {}  # those without a copy, oldest first
        self._unfit: dict[str, ShotFile] = {}  # not as they were stored, or not there
        self._safe: set[str] = set()
        self._status = BackupStatus(BackupState.CATCHING_UP)
        self._session_id: str | None = None
        self._close_at: float | None = None  # monotonic
        self._folder: BackupFolder | None = None
        self._sidecars = SidecarCopies(self._session, self._disk)
        self._thread = threading.Thread(target=self._run, name="backup", daemon=True)

    def start(self, session_id: str | None = None, shots: Iterable[Shot] = ()) -> None:
        """Begin to copy what has no copy yet.

        session_id, shots: `SessionStore.id` and `.shots`; without them they are read from the journal.
        """
        self._session_id = session_id
        self._take_in(shots)
        self._thread.start()

    def note(self, file: ShotFile) -> None:
        """Copy this file too: it was just stored."""
        with self._changed:
            if file.path in self._files:
                return
            self._add(file)
            self._changed.notify_all()
            is_idle = self._status.state is BackupState.SAFE
        self._tell(BackupState.CATCHING_UP if is_idle else self._status.state, self._status.message)

    def forget(self, paths: Iterable[str]) -> None:
        """Copy these files no more, as they are in the trash; copies that there are stay."""
        with self._changed:
            for path in paths:
                self._files.pop(path, None)
                self._queue.pop(path, None)
                self._unfit.pop(path, None)
            self._changed.notify_all()

    def look_for_sidecars(self) -> None:
        """Copy sidecars that changed, behind the pictures; else they are looked for now and then."""
        with self._changed:
            self._has_news = True
            self._changed.notify_all()

    @property
    def status(self) -> BackupStatus:
        return self._status

    def is_safe(self, path: str) -> bool:
        """Tell whether a file of the session has a second copy that was read back and found equal.

        path: as in ShotFile.  Seen in this run, by its name and size at least; False while that is unknown.
        """
        return path in self._safe

    def reread(self, file: ShotFile) -> bool:
        """Read a file's second copy from its disk; tell whether it is there and as it was stored.

        Blocks; for any thread.  Raises BackupAwayError while nothing can be said of it: its folder is not
        there or looked for anew, or the copy is still to be made. SessionError if the disk fails.
        """
        folder = self._folder
        try:
            if folder is not None and self.is_safe(file.path) and folder.reread(file):
                return True
        except SessionError:
            if self._is_there(folder):
                raise
        if self._is_there(folder) and self.is_safe(file.path):
            return False
        raise BackupAwayError(
            f"The second copy of {file.path} cannot be looked at now.", "That is tried again by itself."
        )

    def close(self, timeout_s: float = 0.0) -> bool:
        """Copy on for at most this time, then stop; return whether every file is safe.

        What is left is caught up by the next start.
        """
        with self._changed:
            self._close_at = time.monotonic() + timeout_s
            self._changed.notify_all()
        if self._thread.is_alive():
            # A dead network mount can hold a thread for minutes: it is left to itself then.
            self._thread.join(timeout_s + _GRACE_S)
        is_safe = self._folder is not None and not self._queue and not self._unfit
        self._tell(BackupState.CLOSED, "")
        return is_safe

    # ---- the backup's thread

    def _run(self) -> None:
        work_humbly()
        wait_s = self._first_wait_s
        while True:
            try:
                file = self._next()
                if file is None:
                    return
                self._keep(file)
                wait_s = self._first_wait_s
            except _StoppedError:
                return
            except Exception as err:  # noqa: BLE001 - the copies must go on, whatever happened to one
                if not isinstance(err, GroundglassError):
                    _log.exception("The backup failed")
                    err = SessionError(f"The backup failed: {err}.", "It is tried again.")
                self._folder = None
                self._tell(self._state_of(err), str(err))
                _log.info("The backup waits %.1f s: %s", wait_s, err)
                if self._pause(wait_s):
                    return
                wait_s = min(wait_s * 2, self._longest_wait_s)

    def _next(self) -> ShotFile | None:
        """Wait for a file without a copy; None when it is time to end."""
        if self._folder is None:
            self._find_folder()
        while True:
            with self._changed:
                if self._queue and not self._is_time_to_end():
                    return next(iter(self._queue.values()))
                is_closing = self._close_at is not None
                self._has_news = False  # what changes from here on is looked for once more
            if not is_closing:
                self._tell_rest()
            if not self._is_time_to_end():
                self._renew_sidecars()
            if is_closing:
                return None
            with self._changed:
                if not self._queue and self._close_at is None and not self._has_news:
                    # Other programs write sidecars too, and tell nobody.
                    self._changed.wait(_LOOK_FOR_SIDECARS_S)

    def _find_folder(self) -> None:
        if self._session_id is None:
            view = SessionStore.read(self._session, self._disk)
            self._take_in(view.shots)
            self._session_id = view.id
        notes = BackupNotes(self._session, self._disk)
        notes.check_mount(self._root)
        folder = BackupFolder.claim(self._root, self._session, self._session_id, self._disk)
        self._sidecars = SidecarCopies(self._session, self._disk)  # it may be another disk
        notes.remember(self._root, folder.folder)
        with self._changed:
            files, self._files = self._files, {}
            self._queue, self._unfit, self._safe = {}, {}, set()
            for path, file in files.items():
                copy = folder.copies.get(path)
                if copy is not None and copy.sha256 == file.sha256:
                    self._files[path] = file
                    self._safe.add(path)
                else:
                    self._add(file)
            self._folder = folder
        self._tell(BackupState.CATCHING_UP if self._queue else BackupState.SAFE, "")

    def _renew_sidecars(self) -> None:
        assert self._folder is not None
        with self._changed:
            files = tuple(self._files.values())
        self._sidecars.renew(files, self._folder, self._give_way)

    def _take_in(self, shots: Iterable[Shot]) -> None:
        with self._changed:
            for shot in shots:
                for file in shot.files:
                    if file.path not in self._files:
                        self._add(file)

    def _add(self, file: ShotFile) -> None:
        self._files[file.path] = self._queue[file.path] = file

    def _keep(self, file: ShotFile) -> None:
        assert self._folder is not None
        if self._status.state is not BackupState.CATCHING_UP:
            self._tell(BackupState.CATCHING_UP, "")
        is_kept = self._folder.keep(self._session / file.path, file, self._give_way)
        if not is_kept and not self._disk.is_folder(self._session):
            raise SessionError(
                f"The session “{self._session}” is not there.", "Check that its disk is still connected."
            )
        with self._changed:
            if self._queue.pop(file.path, None) is None:
                return  # it went into the trash meanwhile
            if is_kept:
                self._safe.add(file.path)
            else:
                self._unfit[file.path] = file
        if self._queue:
            self._tell(BackupState.CATCHING_UP, "")

    def _is_there(self, folder: BackupFolder | None) -> bool:
        """Tell whether this is the folder that is worked in, and its disk has it."""
        return folder is not None and folder is self._folder and self._disk.is_folder(folder.folder)

    def _give_way(self) -> None:
        """Let a commit go first, and end in time."""
        until = time.monotonic() + _GIVE_WAY_AT_MOST_S
        while True:
            if self._is_time_to_end():
                raise _StoppedError
            if not self._is_storing() or time.monotonic() > until:
                return
            time.sleep(_GIVE_WAY_S)

    def _is_time_to_end(self) -> bool:
        return self._close_at is not None and time.monotonic() >= self._close_at

    def _pause(self, wait_s: float) -> bool:
        """Wait for a disk; return True at once when the backup is being closed."""
        with self._changed:
            return self._changed.wait_for(lambda: self._close_at is not None, wait_s)

    def _state_of(self, err: GroundglassError) -> BackupState:
        if isinstance(err, BackupAwayError) or not self._disk.is_folder(self._root):
            return BackupState.AWAY
        return BackupState.FULL if isinstance(err, DiskFullError) else BackupState.TROUBLE

    def _tell_rest(self) -> None:
        if not self._unfit:
            self._tell(BackupState.SAFE, "")
            return
        first = next(iter(self._unfit))
        rest = f" and {len(self._unfit) - 1} more" if len(self._unfit) > 1 else ""
        self._tell(
            BackupState.TROUBLE,
            f"Not backed up, as it is not in the session as it was stored: {first}{rest}. Check the session.",
        )

    def _tell(self, state: BackupState, message: str) -> None:
        with self._changed:
            if state is BackupState.SAFE and self._queue:
                state = BackupState.CATCHING_UP  # noted just now
            waiting = len(self._queue) + len(self._unfit)
            status = BackupStatus(state, waiting, message)
            if self._status.state is BackupState.CLOSED or status == self._status:
                return
            self._status = status
        self._listener(status)

"""Where the frames are kept: in the open session, in its second copy, and on the card while it is wise."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from datetime import datetime
from pathlib import Path

from groundglass.errors import SessionError, UsageError
from groundglass.model.places import CardPolicy, Place
from groundglass.model.shot import Shot
from groundglass.session.backup import Backup, BackupState, BackupStatus
from groundglass.session.places import places_of
from groundglass.session.store import SessionStore
from groundglass.studio.clearing import CardStatus, Clearing
from groundglass.studio.connection import TAKING, Connection
from groundglass.studio.events import BackupChanged, CardChanged, Event
from groundglass.studio.shooting import Shooting

_log = logging.getLogger(__name__)

_BACKUP_END_S = 10.0
# For the camera to turn to another session: while it brings what was shot for the one before, and else.
_LAST_FILES_S, _ANSWER_S = 30.0, 5.0
_LOOK_S = 0.1
_HANGS_S = 20.0  # nothing that has arrived is stored in this time


class Keeping:
    """One session at a time, with the backup and the card policy that it goes by. Any thread may call."""

    def __init__(self, connection: Connection, shooting: Shooting, announce: Callable[[Event], None]) -> None:
        self._connection = connection
        self._shooting = shooting
        self._announce = announce
        self._opening = threading.RLock()  # whoever changes session, backup or policy; one at a time
        self._store: SessionStore | None = None
        self._wanted_since = datetime.now().astimezone()
        self._refused_at: datetime | None = None  # since when pictures are wanted and no disk takes them
        self._was_refused = False
        self._is_closed = False
        self._backup_folder: Path | None = None
        self._backup: Backup | None = None
        self._policy = CardPolicy.KEEP
        self._clearing = Clearing(
            connection.ask,
            lambda: connection.status,
            lambda status: announce(CardChanged(status)),
            lambda file: shooting.card_file_deleted(file.card_path),
        )

    @property
    def store(self) -> SessionStore | None:
        """Return the open session."""
        return self._store

    @property
    def wanted_since(self) -> datetime:
        """Return since when pictures are meant for this session: it was opened, or one before it failed."""
        return self._wanted_since

    @property
    def was_refused(self) -> bool:
        """Tell whether it was opened only after a session was refused, or its disk failed."""
        return self._was_refused

    @property
    def backup(self) -> Backup | None:
        """Return the second copy of the open session; None if there is none."""
        return self._backup

    @property
    def backup_status(self) -> BackupStatus | None:
        backup = self._backup
        return backup.status if backup else None

    @property
    def is_backup_wanted(self) -> bool:
        """Tell whether there is a folder for second copies, whether a session is open or not."""
        return self._backup_folder is not None

    @property
    def policy(self) -> CardPolicy:
        """Return what becomes of the card's copies, in this session and in the next."""
        return self._policy

    @property
    def clearing(self) -> Clearing:
        """Return what deletes the card's copies."""
        return self._clearing

    @property
    def card(self) -> CardStatus:
        return self._clearing.status

    def open(
        self,
        path: Path,
        template: str | None,
        then: Callable[[SessionStore], None] = lambda _: None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> SessionStore:
        """Open or begin a session in place of the one before; raises SessionError or TemplateError.

        Blocks until all that has arrived is stored in the one before.  They change places on the storing
        thread, between two files; `then` is called there behind it.  is_wanted: asked when its disk has
        answered, which can be never; if it is not, CancelledError is raised and all stays.
        """
        asked_at = datetime.now().astimezone()
        try:
            store = SessionStore.open(path, template)  # with no lock: another can be opened meanwhile
        except SessionError:
            self.session_lacks(asked_at)
            raise
        with self._opening:
            if not is_wanted():
                store.close()
                raise CancelledError
            try:
                store.card_policy = self._policy
            except SessionError:
                store.close()
                self.session_lacks(asked_at)
                raise
            before, backup = self._store, self._backup

            def change() -> None:
                self._store, self._backup = store, None  # the copies of what comes now go elsewhere
                self._was_refused = self._refused_at is not None
                self._wanted_since = self._refused_at or datetime.now().astimezone()
                self._refused_at = None
                store.note_opened(self._wanted_since)
                then(store)

            try:
                self._change_behind_last_file(store, change, is_first=before is None)
            except SessionError:
                if before is not None:
                    self._connection.store_in(before.incoming)
                store.close()
                raise
            if backup is not None:
                backup.close()
            self._start_backup()
            if before is not None:
                before.close()
        return store

    def _change_behind_last_file(
        self, store: SessionStore, change: Callable[[], None], *, is_first: bool
    ) -> None:
        is_begun = threading.Lock()  # taken by whoever is first
        changes: Future[Future[None]] = Future()

        def begin(_: object = None) -> None:
            if is_begun.acquire(blocking=False):
                changes.set_result(self._shooting.use(store, change))

        if is_first:
            begin()
        # The camera's process answers behind the file that it is writing, and before the next one.
        # What waits in the camera while a disk takes nothing is meant for this session.
        told = self._connection.store_in(store.incoming, is_at_once=self._refused_at is not None)
        told.add_done_callback(begin)
        asked_at = time.monotonic()
        while not is_first and not wait([told], _LOOK_S).done:
            limit_s = _LAST_FILES_S if self._connection.status.state in TAKING else _ANSWER_S
            if time.monotonic() - asked_at > limit_s:
                _log.warning("The camera is at work; what it still brings for the session before waits there")
                break
        begin()
        self._wait_for_storing(changes.result())

    def _wait_for_storing(self, change: Future[None]) -> None:
        """Wait while what has arrived is stored; raise SessionError if the disk of it hangs."""
        left, moved_at = self._shooting.waiting, time.monotonic()
        while not wait([change], _LOOK_S).done:
            if self._shooting.waiting != left:
                left, moved_at = self._shooting.waiting, time.monotonic()
            elif time.monotonic() - moved_at > _HANGS_S and change.cancel():
                raise SessionError(
                    "The disk of the session that is open does not answer.",
                    "Look after that disk; or quit, and start with a session on another one.",
                )
        change.result()

    def session_lacks(self, since: datetime) -> None:
        """Note that pictures are wanted since then, and no session is open for them."""
        if self._store is None and self._refused_at is None:
            self._refused_at = since

    def disk_failed(self) -> None:
        """Note that pictures stay on the card: if another session is opened, they are meant for that."""
        store = self._store
        if store is not None and self._refused_at is None:
            shots = store.shots
            self._refused_at = shots[-1].taken_at if shots else self._wanted_since

    def disk_works(self) -> None:
        """Note that the open session takes them after all."""
        self._refused_at = None

    def use_backup(self, folder: Path | None) -> None:
        """Keep a second copy below this folder; without one the card's copies are kept from now on."""
        with self._opening:
            if folder is None and self._policy is not CardPolicy.KEEP:
                self.use_card_policy(CardPolicy.KEEP)
            self._backup_folder = folder
            self._start_backup()

    def use_card_policy(self, policy: CardPolicy) -> None:
        """Choose what becomes of the card's copies; raises UsageError without a backup, SessionError."""
        with self._opening:
            if policy is not CardPolicy.KEEP and self._backup_folder is None:
                raise UsageError(
                    "The card's copies are not deleted, as there is no backup.",
                    "Choose a backup folder first: then each frame has two proven copies before the card's"
                    " goes.",
                )
            if self._store is not None:
                self._store.card_policy = policy
            self._policy = policy
        self._clearing.look()

    def note(self, shot: Shot) -> None:
        """Take a shot of which a file was stored into the second copy."""
        if self._backup is not None:
            for file in shot.files:
                self._backup.note(file)
            self._clearing.look()

    def sidecars_changed(self) -> None:
        """Bring sidecars that were written just now into the second copy soon."""
        backup = self._backup
        if backup is not None:
            backup.look_for_sidecars()

    def places(self, shot: Shot) -> frozenset[Place]:
        """Return the places that hold every file of a shot of this session; touches no disk."""
        store, backup = self._store, self._backup
        if store is None or not shot.files:
            return frozenset()
        return places_of(
            shot,
            on_card=lambda file: store.is_on_card(file.path),
            on_disk=lambda file: file.path not in store.recovery.missing,
            in_backup=lambda file: backup is not None and backup.is_safe(file.path),
        )

    def frames_left(self) -> int | None:
        """Return how many more shots fit on the session's disk; None if that is not known."""
        store = self._store
        try:
            return store.frames_left() if store is not None else None
        except SessionError as err:
            _log.info("The room for shots is not known: %s", err)
            return None

    def finish(self, deadline: float) -> bool:
        """Wait until all that is stored has its second copy, and left the card if it is to.

        deadline: time.monotonic().  Tells whether that came to pass.
        """
        while (status := self.backup_status) is not None and status.state is BackupState.CATCHING_UP:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return self._clearing.finish(max(0.0, deadline - time.monotonic()))

    def close(self, *, does_disk_answer: bool) -> None:
        """Close backup and session; may wait for the disk. `clearing` is closed before that.

        does_disk_answer: the session's; if it does not, the session is left as a crash would leave it.
        """
        self._is_closed = True
        if self._backup is not None:
            self._backup.close(_BACKUP_END_S)
        if self._store is not None and does_disk_answer:
            self._store.close()

    def _start_backup(self) -> None:
        before, self._backup = self._backup, None
        if before is not None:
            before.close()
        store, folder = self._store, self._backup_folder
        if store is None or folder is None or self._is_closed:  # a change that hung may end behind `close`
            self._clearing.use(store, None)
            return
        self._backup = Backup(
            store.path,
            folder,
            listener=self._on_backup,
            is_storing=lambda: store.is_storing,
        )
        self._backup.start(store.id, store.shots)
        self._clearing.use(store, self._backup)

    def _on_backup(self, status: BackupStatus) -> None:
        self._announce(BackupChanged(status))
        self._clearing.look()

"""Deletes the card's copies that are due, behind everything else, and says which ones it could not.

A thread of its own: it waits until the camera has rested for a moment, and asks for one file at a time, so a
release waits for one deletion at most. What cannot be deleted is kept and told; what only has to wait, for
the backup or the camera, is tried again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from msgspec import Struct

from groundglass.camera import messages as msg
from groundglass.errors import (
    BackupAwayError,
    CameraBusyError,
    CameraError,
    CameraLostError,
    GroundglassError,
    NoCameraError,
    OtherCardFileError,
    SessionError,
)
from groundglass.model.camera import CameraState, CameraStatus, RemoteFile
from groundglass.model.places import CardPolicy
from groundglass.model.shot import ShotFile
from groundglass.priority import work_humbly
from groundglass.session.backup import Backup
from groundglass.session.clearing import CardCopy, clear
from groundglass.session.disk import Disk
from groundglass.session.store import SessionStore

_log = logging.getLogger(__name__)

_REST_S = 1.0  # of the camera, before it is asked
_LOOK_S = 0.25
_AGAIN_S = 5.0
_WAITS_FOR_CAMERA = (CameraLostError, NoCameraError, CameraBusyError)
_ASK_LIMIT_S = 30.0


class CardStatus(Struct, frozen=True):
    """What becomes of the card's copies, and how far that has come."""

    policy: CardPolicy = CardPolicy.KEEP
    due: int = 0  # files that wait for their backup, or for the camera to rest
    cleared: int = 0  # files deleted from the card since the session was opened
    kept: tuple[str, ...] = ()  # of files that had to stay on the card: which, and why


class Clearing:
    """One session at a time. Any thread may call; `close` waits."""

    def __init__(
        self,
        ask: Callable[[msg.Request], Future[object]],
        camera: Callable[[], CameraStatus],
        on_change: Callable[[CardStatus], None],
        on_cleared: Callable[[ShotFile], None],
    ) -> None:
        """`on_change` and `on_cleared` are called on this thread, or the one that calls `use`."""
        self._ask = ask
        self._camera = camera
        self._on_change = on_change
        self._on_cleared = on_cleared
        self._wake = threading.Event()
        self._is_closing = False
        self._store: SessionStore | None = None
        self._backup: Backup | None = None
        self._kept: dict[str, str] = {}  # sentences by path, of this run
        self._cleared = 0
        self._busy_at = 0.0
        self._waits_for_disk = False
        self._status = CardStatus()
        self._thread = threading.Thread(target=self._run, name="clearing", daemon=True)
        self._thread.start()

    @property
    def status(self) -> CardStatus:
        return self._status

    @property
    def can_go_on(self) -> bool:
        """Tell whether something can be deleted now, if the camera is there."""
        store, backup = self._store, self._backup
        if store is None or backup is None or store.card_policy is CardPolicy.KEEP:
            return False
        if self._waits_for_disk:
            return False
        return any(one.path not in self._kept and backup.is_safe(one.path) for one in store.due)

    def use(self, store: SessionStore | None, backup: Backup | None) -> None:
        """Work for this session, whose frames have their second copy there."""
        if store is not self._store:
            self._kept, self._cleared = {}, 0
        self._store, self._backup = store, backup
        self.look()

    def camera_works(self) -> None:
        """Give way: the camera exposes or transfers."""
        self._busy_at = time.monotonic()

    def look(self) -> None:
        """Tell what has changed, and look soon whether something can be deleted."""
        self._tell()
        self._wake.set()

    def finish(self, timeout_s: float) -> bool:
        """Wait until all is deleted that can be now; tell whether that came to pass."""
        deadline = time.monotonic() + timeout_s
        self._waits_for_disk = False  # it is looked for once more
        self._wake.set()
        while self._camera().state.is_connected and self.can_go_on:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def close(self, limit_s: float) -> bool:
        """End behind the file that is under way; tell whether that came to pass in this time."""
        self._is_closing = True
        self._wake.set()
        self._thread.join(limit_s)
        return not self._thread.is_alive()

    # ---- the thread

    def _run(self) -> None:
        work_humbly()
        while not self._is_closing:
            self._wake.wait(_AGAIN_S if self._status.due else None)
            self._wake.clear()
            store, backup = self._store, self._backup
            if store is None or backup is None or store.card_policy is CardPolicy.KEEP:
                continue
            try:
                self._clear_all(store, backup)
            except Exception:  # noqa: BLE001 - the thread must live on: the next session's cards are its too
                _log.exception("The look at what is to be deleted from the card failed")

    def _clear_all(self, store: SessionStore, backup: Backup) -> None:
        for file in store.due:
            if file.path in self._kept or not backup.is_safe(file.path):
                continue
            if not self._wait_for_rest(store) or self._store is not store:
                return
            try:
                clear(file, store, backup.reread, self._erase)
            except (*_WAITS_FOR_CAMERA, BackupAwayError) as err:
                _log.info("%s stays on the card for now: %s", file.original, err)
                self._waits_for_disk = isinstance(err, BackupAwayError)
                return
            except (CameraError, SessionError) as err:
                if not Disk().is_folder(store.path):  # away: it says nothing of the frame
                    _log.info("%s stays on the card until its session is back", file.original)
                    self._waits_for_disk = True
                    return
                if file in store.due:  # else it went into the trash meanwhile
                    self._keep(file, err)
            except Exception as err:  # noqa: BLE001 - a fault here must not end the thread, nor cost a frame
                _log.exception("Deleting %s from the card failed", file.original)
                self._keep(file, SessionError(f"{file.original} stays on the card: {err}."))
            else:
                self._cleared += 1
                self._on_cleared(file)
                self._tell()

    def _keep(self, file: ShotFile, error: GroundglassError) -> None:
        _log.info("%s stays on the card: %s", file.original, error)
        told = error.message if isinstance(error, OtherCardFileError) else str(error)
        self._kept[file.path] = told
        self._tell()

    def _wait_for_rest(self, store: SessionStore) -> bool:
        """Wait until the camera rests; False when it is not there, or there is no time left."""
        while not self._is_closing and self._store is store:
            if not self._camera().state.is_connected:
                return False
            is_at_rest = self._camera().state in (CameraState.READY, CameraState.LIVE)
            if is_at_rest and time.monotonic() - self._busy_at >= _REST_S:
                return True
            self._wake.wait(_LOOK_S)
            self._wake.clear()
        return False

    def _erase(self, copy: CardCopy) -> None:
        info = self._camera().info
        if info is None or info.serial != copy.serial:
            raise NoCameraError(f"The body that made {copy.file.original} is not connected.")
        folder, _, name = copy.file.card_path.rpartition("/")
        remote = RemoteFile(folder, name, copy.file.size_bytes, copy.card_time)
        request = msg.Erase(remote, copy.serial, copy.head_sha256, copy.head_bytes)
        answer = self._ask(request)
        try:
            is_deleted = answer.result(_ASK_LIMIT_S)
        except TimeoutError as err:
            raise CameraBusyError(f"The camera was too busy to delete {copy.file.original}.") from err
        _log.info("%s: %s", copy.file.card_path, "deleted" if is_deleted else "gone from the card already")

    def _tell(self) -> None:
        store = self._store
        if store is None:
            status = CardStatus()
        else:
            due = [one for one in store.due if one.path not in self._kept]
            status = CardStatus(store.card_policy, len(due), self._cleared, tuple(self._kept.values()))
        if status != self._status:
            self._status = status
            self._on_change(status)

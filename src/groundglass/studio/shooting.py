"""From the release to the file in the session: one path for the computer's releases and the body's.

A release waits until the camera says that all of its files have come; each file is stored as it arrives. A
file belongs to a shot by its name on the card, else by the exposure that it arrived in; a second file of the
same role starts a new shot. One that lagged behind the end of the program finds its shot in the session.
Longer than most modules: it is one thread's work on one queue.
"""

from __future__ import annotations

import logging
import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path, PurePosixPath

from msgspec import Struct, field

from groundglass.camera import messages as msg
from groundglass.errors import CaptureError, GroundglassError, NoOpenSessionError, SessionError
from groundglass.model.camera import CameraInfo, RemoteFile
from groundglass.model.shot import FileRole, Shot
from groundglass.session.store import SessionStore
from groundglass.studio.connection import refused
from groundglass.studio.events import Event, Problem, ProblemSolved, ShotStored
from groundglass.studio.releases import Releases

_log = logging.getLogger(__name__)

_RECENT_SHOTS = 50
_DISK_EVERY_S = 5.0
_LOOK_S = 0.1
# Between the first and the last file of one exposure: a full buffer goes to a slow card in that time.
_ONE_EXPOSURE_S = 60.0


class _OpenShot(Struct):
    """A shot that may still get files."""

    number: int
    release_id: int | None
    asked_at: float | None
    serial: str  # of the body; "" if it tells none
    modified_s: float  # as the card tells of its first file; 0 if it does not
    keys: set[str] = field(default_factory=set)
    shot: Shot | None = None
    is_open: bool = True
    has_lagged: bool = False  # behind a file that was there before


class _Arrival(Struct, frozen=True):
    file: msg.FileArrived
    camera: CameraInfo | None
    card_path: str  # "" for what came out of the camera's memory


class _Deleted(Struct, frozen=True):
    """The camera may use this name again, for another picture."""

    key: str


class _Connected(Struct, frozen=True):
    """Of the exposures before, nothing comes any more but what is fetched from the card."""


class _Opened(Struct, frozen=True):
    """What arrives behind this is for another session."""

    store: SessionStore | None
    then: Callable[[], None]
    done: Future[None]


_Entry = _Deleted | _Connected | _Opened | threading.Event | None


class Shooting:
    """Stores what arrives, in the order of its arrival, on one thread of its own."""

    def __init__(
        self, announce: Callable[[Event], None], when_idle: Callable[[], None] = lambda: None
    ) -> None:
        """Announce on the storing thread; `when_idle` is called there every few seconds of rest."""
        self._announce = announce
        self._when_idle = when_idle
        self._lock = threading.Lock()
        self._store: SessionStore | None = None
        self._releases = Releases()
        self._shots: list[_OpenShot] = []
        self._queue: queue.SimpleQueue[_Arrival | msg.ExposureEnded | _Entry] = queue.SimpleQueue()
        self._waiting = 0
        self._hashes: set[str] = set()  # of all that is in the session
        self._by_card_name: dict[str, list[int]] | None = None  # its shots when it was opened, once asked for
        self._arrived: set[str] = set()  # card paths of this connection, stored or about to be
        self.disk_free_bytes: int | None = None
        self._thread = threading.Thread(target=self._run, name="storing", daemon=True)
        self._thread.start()

    # ---- any thread

    def use(self, store: SessionStore | None, then: Callable[[], None] = lambda: None) -> Future[None]:
        """Store into this session what arrives from now on; what has arrived goes into the one before.

        then: called on the storing thread in between.  The Future is done behind that; it can be cancelled
        until then, for instance if the disk of the session before hangs.
        """
        done: Future[None] = Future()
        self._queue.put(_Opened(store, then, done))
        return done

    def release(
        self,
        ask: Callable[[msg.Request], Future[object]],
        *,
        bulb: bool = False,
        hold: bool = False,
        with_autofocus: bool = True,
    ) -> Future[Shot]:
        """Fire through `ask`; the Future gives the stored shot, of a held button the first one."""
        with self._lock:
            is_open = self._store is not None
        if not is_open:
            return refused(NoOpenSessionError())
        return self._releases.fire(ask, bulb=bulb, hold=hold, with_autofocus=with_autofocus)

    def end_bulb(self, ask: Callable[[msg.Request], Future[object]]) -> Future[Shot]:
        """Close the shutter through `ask`; gives the shot of the newest release."""
        return self._releases.end_bulb(ask)

    def file_arrived(self, file: msg.FileArrived, camera: CameraInfo | None) -> None:
        card_path = "" if file.folder in ("", "/") else RemoteFile(file.folder, file.name).path
        with self._lock:
            if card_path:
                self._arrived.add(card_path)
            self._waiting += 1
        self._queue.put(_Arrival(file, camera, card_path))

    def exposure_ended(self, ended: msg.ExposureEnded) -> None:
        self._queue.put(ended)

    def has_arrived(self, file: RemoteFile) -> bool:
        """Tell whether this card file came since the camera was connected; it may not be stored yet."""
        with self._lock:
            return file.path in self._arrived

    def card_file_deleted(self, path: str) -> None:
        """Expect another picture under this name on the card."""
        with self._lock:
            self._arrived.discard(path)
        self._queue.put(_Deleted(_stem_on_card(path)))

    def camera_connected(self) -> None:
        """Begin anew: on another card the same names may stand for other pictures."""
        with self._lock:
            self._arrived.clear()
        self._queue.put(_Connected())

    def camera_lost(self, error: GroundglassError) -> None:
        """Give up the releases whose pictures cannot come any more."""
        self._releases.fail_all(error)

    @property
    def waiting(self) -> int:
        """Return how many files have arrived and are not stored yet."""
        return self._waiting

    def flush(self, timeout_s: float) -> bool:
        """Wait until all that has arrived so far is stored; tell whether that came to pass."""
        reached = threading.Event()
        self._queue.put(reached)
        return reached.wait(timeout_s)

    def close(self, still_s: float) -> bool:
        """Store what has arrived, and end; tells whether that came to pass, or nothing moved for so long."""
        self._queue.put(None)
        left, moved_at = self._waiting, time.monotonic()
        while self._thread.is_alive():
            self._thread.join(_LOOK_S)
            if self._waiting != left:
                left, moved_at = self._waiting, time.monotonic()
            elif time.monotonic() - moved_at > still_s:
                return False
        return True

    # ---- the storing thread

    def _rest(self) -> None:
        try:
            self._measure_disk()
            self._try_again()
            self._when_idle()
        except Exception:  # noqa: BLE001 - the next frame has to be stored, whatever the disk says now
            _log.exception("The look between two frames failed")

    def _run(self) -> None:
        while True:
            try:
                arrived = self._queue.get(timeout=_DISK_EVERY_S)
            except queue.Empty:
                self._rest()
                continue
            if arrived is None:
                return
            if isinstance(arrived, threading.Event):
                arrived.set()
                continue
            try:
                self._take(arrived)
            except GroundglassError as err:
                self._announce(Problem(err))
                if isinstance(arrived, _Arrival):
                    self._releases.fail(arrived.file.release_id, err)
            except Exception as err:  # noqa: BLE001 - the next frame must not be lost to this one's fault
                _log.exception("Storing %s failed", arrived)
                self._announce(
                    Problem(
                        SessionError(
                            f"A frame could not be stored: {err}.", "It lies in the incoming folder."
                        )
                    )
                )
            finally:
                if isinstance(arrived, _Arrival):
                    with self._lock:
                        self._waiting -= 1

    def _take(self, arrived: _Arrival | msg.ExposureEnded | _Deleted | _Connected | _Opened) -> None:
        match arrived:
            case _Arrival():
                self._keep(arrived)
                self._measure_disk()
            case _Deleted():
                for shot in self._shots:
                    shot.keys.discard(arrived.key)
            case _Connected():
                self._close_shots(self._shots)
            case _Opened() if arrived.done.set_running_or_notify_cancel():
                try:
                    self._change_to(arrived.store)
                    arrived.then()
                finally:
                    arrived.done.set_result(None)
            case msg.ExposureEnded():
                self._end(arrived)

    def _change_to(self, store: SessionStore | None) -> None:
        with self._lock:
            self._store = store
        self._shots.clear()
        self._by_card_name = None
        shots = store.shots if store else ()
        self._hashes = {file.sha256 for shot in shots for file in shot.files}
        self._measure_disk()

    def _try_again(self) -> None:
        """Store what the disk refused, now that it may have room or be back."""
        store = self._store
        if store is None or not store.pending():
            return
        retried = store.retry()
        for shot in retried.stored:
            self._announce(ShotStored(shot, is_complete=True))
        if retried.stored and retried.error is None:
            self._announce(ProblemSolved(of_disk=True))

    def _measure_disk(self) -> None:
        store = self._store
        try:
            self.disk_free_bytes = shutil.disk_usage(store.path).free if store else None
        except OSError as err:
            _log.info("The free space cannot be read: %s", err)
            self.disk_free_bytes = None

    def _keep(self, arrival: _Arrival) -> None:
        file = arrival.file
        with self._lock:
            store = self._store
        if store is None or Path(file.path).parent != store.incoming:
            raise SessionError(
                f"{file.name} arrived for a session that is closed.", f"It lies in {Path(file.path).parent}."
            )
        if self._is_known(store, arrival):
            _log.info("%s was stored before and is not stored again", file.name)
            Path(file.path).unlink()
            return
        shot = self._shot_of(store, arrival)
        shot.shot = store.commit(
            Path(file.path),
            number=shot.number,
            original=file.name,
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            is_synced=True,  # by the camera's process, before it told of the file
            card_modified_at=_moment(file) if file.modified_s else None,
            is_on_card=file.stays_on_card,
            card_path=arrival.card_path,
        )
        self._hashes.add(file.sha256)
        self._announce(self._stored(shot, shot.shot, is_complete=False))
        if file.lacks_end:
            name = shot.shot.files[-1].path
            self._announce(
                Problem(
                    CaptureError(
                        f"{name} came incomplete out of the camera's memory: its end is missing.",
                        "It is stored as it came. Look at it, and take the picture again.",
                    )
                )
            )

    def _is_known(self, store: SessionStore, arrival: _Arrival) -> bool:
        """Tell whether the very bytes of this file are in the session.

        A body that comes back may announce again what it had announced, out of its memory too.
        """
        sha256 = arrival.file.sha256
        if sha256 not in self._hashes:
            return False
        serial = arrival.camera.serial if arrival.camera else ""
        return any(
            one.sha256 == sha256 and one.card_path == arrival.card_path
            for shot in store.known_shots
            if shot.serial == serial
            for one in shot.files
        )

    def _stored(self, of: _OpenShot, shot: Shot, *, is_complete: bool) -> ShotStored:
        since_s = None if of.asked_at is None else time.monotonic() - of.asked_at
        return ShotStored(shot, is_complete, since_s, has_lagged=of.has_lagged)

    def _shot_of(self, store: SessionStore, arrival: _Arrival) -> _OpenShot:
        file, camera = arrival.file, arrival.camera
        role = FileRole.of(file.name)
        key = _stem_on_card(arrival.card_path)
        serial = camera.serial if camera else ""
        for known in reversed(self._shots):
            if known.serial != serial or not _are_of_one_time(known.modified_s, file.modified_s):
                continue  # names begin anew on another body, and on a card that was formatted
            same = key in known.keys if key else False
            # In the camera's memory each file has a name of its own: the exposure is what they share.
            same = same or (
                known.is_open and known.release_id == file.release_id and (not known.keys or not key)
            )
            if same and (known.shot is None or known.shot.file(role) is None):
                if key:
                    known.keys.add(key)
                return known
        half = self._half_of(store, arrival, role) if key else None
        if half is not None:
            joined = _OpenShot(
                half.number, file.release_id, None, serial, file.modified_s, {key}, half, has_lagged=True
            )
            self._shots.append(joined)
            return joined
        release = self._releases.get(file.release_id)
        arrived_at = _moment(file) if file.is_fetched else datetime.now().astimezone()
        number = store.begin_shot(
            release.taken_at if release else arrived_at,
            camera=camera.model if camera else "",
            serial=serial,
        )
        asked_at = release.asked_at if release else None
        shot = _OpenShot(number, file.release_id, asked_at, serial, file.modified_s)
        if key:
            shot.keys.add(key)
        self._shots.append(shot)
        del self._shots[:-_RECENT_SHOTS]
        return shot

    def _half_of(self, store: SessionStore, arrival: _Arrival, role: FileRole) -> Shot | None:
        """Return the shot that lacks this file since the program ended, or another session was opened."""
        if self._by_card_name is None:
            self._by_card_name = {}
            for shot in store.shots:
                for name in {_name_on_card(one.card_path) for one in shot.files if one.card_path}:
                    self._by_card_name.setdefault(name, []).append(shot.number)
        serial = arrival.camera.serial if arrival.camera else ""
        for number in reversed(self._by_card_name.get(_name_on_card(arrival.card_path), ())):
            half = next((one for one in store.shots if one.number == number), None)
            if half is None or half.serial != serial or half.file(role) is not None:
                continue  # thrown away, perhaps
            card_time = store.origin(half.files[0])[1]
            modified_s = arrival.file.modified_s
            if card_time and modified_s and _are_of_one_time(card_time, modified_s):
                return half
        return None

    def _end(self, ended: msg.ExposureEnded) -> None:
        done = self._close_shots(one for one in self._shots if one.release_id == ended.release_id)
        if ended.release_id is None:
            return
        if ended.error is not None:
            self._announce(Problem(ended.error))
        stored = next((one.shot for one in done if one.shot is not None), None)
        if stored is None:
            self._releases.fail(
                ended.release_id,
                ended.error or CaptureError("The release gave no picture.", "Look at the camera."),
            )
            return
        self._releases.end(ended.release_id, stored)

    def _close_shots(self, shots: Iterable[_OpenShot]) -> list[_OpenShot]:
        """Announce those that were still open as complete; return them."""
        closed = [one for one in shots if one.is_open]
        for shot in closed:
            shot.is_open = False
            if shot.shot is not None:
                self._announce(self._stored(shot, shot.shot, is_complete=True))
        return closed


def _are_of_one_time(one_s: float, other_s: float) -> bool:
    """Tell whether the card's times of two files can be those of one exposure; 0: not known."""
    return not one_s or not other_s or abs(one_s - other_s) <= _ONE_EXPOSURE_S


def _stem_on_card(path: str) -> str:
    return path.removesuffix(PurePosixPath(path).suffix)


def _name_on_card(path: str) -> str:
    """Return a picture's folder and name; the slot before them is numbered anew at each connection."""
    return "/".join(PurePosixPath(_stem_on_card(path)).parts[-2:]).casefold()


def _moment(file: msg.FileArrived) -> datetime:
    if file.modified_s:
        return datetime.fromtimestamp(file.modified_s).astimezone()
    return datetime.now().astimezone()

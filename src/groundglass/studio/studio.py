"""One photographer's desk: a camera, a session, and the pictures that arrive."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

from groundglass.camera import hub
from groundglass.camera import messages as msg
from groundglass.camera.bus import Computer
from groundglass.camera.client import CameraClient, ClientEvent
from groundglass.errors import (
    CameraError,
    CameraHeldError,
    CameraLostError,
    DiskFullError,
    GroundglassError,
    NoCameraError,
    PictureLostError,
    SessionError,
    UsageError,
)
from groundglass.model.camera import CameraInfo, CameraState, CameraStatus, LiveZoom
from groundglass.model.equivalent import TRIANGLE, compensate
from groundglass.model.exposure import Special
from groundglass.model.matching import find_choice
from groundglass.model.places import CardPolicy, Place
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.model.shot import ManualLens, Shot
from groundglass.session.backup import Backup, BackupState, BackupStatus
from groundglass.session.store import SessionStore
from groundglass.studio import white
from groundglass.studio.at_risk import picture_at_risk
from groundglass.studio.backlog import Backlog, Source
from groundglass.studio.chosen import Chosen
from groundglass.studio.clearing import CardStatus, Clearing
from groundglass.studio.copies import Copies, count_copies
from groundglass.studio.events import (
    BacklogChanged,
    BackupChanged,
    CardChanged,
    Event,
    Listener,
    Problem,
    ProblemSolved,
    SessionOpened,
    ShotStored,
    StatusChanged,
    Warned,
)
from groundglass.studio.leaving import Leaving, sentences
from groundglass.studio.link import Link, link_of
from groundglass.studio.liveview import LiveView
from groundglass.studio.logbook import Logbook
from groundglass.studio.milestones import Milestones
from groundglass.studio.next_frames import NextFrames
from groundglass.studio.preferences import Preferences
from groundglass.studio.presets import Presets
from groundglass.studio.reviews import Reviews
from groundglass.studio.sessions import Sessions
from groundglass.studio.shooting import Shooting
from groundglass.studio.sidecars import Sidecars
from groundglass.studio.sleep import SleepGuard
from groundglass.studio.trash import ShotTrash
from groundglass.studio.virtual_camera import PREFIX, USUAL, VirtualCameraProcess
from groundglass.studio.warnings import Warnings

_log = logging.getLogger(__name__)

_FINISH_S = 30.0
_SLEEP_DELAY_S = 4.0  # logind waits five seconds
_BACKUP_END_S = 10.0
_SIDECARS_END_S = 10.0
_SOON_S = 5.0
_TAKING = (CameraState.EXPOSING, CameraState.TRANSFERRING)
_ROOM_BYTES = 500_000_000  # some frames of any camera
T = TypeVar("T")


class Studio:
    """The one thing that every client drives: desktop, command line, scripts.

    Any thread may call any method. What takes time gives a Future; listeners are called on the studio's
    own threads and must return at once.
    """

    def __init__(
        self, driver_settings: Path, computer: Computer | None = None, chosen: Chosen | None = None
    ) -> None:
        """Keep each body's libgphoto2 settings below `driver_settings`; chosen: by default this user's."""
        self.chosen = chosen or Chosen()
        self.log = Logbook()
        self._milestones = Milestones()
        self._computer = computer or Computer()
        self._driver_settings = driver_settings
        self._lock = threading.RLock()
        self._listeners: tuple[Listener, ...] = ()
        self._client: CameraClient | None = None
        self._virtual: VirtualCameraProcess | None = None
        self._last_virtual: tuple[str, tuple[str, ...]] = (USUAL, ())  # what it was asked for, its options
        self._store: SessionStore | None = None
        self._session_opened_at = datetime.now().astimezone()
        self._refused_at: datetime | None = None  # when a session was wanted and none could be opened
        self._backlog: Backlog | None = None
        self._backlog_left = 0
        self._was_connected = False
        self._was_taking = False  # when it was last heard of
        self._failed_at = -_SOON_S  # monotonic; a picture did not come
        self._at_risk: PictureLostError | None = None  # to be told when the camera is back
        self._has_trouble = False
        self._shooting = Shooting(self._announce_shot, self._look_for_room)
        self._backup_folder: Path | None = None
        self._backup: Backup | None = None
        self._card_policy = CardPolicy.KEEP
        self._lens: ManualLens | None = None
        self._sidecars = Sidecars(lambda error: self._announce(Problem(error)), self.sidecars_changed)
        self._reviews = Reviews(self._announce, self._sidecars)
        self.trash = ShotTrash(lambda: self._store, lambda: self._backup, self._sidecars, self._announce)
        self._lacks_room = False  # pictures stayed on the card because the disk was full
        self._warnings = Warnings(self._announce)
        self._clearing = Clearing(
            self._ask,
            lambda: self.status,
            lambda status: self._announce(CardChanged(status)),
            lambda file: self._shooting.card_file_deleted(file.card_path),
        )
        self._sleep_guard: SleepGuard | None = None
        self._live = LiveView()
        self._keeps_exposure = False
        self._pairs = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pairs")
        self.presets = Presets(self)
        self._obeys = self.chosen.subscribe(self._obey)
        self._obeyed = self.chosen.now
        self.sessions = Sessions(self, lambda: self._store, self._announce)
        # One job at a time: connecting to a camera ends the connection before it.
        self._jobs = ThreadPoolExecutor(max_workers=1, thread_name_prefix="studio")

    # ---- what is

    @property
    def status(self) -> CameraStatus:
        client = self._client
        return client.status if client else CameraStatus()

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Return the shots of the open session, oldest first."""
        store = self._store
        return store.shots if store else ()

    @property
    def session_path(self) -> Path | None:
        store = self._store
        return store.path if store else None

    @property
    def next_name(self) -> str:
        """Return the name, without its ending, that the next shot will get; empty without a session."""
        store, info = self._store, self.status.info
        if store is None:
            return ""
        return store.next_stem(
            datetime.now().astimezone(),
            camera=info.model if info else "",
            serial=info.serial if info else "",
        )

    @property
    def recovered(self) -> tuple[str, ...]:
        """Return, in sentences, what was found and done when the session was opened; empty if all well."""
        store = self._store
        return tuple(store.recovery.sentences) if store else ()

    @property
    def live(self) -> LiveView:
        return self._live

    @property
    def reviews(self) -> Reviews:
        """Return what is said of the shots, and where to say it."""
        return self._reviews

    @property
    def disk_free_bytes(self) -> int | None:
        """Return the room on the session's disk, at most some seconds old; None if it is unknown."""
        return self._shooting.disk_free_bytes

    @property
    def virtual_control_port(self) -> int | None:
        """Return where the private virtual camera takes commands; None if none runs."""
        virtual = self._virtual
        return virtual.control_port if virtual else None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell this listener every event; returns the way to end that."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(one for one in self._listeners if one is not listener)

        return unsubscribe

    @property
    def connection_error(self) -> GroundglassError | None:
        """Return why the last attempt to connect failed; None if it did not, or there was none."""
        client = self._client
        return client.error if client else None

    # ---- camera

    def find_cameras(self, *, with_serial: bool = False) -> Future[tuple[CameraInfo, ...]]:
        """List the cameras on the bus."""
        return self._jobs.submit(hub.find_cameras, self._driver_settings, with_serial=with_serial)

    def connect(self, address: str | None = None, *, virtual_options: tuple[str, ...] = ()) -> Future[None]:
        """Connect a camera and keep it connected; the Future ends when the attempts begin.

        Name it by address, serial number or part of its model; `virtual:nikon` starts a private one;
        None takes the only one, now or as soon as one is plugged in.
        """
        return self._job(lambda: self._connect(address, virtual_options))

    def start_virtual_camera(self) -> Future[None]:
        """Start a private virtual camera and connect to it; the same as last, if there was one."""
        address, options = self._last_virtual
        return self.connect(address, virtual_options=options)

    def disconnect(self) -> Future[None]:
        """Let the camera go."""
        return self._job(self._disconnect)

    def free_camera(self) -> Future[None]:
        """Make the program that holds the camera let go, and try again; never as root.

        The Future ends when it has let go; it fails with CameraHeldError if nobody could be made to.
        """
        return self._jobs.submit(self._free_camera)

    def keep_exposure(self, keeps: bool) -> None:
        """Have shutter, aperture and ISO make up for each other from now on, or each stand alone."""
        self._keeps_exposure = keeps

    @property
    def keeps_exposure(self) -> bool:
        return self._keeps_exposure

    def set(
        self, setting_id: SettingId, wanted: Choice | str, *, keeps_exposure: bool | None = None
    ) -> Future[Setting]:
        """Set a setting to one of its choices, or to what the photographer typed.

        keeps_exposure: another value makes up for it; None: if keep_exposure was asked for.
        The Future gives what the camera kept; it fails with UsageError if nothing fits, with
        SettingRefusedError if the camera kept another value.
        """
        try:
            setting = self.status.setting(setting_id)
            if isinstance(wanted, str):
                if setting is None:
                    raise self._unknown(setting_id)
                wanted = find_choice(setting, wanted)
            keeps = self._keeps_exposure if keeps_exposure is None else keeps_exposure
            if keeps and setting is not None and setting_id in TRIANGLE:
                settings = {one.id: one for one in self.status.settings}
                other, compensation = compensate(settings, setting_id, wanted)
                return self._set_both(setting, wanted, other, compensation)
        except GroundglassError as err:
            return _failed(err)
        return cast("Future[Setting]", self._ask(msg.Set(setting_id, wanted.raw)))

    def _set_both(
        self, turned: Setting, wanted: Choice, other: SettingId, compensation: Choice
    ) -> Future[Setting]:
        """Set a value and the one that makes up for it; if that is refused, the first goes back."""

        def set_them() -> Setting:
            kept = self._ask(msg.Set(turned.id, wanted.raw)).result()
            try:
                self._ask(msg.Set(other, compensation.raw)).result()
            except GroundglassError:
                if turned.current is not None:
                    self._ask(msg.Set(turned.id, turned.current.raw)).result()
                raise
            return cast("Setting", kept)

        return self._pairs.submit(set_them)

    def use_kelvin(self, kelvin: float) -> Future[Setting]:
        """Have the body balance its pictures for this temperature, or the nearest that it offers.

        The Future gives what the camera kept; it fails with UsageError if the body takes no kelvin.
        """
        try:
            white.check(self.status)
        except GroundglassError as err:
            return _failed(err)

        def set_it() -> Setting:
            mode = white.kelvin_mode(self.status)
            if mode is not None:
                self._ask(msg.Set(SettingId.WHITE_BALANCE, mode.raw)).result()
            temperature = self.status.setting(SettingId.COLOR_TEMPERATURE)
            if temperature is None:
                raise self._unknown(SettingId.COLOR_TEMPERATURE)
            wanted = white.nearest(temperature, kelvin)
            return cast("Setting", self._ask(msg.Set(SettingId.COLOR_TEMPERATURE, wanted.raw)).result())

        return self._pairs.submit(set_it)

    def drive_focus(self, step: int) -> Future[None]:
        """Move the focus: -3 to -1 nearer, 1 to 3 farther."""
        return cast("Future[None]", self._ask(msg.DriveFocus(step)))

    def autofocus(self) -> Future[None]:
        return cast("Future[None]", self._ask(msg.Autofocus()))

    def focus_at(self, x: float, y: float, *, with_autofocus: bool = True) -> Future[None]:
        """Put the focus point at x, y (0..1 of the frame, from upper left), and focus there.

        For a body with Capability.AF_POINT; status.focus_point tells where it is. A point of a magnified
        picture is turned into one of the frame by status.live_zoom.in_frame(). The Future fails with
        FocusMissedError if nothing there can be focused.
        """
        return cast("Future[None]", self._ask(msg.FocusAt(_share(x), _share(y), with_autofocus)))

    def zoom_live(self, power: float, x: float | None = None, y: float | None = None) -> Future[LiveZoom]:
        """Magnify the live picture around x, y (0..1 of the frame); power 1 shows the whole picture.

        For a body with Capability.LIVE_ZOOM, while its live view runs. The nearest of
        status.live_zoom.powers is taken. Without a place: around what is shown, or the focus point. The
        Future gives what is shown then, which status.live_zoom tells too.
        """
        status = self.status
        around = status.focus_point or (0.5, 0.5)
        if status.live_zoom is not None and not status.live_zoom.is_whole:
            around = (status.live_zoom.x, status.live_zoom.y)
        x, y = around[0] if x is None else x, around[1] if y is None else y
        return cast("Future[LiveZoom]", self._ask(msg.ZoomLive(power, _share(x), _share(y))))

    def start_live(self) -> Future[None]:
        """Start the live view, and keep it across reconnects until stop_live."""
        client = self._client
        if client is None:
            return _failed(_no_camera())
        self._live.start(client.take_frame)
        return cast("Future[None]", client.want_live(True))

    def stop_live(self) -> Future[None]:
        client = self._client
        self._live.stop()
        return cast("Future[None]", client.want_live(False)) if client else _failed(_no_camera())

    # ---- shooting

    def release(self, *, with_autofocus: bool | None = None) -> Future[Shot]:
        """Fire; the Future gives the shot when all of its files are stored.

        with_autofocus: focus first, if body and lens are set to autofocus; None: as is preferred.
        """
        if self._is_set_to_bulb():
            return _failed(_bulb_is_set())
        return self._shooting.release(self._ask, with_autofocus=self._focuses_first(with_autofocus))

    def hold_shutter(self, *, with_autofocus: bool | None = None) -> Future[Shot]:
        """Press the button and keep it down until let_go: in a continuous drive the body fires on.

        For a body with Capability.HOLD. The Future gives the first shot; the others are announced as they
        are stored.
        """
        if self._is_set_to_bulb():
            return _failed(_bulb_is_set())
        focuses = self._focuses_first(with_autofocus)
        return self._shooting.release(self._ask, hold=True, with_autofocus=focuses)

    def _focuses_first(self, wanted: bool | None) -> bool:
        return self.chosen.now.autofocus if wanted is None else wanted

    def let_go(self) -> Future[None]:
        """Let the button go that hold_shutter holds."""
        return cast("Future[None]", self._ask(msg.LetGo()))

    def start_bulb(self) -> Future[Shot]:
        """Open the shutter; the Future gives the shot after end_bulb, when all of its files are stored."""
        return self._shooting.release(self._ask, bulb=True)

    def end_bulb(self) -> Future[Shot]:
        """Close the shutter; gives the same shot as start_bulb."""
        waiting = self._shooting.open_bulb()
        answer = self._ask(msg.EndBulb())
        result: Future[Shot] = Future()

        def ended(closed: Future[object]) -> None:
            error = closed.exception()
            if error is not None or waiting is None:
                result.set_exception(error or UsageError("No bulb exposure is running.", "Start one first."))
            else:
                waiting.add_done_callback(lambda done: _pass_on(done, result))

        answer.add_done_callback(ended)
        return result

    # ---- session

    def open_session(self, path: Path, template: str | None = None) -> None:
        """Open or begin a session in this folder; raises SessionError or TemplateError.

        template: None keeps the session's own; a new one begins with the preferred. If no session is open,
        what the camera's card gets between a refusal and the next open is fetched then.
        """
        if template is None and not SessionStore.is_at(path):
            template = self.chosen.now.template or None
        now = datetime.now().astimezone()
        try:
            store = self._claim(path, template)
        except SessionError:
            if self._store is None and self._refused_at is None:
                self._refused_at = now
            raise
        with self._lock:
            before, self._store = self._store, store
            refused_at, self._refused_at = self._refused_at, None
            self._session_opened_at = refused_at or now
            self._shooting.use(store)
            if self._client is not None:
                self._client.store_in(store.incoming)
        self._start_backup()
        self._reviews.use(store.path, store.shots)
        if before is not None:
            before.close()
        self._announce(SessionOpened(str(store.path)))
        info = self.status.info
        if refused_at is not None and info is not None:
            self._start_backlog(store, info.serial, refused_at)

    def _claim(self, path: Path, template: str | None) -> SessionStore:
        store = SessionStore.open(path) if template is None else SessionStore.open(path, template=template)
        try:
            store.card_policy = self._card_policy
        except SessionError:
            store.close()
            raise
        return store

    def use_backup(self, folder: Path | None) -> None:
        """Keep a verified second copy of every frame below this folder; None: no second copy.

        Without one the card's copies are kept from now on.
        """
        if folder is None and self._card_policy is not CardPolicy.KEEP:
            self.use_card_policy(CardPolicy.KEEP)
        self._backup_folder = folder
        self._start_backup()

    def use_card_policy(self, policy: CardPolicy) -> None:
        """Choose what becomes of the card's copies of the frames that are stored from now on.

        Raises UsageError if they are to be deleted and there is no backup, SessionError.
        """
        if policy is not CardPolicy.KEEP and self._backup_folder is None:
            raise UsageError(
                "The card's copies are not deleted, as there is no backup.",
                "Choose a backup folder first: then each frame has two proven copies before the card's goes.",
            )
        if self._store is not None:
            self._store.card_policy = policy
        self._card_policy = policy
        self._clearing.look()

    @property
    def card(self) -> CardStatus:
        """Return what becomes of the card's copies, and how far that has come."""
        return self._clearing.status

    def places(self, shot: Shot) -> frozenset[Place]:
        """Return the places that hold every file of a shot of this session; touches no disk.

        It can change with ShotStored, BackupChanged and CardChanged.
        """
        store, backup = self._store, self._backup
        if store is None or not shot.files:
            return frozenset()
        holds = {
            Place.CARD: lambda file: store.is_on_card(file.path),
            Place.DISK: lambda file: file.path not in store.recovery.missing,
            Place.BACKUP: lambda file: backup is not None and backup.is_safe(file.path),
        }
        return frozenset(place for place, has in holds.items() if all(map(has, shot.files)))

    def copies(self) -> Copies:
        """Count where the shots of this session live; touches no disk, slow for thousands of them."""
        return count_copies(self.shots, self.places, self.card, self.backup)

    def link(self) -> Link | None:
        """Return how the camera is connected; None without one. Reads the system's records."""
        status = self.status
        if status.info is None or not status.state.is_connected:
            return None
        return link_of(status.info.address, self._computer)

    def sidecars_changed(self) -> None:
        """Bring sidecars that were written just now into the second copy soon."""
        backup = self._backup
        if backup is not None:
            backup.look_for_sidecars()

    def use_lens(self, lens: ManualLens | None) -> None:
        """Write this lens into the sidecar of every shot from now on; None: the camera knows its lens."""
        self._lens = lens

    @property
    def lens(self) -> ManualLens | None:
        """Return the lens without electronics that was told; None if there is none."""
        return self._lens

    @property
    def next_frames(self) -> NextFrames:
        """Return what goes into the sidecars from now on: as chosen, with the lens that was told."""
        chosen = NextFrames.chosen(self.chosen.now)
        return replace(chosen, lens=self._lens) if self._lens is not None else chosen

    @property
    def backup(self) -> BackupStatus | None:
        """Return how the second copy stands; None if there is none."""
        backup = self._backup
        return backup.status if backup else None

    def finish_storing(self, timeout_s: float = 60.0) -> bool:
        """Wait until all that has arrived is stored, has its second copy, and left the card if it is to.

        Returns whether that came to pass; what could not be deleted from the card does not count.
        """
        stored = self._shooting.flush(timeout_s)
        deadline = time.monotonic() + timeout_s
        while (backup := self.backup) is not None and backup.state is BackupState.CATCHING_UP:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return self._clearing.finish(max(0.0, deadline - time.monotonic())) and stored

    def leaving(self) -> tuple[str, ...]:
        """Return, in sentences, what is under way and what would be left if the program ended now.

        `close` finishes an exposure and its transfer, for half a minute at most; the rest is taken up by the
        next start.  Empty: nothing would be left.  Touches no disk.
        """
        store, backup = self._store, self.backup
        return sentences(
            Leaving(
                self.status,
                backlog=self._backlog_left,
                lacks_room=self._lacks_room,
                arrived=self._shooting.waiting,
                refused=len(store.pending()) if store else 0,
                backup=backup.pending_files if backup and backup.state is not BackupState.SAFE else 0,
                due=self.card.due,
            )
        )

    def guard_sleep(self) -> None:
        """Keep the computer awake while pictures are on their way, and connect anew after sleep.

        For programs that run for long; where the system knows no such thing, nothing happens.
        """
        if self._sleep_guard is None:
            self._sleep_guard = SleepGuard(self._is_taking_pictures, self._before_sleep, self._after_sleep)

    def _is_taking_pictures(self) -> bool:
        return self.status.state in _TAKING or self._backlog_left > 0

    def finish_pictures(self, limit_s: float) -> None:
        """Let a picture that is under way arrive, and store it; blocks, not much longer than this."""
        self._let_it_finish(limit_s)
        self._shooting.flush(limit_s)

    def _before_sleep(self) -> None:
        """Use the time that the system waits."""
        self.finish_pictures(_SLEEP_DELAY_S)

    def _after_sleep(self) -> None:
        client = self._client
        if client is not None:
            client.connect_anew(CameraLostError("The computer was asleep.", "The camera is connected again."))

    def close(self) -> None:
        """Store what has arrived, let the camera go, end every thread and process; may block for seconds."""
        if self._sleep_guard is not None:
            self._sleep_guard.close()
        if self._backlog is not None:
            self._backlog.stop()
        self._clearing.close()
        self._let_it_finish()
        self._job(self._disconnect).exception()
        self._jobs.shutdown()
        if self._backlog is not None:
            self._backlog.join(_FINISH_S)
        self._shooting.close()
        self._reviews.close()
        self._sidecars.close(_SIDECARS_END_S)
        if self._backup is not None:
            self._backup.close(_BACKUP_END_S)
        if self._store is not None:
            self._store.close()
        self.sessions.close()
        self.presets.close()
        self._pairs.shutdown()
        self.chosen.close()

    def save_report(self, target: Path) -> Future[None]:
        """Write what a bug report needs into a text file; fails with SessionError."""

        def write() -> None:
            from groundglass.studio import bug_report, doctor

            found = doctor.examine_computer(self._driver_settings, self.session_path or target.parent)
            bug_report.save(bug_report.bug_report(found, self.status, self.log.lines), target)

        return self._jobs.submit(write)

    # ---- within

    def _let_it_finish(self, limit_s: float = _FINISH_S) -> None:
        """Wait for an exposure and its transfer, which a closed connection would cut; not for ever."""
        deadline = time.monotonic() + limit_s
        while self.status.state in _TAKING:
            if time.monotonic() > deadline:
                _log.warning("The camera was still busy after %.0f s and was let go", limit_s)
                return
            time.sleep(0.02)

    def _job(self, work: Callable[[], None]) -> Future[None]:
        def run() -> None:
            try:
                work()
            except GroundglassError as err:
                self._announce(Problem(err))
                raise

        return self._jobs.submit(run)

    def _connect(self, address: str | None, virtual_options: tuple[str, ...]) -> None:
        self._disconnect()
        if address is not None and address.startswith(PREFIX):
            self._virtual = VirtualCameraProcess(address, virtual_options, self._virtual_ended)
            self._last_virtual = address, virtual_options
            address = self._virtual.address
        client = CameraClient(address, self._on_client, self._driver_settings)
        with self._lock:
            self._client = client
            if self._store is not None:
                client.store_in(self._store.incoming)
        client.start()

    def _free_camera(self) -> None:
        client = self._client
        if client is None:
            raise _no_camera()
        self._computer.free(client.refused_address)
        client.try_now()

    def _disconnect(self) -> None:
        self._live.close()
        client, virtual = self._client, self._virtual
        if client is not None:
            client.close()
        self._client = None
        if virtual is not None:
            virtual.stop()
        self._virtual = None

    def _virtual_ended(self, ended: VirtualCameraProcess) -> None:
        """Give a private virtual camera up that is gone: nothing comes back by itself there."""

        def give_up() -> None:
            if self._virtual is not ended:
                return
            error = NoCameraError("The virtual camera has ended.", "Start it again. What was stored is safe.")
            self._has_trouble = True
            self._shooting.camera_lost(error)
            self._disconnect()
            self._announce(Problem(error))

        self._jobs.submit(give_up)

    def _fetch_backlog(self, status: CameraStatus) -> None:
        """Look for what was shot while nobody listened, where that can have happened."""
        store, begun_at = self._store, self._session_opened_at
        if store is None or status.info is None:
            return
        if store.shots:
            begun_at = min(begun_at, store.shots[0].taken_at)
        elif not self._has_trouble:
            return  # a new session on a camera that was not lost: nothing can have been missed
        self._start_backlog(store, status.info.serial, begun_at)

    def _look_at_card_again(self, *, is_missed: bool = True) -> None:
        """Fetch what a trouble left on the card; what lacks the room waits for it.

        is_missed: a picture should be there.
        """
        store, info = self._store, self.status.info
        if store is None or info is None or self._lacks_room:
            return
        begun_at = min([self._session_opened_at, *(shot.taken_at for shot in store.shots[:1])])
        self._start_backlog(store, info.serial, begun_at, is_missed=is_missed)

    def _start_backlog(
        self, store: SessionStore, serial: str, since: datetime | None, *, is_missed: bool = False
    ) -> Backlog:
        if self._backlog is not None:
            self._backlog.stop()
        source = Source(self._ask, store, serial, since, is_missed)
        self._backlog = Backlog(source, self._shooting, self._on_backlog)
        self._backlog.start()
        return self._backlog

    def _on_backlog(self, event: Event) -> None:
        if isinstance(event, BacklogChanged):
            self._backlog_left = event.left
        self._lacks_room |= isinstance(event, Problem) and isinstance(event.error, DiskFullError)
        self._announce(event)

    def fetch(self, since: datetime | None = None) -> Future[int]:
        """Fetch what lies on the card and not in the session; None: of any age. Gives the number of files."""
        store, info = self._store, self.status.info
        if store is None:
            return _failed(SessionError("No session is open.", "Open a session folder first."))
        if info is None:
            return _failed(_no_camera())
        return self._start_backlog(store, info.serial, since, is_missed=True).done

    def _ask(self, request: msg.Request) -> Future[object]:
        client = self._client
        return client.ask(request) if client else _failed(_no_camera())

    def _is_set_to_bulb(self) -> bool:
        shutter = self.status.setting(SettingId.SHUTTER)
        return bool(shutter and shutter.current and shutter.current.special is Special.BULB)

    def _unknown(self, setting_id: SettingId) -> GroundglassError:
        if not self.status.state.is_connected:
            return _no_camera()
        offered = ", ".join(one.id.value for one in self.status.settings if not one.id.is_status)
        return UsageError(f"This camera has no {setting_id.words}.", f"It has {offered}.")

    def _on_client(self, event: ClientEvent) -> None:
        match event:
            case CameraStatus():
                was_connected, self._was_connected = self._was_connected, event.state.is_connected
                if event.state.is_connected:
                    self._was_taking = event.state in _TAKING
                self._announce(StatusChanged(event))
                if event.state in _TAKING:
                    self._clearing.camera_works()
                if event.state.is_connected and not was_connected:
                    self._shooting.camera_connected()
                    self._fetch_backlog(event)
                    self._clearing.look()
                self._warnings.look_at_camera(event)
                if self._has_trouble and event.state.is_connected:
                    self._has_trouble = False
                    self._announce(ProblemSolved())
                    self._tell_what_is_lost()
            case msg.FileArrived():
                self._shooting.file_arrived(event, self.status.info)
            case msg.PictureLate():
                self._look_at_card_again(is_missed=False)
            case msg.ExposureEnded():
                self._shooting.exposure_ended(event)
                if event.error is not None:
                    self._failed_at = time.monotonic()
                    self._look_at_card_again()
            case msg.BodyLost() if self._virtual is not None and self._virtual.has_ended():
                _log.info("The private virtual camera is gone: %s", event.error)
            case msg.BodyLost():
                self._has_trouble = True
                # Of a link that breaks, a transfer may fail before anything else.
                if self._was_taking or time.monotonic() - self._failed_at < _SOON_S:
                    self._at_risk = picture_at_risk(self.status.setting(SettingId.CAPTURE_TARGET))
                self._shooting.camera_lost(self._at_risk or event.error)
                self._announce(Problem(event.error))
            case msg.LiveStopped() | msg.Trouble():
                self._has_trouble |= isinstance(event.error, CameraHeldError)
                self._lacks_room |= isinstance(event.error, DiskFullError)
                self._announce(Problem(event.error))
                if isinstance(event, msg.Trouble) and not isinstance(event.error, CameraHeldError):
                    self._look_at_card_again()

    def _tell_what_is_lost(self) -> None:
        """Say what the lost connection has cost, now that nothing else is on the screen."""
        lost, self._at_risk = self._at_risk, None
        if lost is not None:
            self._announce(Problem(lost))

    def _start_backup(self) -> None:
        before, self._backup = self._backup, None
        if before is not None:
            before.close()
        store, folder = self._store, self._backup_folder
        if store is None or folder is None:
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

    def _look_for_room(self) -> None:
        """Fetch what stayed on the card for want of room, once there is some again."""
        self._warnings.look_at_disk(self._frames_left())
        free = self._shooting.disk_free_bytes
        if not self._lacks_room or free is None or free < _ROOM_BYTES:
            return
        store, info = self._store, self.status.info
        if store is not None and info is not None and self.status.state.is_connected:
            self._lacks_room = False
            self._announce(ProblemSolved())
            self._start_backlog(store, info.serial, self._session_opened_at)

    def _frames_left(self) -> int | None:
        """Return how many more shots fit on the session's disk; None if that is not known."""
        store = self._store
        try:
            return store.frames_left() if store is not None else None
        except SessionError as err:
            _log.info("The room for shots is not known: %s", err)
            return None

    def _announce_shot(self, event: Event) -> None:
        if isinstance(event, ShotStored):
            self._reviews.note(event.shot)
        self._announce(event)
        if isinstance(event, ShotStored) and self._backup is not None:
            for file in event.shot.files:
                self._backup.note(file)
            self._clearing.look()
        if isinstance(event, ShotStored) and event.is_complete:
            self._warnings.look_at_disk(self._frames_left())
            self._say_beside(event.shot)

    def _obey(self, now: Preferences) -> None:
        """Do at once what a changed preference asks for."""
        before, self._obeyed = self._obeyed, now
        if now.backup != before.backup:
            self._job(lambda: self.use_backup(Path(now.backup).expanduser() if now.backup else None))
        if now.card_policy is not before.card_policy:
            self._job(lambda: self._choose_policy(now.card_policy))

    def _choose_policy(self, policy: CardPolicy) -> None:
        try:
            self.use_card_policy(policy)
        except GroundglassError as err:
            self._announce(Warned(err))

    def _say_beside(self, shot: Shot) -> None:
        """Have what is said of every next frame written beside a shot, behind the storing."""
        store, said = self._store, self.next_frames
        if store is not None and not said.is_empty:
            folder = store.path
            self._sidecars.put(shot.number, lambda: said.write_beside(folder, shot))

    def _announce(self, event: Event) -> None:
        if isinstance(event, Problem | Warned):
            self.log.note(event.error)
        elif line := self._milestones.line(event):
            _log.info("%s", line)
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - one client's fault must not stop the others or the store
                _log.exception("A listener failed on %s", type(event).__name__)


def _share(at: float) -> float:
    return min(1.0, max(0.0, at))


def _bulb_is_set() -> UsageError:
    return UsageError("The shutter is set to Bulb.", "Start and end the exposure, or choose a time.")


def _no_camera() -> CameraError:
    return NoCameraError("No camera is connected.", "Plug one in, or start the virtual camera.")


def _failed(error: GroundglassError) -> Future[T]:
    future: Future[T] = Future()
    future.set_exception(error)
    return future


def _pass_on(done: Future[T], result: Future[T]) -> None:
    error = done.exception()
    if error is not None:
        result.set_exception(error)
    else:
        result.set_result(done.result())

"""One photographer's desk: a camera, a session, and the pictures that arrive.

Longer than most modules: whatever a client can ask for is said here, and mostly done by one of the parts that
`Studio` composes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import cast

from msgspec.structs import replace

from groundglass.camera import hub
from groundglass.camera import messages as msg
from groundglass.camera.bus import Computer
from groundglass.camera.client import ClientEvent
from groundglass.errors import (
    CameraHeldError,
    CameraLostError,
    DiskFullError,
    GroundglassError,
    NoCameraError,
    SessionError,
    UsageError,
)
from groundglass.model.camera import CameraInfo, CameraStatus, LiveZoom
from groundglass.model.places import CardPolicy, Place
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.model.shot import ManualLens, Shot
from groundglass.session.backup import BackupState, BackupStatus
from groundglass.session.store import SessionStore
from groundglass.studio.announcer import Announcer
from groundglass.studio.at_risk import nowhere_to_go
from groundglass.studio.chosen import Chosen
from groundglass.studio.clearing import CardStatus
from groundglass.studio.connection import TAKING, Connection, refused
from groundglass.studio.copies import Copies, count_copies
from groundglass.studio.events import (
    CardChanged,
    Event,
    Listener,
    Problem,
    ShotStored,
    StatusChanged,
    Warned,
)
from groundglass.studio.history import History
from groundglass.studio.jobs import Jobs
from groundglass.studio.keeping import Keeping
from groundglass.studio.known_sessions import KnownSessions
from groundglass.studio.leaving import Leaving, Remaining, remaining
from groundglass.studio.link import Link
from groundglass.studio.missed_pictures import MissedPictures
from groundglass.studio.next_frames import NextFrames
from groundglass.studio.preferences import Preferences
from groundglass.studio.presets import Presets
from groundglass.studio.reviews import Reviews
from groundglass.studio.sessions import Sessions
from groundglass.studio.settings import Settings
from groundglass.studio.shooting import Shooting
from groundglass.studio.sidecars import Sidecars
from groundglass.studio.sleep import SleepGuard
from groundglass.studio.trash import ShotTrash
from groundglass.studio.virtual_camera import VirtualCameraProcess
from groundglass.studio.warnings import Warnings

_log = logging.getLogger(__name__)

_FINISH_S = 30.0
_SLEEP_DELAY_S = 4.0  # logind waits five seconds
_DELETED_FROM_NOW = (
    "From now on a frame's copy on the card is deleted, once those on disk and backup are proven."
)
_SIDECARS_END_S = 10.0


class Studio:
    """The one thing that every client drives: desktop, command line, scripts.

    Any thread may call any method. What takes time gives a Future; listeners are called on the studio's
    own threads and must return at once.
    """

    def __init__(
        self, driver_settings: Path, computer: Computer | None = None, chosen: Chosen | None = None
    ) -> None:
        """Keep each body's libgphoto2 settings below `driver_settings`; beside it, which sessions are known.

        chosen: by default this user's.
        """
        self.chosen = chosen or Chosen()
        self._driver_settings = driver_settings
        self._announcer = Announcer()
        self._announce = self._announcer.announce
        self.log = self._announcer.log
        self._connection = Connection(
            driver_settings, computer or Computer(), self._on_client, self._virtual_ended
        )
        self.live = self._connection.live
        self._settings = Settings(self._connection)
        self._shooting = Shooting(self._on_stored, self._on_rest)
        self._keeping = Keeping(self._connection, self._shooting, self._announce)
        self._missed = MissedPictures(
            self._connection, self._keeping, self._shooting, self._other_sessions, self._announce
        )
        self._sidecars = Sidecars(
            lambda error: self._announce(Problem(error)), self._keeping.sidecars_changed
        )
        self._history = History(lambda: self.trash.hint)
        self.reviews = Reviews(self._announce, self._sidecars, self._history)  # what is said of the shots
        self._warnings = Warnings(self._announce)
        self._frames_left: int | None = None  # on the session's disk, as last looked
        self._lens: ManualLens | None = None
        self._was_connected = False
        self._is_other_camera_wanted = False  # by a changed preference, once no picture is on its way
        self._opened_at = 0.0  # as the camera's status tells it
        self._sleep_guard: SleepGuard | None = None
        self.presets = Presets(self, self._history)
        self.sessions = Sessions(
            self,
            lambda: self._keeping.store,
            self._announce,
            KnownSessions(driver_settings.parent / "known_sessions"),
            self._keeping.session_lacks,
        )
        self.trash = ShotTrash(
            lambda: self._keeping.store,
            lambda: self._keeping.backup,
            self._sidecars,
            self.reviews,
            self._history,
            self._announce,
        )
        # One job at a time: connecting to a camera ends the connection before it.
        self._jobs = Jobs("studio")
        self._obeyed = self.chosen.now
        self.chosen.subscribe(self._obey)

    # ---- what is

    @property
    def status(self) -> CameraStatus:
        return self._connection.status

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Return the shots of the open session, oldest first."""
        store = self._keeping.store
        return store.shots if store else ()

    @property
    def session_path(self) -> Path | None:
        store = self._keeping.store
        return store.path if store else None

    @property
    def next_name(self) -> str:
        """Return the name, without its ending, that the next shot will get; empty without a session."""
        store, info = self._keeping.store, self.status.info
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
        store = self._keeping.store
        return tuple(store.recovery.sentences) if store else ()

    @property
    def disk_free_bytes(self) -> int | None:
        """Return the room on the session's disk, at most some seconds old; None if it is unknown."""
        return self._shooting.disk_free_bytes

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell this listener every event; returns the way to end that."""
        return self._announcer.subscribe(listener)

    @property
    def connection_error(self) -> GroundglassError | None:
        """Return why the last attempt to connect failed; None if it did not, or there was none."""
        return self._connection.error

    def link(self) -> Link | None:
        """Return how the camera is connected; None without one. Reads the system's records."""
        return self._connection.link()

    # ---- camera

    def find_cameras(self, *, with_serial: bool = False) -> Future[tuple[CameraInfo, ...]]:
        """List the cameras on the bus."""
        return self._jobs.submit(hub.find_cameras, self._driver_settings, with_serial=with_serial)

    def connect(self, address: str | None = None, *, virtual_options: tuple[str, ...] = ()) -> Future[None]:
        """Connect a camera and keep it connected; the Future ends when the attempts begin.

        Name it by address, serial number or part of its model; `virtual:nikon` starts a private one;
        None takes the only one, now or as soon as one is plugged in.
        """
        return self._job(lambda: self._connection.connect(address, virtual_options))

    def start_virtual_camera(self) -> Future[None]:
        """Start a private virtual camera and connect to it; the same as last, if there was one."""
        address, options = self._connection.last_virtual
        return self.connect(address, virtual_options=options)

    def disconnect(self) -> Future[None]:
        """Let the camera go."""
        return self._job(self._connection.disconnect)

    def free_camera(self) -> Future[None]:
        """Make the program that holds the camera let go, and try again; never as root.

        The Future ends when it has let go; it fails with CameraHeldError if nobody could be made to.
        """
        return self._jobs.submit(self._connection.free)

    def keep_exposure(self, keeps: bool) -> None:
        """Have shutter, aperture and ISO make up for each other from now on, or each stand alone."""
        self._settings.keeps_exposure = keeps

    @property
    def keeps_exposure(self) -> bool:
        return self._settings.keeps_exposure

    def set(
        self, setting_id: SettingId, wanted: Choice | str, *, keeps_exposure: bool | None = None
    ) -> Future[Setting]:
        """Set a setting to one of its choices, or to what the photographer typed.

        keeps_exposure: another value makes up for it; None: if keep_exposure was asked for.
        The Future gives what the camera kept; it fails with UsageError if nothing fits, with
        SettingRefusedError if the camera kept another value.
        """
        return self._settings.set(setting_id, wanted, keeps_exposure=keeps_exposure)

    def use_kelvin(self, kelvin: float) -> Future[Setting]:
        """Have the body balance its pictures for this temperature, or the nearest that it offers.

        The Future gives what the camera kept; it fails with UsageError if the body takes no kelvin.
        """
        return self._settings.use_kelvin(kelvin)

    def drive_focus(self, step: int) -> Future[None]:
        """Move the focus: -3 to -1 nearer, 1 to 3 farther."""
        return cast("Future[None]", self._connection.ask(msg.DriveFocus(step)))

    def autofocus(self) -> Future[None]:
        return cast("Future[None]", self._connection.ask(msg.Autofocus()))

    def focus_at(self, x: float, y: float, *, with_autofocus: bool = True) -> Future[None]:
        """Put the focus point at x, y (0..1 of the frame, from upper left), and focus there.

        For a body with Capability.AF_POINT; status.focus_point tells where it is. A point of a magnified
        picture is turned into one of the frame by status.live_zoom.in_frame(). The Future fails with
        FocusMissedError if nothing there can be focused.
        """
        return cast("Future[None]", self._connection.ask(msg.FocusAt(_share(x), _share(y), with_autofocus)))

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
        return cast("Future[LiveZoom]", self._connection.ask(msg.ZoomLive(power, _share(x), _share(y))))

    def start_live(self) -> Future[None]:
        """Start the live view, and keep it across reconnects until stop_live."""
        return self._connection.start_live()

    def stop_live(self) -> Future[None]:
        return self._connection.stop_live()

    # ---- shooting

    def release(self, *, with_autofocus: bool | None = None) -> Future[Shot]:
        """Fire; the Future gives the shot when all of its files are stored.

        with_autofocus: focus first, if body and lens are set to autofocus; None: as is preferred.
        """
        if (error := self._why_not()) is not None:
            return refused(error)
        focuses = self._focuses_first(with_autofocus)
        return self._shooting.release(self._connection.ask, with_autofocus=focuses)

    def hold_shutter(self, *, with_autofocus: bool | None = None) -> Future[Shot]:
        """Press the button and keep it down until let_go: in a continuous drive the body fires on.

        For a body with Capability.HOLD. The Future gives the first shot; the others are announced as they
        are stored.
        """
        if (error := self._why_not()) is not None:
            return refused(error)
        focuses = self._focuses_first(with_autofocus)
        return self._shooting.release(self._connection.ask, hold=True, with_autofocus=focuses)

    def _focuses_first(self, wanted: bool | None) -> bool:
        return self.chosen.now.autofocus if wanted is None else wanted

    def let_go(self) -> Future[None]:
        """Let the button go that hold_shutter holds."""
        return cast("Future[None]", self._connection.ask(msg.LetGo()))

    def start_bulb(self) -> Future[Shot]:
        """Open the shutter; the Future gives the shot after end_bulb, when all of its files are stored."""
        if (error := self._refuse_for_the_disk()) is not None:
            return refused(error)
        return self._shooting.release(self._connection.ask, bulb=True)

    def end_bulb(self) -> Future[Shot]:
        """Close the shutter; gives the same shot as start_bulb."""
        return self._shooting.end_bulb(self._connection.ask)

    # ---- session

    def open_session(
        self, path: Path, template: str | None = None, is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Open or begin a session in this folder; raises SessionError or TemplateError.

        template: None keeps the session's own; a new one begins with the preferred. What the camera's card
        got since no session could be opened, or since the disk of the one before failed, is fetched into it,
        and so is what the session missed when it was open before.  Blocks until what has arrived for the
        session before is stored there.  is_wanted: asked when the disk has answered; if it is not by then,
        CancelledError is raised.
        """
        if template is None and not SessionStore.is_at(path):
            template = self.chosen.now.template or None
        self._keeping.open(path, template, self._on_session, is_wanted)
        self._missed.session_opened()

    def undo(self) -> Future[str]:
        """Take back what was done last in this session: trash, stars, labels, keywords, a forgotten preset.

        The Future says what that was; it fails with UsageError if there is nothing, or if something else was
        said of the shots since, and with SessionError, after which it can be tried again.
        """
        return self._history.undo()

    def use_backup(self, folder: Path | None) -> None:
        """Keep a verified second copy of every frame below this folder; None: no second copy.

        Without one the card's copies are kept from now on.
        """
        self._keeping.use_backup(folder)

    def use_card_policy(self, policy: CardPolicy) -> None:
        """Choose what becomes of the card's copies of the frames that are stored from now on.

        Raises UsageError if they are to be deleted and there is no backup, SessionError.
        """
        self._keeping.use_card_policy(policy)

    @property
    def card(self) -> CardStatus:
        """Return what becomes of the card's copies, and how far that has come."""
        return self._keeping.card

    @property
    def is_card_kept_for_now(self) -> bool:
        """Tell whether the card's copies are kept although the preference is to delete them.

        It can change with CardChanged.
        """
        return self.chosen.now.card_policy is not CardPolicy.KEEP and self._keeping.policy is CardPolicy.KEEP

    def places(self, shot: Shot) -> frozenset[Place]:
        """Return the places that hold every file of a shot of this session; touches no disk.

        It can change with ShotStored, BackupChanged and CardChanged.
        """
        return self._keeping.places(shot)

    def copies(self) -> Copies:
        """Count where the shots of this session live; touches no disk, slow for thousands of them."""
        store = self._keeping.store
        refused = len(store.pending()) if store else 0
        copies = count_copies(self.shots, self.places, self.card, self.backup)
        if not refused and not self._missed.has_refused:
            return copies  # what is merely being fetched is told as that
        return replace(copies, missing_files=self._missed.left + refused, is_disk_short=True)

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
        return self._keeping.backup_status

    def finish_storing(self, timeout_s: float = 60.0) -> bool:
        """Wait until all that has arrived is stored, has its second copy, and left the card if it is to.

        Returns whether that came to pass; what could not be deleted from the card does not count.
        """
        deadline = time.monotonic() + timeout_s
        stored = self._shooting.flush(timeout_s)
        return self._keeping.finish(deadline) and stored

    def fetch(self, since: datetime | None = None, *, of_session: bool = False) -> Future[int]:
        """Fetch what lies on the card and not in the session; None: of any age. Gives the number of files.

        of_session: what is not older than the session, and not another one's, as it is fetched by itself.
        """
        return self._missed.fetch(since, of_session=of_session)

    @property
    def is_fetching(self) -> bool:
        """Tell whether pictures that were missed are on their way into the session."""
        return self._missed.is_fetching

    def leaving(self) -> Remaining:
        """Return what is under way and what would be left if the program ended now.

        `close` finishes an exposure and its transfer, for half a minute at most; the rest is taken up by the
        next start.  Touches no disk.
        """
        store, backup = self._keeping.store, self.backup
        is_backing_up = backup is not None and backup.state is BackupState.CATCHING_UP
        is_connected = self.status.state.is_connected
        return remaining(
            Leaving(
                self.status,
                backlog=self._missed.left,
                lacks_room=self._missed.lacks_room,
                arrived=self._shooting.waiting,
                refused=len(store.pending()) if store else 0,
                backup=backup.pending_files if backup and backup.state is not BackupState.SAFE else 0,
                due=self.card.due,
                is_fetching=is_connected and self.is_fetching,
                is_backing_up=is_backing_up,
                is_clearing=is_connected and (is_backing_up or self._keeping.clearing.can_go_on),
            )
        )

    def guard_sleep(self) -> None:
        """Keep the computer awake while pictures are on their way, and connect anew after sleep.

        For programs that run for long; where the system knows no such thing, nothing happens.
        """
        if self._sleep_guard is None:
            self._sleep_guard = SleepGuard(self._is_taking_pictures, self._before_sleep, self._after_sleep)

    def _is_taking_pictures(self) -> bool:
        return self.status.state in TAKING or self._missed.left > 0

    def finish_pictures(self, limit_s: float) -> None:
        """Let a picture that is under way arrive, and store it; blocks, not much longer than this."""
        self._connection.let_it_finish(limit_s)
        self._shooting.flush(limit_s)

    def _before_sleep(self) -> None:
        """Use the time that the system waits."""
        self.finish_pictures(_SLEEP_DELAY_S)

    def _after_sleep(self) -> None:
        self._connection.connect_anew(
            CameraLostError("The computer was asleep.", "The camera is connected again.")
        )

    def close(self) -> None:
        """Store what has arrived, let the camera go, end every thread and process; may block for seconds.

        A disk that hangs is left to itself, with the threads that wait for it.
        """
        if self._sleep_guard is not None:
            self._sleep_guard.close()
        self._is_other_camera_wanted = False
        self._missed.stop()
        self._keeping.clearing.close(_FINISH_S)
        self._connection.let_it_finish(_FINISH_S)
        self._job(self._connection.disconnect)
        if not self._jobs.close(_FINISH_S):
            self._connection.disconnect()  # nobody else will now
        self._missed.join(_FINISH_S)
        self.sessions.close(_FINISH_S)
        is_stored = self._shooting.close(_FINISH_S)
        self.reviews.close()
        self._sidecars.close(_SIDECARS_END_S)
        # Asked again: what was only slow has ended meanwhile.
        users = (self._keeping.clearing, self._jobs, self.sessions)
        does_answer = is_stored and all(one.close(0) for one in users)
        self._keeping.close(does_disk_answer=does_answer)
        if not does_answer:
            _log.error(
                "The session's disk hangs. What is not stored lies in its incoming folder or on the card"
            )
        self.presets.close()
        self._settings.close()
        self.chosen.close()

    def save_report(self, target: Path) -> Future[None]:
        """Write what a bug report needs into a text file; fails with SessionError."""

        def write() -> None:
            from groundglass.studio import bug_report, doctor

            found = doctor.examine_computer(self._driver_settings, self.session_path or target.parent)
            serials = {shot.serial for shot in self.shots}
            if hub.may_be_serial(wanted := self.chosen.now.camera):
                serials.add(wanted)
            text = bug_report.bug_report(found, self.status, self.log.lines, serials)
            bug_report.save(text, target)

        return self._jobs.submit(write)

    # ---- within

    def _other_sessions(self) -> tuple[Path, ...]:
        return self.sessions.others()

    def _job(self, work: Callable[[], None]) -> Future[None]:
        def run() -> None:
            try:
                work()
            except GroundglassError as err:
                self._announce(Problem(err))
                raise

        return self._jobs.submit(run)

    def _why_not(self) -> GroundglassError | None:
        """Return why a button cannot be pressed now; None: it can."""
        if self.status.is_at_bulb:
            return UsageError("The shutter is set to Bulb.", "Start and end the exposure, or choose a time.")
        return self._refuse_for_the_disk()

    def _refuse_for_the_disk(self) -> DiskFullError | None:
        """Tell, with what can be done, that a picture would have no place; None: it has one."""
        error = nowhere_to_go(
            self.status.setting(SettingId.CAPTURE_TARGET),
            is_disk_out=self._missed.lacks_room,
            frames_left=self._frames_left,
            free_bytes=self.disk_free_bytes,
        )
        if error is not None:
            self._missed.note_trouble(error, is_refused=False)  # so that it is told when there is room again
            self._announce(Problem(error))
        return error

    def _on_client(self, event: ClientEvent) -> None:
        match event:
            case CameraStatus():
                self._on_status(event)
            case msg.FileArrived():
                self._shooting.file_arrived(event, self.status.info)
            case msg.PictureLate():
                self._missed.look_again(is_missed=False)
            case msg.ExposureEnded():
                self._shooting.exposure_ended(event)
                if event.error is not None:
                    self._missed.picture_failed()
            case msg.BodyLost() if self._connection.is_virtual_gone():
                _log.info("The private virtual camera is gone: %s", event.error)
            case msg.BodyLost():
                self._shooting.camera_lost(self._missed.camera_lost() or event.error)
                self._announce(Problem(event.error))
            case msg.LiveStopped() | msg.Trouble():
                self._missed.note_trouble(event.error)
                self._announce(Problem(event.error))
                if isinstance(event, msg.Trouble) and not isinstance(event.error, CameraHeldError):
                    self._missed.look_again()

    def _virtual_ended(self, ended: VirtualCameraProcess) -> None:
        self._jobs.submit(self._give_up, ended)

    def _give_up(self, ended: VirtualCameraProcess) -> None:
        """Give a private virtual camera up that is gone: nothing comes back by itself there."""
        if not self._connection.is_through(ended):
            return
        error = NoCameraError("The virtual camera has ended.", "Start it again. What was stored is safe.")
        self._missed.note_trouble(error)
        self._shooting.camera_lost(error)
        self._connection.disconnect()
        self._announce(Problem(error))

    def _on_status(self, status: CameraStatus) -> None:
        is_connected = status.state.is_connected
        was_connected, self._was_connected = self._was_connected, is_connected
        self._announce(StatusChanged(status))
        if status.state in TAKING:
            self._keeping.clearing.camera_works()
        if is_connected and status.opened_at != self._opened_at:
            self._opened_at = status.opened_at
            self._shooting.camera_connected()
            self._missed.camera_connected(status)
        if is_connected and not was_connected:
            self._keeping.clearing.look()
        self._warnings.look_at_camera(status)
        if is_connected:
            self._missed.camera_answers(status)
        self._look_for_other_camera(status)

    def _on_session(self, store: SessionStore) -> None:
        """Turn to another session, between the last shot of the one before and its own first."""
        self._frames_left = None
        self._history.clear()
        self.trash.tell_opened(store)

    def _on_stored(self, event: Event) -> None:
        """Pass on what the storing announces, and do what follows from a stored shot."""
        if not isinstance(event, ShotStored):
            self._announce(event)
            return
        if self.trash.tell_stored(event):
            self._keeping.note(event.shot)
        if event.is_complete:
            self._look_at_disk()
            self._say_beside(event.shot, is_first=not event.has_lagged)

    def _on_rest(self) -> None:
        self._look_at_disk()
        self._missed.look_for_room(self._frames_left)

    def _look_at_disk(self) -> None:
        self._frames_left = self._keeping.frames_left()
        self._warnings.look_at_disk(self._frames_left)

    def _obey(self, now: Preferences) -> None:
        """Do at once what a changed preference asks for."""
        before, self._obeyed = self._obeyed, now
        if now.backup != before.backup or now.card_policy is not before.card_policy:
            self._job(lambda: self._obey_keeping(before, now))
        if now.camera != before.camera:
            self._is_other_camera_wanted = True
            self._look_for_other_camera(self.status)

    def _obey_keeping(self, before: Preferences, now: Preferences) -> None:
        """Keep second copies as is preferred, and delete the card's only where there are such."""
        was_kept = self._keeping.policy is CardPolicy.KEEP
        if now.backup != before.backup:
            self.use_backup(Path(now.backup).expanduser() if now.backup else None)
        try:
            self.use_card_policy(now.card_policy if self._keeping.is_backup_wanted else CardPolicy.KEEP)
        except GroundglassError as err:
            self._announce(Warned(err))
        has_waited = was_kept and before.card_policy is now.card_policy
        if has_waited and self._keeping.policy is not CardPolicy.KEEP:
            self._announce(Warned(SessionError(_DELETED_FROM_NOW, "The preferences can keep them.")))
        self._announce(CardChanged(self.card))

    def _look_for_other_camera(self, status: CameraStatus) -> None:
        if self._is_other_camera_wanted and status.state not in TAKING:
            self._job(self._connect_as_preferred)

    def _connect_as_preferred(self) -> None:
        """Connect to what is preferred now, unless a picture is on its way: then behind that."""
        if not self._is_other_camera_wanted or self.status.state in TAKING:
            return
        self._is_other_camera_wanted = False
        is_live = self.status.is_live_wanted
        self._connection.connect(self.chosen.now.camera or None, ())
        if is_live:
            self._connection.start_live()

    def _say_beside(self, shot: Shot, *, is_first: bool) -> None:
        """Have what is said of every next frame written beside a shot, behind the storing.

        is_first: else it was whole before, and what was said of it then stands.
        """
        store, said = self._keeping.store, self.next_frames
        if store is None or said.is_empty:
            return

        def write() -> None:
            folder = store.folder_of(shot.number)  # it may have been thrown away by now
            if folder is not None and (is_first or not said.is_beside(folder, shot)):
                said.write_beside(folder, shot)

        self._sidecars.put(shot.number, write)


def _share(at: float) -> float:
    return min(1.0, max(0.0, at))

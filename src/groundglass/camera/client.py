"""The application's side of one camera: a Future per request, a watch on silence, and a new worker
whenever the old one hangs, crashes or loses its body.

One thread owns the pipe. Requests may come from any thread; the listener is called on the client's
thread and must return at once. A request waits until the one before it is answered, so a deadline
concerns one operation only. Longer than other modules: the pipe, the watch and the way back to the same body
are one thread's and change the same state.
"""

from __future__ import annotations

import collections
import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.connection import Connection, wait
from pathlib import Path

from msgspec.structs import replace

from groundglass.camera import hub
from groundglass.camera import messages as msg
from groundglass.camera.dialects.capture_target import passes_memory
from groundglass.camera.process import WorkerProcess, settings_folder
from groundglass.errors import (
    CameraBusyError,
    CameraError,
    CameraHeldError,
    CameraLostError,
    GroundglassError,
    NoCameraError,
)
from groundglass.model.camera import CameraInfo, CameraState, CameraStatus, TransferProgress
from groundglass.model.setting import Setting, SettingId

_log = logging.getLogger(__name__)

_CREDITS = 2
_RETRY_S = 0.5
_REFUSALS_A_WORKER = 6
_START_LIMIT_S = 20.0
_LATE = "The picture is late. Waiting for it."
_DOUBT_S = 1.2  # the worker says a word every 0.5 s while it is idle or live
# A picture comes out of a body's memory in one call that tells nothing meanwhile. As long as the camera's
# process gets data, it is waited for: to kill it is to lose the picture.
_MEMORY_LIMIT_S = 300.0
_STILL_S = 4.0  # without data; over a network libgphoto2 gives up after 2.5 s
_FIRES = (msg.Release, msg.HoldButton, msg.StartBulb)
_STATES = {
    msg.Phase.IDLE: CameraState.READY,
    msg.Phase.LIVE: CameraState.LIVE,
    msg.Phase.EXPOSING: CameraState.EXPOSING,
    msg.Phase.TRANSFERRING: CameraState.TRANSFERRING,
}

ClientEvent = (
    CameraStatus
    | msg.FileArrived
    | msg.PictureLate
    | msg.ExposureEnded
    | msg.Trouble
    | msg.LiveStopped
    | msg.BodyLost
)


class CameraClient:
    """Keeps one camera connected, for as long as it is open."""

    def __init__(
        self, wanted: str | None, listener: Callable[[ClientEvent], None], settings_base: Path
    ) -> None:
        """Name the camera by address, serial number or part of its model; None: the only one.

        Raises UsageError for an address that cannot be one.
        """
        self._wanted = hub.full_address(wanted) if wanted and hub.is_address(wanted) else wanted
        self._listener = listener
        self._settings_dir = settings_folder(settings_base, self._wanted or "usb")
        self._lock = threading.Lock()
        self._queue: collections.deque[tuple[msg.Request, Future[object]]] = collections.deque()
        self._in_flight: tuple[int, Future[object]] | None = None
        self._number = 0
        self._worker: WorkerProcess | None = None
        self._status = CameraStatus()
        self._incoming: str | None = None
        self._is_live_wanted = False
        self._limit_s = _START_LIMIT_S
        self._heard_at = 0.0
        self._turns: int | None = None  # of the worker's process,
        self._moved_at = 0.0  # when they last grew
        self._before_silence: CameraState | None = None
        self._late: set[int] = set()  # releases whose picture is late
        self._serial = ""
        self._listed: tuple[CameraInfo, ...] = ()  # what is on the bus
        self._candidates: tuple[CameraInfo, ...] = ()  # of these, still to be asked who they are
        self._refusal: GroundglassError | None = None  # of one that was asked
        self._is_held_told = False
        self._doubt: CameraLostError | None = None  # why the connection is to be given up
        self._refusals = 0  # of this worker, one after the other
        self._meant = ""  # the serial number that they are asked for
        self._retry_at = 0.0
        self._started_at = -_RETRY_S
        self._is_closing = False
        self._frame: msg.Frame | None = None
        self._frame_came = threading.Condition()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self.error: GroundglassError | None = None  # why the last attempt to connect failed
        self.refused_address = ""  # where it was
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    # ---- for any thread

    @property
    def status(self) -> CameraStatus:
        return self._status

    def start(self) -> None:
        self._thread.start()

    def ask(self, request: msg.Request) -> Future[object]:
        """Queue a request; the Future fails with CameraError if the camera refuses or is lost.

        While the camera is silent, or long at reading its card, what would fire it is refused, as nobody
        expects it later; all else waits.
        """
        future: Future[object] = Future()
        with self._lock:
            can_wait = self._before_silence is not None and not isinstance(request, _FIRES)
            refused = self._is_closing or not (self._status.state.is_connected or can_wait)
            is_held_up = not refused and isinstance(request, _FIRES) and self._is_long_reading()
            if not (refused or is_held_up):
                self._queue.append((request, future))
        if refused:
            message = self._status.message or "No camera is connected."
            future.set_exception(NoCameraError(message, "It will be connected as soon as it answers."))
        elif is_held_up:
            future.set_exception(
                CameraBusyError("The camera is reading its card.", "Release again in a moment.")
            )
        else:
            self._wake()
        return future

    def _is_long_reading(self) -> bool:
        """Tell whether the card is being listed so long that a release behind it would surprise.

        All else that takes long was asked for by the photographer, or is over in seconds.
        """
        is_long = self._in_flight is not None and time.monotonic() - self._heard_at > _DOUBT_S
        return is_long and isinstance(self._asked, msg.ListCard)

    def store_in(self, incoming: Path | None, *, is_at_once: bool = False) -> Future[object]:
        """Save what arrives into this folder from now on, across reconnects.

        Once the Future is done, in whatever way, all that went into the folder before has been told.
        is_at_once: what waits in the camera comes into this folder too, after that; else into the one before.
        """
        self._incoming = str(incoming) if incoming else None
        told = self.ask(msg.StoreIn(self._incoming, is_at_once))
        if is_at_once:
            self.ask(msg.StoreIn(self._incoming))  # empties the camera's buffer
        return told

    def want_live(self, is_on: bool) -> Future[object]:
        """Start or stop the live view, and keep it so across reconnects."""
        self._is_live_wanted = is_on
        return self.ask(msg.Live(is_on))  # which wakes the client's thread, where every status is told

    def take_frame(self, timeout_s: float) -> msg.Frame | None:
        """Take the newest live frame, each once, and allow the next; None after the time-out."""
        with self._frame_came:
            if self._frame is None:
                self._frame_came.wait(timeout_s)
            frame, self._frame = self._frame, None
        if frame is not None:
            self._wake()
        return frame

    def try_now(self) -> None:
        """Try to connect at once instead of soon."""
        self._retry_at = 0.0
        self._wake()

    def connect_anew(self, error: CameraLostError) -> None:
        """Give the connection up at once, as it is known to be dead, and make another."""
        self._doubt = error
        self._wake()

    def close(self) -> None:
        """Let the camera go; blocks until its process has ended, some seconds at most."""
        with self._lock:
            self._is_closing = True
        self._wake()
        if self._thread.ident is not None:
            self._thread.join()
        with self._lock:
            if self._wake_write >= 0:
                os.close(self._wake_read)
                os.close(self._wake_write)
            self._wake_read = self._wake_write = -1

    # ---- the client's own thread

    def _wake(self) -> None:
        with self._lock:
            if self._wake_write < 0:
                return
            try:
                os.write(self._wake_write, b"\0")
            except BlockingIOError:
                _log.debug("The client's wake-up pipe is full: it is awake")

    def _run(self) -> None:
        self._credits_out = 0
        while not self._is_closing:
            if self._worker is None:
                self._wait_before_start()
                if self._is_closing:
                    break
                try:
                    self._worker = WorkerProcess(self._settings_dir)
                except CameraError as err:
                    self._not_yet(err)
                    continue
                self._limit_s, self._heard_at = _START_LIMIT_S, time.monotonic()
                self._retry_at = 0.0
                self._credits_out = 0
            self._step(self._worker)
        if self._worker is not None:
            worker, self._worker = self._worker, None
            worker.end(is_healthy=self._status.state is not CameraState.UNRESPONSIVE)
        self._drop_requests(CameraLostError("The camera was disconnected.", ""))
        self._publish(
            state=CameraState.ABSENT, info=None, settings=(), transfer=None, message="", is_live_wanted=False
        )

    def _wait_before_start(self) -> None:
        """Let some time pass between two starts: a driver that dies at once must not eat the machine."""
        pause_s = self._started_at + _RETRY_S - time.monotonic()
        while pause_s > 0 and not self._is_closing:
            if wait([self._wake_read], timeout=pause_s):
                os.read(self._wake_read, 4096)
            pause_s = self._started_at + _RETRY_S - time.monotonic()
        self._started_at = time.monotonic()

    def _step(self, worker: WorkerProcess) -> None:
        self._publish(is_live_wanted=self._is_live_wanted)
        doubt, self._doubt = self._doubt, None
        if doubt is not None and self._was_opened:
            self._replace(CameraState.LOST, doubt)
            return
        is_free = self._in_flight is None and not self._status.state.is_connected
        # A worker that is silent has the camera open: a second time it would be refused.
        if is_free and self._before_silence is None and time.monotonic() >= self._retry_at:
            self._begin_connecting(worker)
        self._send_next(worker)
        ready = wait([worker.connection, self._wake_read], timeout=0.1)
        if self._wake_read in ready:
            os.read(self._wake_read, 4096)
        if worker.connection in ready:
            try:
                while worker.connection.poll(0):
                    self._heard_at = time.monotonic()
                    message = _heard(worker.connection)
                    self._hear(message)
                    if self._worker is not worker:
                        return
            except (EOFError, OSError):
                self._replace(
                    CameraState.LOST,
                    CameraLostError("The camera's driver crashed.", "It is being started again."),
                )
                return
        self._watch()

    def _begin_connecting(self, worker: WorkerProcess) -> None:
        # While it is looked for again and again it stays absent, with the reason in the message.
        if self._status.state is CameraState.ABSENT and self.error is None:
            self._publish(state=CameraState.CONNECTING)
        self._candidates, self._refusal = (), None
        request: msg.Request = msg.FindCameras()
        if self._wanted is not None and hub.is_address(self._wanted) and not self._is_moved():
            request = msg.Open(self._wanted, self._incoming, self._serial)
        self._post(worker, request, Future())

    @property
    def _was_opened(self) -> bool:
        """Tell whether the camera was there before; not every body tells a serial number."""
        return self._status.info is not None

    def _is_moved(self) -> bool:
        """Tell whether a USB camera has to be looked for: its port changes at every replug."""
        return bool(self._serial) and (self._wanted or "").startswith("usb:")

    def _post(self, worker: WorkerProcess, request: msg.Request, future: Future[object]) -> None:
        self._number += 1
        self._asked = request
        self._in_flight = (self._number, future)
        try:
            worker.connection.send(msg.Ask(self._number, request))
        except OSError:
            _log.debug("The worker is gone; its end will be read next")

    def _send_next(self, worker: WorkerProcess) -> None:
        if not self._status.state.is_connected:
            return
        with self._frame_came:
            waiting = 1 if self._frame is not None else 0
        while self._is_live_wanted and self._credits_out + waiting < _CREDITS:
            try:
                worker.connection.send(msg.Credit())
            except OSError:
                return
            self._credits_out += 1
        while self._in_flight is None and self._queue:
            with self._lock:
                request, future = self._queue.popleft()
            if isinstance(request, msg.Live):
                self._publish(is_live_wanted=self._is_live_wanted)  # before the Future can be done
            if future.set_running_or_notify_cancel():
                self._post(worker, request, future)

    def _hear(self, message: object) -> None:
        """Take a message; after a silence it tells that all goes on as before."""
        tells_state = isinstance(message, msg.Doing) and message.phase in _STATES
        if self._before_silence is not None and not tells_state:
            self._publish(state=self._before_silence, message=self._rest_message())
        self._take(message)
        self._before_silence = None

    def _take(self, message: object) -> None:
        match message:
            case msg.Reply():
                self._answered(message.value, None)
            case msg.Failed():
                self._answered(None, message.error)
            case msg.Frame():
                self._credits_out = max(0, self._credits_out - 1)
                if self._is_live_wanted:
                    with self._frame_came:
                        self._frame = message
                        self._frame_came.notify_all()
            case msg.Doing():
                self._limit_s = message.limit_s
                state = _STATES.get(message.phase)
                if state is not None and self._status.info is not None:
                    words = self._rest_message()
                    self._publish(state=state, exposure_s=message.exposure_s, transfer=None, message=words)
            case msg.Syncing():
                self._limit_s = message.limit_s
            case msg.SettingsChanged():
                self._publish(settings=_merged(self._status.settings, message.settings))
            case msg.ViewChanged():
                self._publish(focus_point=message.focus_point, live_zoom=message.live_zoom)
            case msg.Progress():
                self._publish(
                    transfer=TransferProgress(
                        message.name, message.done_bytes, message.size_bytes, message.waiting
                    )
                )
            case msg.LiveStopped():
                self._is_live_wanted = False
                self._publish(is_live_wanted=False)
                self._tell(message)
            case msg.PictureLate():
                self._late.add(message.release_id)
                self._publish(message=_LATE)
                self._tell(message)
            case msg.ExposureEnded():
                if message.release_id in self._late:
                    self._late.remove(message.release_id)
                    self._publish(message=self._rest_message())
                self._tell(message)
            case msg.FileArrived() | msg.Trouble():
                self._tell(message)
            case msg.BodyLost():
                self._replace(CameraState.LOST, message.error)

    def _answered(self, value: object, error: GroundglassError | None) -> None:
        if self._in_flight is None:
            return
        (_, future), self._in_flight = self._in_flight, None
        if isinstance(self._asked, msg.FindCameras):
            self._found(value, error)
        elif isinstance(self._asked, msg.Open):
            self._opened(value, error)
        elif error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)

    def _found(self, value: object, error: GroundglassError | None) -> None:
        try:
            if error is not None:
                raise error
            assert isinstance(value, tuple)
            self._listed = value
            self._candidates, self._meant = hub.candidates(value, self._wanted, self._serial)
        except GroundglassError as err:
            self._not_yet(err)
            return
        self._open_next()

    def _open_next(self) -> None:
        """Open the next camera that it could be."""
        assert self._worker is not None
        first, *others = self._candidates
        self._candidates = tuple(others)
        self._limit_s = _START_LIMIT_S
        request = msg.Open(first.address, self._incoming, self._meant)
        self._post(self._worker, request, Future())

    def _opened(self, value: object, error: GroundglassError | None) -> None:
        if error is not None:
            self._refusal = error
            self.refused_address = self._asked.address if isinstance(self._asked, msg.Open) else ""
        if isinstance(value, msg.Opened):
            self._ready(value)
        elif self._candidates:
            self._open_next()
        elif self._refusal is not None:  # the one that is meant may be the one that refused
            self._not_yet(self._refusal)
            self._start_afresh(self._refusal)
        elif self._serial:
            assert isinstance(value, msg.OtherBody)
            self._not_yet(
                NoCameraError(
                    f"Another camera answers: {value.info.model}, serial {value.info.serial}.",
                    "Connect the one from before, or name this one in the preferences (Connect to).",
                )
            )
        else:
            self._not_yet(hub.not_called(self._wanted or "", self._listed))

    def _ready(self, value: msg.Opened) -> None:
        self._serial = value.info.serial
        self._refusals = 0
        self.error = None
        self._is_held_told = False
        with self._lock:
            # The folder may have changed while the camera was being opened.
            self._queue.appendleft((msg.StoreIn(self._incoming), Future()))
            if self._is_live_wanted:
                self._queue.append((msg.Live(True), Future()))
        self._publish(
            state=CameraState.READY,
            info=value.info,
            opened_at=time.monotonic(),
            settings=value.settings,
            capabilities=value.capabilities,
            transfer=None,
            message="",
            focus_point=None,
            live_zoom=value.live_zoom,
        )

    def _not_yet(self, error: GroundglassError) -> None:
        """Say why the camera is not there, and try again soon."""
        self.error = error
        self._retry_at = time.monotonic() + _RETRY_S
        state = CameraState.LOST if self._was_opened else CameraState.ABSENT
        is_held = isinstance(error, CameraHeldError)
        is_away = self._was_opened and not is_held and self._listed == ()
        said = "The camera is away. Connecting again as soon as it is back." if is_away else str(error)
        self._publish(state=state, message=said)
        if is_held and not self._is_held_told:
            self._tell(msg.Trouble(error))
        self._is_held_told = is_held

    def _start_afresh(self, refusal: GroundglassError) -> None:
        """Give up a worker whose attempts to open fail: libgphoto2 can keep half a connection then.

        Over a network that one alone makes the camera refuse every further attempt. One that is just not
        there costs no process each time.
        """
        self._refusals += 1
        is_halfway = self.refused_address.startswith("ptpip:") and not isinstance(refusal, NoCameraError)
        if is_halfway or self._refusals >= _REFUSALS_A_WORKER:
            self._refusals = 0
            self._give_up_worker(refusal)

    def _watch(self) -> None:
        if self._worker is None:
            return
        now = time.monotonic()
        silent_s = now - self._heard_at
        if silent_s <= _DOUBT_S / 2:
            self._turns, self._moved_at = None, 0.0
            return
        turns = self._worker.turns() if self._can_be_silent() else None
        if turns is not None and self._turns is not None and turns > self._turns:
            self._moved_at = now
        self._turns = turns
        is_moving = now - self._moved_at <= _STILL_S and silent_s <= _MEMORY_LIMIT_S
        if silent_s > self._limit_s and not is_moving:
            self._replace(
                CameraState.UNRESPONSIVE,
                CameraLostError(
                    f"The camera did not answer for {silent_s:.0f} s.", "It is being connected again."
                ),
            )
        elif silent_s > _DOUBT_S:
            self._note_silence(is_moving=is_moving)

    def _note_silence(self, *, is_moving: bool) -> None:
        """Tell that a camera at rest says nothing, or what it is taken to do meanwhile."""
        state = self._status.state
        at_rest = state if state in (CameraState.READY, CameraState.LIVE) else self._before_silence
        if at_rest is None:
            return
        if is_moving:
            self._before_silence = at_rest
            self._publish(state=CameraState.TRANSFERRING, transfer=None, message=self._rest_message())
        elif at_rest is state and self._in_flight is None:  # a request takes its time, and has its own limit
            self._before_silence = at_rest
            self._publish(
                state=CameraState.UNRESPONSIVE, message="The camera does not answer. Waiting for it."
            )

    def _rest_message(self) -> str:
        return _LATE if self._late else ""

    def _can_be_silent(self) -> bool:
        """Tell whether a picture can be on its way without a word."""
        status = self._status
        return status.info is not None and (
            status.state is CameraState.TRANSFERRING
            or passes_memory(status.setting(SettingId.CAPTURE_TARGET))
        )

    def _replace(self, state: CameraState, error: CameraError) -> None:
        """Give the worker up, tell what happened, and let the next turn start another."""
        self._before_silence = None  # from here on requests are refused
        self._publish(state=state, transfer=None, message=f"{error.message} Connecting again.")
        if self._was_opened:
            self._tell(msg.BodyLost(error))
        self._give_up_worker(error)

    def _give_up_worker(self, error: GroundglassError) -> None:
        """End the worker by force, with all that was awaited of it; the next turn starts another."""
        worker, self._worker = self._worker, None
        self._before_silence = None
        self._late.clear()
        with self._frame_came:
            self._frame = None
        self._drop_requests(error)
        if worker is not None:
            worker.end(is_healthy=False)

    def _drop_requests(self, error: GroundglassError) -> None:
        with self._lock:
            waiting = [future for _, future in self._queue]
            self._queue.clear()
        if self._in_flight is not None:
            waiting.append(self._in_flight[1])
            self._in_flight = None
        for future in waiting:
            if not future.done():
                future.set_exception(error)

    def _publish(self, **changes: object) -> None:
        with self._lock:
            status = replace(self._status, **changes)
            if status == self._status:
                return
            self._status = status
        self._tell(status)

    def _tell(self, event: ClientEvent) -> None:
        try:
            self._listener(event)
        except Exception:  # noqa: BLE001 - a listener's fault must not end the camera's thread
            _log.exception("A listener failed on %s", type(event).__name__)


def _heard(connection: Connection) -> object:
    """Return the next message; what makes no sense comes from a process that is broken: EOFError."""
    try:
        return connection.recv()
    except OSError:
        raise
    except Exception as err:
        raise EOFError from err


def _merged(settings: tuple[Setting, ...], changed: tuple[Setting, ...]) -> tuple[Setting, ...]:
    """Return the settings with the changed ones in their places, new ones behind."""
    by_id: dict[SettingId, Setting] = {one.id: one for one in settings}
    by_id.update((one.id, one) for one in changed)
    return tuple(by_id.values())

"""The loop that touches the body, in a process of its own: commands first, then events, then a live frame.

Started as `python -m groundglass.camera.worker FD`, FD being one end of a socket pair. It ends when the
other end closes, so a killed application leaves no camera claimed, and when the body is lost: a dead body
is never closed in good order, because libgphoto2 may hang or crash in it. Longer than other modules: it is
the loop with its releases and their files, as each waits for the other. All else lies in parts of its own.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from groundglass.camera import messages as msg
from groundglass.camera.dialects.capabilities import capabilities_of
from groundglass.camera.dialects.capture_target import (
    is_card_unseen,
    is_in_memory_only,
    is_out_of_reach,
    passes_memory,
)
from groundglass.camera.dialects.image_formats import image_roles
from groundglass.camera.dialects.release import frames_of_release
from groundglass.camera.dials import Dials
from groundglass.camera.download import Downloads
from groundglass.camera.driver import Driver
from groundglass.camera.erase import erase
from groundglass.camera.exposures import Exposure, Exposures
from groundglass.camera.focusing import Focusing
from groundglass.camera.live_feed import LiveFeed
from groundglass.camera.looks import Looks
from groundglass.camera.shutter_button import ShutterButton
from groundglass.camera.viewpoint import Viewpoint
from groundglass.camera.widget import CameraEvent
from groundglass.errors import (
    CameraBusyError,
    CameraError,
    CameraLostError,
    CaptureError,
    CardFileGoneError,
    CardFullError,
    FetchStoppedError,
    FocusMissedError,
    GroundglassError,
    UnsupportedError,
)
from groundglass.model.camera import CameraInfo, Capability, RemoteFile
from groundglass.model.exposure import Special
from groundglass.model.setting import Setting, SettingId
from groundglass.model.shot import FileRole

_log = logging.getLogger(__name__)

_PAUSE_S = 0.010  # between two looks at the events while nothing else is to do
_ALIVE_EVERY_S = 0.5
_LIMIT_S = {msg.Phase.IDLE: 4.0, msg.Phase.LIVE: 4.0, msg.Phase.OPENING: 30.0, msg.Phase.SETTING: 10.0}
_TRANSFER_LIMIT_S = 15.0
_CARD_LIMIT_S = 120.0  # a full card holds thousands of files, some ms each
_EXPOSURE_GRACE_S = 30.0  # beyond the exposure and a dark frame as long
_DARK_FRAME_S = 3.0  # a body that is busy for longer after a bulb exposure takes its dark frame
_BUSY_PATIENCE_S = 3.0  # beyond the exposure, for a release that comes early
_BUSY_RELEASES = 3  # then it is connected anew
# A driver that was told nonsense of a file looks for it in the wrong place until the body is opened anew.
_DOUBTFUL = (CameraError, CardFileGoneError)


class Worker:
    """One camera's loop. Owns the driver; nothing else may call it."""

    def __init__(
        self,
        connection: Connection,
        driver: Driver,
        find: Callable[[], tuple[CameraInfo, ...]],
        versions: Callable[[], tuple[tuple[str, str], ...]],
    ) -> None:
        self._connection = connection
        self._driver = driver
        self._find = find
        self._versions = versions
        self._exposures = Exposures()
        self._looks = Looks(
            driver,
            self._take,
            lambda: self._exposures.keeps_busy,
            lambda: self._live.is_on,
            lambda: self._connection.poll(0),
        )
        self._dials = Dials(driver, self._send, self._looks)
        self._incoming: Path | None = None
        self._address = self._serial = ""
        self._downloads = Downloads(driver, self._send)
        self._view = Viewpoint(driver, self._send)
        self._live = LiveFeed(driver, self._send, self._dials, self._view, self._is_busy)
        self._button = ShutterButton(driver, self._take)
        self._focusing = Focusing(driver, self._dials, self._button, self._looks.drain)
        self._is_held = False
        self._doubts_card = False  # what the driver remembers of it failed
        self._sent_at = 0.0
        self._phase: tuple[msg.Phase, float, float] | None = None
        self._busy_releases = 0  # refused one after the other

    def run(self) -> None:
        """Work until the pipe closes or the body is lost."""
        try:
            while True:
                self._obey_all()
                if not self._driver.is_open:
                    self._connection.poll(_ALIVE_EVERY_S)
                    self._heartbeat()
                    continue
                self._looks.look()
                self._dials.reread(is_at_rest=not self._is_busy())
                self._end_exposures()
                self._rest()
                if not self._live.show_frame():
                    # Commands wake the loop at once; events wait for 10 ms at most.
                    self._connection.poll(_PAUSE_S)
                self._heartbeat()
        except CameraLostError as err:
            self._send(msg.BodyLost(err))

    # ---- the pipe

    def _send(self, message: msg.FromWorker) -> None:
        self._connection.send(message)
        self._sent_at = time.monotonic()

    def _heartbeat(self) -> None:
        if time.monotonic() - self._sent_at >= _ALIVE_EVERY_S:
            self._send(msg.Alive())

    def _doing(self, phase: msg.Phase, limit_s: float | None = None, exposure_s: float = 0.0) -> None:
        limit = _LIMIT_S.get(phase, _TRANSFER_LIMIT_S) if limit_s is None else limit_s
        if self._phase != (phase, limit, exposure_s):
            self._phase = (phase, limit, exposure_s)
            self._send(msg.Doing(phase, limit, exposure_s))

    def _is_busy(self) -> bool:
        """Tell whether a picture is awaited, or one that is reported still to be fetched."""
        return self._exposures.keeps_busy or self._looks.is_behind

    def _rest(self) -> None:
        """Say what the loop does when nothing is asked of it."""
        if not self._is_busy():
            self._doing(msg.Phase.LIVE if self._live.is_on else msg.Phase.IDLE)

    def _obey_all(self) -> None:
        while self._connection.poll(0):
            message = self._connection.recv()
            if isinstance(message, msg.Credit):
                self._live.add_credit()
            elif isinstance(message, msg.Ask):
                self._obey(message)

    def _obey(self, ask: msg.Ask) -> None:
        self._looks.note_command()
        try:
            value = self._answer(ask.request)
        except CameraLostError as err:
            self._send(msg.Failed(ask.number, err))
            raise
        except GroundglassError as err:
            self._send(msg.Failed(ask.number, err))
        else:
            self._send(msg.Reply(ask.number, value))

    def _answer(self, request: msg.Request) -> object:
        match request:
            case msg.FindCameras():
                return self._find()
            case msg.Versions():
                return self._versions()
            case msg.Identify():
                return self._identify(request.address)
            case msg.Open():
                self._store_in(request.incoming)
                return self._open(request.address, request.serial)
            case msg.StoreIn():
                self._store_in(request.incoming, is_at_once=request.is_at_once)
            case msg.Set():
                self._doing(msg.Phase.SETTING, self._dials.setting_limit_s)
                return self._dials.set(request)
            case msg.Release():
                self._release(request.release_id, with_autofocus=request.with_autofocus)
            case msg.HoldButton():
                self._hold_button(request.release_id, with_autofocus=request.with_autofocus)
            case msg.LetGo():
                self._let_go()
            case msg.StartBulb():
                self._start_bulb(request.release_id)
            case msg.EndBulb():
                self._end_bulb()
            case msg.Live():
                self._live.switch(request.is_on)
            case msg.DriveFocus():
                self._focusing.drive(request.step)
            case msg.ListCard():
                self._doing(msg.Phase.SETTING, _CARD_LIMIT_S)
                if (request.is_fresh or self._doubts_card) and not self._is_card_beside():
                    self._open_anew()
                return self._driver.list_card()
            case msg.Fetch():
                self._fetch(request)
            case msg.Erase():
                self._looks.drain()
                self._doing(msg.Phase.SETTING)
                return erase(self._driver, request, self._serial)
            case msg.Autofocus():
                self._focusing.focus()
            case msg.FocusAt():
                self._focus_at(request)
            case msg.ZoomLive():
                self._live.ensure("magnify the live view")
                return self._view.zoom_to(request.power, request.x, request.y)
        return None

    def _store_in(self, incoming: str | None, *, is_at_once: bool = False) -> None:
        """Save into this folder; what the body has by now was shot for the one before, if there was one.

        is_at_once: what it has is left for the next look, and comes into this folder.
        """
        folder = Path(incoming) if incoming else None
        self._incoming = self._incoming or folder
        try:
            if self._incoming is not None and self._driver.is_open and not is_at_once:
                if self._incoming != folder:
                    self._looks.drain()
                self._empty_buffer()
        finally:
            self._incoming = folder  # a body that is busy keeps no frame for a session that was left

    def _empty_buffer(self) -> None:
        """Take over what waits in a body's buffer; libgphoto2 announces only what comes later."""
        files = self._driver.waiting()
        for behind, file in zip(reversed(range(len(files))), files, strict=True):
            self._collect(file, time.monotonic(), behind)

    # ---- opening

    def _identify(self, address: str) -> CameraInfo:
        self._doing(msg.Phase.OPENING)
        info = self._driver.open(address)
        self._driver.close()
        return info

    def _open(self, address: str, serial: str) -> msg.Opened | msg.OtherBody:
        self._doing(msg.Phase.OPENING)
        info = self._driver.open(address)
        if serial and not info.has_serial(serial):
            self._driver.close()
            return msg.OtherBody(info)
        self._address, self._serial = address, info.serial
        self._dials.read_all(info.maker)
        self._live.mend()
        self._button.learn(self._dials.names, info.model)
        self._view.learn(self._dials.names, info.maker, info.model)
        self._empty_buffer()
        found = capabilities_of(self._dials.names)
        if self._view.live_zoom is not None:
            found |= Capability.LIVE_ZOOM
        return msg.Opened(info, found, self._dials.all, self._view.live_zoom)

    def _is_card_beside(self) -> bool:
        """Tell whether the body has no time now for its card, or its pictures come another way."""
        target = self._dials[SettingId.CAPTURE_TARGET]
        return self._exposures.keeps_busy or passes_memory(target)

    def _open_anew(self) -> None:
        """Close and open the body, so that nothing is remembered of its card."""
        self._looks.drain()
        self._live.leave()
        self._driver.close()
        self._doubts_card = False
        try:
            info = self._driver.open(self._address)
        except CameraError as err:
            raise CameraLostError("The camera went away.", err.hint) from err
        self._dials.read_all(info.maker)
        self._button.learn(self._dials.names, info.model)
        self._send(msg.SettingsChanged(self._dials.all))
        self._empty_buffer()

    # ---- releases and files

    def _begin(self, release_id: int | None, exposure_s: float, frames: int = 1) -> Exposure:
        image_format = self._dials[SettingId.IMAGE_FORMAT]
        current = image_format.current if image_format else None
        expected = len(image_roles(current.raw)) if current else 1
        exposure = self._exposures.begin(release_id, expected * frames, time.monotonic(), exposure_s)
        exposure.shots_left = self._shots_left(self._dials[SettingId.SHOTS_LEFT])
        return exposure

    @staticmethod
    def _shots_left(setting: Setting | None) -> int | None:
        raw = setting.current.raw.strip() if setting is not None and setting.current is not None else ""
        return int(raw) if raw.isdecimal() else None

    def _was_counted(self, exposure: Exposure) -> bool:
        """Tell whether the card holds more since an exposure that gave no file: it was no menu, then."""
        left = self._shots_left(self._dials.read(SettingId.SHOTS_LEFT))
        return left is not None and exposure.shots_left is not None and left < exposure.shots_left

    def _shutter_s(self) -> float:
        shutter = self._dials[SettingId.SHUTTER]
        return (shutter.current.number or 0.0) if shutter and shutter.current else 0.0

    def _release(self, release_id: int, *, with_autofocus: bool) -> None:
        self._looks.drain()
        exposure_s = self._shutter_s()
        self._doing(msg.Phase.EXPOSING, 2 * exposure_s + _EXPOSURE_GRACE_S, exposure_s)
        try:
            self._release_when_ready(exposure_s, with_autofocus=with_autofocus)
        except CameraLostError:
            raise
        except CameraError as err:
            self._rest()
            raise self._why_not(err) from err
        # Some bodies hold the call through the exposure, others return at once.
        frames = frames_of_release(self._dials[SettingId.DRIVE], self._dials[SettingId.BURST_COUNT])
        self._begin(release_id, exposure_s, frames)

    def _release_when_ready(self, exposure_s: float, *, with_autofocus: bool) -> None:
        """Release; a body that is still busy with the shot before is asked again."""
        deadline = time.monotonic() + exposure_s + _BUSY_PATIENCE_S
        while True:
            try:
                self._button.release(with_autofocus=with_autofocus)
            except CameraBusyError as err:
                if not self._exposures or time.monotonic() >= deadline:
                    self._note_busy(err)
                    raise
                _log.info("The camera is busy with the shot before; asking again")
                time.sleep(_PAUSE_S)
                self._looks.drain()
            else:
                self._busy_releases = 0
                return

    def _note_busy(self, refusal: CameraBusyError) -> None:
        """Help a body that is busy with nothing: a picture may wait in its buffer, or it lost its way."""
        self._empty_buffer()
        self._busy_releases += 1
        if self._busy_releases >= _BUSY_RELEASES:
            raise CameraLostError("The camera stays too busy to release.", refusal.hint) from refusal

    def _why_not(self, refusal: CameraError) -> CameraError:
        """Name the likely reason where libgphoto2 gives none, as for a refused release of Nikon."""
        if type(refusal) is not CaptureError:
            return refusal
        if not is_in_memory_only(self._dials[SettingId.CAPTURE_TARGET]):
            if self._dials.card_rooms() == ():
                return CaptureError(
                    "There is no memory card in the camera.", "Put one in, or capture to the computer only."
                )
            left = self._dials.read(SettingId.SHOTS_LEFT)
            if left is not None and left.current is not None and left.current.raw.strip() == "0":
                self._send(msg.SettingsChanged((left,)))
                return CardFullError(
                    "The memory card is full.", "Put in another card, or capture to the computer only."
                )
        if self._button.tells_focus or self._focusing.is_manual is not False:
            return refusal
        return FocusMissedError(
            "The camera did not release: most likely it could not focus.",
            "Aim at an edge with contrast, or switch to manual focus.",
        )

    def _hold_button(self, release_id: int, *, with_autofocus: bool) -> None:
        if Capability.HOLD not in capabilities_of(self._dials.names):
            raise UnsupportedError(
                "This camera's button cannot be held over the cable.",
                "Hold it on the body: every frame arrives.",
            )
        self._looks.drain()
        exposure_s = self._shutter_s()
        self._doing(msg.Phase.EXPOSING, 2 * exposure_s + _EXPOSURE_GRACE_S, exposure_s)
        try:
            self._button.hold(with_autofocus=with_autofocus)
        except CameraLostError:
            raise
        except CameraError as err:
            self._rest()
            raise self._why_not(err) from err
        self._is_held = True
        self._begin(release_id, exposure_s)

    def put_down(self) -> None:
        """Let the button go and close the shutter, as nobody is left to ask for it."""
        if not self._driver.is_open:
            return
        try:
            if self._is_held:
                self._button.let_go()
            if self._exposures.bulb() is not None:
                self._button.close_shutter()
        except CameraError as err:
            _log.warning("The camera may still expose: %s", err)

    def _let_go(self) -> None:
        if not self._is_held:
            raise CaptureError("No button is held.", "Hold it first.")
        self._button.let_go()
        self._is_held = False

    def _start_bulb(self, release_id: int) -> None:
        if Capability.BULB not in capabilities_of(self._dials.names):
            raise UnsupportedError("This camera cannot expose in bulb over the cable.", "Do it on the body.")
        self._looks.drain()
        self._set_to_bulb()
        self._button.open_shutter()
        self._doing(msg.Phase.EXPOSING, _LIMIT_S[msg.Phase.IDLE])
        self._begin(release_id, 0.0).is_bulb_open = True

    def _set_to_bulb(self) -> None:
        shutter = self._dials[SettingId.SHUTTER]
        if shutter is None or not shutter.choices:
            return
        if shutter.current is not None and shutter.current.special is Special.BULB:
            return
        bulb = next((one for one in shutter.choices if one.special is Special.BULB), None)
        if bulb is None:
            raise UnsupportedError("The shutter has no Bulb in this mode.", "Turn the mode dial to M or B.")
        self._dials.set(msg.Set(SettingId.SHUTTER, bulb.raw))

    def _end_bulb(self) -> None:
        exposure = self._exposures.bulb()
        if exposure is None:
            raise CaptureError("No bulb exposure is running.", "Start one first.")
        asked_at = time.monotonic()
        # The body may take a dark frame as long as the exposure, and answer nothing else meanwhile.
        self._doing(msg.Phase.EXPOSING, asked_at - exposure.begun_at + _EXPOSURE_GRACE_S)
        exposure.is_end_asked = True
        try:
            self._button.close_shutter()
        except CameraBusyError as err:
            # Refused at once, it may still be open. After a wait it is closed: libgphoto2 gives some bodies
            # 5 s for the dark frame, and then gives up.
            if time.monotonic() - asked_at < _DARK_FRAME_S:
                raise
            _log.info("The camera is busy after a bulb exposure: %s", err)
        exposure.end_bulb(time.monotonic())

    def _take(self, event: CameraEvent, files_behind: int | None = None) -> None:
        if event.file is not None:
            self._collect(event.file, time.monotonic(), files_behind)
        elif event.is_begun:
            if not self._exposures.note_begun():
                self._begin(None, self._shutter_s()).is_begun = True
        elif event.is_complete:
            self._exposures.note_complete(time.monotonic())
        elif event.text:
            self._dials.note_change(event.text)

    def _collect(self, file: RemoteFile, announced_at: float, waiting: int | None) -> None:
        if FileRole.of(file.name) is FileRole.OTHER:
            _log.info("%s is no picture and stays on the camera", file.path)
            return
        if self._incoming is None:
            if file.is_in_ram:
                self._send(
                    msg.Trouble(
                        CaptureError(
                            f"{file.name} came while no session was open.",
                            "Open a session to store pictures.",
                        )
                    )
                )
            return
        exposure = self._exposures.next_for_file() or self._begin(None, 0.0)
        self._doing(msg.Phase.TRANSFERRING)
        try:
            arrived = self._downloads.fetch(
                file,
                self._incoming,
                exposure.release_id,
                announced_at,
                waiting=waiting,
                is_card_unseen=is_card_unseen(file, self._dials[SettingId.CAPTURE_TARGET]),
            )
        except CameraLostError:
            raise
        except GroundglassError as err:
            self._doubts_card |= type(err) in _DOUBTFUL
            exposure.trouble = err
            self._send(msg.Trouble(err))
        else:
            self._send(arrived)
            self._driver.forget(file)
        if self._exposures.take_file(exposure, time.monotonic()):
            self._finish(exposure)

    def _fetch(self, request: msg.Fetch) -> None:
        """Save a file that lay on the card; whatever the body releases meanwhile goes first."""
        file, incoming = request.file, Path(request.incoming)
        self._looks.drain()
        if self._incoming != incoming:
            raise FetchStoppedError(
                f"{file.name} stays on the card: another session was opened.", "Fetch it into that one."
            )
        self._doing(msg.Phase.TRANSFERRING)
        late = self._exposures.late_for(file.modified_s, time.time() - time.monotonic())
        release_id = late.release_id if late is not None else None
        try:
            arrived = self._downloads.fetch(file, incoming, release_id, time.monotonic(), is_fetched=True)
        except CameraError as err:
            self._doubts_card |= type(err) in _DOUBTFUL
            raise
        self._send(arrived)
        self._driver.forget(file)
        if late is not None and self._exposures.take_file(late, time.monotonic()):
            self._finish(late)

    def _end_exposures(self) -> None:
        now = time.monotonic()
        is_file_expected = not is_out_of_reach(self._dials[SettingId.CAPTURE_TARGET])
        for exposure in self._exposures.take_late(now) if is_file_expected else ():
            if exposure.release_id is not None:
                self._rest()
                self._send(msg.PictureLate(exposure.release_id))
        for exposure in self._exposures.take_ended(now, is_file_expected=is_file_expected):
            # On Nikon trigger_capture() reports success although the body answered busy.
            missing = CaptureError(
                f"The camera released, but sent no picture for {now - exposure.begun_at:.0f} s.",
                "The card is looked at again. If the picture is not there either, release again.",
            )
            # A body may be busy with its own menu.
            is_missing = (
                is_file_expected
                and not exposure.arrived
                and (exposure.release_id is not None or self._was_counted(exposure))
            )
            self._finish(exposure, missing if is_missing else None)

    def _finish(self, exposure: Exposure, error: GroundglassError | None = None) -> None:
        self._dials.read_status_soon()
        self._send(msg.ExposureEnded(exposure.release_id, error or exposure.trouble))

    # ---- focus

    def _focus_at(self, request: msg.FocusAt) -> None:
        if request.with_autofocus:
            self._focusing.refuse_manual()
        if self._view.needs_live_view:
            self._live.ensure("be told where to focus")
        self._view.point_at(request.x, request.y)
        if request.with_autofocus:
            self._focusing.focus()


def main() -> None:
    """Serve one camera over the file descriptor named on the command line."""
    from groundglass.camera.gphoto import GphotoCamera, driver_versions, find_cameras

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    # Ctrl-C in a terminal reaches the whole group; the application decides when the camera is let go.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = Connection(int(sys.argv[1]))
    camera = GphotoCamera()
    worker = Worker(connection, camera, find_cameras, driver_versions)
    try:
        worker.run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        # The application is gone: let the camera go, but not at any price.
        signal.alarm(5)
        worker.put_down()
        camera.close()
    # Not a normal exit: it would close a dead body, which can hang or crash.
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

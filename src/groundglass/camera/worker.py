"""The loop that touches the body, in a process of its own: commands first, then events, then a live frame.

Started as `python -m groundglass.camera.worker FD`, FD being one end of a socket pair. It ends when the
other end closes, so a killed application leaves no camera claimed, and when the body is lost: a dead body
is never closed in good order, because libgphoto2 may hang or crash in it. Longer than other modules: the loop
owns the driver, so releases, events, live view and focus have one place.
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
from groundglass.camera.dialects import habits
from groundglass.camera.dialects.capabilities import capabilities_of
from groundglass.camera.dialects.capture_target import is_out_of_reach, passes_memory
from groundglass.camera.dialects.focus import (
    AUTOFOCUS,
    FOCUS_INDICATION,
    FOCUS_POSITION,
    focus_place,
    focus_step,
    is_manual_focus,
)
from groundglass.camera.dialects.image_formats import image_roles
from groundglass.camera.dialects.release import BUTTON_WIDGET, frames_of_release
from groundglass.camera.dials import Dials
from groundglass.camera.download import Downloads
from groundglass.camera.driver import Driver
from groundglass.camera.erase import erase
from groundglass.camera.exposures import Exposure, Exposures
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
# Over USB libgphoto2 waits 0.3 s for an event that does not come, on some bodies always, on a Nikon until it
# has reported once (libgphoto2#342). An event that comes meanwhile ends the wait, and the next look finds it.
_DEAR_LOOK_S = 0.29
_CHEAP_LOOKS = 3  # in vain and one after the other: then the body answers at once
_REST_S = 0.3  # from one look in vain to the next while commands come, and after each command,
_IDLE_REST_S = 0.04  # while the photographer is at the body,
_ASKED_LATELY_S = 1.5
_LIVE_REST_S = 0.6  # or two thirds for the live picture
_ALIVE_EVERY_S = 0.5
_LIMIT_S = {msg.Phase.IDLE: 4.0, msg.Phase.LIVE: 4.0, msg.Phase.OPENING: 30.0, msg.Phase.SETTING: 10.0}
_TRANSFER_LIMIT_S = 15.0
_CARD_LIMIT_S = 120.0  # a full card holds thousands of files, some ms each
_EXPOSURE_GRACE_S = 30.0  # beyond the exposure and a dark frame as long
_BUSY_PATIENCE_S = 3.0  # beyond the exposure, for a release that comes early
_BUSY_RELEASES = 3  # then it is connected anew
_LIVE_PATIENCE_S = 2.0
_EVENTS_AT_ONCE = 200
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
        self._dials = Dials(driver, self._send, self._drain_events, self._look)
        self._incoming: Path | None = None
        self._address = self._serial = ""
        self._downloads = Downloads(driver, self._send)
        self._exposures = Exposures()
        self._view = Viewpoint(driver, self._send)
        self._button = ShutterButton(driver, self._take)
        self._is_held = False
        self._doubts_card = False  # what the driver remembers of it failed
        self._is_live = False
        self._live_refused_at: float | None = None  # since when without a frame; None: not so
        self._frames = 0
        self._credit = 0
        self._sent_at = 0.0
        self._phase: tuple[msg.Phase, float] | None = None
        self._busy_releases = 0  # refused one after the other
        self._is_look_dear = False
        self._cheap_looks = 0
        self._look_due = 0.0
        self._asked_at = 0.0

    def run(self) -> None:
        """Work until the pipe closes or the body is lost."""
        try:
            while True:
                self._obey_all()
                if not self._driver.is_open:
                    self._connection.poll(_ALIVE_EVERY_S)
                    self._heartbeat()
                    continue
                self._look()
                self._dials.reread()
                self._end_exposures()
                self._rest()
                if not self._show_frame():
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
        if self._phase != (phase, exposure_s):
            self._phase = (phase, exposure_s)
            self._send(msg.Doing(phase, limit, exposure_s))

    def _rest(self) -> None:
        """Say what the loop does when nothing is asked of it."""
        if not self._exposures.keeps_busy:
            self._doing(msg.Phase.LIVE if self._is_live else msg.Phase.IDLE)

    def _obey_all(self) -> None:
        while self._connection.poll(0):
            message = self._connection.recv()
            if isinstance(message, msg.Credit):
                self._credit += 1
            elif isinstance(message, msg.Ask):
                self._obey(message)

    def _obey(self, ask: msg.Ask) -> None:
        if self._is_look_dear:
            # A command waits for a look that is under way, so those that follow one another find none.
            self._asked_at = time.monotonic()
            self._look_due = max(self._look_due, self._asked_at + _REST_S)
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
                self._store_in(request.incoming)
            case msg.Set():
                self._doing(msg.Phase.SETTING)
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
                self._live(request.is_on)
            case msg.DriveFocus():
                self._drive_focus(request.step)
            case msg.ListCard():
                self._doing(msg.Phase.SETTING, _CARD_LIMIT_S)
                if (request.is_fresh or self._doubts_card) and not self._is_card_beside():
                    self._open_anew()
                return self._driver.list_card()
            case msg.Fetch():
                self._fetch(request.file)
            case msg.Erase():
                self._drain_events()
                self._doing(msg.Phase.SETTING)
                return erase(self._driver, request, self._serial)
            case msg.Autofocus():
                self._autofocus()
            case msg.FocusAt():
                self._focus_at(request)
            case msg.ZoomLive():
                self._show_live("magnify the live view")
                return self._view.zoom_to(request.power, request.x, request.y)
        return None

    def _store_in(self, incoming: str | None) -> None:
        self._incoming = Path(incoming) if incoming else None
        if self._incoming is not None and self._driver.is_open:
            self._empty_buffer()

    def _empty_buffer(self) -> None:
        """Take over what waits in a body's buffer; libgphoto2 announces only what comes later."""
        for file in self._driver.waiting():
            self._collect(file, time.monotonic())

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
        self._drain_events()
        if self._is_live:
            self._view.show_whole()
            self._end_live()
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

    def _write_first(self, names: tuple[str, ...], value: str, action: str) -> None:
        name = next((one for one in names if one in self._dials.names), None)
        if name is None:
            raise UnsupportedError(f"This camera can not {action} over the cable.", "Do it on the body.")
        self._driver.write_widget(name, value)

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
        self._drain_events()
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
                self._drain_events()
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
        left = self._dials.read(SettingId.SHOTS_LEFT)
        if left is not None and left.current is not None and left.current.raw.strip() == "0":
            self._send(msg.SettingsChanged((left,)))
            return CardFullError(
                "The memory card is full.", "Put in another card, or capture to the computer only."
            )
        focus = self._dials[SettingId.FOCUS_MODE]
        if (
            self._button.tells_focus
            or focus is None
            or focus.current is None
            or is_manual_focus(focus.current.raw)
        ):
            return refusal
        return FocusMissedError(
            "The camera did not release: most likely it could not focus.",
            "Aim at an edge with contrast, or switch to manual focus.",
        )

    def _hold_button(self, release_id: int, *, with_autofocus: bool) -> None:
        if BUTTON_WIDGET not in self._dials.names:
            raise UnsupportedError(
                "This camera's button can not be held over the cable.",
                "Hold it on the body: every frame arrives.",
            )
        self._drain_events()
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

    def _let_go(self) -> None:
        if not self._is_held:
            raise CaptureError("No button is held.", "Hold it first.")
        self._button.let_go()
        self._is_held = False

    def _start_bulb(self, release_id: int) -> None:
        if not self._dials.names & {"bulb", BUTTON_WIDGET}:
            raise UnsupportedError("This camera can not expose in bulb over the cable.", "Do it on the body.")
        self._drain_events()
        self._set_to_bulb()
        self._button.hold()
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
        self._button.let_go()
        exposure.end_bulb(time.monotonic())

    def _look(self) -> None:
        """Take the camera's events; seldom, and one at a time, where looking in vain is dear."""
        if self._exposures.keeps_busy or time.monotonic() >= self._look_due:
            self._drain_events(1 if self._is_look_dear else _EVENTS_AT_ONCE)

    def _note_look(self, took_s: float) -> None:
        """Note how long a look in vain took; a short one may have been cut short by an event."""
        if took_s >= _DEAR_LOOK_S:
            self._is_look_dear = True
            now = time.monotonic()
            rest_s = _REST_S if now - self._asked_at < _ASKED_LATELY_S else _IDLE_REST_S
            self._look_due = now + (_LIVE_REST_S if self._is_live else rest_s)
            self._cheap_looks = 0
        else:
            self._cheap_looks += 1
            self._is_look_dear &= self._cheap_looks < _CHEAP_LOOKS

    def _drain_events(self, most: int = _EVENTS_AT_ONCE) -> None:
        """Take all that the camera has to report, and save every file that it announces."""
        for _ in range(most):
            asked_at = time.monotonic()
            event = self._next_event()
            if event is None:
                self._note_look(time.monotonic() - asked_at)
                return
            self._cheap_looks = 0
            self._take(event)

    def _next_event(self) -> CameraEvent | None:
        try:
            return self._driver.next_event()
        except CameraLostError:
            raise
        except CameraBusyError:
            return None
        except CameraError as err:
            # Of a broken network link libgphoto2 says no more than -1.
            raise CameraLostError(
                "The camera stopped answering.", "Check the cable and the battery."
            ) from err

    def _take(self, event: CameraEvent) -> None:
        if event.file is not None:
            self._collect(event.file, time.monotonic())
        elif event.is_begun:
            if not self._exposures.note_begun():
                self._begin(None, self._shutter_s()).is_begun = True
        elif event.is_complete:
            self._exposures.note_complete(time.monotonic())
        elif event.text:
            self._dials.note_change(event.text)

    def _collect(self, file: RemoteFile, announced_at: float) -> None:
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
            arrived = self._downloads.fetch(file, self._incoming, exposure.release_id, announced_at)
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

    def _fetch(self, file: RemoteFile) -> None:
        """Save a file that lay on the card; whatever the body releases meanwhile goes first."""
        self._drain_events()
        if self._incoming is None:
            raise CaptureError("No session is open.", "Open a session to store pictures.")
        self._doing(msg.Phase.TRANSFERRING)
        late = self._exposures.late_for(file.modified_s, time.time() - time.monotonic())
        release_id = late.release_id if late is not None else None
        try:
            arrived = self._downloads.fetch(
                file, self._incoming, release_id, time.monotonic(), is_fetched=True
            )
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

    # ---- live view and focus

    def _live(self, is_on: bool) -> None:
        if is_on:
            self._live_refused_at = None
        elif self._is_live:
            self._view.show_whole()
            self._end_live()
        self._is_live = is_on

    def _end_live(self) -> None:
        if "viewfinder" in self._dials.names:
            try:
                self._driver.write_widget("viewfinder", "0")
            except CameraLostError:
                raise
            except CameraError as err:
                _log.info("The live view did not end: %s", err)
            self._restore_after_live()

    def _restore_after_live(self) -> None:
        for name, value in habits.SET_AFTER_LIVE.items():
            if name not in self._dials.names:
                continue
            try:
                self._driver.write_widget(name, value)
            except CameraLostError:
                raise
            except CameraError as err:
                _log.info("%s could not be set back to %s: %s", name, value, err)

    def _show_frame(self) -> bool:
        """Send a live frame if one is wanted and allowed; tell whether time was spent on it."""
        if not self._is_live or self._credit <= 0 or self._exposures.keeps_busy:
            self._live_refused_at = None  # what lies between says nothing of the next frame
            return False
        try:
            jpeg = self._driver.preview()
        except CameraLostError:
            raise
        except CameraError as err:
            # Bodies refuse frames for a moment after a release or a change of mode.
            now = time.monotonic()
            if self._live_refused_at is None:
                self._live_refused_at = now
            if now - self._live_refused_at > _LIVE_PATIENCE_S:
                self._is_live = False
                self._send(msg.LiveStopped(err))
            return False
        self._frames += 1
        self._credit -= 1
        self._live_refused_at = None
        self._send(msg.Frame(self._frames, jpeg, time.monotonic()))
        return True

    def _show_live(self, action: str) -> None:
        """Make sure that the body shows its live view: it begins with the first frame that is asked for."""
        if not self._is_live:
            raise UnsupportedError(
                f"This camera can {action} only in live view.", "Start the live view first."
            )
        if self._exposures.keeps_busy:
            raise CameraBusyError("The camera is busy with a shot.", "Try again in a moment.")
        deadline = time.monotonic() + _LIVE_PATIENCE_S
        while True:
            try:
                self._driver.preview()
            except CameraLostError:
                raise
            except CameraError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE_S)
            else:
                return

    def _focus_at(self, request: msg.FocusAt) -> None:
        if request.with_autofocus:
            self._refuse_manual_focus()
        if self._view.needs_live_view:
            self._show_live("be told where to focus")
        self._view.point_at(request.x, request.y)
        if request.with_autofocus:
            self._autofocus()

    def _refuse_manual_focus(self) -> None:
        mode = self._dials[SettingId.FOCUS_MODE]
        if mode and mode.current and is_manual_focus(mode.current.raw):
            raise UnsupportedError("The camera is set to manual focus.", "Choose an autofocus mode first.")

    def _autofocus(self) -> None:
        self._refuse_manual_focus()
        names = self._dials.names
        if FOCUS_INDICATION in names or (self._button.tells_focus and AUTOFOCUS in names):
            self._button.focus()
        else:
            self._write_first((AUTOFOCUS, "autofocus"), "1", "focus")

    def _drive_focus(self, step: int) -> None:
        name = next((one for one in ("manualfocusdrive", "manualfocus") if one in self._dials.names), None)
        if name is None:
            raise UnsupportedError(
                "This camera can not move the focus over the cable.", "Turn the ring on the lens."
            )
        widget = self._driver.read_widget(name)
        place = focus_place(widget) or self._indicated_place()
        self._driver.write_widget(name, focus_step(widget, step))
        if place is not None and place[0] == place[1 if step < 0 else 2]:
            end = "nearest" if step < 0 else "farthest"
            raise CameraError(f"The lens is at its {end} point.", "Move the focus the other way.")

    def _indicated_place(self) -> tuple[float, float, float] | None:
        name, nearest, farthest = FOCUS_POSITION
        if name not in self._dials.names:
            return None
        self._drain_events()
        value = self._driver.read_widget(name).value
        return None if value is None else (float(value), nearest, farthest)


def main() -> None:
    """Serve one camera over the file descriptor named on the command line."""
    from groundglass.camera.gphoto import GphotoCamera, driver_versions, find_cameras

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    # Ctrl-C in a terminal reaches the whole group; the application decides when the camera is let go.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = Connection(int(sys.argv[1]))
    camera = GphotoCamera()
    try:
        Worker(connection, camera, find_cameras, driver_versions).run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        # The application is gone: let the camera go, but not at any price.
        signal.alarm(5)
        camera.close()
    # Not a normal exit: it would close a dead body, which can hang or crash.
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

"""The loop that touches the body, in a process of its own: commands first, then events, then a live frame.

Started as `python -m groundglass.camera.worker FD`, FD being one end of a socket pair. It ends when the
other end closes, so a killed application leaves no camera claimed, and when the body is lost: a dead body
is never closed in good order, because libgphoto2 may hang or crash in it.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from groundglass.camera import dialects
from groundglass.camera import messages as msg
from groundglass.camera.exposures import Exposure, Exposures
from groundglass.camera.widget import CameraEvent, Widget, WidgetKind
from groundglass.errors import (
    CameraBusyError,
    CameraError,
    CameraLostError,
    CaptureError,
    CardFullError,
    DiskFullError,
    FocusMissedError,
    GroundglassError,
    SettingRefusedError,
    UnsupportedError,
)
from groundglass.model.camera import CameraInfo, RemoteFile
from groundglass.model.exposure import Special
from groundglass.model.setting import Setting, SettingId
from groundglass.model.shot import FileRole

_log = logging.getLogger(__name__)

_LOOKS_AFTER_MODE = 4
# libgphoto2 believes for 2 s what it read. An event ends that, but not one that comes over a network link
# while an operation runs (2.5.34, ptpip.c); so what has changed is read once more after that time.
_BELIEVED_S = 2.2
_PAUSE_S = 0.010  # between two looks at the events while nothing else is to do
# Over USB libgphoto2 waits 0.3 s for an event that does not come, on some bodies always, on a Nikon until it
# has reported once (libgphoto2#342). An event that comes meanwhile ends the wait, and the next look finds it.
_DEAR_LOOK_S = 0.29
_CHEAP_LOOKS = 3  # in vain and one after the other: then the body answers at once
_REST_S = 0.3  # after a look in vain: half the time is left for commands,
_LIVE_REST_S = 0.6  # or two thirds for the live picture
_ALIVE_EVERY_S = 0.5
_STATUS_EVERY_S = 10.0  # battery and frames left: not every body announces them
_PROGRESS_EVERY_S = 0.03
_LIMIT_S = {msg.Phase.IDLE: 4.0, msg.Phase.LIVE: 4.0, msg.Phase.OPENING: 30.0, msg.Phase.SETTING: 10.0}
_TRANSFER_LIMIT_S = 15.0
_CARD_LIMIT_S = 120.0  # a full card holds thousands of files, some ms each
_EXPOSURE_GRACE_S = 30.0
_BUSY_PATIENCE_S = 3.0  # beyond the exposure, for a release that comes early
_FILE_GRACE_S = 10.0  # after the exposure, for the first file
_LIVE_PATIENCE_S = 2.0
_EVENTS_AT_ONCE = 200
_STATUS = (SettingId.BATTERY, SettingId.SHOTS_LEFT)

_CHANGED = re.compile(r'PTP Property ([0-9a-f]+) changed(?:, "([^"]*)" to)?')


class Driver(Protocol):
    """What the loop needs of a body: camera.gphoto.GphotoCamera."""

    @property
    def is_open(self) -> bool: ...
    def open(self, address: str) -> CameraInfo: ...
    def close(self) -> None: ...
    def widget_names(self) -> frozenset[str]: ...
    def read_widget(self, name: str) -> Widget: ...
    def write_widget(self, name: str, value: str) -> None: ...
    def release(self) -> None: ...
    def open_shutter(self) -> None: ...
    def close_shutter(self) -> None: ...
    @property
    def tells_focus(self) -> bool: ...
    def focus(self) -> None: ...
    def waiting(self) -> tuple[RemoteFile, ...]: ...
    def forget(self, file: RemoteFile) -> None: ...
    def preview(self) -> bytes: ...
    def next_event(self) -> CameraEvent | None: ...
    def report_to(self, take: Callable[[CameraEvent], None]) -> None: ...
    def list_card(self) -> tuple[RemoteFile, ...]: ...
    def size_of(self, file: RemoteFile) -> int: ...
    def read_file(self, file: RemoteFile, size_bytes: int, write: Callable[[memoryview], None]) -> None: ...


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
        self._maker = ""
        self._names: frozenset[str] = frozenset()
        self._settings: dict[SettingId, Setting] = {}
        self._dirty: set[SettingId] = set()
        self._again: dict[SettingId, float] = {}  # what to read once more, and when
        self._incoming: Path | None = None
        self._files = 0
        self._exposures = Exposures()
        driver.report_to(self._take)
        self._is_live = False
        self._live_good_at = 0.0
        self._frames = 0
        self._credit = 0
        self._sent_at = 0.0
        self._status_at = 0.0
        self._phase: tuple[msg.Phase, float] | None = None
        self._is_look_dear = False
        self._cheap_looks = 0
        self._look_due = 0.0

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
                self._reread()
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
        if not self._exposures:
            self._doing(msg.Phase.LIVE if self._is_live else msg.Phase.IDLE)

    def _obey_all(self) -> None:
        while self._connection.poll(0):
            message = self._connection.recv()
            if isinstance(message, msg.Credit):
                self._credit += 1
            elif isinstance(message, msg.Ask):
                self._obey(message)

    def _obey(self, ask: msg.Ask) -> None:
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
                return self._set(request)
            case msg.Release():
                self._release(request.release_id)
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
                return self._driver.list_card()
            case msg.Fetch():
                self._fetch(request.file)
            case msg.Autofocus():
                self._autofocus()
        return None

    def _store_in(self, incoming: str | None) -> None:
        self._incoming = Path(incoming) if incoming else None
        if self._incoming is not None and self._driver.is_open:
            self._empty_buffer()

    def _empty_buffer(self) -> None:
        """Take over what waits in a body's buffer; libgphoto2 announces only what comes later."""
        for file in self._driver.waiting():
            self._collect(file, time.monotonic())

    # ---- settings

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
        self._maker = info.maker
        self._names = self._driver.widget_names()
        for setting_id in SettingId:
            self._read(setting_id)
        for name, value in dialects.SET_AT_CONNECT.items():
            # Sony's `autofocus` is a button of the body.
            if name in self._names and value in self._driver.read_widget(name).choices:
                self._driver.write_widget(name, value)
        # libgphoto2 keeps this one in a file of its own, not in the camera: it has to be set each time.
        target = self._settings.get(SettingId.CAPTURE_TARGET)
        card = dialects.card_choice(target) if target else None
        if card is not None and target is not None and card != target.current:
            self._write(target.widget, card.raw)
            self._read(SettingId.CAPTURE_TARGET)
        self._set_clock()
        self._empty_buffer()
        return msg.Opened(info, dialects.capabilities_of(self._names), tuple(self._settings.values()))

    def _set_clock(self) -> None:
        """Give the body the computer's time, so that pictures of several bodies sort."""
        name = next((one for one in dialects.CLOCKS if one in self._names), None)
        if name is None:
            return
        try:
            clock = self._driver.read_widget(name)
            if clock.kind is not WidgetKind.DATE or clock.read_only or clock.value is None:
                return
            if abs(int(clock.value) - time.time()) > dialects.CLOCK_TOLERANCE_S:
                self._driver.write_widget(name, str(round(time.time())))
        except CameraLostError:
            raise
        except CameraError as err:
            _log.info("The camera's clock could not be set: %s", err)

    def _read(self, setting_id: SettingId) -> Setting | None:
        """Read a setting again; None if the body does not have it now."""
        widget = dialects.best(setting_id, self._candidates(setting_id))
        if widget is None:
            return None
        setting = dialects.setting_of(setting_id, widget)
        self._settings[setting_id] = setting
        return setting

    def _candidates(self, setting_id: SettingId) -> Iterator[Widget]:
        for name in dialects.WIDGETS[setting_id]:
            if name not in self._names:
                continue
            try:
                yield self._driver.read_widget(name)
            except CameraLostError:
                raise
            except CameraError as err:
                # Bodies list properties that their present mode does not have.
                _log.debug("%s can not be read: %s", name, err)

    def _set(self, request: msg.Set) -> Setting:
        before = self._settings.get(request.setting_id)
        if before is None:
            raise UnsupportedError(
                f"This camera has no {request.setting_id.words} to set over the cable.",
                "Set it on the body.",
            )
        self._doing(msg.Phase.SETTING)
        # libgphoto2 keeps a property's read-only flag for 2 s unless the camera's events are taken first.
        self._look()
        refusal: CameraError | None = None
        try:
            self._write(before.widget, request.raw)
        except CameraLostError:
            raise
        except CameraError as err:
            refusal = err
        kept = self._read(request.setting_id) if refusal else self._settled(request)
        kept = kept or before
        if kept.current is None or not _same(kept.current.raw, request.raw):
            self._send(msg.SettingsChanged((kept,)))
            wanted = dialects.choice_of(request.setting_id, request.raw).label
            raise SettingRefusedError(
                f"The camera kept {request.setting_id.words} at {kept.label} instead of {wanted}.",
                refusal.message if refusal else "It may not be possible in the camera's present mode.",
            ) from refusal
        self._send(msg.SettingsChanged((kept,)))
        if request.setting_id is SettingId.EXPOSURE_MODE:
            # Which settings are free depends on it; some bodies tell so a little later.
            for _ in range(_LOOKS_AFTER_MODE):
                time.sleep(_PAUSE_S)
                self._drain_events()
            self._dirty.update(self._settings)
            self._again.update(dict.fromkeys(self._settings, time.monotonic() + _BELIEVED_S))
            self._reread()
        return kept

    def _write(self, name: str, raw: str) -> None:
        other, texts = dialects.SET_THROUGH.get(name, ("", {}))
        if other in self._names:
            name, raw = other, texts.get(raw, raw)
        self._driver.write_widget(name, raw)

    def _settled(self, request: msg.Set) -> Setting | None:
        """Read a setting that was set, as soon as the body has taken it over."""
        deadline = time.monotonic() + dialects.SETTLING_S.get(self._maker, 0.0)
        while True:
            if self._maker in dialects.SETTLING_S:
                self._drain_events()
            kept = self._read(request.setting_id)
            current = kept.current if kept else None
            is_taken = current is not None and _same(current.raw, request.raw)
            if is_taken or time.monotonic() >= deadline:
                return kept
            time.sleep(_PAUSE_S)

    def _reread(self) -> None:
        if time.monotonic() - self._status_at > _STATUS_EVERY_S:
            self._status_at = time.monotonic()
            self._dirty.update(one for one in _STATUS if one in self._settings)
        now = time.monotonic()
        for due in [one for one, at in self._again.items() if at <= now]:
            del self._again[due]
            self._dirty.add(due)
        if not self._dirty:
            return
        changed = []
        for setting_id in sorted(self._dirty):
            before = self._settings.get(setting_id)
            after = self._read(setting_id)
            if after is not None and after != before:
                changed.append(after)
        self._dirty.clear()
        if changed:
            self._send(msg.SettingsChanged(tuple(changed)))

    def _write_first(self, names: tuple[str, ...], value: str, action: str) -> None:
        name = next((one for one in names if one in self._names), None)
        if name is None:
            raise UnsupportedError(f"This camera can not {action} over the cable.", "Do it on the body.")
        self._driver.write_widget(name, value)

    # ---- releases and files

    def _begin(self, release_id: int | None, exposure_s: float) -> Exposure:
        image_format = self._settings.get(SettingId.IMAGE_FORMAT)
        current = image_format.current if image_format else None
        expected = len(dialects.image_roles(current.raw)) if current else 1
        return self._exposures.begin(release_id, expected, time.monotonic(), exposure_s + _FILE_GRACE_S)

    def _shutter_s(self) -> float:
        shutter = self._settings.get(SettingId.SHUTTER)
        return (shutter.current.number or 0.0) if shutter and shutter.current else 0.0

    def _release(self, release_id: int) -> None:
        self._drain_events()
        exposure_s = self._shutter_s()
        self._doing(msg.Phase.EXPOSING, exposure_s + _EXPOSURE_GRACE_S, exposure_s)
        try:
            self._release_when_ready(exposure_s)
        except CameraError as err:
            self._rest()
            raise self._why_not(err) from err
        # Some bodies hold the call through the exposure, others return at once.
        self._begin(release_id, exposure_s)

    def _release_when_ready(self, exposure_s: float) -> None:
        """Release; a body that is still busy with the shot before is asked again."""
        deadline = time.monotonic() + exposure_s + _BUSY_PATIENCE_S
        while True:
            try:
                self._driver.release()
            except CameraBusyError:
                if not self._exposures or time.monotonic() >= deadline:
                    raise
                _log.info("The camera is busy with the shot before; asking again")
                time.sleep(_PAUSE_S)
                self._drain_events()
            else:
                return

    def _why_not(self, refusal: CameraError) -> CameraError:
        """Name the likely reason where libgphoto2 gives none, as for a refused release of Nikon."""
        if type(refusal) is not CaptureError:
            return refusal
        left = self._read(SettingId.SHOTS_LEFT)
        if left is not None and left.current is not None and left.current.raw.strip() == "0":
            self._send(msg.SettingsChanged((left,)))
            return CardFullError(
                "The memory card is full.", "Put in another card, or capture to the computer only."
            )
        focus = self._settings.get(SettingId.FOCUS_MODE)
        if (
            self._driver.tells_focus
            or focus is None
            or focus.current is None
            or dialects.is_manual_focus(focus.current.raw)
        ):
            return refusal
        return FocusMissedError(
            "The camera did not release: most likely it could not focus.",
            "Aim at an edge with contrast, or switch to manual focus.",
        )

    def _start_bulb(self, release_id: int) -> None:
        if not self._names & {"bulb", dialects.BUTTON_WIDGET}:
            raise UnsupportedError("This camera can not expose in bulb over the cable.", "Do it on the body.")
        self._drain_events()
        self._set_to_bulb()
        self._driver.open_shutter()
        self._doing(msg.Phase.EXPOSING, _LIMIT_S[msg.Phase.IDLE])
        self._begin(release_id, 0.0).is_bulb_open = True

    def _set_to_bulb(self) -> None:
        shutter = self._settings.get(SettingId.SHUTTER)
        if shutter is None or not shutter.choices:
            return
        if shutter.current is not None and shutter.current.special is Special.BULB:
            return
        bulb = next((one for one in shutter.choices if one.special is Special.BULB), None)
        if bulb is None:
            raise UnsupportedError("The shutter has no Bulb in this mode.", "Turn the mode dial to M or B.")
        self._set(msg.Set(SettingId.SHUTTER, bulb.raw))

    def _end_bulb(self) -> None:
        exposure = self._exposures.bulb()
        if exposure is None:
            raise CaptureError("No bulb exposure is running.", "Start one first.")
        self._driver.close_shutter()
        exposure.is_bulb_open = False
        exposure.deadline = time.monotonic() + _FILE_GRACE_S

    def _look(self) -> None:
        """Take the camera's events; seldom, and one at a time, where looking in vain is dear."""
        if self._exposures or time.monotonic() >= self._look_due:
            self._drain_events(1 if self._is_look_dear else _EVENTS_AT_ONCE)

    def _note_look(self, took_s: float) -> None:
        """Note how long a look in vain took; a short one may have been cut short by an event."""
        if took_s >= _DEAR_LOOK_S:
            self._is_look_dear = True
            self._look_due = time.monotonic() + (_LIVE_REST_S if self._is_live else _REST_S)
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
            self._note_change(event.text)

    def _note_change(self, text: str) -> None:
        match = _CHANGED.search(text)
        if match is None:
            return
        for name in (match[2], match[1]):
            setting_id = dialects.SETTING_OF_WIDGET.get(name or "")
            if setting_id is not None:
                changed = {setting_id}
                # A mode dial changes what else may be set.
                if setting_id is SettingId.EXPOSURE_MODE:
                    changed.update(self._settings)
                self._dirty.update(changed)
                self._again.update(dict.fromkeys(changed, time.monotonic() + _BELIEVED_S))
                return

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
            arrived = self._download(file, exposure.release_id, announced_at)
        except CameraLostError:
            raise
        except GroundglassError as err:
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
        self._send(self._download(file, None, time.monotonic()))
        self._driver.forget(file)

    def _download(self, file: RemoteFile, release_id: int | None, announced_at: float) -> msg.FileArrived:
        """Write a file to the incoming folder, hashing on the way, and sync it."""
        assert self._incoming is not None
        size = self._driver.size_of(file)
        self._files += 1
        final = self._incoming / f"{os.getpid()}-{self._files:06}-{Path(file.name).name}"
        part = final.with_name(final.name + ".part")
        digest = hashlib.sha256()
        done = 0
        told_at = 0.0
        try:
            with part.open("xb", buffering=0) as out:

                def write(block: memoryview) -> None:
                    nonlocal done, told_at
                    digest.update(block)
                    view = block
                    while view:
                        view = view[out.write(view) :]
                    done += len(block)
                    if time.monotonic() - told_at > _PROGRESS_EVERY_S:
                        told_at = time.monotonic()
                        self._send(msg.Progress(file.name, done, size or done))

                self._driver.read_file(file, size, write)
                os.fsync(out.fileno())
            part.rename(final)
        except OSError as err:
            if not file.is_in_ram:
                part.unlink(missing_ok=True)  # the card has it whole, and the disk may lack the room
            if err.errno in (errno.ENOSPC, errno.EDQUOT):
                where = (
                    "It is lost" if file.is_in_ram else "It is on the card, and fetched when there is room"
                )
                raise DiskFullError(
                    f"The session's disk is full, so {file.name} was not stored.",
                    f"{where}. Make room, or open a session on another disk.",
                ) from err
            kept = "It is lost." if file.is_in_ram else "It is still on the card."
            raise CaptureError(
                f"{file.name} could not be written to the session: {err.strerror or err}.",
                f"{kept} Make room or choose another session folder.",
            ) from err
        return msg.FileArrived(
            path=str(final),
            name=file.name,
            folder=file.folder,
            size_bytes=done,
            sha256=digest.hexdigest(),
            release_id=release_id,
            announced_at=announced_at,
            modified_s=file.modified_s,
        )

    def _end_exposures(self) -> None:
        is_file_expected = not dialects.is_out_of_reach(self._settings.get(SettingId.CAPTURE_TARGET))
        for exposure in self._exposures.take_ended(time.monotonic(), is_file_expected=is_file_expected):
            # On Nikon trigger_capture() reports success although the body answered busy.
            missing = CaptureError(
                "The camera released, but sent no picture.", "Look at the card, and release again."
            )
            # A body may be busy with its own menu.
            is_missing = is_file_expected and not exposure.arrived and exposure.release_id is not None
            self._finish(exposure, missing if is_missing else None)

    def _finish(self, exposure: Exposure, error: CameraError | None = None) -> None:
        self._dirty.update(one for one in _STATUS if one in self._settings)
        self._send(msg.ExposureEnded(exposure.release_id, error))

    # ---- live view and focus

    def _live(self, is_on: bool) -> None:
        if is_on:
            self._live_good_at = time.monotonic()
        elif self._is_live and "viewfinder" in self._names:
            try:
                self._driver.write_widget("viewfinder", "0")
            except CameraLostError:
                raise
            except CameraError as err:
                _log.info("The live view did not end: %s", err)
            self._restore_after_live()
        self._is_live = is_on

    def _restore_after_live(self) -> None:
        for name, value in dialects.SET_AFTER_LIVE.items():
            if name not in self._names:
                continue
            try:
                self._driver.write_widget(name, value)
            except CameraLostError:
                raise
            except CameraError as err:
                _log.info("%s could not be set back to %s: %s", name, value, err)

    def _show_frame(self) -> bool:
        """Send a live frame if one is wanted and allowed; tell whether time was spent on it."""
        if not self._is_live or self._credit <= 0 or self._exposures:
            return False
        try:
            jpeg = self._driver.preview()
        except CameraLostError:
            raise
        except CameraError as err:
            # Bodies refuse frames for a moment after a release or a change of mode.
            if time.monotonic() - self._live_good_at > _LIVE_PATIENCE_S:
                self._is_live = False
                self._send(msg.LiveStopped(err))
            return False
        self._frames += 1
        self._credit -= 1
        self._live_good_at = time.monotonic()
        self._send(msg.Frame(self._frames, jpeg, self._live_good_at))
        return True

    def _autofocus(self) -> None:
        mode = self._settings.get(SettingId.FOCUS_MODE)
        if mode and mode.current and dialects.is_manual_focus(mode.current.raw):
            raise UnsupportedError("The camera is set to manual focus.", "Choose an autofocus mode first.")
        if dialects.FOCUS_INDICATION in self._names:
            self._driver.focus()
        else:
            self._write_first(("autofocusdrive", "autofocus"), "1", "focus")

    def _drive_focus(self, step: int) -> None:
        name = next((one for one in ("manualfocusdrive", "manualfocus") if one in self._names), None)
        if name is None:
            raise UnsupportedError(
                "This camera can not move the focus over the cable.", "Turn the ring on the lens."
            )
        widget = self._driver.read_widget(name)
        place = dialects.focus_place(widget) or self._indicated_place()
        self._driver.write_widget(name, dialects.focus_step(widget, step))
        if place is not None and place[0] == place[1 if step < 0 else 2]:
            end = "nearest" if step < 0 else "farthest"
            raise CameraError(f"The lens is at its {end} point.", "Move the focus the other way.")

    def _indicated_place(self) -> tuple[float, float, float] | None:
        name, nearest, farthest = dialects.FOCUS_POSITION
        if name not in self._names:
            return None
        self._drain_events()
        value = self._driver.read_widget(name).value
        return None if value is None else (float(value), nearest, farthest)


def _same(kept: str, wanted: str) -> bool:
    if kept == wanted:
        return True
    try:
        return abs(float(kept) - float(wanted)) < 1e-6
    except ValueError:
        return False


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

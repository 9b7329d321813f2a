"""A Canon EOS R body: its event stream, its destinations, its two-stage release, its live view.

Longer than other modules: it is the one place that knows what a Canon does.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from groundglass.virtual import canon_events as events
from groundglass.virtual import ptp
from groundglass.virtual.body import Body, Handler
from groundglass.virtual.canon_dials import DIALS, Dial, locked, packed
from groundglass.virtual.canon_events import Record
from groundglass.virtual.canon_view import MagnifierFrame, shrunk
from groundglass.virtual.card import Spelling
from groundglass.virtual.ptp import Event, Property, Reply, Response, Type, Value

_BATTERY = 0x5001
_MODEL_NAME = 0xD402
_BATTERY_POWER = 0xD111
_SHOTS_LEFT = 0xD11B
_DESTINATION = 0xD11C
_OUTPUT = 0xD1B0
_CAMERA_TIME, _UTC_TIME = 0xD113, 0xD17C

_TO_CARD, _TO_COMPUTER = 2, 4
_ON_DISPLAY, _ON_COMPUTER = 1, 2  # bits of the live view's output
_OUTPUTS = tuple(range(12))
_HALF, _FULL = 1, 2  # bits of the shutter button
_BYTES_A_SHOT = 30_000_000
_SWITCHING_S = 0.02  # how long live view takes to start
_FOCUS_STEPS = {1: 40, 2: 250, 3: 1500}
_AWAY = 0x8000
_SENSOR = (5472, 3648)  # of an EOS R6, in whose pixels places are told, whatever the pictures' size
_BATTERY_WORDS = ((12, 0), (37, 5), (62, 1), (87, 4), (100, 2))  # up to so many percent: the code


class Canon(Body):
    """The virtual Canon EOS R."""

    name: ClassVar[str] = "Canon EOS R6 Virtual"
    # It tells the client what the client itself has set.
    shared_properties: ClassVar[frozenset[str]] = frozenset(name for dial in DIALS for name in dial.settings)
    usb_id: ClassVar[tuple[int, int]] = (0x04A9, 0x32F5)  # an EOS R6
    takes_data: ClassVar[frozenset[str]] = frozenset({"SetDevicePropValue", "EosSetDevicePropValueEx"})
    serial_format: ClassVar[str] = "{:016x}"
    has_auto_iso: ClassVar[bool] = True
    spelling: ClassVar[Spelling] = Spelling("CANON", "IMG_{:04d}", "DNG")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._by_code: dict[int, Dial] = {dial.code: dial for dial in DIALS}
        self._codes: dict[str, list[int]] = {"shots_left": [_SHOTS_LEFT], "battery": [_BATTERY_POWER]}
        for dial in DIALS:
            for name in dial.settings:
                self._codes.setdefault(name, []).append(dial.code)
        self._texts = {0xD115: "", 0xD1D0: "", 0xD1D1: ""}  # owner, artist, copyright
        self._clock_offset_s = 0.0
        self._tells = False
        self._is_locked = False
        self._destination = _TO_CARD
        self._has_refused = False  # for want of room on the card
        self._host_shots = 0  # room that the computer has promised
        self._output = _ON_DISPLAY
        self._ready_at = 0.0
        self._has_focus = False  # and keeps it as long as the button is half way down
        self._frame = MagnifierFrame()
        super().__init__(*args, **kwargs)
        self._status = self._status_values()

    def handlers(self) -> dict[str, Handler]:
        """Return what carries out each operation."""

        def done(_params: tuple[int, ...], _: bytes | None) -> Reply:
            return Reply()

        return {
            **super().handlers(),
            "EosGetStorageIDs": lambda *_: Reply(data=ptp.pack_array(self.card.storages(), "<I")),
            "EosGetStorageInfo": lambda params, _: self.card.storage_info(params[0]),
            "EosGetDeviceInfoEx": self._device_info_ex,
            "EosSetDevicePropValueEx": self._set_value,
            "EosSetRemoteMode": done,
            "EosSetEventMode": self._set_event_mode,
            "EosGetEvent": self._get_event,
            "EosTransferComplete": self._transfer_complete,
            "EosPCHDDCapacity": self._promise_room,
            "EosSetUILock": lambda *_: self._lock_controls(is_locked=True),
            "EosResetUILock": lambda *_: self._lock_controls(is_locked=False),
            "EosKeepDeviceOn": done,
            "EosRequestDevicePropValue": self._request_value,
            "EosRemoteReleaseOn": self._press,
            "EosRemoteReleaseOff": self._let_go,
            "EosSetRequestOLCInfoGroup": done,
            "EosInitiateViewfinder": lambda *_: Reply(self._show_on(self._output | _ON_COMPUTER)),
            "EosTerminateViewfinder": lambda *_: Reply(self._show_on(_ON_DISPLAY)),
            "EosGetViewFinderData": self._live_view_image,
            "EosDoAf": self._drive_autofocus,
            "EosDriveLens": self._drive_lens,
            "EosZoom": self._zoom,
            "EosZoomPosition": self._zoom_position,
            "EosAfCancel": done,
        }

    def device_info(self) -> ptp.DeviceInfo:
        """Return who this camera is."""
        return ptp.DeviceInfo(
            0x0000000B,
            "Canon.Inc",
            self.name,
            "3-1.0.0",
            self.serial,
            tuple(sorted(self._handlers)),
            (0x4004, 0x4005, 0x4009, 0xC101),
            (_BATTERY, _MODEL_NAME),
        )

    def disconnected(self) -> None:
        """Forget the client, and be an ordinary camera again."""
        super().disconnected()
        with self._lock:
            self._tells = self._is_locked = self._has_focus = False
            self._events.clear()
            self._destination = _TO_CARD
            self._output = _ON_DISPLAY
            self._frame = MagnifierFrame()

    def _device_info_ex(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        told = tuple(int(record) for record in Record)
        codes = tuple(sorted({*self._by_code, *self._status}))
        # What the third list means nobody knows. Left empty, libgphoto2 2.5.30 begins anew at every call.
        lists = (told, codes, (1, 2))
        return Reply(data=bytes(4) + b"".join(ptp.pack_array(items, "<I") for items in lists))

    # Properties

    def find_property(self, code: int) -> Property | None:
        """Return one of the two standard properties; all others come in the event stream."""
        if code == _BATTERY:
            # A real R6 lists these, and stands at 89.
            return Property(
                _BATTERY, Type.UINT8, self.battery_percent, writable=False, choices=(100, 0, 75, 0, 50)
            )
        if code == _MODEL_NAME:
            return Property(_MODEL_NAME, Type.STRING, self.name, writable=False)
        return None

    def write_property(self, code: int, value: Value) -> Response:  # noqa: ARG002
        """Refuse: neither of the standard properties can be set."""
        return Response.ACCESS_DENIED

    def offers(self, name: str, value: object) -> bool:
        """Say whether a dial has a value."""
        dials = [dial for dial in DIALS if name in dial.settings]
        return not dials or any(dial.has(name, value) for dial in dials)

    def _status_values(self) -> dict[int, Callable[[], bytes]]:
        def clock(is_local: bool) -> Callable[[], bytes]:
            def now() -> bytes:
                moment = time.time() + self._clock_offset_s
                return packed(int(moment + (time.localtime(moment).tm_gmtoff if is_local else 0)))

            return now

        return {
            0xD116: lambda: packed(0x80000453),  # the EOS R6
            0xD119: lambda: packed(0x0100),
            0xD199: lambda: packed(events.OLC_VERSION),
            _BATTERY_POWER: lambda: packed(
                next(code for limit, code in _BATTERY_WORDS if self.battery_percent <= limit)
            ),
            _CAMERA_TIME: clock(is_local=True),
            _UTC_TIME: clock(is_local=False),
            _SHOTS_LEFT: lambda: packed(self._shots_left),
            _DESTINATION: lambda: packed(self._destination),
            0xD11E: lambda: packed(self.card.STORAGE),
            0xD1AC: lambda: packed(len(self.releases)),
            0xD1AF: lambda: events.text(f"{int(self.serial, 16):012d}"),
            _OUTPUT: lambda: packed(self._output),
            0xD1B1: lambda: packed(1),
            0xD1D8: lambda: events.text("RF50mm F1.8 STM"),
            **{code: lambda code=code: events.text(self._texts[code]) for code in self._texts},  # type: ignore[misc]
        }

    @property
    def _shots_left(self) -> int:
        if self._destination == _TO_COMPUTER:
            return self._host_shots
        return 0 if self._has_refused else max(0, self.card.shots_left)

    def _value(self, code: int) -> bytes | None:
        dial = self._by_code.get(code)
        if dial is not None:
            return dial.encode(self.settings)
        status = self._status.get(code)
        return None if status is None else status()

    def _choices(self, code: int) -> tuple[bytes, ...]:
        """List a property's values: one alone if the camera holds it."""
        lists = {_DESTINATION: (_TO_CARD, _TO_COMPUTER), _OUTPUT: _OUTPUTS, 0xD1B1: (0, 1)}
        if code in lists:
            return tuple(map(packed, lists[code]))
        dial = self._by_code.get(code)
        if dial is None or not dial.is_listed:
            return ()
        if not locked(self.settings).isdisjoint(dial.settings):
            return (dial.encode(self.settings),)
        return tuple(choice for choice, _ in dial.choices)

    def _set_value(self, _params: tuple[int, ...], data: bytes | None) -> Reply:
        if data is None or len(data) < 9:
            return Reply(Response.INVALID_PARAMETER)
        code, body = struct.unpack_from("<I", data, 4)[0], data[8:]
        if self.is_exposing:
            return Reply(Response.DEVICE_BUSY)
        response = self._turn_dial(code, body) if code in self._by_code else self._write(code, body)
        if response is Response.OK and code not in self._by_code:
            self._tell_property(code)
        return Reply(response)

    def _turn_dial(self, code: int, body: bytes) -> Response:
        dial = self._by_code[code]
        values = dial.decode(body)
        if values is None or (dial.is_listed and not body.startswith(self._choices(code))):
            return Response.INVALID_VALUE
        if not self.settings.held_by_camera.isdisjoint(values):
            return Response.OK  # the only value of its list
        before = self.settings
        response = self.turn_all(values, by_body=False)
        if self.settings == before:
            # libgphoto2 believes what it has set until it hears otherwise.
            self._tell_property(code)
        return response

    def _write(self, code: int, body: bytes) -> Response:
        if code in self._texts:
            self._texts[code] = body.split(b"\0")[0].decode("ascii", "replace")
            return Response.OK
        if len(body) < 4:
            return Response.INVALID_VALUE
        number = int(struct.unpack_from("<I", body)[0])
        if code in {_CAMERA_TIME, _UTC_TIME}:
            zone = time.localtime(number).tm_gmtoff if code == _CAMERA_TIME else 0
            self._clock_offset_s = number - zone - time.time()
            return Response.OK
        if packed(number) not in self._choices(code):
            return Response.INVALID_VALUE if code in self._status else Response.PROPERTY_NOT_SUPPORTED
        if code == _DESTINATION:
            self._destination = number
            self._tell_property(_SHOTS_LEFT)
        elif code == _OUTPUT:
            return self._show_on(number)
        return Response.OK

    def _request_value(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if self._value(params[0]) is None:
            return Reply(Response.GENERAL_ERROR)
        self._tell_property(params[0])
        return Reply()

    def _promise_room(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        self._host_shots = params[0] * params[1] // _BYTES_A_SHOT
        self._tell_property(_SHOTS_LEFT)
        return Reply()

    def _lock_controls(self, *, is_locked: bool) -> Reply:
        self._is_locked = is_locked
        return Reply()

    def turn_all(self, values: Mapping[str, object], *, by_body: bool) -> Response:
        """Turn dials, unless the client has locked the body's."""
        if by_body and self._is_locked:
            return Response.ACCESS_DENIED
        return super().turn_all(values, by_body=by_body)

    # Events

    def tell(self, code: int, param: int, label: str = "") -> None:
        """Put an event where the client will find it, if one listens."""
        if self._tells:
            super().tell(code, param, label)

    def _tell_property(self, code: int) -> None:
        self.tell(Record.PROPERTY_VALUE, code, "PropertyChanged")

    def announce(self, changed: Iterable[str]) -> None:
        """Queue the value of each property, and its list: a mode can make it short or long."""
        codes = {code for name in changed for code in self._codes.get(name, ())}
        if 0xD105 in codes or self._codes["iso"][0] in codes:
            codes.update(self._codes["exposure_compensation"])
        for code in sorted(codes):
            self._tell_property(code)
            if code in self._by_code and self._by_code[code].is_listed:
                self.tell(Record.PROPERTY_LIST, code, "PropertyChanged")

    def announce_file(self, handle: int, *, is_in_ram: bool) -> None:
        """Queue the record of a new file."""
        self.tell(Record.OBJECT_TRANSFER if is_in_ram else Record.OBJECT_ADDED, handle, "ObjectAdded")

    def announce_complete(self, *, is_in_ram: bool) -> None:  # noqa: ARG002
        """Queue that the body is no longer busy."""
        self.tell(Record.CAMERA_STATUS, 0, "CaptureComplete")

    def _set_event_mode(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        with self._lock:
            self._events.clear()
            self._tells = bool(params[0])
            codes = sorted({*self._by_code, *self._status})
            for record in (Record.PROPERTY_VALUE, Record.PROPERTY_LIST):
                for code in codes:
                    self.tell(record, code)
        return Reply()

    def _get_event(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        told = b"".join(self._record_of(code, param) for code, param in self.take_events())
        return Reply(data=told + events.TERMINATOR)

    def _record_of(self, code: int, param: int) -> bytes:
        """Write an event as it is now: a value that changed twice is told as it stands."""
        match code:
            case Record.PROPERTY_VALUE:
                value = self._value(param)
                return b"" if value is None else events.property_value(param, value)
            case Record.PROPERTY_LIST:
                choices = self._choices(param)
                return events.property_list(param, choices) if choices else b""
            case Record.OBJECT_ADDED | Record.OBJECT_TRANSFER:
                file = self.card.file(param)
                if file is None:
                    return b""
                is_in_ram = code == Record.OBJECT_TRANSFER
                return events.object_transfer(file) if is_in_ram else events.object_added(file)
            case Record.OLC:
                return events.focus(param) if param >> 16 == 0 else events.button(param >> 16)
            case Event.STORE_FULL:
                return events.numbers(Record.STORAGE_STATUS, param)
            case _:
                return events.numbers(code, param)

    # Live view and focus

    def _show_on(self, output: int) -> Response:
        is_live = output & ~_ON_DISPLAY != 0
        if is_live and not self.is_live:
            if self.faults.strike("live_view_prohibited") is not None:
                return Response.ACCESS_DENIED
            self._ready_at = time.monotonic() + _SWITCHING_S
        self._output = output
        self.is_live = is_live
        if not is_live:
            self._frame.zoom_to(1)
            self.magnify(1, 0.5, 0.5)
        self._tell_property(_OUTPUT)
        return Response.OK

    def _live_view_image(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        if not self.is_live or self.is_exposing or time.monotonic() < self._ready_at:
            return Reply(Response.EOS_NOT_READY)
        frame = shrunk(self.live_frame(), self._output)
        # What follows the picture in a real body's answer is of no use to libgphoto2, which passes over it.
        return Reply(data=struct.pack("<II", 8 + len(frame), 1) + frame + struct.pack("<III", 12, 2, 0))

    def _drive_autofocus(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        if self.settings.focus_mode == "manual":
            return Reply(Response.GENERAL_ERROR)
        self._focus()
        return Reply()

    def _focus(self) -> bool:
        is_found = self.autofocus()
        self.tell(Record.OLC, events.FOCUS_UNDER_WAY)
        self.tell(Record.OLC, events.FOCUS_FOUND if is_found else events.FOCUS_MISSED)
        return is_found

    def _drive_lens(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if not self.is_live:
            return Reply(Response.GENERAL_ERROR)
        steps = _FOCUS_STEPS.get(params[0] & ~_AWAY)
        if steps is None:
            return Reply(Response.INVALID_PARAMETER)
        self.drive_focus(steps if params[0] & _AWAY else -steps)
        return Reply()

    def _zoom(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if not self.is_live:
            return Reply(Response.GENERAL_ERROR)
        if not self._frame.zoom_to(params[0]):
            return Reply(Response.INVALID_PARAMETER)
        self.magnify(params[0], *self._frame.centre)
        return Reply()

    def _zoom_position(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if not self.is_live:
            return Reply(Response.GENERAL_ERROR)
        if self._frame.move_to(params[0] / _SENSOR[0], params[1] / _SENSOR[1]):
            self.autofocus_point = self._frame.centre
            self.magnify(self._frame.power, *self._frame.centre)
        return Reply()

    # The shutter

    def press_shutter(self) -> Response:
        """Press the button on the body."""
        if self._is_locked:
            return Response.ACCESS_DENIED
        return self._release("body")

    def _release(self, by: str) -> Response:
        to_ram = self._destination == _TO_COMPUTER
        with self._lock:
            if to_ram and self._host_shots <= 0:
                return Response.STORE_FULL
            response = self.release(by, to_ram=to_ram)
            if response is Response.OK:
                self.tell(Record.CAMERA_STATUS, 1)
            has_refused = response is Response.STORE_FULL
            if has_refused != self._has_refused:
                self._has_refused = has_refused
                self._tell_property(_SHOTS_LEFT)
        return response

    def _press(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        """Press the button half or all the way; the second parameter 1 leaves the focus alone."""
        pressed, leaves_focus = params[0], len(params) > 1 and params[1] == 1
        if pressed & _HALF:
            self.tell(Record.OLC, pressed << 16)
            wants_focus = not leaves_focus and self.settings.focus_mode != "manual" and not self._has_focus
            if wants_focus and not self.is_exposing:
                self._has_focus = self._focus()
            if wants_focus and not self._has_focus and not self.is_exposing:
                # In one-shot autofocus the body does not release without focus, and reports only this.
                return Reply()
        if not pressed & _FULL:
            return Reply()
        return Reply(self.hold_button(lambda: self._release("computer")))

    def _let_go(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if params[0] & _FULL:
            self.let_go()
        if params[0] & _HALF:
            self._has_focus = False
            self.tell(Record.OLC, events.FOCUS_IDLE)
        return Reply()

    def _transfer_complete(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        file = self.card.file(params[0])
        if file is None:
            return Reply(Response.INVALID_OBJECT)
        if not file.storage:
            self.card.delete(params[0])
        return Reply()

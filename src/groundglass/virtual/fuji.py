"""A Fujifilm X in USB tether shooting: orders are written down, then carried out; pictures lie in a buffer.

As long as one lies there, there is no live view, and the body does not go back to its own dials. While
live view runs, settings are accepted and forgotten. A client that looks for events gives the body back.
Longer than most modules: which order is accepted depends on the buffer, the live view and the dials at once.
"""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from msgspec.structs import replace

from groundglass.virtual import ptp
from groundglass.virtual.body import FOCUS_STEPS, Handler
from groundglass.virtual.card import Spelling
from groundglass.virtual.dial import Dial
from groundglass.virtual.exposure import AUTO_ISO, Iso
from groundglass.virtual.fuji_dials import AUTO_ISOS, ISO, dials
from groundglass.virtual.ptp import Event, Format, Property, Reply, Response, Type, Value
from groundglass.virtual.pushing import PushingBody

_STILLS, _LIVE = 0x10000001, 0x10000002  # stores in the body's memory
_LIVE_FRAME = 0x80000001
_BUFFER_SHOTS = 27

_BATTERY, _FILM, _FOCUS_POSITION, _LIVE_SIZE = 0x5001, 0xD001, 0xD171, 0xD174
_ZOOM, _GRIDS, _POINT, _WANTED_POINT = 0xD01B, 0xD025, 0xD347, 0xD395
_PRIORITY, _ORDER, _FOCUS_STATUS, _MEDIA, _BUFFER_LEFT = 0xD207, 0xD208, 0xD209, 0xD20C, 0xD20E
_CHANGES, _COUNTER, _LENS, _PC_MODE = 0xD212, 0xD310, 0xD36D, 0xD38C

_BY_CAMERA, _BY_CLIENT = 1, 2
_NO_CARD = 4  # the others: RAW and JPEG, RAW, JPEG on the card too
_FOCUSING, _FOCUSED, _NOT_FOCUSED = 1, 2, 3
_FOCUS_S = 0.1
_KEPT_CHANGES = 100

_SHOOT, _FOCUS, _UNFOCUS, _OPEN_BULB, _CLOSE_BULB = 0x0304, 0x0200, 0x0004, 0x0500, 0x000C
_ZOOMS = {1: 1.0, 2: 2.5, 4: 4.0, 5: 8.0, 6: 16.0, 11: 24.0}  # as a GFX100 II has them
_GRID_SIZES = {3: (13, 9), 4: (25, 17)}
# The grid leaves a border free; it counts from the middle, to the right and upwards.
_GRID_LEFT, _GRID_TOP, _GRID_WIDTH, _GRID_HEIGHT = 0.1, 0.13, 0.8, 0.74
_DRIVES = {0x9300: 0x0005, 0x9100: 0x0001, 0xA000: 0x0006}  # autofocus by itself, and its end
_ORDERS = (_FOCUS, _UNFOCUS, _SHOOT, _OPEN_BULB, _CLOSE_BULB, *_DRIVES, *_DRIVES.values())


class Fuji(PushingBody):
    """The virtual X body."""

    name: ClassVar[str] = "X-T5"
    has_auto_iso: ClassVar[bool] = True
    spelling: ClassVar[Spelling] = Spelling("_FUJI", "DSCF{:04d}", "RAF")
    usb_id: ClassVar[tuple[int, int]] = (0x04CB, 0x02FC)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._auto_iso = AUTO_ISOS[0]
        self._priority = _BY_CAMERA
        self._order = _SHOOT
        self._media = _NO_CARD
        self._film = 1
        self._live_size = 1
        self._zoom = 1
        self._grid = 3
        self._point = "0,0,2"
        self._focus_status = _FOCUSED
        self._focused_at = 0.0
        self._changes: list[tuple[int, int]] = []
        self._buffer: dict[int, int] = {}  # handle for the client: handle in what the body has made
        self._last_handle = 0
        self._status = self._status_properties()
        super().__init__(*args, **kwargs)
        self._dials = {dial.code: dial for dial in dials(self.sizes)}
        self._codes = {dial.setting: dial.code for dial in self._dials.values()}
        self._codes |= {"battery": _BATTERY}
        self.settings = replace(self.settings, burst_count=3)

    def handlers(self) -> dict[str, Handler]:
        """Return what carries out each operation."""
        common = super().handlers()
        del common["GetPartialObject"]
        return {
            **common,
            "GetStorageIDs": lambda *_: Reply(data=ptp.pack_array((_STILLS, _LIVE), "<I")),
            "GetStorageInfo": self._storage_info,
            "GetNumObjects": lambda params, _: Reply(params=(len(self._listed(params[0])),)),
            "GetObjectHandles": lambda params, _: Reply(data=ptp.pack_array(self._listed(params[0]), "<I")),
            "GetObjectInfo": self._object_info,
            "GetObject": self._object,
            "GetThumb": lambda params, _: self.card.thumbnail(self._buffer.get(params[0], 0)),
            "DeleteObject": self._delete_object,
            "GetDevicePropDesc": self._describe,
            "GetDevicePropValue": self._read,
            "SetDevicePropValue": self._write,
            "InitiateCapture": lambda *_: Reply(self._carry_out(self._order)),
            "InitiateOpenCapture": self._start_live_view,
            "TerminateOpenCapture": self._end_live_view,
        }

    def device_info(self) -> ptp.DeviceInfo:
        """Return who this camera is."""
        return ptp.DeviceInfo(
            0x0000000E,
            "FUJIFILM",
            self.name,
            "2.01",
            self.serial,
            tuple(sorted(self._handlers)),
            (Event.OBJECT_REMOVED, Event.PROPERTY_CHANGED),
            tuple(sorted({*self._dials, *self._status, _CHANGES})),
            "fujifilm.co.jp: 1.0; ",
        )

    def offers(self, name: str, value: object) -> bool:
        """Say whether an X body has a value on its dials."""
        return super().offers(name, value) and value not in {
            "jpeg basic",
            "raw+jpeg basic",
            "cloudy",
            "flash",
        }

    def disconnected(self) -> None:
        """Forget the client; the buffer keeps its pictures."""
        super().disconnected()
        self._priority = _BY_CAMERA
        self._focus_status = _FOCUSED
        self._zoom = 1

    # Properties

    def _status_properties(self) -> dict[int, Callable[[], Property]]:
        def shown(code: int, kind: Type, value: Callable[[], Value]) -> Callable[[], Property]:
            return lambda: Property(code, kind, value(), writable=False)

        def chosen(code: int, value: Callable[[], int], choices: tuple[int, ...]) -> Callable[[], Property]:
            return lambda: Property(code, Type.UINT16, value(), choices=choices)

        return {
            _BATTERY: lambda: Property(_BATTERY, Type.UINT8, self.battery_percent, False, limits=(1, 100, 1)),
            _FILM: chosen(_FILM, lambda: self._film, tuple(range(1, 19))),
            # Named a list, but it is: nearest, farthest, and sizes of a step.
            _FOCUS_POSITION: lambda: Property(
                _FOCUS_POSITION, Type.INT16, self.focus_steps, choices=(0, FOCUS_STEPS, 528, 528, 54, 3)
            ),
            _LIVE_SIZE: chosen(_LIVE_SIZE, lambda: self._live_size, (1, 2, 3)),
            _ZOOM: chosen(_ZOOM, lambda: self._zoom, tuple(_ZOOMS)),
            _GRIDS: chosen(_GRIDS, lambda: self._grid, tuple(_GRID_SIZES)),
            _POINT: lambda: Property(_POINT, Type.STRING, self._point),
            _WANTED_POINT: lambda: Property(_WANTED_POINT, Type.STRING, self._point),
            _PRIORITY: chosen(_PRIORITY, lambda: self._priority, (_BY_CAMERA, _BY_CLIENT)),
            _ORDER: chosen(_ORDER, lambda: self._order, _ORDERS),
            _FOCUS_STATUS: shown(_FOCUS_STATUS, Type.UINT16, self._focus_now),
            _MEDIA: chosen(_MEDIA, lambda: self._media, (1, 2, 3, _NO_CARD)),
            _BUFFER_LEFT: lambda: Property(
                _BUFFER_LEFT, Type.UINT16, self._buffer_left(), False, limits=(0, _BUFFER_SHOTS, 1)
            ),
            _COUNTER: shown(_COUNTER, Type.UINT32, lambda: len(self.releases) << 16),
            _LENS: shown(_LENS, Type.STRING, lambda: "LV001A,XF50mmF1.8 V,00000001"),
            _PC_MODE: chosen(_PC_MODE, lambda: 1, (0, 1)),
        }

    def _focus_now(self) -> int:
        return _FOCUSING if time.monotonic() < self._focused_at else self._focus_status

    def _buffer_left(self) -> int:
        return max(0, _BUFFER_SHOTS - len(self._buffer))

    def find_property(self, code: int) -> Property | None:
        """Return a property as it is now."""
        dial = self._dials.get(code)
        if dial is None:
            status = self._status.get(code)
            return None if status is None else status()
        value = getattr(self.settings, dial.setting)
        choices = tuple(choice for choice, _ in dial.codes)
        current = self._auto_iso if isinstance(value, Iso) and value.is_auto else dial.encode(value)
        if code == ISO:
            choices += AUTO_ISOS
        is_free = dial.setting not in self.settings.held_by_camera
        return Property(code, dial.kind, current, is_free, choices)

    def _describe(self, params: tuple[int, ...], data: bytes | None) -> Reply:
        if params[0] == _CHANGES:
            return Reply(Response.INVALID_PROPERTY_FORMAT)
        return self._describe_property(params, data)

    def _read(self, params: tuple[int, ...], data: bytes | None) -> Reply:
        if params[0] != _CHANGES:
            return self._read_property(params, data)
        with self._lock:
            changes, self._changes = self._changes, []
        listed = b"".join(struct.pack("<HI", code, value & 0xFFFFFFFF) for code, value in changes)
        return Reply(data=struct.pack("<H", len(changes)) + listed)

    def _write(self, params: tuple[int, ...], data: bytes | None) -> Reply:
        if params[0] == _FOCUS_POSITION:
            try:
                return Reply(self._move_lens(int(ptp.unpack_value(Type.INT16, data or b""))))
            except ValueError:
                return Reply(Response.INVALID_VALUE)
        return self._write_property(params, data)

    def write_property(self, code: int, value: Value) -> Response:
        """Take a new value."""
        if code == _PRIORITY:
            if value == _BY_CAMERA and self._buffer:
                return Response.DEVICE_BUSY
            self._priority = int(value)
            return Response.OK
        if code in {_ORDER, _PC_MODE}:
            self._order = int(value) if code == _ORDER else self._order
            return Response.OK
        if self._priority == _BY_CAMERA:
            return Response.ACCESS_DENIED
        if self.is_exposing:
            return Response.DEVICE_BUSY
        if self.is_live and code not in {_LIVE_SIZE, _ZOOM}:
            return Response.OK  # and forgets it (libgphoto2#1241)
        if code in self._dials:
            return self._turn(self._dials[code], value)
        if code == _MEDIA:
            self._media = int(value)
        elif code == _FILM:
            self._film = int(value)
        elif code in {_POINT, _WANTED_POINT}:
            return self._choose_point(str(value))
        elif code == _GRIDS:
            self._grid = int(value)
            return self._choose_point("0,0,2")
        elif code == _ZOOM:
            self._zoom = int(value)
            self._look_at_point()
        else:
            self._live_size = int(value)
        return Response.OK

    def _turn(self, dial: Dial, value: Value) -> Response:
        if dial.code == ISO and value in AUTO_ISOS:
            self._auto_iso = int(value)
            return self.turn("iso", AUTO_ISO, by_body=False)
        return self.turn(
            dial.setting, dial.decode(value, getattr(self.settings, dial.setting)), by_body=False
        )

    def _choose_point(self, text: str) -> Response:
        """Take a point of the grid: across, up, and the size of the frame around it."""
        match = re.fullmatch(r"(-?\d+),(-?\d+),([1-9])", text)
        across, down = _GRID_SIZES[self._grid]
        if match is None or abs(int(match[1])) > across // 2 or abs(int(match[2])) > down // 2:
            return Response.INVALID_VALUE
        self._point = text
        x = _GRID_LEFT + _GRID_WIDTH * (0.5 + int(match[1]) / (across - 1))
        y = _GRID_TOP + _GRID_HEIGHT * (0.5 - int(match[2]) / (down - 1))
        self.autofocus_point = (x, y)
        self._look_at_point()
        return Response.OK

    def _look_at_point(self) -> None:
        self.magnify(_ZOOMS[self._zoom], *self.autofocus_point)

    def _move_lens(self, position: int) -> Response:
        if self._priority == _BY_CAMERA or self.settings.focus_mode != "manual":
            return Response.ACCESS_DENIED
        if not 0 <= position <= FOCUS_STEPS:
            return Response.INVALID_VALUE
        self.drive_focus(position - self.focus_steps)
        return Response.OK

    # Events

    def announce(self, changed: Iterable[str]) -> None:
        """Push a property-changed event, and note the change for who asks for all."""
        for name in changed:
            code = self._codes.get(name)
            if code is not None:
                self._note(code)
                self.tell(Event.PROPERTY_CHANGED, code, "PropertyChanged")

    def _note(self, code: int) -> None:
        found = self.find_property(code)
        if found is not None and isinstance(found.current, int):
            with self._lock:
                self._changes = [*self._changes, (code, found.current)][-_KEPT_CHANGES:]

    def announce_file(self, handle: int, *, is_in_ram: bool) -> None:  # noqa: ARG002
        """Put a picture into the buffer; no event tells of it."""
        with self._lock:
            self._last_handle += 1
            self._buffer[self._last_handle] = handle
        self._note(_BUFFER_LEFT)

    def announce_complete(self, *, is_in_ram: bool) -> None:
        """Say nothing: an X body does not tell that a shot is done."""

    # The buffer

    def _storage_info(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        names = {_STILLS: "Still", _LIVE: "Live"}
        if params[0] not in names:
            return Reply(Response.INVALID_STORAGE)
        everything = 0xFFFFFFFFFFFFFFFF
        numbers = struct.pack("<HHHQQI", 3, 2, 2, everything, everything, 0xFFFFFFFF)
        return Reply(data=numbers + ptp.pack_string(names[params[0]]) + ptp.pack_string("GROUNDGLASS"))

    def _listed(self, storage: int) -> list[int]:
        with self._lock:
            stills = [] if storage == _LIVE else list(self._buffer)
        return stills + ([_LIVE_FRAME] if self.is_live and storage != _STILLS else [])

    def _object_info(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if params[0] == _LIVE_FRAME and self._has_frames():
            return Reply(data=ptp.ObjectInfo(_LIVE, Format.JPEG, 0, "LIVE.JPG", 0).pack())
        file = self.card.file(self._buffer.get(params[0], 0))
        if file is None or file.developed is None:
            return Reply(Response.INVALID_OBJECT)
        return Reply(
            data=ptp.ObjectInfo(
                _STILLS,
                Format.RAF if file.format == Format.DNG else file.format,
                file.size_bytes,
                file.name,
                0,
                file.taken,
                len(file.developed.thumbnail),
                (160, 120),
                file.developed.size,
            ).pack()
        )

    def _object(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if params[0] == _LIVE_FRAME:
            return Reply(data=self.live_frame()) if self._has_frames() else Reply(Response.INVALID_OBJECT)
        return self.card.read(self._buffer.get(params[0], 0))

    def _delete_object(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if params[0] == _LIVE_FRAME:
            return Reply()
        with self._lock:
            handle = self._buffer.pop(params[0], None)
        if handle is None:
            return Reply(Response.INVALID_OBJECT)
        self.tell(Event.OBJECT_REMOVED, params[0], "ObjectRemoved")
        self._note(_BUFFER_LEFT)
        return Reply(self.card.delete(handle))

    # Live view

    def _has_frames(self) -> bool:
        return self.is_live and not self._buffer and not self.is_exposing

    def _start_live_view(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        if self._buffer or self.is_exposing:
            return Reply(Response.DEVICE_BUSY)
        if self.faults.strike("live_view_prohibited") is not None:
            return Reply(Response.ACCESS_DENIED)
        self.is_live = True
        return Reply()

    def _end_live_view(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        self.is_live = False
        return Reply()

    # Orders

    def _carry_out(self, order: int) -> Response:
        if order == _CLOSE_BULB:
            return Response.OK if self.close_bulb() else Response.ACCESS_DENIED
        if order in {_UNFOCUS, *_DRIVES.values()}:
            self._focus_status, self._focused_at = _FOCUSED, 0.0
            return Response.OK
        if self._priority == _BY_CAMERA or self.is_exposing:
            return Response.DEVICE_BUSY
        if order in _DRIVES:
            return self._focus()
        if self.is_live:
            return Response.DEVICE_BUSY
        if order == _FOCUS:
            return self._focus()
        if self._focus_now() != _FOCUSED:
            return Response.DEVICE_BUSY
        if (order == _OPEN_BULB) != self.settings.shutter.is_bulb:
            return Response.ACCESS_DENIED
        return self._release("computer")

    def _focus(self) -> Response:
        is_found = self.settings.focus_mode == "manual" or self.autofocus()
        self._focus_status = _FOCUSED if is_found else _NOT_FOCUSED
        self._focused_at = time.monotonic() + _FOCUS_S
        return Response.OK

    def press_shutter(self) -> Response:
        """Press the button on the body."""
        return self._release("body", with_autofocus=True)

    def _release(self, by: str, *, with_autofocus: bool = False) -> Response:
        if not self._buffer_left():
            return Response.STORE_FULL
        return self.release(
            by, to_ram=True, also_to_card=self._media != _NO_CARD, with_autofocus=with_autofocus
        )

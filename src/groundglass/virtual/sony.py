"""A Sony Alpha in PC Remote: one block of properties, two buttons to press, pictures that wait in its memory.

The card is out of sight for the client: what it is to have, waits in the memory, and is gone once taken.
Longer than most modules: block, buttons and memory are one state, and each answer is made of all three.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from groundglass.virtual import ptp
from groundglass.virtual.body import FOCUS_STEPS, Handler, Release
from groundglass.virtual.card import Spelling
from groundglass.virtual.dial import Dial
from groundglass.virtual.exposure import AUTO_ISO
from groundglass.virtual.ptp import Event, Format, Property, Reply, Response, Type, Value
from groundglass.virtual.pushing import PushingBody
from groundglass.virtual.settings import PARSERS
from groundglass.virtual.sony_dials import (
    APERTURE,
    COMPENSATION,
    FILE_KIND,
    FILE_KINDS,
    ISO,
    JPEG_QUALITIES,
    JPEG_QUALITY,
    SHUTTER,
    dials,
    stepping_order,
)

_IN_MEMORY, _LIVE_FRAME = 0xFFFFC001, 0xFFFFC002
_FRAME_OFFSET = 136
_NEW_PROTOCOL, _OLD_PROTOCOL = 300, 200

_FOCUS_FOUND, _WAITING, _BATTERY, _LIVE_STATUS = 0xD213, 0xD215, 0xD218, 0xD221
_TARGET, _FOCUS_AREA, _CARD_STATUS, _SHOTS_LEFT = 0xD222, 0xD22C, 0xD248, 0xD249
_FOCAL_POSITION, _PRIORITY, _CAN_FOCUS_BY_HAND = 0xD24C, 0xD25A, 0xD235
_MAGNIFIER = 0xD254
_HALF_PRESS, _FULL_PRESS, _ONE_SHOT, _FOCUS_BY_HAND, _AF_POINT = 0xD2C1, 0xD2C2, 0xD2C7, 0xD2D1, 0xD2DC
_BUTTONS = (_HALF_PRESS, _FULL_PRESS, _ONE_SHOT)
_UP, _DOWN = 1, 2
_STEPPED_SETTINGS = (SHUTTER, APERTURE, ISO, COMPENSATION)  # in the old protocol

_TO_MEMORY, _TO_CARD, _TO_BOTH = 0x0001, 0x0010, 0x0011
_UNLOCKED, _LOCKED, _NOT_FOUND, _TRACKING, _TRACKING_LOST = 1, 2, 3, 6, 7
_FOCUS_STEPS = {1: 10, 2: 25, 3: 60, 4: 150, 5: 350, 6: 800, 7: 1800}  # of FOCUS_STEPS
_TOUCH_AREA = (639, 479)
_WIDE, _SPOTS = 1, (0x101, 0x102, 0x103)  # focus areas: its own choice, and where the client wants
_FOCUS_AREAS = (_WIDE, 2, 3, *_SPOTS, 0x104)
_POWERS = (0, 10, 59, 118)  # of the magnifier, in tenths; 0 is off

# How the client may use a property: u8 get/set, u8 enabled.
_SETTABLE, _HELD, _SHOWN = (1, 1), (1, 0), (0, 2)
_PRESSED, _STEPPED = (0x81, 1), (0x82, 1)


class Sony(PushingBody):
    """The virtual Alpha."""

    name: ClassVar[str] = "ILCE-7RM5"  # no 3 s of silence after connecting, as libgphoto2 grants to some
    shared_properties: ClassVar[frozenset[str]] = frozenset(PARSERS)
    has_auto_iso: ClassVar[bool] = True
    spelling: ClassVar[Spelling] = Spelling("MSDCF", "DSC{:05d}", "ARW")
    usb_id: ClassVar[tuple[int, int]] = (0x054C, 0x0E0C)
    takes_data: ClassVar[frozenset[str]] = frozenset({"SonySetProperty", "SonyControl"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._dials: dict[int, Dial] = {}
        self._is_new = True
        self._is_open = False  # after the three steps of connecting
        self._use_protocol(is_new=True)
        self._target = _TO_MEMORY
        self._priority = 0
        self._jpeg_quality = "fine"
        self._focus_area = _WIDE
        self._spot = (0.5, 0.5)
        self._magnifier = 0  # power in tenths << 32 | x << 16 | y
        self._in_memory: deque[int] = deque()  # handles on the card's list of what was made
        self._recording = 0  # shots that will be in the memory
        self._unfinished: list[int] = []  # handles of the one that is being recorded
        self._sent: int | None = None  # the picture that was sent last: gone when the client goes on
        self._focus_found = _UNLOCKED
        self._status = self._status_properties()
        super().__init__(*args, **kwargs)

    def handlers(self) -> dict[str, Handler]:
        """Return what carries out each operation."""
        common = super().handlers()
        for name in ("GetDevicePropDesc", "GetDevicePropValue", "SetDevicePropValue", "DeleteObject"):
            del common[name]
        return {
            **common,
            "GetStorageIDs": lambda *_: Reply(data=ptp.pack_array((), "<I")),
            "GetObjectInfo": self._object_info,
            "GetObject": self._object,
            "SonyConnect": self._connect,
            "SonyGetExtDeviceInfo": self._ext_device_info,
            "SonySetProperty": self._set_property,
            "SonyControl": self._control,
            "SonyGetAllProperties": self._all_properties,
        }

    def device_info(self) -> ptp.DeviceInfo:
        """Return who this camera is."""
        events = (0x4002, 0x4003, 0x4006, Event.SONY_OBJECT_ADDED, 0xC202, Event.SONY_PROPERTY_CHANGED)
        return ptp.DeviceInfo(
            0x00000011,
            "Sony Corporation",
            self.name,
            "1.00",
            self.serial,
            tuple(sorted(self._handlers)),
            (*events, Event.SONY_CAPTURED),
            (),
            "Sony PTP Extensions",
        )

    def operation(self, code: int, params: tuple[int, ...], data: bytes | None) -> Reply:
        """Carry out one operation; a client that goes on has got its picture."""
        sent, self._sent = self._sent, None
        if sent is not None:
            with self._lock:
                self._in_memory.remove(sent)
                self.card.delete(sent)
                self.tell(Event.SONY_PROPERTY_CHANGED, _WAITING, "PropertyChanged")
        return super().operation(code, params, data)

    def disconnected(self) -> None:
        """Forget the client; a picture that it may not have got whole stays in the memory."""
        super().disconnected()
        self._sent = None
        self._is_open = False
        self._focus_found = _UNLOCKED
        self._priority = self._magnifier = 0

    # Connecting

    def _connect(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        self._is_open = params[0] == 3
        return Reply(data=bytes(8))

    def _ext_device_info(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        self._use_protocol(is_new=params[0] >= _NEW_PROTOCOL)
        version = _NEW_PROTOCOL if self._is_new else _OLD_PROTOCOL
        properties = ptp.pack_array(sorted(prop.code for prop, _ in self._properties()))
        controls = ptp.pack_array((*_BUTTONS, _FOCUS_BY_HAND, _AF_POINT))
        return Reply(data=struct.pack("<H", version) + properties + controls)

    def _use_protocol(self, *, is_new: bool) -> None:
        self._is_new = is_new
        self._packed: dict[int, tuple[object, bytes]] = {}
        self._dials = {dial.code: dial for dial in dials(is_new=is_new)}

    # Properties

    def _status_properties(self) -> dict[int, tuple[Callable[[], Property], tuple[int, int]]]:
        def shown(code: int, kind: Type, value: Callable[[], int]) -> tuple[Callable[[], Property], Any]:
            return lambda: Property(code, kind, value(), False), _SHOWN

        def chosen(
            code: int, kind: Type, value: Callable[[], int], choices: tuple[int, ...]
        ) -> tuple[Callable[[], Property], Any]:
            return lambda: Property(code, kind, value(), choices=choices), _SETTABLE

        return {
            _FOCUS_FOUND: shown(_FOCUS_FOUND, Type.UINT8, lambda: self._focus_found),
            _WAITING: shown(_WAITING, Type.UINT16, self._waiting),
            _BATTERY: (
                lambda: Property(_BATTERY, Type.INT8, self.battery_percent, False, limits=(-1, 100, 1)),
                _SHOWN,
            ),
            _LIVE_STATUS: shown(_LIVE_STATUS, Type.UINT8, lambda: int(not self._is_live_prohibited())),
            _TARGET: chosen(_TARGET, Type.UINT16, lambda: self._target, (_TO_MEMORY, _TO_BOTH, _TO_CARD)),
            _CAN_FOCUS_BY_HAND: shown(
                _CAN_FOCUS_BY_HAND, Type.UINT8, lambda: int(self._is_focused_by_hand())
            ),
            _CARD_STATUS: shown(_CARD_STATUS, Type.UINT8, lambda: 1),
            _SHOTS_LEFT: shown(_SHOTS_LEFT, Type.UINT32, lambda: max(0, self.card.shots_left)),
            _FOCAL_POSITION: (
                lambda: Property(
                    _FOCAL_POSITION,
                    Type.UINT8,
                    self.focus_steps * 100 // FOCUS_STEPS,
                    False,
                    limits=(0, 100, 1),
                ),
                _SHOWN,
            ),
            _FOCUS_AREA: chosen(_FOCUS_AREA, Type.UINT16, lambda: self._focus_area, _FOCUS_AREAS),
            _PRIORITY: chosen(_PRIORITY, Type.UINT8, lambda: self._priority, (0, 1)),
        }

    def _waiting(self) -> int:
        """Count the pictures in the memory; the uppermost bit says that one can be taken."""
        if self._in_memory:
            return 0x8000 + len(self._in_memory)
        return self._recording or int(self.is_exposing)

    def _is_focused_by_hand(self) -> bool:
        return self.settings.focus_mode == "manual"

    def _properties(self) -> list[tuple[Property, tuple[int, int]]]:
        """Return every property as it is now, and how the client may use it."""
        found = [(self._dial_property(dial), self._use_of(dial)) for dial in self._dials.values()]
        if self._is_new:
            kind, _, _ = self.settings.image_format.partition(" ")
            file_kind = next(code for code, name in FILE_KINDS.items() if name == kind)
            quality = next(code for code, name in JPEG_QUALITIES.items() if name == self._jpeg_quality)
            has_jpeg = self.settings.has_jpeg
            found += [
                (Property(FILE_KIND, Type.UINT8, file_kind, choices=tuple(FILE_KINDS)), _SETTABLE),
                (
                    Property(JPEG_QUALITY, Type.UINT8, quality, has_jpeg, tuple(JPEG_QUALITIES)),
                    _SETTABLE if has_jpeg else _HELD,
                ),
                (
                    Property(
                        _MAGNIFIER,
                        Type.UINT64,
                        self._magnifier,
                        choices=tuple(power << 32 for power in _POWERS),
                    ),
                    _SETTABLE,
                ),
            ]
        else:
            found += [(Property(code, Type.UINT16, _UP, choices=(_UP, _DOWN)), _PRESSED) for code in _BUTTONS]
            found.append((Property(_FOCUS_BY_HAND, Type.INT16, 0, limits=(-7, 7, 1)), _STEPPED))
        return found + [(make(), use) for make, use in self._status.values()]

    def _dial_property(self, dial: Dial) -> Property:
        value = getattr(self.settings, dial.setting)
        if dial.code == ISO and value.is_auto:
            value = AUTO_ISO
        # Bulb is set by 0, but never listed: libgphoto2 adds it to the list by itself.
        choices = tuple(code for code, _ in dial.codes if not (dial.code == SHUTTER and code == 0))
        is_free = dial.setting not in self.settings.held_by_camera
        return Property(dial.code, dial.kind, dial.encode(value), is_free, choices, dial.limits)

    def _use_of(self, dial: Dial) -> tuple[int, int]:
        if dial.setting == "exposure_mode" and not self._priority:
            return _SHOWN  # the dial on the body counts
        return _HELD if dial.setting in self.settings.held_by_camera else _SETTABLE

    def _all_properties(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        if not self._is_open:
            return Reply(Response.ACCESS_DENIED)
        with self._lock:
            properties = self._properties()
        body = b"".join(self._pack(prop, use) for prop, use in properties)
        return Reply(data=struct.pack("<II", len(properties), 0) + body)

    def _pack(self, prop: Property, use: tuple[int, int]) -> bytes:
        key = (prop.kind, prop.current, use, prop.choices)
        kept = self._packed.get(prop.code)
        if kept is not None and kept[0] == key:
            return kept[1]

        def coded(*values: Value) -> bytes:
            return b"".join(ptp.pack_value(prop.kind, value) for value in values)

        packed = struct.pack("<HHBB", prop.code, prop.kind, *use) + coded(prop.current, prop.current)
        if prop.limits is not None:
            packed += b"\1" + coded(*prop.limits)
        elif prop.choices:
            # The new protocol lists what exists, and then what can be set now.
            listed = struct.pack("<H", len(prop.choices)) + coded(*prop.choices)
            packed += b"\2" + listed * (2 if self._is_new else 1)
        else:
            packed += b"\0"
        self._packed[prop.code] = (key, packed)
        return packed

    def _set_property(self, params: tuple[int, ...], data: bytes | None) -> Reply:
        code = params[0]
        found = next((pair for pair in self._properties() if pair[0].code == code), None)
        if found is None:
            return Reply(Response.PROPERTY_NOT_SUPPORTED)
        prop, use = found
        if not self._is_new and code in _STEPPED_SETTINGS:
            return Reply()  # libgphoto2 sets them once more after stepping: nothing happens
        if use != _SETTABLE:
            return Reply(Response.ACCESS_DENIED)
        try:
            value = ptp.unpack_value(prop.kind, data or b"")
        except ValueError:
            return Reply(Response.INVALID_VALUE)
        is_free = code == _MAGNIFIER or (code == SHUTTER and value == 0)
        if not prop.accepts(value) and not is_free:
            return Reply(Response.INVALID_VALUE)
        if self.is_exposing and code != _PRIORITY:
            return Reply(Response.DEVICE_BUSY)
        return Reply(self._take(code, value))

    def _take(self, code: int, value: Value) -> Response:
        dial = self._dials.get(code)
        if dial is not None:
            current = getattr(self.settings, dial.setting)
            return self.turn(dial.setting, dial.decode(value, current), by_body=False)
        if code in {FILE_KIND, JPEG_QUALITY}:
            kind, _, _ = self.settings.image_format.partition(" ")
            if code == FILE_KIND:
                kind = FILE_KINDS[int(value)]
            else:
                self._jpeg_quality = JPEG_QUALITIES[int(value)]
            wanted = kind if kind == "raw" else f"{kind} {self._jpeg_quality}"
            return self.turn("image_format", wanted, by_body=False)
        if code == _MAGNIFIER:
            return self._set_magnifier(int(value))
        if code == _TARGET:
            self._target = int(value)
        elif code == _FOCUS_AREA:
            self._focus_area = int(value)
            self._choose_point()
        else:
            self._priority = int(value)
        self.tell(Event.SONY_PROPERTY_CHANGED, code, "PropertyChanged")
        return Response.OK

    # Events

    def announce(self, changed: Iterable[str]) -> None:
        """Push a property-changed event for each code of each setting."""
        codes: dict[str, tuple[int, ...]] = {"battery": (_BATTERY,), "shots_left": (_SHOTS_LEFT,)}
        if self._is_new:
            codes["image_format"] = (FILE_KIND, JPEG_QUALITY)
        codes |= {dial.setting: (dial.code,) for dial in self._dials.values()}
        for name in changed:
            if name == "image_format" and self.settings.has_jpeg:
                self._jpeg_quality = self.settings.image_format.rpartition(" ")[2]
            for code in codes.get(name, ()):
                self.tell(Event.SONY_PROPERTY_CHANGED, code, "PropertyChanged")

    def announce_file(self, handle: int, *, is_in_ram: bool) -> None:
        """Keep a picture until its shot is done; the card is nobody's business."""
        if is_in_ram:
            self._unfinished.append(handle)

    def announce_complete(self, *, is_in_ram: bool) -> None:
        """Let all pictures of a shot wait in the memory at once, and say that it is done."""
        if is_in_ram:
            finished, self._unfinished = self._unfinished, []
            with self._lock:
                self._in_memory.extend(finished)
                self._recording -= 1
            for _ in finished:
                self.tell(Event.SONY_OBJECT_ADDED, _IN_MEMORY, "ObjectAdded")
            self.tell(Event.SONY_PROPERTY_CHANGED, _WAITING, "PropertyChanged")
        self.tell(Event.SONY_CAPTURED, 1, "CaptureComplete")

    # Pictures

    def _object_info(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if params[0] == _LIVE_FRAME:
            return Reply(data=ptp.ObjectInfo(0x00010001, Format.JPEG, 0, "LIVEVIEW.JPG", 0).pack())
        if params[0] != _IN_MEMORY or not self._in_memory:
            return Reply(Response.INVALID_OBJECT)
        file = self.card.file(self._in_memory[0])
        if file is None or file.developed is None:
            return Reply(Response.INVALID_OBJECT)
        is_raw = file.format == Format.DNG
        return Reply(
            data=ptp.ObjectInfo(
                0x00010001,
                Format.ARW if is_raw else Format.JPEG,
                file.size_bytes,
                file.name,
                0,
                file.taken,
                picture_size=file.developed.size,
            ).pack()
        )

    def _object(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if params[0] == _LIVE_FRAME:
            if self.is_exposing or self._is_live_refused():
                return Reply(Response.ACCESS_DENIED)
            self.is_live = True
            header = struct.pack("<II", _FRAME_OFFSET, 0).ljust(_FRAME_OFFSET, b"\0")
            return Reply(data=header + self.live_frame())
        if params[0] != _IN_MEMORY or not self._in_memory:
            return Reply(Response.INVALID_OBJECT)
        self._sent = self._in_memory[0]
        return self.card.read(self._sent)

    def _is_live_prohibited(self) -> bool:
        return self.faults.armed("live_view_prohibited") is not None

    def _is_live_refused(self) -> bool:
        return self.faults.strike("live_view_prohibited") is not None

    # Buttons

    def _control(self, params: tuple[int, ...], data: bytes | None) -> Reply:
        code = params[0]
        try:
            if code in _BUTTONS:
                return Reply(self._press(code, is_down=ptp.unpack_value(Type.UINT16, data or b"") == _DOWN))
            if code == _FOCUS_BY_HAND:
                return Reply(self._drive_by_hand(int(ptp.unpack_value(Type.INT16, data or b""))))
            if code == _AF_POINT:
                point = int(ptp.unpack_value(Type.UINT32, data or b""))
                width, height = _TOUCH_AREA
                self._spot = (min(1.0, (point >> 16) / width), min(1.0, (point & 0xFFFF) / height))
                self._choose_point()
                return Reply()
            if not self._is_new and code in self._dials:
                return Reply(self._step(self._dials[code], int(ptp.unpack_value(Type.INT8, data or b""))))
        except ValueError:
            return Reply(Response.INVALID_VALUE)
        return Reply(Response.PROPERTY_NOT_SUPPORTED)

    def _choose_point(self) -> None:
        """Focus where the client wants, if that is the kind of area that is chosen; else in the middle."""
        self.autofocus_point = self._spot if self._focus_area in _SPOTS else (0.5, 0.5)

    def _set_magnifier(self, value: int) -> Response:
        power, x, y = value >> 32, value >> 16 & 0xFFFF, value & 0xFFFF
        if power not in _POWERS:
            return Response.INVALID_VALUE
        self._magnifier = value
        self.magnify(power / 10, x / _TOUCH_AREA[0], y / _TOUCH_AREA[1])
        return Response.OK

    def _press(self, code: int, *, is_down: bool) -> Response:
        if code == _HALF_PRESS:
            self._focus(is_down=is_down)
            return Response.OK
        if not is_down:
            if code == _FULL_PRESS:
                self.let_go()
            return Response.OK
        if code == _FULL_PRESS:
            if self._focus_found == _UNLOCKED and not self._is_focused_by_hand():
                self._focus(is_down=True)
            if self._focus_found == _NOT_FOUND:
                return Response.OK  # a Sony says nothing: it just does not release
            return self.hold_button(lambda: self._release("computer"))
        return self._release("computer")

    def _focus(self, *, is_down: bool) -> None:
        if self._is_focused_by_hand():
            return
        with self._lock:
            if not is_down:
                self._focus_found = _UNLOCKED
            elif self._focus_found == _UNLOCKED:
                is_found = self.autofocus()
                if self.settings.focus_mode == "af-c":
                    self._focus_found = _TRACKING if is_found else _TRACKING_LOST
                else:
                    self._focus_found = _LOCKED if is_found else _NOT_FOUND
            else:
                return
            self.tell(Event.SONY_PROPERTY_CHANGED, _FOCUS_FOUND, "PropertyChanged")

    def _drive_by_hand(self, steps: int) -> Response:
        if not self._is_focused_by_hand():
            return Response.ACCESS_DENIED
        if abs(steps) not in _FOCUS_STEPS:
            return Response.INVALID_VALUE
        # At the end the lens just stops; the client sees it at the focal position.
        self.drive_focus(_FOCUS_STEPS[abs(steps)] * (1 if steps > 0 else -1))
        self.tell(Event.SONY_PROPERTY_CHANGED, _FOCAL_POSITION, "PropertyChanged")
        return Response.OK

    def _step(self, dial: Dial, steps: int) -> Response:
        if self._use_of(dial) != _SETTABLE:
            return Response.ACCESS_DENIED
        order = stepping_order(dial)
        value = getattr(self.settings, dial.setting)
        place = order.index(int(dial.encode(AUTO_ISO if dial.code == ISO and value.is_auto else value)))
        wanted = order[max(0, min(len(order) - 1, place + steps))]
        return self.turn(dial.setting, dial.decode(wanted, value), by_body=False)

    def press_shutter(self) -> Response:
        """Press the button on the body."""
        return self._release("body", with_autofocus=True)

    def _expose(self, release: Release, seconds: float, count: int) -> None:
        if release.to_ram:
            self._recording += count
        super()._expose(release, seconds, count)

    def _release(self, by: str, *, with_autofocus: bool = False) -> Response:
        return self.release(
            by,
            to_ram=self._target != _TO_CARD,
            also_to_card=self._target == _TO_BOTH,
            with_autofocus=with_autofocus,
        )

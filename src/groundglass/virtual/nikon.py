"""A Nikon Z body: its properties, its capture and live-view operations, and how it queues events.

Longer than other modules: it is the one place that knows what a Nikon does.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from groundglass.virtual import ptp
from groundglass.virtual.body import Body, Handler
from groundglass.virtual.exposure import AUTO_ISO
from groundglass.virtual.nikon_dials import dials
from groundglass.virtual.ptp import Event, Property, Reply, Response, Type, Value
from groundglass.virtual.settings import Settings

_FRAME_HEADER = bytes(384)  # no FF D8 in it: the client looks for the JPEG
_BATTERY = 0x5001
_DATE_TIME = 0x5011
_RECORDING_MEDIA = 0xD10B
_ISO, _AUTO_ISO = 0x500F, 0xD054
_LIVE_VIEW_STATUS = 0xD1A2
_LIVE_VIEW_PROHIBITED = 0xD1A4
_ZOOM_RATIO = 0xD1A3
_ZOOM_AREA = 0xD1BD
_SHOTS_LEFT = 0xD1F1
# How much of the live picture's size at 100 %, where each pixel of the sensor is one of it; 0 is all.
_ZOOM_RATIOS = {0: 0.0, 1: 0.25, 2: 0.33, 3: 0.5, 4: 0.66, 5: 1.0}  # as a D5000 codes them
_ZOOM_AREAS = (0, 512, 1024, 2048)  # pixels of the sensor across
_SWITCHING_S = 0.02  # how long live view takes to start


class Nikon(Body):
    """The virtual Nikon Z."""

    name: ClassVar[str] = "Z Virtual"
    shared_properties: ClassVar[frozenset[str]] = frozenset({"shutter"})
    usb_id: ClassVar[tuple[int, int]] = (0x04B0, 0x0443)  # a Z 6
    has_auto_iso: ClassVar[bool] = True

    def __init__(self, *args: Any, sizes: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        self._dials = dials(sizes)
        self._codes: dict[str, list[int]] = {
            "shots_left": [_SHOTS_LEFT],
            "battery": [_BATTERY],
            "auto_iso": [_AUTO_ISO],
        }
        for dial in self._dials:
            self._codes.setdefault(dial.setting, []).append(dial.code)
        self._by_code = {dial.code: dial for dial in self._dials}
        self._is_usb = False
        self._chosen_iso = Settings().iso  # what the dial keeps while the switch makes it automatic
        self._clock_offset_s = 0.0
        self._records_to_ram = False
        self._met_end_stop = self._missed_focus = False
        self._ready_at = 0.0
        self._zoom = 0  # as the property has it
        self._status = self._status_properties()
        super().__init__(*args, sizes=sizes, **kwargs)

    def handlers(self) -> dict[str, Handler]:
        """Return what carries out each operation."""
        return {
            **super().handlers(),
            "InitiateCapture": lambda *_: Reply(self.release("computer", to_ram=False)),
            "NikonCaptureToRam": lambda *_: Reply(self.release("computer", to_ram=True)),
            "NikonAfCaptureToRam": lambda *_: Reply(
                self.release("computer", to_ram=True, with_autofocus=True)
            ),
            "NikonAfDrive": self._drive_autofocus,
            "NikonChangeCameraMode": lambda *_: Reply(),
            "NikonGetEvent": self._get_event,
            "NikonDeviceReady": self._device_ready,
            "NikonGetVendorPropCodes": lambda *_: Reply(data=ptp.pack_array(self._property_codes(0xD000))),
            "NikonStartLiveView": self._start_live_view,
            "NikonEndLiveView": self._end_live_view,
            "NikonGetLiveViewImage": self._live_view_image,
            "NikonMfDrive": self._drive_manual_focus,
            "NikonChangeAfArea": self._change_focus_point,
            "NikonAfDriveCancel": lambda *_: Reply(),
            "NikonCapture": self._capture,
            "NikonTerminateCapture": self._terminate,
        }

    def connected(self, over: str) -> None:
        """Spell the settings as libgphoto2 reads them over this cable."""
        self._is_usb = over == "usb"
        self._zoom = 0
        self._by_code = {dial.code: dial for dial in dials(self.sizes, is_usb=self._is_usb)}

    def _open_session(self, params: tuple[int, ...], data: bytes | None) -> Reply:
        reply = super()._open_session(params, data)
        if self._is_usb and reply.response == Response.OK:
            # As a D5600 did in its first second (gphoto2#454). Until a Nikon has reported something,
            # libgphoto2 waits 0.3 s on the interrupt pipe at each look for events.
            self.announce(["exposure_mode"])
        return reply

    def device_info(self) -> ptp.DeviceInfo:
        """Return who this camera is."""
        events = (0x4002, 0x4003, 0x4004, 0x4005, 0x4006, 0x4008, 0x400A, 0x400D, 0xC101, 0xC102)
        standard = tuple(code for code in self._property_codes(0x5000) if code < 0x6000)
        return ptp.DeviceInfo(
            0x0000000A,
            "Nikon Corporation",
            self.name,
            "V1.00",
            self.serial,
            tuple(sorted(self._handlers)),
            events,
            standard,
            "Microsoft.com/DeviceServices: 1.0",
        )

    # Properties

    def _property_codes(self, first: int) -> list[int]:
        # A Z has the area; libgphoto2's table for other bodies, which it takes over PTP/IP, has the ratio.
        absent = _ZOOM_RATIO if self._is_usb else _ZOOM_AREA
        return sorted(code for code in {*self._by_code, *self._status} - {absent} if code >= first)

    def _status_properties(self) -> dict[int, Callable[[], Property]]:
        def fixed(
            code: int, kind: Type, value: Value, limits: tuple[int, int, int]
        ) -> Callable[[], Property]:
            return lambda: Property(code, kind, value, writable=False, limits=limits)

        def meter() -> int:
            error = self.settings.exposure.error_thirds
            return max(-30, min(30, 0 if self.settings.shutter.is_bulb else error * 2))

        def prohibited() -> int:
            fault = self.faults.armed("live_view_prohibited")
            return 0 if fault is None else fault.mask

        def read_only(code: int, kind: Type, value: Callable[[], int]) -> Callable[[], Property]:
            return lambda: Property(code, kind, value(), writable=False, limits=(0, 0x7FFFFFFF, 1))

        return {
            _BATTERY: lambda: Property(_BATTERY, Type.UINT8, self.battery_percent, False, limits=(1, 100, 1)),
            0x5008: fixed(0x5008, Type.UINT32, 5000, (5000, 5000, 1)),
            _DATE_TIME: lambda: Property(_DATE_TIME, Type.STRING, self._clock()),
            _AUTO_ISO: lambda: Property(
                _AUTO_ISO, Type.UINT8, int(self.settings.iso.is_auto), limits=(0, 1, 1)
            ),
            0xD0E3: fixed(0xD0E3, Type.UINT32, 5000, (5000, 5000, 1)),
            0xD0E4: fixed(0xD0E4, Type.UINT32, 5000, (5000, 5000, 1)),
            0xD0E5: fixed(0xD0E5, Type.UINT16, 180, (180, 180, 1)),
            0xD0E6: fixed(0xD0E6, Type.UINT16, 180, (180, 180, 1)),
            _RECORDING_MEDIA: lambda: Property(
                _RECORDING_MEDIA, Type.UINT8, int(self._records_to_ram), choices=(0, 1)
            ),
            0xD10E: fixed(0xD10E, Type.UINT8, 0, (0, 3, 1)),
            0xD1B1: lambda: Property(0xD1B1, Type.INT8, meter(), False, limits=(-30, 30, 1)),
            _LIVE_VIEW_STATUS: lambda: Property(
                _LIVE_VIEW_STATUS, Type.UINT8, int(self.is_live), False, limits=(0, 1, 1)
            ),
            _LIVE_VIEW_PROHIBITED: lambda: Property(_LIVE_VIEW_PROHIBITED, Type.UINT32, prohibited(), False),
            _ZOOM_RATIO: lambda: Property(_ZOOM_RATIO, Type.UINT8, self._zoom, choices=tuple(_ZOOM_RATIOS)),
            _ZOOM_AREA: lambda: Property(_ZOOM_AREA, Type.UINT16, self._zoom, choices=_ZOOM_AREAS),
            _SHOTS_LEFT: lambda: Property(_SHOTS_LEFT, Type.UINT32, max(0, self.card.shots_left), False),
        }

    def find_property(self, code: int) -> Property | None:
        """Return a property as it is now."""
        dial = self._by_code.get(code)
        if dial is None:
            status = self._status.get(code)
            return None if status is None else status()
        settings = self.settings
        return Property(
            code,
            dial.kind,
            dial.encode(self._chosen_iso if code == _ISO else getattr(settings, dial.setting)),
            writable=dial.setting not in settings.held_by_camera,
            choices=tuple(choice for choice, _ in dial.codes),
            limits=dial.limits,
        )

    def write_property(self, code: int, value: Value) -> Response:
        """Take a new value."""
        dial = self._by_code.get(code)
        if self.is_exposing:
            return Response.DEVICE_BUSY
        if code == _AUTO_ISO:
            return self.turn("iso", AUTO_ISO if value else self._chosen_iso, by_body=False)
        if code == _ISO and self.settings.iso.is_auto and dial is not None:
            self._chosen_iso = dial.decode(value, self._chosen_iso)
            return Response.OK
        if dial is not None:
            current = getattr(self.settings, dial.setting)
            return self.turn(dial.setting, dial.decode(value, current), by_body=False)
        if code == _RECORDING_MEDIA:
            self._records_to_ram = bool(value)
            return Response.OK
        if code in {_ZOOM_RATIO, _ZOOM_AREA}:
            if not self.is_live:
                return Response.NIKON_NOT_LIVE_VIEW
            self._zoom = int(value)
            self._look_at_point()
            return Response.OK
        try:
            wanted = time.mktime(time.strptime(str(value)[:15], "%Y%m%dT%H%M%S"))
        except (ValueError, OverflowError):
            return Response.INVALID_VALUE
        self._clock_offset_s = wanted - time.time()
        return Response.OK

    def turn_all(self, values: Mapping[str, object], *, by_body: bool) -> Response:
        """Turn dials; automatic ISO keeps the number that was chosen before."""
        was_automatic = self.settings.iso.is_auto
        response = super().turn_all(values, by_body=by_body)
        if not self.settings.iso.is_auto:
            self._chosen_iso = self.settings.iso
        if by_body and self.settings.iso.is_auto != was_automatic:
            self.announce(["auto_iso"])
        return response

    def _clock(self) -> str:
        return time.strftime("%Y%m%dT%H%M%S", time.localtime(time.time() + self._clock_offset_s))

    # Events

    def announce(self, changed: Iterable[str]) -> None:
        """Queue a property-changed event for each code of each setting."""
        for name in changed:
            for code in self._codes.get(name, ()):
                self.tell(Event.PROPERTY_CHANGED, code, "PropertyChanged")

    def announce_file(self, handle: int, *, is_in_ram: bool) -> None:
        """Queue the event for a new file."""
        code = Event.NIKON_OBJECT_ADDED_IN_RAM if is_in_ram else Event.OBJECT_ADDED
        self.tell(code, handle, "ObjectAdded")

    def announce_complete(self, *, is_in_ram: bool) -> None:
        """Queue the event for the end of a shot."""
        code = Event.NIKON_CAPTURE_COMPLETE_IN_RAM if is_in_ram else Event.CAPTURE_COMPLETE
        self.tell(code, 0, "CaptureComplete")

    def _get_event(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        events = self.take_events()
        listed = b"".join(struct.pack("<HI", code, param) for code, param in events)
        return Reply(data=struct.pack("<H", len(events)) + listed)

    # Live view and focus

    def _start_live_view(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        if self.faults.strike("live_view_prohibited") is not None:
            return Reply(Response.NIKON_INVALID_STATUS)
        if self.is_exposing:
            return Reply(Response.DEVICE_BUSY)
        if not self.is_live:
            self._ready_at = time.monotonic() + _SWITCHING_S
        self.is_live = True
        return Reply()

    def _end_live_view(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        self.is_live = False
        self._zoom = 0
        self._look_at_point()
        return Reply()

    def _look_at_point(self) -> None:
        """Magnify what lies around the focus point."""
        ratio = _ZOOM_RATIOS.get(self._zoom, 0.0)
        shown = self._zoom if self._is_usb else self.live_size[0] / ratio if ratio else 0
        self.magnify(self._sensor[0] / shown if shown else 1.0, *self.autofocus_point)

    @property
    def _sensor(self) -> tuple[int, int]:
        """The largest picture, in whose pixels a focus point is told."""
        width, _, height = self.sizes[0][0].partition("x")
        return int(width), int(height)

    def _live_view_image(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        if not self.is_live:
            return Reply(Response.NIKON_NOT_LIVE_VIEW)
        if self.is_exposing:
            return Reply(Response.DEVICE_BUSY)
        return Reply(data=_FRAME_HEADER + self.live_frame())

    def _drive_manual_focus(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        direction, steps = params[0], params[1]
        if not self.is_live:
            return Reply(Response.NIKON_NOT_LIVE_VIEW)
        if direction not in {1, 2} or not 1 <= steps <= 32767:
            return Reply(Response.INVALID_PARAMETER)
        self._met_end_stop = self.drive_focus(-steps if direction == 1 else steps)
        self._ready_at = time.monotonic() + 0.01 + min(steps, 8000) / 8000 * 0.3
        return Reply()

    def _drive_autofocus(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        if self.settings.focus_mode == "manual":
            return Reply(Response.NIKON_INVALID_STATUS)
        self._missed_focus = not self.autofocus()  # it is told when the client asks whether it is ready
        self._ready_at = time.monotonic() + 0.15
        return Reply()

    def _change_focus_point(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if not self.is_live:
            return Reply(Response.NIKON_NOT_LIVE_VIEW)
        width, height = self._sensor
        self.autofocus_point = (min(1.0, params[0] / width), min(1.0, params[1] / height))
        self._look_at_point()
        return Reply()

    # The shutter

    def press_shutter(self) -> Response:
        """Press the button on the body."""
        return self.release("body", to_ram=self._records_to_ram)

    def _capture(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        with_autofocus = params[0] == 0xFFFFFFFE
        to_ram = len(params) > 1 and params[1] == 1
        return Reply(self.release("computer", to_ram=to_ram, with_autofocus=with_autofocus))

    def _terminate(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        return Reply() if self.close_bulb() else Reply(Response.NIKON_INVALID_STATUS)

    def _device_ready(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        if self.is_bulb_open:
            return Reply(Response.NIKON_BULB_RELEASE_BUSY)
        if self.is_exposing or time.monotonic() < self._ready_at:
            return Reply(Response.DEVICE_BUSY)
        if self._missed_focus:
            self._missed_focus = False
            return Reply(Response.NIKON_OUT_OF_FOCUS)
        if self._met_end_stop:
            self._met_end_stop = False
            return Reply(Response.NIKON_FOCUS_END_STOP)
        return Reply()

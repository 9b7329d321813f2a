"""A camera without a maker: its dials, its card, its shutter, and the operations that every PTP camera has.

A maker's body is a subclass with tables: which operations and properties it has, how a setting is coded,
and how it tells that a picture is there. Longer than other modules: dials, live view, shutter and events
share one state and lock.
"""

from __future__ import annotations

import datetime
import logging
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from groundglass.virtual import ptp
from groundglass.virtual.card import NIKON, Card, Spelling
from groundglass.virtual.exposure import Iso
from groundglass.virtual.faults import Faults
from groundglass.virtual.picture import Maker, Part, Shot, View
from groundglass.virtual.ptp import Event, Reply, Response
from groundglass.virtual.settings import FRAMES_A_SECOND, Settings

log = logging.getLogger(__name__)

Handler = Callable[["tuple[int, ...]", "bytes | None"], Reply]

NEAREST_M = 0.4
FOCUS_STEPS = 8000  # from the near stop to infinity, even in dioptres
SECOND_FILE_DELAY_S = 0.12
_MOST_FRAMES_HELD = 300


class Release(Struct, frozen=True):
    """One press of the shutter, by the computer or on the body."""

    pressed: float  # time.monotonic()
    by: str
    to_ram: bool
    also_to_card: bool = False

    @property
    def to_card(self) -> bool:
        """Whether a file on the card is wanted."""
        return self.also_to_card or not self.to_ram


class Body:
    """A PTP camera; safe to use from any thread."""

    name: ClassVar[str] = "Virtual camera"
    shared_properties: ClassVar[frozenset[str]] = frozenset()
    usb_id: ClassVar[tuple[int, int]]  # vendor and product: libgphoto2 looks up the model by it
    takes_data: ClassVar[frozenset[str]] = frozenset({"SetDevicePropValue"})  # operations the client adds to
    has_auto_iso: ClassVar[bool] = False
    spelling: ClassVar[Spelling] = NIKON
    serial_format: ClassVar[str] = "{:032d}"

    def __init__(
        self,
        maker: Maker,
        card: Card,
        faults: Faults,
        serial: str,
        live_rate: float = 60.0,
        *,
        sizes: tuple[tuple[str, str], ...] = (),
        live_size: tuple[int, int] = (1024, 680),
    ) -> None:
        """Switched off.  sizes: the JPEG sizes as `WIDTHxHEIGHT`, and their names."""
        self.serial = serial
        self.sizes = sizes
        self.live_size = live_size
        self.faults = faults
        self.card = card
        self.battery_percent = 87
        self.settings = Settings()
        self.focus_steps = round(FOCUS_STEPS * (1 - NEAREST_M / 1.2))
        self.autofocus_point = (0.5, 0.5)
        self.magnified: Part | None = None  # what the live picture shows; None: all
        self.is_live = False
        self.live_frames = 0
        self.heard: Counter[str] = Counter()
        self.releases: deque[Release] = deque(maxlen=10_000)
        self.turned: deque[dict[str, Any]] = deque(maxlen=10_000)
        self.push: Callable[..., None] = lambda *_: None  # the transport's event channel
        self._maker = maker
        self._live_period_s = 1.0 / live_rate
        self._live_due = 0.0
        self._lock = threading.RLock()
        self._session = 0
        self._events: list[tuple[float, int, int]] = []  # due, code, parameter
        self._busy_until = 0.0
        self._bulb: Release | None = None
        self._is_let_go = threading.Event()
        self._held: threading.Thread | None = None  # fires while the button is held in a continuous drive
        self._closing = threading.Event()
        self._exposures: queue.SimpleQueue[tuple[Release, Shot] | None] = queue.SimpleQueue()
        self._shutter_thread = threading.Thread(target=self._shutter_loop, name="shutter")
        handlers = self.handlers()
        self._handlers: Mapping[int, Handler] = {
            ptp.OPERATIONS[name]: handler for name, handler in handlers.items()
        }
        self._operation_names = {ptp.OPERATIONS[name]: name for name in handlers}

    # Life

    def start(self) -> None:
        """Switch on."""
        self._shutter_thread.start()
        self._maker.prepare(self.view)

    def close(self) -> None:
        """Switch off; waits for the shutter."""
        self._closing.set()
        self.let_go()
        self._exposures.put(None)
        if self._shutter_thread.ident is not None:
            self._shutter_thread.join()

    def operation(self, code: int, params: tuple[int, ...], data: bytes | None) -> Reply:
        """Carry out one operation of the protocol."""
        handler = self._handlers.get(code)
        if handler is None:
            return Reply(Response.OPERATION_NOT_SUPPORTED)
        if not self._session and code not in {0x1001, 0x1002}:
            return Reply(Response.SESSION_NOT_OPEN)
        try:
            return handler(params, data)
        except IndexError:
            return Reply(Response.INVALID_PARAMETER)

    def connected(self, over: str) -> None:
        """Expect a client over `ptpip` or `usb`; some makers spell a setting in another way there."""

    def disconnected(self) -> None:
        """Forget the client: its session, its live view, an open bulb."""
        with self._lock:
            self._session = 0
            self.is_live = False
            self.magnified = None
        self.let_go()

    def operation_name(self, code: int) -> str:
        """Name an operation: makers use the same codes for different things."""
        return self._operation_names.get(code) or ptp.operation_name(code)

    # What a maker's body says of itself

    def handlers(self) -> dict[str, Handler]:
        """Return what carries out each operation, by the operation's name."""
        return {
            "GetDeviceInfo": lambda *_: Reply(data=self.device_info().pack()),
            "OpenSession": self._open_session,
            "CloseSession": self._close_session,
            "GetStorageIDs": lambda *_: Reply(data=ptp.pack_array(self.card.storages(), "<I")),
            "GetStorageInfo": lambda params, _: self.card.storage_info(params[0]),
            "GetNumObjects": lambda params, _: self.card.count(params),
            "GetObjectHandles": lambda params, _: self.card.handles(params),
            "GetObjectInfo": lambda params, _: self.card.info(params[0]),
            "GetObject": lambda params, _: self.card.read(params[0]),
            "GetThumb": lambda params, _: self.card.thumbnail(params[0]),
            "DeleteObject": self._delete,
            "GetPartialObject": lambda params, _: self.card.read(params[0], params[1], params[2]),
            "GetDevicePropDesc": self._describe_property,
            "GetDevicePropValue": self._read_property,
            "SetDevicePropValue": self._write_property,
        }

    def device_info(self) -> ptp.DeviceInfo:
        """Return who this camera is."""
        raise NotImplementedError

    def find_property(self, code: int) -> ptp.Property | None:
        """Return a property as it is now; None if this camera has none of that code."""
        raise NotImplementedError

    def write_property(self, code: int, value: ptp.Value) -> Response:
        """Take a new value, which the property accepts."""
        raise NotImplementedError

    def press_shutter(self) -> Response:
        """Press the button on the body."""
        raise NotImplementedError

    def offers(self, name: str, value: object) -> bool:
        """Say whether this maker's dial has a value."""
        return name != "iso" or self.has_auto_iso or not (isinstance(value, Iso) and value.is_auto)

    def announce(self, changed: Iterable[str]) -> None:
        """Tell the client which settings have changed."""
        raise NotImplementedError

    def announce_file(self, handle: int, *, is_in_ram: bool) -> None:
        """Tell the client of a new file."""
        raise NotImplementedError

    def announce_complete(self, *, is_in_ram: bool) -> None:
        """Tell the client that all files of a shot are there."""
        raise NotImplementedError

    # Dials

    @property
    def focus_m(self) -> float:
        """How far away is sharp."""
        dioptres = (1 - self.focus_steps / FOCUS_STEPS) / NEAREST_M
        return 1000.0 if dioptres < 0.001 else 1.0 / dioptres

    @property
    def view(self) -> View:
        """What the sensor sees now."""
        return View(self.settings, round(self.focus_m, 4))

    def turn(self, name: str, value: object, *, by_body: bool) -> Response:
        """Turn one dial; the meter answers, and what changed is announced."""
        return self.turn_all({name: value}, by_body=by_body)

    def turn_all(self, values: Mapping[str, object], *, by_body: bool) -> Response:
        """Turn dials that the camera codes as one setting."""
        with self._lock:
            if any(self.faults.strike("setting_ignored", setting=name) is not None for name in values):
                return Response.OK
            if not self.settings.held_by_camera.isdisjoint(values):
                return Response.ACCESS_DENIED
            before = self.settings
            for name, value in values.items():
                self.settings = self.settings.changed(name, value)
            changed = self.settings.differences(before)
            held = self.settings.held_by_camera ^ before.held_by_camera
            if by_body:
                turned = {"setting": next(iter(values)), "changed": list(changed)}
                self.turned.append({"monotonic": time.monotonic(), **turned})
            silent = set() if by_body else set(values)
            told = sorted((set(changed) | held) - silent | (set(changed) & self.shared_properties))
            self.announce(told)
        if changed:
            self._maker.prepare(self.view)
        return Response.OK

    def drive_focus(self, steps: int) -> bool:
        """Move the lens, away from the camera if steps is positive; says whether it met an end stop."""
        with self._lock:
            wanted = self.focus_steps + steps
            self.focus_steps = max(0, min(FOCUS_STEPS, wanted))
            self._maker.prepare(self.view)
            return wanted != self.focus_steps

    def magnify(self, power: float, x: float, y: float) -> None:
        """Show the part around x, y (0..1 of the frame) so many times larger; 1 shows all."""
        self.magnified = None if power <= 1 else Part.around(x, y, power)

    def autofocus(self) -> bool:
        """Focus on what lies under the focus point; says whether that succeeded."""
        if self.faults.strike("focus_missed") is not None:
            return False
        with self._lock:
            distance = self._maker.distance_at(*self.autofocus_point)
            self.focus_steps = round(FOCUS_STEPS * (1 - NEAREST_M / distance))
            self._maker.prepare(self.view)
        return True

    # Events

    def tell(self, code: int, param: int, label: str = "") -> None:
        """Put an event where the client will find it, or lose it if that was asked for."""
        if self.faults.strike("event_lost", event=label) is not None:
            return
        late = self.faults.strike("event_late", event=label)
        due = 0.0 if late is None else time.monotonic() + late.seconds
        times = 1 if self.faults.strike("event_doubled", event=label) is None else 2
        with self._lock:
            self._events.extend([(due, code, param)] * times)

    def take_events(self) -> list[tuple[int, int]]:
        """Return the events that are due, as code and parameter."""
        now = time.monotonic()
        with self._lock:
            due = [(code, param) for at, code, param in self._events if at <= now]
            self._events = [event for event in self._events if event[0] > now]
        return due

    # Live view

    def live_frame(self) -> bytes:
        """Wait for the next live frame and return its JPEG."""
        now = time.monotonic()
        due = self._live_due + self._live_period_s
        if due < now - 2 * self._live_period_s:
            due = now
        self._live_due = due
        if due > now:
            self._closing.wait(due - now)
        number = self.live_frames
        self.live_frames += 1
        frame = self._maker.live_frame(self.view, number, self.magnified)
        if (fault := self.faults.strike("frame_damaged")) is not None:
            half = len(frame) // 2
            frame = (
                frame[:half]
                if fault.how != "corrupt"
                else frame[:half] + b"\x00\xff\x00" * 200 + frame[half:]
            )
        return frame

    # The shutter

    @property
    def is_exposing(self) -> bool:
        """Whether the shutter is open."""
        return self._bulb is not None or time.monotonic() < self._busy_until

    @property
    def is_held(self) -> bool:
        """Whether a button that is held does something."""
        return self._bulb is not None or self._held is not None

    @property
    def is_bulb_open(self) -> bool:
        """Whether the shutter is held open."""
        return self._bulb is not None

    def release(
        self, by: str, *, to_ram: bool, also_to_card: bool = False, with_autofocus: bool = False
    ) -> Response:
        """Open the shutter; returns at once, while the exposure goes on."""
        release = Release(time.monotonic(), by, to_ram, also_to_card)
        with self._lock:
            if self.is_exposing:
                return Response.DEVICE_BUSY
            if release.to_card and not self.card.is_in:
                return Response.STORE_NOT_AVAILABLE
            if release.to_card and (self.card.shots_left <= 0 or self.faults.strike("card_full") is not None):
                return Response.STORE_FULL
            if with_autofocus and self.settings.focus_mode != "manual" and not self.autofocus():
                return Response.NIKON_OUT_OF_FOCUS
            self.releases.append(release)
            if self.settings.shutter.is_bulb:
                self._bulb = release
                return Response.OK
            # A client that cannot hold the button says, or is granted, how many it wants.
            is_many = by == "computer" and self.settings.drive in FRAMES_A_SECOND
            self._expose(release, self.settings.shutter.seconds, self.settings.burst_count if is_many else 1)
        return Response.OK

    def hold_button(self, fire: Callable[[], Response]) -> Response:
        """Press the button and keep it down: in a continuous drive it fires on until it is let go."""
        response = fire()
        if (
            response is not Response.OK
            or self._bulb is not None
            or self.settings.drive not in FRAMES_A_SECOND
        ):
            return response
        with self._lock:
            if self._held is None:
                self._is_let_go.clear()
                self._held = threading.Thread(target=self._fire_on, args=(fire,), name="held button")
                self._held.start()
        return response

    def _fire_on(self, fire: Callable[[], Response]) -> None:
        pause_s = 1 / FRAMES_A_SECOND.get(self.settings.drive, 1.0)
        for _ in range(_MOST_FRAMES_HELD):
            if self._is_let_go.wait(pause_s):
                return
            while (response := fire()) is Response.DEVICE_BUSY:
                if self._is_let_go.wait(0.01):
                    return
            if response is not Response.OK:
                return

    def let_go(self) -> None:
        """Let the button go, whatever it held."""
        self._is_let_go.set()
        with self._lock:
            held, self._held = self._held, None
        if held is not None:
            held.join()
        self.close_bulb()

    def close_bulb(self) -> bool:
        """Close a shutter that is held open; says whether it was."""
        with self._lock:
            release, self._bulb = self._bulb, None
            if release is None:
                return False
            self._expose(replace(release, pressed=time.monotonic()), time.monotonic() - release.pressed, 1)
        return True

    def _expose(self, release: Release, seconds: float, count: int) -> None:
        is_bulb = self.settings.shutter.is_bulb
        end = release.pressed + (0.0 if is_bulb else seconds * count)
        self._busy_until = end
        for place in range(count):
            if release.to_card:
                if self.card.shots_left <= 0:
                    break
                self.card.shots_left -= 1
            at = replace(
                release, pressed=release.pressed if is_bulb else release.pressed + seconds * (place + 1)
            )
            number = self.card.next_number()
            taken = datetime.datetime.now().astimezone()
            self._exposures.put((at, Shot(self.view, number, seconds, taken, self.serial)))

    def _shutter_loop(self) -> None:
        while (job := self._exposures.get()) is not None:
            release, shot = job
            if self._closing.wait(max(0.0, release.pressed - time.monotonic())):
                return
            self._record(release, shot)
            self._maker.prepare(self.view)

    def _record(self, release: Release, shot: Shot) -> None:
        files = []
        for place, developed in enumerate(self._maker.develop(shot)):
            if place and self._closing.wait(SECOND_FILE_DELAY_S):
                return
            if release.to_ram and release.also_to_card:
                self.card.store(developed, shot, is_in_ram=False)
            file = self.card.store(developed, shot, is_in_ram=release.to_ram)
            files.append(file)
            self.announce_file(file.handle, is_in_ram=release.to_ram)
        self.announce_complete(is_in_ram=release.to_ram)
        if release.to_card:
            self.announce(["shots_left"])
            if self.card.shots_left <= 0:
                self.tell(Event.STORE_FULL, self.card.STORAGE, "StoreFull")
        for file in files:
            _ = file.sha256  # found now, while nobody waits

    # Operations that every camera has

    def _open_session(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        if self._session:
            return Reply(Response.SESSION_ALREADY_OPEN)
        self._session = params[0]
        with self._lock:  # a body tells a session what happens in it, not what was before
            self._events.clear()
        return Reply()

    def _close_session(self, _params: tuple[int, ...], _: bytes | None) -> Reply:
        self._session = 0
        self.is_live = False
        return Reply()

    def _delete(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        return Reply(self.card.delete(params[0]))

    def _describe_property(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        found = self.find_property(params[0])
        return Reply(Response.PROPERTY_NOT_SUPPORTED) if found is None else Reply(data=found.pack())

    def _read_property(self, params: tuple[int, ...], _: bytes | None) -> Reply:
        found = self.find_property(params[0])
        if found is None:
            return Reply(Response.PROPERTY_NOT_SUPPORTED)
        return Reply(data=ptp.pack_value(found.kind, found.current))

    def _write_property(self, params: tuple[int, ...], data: bytes | None) -> Reply:
        found = self.find_property(params[0])
        if found is None:
            return Reply(Response.PROPERTY_NOT_SUPPORTED)
        if not found.writable:
            return Reply(Response.ACCESS_DENIED)
        try:
            value = ptp.unpack_value(found.kind, data or b"")
        except ValueError:
            return Reply(Response.INVALID_VALUE)
        if not found.accepts(value):
            return Reply(Response.INVALID_VALUE)
        return Reply(self.write_property(found.code, value))

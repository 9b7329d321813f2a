"""A camera as the rest of the program sees it: who it is, what it can do, what it is doing."""

from __future__ import annotations

from enum import Flag, StrEnum, auto

from msgspec import Struct

from groundglass.model.exposure import Special
from groundglass.model.setting import Setting, SettingId, is_continuous


class CameraState(StrEnum):
    """What the camera is doing.

    ABSENT -> CONNECTING -> READY <-> LIVE; READY | LIVE -> EXPOSING -> TRANSFERRING -> READY | LIVE;
    any -> UNRESPONSIVE -> CONNECTING; any -> LOST -> CONNECTING.
    """

    ABSENT = "absent"
    CONNECTING = "connecting"
    READY = "ready"
    LIVE = "live"
    EXPOSING = "exposing"
    TRANSFERRING = "transferring"
    UNRESPONSIVE = "unresponsive"
    LOST = "lost"

    @property
    def is_connected(self) -> bool:
        return self in _CONNECTED


_CONNECTED = frozenset((CameraState.READY, CameraState.LIVE, CameraState.EXPOSING, CameraState.TRANSFERRING))


class Capability(Flag):
    """What a body can do over the cable, and others cannot."""

    NONE = 0
    BULB = auto()
    FOCUS_DRIVE = auto()  # moves the lens by steps
    AF_POINT = auto()  # is told where to focus
    LIVE_ZOOM = auto()  # magnifies its live picture
    HOLD = auto()  # its button can be held: in a continuous drive it fires until it is let go


class CameraInfo(Struct, frozen=True):
    """Who a camera is. The serial number identifies it: addresses change at every replug."""

    address: str
    model: str
    serial: str = ""
    maker: str = ""
    firmware: str = ""

    def has_serial(self, serial: str) -> bool:
        """Tell whether this is the body's serial number, as it tells it or as people write it."""
        return bool(self.serial) and self.serial.lstrip("0").lower() == serial.lstrip("0").lower()


class RemoteFile(Struct, frozen=True):
    """A file on the camera's card or in its memory."""

    folder: str
    name: str
    size_bytes: int = 0
    modified_s: float = 0.0  # seconds since 1970, by the camera's clock read as the computer's; 0: unknown

    @property
    def is_in_ram(self) -> bool:
        """Tell whether the file is gone once it was read: it never was on a card."""
        return self.folder in ("", "/")

    @property
    def path(self) -> str:
        return f"{self.folder.rstrip('/')}/{self.name}"


class TransferProgress(Struct, frozen=True):
    """A file on its way from the camera to the session."""

    name: str
    done_bytes: int
    size_bytes: int
    waiting: int | None = None  # files behind it in the camera, as far as reported; None: nobody knows

    @property
    def share(self) -> float:
        """Return the part that has arrived, 0 to 1."""
        return self.done_bytes / self.size_bytes if self.size_bytes else 0.0


class LiveZoom(Struct, frozen=True):
    """How far the body magnifies its live picture, and which part of the frame that shows."""

    powers: tuple[float, ...]  # in times of the whole picture, rising; the first is 1
    power: float = 1.0
    x: float = 0.5  # the middle of what is shown, 0..1 of the frame from the left,
    y: float = 0.5  # and from the top

    @property
    def is_whole(self) -> bool:
        return self.power <= 1.0

    @property
    def part(self) -> tuple[float, float, float, float]:
        """Return what is shown: left, top, width and height, 0..1 of the frame."""
        size = 1.0 / max(1.0, self.power)
        left, top = (min(1.0 - size, max(0.0, at - size / 2)) for at in (self.x, self.y))
        return left, top, size, size

    def in_frame(self, x: float, y: float) -> tuple[float, float]:
        """Return where in the frame a point of the shown picture lies; both 0..1."""
        left, top, width, height = self.part
        return left + x * width, top + y * height


class CameraStatus(Struct, frozen=True):
    """Everything that a client shows about the camera, at one moment."""

    state: CameraState = CameraState.ABSENT
    info: CameraInfo | None = None
    settings: tuple[Setting, ...] = ()
    capabilities: Capability = Capability.NONE
    is_live_wanted: bool = False
    transfer: TransferProgress | None = None
    exposure_s: float = 0.0  # while EXPOSING: how long the shutter stays open, 0 if unknown
    message: str = ""  # what is being done about a trouble, in words; empty if all is well
    focus_point: tuple[float, float] | None = None  # 0..1 of the frame; None: the body's own choice
    live_zoom: LiveZoom | None = None  # None: the body magnifies nothing
    opened_at: float = 0.0  # monotonic; the same after a mere silence, another after a new connection

    def setting(self, setting_id: SettingId) -> Setting | None:
        return next((one for one in self.settings if one.id is setting_id), None)

    @property
    def is_at_bulb(self) -> bool:
        """Tell whether the shutter stays open until it is closed."""
        shutter = self.setting(SettingId.SHUTTER)
        return shutter is not None and shutter.current is not None and shutter.current.special is Special.BULB

    @property
    def fires_while_held(self) -> bool:
        """Tell whether the button can be held over the cable, and fires on while it is."""
        return Capability.HOLD in self.capabilities and is_continuous(self.setting(SettingId.DRIVE))

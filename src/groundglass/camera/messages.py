"""All that crosses the pipe between the application and a camera's process: frozen values.

Requests go to the worker one at a time, each answered by one Reply or Failed. Everything else that the
worker sends comes by itself. Times are time.monotonic(), which all processes of a machine share. A long
list in one place, as both ends have to agree on all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from groundglass.errors import CameraError, GroundglassError
from groundglass.model.camera import CameraInfo, Capability, LiveZoom, RemoteFile
from groundglass.model.setting import Setting, SettingId

# ---- to the worker


@dataclass(frozen=True, slots=True)
class FindCameras:
    """List the cameras on the bus. Replies with a tuple of CameraInfo."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Ask which driver is at work. Replies with pairs of name and version."""


@dataclass(frozen=True, slots=True)
class Identify:
    """Ask the camera at an address who it is, and let it go. Replies with CameraInfo."""

    address: str


@dataclass(frozen=True, slots=True)
class Open:
    """Claim the camera at an address, and save what it has to report.

    Replies with Opened; with OtherBody if it has another serial number than the one that is meant.
    """

    address: str
    incoming: str | None = None
    serial: str = ""


@dataclass(frozen=True, slots=True)
class StoreIn:
    """Save what arrives into this folder; None: leave it on the camera. Replies with None.

    What the body has by now goes into the folder before, unless is_at_once.
    """

    incoming: str | None
    is_at_once: bool = False


@dataclass(frozen=True, slots=True)
class Set:
    """Set a setting to the camera's own text. Replies with the Setting that the camera kept."""

    setting_id: SettingId
    raw: str


@dataclass(frozen=True, slots=True)
class Release:
    """Fire the shutter. Replies with None as soon as the camera has released."""

    release_id: int
    with_autofocus: bool = True


@dataclass(frozen=True, slots=True)
class HoldButton:
    """Press the button and keep it down. Replies with None as soon as the camera has released.

    The first frame bears the number; further ones, of a continuous drive, come as if the body had fired.
    """

    release_id: int
    with_autofocus: bool = True


@dataclass(frozen=True, slots=True)
class LetGo:
    """Let the button go. Replies with None."""


@dataclass(frozen=True, slots=True)
class StartBulb:
    """Open the shutter. Replies with None."""

    release_id: int


@dataclass(frozen=True, slots=True)
class EndBulb:
    """Close the shutter. Replies with None."""


@dataclass(frozen=True, slots=True)
class Live:
    """Start or stop the live view. Replies with None; a camera that cannot do it fails."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class DriveFocus:
    """Move the focus: -3 to -1 nearer, 1 to 3 farther. Replies with None."""

    step: int


@dataclass(frozen=True, slots=True)
class ListCard:
    """List what lies on the card. Replies with a tuple of RemoteFile.

    is_fresh: open the body anew for it, if it rests: the driver remembers a card's files for as long as it is
    open, and what it could not ask about once is missing there.
    """

    is_fresh: bool = False


@dataclass(frozen=True, slots=True)
class Fetch:
    """Save a file of the card into the incoming folder; it comes as FileArrived. Replies with None.

    incoming: the folder that it is meant for; fails with FetchStoppedError if there is another one now.
    """

    file: RemoteFile
    incoming: str


@dataclass(frozen=True, slots=True)
class Erase:
    """Delete a file from the card if it still is the one that was stored.

    Replies with True; with False if no file has that name any more. Fails with OtherCardFileError if
    anything differs, and nothing is deleted then.
    """

    file: RemoteFile  # as it was when it was stored
    serial: str  # of the body
    head_sha256: str  # of its first bytes
    head_bytes: int


@dataclass(frozen=True, slots=True)
class Autofocus:
    """Focus once. Replies with None."""


@dataclass(frozen=True, slots=True)
class FocusAt:
    """Put the focus point at x, y (0..1 of the frame), and focus there if wanted. Replies with None."""

    x: float
    y: float
    with_autofocus: bool = True


@dataclass(frozen=True, slots=True)
class ZoomLive:
    """Magnify the live picture around x, y (0..1 of the frame). Replies with the LiveZoom that it has now.

    The nearest of the body's powers is taken; 1 shows the whole picture.
    """

    power: float
    x: float
    y: float


Request = (
    FindCameras
    | Versions
    | Identify
    | Open
    | StoreIn
    | Set
    | Release
    | HoldButton
    | LetGo
    | StartBulb
    | EndBulb
    | Live
    | DriveFocus
    | Autofocus
    | FocusAt
    | ZoomLive
    | ListCard
    | Fetch
    | Erase
)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request with the number that its answer bears."""

    number: int
    request: Request


@dataclass(frozen=True, slots=True)
class Credit:
    """Allow one more live frame to be sent."""


# ---- from the worker


class Phase(StrEnum):
    """What the worker is doing; each has its own limit of silence."""

    IDLE = "idle"
    OPENING = "opening"
    LIVE = "live"
    SETTING = "setting"
    EXPOSING = "exposing"
    TRANSFERRING = "transferring"


@dataclass(frozen=True, slots=True)
class Opened:
    """The camera is claimed and its settings were read."""

    info: CameraInfo
    capabilities: Capability
    settings: tuple[Setting, ...]
    live_zoom: LiveZoom | None = None


@dataclass(frozen=True, slots=True)
class OtherBody:
    """The camera at the address is another one, and was let go untouched."""

    info: CameraInfo


@dataclass(frozen=True, slots=True)
class Reply:
    number: int
    value: object


@dataclass(frozen=True, slots=True)
class Failed:
    number: int
    error: GroundglassError


@dataclass(frozen=True, slots=True)
class Doing:
    """The phase changed. No message for longer than `limit_s` means that the camera hangs."""

    phase: Phase
    limit_s: float
    exposure_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Syncing:
    """A file is whole, and the disk is waited for; no message for longer than `limit_s` means a hang."""

    limit_s: float


@dataclass(frozen=True, slots=True)
class Alive:
    """Nothing happened, and all is well."""


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """These settings were read again."""

    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class ViewChanged:
    """Where the body focuses, or what its live picture shows, has changed."""

    focus_point: tuple[float, float] | None
    live_zoom: LiveZoom | None


@dataclass(frozen=True, slots=True)
class Frame:
    """A live frame; costs one credit."""

    number: int
    jpeg: bytes
    taken_at: float


@dataclass(frozen=True, slots=True)
class Progress:
    """A file is on its way."""

    name: str
    done_bytes: int
    size_bytes: int
    waiting: int | None = None  # files behind it in the camera; None: nobody knows


@dataclass(frozen=True, slots=True)
class FileArrived:
    """A file lies whole and synced in the incoming folder."""

    path: str
    name: str
    folder: str  # on the camera; "/" if it was only in its memory
    size_bytes: int
    sha256: str
    release_id: int | None  # None: released on the body
    announced_at: float
    modified_s: float = 0.0  # as RemoteFile.modified_s
    stays_on_card: bool | None = False  # None: perhaps, on a card that the body does not show
    is_fetched: bool = False  # it lay on the card, and may be older than the moment it came
    lacks_end: bool = False  # a JPEG out of the memory that does not end as one


@dataclass(frozen=True, slots=True)
class PictureLate:
    """A release has given no picture yet; the camera answers, so it is still waited for."""

    release_id: int


@dataclass(frozen=True, slots=True)
class ExposureEnded:
    """All files of an exposure have arrived, as far as the camera says."""

    release_id: int | None
    error: GroundglassError | None = None  # the camera released, but no file came


@dataclass(frozen=True, slots=True)
class LiveStopped:
    """The camera ended the live view by itself."""

    error: CameraError


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something failed that no request waits for; the camera goes on."""

    error: GroundglassError


@dataclass(frozen=True, slots=True)
class BodyLost:
    """The link is broken; the worker ends now."""

    error: CameraError


FromWorker = (
    Reply
    | Failed
    | Doing
    | Syncing
    | Alive
    | SettingsChanged
    | ViewChanged
    | Frame
    | Progress
    | FileArrived
    | PictureLate
    | ExposureEnded
    | LiveStopped
    | Trouble
    | BodyLost
)

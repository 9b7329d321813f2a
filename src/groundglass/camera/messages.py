"""All that crosses the pipe between the application and a camera's process: frozen values.

Requests go to the worker one at a time, each answered by one Reply or Failed. Everything else that the
worker sends comes by itself. Times are time.monotonic(), which all processes of a machine share. A long
list in one place, as both ends have to agree on all of it.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from groundglass.errors import CameraError, GroundglassError
from groundglass.model.camera import CameraInfo, Capability, LiveZoom, RemoteFile
from groundglass.model.setting import Setting, SettingId

# ---- to the worker


class FindCameras(Struct, frozen=True):
    """List the cameras on the bus. Replies with a tuple of CameraInfo."""


class Versions(Struct, frozen=True):
    """Ask which driver is at work. Replies with pairs of name and version."""


class Identify(Struct, frozen=True):
    """Ask the camera at an address who it is, and let it go. Replies with CameraInfo."""

    address: str


class Open(Struct, frozen=True):
    """Claim the camera at an address, and save what it has to report.

    Replies with Opened; with OtherBody if it has another serial number than the one that is meant.
    """

    address: str
    incoming: str | None = None
    serial: str = ""


class StoreIn(Struct, frozen=True):
    """Save what arrives into this folder; None: leave it on the camera. Replies with None.

    What the body has by now goes into the folder before, unless is_at_once.
    """

    incoming: str | None
    is_at_once: bool = False


class Set(Struct, frozen=True):
    """Set a setting to the camera's own text. Replies with the Setting that the camera kept."""

    setting_id: SettingId
    raw: str


class Release(Struct, frozen=True):
    """Fire the shutter. Replies with None as soon as the camera has released."""

    release_id: int
    with_autofocus: bool = True


class HoldButton(Struct, frozen=True):
    """Press the button and keep it down. Replies with None as soon as the camera has released.

    The first frame bears the number; further ones, of a continuous drive, come as if the body had fired.
    """

    release_id: int
    with_autofocus: bool = True


class LetGo(Struct, frozen=True):
    """Let the button go. Replies with None."""


class StartBulb(Struct, frozen=True):
    """Open the shutter. Replies with None."""

    release_id: int


class EndBulb(Struct, frozen=True):
    """Close the shutter. Replies with None."""


class Live(Struct, frozen=True):
    """Start or stop the live view. Replies with None; a camera that cannot do it fails."""

    is_on: bool


class DriveFocus(Struct, frozen=True):
    """Move the focus: -3 to -1 nearer, 1 to 3 farther. Replies with None."""

    step: int


class ListCard(Struct, frozen=True):
    """List what lies on the card. Replies with a tuple of RemoteFile.

    is_fresh: open the body anew for it, if it rests: the driver remembers a card's files for as long as it is
    open, and what it could not ask about once is missing there.
    """

    is_fresh: bool = False


class Fetch(Struct, frozen=True):
    """Save a file of the card into the incoming folder; it comes as FileArrived. Replies with None.

    incoming: the folder that it is meant for; fails with FetchStoppedError if there is another one now.
    """

    file: RemoteFile
    incoming: str


class Erase(Struct, frozen=True):
    """Delete a file from the card if it still is the one that was stored.

    Replies with True; with False if no file has that name any more. Fails with OtherCardFileError if
    anything differs, and nothing is deleted then.
    """

    file: RemoteFile  # as it was when it was stored
    serial: str  # of the body
    head_sha256: str  # of its first bytes
    head_bytes: int


class Autofocus(Struct, frozen=True):
    """Focus once. Replies with None."""


class FocusAt(Struct, frozen=True):
    """Put the focus point at x, y (0..1 of the frame), and focus there if wanted. Replies with None."""

    x: float
    y: float
    with_autofocus: bool = True


class ZoomLive(Struct, frozen=True):
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


class Ask(Struct, frozen=True):
    """A request with the number that its answer bears."""

    number: int
    request: Request


class Credit(Struct, frozen=True):
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


class Opened(Struct, frozen=True):
    """The camera is claimed and its settings were read."""

    info: CameraInfo
    capabilities: Capability
    settings: tuple[Setting, ...]
    live_zoom: LiveZoom | None = None


class OtherBody(Struct, frozen=True):
    """The camera at the address is another one, and was let go untouched."""

    info: CameraInfo


class Reply(Struct, frozen=True):
    number: int
    value: object


class Failed(Struct, frozen=True):
    number: int
    error: GroundglassError


class Doing(Struct, frozen=True):
    """The phase changed. No message for longer than `limit_s` means that the camera hangs."""

    phase: Phase
    limit_s: float
    exposure_s: float = 0.0


class Syncing(Struct, frozen=True):
    """A file is whole, and the disk is waited for; no message for longer than `limit_s` means a hang."""

    limit_s: float


class Alive(Struct, frozen=True):
    """Nothing happened, and all is well."""


class SettingsChanged(Struct, frozen=True):
    """These settings were read again."""

    settings: tuple[Setting, ...]


class ViewChanged(Struct, frozen=True):
    """Where the body focuses, or what its live picture shows, has changed."""

    focus_point: tuple[float, float] | None
    live_zoom: LiveZoom | None


class Frame(Struct, frozen=True):
    """A live frame; costs one credit."""

    number: int
    jpeg: bytes
    taken_at: float


class Progress(Struct, frozen=True):
    """A file is on its way."""

    name: str
    done_bytes: int
    size_bytes: int
    waiting: int | None = None  # files behind it in the camera; None: nobody knows


class FileArrived(Struct, frozen=True):
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


class PictureLate(Struct, frozen=True):
    """A release has given no picture yet; the camera answers, so it is still waited for."""

    release_id: int


class ExposureEnded(Struct, frozen=True):
    """All files of an exposure have arrived, as far as the camera says."""

    release_id: int | None
    error: GroundglassError | None = None  # the camera released, but no file came


class LiveStopped(Struct, frozen=True):
    """The camera ended the live view by itself."""

    error: CameraError


class Trouble(Struct, frozen=True):
    """Something failed that no request waits for; the camera goes on."""

    error: GroundglassError


class BodyLost(Struct, frozen=True):
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

"""What the studio announces to its clients. Every event is a frozen value."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from groundglass.errors import GroundglassError
from groundglass.model.camera import CameraStatus
from groundglass.model.review import Review
from groundglass.model.shot import Shot
from groundglass.session.backup import BackupStatus
from groundglass.studio.clearing import CardStatus


class StatusChanged(Struct, frozen=True):
    """The camera's state, settings or transfer changed."""

    status: CameraStatus


class ShotStored(Struct, frozen=True):
    """A file of a shot is safe on disk; the shot holds all of its files so far."""

    shot: Shot
    is_complete: bool
    trigger_to_stored_s: float | None = None  # None: released on the body
    has_lagged: bool = (
        False  # it joined a shot that was stored before the program, or the session, was opened
    )


class Problem(Struct, frozen=True):
    """Something went wrong that the photographer has to know, with a hint of what to do."""

    error: GroundglassError


class Supply(StrEnum):
    """What a shoot uses up."""

    BATTERY = "battery"
    CARD = "card"
    DISK = "disk"


class Warned(Struct, frozen=True):
    """Something runs out and will stop the shoot if nothing is done."""

    error: GroundglassError
    about: Supply | None = None  # None: nothing that is used up, so no SupplyChanged follows


class SupplyChanged(Struct, frozen=True):
    """What was warned of has another figure by now, and no worse level; without an error it is over."""

    about: Supply
    error: GroundglassError | None = None


class ProblemSolved(Struct, frozen=True):
    """The trouble that was told is over; a banner about it can go."""

    of_disk: bool = False  # the session's disk takes pictures again; else the camera is back


class BacklogChanged(Struct, frozen=True):
    """Pictures that were shot while the camera was away are being fetched; 0 left: all are here."""

    left: int
    total: int


class BackupChanged(Struct, frozen=True):
    """The second copy stands otherwise than before."""

    status: BackupStatus


class CardChanged(Struct, frozen=True):
    """A card's copy was deleted or has to stay, or what is to become of them was chosen anew."""

    status: CardStatus


class SessionOpened(Struct, frozen=True):
    """Another session is open now; its shots are in Studio.shots."""

    path: str


class NamesChanged(Struct, frozen=True):
    """The next shots get other names: another template, subject or counter."""


class ShotsReviewed(Struct, frozen=True):
    """Something else is said of these shots now, by us or in another program."""

    reviews: tuple[tuple[int, Review], ...]  # number, review


class ShotsTrashed(Struct, frozen=True):
    """These shots are in the session's trash now, and no more among its shots."""

    numbers: tuple[int, ...]


class ShotsRestored(Struct, frozen=True):
    """These shots are back from the trash."""

    shots: tuple[Shot, ...]


class TrashChanged(Struct, frozen=True):
    """So many shots lie in the trash."""

    count: int


Event = (
    StatusChanged
    | ShotStored
    | Problem
    | Warned
    | SupplyChanged
    | ProblemSolved
    | BacklogChanged
    | BackupChanged
    | CardChanged
    | SessionOpened
    | NamesChanged
    | ShotsReviewed
    | ShotsTrashed
    | ShotsRestored
    | TrashChanged
)
Listener = Callable[[Event], None]

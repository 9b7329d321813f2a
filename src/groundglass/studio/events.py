"""What the studio announces to its clients. Every event is a frozen value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from groundglass.errors import GroundglassError
from groundglass.model.camera import CameraStatus
from groundglass.model.review import Review
from groundglass.model.shot import Shot
from groundglass.session.backup import BackupStatus
from groundglass.studio.clearing import CardStatus


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The camera's state, settings or transfer changed."""

    status: CameraStatus


@dataclass(frozen=True, slots=True)
class ShotStored:
    """A file of a shot is safe on disk; the shot holds all of its files so far."""

    shot: Shot
    is_complete: bool
    trigger_to_stored_s: float | None = None  # None: released on the body
    has_lagged: bool = (
        False  # it joined a shot that was stored before the program, or the session, was opened
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """Something went wrong that the photographer has to know, with a hint of what to do."""

    error: GroundglassError


class Supply(StrEnum):
    """What a shoot uses up."""

    BATTERY = "battery"
    CARD = "card"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Warned:
    """Something runs out and will stop the shoot if nothing is done."""

    error: GroundglassError
    about: Supply | None = None  # None: nothing that is used up, so no SupplyChanged follows


@dataclass(frozen=True, slots=True)
class SupplyChanged:
    """What was warned of has another figure by now, and no worse level; without an error it is over."""

    about: Supply
    error: GroundglassError | None = None


@dataclass(frozen=True, slots=True)
class ProblemSolved:
    """The trouble that was told is over; a banner about it can go."""

    of_disk: bool = False  # the session's disk takes pictures again; else the camera is back


@dataclass(frozen=True, slots=True)
class BacklogChanged:
    """Pictures that were shot while the camera was away are being fetched; 0 left: all are here."""

    left: int
    total: int


@dataclass(frozen=True, slots=True)
class BackupChanged:
    """The second copy stands otherwise than before."""

    status: BackupStatus


@dataclass(frozen=True, slots=True)
class CardChanged:
    """A card's copy was deleted or has to stay, or what is to become of them was chosen anew."""

    status: CardStatus


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """Another session is open now; its shots are in Studio.shots."""

    path: str


@dataclass(frozen=True, slots=True)
class NamesChanged:
    """The next shots get other names: another template, subject or counter."""


@dataclass(frozen=True, slots=True)
class ShotsReviewed:
    """Something else is said of these shots now, by us or in another program."""

    reviews: tuple[tuple[int, Review], ...]  # number, review


@dataclass(frozen=True, slots=True)
class ShotsTrashed:
    """These shots are in the session's trash now, and no more among its shots."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShotsRestored:
    """These shots are back from the trash."""

    shots: tuple[Shot, ...]


@dataclass(frozen=True, slots=True)
class TrashChanged:
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

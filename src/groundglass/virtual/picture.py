"""What passes between the body and the picture makers: a view, a shot, a finished file."""

from __future__ import annotations

import datetime
import hashlib
from typing import Protocol

from msgspec import Struct

from groundglass.virtual.film import Recording
from groundglass.virtual.settings import Settings

LIVE_PHASES = 60  # the moving part of the scene comes round in so many live frames
STILL_PHASES = 12  # and shots find it in one of so many places


class View(Struct, frozen=True):
    """All that decides what the sensor sees, but for the moment."""

    settings: Settings
    focus_m: float


class Part(Struct, frozen=True):
    """What a magnified live picture shows, 0..1 of the frame."""

    left: float
    top: float
    size: float  # of the frame's width, and of its height

    @classmethod
    def around(cls, x: float, y: float, power: float) -> Part:
        """Return the part that is shown so many times larger; it stays within the frame."""
        size = 1.0 / power
        left, top = (min(1.0 - size, max(0.0, at - size / 2)) for at in (x, y))
        return cls(left, top, size)

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom in a picture of this size."""
        left, top = int(self.left * width), int(self.top * height)
        return left, top, left + max(1, int(self.size * width)), top + max(1, int(self.size * height))


class Shot(Struct, frozen=True):
    """One release of the shutter."""

    view: View
    number: int
    seconds: float  # the shutter was open; as printed on the dial, or measured for bulb
    taken: datetime.datetime
    serial: str

    @property
    def light(self) -> float:
        """Brightness against 1/60 s, f/5.6, ISO 100."""
        exposure = self.view.settings.exposure
        return exposure.light * (self.seconds if exposure.shutter.is_bulb else 1.0)

    @property
    def phase(self) -> int:
        """Where the moving part of the scene stands."""
        return self.number * 5 % STILL_PHASES


class Developed(Struct, frozen=True):
    """A finished file of one shot."""

    suffix: str  # JPG, DNG, or what a photo from a folder has
    recording: Recording
    thumbnail: bytes
    size: tuple[int, int]


class File(Struct):
    """A file that the camera has made, on the card or in its memory."""

    handle: int
    name: str
    folder: str
    shot: int
    format: int
    storage: int
    parent: int
    taken: str
    size_bytes: int
    developed: Developed | None  # None: deleted
    _sha256: str = ""

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes; found when first asked for."""
        developed = self.developed
        if not self._sha256 and developed is not None:
            self._sha256 = hashlib.sha256(developed.recording.read()).hexdigest()
        return self._sha256


class Maker(Protocol):
    """Makes the pictures of a body."""

    def live_frame(self, view: View, number: int, part: Part | None = None, /) -> bytes:
        """Return a JPEG of what the sensor sees in this live frame, all of it or a part."""
        ...

    def prepare(self, view: View, /) -> None:
        """Begin on the next shot, as long as nothing else is to do."""
        ...

    def develop(self, shot: Shot, /) -> tuple[Developed, ...]:
        """Return the files of a shot: the JPEG first, then the RAW."""
        ...

    def distance_at(self, x: float, y: float, /) -> float:
        """Return how far away lies what is seen at x, y (0..1), in metres."""
        ...

"""A shot: all files of one exposure, and the lens that the camera knows nothing of."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath

from msgspec import Struct

from groundglass.errors import UsageError


class FileRole(StrEnum):
    """What a file of a shot is."""

    JPEG = "jpeg"
    RAW = "raw"
    HEIF = "heif"
    MOVIE = "movie"
    OTHER = "other"

    @classmethod
    def of(cls, name: str) -> FileRole:
        """Tell the role from a file name's ending."""
        return ROLE_OF_ENDING.get(PurePath(name).suffix.lower(), cls.OTHER)


_RAW = ".dng .nef .nrw .cr2 .cr3 .crw .arw .sr2 .raf .orf .rw2 .pef .srw .iiq .3fr .fff .x3f .rwl .kdc .mrw"
ROLE_OF_ENDING = (
    dict.fromkeys(_RAW.split(), FileRole.RAW)
    | {".jpg": FileRole.JPEG, ".jpeg": FileRole.JPEG}
    | {".heif": FileRole.HEIF, ".heic": FileRole.HEIF, ".hif": FileRole.HEIF}
    | {".mov": FileRole.MOVIE, ".mp4": FileRole.MOVIE, ".avi": FileRole.MOVIE}
)


class FileChoice(StrEnum):
    """Which files of a shot are given away. HEIF, TIFF and movies are pictures for a client, as JPEG is."""

    ALL = "all"
    JPEG = "jpeg"
    RAW = "raw"

    def takes(self, role: FileRole) -> bool:
        return self is FileChoice.ALL or (role is FileRole.RAW) is (self is FileChoice.RAW)


class ShotFile(Struct, frozen=True):
    """One file of a shot, whole and verified in its session."""

    path: str  # relative to the session folder, with forward slashes
    role: FileRole
    size_bytes: int
    sha256: str
    original: str = ""  # the camera's own name
    card_path: str = ""  # where the camera's copy is; empty if it never was on a card


class Shot(Struct, frozen=True):
    """All files of one exposure, under one number."""

    number: int
    files: tuple[ShotFile, ...]
    taken_at: datetime  # with its time zone; the computer's clock at the release, else at arrival
    camera: str = ""  # the model
    serial: str = ""

    def file(self, role: FileRole) -> ShotFile | None:
        return next((one for one in self.files if one.role is role), None)


_NUMBER = r"\d+(?:[.,]\d+)?"
_MANUAL_LENS = re.compile(rf"(\S.*?)\s+({_NUMBER})\s*mm\s+(?:f\s*/?|1:)\s*({_NUMBER})", re.IGNORECASE)


class ManualLens(Struct, frozen=True):
    """A lens that tells the camera nothing, as the photographer describes it."""

    name: str
    focal_mm: float
    f_number: float

    @classmethod
    def parse(cls, text: str) -> ManualLens:
        """Read `Helios 44-2 58 mm f/2`, `Nokton 35mm F1.4`; raise UsageError for anything else."""
        found = _MANUAL_LENS.fullmatch(text.strip())
        numbers = [float(one.replace(",", ".")) for one in found.groups()[1:]] if found else [0.0]
        if found is None or not all(0 < one < 100_000 for one in numbers):
            raise UsageError(
                f"“{text}” is not a lens.",
                "Write its name, focal length and aperture, as Helios 44-2 58 mm f/2.",
            )
        return cls(found[1], numbers[0], numbers[1])

    @property
    def label(self) -> str:
        return f"{self.name} {self.focal_mm:g} mm f/{self.f_number:g}"

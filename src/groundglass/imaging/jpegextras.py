"""What a JPEG file carries beside its pixels: the orientation and the smaller pictures inside.

Read by hand from the first segments: no library, no state, any damage just means "not there".
Formats: EXIF 2.32 (TIFF directories in APP1), CIPA DC-007 (multi-picture format in APP2).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Segments before the picture: EXIF, XMP, profile, multi-picture index. Some bodies write many.
_HEAD_BYTES = 1 << 20

_ORIENTATION = 0x0112
_THUMBNAIL_AT, _THUMBNAIL_BYTES = 0x0201, 0x0202
_PICTURES = 0xB002


@dataclass(frozen=True, slots=True)
class JpegExtras:
    """The orientation, 1 to 8, and where the smaller pictures are: (offset, bytes), in file order."""

    orientation: int = 1
    previews: tuple[tuple[int, int], ...] = ()


def read_extras(head: bytes) -> JpegExtras:
    """Read the extras from the first bytes of a JPEG; whatever is damaged is left out."""
    orientation, previews = 1, []
    for marker, start, body in _segments(head):
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            first, second = _directories(body[6:])
            value = first.get(_ORIENTATION, 1)
            orientation = value if 1 <= value <= 8 else 1
            if second.get(_THUMBNAIL_AT) and second.get(_THUMBNAIL_BYTES):
                previews.append((start + 6 + second[_THUMBNAIL_AT], second[_THUMBNAIL_BYTES]))
        elif marker == 0xE2 and body.startswith(b"MPF\0"):
            previews += [(start + 4 + offset, size) for offset, size in _pictures(body[4:])]
    return JpegExtras(orientation, tuple(previews))


def largest_preview(path: Path) -> bytes | None:
    """Read the largest picture inside a JPEG file beside the picture itself; None without one.

    Raises OSError.
    """
    with path.open("rb") as file:
        extras = read_extras(file.read(_HEAD_BYTES))
        for offset, size in sorted(extras.previews, key=lambda one: one[1], reverse=True):
            file.seek(offset)
            data = file.read(size)
            if len(data) == size and data.startswith(b"\xff\xd8"):
                return data
    return None


def orientation_of(path: Path) -> int:
    """Read the EXIF orientation of a JPEG file, 1 to 8; 1 if there is none. Raises OSError."""
    with path.open("rb") as file:
        return read_extras(file.read(_HEAD_BYTES)).orientation


def _segments(head: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Give (marker, offset of the body in the file, body) of every segment before the pixels."""
    at = 2
    while at + 4 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker == 0xFF:  # filler
            at += 1
            continue
        if marker in (0xD9, 0xDA):
            return
        length = int.from_bytes(head[at + 2 : at + 4], "big")
        if length < 2:
            return
        yield marker, at + 4, head[at + 4 : at + 2 + length]
        at += 2 + length


def _directories(tiff: bytes) -> tuple[dict[int, int], dict[int, int]]:
    """Return the short and long values of the first two TIFF directories, by tag."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return {}, {}
    try:
        first, following = _directory(tiff, order, struct.unpack_from(order + "I", tiff, 4)[0])
    except struct.error:
        return {}, {}
    try:
        second = _directory(tiff, order, following)[0] if following else {}
    except struct.error:
        second = {}
    return first, second


def _directory(tiff: bytes, order: str, at: int) -> tuple[dict[int, int], int]:
    values = {}
    (count,) = struct.unpack_from(order + "H", tiff, at)
    for index in range(count):
        where = at + 2 + index * 12
        tag, kind, number = struct.unpack_from(order + "HHI", tiff, where)
        if kind == 3 and number == 1:
            values[tag] = struct.unpack_from(order + "H", tiff, where + 8)[0]
        elif kind in (4, 7):  # long; undefined: its offset
            values[tag] = struct.unpack_from(order + "I", tiff, where + 8)[0]
    try:
        (following,) = struct.unpack_from(order + "I", tiff, at + 2 + count * 12)
    except struct.error:
        following = 0
    return values, following


def _pictures(tiff: bytes) -> list[tuple[int, int]]:
    """Return offset from the TIFF header and size of each picture but the main one."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4], "<")
    at = _directories(tiff)[0].get(_PICTURES)
    if at is None:
        return []
    found: list[tuple[int, int]] = []
    while at + 16 <= len(tiff) and len(found) < 16:
        _kind, size, offset, _first, _second = struct.unpack_from(order + "IIIHH", tiff, at)
        if offset and size:
            found.append((offset, size))
        elif found or not size:  # the main picture comes first, with offset 0
            break
        at += 16
    return found

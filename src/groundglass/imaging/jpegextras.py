"""What a JPEG file carries beside its pixels: orientation, colour space and the smaller pictures inside.

Read by hand from the first segments: no library, no state, any damage just means "not there".
Formats: EXIF 2.32 (TIFF directories in APP1), CIPA DC-007 (multi-picture format in APP2), ICC.1 annex B
(profiles in APP2), DCF 2.0 (R03 in the interoperability directory means Adobe RGB).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

# Segments before the picture: EXIF, XMP, profile, multi-picture index. Some bodies write many.
_HEAD_BYTES = 1 << 20

_ORIENTATION = 0x0112
_THUMBNAIL_AT, _THUMBNAIL_BYTES = 0x0201, 0x0202
_PICTURES = 0xB002
_EXIF_AT, _COLOR_SPACE, _INTEROPERABILITY_AT = 0x8769, 0xA001, 0xA005
_INTEROPERABILITY = 0x0001
_R03 = int.from_bytes(b"R03\0", "big")


class JpegExtras(Struct, frozen=True):
    """The orientation, 1 to 8, and where the smaller pictures are: (offset, bytes), in file order."""

    orientation: int = 1
    previews: tuple[tuple[int, int], ...] = ()
    icc: bytes = b""  # the embedded profile; empty if there is none, or not all of it
    is_srgb: bool = False  # EXIF says so
    is_adobe_rgb: bool = False  # EXIF says so


def read_extras(head: bytes) -> JpegExtras:
    """Read the extras from the first bytes of a JPEG; whatever is damaged is left out."""
    orientation, previews = 1, []
    is_srgb = is_adobe_rgb = False
    profile: dict[int, bytes] = {}
    profile_parts = 0
    for marker, start, body in _segments(head):
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            first, second = _directories(body[6:])
            value = first.get(_ORIENTATION, 1)
            orientation = value if 1 <= value <= 8 else 1
            is_srgb, is_adobe_rgb = _color_space(body[6:], first)
            if second.get(_THUMBNAIL_AT) and second.get(_THUMBNAIL_BYTES):
                previews.append((start + 6 + second[_THUMBNAIL_AT], second[_THUMBNAIL_BYTES]))
        elif marker == 0xE2 and body.startswith(b"MPF\0"):
            previews += [(start + 4 + offset, size) for offset, size in _pictures(body[4:])]
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0") and len(body) > 14:
            profile[body[12]] = body[14:]
            profile_parts = body[13]
    is_whole = sorted(profile) == list(range(1, profile_parts + 1))
    icc = b"".join(profile[part] for part in sorted(profile)) if is_whole else b""
    return JpegExtras(orientation, tuple(previews), icc, is_srgb, is_adobe_rgb)


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


def without_profile(data: bytes) -> bytes:
    """Return a JPEG without its colour profile, for a decoder that stumbles over a damaged one."""
    kept, at = [], 0
    for marker, start, body in _segments(data):
        if marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
            kept.append(data[at : start - 4])
            at = start + len(body)
    return b"".join((*kept, data[at:]))


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


def _color_space(tiff: bytes, first: dict[int, int]) -> tuple[bool, bool]:
    """Tell whether EXIF names sRGB, and whether Adobe RGB."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or _EXIF_AT not in first:
        return False, False
    try:
        exif = _directory(tiff, order, first[_EXIF_AT])[0]
    except struct.error:
        return False, False
    try:
        at = exif.get(_INTEROPERABILITY_AT)
        index = _directory(tiff, order, at)[0].get(_INTEROPERABILITY) if at else None
    except struct.error:
        index = None
    # 2 is not in the standard, but some bodies write it. 65535 alone says only: not sRGB.
    space = exif.get(_COLOR_SPACE)
    return space == 1, space == 2 or (index == _R03 and space != 1)


def _directory(tiff: bytes, order: str, at: int) -> tuple[dict[int, int], int]:
    values = {}
    (count,) = struct.unpack_from(order + "H", tiff, at)
    for index in range(count):
        where = at + 2 + index * 12
        tag, kind, number = struct.unpack_from(order + "HHI", tiff, where)
        if kind == 3 and number == 1:
            values[tag] = struct.unpack_from(order + "H", tiff, where + 8)[0]
        elif kind == 2 and number <= 4:  # a text so short that it stands here
            values[tag] = int.from_bytes(tiff[where + 8 : where + 8 + number].ljust(4, b"\0"), "big")
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

"""Writes TIFF structures, which EXIF and DNG are made of; little endian."""

from __future__ import annotations

import enum
import struct
from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct


class Kind(enum.IntEnum):
    """How the values of a tag are coded."""

    BYTE = 1
    ASCII = 2
    SHORT = 3
    LONG = 4
    RATIONAL = 5
    UNDEFINED = 7
    SIGNED_RATIONAL = 10


class Tag(Struct, frozen=True):
    """A coded value."""

    kind: Kind
    count: int
    body: bytes


class Block(Struct, frozen=True):
    """Bytes that a tag points at, such as a small JPEG."""

    data: bytes


class Tail(Struct, frozen=True):
    """Points at what follows the structure."""


Directory = Mapping[int, object]  # Tag, Block, Tail, or a directory below


def text(value: str) -> Tag:
    """Code a text."""
    body = value.encode("ascii", "replace") + b"\0"
    return Tag(Kind.ASCII, len(body), body)


def short(*values: int) -> Tag:
    """Code 16-bit numbers."""
    return Tag(Kind.SHORT, len(values), struct.pack(f"<{len(values)}H", *values))


def long(*values: int) -> Tag:
    """Code 32-bit numbers."""
    return Tag(Kind.LONG, len(values), struct.pack(f"<{len(values)}I", *values))


def octets(values: bytes, kind: Kind = Kind.UNDEFINED) -> Tag:
    """Code bytes."""
    return Tag(kind, len(values), values)


def rational(*values: float | Fraction) -> Tag:
    """Code fractions; negative ones too."""
    fractions = [Fraction(value).limit_denominator(100_000) for value in values]
    is_signed = any(fraction < 0 for fraction in fractions)
    numbers = [number for fraction in fractions for number in fraction.as_integer_ratio()]
    kind = Kind.SIGNED_RATIONAL if is_signed else Kind.RATIONAL
    return Tag(kind, len(fractions), struct.pack(f"<{len(numbers)}{'i' if is_signed else 'I'}", *numbers))


def signed_rational(*values: float | Fraction) -> Tag:
    """Code fractions as signed ones."""
    tag = rational(*values)
    return Tag(Kind.SIGNED_RATIONAL, tag.count, tag.body)


def write(directories: Sequence[Directory]) -> bytes:
    """Write a TIFF file: a chain of directories, each with what hangs below it."""
    length = len(_write(directories, 0))
    return _write(directories, length)


def _write(directories: Sequence[Directory], tail: int) -> bytes:
    out = bytearray(struct.pack("<2sHI", b"II", 42, 8))
    for place, directory in enumerate(directories):
        link = _write_directory(out, directory, tail)
        if place + 1 < len(directories):
            struct.pack_into("<I", out, link, len(out))
    return bytes(out)


def _write_directory(out: bytearray, directory: Directory, tail: int) -> int:
    """Append a directory and what hangs below it; returns where the offset of the next one belongs."""
    start = len(out)
    size = 2 + 12 * len(directory) + 4
    out += bytes(size)
    struct.pack_into("<H", out, start, len(directory))
    for place, (number, value) in enumerate(sorted(directory.items())):
        tag = _placed(out, value, tail)
        body = tag.body
        if len(body) > 4:
            offset = _append(out, body)
            body = struct.pack("<I", offset)
        struct.pack_into(
            "<HHI4s", out, start + 2 + 12 * place, number, tag.kind, tag.count, body.ljust(4, b"\0")
        )
    return start + size - 4


def _placed(out: bytearray, value: object, tail: int) -> Tag:
    if isinstance(value, Tag):
        return value
    if isinstance(value, Tail):
        return long(tail)
    if isinstance(value, Block):
        return long(_append(out, value.data))
    assert isinstance(value, Mapping)
    offset = len(out)
    _write_directory(out, value, tail)
    return long(offset)


def _append(out: bytearray, data: bytes) -> int:
    offset = len(out)
    out += data + b"\0" * (len(data) % 2)
    return offset

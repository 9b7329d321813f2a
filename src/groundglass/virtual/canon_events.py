"""The records of a Canon EOS's event stream: {u32 length, u32 code, body}, closed by {8, 0}."""

from __future__ import annotations

import enum
import struct
from collections.abc import Sequence

from groundglass.virtual.picture import File
from groundglass.virtual.ptp import Format

# A record that ends with the block is dropped by libgphoto2: the terminator has to follow it.
TERMINATOR = struct.pack("<II", 8, 0)

OLC_VERSION = 0x0B  # how long each of the records of a C1A5 is; both libgphoto2 2.5.30 and .34 know this one
FOCUS_IDLE, FOCUS_UNDER_WAY, FOCUS_FOUND, FOCUS_MISSED = 0x0000, 0x0001, 0x0101, 0x0200
_BUTTON_MASK, _FOCUS_MASK = 0x0001, 0x0100
_LIST_OF_NUMBERS = 3


class Record(enum.IntEnum):
    """What a record tells."""

    OBJECT_ADDED = 0xC181
    OBJECT_REMOVED = 0xC182
    STORAGE_STATUS = 0xC184
    OBJECT_TRANSFER = 0xC186
    PROPERTY_VALUE = 0xC189
    PROPERTY_LIST = 0xC18A
    CAMERA_STATUS = 0xC18B
    OLC = 0xC1A5


def record(code: int, body: bytes) -> bytes:
    """Frame one record."""
    return struct.pack("<II", 8 + len(body), code) + body


def numbers(code: int, *values: int) -> bytes:
    """Frame a record of numbers."""
    return record(code, struct.pack(f"<{len(values)}I", *values))


def property_value(code: int, value: bytes) -> bytes:
    """Tell a property's value."""
    return record(Record.PROPERTY_VALUE, struct.pack("<I", code) + value)


def property_list(code: int, values: Sequence[bytes]) -> bytes:
    """Tell which values a property can take."""
    head = struct.pack("<III", code, _LIST_OF_NUMBERS, len(values))
    return record(Record.PROPERTY_LIST, head + b"".join(values))


def text(value: str) -> bytes:
    """Code a text: ASCII with a closing zero, in whole words."""
    plain = value.encode("ascii", "replace") + b"\0"
    return plain + bytes(-len(plain) % 4)


def button(pressed: int) -> bytes:
    """Tell how far the shutter button is pressed."""
    return _olc(_BUTTON_MASK, struct.pack("<H", pressed))


def focus(state: int) -> bytes:
    """Tell how the autofocus fares."""
    return _olc(_FOCUS_MASK, bytes(4) + struct.pack(">H", state))


def _olc(mask: int, body: bytes) -> bytes:
    return record(Record.OLC, struct.pack("<IHH", 8 + len(body), mask, 0) + body)


def object_added(file: File) -> bytes:
    """Tell of a file on the card."""
    place = (file.handle, file.storage, file.format, 0, 0, 0x20, file.size_bytes, file.parent, 0)
    return record(Record.OBJECT_ADDED, struct.pack("<IIHHIIIII", *place) + text(file.name))


def object_transfer(file: File) -> bytes:
    """Ask the computer to fetch a file from the body's memory."""
    body = struct.pack("<IHHIII", file.handle, _format(file), 0, 0, file.size_bytes, 0)
    return record(Record.OBJECT_TRANSFER, body + text(file.name))


def _format(file: File) -> int:
    """Return what libgphoto2 takes a file from RAM for: it calls all that is no RAW .jpg."""
    return file.format if file.format == Format.JPEG else Format.CR3

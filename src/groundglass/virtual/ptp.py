"""Words of the Picture Transfer Protocol: codes, values and datasets.

Numbers are little endian. A string is a count of UTF-16 units, the closing zero included, then the units;
an array is a 32-bit count, then its items. Half of this long module is the tables of codes.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterable

from msgspec import Struct

Value = int | str


class Type(enum.IntEnum):
    """How a property's value is coded."""

    INT8 = 0x0001
    UINT8 = 0x0002
    INT16 = 0x0003
    UINT16 = 0x0004
    INT32 = 0x0005
    UINT32 = 0x0006
    UINT64 = 0x0008
    STRING = 0xFFFF


class Response(enum.IntEnum):
    """How an operation ended."""

    OK = 0x2001
    GENERAL_ERROR = 0x2002
    SESSION_NOT_OPEN = 0x2003
    OPERATION_NOT_SUPPORTED = 0x2005
    PARAMETER_NOT_SUPPORTED = 0x2006
    INVALID_STORAGE = 0x2008
    INVALID_OBJECT = 0x2009
    PROPERTY_NOT_SUPPORTED = 0x200A
    STORE_FULL = 0x200C
    ACCESS_DENIED = 0x200F
    NO_THUMBNAIL = 0x2010
    STORE_NOT_AVAILABLE = 0x2013
    DEVICE_BUSY = 0x2019
    INVALID_PROPERTY_FORMAT = 0x201B
    INVALID_VALUE = 0x201C
    INVALID_PARAMETER = 0x201D
    SESSION_ALREADY_OPEN = 0x201E
    NIKON_HARDWARE_ERROR = 0xA001
    NIKON_OUT_OF_FOCUS = 0xA002
    NIKON_INVALID_STATUS = 0xA004
    NIKON_NOT_LIVE_VIEW = 0xA00B
    NIKON_FOCUS_END_STOP = 0xA00C
    NIKON_BULB_RELEASE_BUSY = 0xA200
    EOS_NOT_READY = 0xA102


class Event(enum.IntEnum):
    """What a camera reports by itself."""

    OBJECT_ADDED = 0x4002
    OBJECT_REMOVED = 0x4003
    PROPERTY_CHANGED = 0x4006
    STORE_FULL = 0x400A
    CAPTURE_COMPLETE = 0x400D
    NIKON_OBJECT_ADDED_IN_RAM = 0xC101
    NIKON_CAPTURE_COMPLETE_IN_RAM = 0xC102
    SONY_OBJECT_ADDED = 0xC201
    SONY_PROPERTY_CHANGED = 0xC203
    SONY_CAPTURED = 0xC206


class Format(enum.IntEnum):
    """What an object holds."""

    UNDEFINED = 0x3000
    FOLDER = 0x3001
    JPEG = 0x3801
    DNG = 0x3811
    ARW = 0xB101
    RAF = 0xB103
    CR3 = 0xB108


OPERATIONS = {
    "GetDeviceInfo": 0x1001,
    "OpenSession": 0x1002,
    "CloseSession": 0x1003,
    "GetStorageIDs": 0x1004,
    "GetStorageInfo": 0x1005,
    "GetNumObjects": 0x1006,
    "GetObjectHandles": 0x1007,
    "GetObjectInfo": 0x1008,
    "GetObject": 0x1009,
    "GetThumb": 0x100A,
    "DeleteObject": 0x100B,
    "InitiateCapture": 0x100E,
    "TerminateOpenCapture": 0x1018,
    "InitiateOpenCapture": 0x101C,
    "GetDevicePropDesc": 0x1014,
    "GetDevicePropValue": 0x1015,
    "SetDevicePropValue": 0x1016,
    "GetPartialObject": 0x101B,
    "NikonCaptureToRam": 0x90C0,
    "NikonAfDrive": 0x90C1,
    "NikonChangeCameraMode": 0x90C2,
    "NikonGetEvent": 0x90C7,
    "NikonDeviceReady": 0x90C8,
    "NikonGetVendorPropCodes": 0x90CA,
    "NikonAfCaptureToRam": 0x90CB,
    "NikonStartLiveView": 0x9201,
    "NikonEndLiveView": 0x9202,
    "NikonGetLiveViewImage": 0x9203,
    "NikonMfDrive": 0x9204,
    "NikonChangeAfArea": 0x9205,
    "NikonAfDriveCancel": 0x9206,
    "NikonCapture": 0x9207,
    "NikonTerminateCapture": 0x920C,
    "EosGetStorageIDs": 0x9101,
    "EosGetStorageInfo": 0x9102,
    "EosGetDeviceInfoEx": 0x9108,
    "EosSetDevicePropValueEx": 0x9110,
    "EosSetRemoteMode": 0x9114,
    "EosSetEventMode": 0x9115,
    "EosGetEvent": 0x9116,
    "EosTransferComplete": 0x9117,
    "EosPCHDDCapacity": 0x911A,
    "EosSetUILock": 0x911B,
    "EosResetUILock": 0x911C,
    "EosKeepDeviceOn": 0x911D,
    "EosRequestDevicePropValue": 0x9127,
    "EosRemoteReleaseOn": 0x9128,
    "EosRemoteReleaseOff": 0x9129,
    "EosSetRequestOLCInfoGroup": 0x913D,
    "EosInitiateViewfinder": 0x9151,
    "EosTerminateViewfinder": 0x9152,
    "EosGetViewFinderData": 0x9153,
    "EosDoAf": 0x9154,
    "EosDriveLens": 0x9155,
    "EosZoom": 0x9158,
    "EosZoomPosition": 0x9159,
    "EosAfCancel": 0x9160,
    "SonyConnect": 0x9201,
    "SonyGetExtDeviceInfo": 0x9202,
    "SonySetProperty": 0x9205,
    "SonyControl": 0x9207,
    "SonyGetAllProperties": 0x9209,
}
# Makers use the same codes for different things; here the first one in the table lends its name.
OPERATION_NAMES = {code: name for name, code in reversed(OPERATIONS.items())}

_FORMATS = {
    Type.INT8: "<b",
    Type.UINT8: "<B",
    Type.INT16: "<h",
    Type.UINT16: "<H",
    Type.INT32: "<i",
    Type.UINT32: "<I",
    Type.UINT64: "<Q",
}


def operation_name(code: int) -> str:
    """Name an operation as the control port and the log do."""
    return OPERATION_NAMES.get(code, f"0x{code:04x}")


def operation_code(name: str) -> int:
    """Find an operation by its name or by its number in hexadecimal; ValueError if there is none."""
    code = OPERATIONS.get(name)
    return int(name, 16) if code is None else code


def response_code(name: str) -> int:
    """Find a response by its name or by its number in hexadecimal; ValueError if there is none."""
    wanted = name.replace(" ", "_").upper()
    if wanted in Response.__members__:
        return int(Response[wanted])
    return int(name, 16)


def pack_string(text: str) -> bytes:
    """Code a string; at most 254 UTF-16 units."""
    if not text:
        return b"\0"
    units = text.encode("utf-16-le")[: 254 * 2]
    return bytes([len(units) // 2 + 1]) + units + b"\0\0"


def pack_array(values: Iterable[int], item: str = "<H") -> bytes:
    """Code an array of numbers; item is the struct format of one of them."""
    items = list(values)
    return struct.pack("<I", len(items)) + b"".join(struct.pack(item, value) for value in items)


def pack_value(kind: Type, value: Value) -> bytes:
    """Code one value."""
    if isinstance(value, str):
        return pack_string(value)
    return struct.pack(_FORMATS[kind], value)


def unpack_value(kind: Type, body: bytes) -> Value:
    """Read one value; ValueError if the bytes are not one."""
    try:
        if kind is Type.STRING:
            return body[1 : 1 + 2 * body[0]].decode("utf-16-le").rstrip("\0")
        (number,) = struct.unpack_from(_FORMATS[kind], body)
    except (struct.error, IndexError, UnicodeDecodeError) as err:
        raise ValueError(f"{len(body)} bytes are no {kind.name}") from err
    return int(number)


class Property(Struct, frozen=True):
    """A camera setting as the protocol describes it: choices, or a range, or neither."""

    code: int
    kind: Type
    current: Value
    writable: bool = True
    choices: tuple[Value, ...] = ()
    limits: tuple[int, int, int] | None = None  # smallest, largest, step
    default: Value | None = None

    def accepts(self, value: Value) -> bool:
        """Say whether the camera knows this value."""
        if self.choices:
            return value in self.choices
        if self.limits is not None and isinstance(value, int):
            low, high, step = self.limits
            return low <= value <= high and (value - low) % step == 0
        return True

    def pack(self) -> bytes:
        """Code the DevicePropDesc dataset."""
        default = self.current if self.default is None else self.default
        out = struct.pack("<HHB", self.code, self.kind, int(self.writable))
        out += pack_value(self.kind, default) + pack_value(self.kind, self.current)
        if self.limits is not None:
            return out + b"\1" + b"".join(pack_value(self.kind, limit) for limit in self.limits)
        if self.choices:
            values = b"".join(pack_value(self.kind, choice) for choice in self.choices)
            return out + b"\2" + struct.pack("<H", len(self.choices)) + values
        return out + b"\0"


class ObjectInfo(Struct, frozen=True):
    """A file or folder as the protocol describes it."""

    storage: int
    format: int
    size_bytes: int
    name: str
    parent: int
    taken: str = ""  # YYYYMMDDThhmmss
    thumbnail_bytes: int = 0
    thumbnail_size: tuple[int, int] = (0, 0)
    picture_size: tuple[int, int] = (0, 0)

    def pack(self) -> bytes:
        """Code the ObjectInfo dataset."""
        thumbnail_format = Format.JPEG if self.thumbnail_bytes else 0
        return (
            struct.pack("<IHHI", self.storage, self.format, 0, min(self.size_bytes, 0xFFFFFFFF))
            + struct.pack("<HIII", thumbnail_format, self.thumbnail_bytes, *self.thumbnail_size)
            + struct.pack("<IIII", *self.picture_size, 24, self.parent)
            + struct.pack("<HII", int(self.format == Format.FOLDER), 0, 0)
            + b"".join(map(pack_string, (self.name, self.taken, self.taken, "")))
        )


class DeviceInfo(Struct, frozen=True):
    """Who a camera is and what it can do."""

    vendor: int
    manufacturer: str
    model: str
    version: str
    serial: str
    operations: tuple[int, ...]
    events: tuple[int, ...]
    properties: tuple[int, ...]
    vendor_description: str = ""

    def pack(self) -> bytes:
        """Code the DeviceInfo dataset."""
        formats = [Format.JPEG, Format.DNG]
        return (
            struct.pack("<HIH", 100, self.vendor, 100)
            + pack_string(self.vendor_description)
            + struct.pack("<H", 0)
            + b"".join(map(pack_array, (self.operations, self.events, self.properties)))
            + pack_array(formats)
            + pack_array([*formats, Format.FOLDER])
            + b"".join(map(pack_string, (self.manufacturer, self.model, self.version, self.serial)))
        )


class Reply(Struct, frozen=True):
    """How the camera answers an operation: a response, perhaps data, perhaps numbers."""

    response: int = Response.OK
    data: bytes | None = None
    params: tuple[int, ...] = ()

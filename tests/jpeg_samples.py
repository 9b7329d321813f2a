"""Small JPEGs made on the spot."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

# 24x16 with colour sampled 3x1, which no camera should write and TurboJPEG does not read.
RARE_SAMPLING = zlib.decompress(
    base64.b85decode(
        "c-s4a<NpH&0WUXCHwH#V1_nkTWcYuZ!I^=VlZ%^+gO{6&n~#r|Usyp@SV%}%T}Dn^K~K}rKu=Rw$Jolt&e+V&Tu0X-"
        "+|kX)FDN+3$Sx`|Dj>ltFvuTd2qPaKpRk~?ny9Fnzp1XNKgr<#0R}-11_1^MW=2B>CP7AKLB{__7{q{11v(QMu&{x|1u"
        "(>g6M^EQ7{Y8!AmxG>;v$LvZ!z#NGXm{m7G$tzI1}xind>8woy9GtlgY*z_5UUS0Khqj"
    )
)

# As one maker keeps it in a group of its own: 5200 K.
MAKER_KELVIN = {"Exif.Image.Make": "Canon", "Exif.CanonPr.ColorTemperature": "5200"}


def scene(width: int = 320, height: int = 200, seed: int = 1) -> np.ndarray:
    """Return soft colours, BGR: they survive JPEG well."""
    small = np.random.default_rng(seed).integers(0, 256, (5, 8, 3), dtype=np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def jpeg(image: np.ndarray | None = None, mode: str = "RGB", **options: Any) -> bytes:
    pixels = scene() if image is None else image
    out = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(pixels[..., ::-1])).convert(mode)
    picture.save(out, "JPEG", **{"quality": 95, **options})
    return out.getvalue()


def with_extras(data: bytes, orientation: int = 1, thumbnail: bytes = b"", order: str = "<") -> bytes:
    """Put an EXIF segment with an orientation, and perhaps a thumbnail, into a JPEG."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    first = struct.pack(order + "H", 1) + struct.pack(order + "HHIHH", 0x112, 3, 1, orientation, 0)
    second_at = 8 + len(first) + 4
    second = struct.pack(order + "H", 2)
    second += struct.pack(order + "HHII", 0x201, 4, 1, second_at + 2 + 24 + 4)
    second += struct.pack(order + "HHII", 0x202, 4, 1, len(thumbnail)) + struct.pack(order + "I", 0)
    tiff = mark + struct.pack(order + "I", 8) + first
    tiff += struct.pack(order + "I", second_at if thumbnail else 0) + (
        second + thumbnail if thumbnail else b""
    )
    body = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def with_preview(data: bytes, preview: bytes) -> bytes:
    """Put a second picture behind a JPEG and its index into an MPF segment, as cameras do."""
    head = data[:2]
    tiff_at = len(head) + 4 + 4
    body_bytes = 4 + 8 + 2 + 12 + 4 + 32
    main = len(data) + 4 + body_bytes
    tiff = (
        b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0xB002, 7, 32, 26) + struct.pack("<I", 0)
    )
    tiff += struct.pack("<IIIHH", 0x030000, main, 0, 0, 0)
    tiff += struct.pack("<IIIHH", 0x010002, len(preview), main - tiff_at, 0, 0)
    segment = b"\xff\xe2" + struct.pack(">H", body_bytes + 2) + b"MPF\0" + tiff
    return head + segment + data[2:] + preview


def with_tags(data: bytes, scratch: Path, tags: dict[str, str]) -> bytes:
    """Write EXIF tags into a picture by their exiv2 names, a maker's own after the maker's name."""
    import exiv2  # benchmarks that need none take their samples here too

    path = scratch / "with_tags"
    path.write_bytes(data)
    image = exiv2.ImageFactory.open(str(path))
    image.readMetadata()
    for name, value in tags.items():
        image.exifData()[name] = value
    image.writeMetadata()
    return path.read_bytes()

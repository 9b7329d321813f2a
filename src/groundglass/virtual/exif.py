"""What a shot's files say of it: EXIF, the JPEG around it, and the DNG."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from groundglass.virtual import sensor, tiff
from groundglass.virtual.lens import FOCAL_MM
from groundglass.virtual.picture import Shot
from groundglass.virtual.settings import SCENE_KELVIN

MAKE = "NIKON CORPORATION"
MODEL = "NIKON Z Virtual"
LENS = "NIKKOR Z 50mm f/1.8 S"
_PROGRAMS = {"M": 1, "P": 2, "A": 3, "S": 4}
_METERINGS = {"center": 2, "spot": 3, "matrix": 5}
_LARGE_PREVIEW = 0x00010002  # multi-picture format: large thumbnail, full HD
_PRIMARY = 0x20030000
_XYZ_OF_SRGB = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


def _names(shot: Shot) -> dict[int, object]:
    return {
        271: tiff.text(MAKE),
        272: tiff.text(MODEL),
        274: tiff.short(1),
        282: tiff.rational(300),
        283: tiff.rational(300),
        296: tiff.short(2),
        305: tiff.text("Groundglass virtual camera"),
        306: tiff.text(f"{shot.taken:%Y:%m:%d %H:%M:%S}"),
    }


def _exif(shot: Shot, size: tuple[int, int]) -> dict[int, object]:
    settings = shot.view.settings
    shutter = settings.shutter
    if shutter.is_bulb:
        seconds = max(Fraction(shot.seconds).limit_denominator(1000), Fraction(1, 1000))
    else:
        seconds = Fraction(shutter.numerator, shutter.denominator)
    offset = f"{shot.taken:%z}"
    zone = tiff.text(f"{offset[:3]}:{offset[3:5]}")
    moment = tiff.text(f"{shot.taken:%Y:%m:%d %H:%M:%S}")
    fraction = tiff.text(f"{shot.taken.microsecond // 10_000:02d}")
    unique = hashlib.md5(
        f"{shot.serial} {shot.number} {shot.taken.isoformat()}".encode(), usedforsecurity=False
    )
    widest = Fraction(18, 10)
    return {
        33434: tiff.rational(seconds),
        33437: tiff.rational(Fraction(str(settings.aperture.f_number))),
        34850: tiff.short(_PROGRAMS[settings.exposure_mode]),
        34855: tiff.short(settings.iso.number),
        34864: tiff.short(2),
        34866: tiff.long(settings.iso.number),
        36864: tiff.octets(b"0231"),
        36867: moment,
        36868: moment,
        36880: zone,
        36881: zone,
        36882: zone,
        37121: tiff.octets(b"\1\2\3\0"),
        37380: tiff.signed_rational(Fraction(settings.exposure_compensation, 3)),
        37381: tiff.rational(Fraction(17, 10)),
        37382: tiff.rational(Fraction(shot.view.focus_m).limit_denominator(1000)),
        37383: tiff.short(_METERINGS[settings.metering]),
        37385: tiff.short(0x10),
        37386: tiff.rational(Fraction(FOCAL_MM)),
        37520: fraction,
        37521: fraction,
        37522: fraction,
        40960: tiff.octets(b"0100"),
        40961: tiff.short(1),
        40962: tiff.long(size[0]),
        40963: tiff.long(size[1]),
        41495: tiff.short(2),
        41986: tiff.short(int(settings.exposure_mode == "M")),
        41987: tiff.short(int(settings.white_balance != "auto")),
        41989: tiff.short(round(FOCAL_MM)),
        42016: tiff.text(unique.hexdigest()),
        42033: tiff.text(shot.serial.lstrip("0")),
        42034: tiff.rational(Fraction(FOCAL_MM), Fraction(FOCAL_MM), widest, widest),
        42035: tiff.text("NIKON"),
        42036: tiff.text(LENS),
    }


def jpeg_file(
    shot: Shot, size: tuple[int, int], thumbnail: bytes, preview: bytes, frame: bytes, scan_bytes: int
) -> tuple[bytes, bytes]:
    """Return what stands before and after the coded picture.

    frame: the JPEG's own segments from the quantisation tables to the start of the scan, the latter included.
    scan_bytes: how long the coded picture is, up to but without the end marker.
    """
    main = {**_names(shot), 531: tiff.short(2), 34665: _exif(shot, size)}
    small = {259: tiff.short(6), 513: tiff.Block(thumbnail), 514: tiff.long(len(thumbnail))}
    head = b"\xff\xd8" + _segment(0xE1, b"Exif\0\0" + tiff.write([main, small]))
    index_at = len(head) + 4 + 4  # of the index's own header: after marker, length and "MPF\0"
    empty = _segment(0xE2, b"MPF\0" + _multi_picture(0, 0, 0))
    first_bytes = len(head) + len(empty) + len(frame) + scan_bytes + 2
    index = _segment(0xE2, b"MPF\0" + _multi_picture(first_bytes, len(preview), first_bytes - index_at))
    return head + index + frame, b"\xff\xd9" + preview


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _multi_picture(first_bytes: int, preview_bytes: int, preview_at: int) -> bytes:
    entries = struct.pack("<IIIHH", _PRIMARY, first_bytes, 0, 0, 0)
    entries += struct.pack("<IIIHH", _LARGE_PREVIEW, preview_bytes, preview_at, 0, 0)
    return tiff.write([{0xB000: tiff.octets(b"0100"), 0xB001: tiff.long(2), 0xB002: tiff.octets(entries)}])


def dng_header(shot: Shot, size: tuple[int, int], preview: bytes, preview_size: tuple[int, int]) -> bytes:
    """Return a DNG up to the raw values, which follow: 16-bit numbers, red-green over green-blue."""
    width, height = size
    gains = sensor.white_gains(shot.view.settings.kelvin)
    neutral = [s / g for s, g in zip(sensor.SENSITIVITY, gains, strict=True)]
    # In the scene's light the sensor sees white as its sensitivities.
    color = sensor.light_color(SCENE_KELVIN)
    seen = [s / c for s, c in zip(sensor.SENSITIVITY, color, strict=True)]
    matrix = np.diag(seen) @ np.linalg.inv(np.array(_XYZ_OF_SRGB))
    raw: dict[int, object] = {
        254: tiff.long(0),
        256: tiff.long(width),
        257: tiff.long(height),
        258: tiff.short(16),
        259: tiff.short(1),
        262: tiff.short(32803),
        273: tiff.Tail(),
        277: tiff.short(1),
        278: tiff.long(height),
        279: tiff.long(width * height * 2),
        284: tiff.short(1),
        33421: tiff.short(2, 2),
        33422: tiff.octets(b"\0\1\1\2", tiff.Kind.BYTE),
        50711: tiff.short(1),
        50713: tiff.short(2, 2),
        50714: tiff.short(*[sensor.BLACK] * 4),
        50717: tiff.long(sensor.WHITE),
        50719: tiff.long(0, 0),
        50720: tiff.long(width, height),
    }
    main = {
        **_names(shot),
        254: tiff.long(1),
        256: tiff.long(preview_size[0]),
        257: tiff.long(preview_size[1]),
        258: tiff.short(8, 8, 8),
        259: tiff.short(7),
        262: tiff.short(6),
        273: tiff.Block(preview),
        277: tiff.short(3),
        278: tiff.long(preview_size[1]),
        279: tiff.long(len(preview)),
        284: tiff.short(1),
        330: raw,
        530: tiff.short(2, 2),
        34665: _exif(shot, size),
        50706: tiff.octets(b"\1\4\0\0", tiff.Kind.BYTE),
        50707: tiff.octets(b"\1\1\0\0", tiff.Kind.BYTE),
        50708: tiff.text(MODEL),
        50721: _matrix(matrix.ravel().tolist()),
        50728: tiff.rational(*neutral),
        50730: tiff.signed_rational(Fraction(3, 2)),
        50735: tiff.text(shot.serial.lstrip("0")),
        50736: tiff.rational(Fraction(FOCAL_MM), Fraction(FOCAL_MM), Fraction(18, 10), Fraction(18, 10)),
        50778: tiff.short(21),
    }
    return tiff.write([main])


def _matrix(values: Sequence[float]) -> tiff.Tag:
    return tiff.signed_rational(*values)

"""Small DNG files made on the spot."""

from __future__ import annotations

import struct

import numpy as np

from groundglass.virtual import tiff


def dng(
    pixels: np.ndarray,
    pattern: tuple[tuple[int, ...], ...] | None,
    black: int | tuple[int, int, int, int] = 512,
    white: int = 4095,
    neutral: tuple[float, float, float] | None = None,
    orientation: int = 1,
    visible: tuple[int, int, int, int] | None = None,
) -> bytes:
    """Write sensor values as an uncompressed DNG; the pattern's numbers are 0 red, 1 green, 2 blue.

    pixels: (height, width), or (height, width, 3) of colours that were made of them.
    black: one for all, or one for each place of two by two.  neutral: how it saw white, if told.
    visible: top, left, bottom and right of what is no margin; the pattern begins at its corner.
    """
    height, width = pixels.shape[:2]
    samples = 1 if pixels.ndim == 2 else pixels.shape[2]
    strip = pixels.astype("<u2").tobytes()
    tags: dict[int, tuple[int, bytes]] = {
        254: (4, struct.pack("<I", 0)),
        256: (4, struct.pack("<I", width)),
        257: (4, struct.pack("<I", height)),
        258: (3, struct.pack("<H", 16) * samples),
        259: (3, struct.pack("<H", 1)),
        262: (3, struct.pack("<H", 34892 if pattern is None else 32803)),
        271: (2, b"Test\0"),
        272: (2, b"Test\0"),
        273: (4, struct.pack("<I", 0)),
        274: (3, struct.pack("<H", orientation)),
        277: (3, struct.pack("<H", samples)),
        278: (4, struct.pack("<I", height)),
        279: (4, struct.pack("<I", len(strip))),
        50706: (1, bytes((1, 4, 0, 0))),
        50708: (2, b"Test\0"),
        50714: (4, struct.pack("<I", black) if isinstance(black, int) else struct.pack("<4I", *black)),
        50717: (4, struct.pack("<I", white)),
        50721: (10, struct.pack("<18i", *(1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1))),
        50778: (3, struct.pack("<H", 21)),
    }
    if not isinstance(black, int):
        tags[50713] = (3, struct.pack("<HH", 2, 2))
    if visible is not None:
        tags[50829] = (4, struct.pack("<4I", *visible))
    if neutral is not None:
        tags[50728] = (5, b"".join(struct.pack("<II", round(one * 10_000), 10_000) for one in neutral))
    if pattern is not None:
        tags[33421] = (3, struct.pack("<HH", len(pattern), len(pattern[0])))
        tags[33422] = (1, bytes(value for row in pattern for value in row))
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 10: 8}
    start = 8 + 2 + 12 * len(tags) + 4
    tail = b""
    strip_at = start + sum(len(value) + len(value) % 2 for _, value in tags.values() if len(value) > 4)
    out = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    for tag in sorted(tags):
        kind, value = tags[tag]
        if tag == 273:
            value = struct.pack("<I", strip_at)
        out += struct.pack("<HHI", tag, kind, len(value) // sizes[kind])
        if len(value) <= 4:
            out += value.ljust(4, b"\0")
        else:
            out += struct.pack("<I", start + len(tail))
            tail += value + bytes(len(value) % 2)
    return out + struct.pack("<I", 0) + tail + strip


def dng_with_preview(
    pixels: np.ndarray, preview: bytes, preview_size: tuple[int, int], orientation: int = 1
) -> bytes:
    """Write RGGB values of 14 bits as a DNG that carries a JPEG, as cameras do."""
    height, width = pixels.shape
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
        33421: tiff.short(2, 2),
        33422: tiff.octets(bytes((0, 1, 1, 2)), tiff.Kind.BYTE),
        50714: tiff.long(512),
        50717: tiff.long(16383),
    }
    main: dict[int, object] = {
        254: tiff.long(1),
        256: tiff.long(preview_size[0]),
        257: tiff.long(preview_size[1]),
        258: tiff.short(8, 8, 8),
        259: tiff.short(7),
        262: tiff.short(6),
        271: tiff.text("Test"),
        272: tiff.text("Test"),
        273: tiff.Block(preview),
        274: tiff.short(orientation),
        277: tiff.short(3),
        278: tiff.long(preview_size[1]),
        279: tiff.long(len(preview)),
        330: raw,
        50706: tiff.octets(bytes((1, 4, 0, 0)), tiff.Kind.BYTE),
        50708: tiff.text("Test"),
        50721: tiff.signed_rational(1, 0, 0, 0, 1, 0, 0, 0, 1),
        50778: tiff.short(21),
    }
    return tiff.write([main]) + pixels.astype("<u2").tobytes()


BAYERS = {
    "RGGB": ((0, 1), (1, 2)),
    "BGGR": ((2, 1), (1, 0)),
    "GRBG": ((1, 0), (2, 1)),
    "GBRG": ((1, 2), (0, 1)),
}
X_TRANS = (
    (1, 1, 0, 1, 1, 2),
    (1, 1, 2, 1, 1, 0),
    (2, 0, 1, 0, 2, 1),
    (1, 1, 2, 1, 1, 0),
    (1, 1, 0, 1, 1, 2),
    (0, 2, 1, 2, 0, 1),
)

"""Colour: which profile a picture is in, and its colours on a monitor.

The three working spaces are written here as small matrix profiles (ICC.1:2022): no file needs to be there.
"""

from __future__ import annotations

import io
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundglass.errors import ImageError
from groundglass.imaging.jpegextras import JpegExtras

if TYPE_CHECKING:
    from PIL import ImageCms

_BAND_PIXELS = 1 << 20
# Two profiles that give the same colours within a code are one: many bodies embed an sRGB of their own.
_SAME_CODES = 1

_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
# Red, green and blue as X, Y, Z under D50, adapted by Bradford.
_PRIMARIES = {
    "sRGB": ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)),
    "Adobe RGB (1998)": (
        (0.60974, 0.31111, 0.01947),
        (0.20528, 0.62567, 0.06087),
        (0.14919, 0.06322, 0.74457),
    ),
    "Display P3": ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)),
}


class Profile(Struct, frozen=True):
    """A colour space of red, green and blue."""

    name: str
    icc: bytes
    is_assumed: bool = False  # the picture names none, or one that cannot be used


def _matrix_profile(name: str, curve: tuple[float, ...]) -> bytes:
    """Write an ICC profile: a matrix, and one curve for all three colours."""
    text = name.encode("utf-16-be")
    description = struct.pack(">4sIII2s2sII", b"mluc", 0, 1, 12, b"en", b"US", len(text), 28) + text
    kind = 3 if len(curve) == 5 else 0
    tone = struct.pack(f">4sIHH{len(curve)}i", b"para", 0, kind, 0, *(round(one * 65536) for one in curve))
    bodies = {b"desc": description, b"cprt": description, b"wtpt": _xyz((0.9642, 1.0, 0.8249))}
    for letter, xyz in zip("rgb", _PRIMARIES[name], strict=True):
        bodies[f"{letter}XYZ".encode()] = _xyz(xyz)
        bodies[f"{letter}TRC".encode()] = tone
    table, data = struct.pack(">I", len(bodies)), b""
    start = 128 + 4 + 12 * len(bodies)
    for tag, body in bodies.items():
        table += struct.pack(">4sII", tag, start + len(data), len(body))
        data += body + bytes(-len(body) % 4)
    header = struct.pack(
        ">I4xI4s4s4s6H4s",
        start + len(data),
        0x04400000,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        2026,
        1,
        1,
        0,
        0,
        0,
        b"acsp",
    )
    # The illuminant, D50, stands at byte 68.
    header = header.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    header = header.ljust(128, b"\0")
    return header + table + data


def _xyz(values: tuple[float, float, float]) -> bytes:
    return struct.pack(">4sI3i", b"XYZ ", 0, *(round(one * 65536) for one in values))


SRGB = Profile("sRGB", _matrix_profile("sRGB", _SRGB_CURVE))
ADOBE_RGB = Profile("Adobe RGB (1998)", _matrix_profile("Adobe RGB (1998)", (563 / 256,)))
DISPLAY_P3 = Profile("Display P3", _matrix_profile("Display P3", _SRGB_CURVE))
ASSUMED_SRGB = Profile("sRGB", SRGB.icc, is_assumed=True)


def profile_of(extras: JpegExtras) -> Profile:
    """Tell the profile of a JPEG: embedded, else as EXIF names it, else sRGB.

    A profile that is damaged or not for red, green and blue counts as none.
    """
    if extras.icc:
        try:
            return parse_profile(extras.icc)
        except ImageError:
            return ASSUMED_SRGB
    if extras.is_adobe_rgb:
        return ADOBE_RGB
    return SRGB if extras.is_srgb else ASSUMED_SRGB


@lru_cache(maxsize=16)
def parse_profile(icc: bytes) -> Profile:
    """Check an ICC profile, such as a monitor's; raise ImageError if it cannot be used for RGB."""
    from PIL import ImageCms  # 26 ms, and most pictures embed none

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc)).profile
    except (OSError, ValueError, ImageCms.PyCMSError) as err:
        raise _unusable("is damaged") from err
    if profile.xcolor_space.strip() != "RGB":
        raise _unusable(f"is for {profile.xcolor_space.strip() or 'nothing'}, not RGB")
    parsed = Profile((profile.profile_description or "").strip() or "Unnamed profile", icc)
    _transform(parsed.icc, SRGB.icc)
    return parsed


def are_alike(source: Profile, target: Profile) -> bool:
    """Tell whether two profiles give the same colours; raise ImageError for one that cannot be used."""
    return _transform(source.icc, target.icc) is None


def convert(
    image: NDArray[np.uint8], source: Profile, target: Profile = SRGB, out: NDArray[np.uint8] | None = None
) -> NDArray[np.uint8]:
    """Convert a BGRX or BGR picture from one profile to another.

    Relative colorimetric with black point compensation. Returns the picture itself if the two give the same
    colours; else `out`, which may be the picture, or a new one of its shape. X becomes 255.
    Raises ImageError for a profile that cannot be used.
    Releases the GIL; keep it off the user-interface thread.
    """
    transform = _transform(source.icc, target.icc)
    if transform is None:
        return image
    converted = np.empty_like(image) if out is None else out
    rows = max(1, _BAND_PIXELS // max(image.shape[1], 1))
    is_packed = image.shape[2] == 3
    there = cv2.COLOR_BGR2RGBA if is_packed else cv2.COLOR_BGRA2RGBA
    back = cv2.COLOR_RGBA2BGR if is_packed else cv2.COLOR_RGBA2BGRA
    for top in range(0, image.shape[0], rows):
        band = cv2.cvtColor(image[top : top + rows], there)
        rgb = _apply(transform, np.asarray(band, np.uint8))
        converted[top : top + rows] = cv2.cvtColor(np.ascontiguousarray(rgb), back)
    if not is_packed:
        converted[..., 3] = 255
    return converted


@lru_cache(maxsize=1)
def color_table(source: Profile, target: Profile) -> NDArray[np.uint32] | None:
    """Return what each of the 2**24 colours becomes, for pictures that come in a stream.

    (2**24,) BGRX as one number, 64 MB, by its own code; None if the two give the same colours.
    0.7 s; the last one is remembered. Raises ImageError. Releases the GIL.
    """
    if _transform(source.icc, target.icc) is None:
        return None
    codes = np.arange(1 << 24, dtype="<u4") | 0xFF000000
    every = convert(codes.view(np.uint8).reshape(4096, 4096, 4), source, target)
    return every.reshape(-1).view("<u4")


def through_table(
    image: NDArray[np.uint8], table: NDArray[np.uint32], room: NDArray[np.intp] | None = None
) -> NDArray[np.uint8]:
    """Convert a picture by a table of every colour: the same as `convert`, in a twentieth of its time.

    image: (height, width, 4) BGRX, contiguous.  room: (height, width), written over.
    Returns a new picture. Releases the GIL.
    """
    pixels = image.view("<u4")[..., 0]
    index = np.bitwise_and(pixels, 0xFFFFFF, out=room, casting="unsafe")
    found = table.take(index, mode="clip")
    return np.asarray(found[..., None].view(np.uint8))


@lru_cache(maxsize=16)
def _transform(source: bytes, target: bytes) -> ImageCms.ImageCmsTransform | None:
    """Build a transform; None if it would change nothing."""
    if source == target:
        return None
    from PIL import ImageCms

    try:
        built = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(source)),
            ImageCms.ImageCmsProfile(io.BytesIO(target)),
            "RGBX",
            "RGBX",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (OSError, ValueError, ImageCms.PyCMSError) as err:
        raise _unusable("is damaged") from err
    steps = np.linspace(0, 255, 18).round().astype(np.uint8)
    probe = np.full((18, 18 * 18, 4), 255, np.uint8)
    probe[..., :3] = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(18, -1, 3)
    changed = np.abs(_apply(built, probe)[..., :3].astype(int) - probe[..., :3]).max()
    return None if changed <= _SAME_CODES else built


def _apply(transform: Any, rgbx: NDArray[np.uint8]) -> NDArray[np.uint8]:
    from PIL import Image, ImageCms

    height, width = rgbx.shape[:2]
    picture = Image.frombuffer("RGBX", (width, height), rgbx, "raw", "RGBX", 0, 1)
    shown = ImageCms.applyTransform(picture, transform)
    if shown is None:
        raise _unusable("gave no picture")
    return np.asarray(shown, np.uint8).reshape(height, width, 4)


def _unusable(why: str) -> ImageError:
    return ImageError(f"The colour profile {why}.", "Colours are shown as sRGB without it.")

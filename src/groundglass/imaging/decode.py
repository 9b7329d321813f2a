"""A picture file, JPEG or RAW, as upright pixels for the screen.

Colours stay in the profile of the file, which `Picture` names; `imaging.color.convert` brings them to a
monitor.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from groundglass.errors import ImageError
from groundglass.imaging import jpegextras, raw
from groundglass.imaging.color import ADOBE_RGB, ASSUMED_SRGB, SRGB, Profile, profile_of
from groundglass.imaging.jpeg import decode_jpeg, is_cmyk, jpeg_size
from groundglass.imaging.packed import turned
from groundglass.imaging.scaling import shrink

__all__ = [
    "Picture",
    "PictureSource",
    "decode_jpeg",
    "fit",
    "load_picture",
    "load_preview",
    "upright",
]

# A preview with a shorter long edge is for menus, not for judging a picture.
SMALLEST_PREVIEW = 640
# JPEG smears the picture's edge into a bar: at 160x120 and qualities down to 40, a mean of 7 and single
# values of 91 at most (2026-11). A lamp before the night is brighter.
_BAR_MEAN, _BAR_MOST = 10, 112


class PictureSource(StrEnum):
    """Where the pixels come from."""

    JPEG = "jpeg"
    JPEG_PREVIEW = "jpeg-preview"
    RAW_PREVIEW = "raw-preview"
    RAW = "raw"


class Picture(Struct, frozen=True, eq=False):
    """Pixels for the screen, upright."""

    image: NDArray[np.uint8]  # (height, width, 4) BGRX, contiguous; packed: (height, width, 3) BGR
    full_width: int  # of the whole picture, upright
    full_height: int
    source: PictureSource
    profile: Profile = ASSUMED_SRGB
    is_cmyk: bool = False  # the file holds inks; red, green and blue were computed without a profile

    @property
    def note(self) -> str:
        """Say what the figures of these pixels are of, if they are not those of the picture itself."""
        if self.source is PictureSource.RAW_PREVIEW:
            return "preview of the RAW"
        if self.source is PictureSource.RAW:
            return "RAW, developed"
        return "CMYK, turned into RGB" if self.is_cmyk else ""

    @property
    def is_preview(self) -> bool:
        """Tell whether the camera made these pixels for a quick look."""
        return self.source in (PictureSource.JPEG_PREVIEW, PictureSource.RAW_PREVIEW)


def load_picture(path: Path, max_edge: int | None = None, *, is_packed: bool = False) -> Picture:
    """Load a JPEG whole, or of a RAW the preview inside, else a half-size development.

    max_edge: the longest edge that is needed, in pixels; None: all there is. Never enlarges.
    is_packed: pixels of three bytes, turned by their strides alone, where that saves memory: 45 MP are
    135 MB, and never more at once. See `imaging.packed`.
    Raises ImageError. Releases the GIL where it is heavy.
    """
    data = _read(path, 4)
    if not data.startswith(b"\xff\xd8"):
        return _load_raw(path, max_edge, is_packed)
    data = _read(path)
    full = jpeg_size(data)
    image = _decode(data, full, max_edge, is_packed)
    extras, has_inks = jpegextras.read_extras(data), is_cmyk(data)
    del data  # 15 MB that nobody needs while the picture is scaled
    picture = _picture(image, full, extras.orientation, max_edge, PictureSource.JPEG, profile_of(extras))
    return replace(picture, is_cmyk=has_inks)


def load_preview(path: Path, max_edge: int | None = None) -> Picture | None:
    """Load the preview inside a JPEG or RAW, for the first look; None without one.

    Raises ImageError if the file itself is no picture.
    """
    if not _read(path, 4).startswith(b"\xff\xd8"):
        found = raw.read_preview(path)
        return _raw_preview(path, found, max_edge) if found is not None else None
    try:
        preview = jpegextras.largest_preview(path)
    except OSError as err:
        raise _unreadable(path, err) from err
    head = _read(path, 1 << 20)
    if preview is None:
        return None
    extras = jpegextras.read_extras(head)
    full = jpeg_size(head)
    try:
        image = _decode(preview, jpeg_size(preview), max_edge)
    except ImageError:
        return None  # only the quick look is damaged
    # A preview seldom repeats the profile: it is made from the picture, in the same colours.
    own = profile_of(jpegextras.read_extras(preview))
    profile = profile_of(extras) if own.is_assumed else own
    return _picture(image, full, extras.orientation, max_edge, PictureSource.JPEG_PREVIEW, profile)


def upright(image: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn and mirror stored pixels by an EXIF orientation, 1 to 8; others count as 1."""
    if orientation in (5, 6, 7, 8):
        image = np.asarray(cv2.transpose(image), np.uint8)
    flip = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}.get(orientation)
    return image if flip is None else np.asarray(cv2.flip(image, flip), np.uint8)


def fit(image: NDArray[np.uint8], max_edge: int | None) -> NDArray[np.uint8]:
    """Scale a picture down so that its longest edge is `max_edge`; smaller ones stay as they are."""
    height, width = image.shape[:2]
    longest = max(width, height)
    if max_edge is None or longest <= max_edge:
        return image
    size = (max(1, round(width * max_edge / longest)), max(1, round(height * max_edge / longest)))
    # LINEAR is 9 times quicker than AREA and good to a factor of 2; the DCT did the rest for JPEGs.
    if longest > 2.2 * max_edge:
        return shrink(image, *size)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _load_raw(path: Path, max_edge: int | None, is_packed: bool) -> Picture:
    found = raw.read_preview(path)
    longest = max(jpeg_size(found.jpeg)) if found is not None else 0
    if found is not None and longest >= min(SMALLEST_PREVIEW, max_edge or SMALLEST_PREVIEW):
        return _raw_preview(path, found, max_edge, is_packed)
    try:
        developed = raw.develop(path)
    except ImageError:
        if found is not None:
            return _raw_preview(path, found, max_edge, is_packed)
        raise
    full = (developed.full_width, developed.full_height)
    return _picture(developed.image, full, developed.orientation, max_edge, PictureSource.RAW, SRGB)


def _raw_preview(path: Path, found: raw.RawPreview, max_edge: int | None, is_packed: bool = False) -> Picture:
    stored = jpeg_size(found.jpeg)
    full = (found.full_width, found.full_height) if found.full_width else stored
    image = _decode(found.jpeg, stored, max_edge, is_packed)
    profile = profile_of(jpegextras.read_extras(found.jpeg))
    if profile.is_assumed and raw.names_adobe_rgb(path):
        profile = ADOBE_RGB
    return _picture(image, full, found.orientation, max_edge, PictureSource.RAW_PREVIEW, profile)


def _decode(
    data: bytes, full: tuple[int, int], max_edge: int | None, is_packed: bool = False
) -> NDArray[np.uint8]:
    channels = 3 if is_packed else 4
    if max_edge is None or max(full) <= max_edge:
        return decode_jpeg(data, channels=channels)
    share = max_edge / max(full)
    return decode_jpeg(
        data, min_width=round(full[0] * share), min_height=round(full[1] * share), channels=channels
    )


def _picture(
    image: NDArray[np.uint8],
    full: tuple[int, int],
    orientation: int,
    max_edge: int | None,
    source: PictureSource,
    profile: Profile,
) -> Picture:
    """Make pixels upright; `full` is the size of the whole picture as stored."""
    is_turned = orientation >= 5
    if source in (PictureSource.JPEG_PREVIEW, PictureSource.RAW_PREVIEW):
        height, width = image.shape[:2]
        if is_turned and (width - height) * (full[0] - full[1]) < 0:
            orientation = 1  # the camera has turned its preview already
            image = _without_bars(image, full[1], full[0])
        else:
            image = _without_bars(image, *full)
    image = fit(image, max_edge)
    if image.shape[2] == 3:
        image = turned(image, orientation)
    else:
        image = np.ascontiguousarray(upright(image, orientation))
    width, height = (full[1], full[0]) if is_turned else full
    return Picture(image, width, height, source, profile)


def _without_bars(image: NDArray[np.uint8], full_width: int, full_height: int) -> NDArray[np.uint8]:
    """Cut the black bars off a preview of other proportions: 160x120 thumbnails of 3:2 pictures have them.

    One without bars has the proportions that the body was set to; the RAW around it holds the whole sensor.
    """
    height, width = image.shape[:2]
    wanted_height, wanted_width = (
        round(width * full_height / full_width),
        round(height * full_width / full_height),
    )
    if 0 < wanted_height < 0.97 * height:
        top = (height - wanted_height) // 2
        below = top + wanted_height
        if _is_bar(image[:top]) and _is_bar(image[below:]):
            return image[top:below]
    elif 0 < wanted_width < 0.97 * width:
        left = (width - wanted_width) // 2
        beyond = left + wanted_width
        if _is_bar(image[:, :left]) and _is_bar(image[:, beyond:]):
            return image[:, left:beyond]
    return image


def _is_bar(part: NDArray[np.uint8]) -> bool:
    values = part[..., :3]
    return not values.size or bool(values.mean() <= _BAR_MEAN and values.max() <= _BAR_MOST)


def _read(path: Path, size_bytes: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size_bytes)
    except OSError as err:
        raise _unreadable(path, err) from err


def _unreadable(path: Path, err: OSError) -> ImageError:
    return ImageError(
        f"Could not read “{path}”: {err.strerror}.", "Check the name and that the disk is there."
    )

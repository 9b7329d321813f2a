"""RAW files: the sensor's own histogram, the preview inside, a quick development."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rawpy
from msgspec import Struct
from numpy.typing import NDArray

from groundglass.errors import ImageError
from groundglass.imaging.jpeg import jpeg_size
from groundglass.imaging.metadata import metadata_of
from groundglass.imaging.photosites import RawChannel, RawHistogram, count_sites, saturation

# PhotometricInterpretation of values under a filter, and without one.
_SENSOR_DATA = (32803, 34892)
_SPACE_KEYS = (".ColorSpace", ".InteroperabilityIndex")
_SRGB_SPACE, _ADOBE_SPACE, _ADOBE_INDEX = "1", "2", "R03"
_MADE_UP_SHARE = 1.07  # LibRaw 0.22.2, open.cpp
# LibRaw's turn of the picture, in EXIF's numbers.
_ORIENTATION_OF_FLIP = {0: 1, 3: 3, 5: 8, 6: 6}


class RawPreview(Struct, frozen=True):
    """The JPEG that the camera put into a RAW file, as stored."""

    jpeg: bytes
    orientation: int  # EXIF's, 1 to 8: how to turn it upright
    full_width: int  # of the whole picture, as stored; 0 if unknown
    full_height: int


class Developed(Struct, frozen=True, eq=False):
    """A half-size development: quick, with the camera's white balance."""

    image: NDArray[np.uint8]  # (height, width, 4) BGRX, as stored
    orientation: int
    full_width: int
    full_height: int


def raw_histogram(path: Path) -> RawHistogram:
    """Count the undemosaiced values of a RAW file, exactly, for each colour of its filter.

    Works for any repeating filter (Bayer 2x2, X-Trans 6x6) and without one.
    Raises ImageError if LibRaw cannot read the file or it holds no sensor data. Releases the GIL.
    """
    with opened(path) as file:
        if not holds_sites(file):
            raise ImageError(
                f"“{path.name}” holds no single sensor values to count.",
                "The histogram of its preview is left.",
            )
        visible, sites = file.raw_image_visible, filter_sites(file)
        blacks = list(file.black_level_per_channel)
        dng_white = _dng_white(path)
        nominal = dng_white or file.white_level
        limits = list(file.camera_white_level_per_channel or [])
        whites = [] if dng_white or _is_made_up(limits, nominal) else limits
        counts = count_sites(visible, sites, nominal)
        channels = []
        for color, name in _names(file, sites).items():
            # Without a filter LibRaw's pattern is no index into the levels: the first one holds.
            at = 0 if name == "grey" else color
            black, white = _level(blacks, at, 0), _level(whites, at, nominal)
            if not 0 <= black < white < 1 << 16:
                raise ImageError(
                    f"The sensor's levels in “{path.name}” make no sense: black {black}, white {white}.",
                    "It may be damaged. The histogram of its preview is left.",
                )
            counted = counts[color]
            channels.append(RawChannel(name, counted, black, white, saturation(counted, black, white)))
        return RawHistogram(tuple(channels), visible.shape[1], visible.shape[0])


def read_preview(path: Path) -> RawPreview | None:
    """Read the largest JPEG inside a RAW file; None if there is none. Raises ImageError for no RAW file.

    LibRaw finds it quickest; exiv2 also reads files that LibRaw cannot.
    """
    try:
        with opened(path, is_unpacked=False) as file:
            orientation, width, height = _geometry(file)
            try:
                thumb = file.extract_thumb()
            except rawpy.LibRawError:
                thumb = None
            if thumb is not None and thumb.format == rawpy.ThumbFormat.JPEG and _is_jpeg(thumb.data):
                return RawPreview(thumb.data, orientation, width, height)
    except ImageError:
        if (found := _exiv2_preview(path)) is not None:
            return found
        raise
    found = _exiv2_preview(path)
    return found and RawPreview(found.jpeg, orientation, width, height)


def names_adobe_rgb(path: Path) -> bool:
    """Tell whether a RAW file says that its JPEGs are in Adobe RGB, for a preview that says nothing itself.

    Some ms: exiv2 reads the file's metadata. What it cannot read says nothing.
    """
    import exiv2

    try:
        with metadata_of(path) as image:
            # Walked through, not asked: a key that exiv2 does not know ends the process.
            said = {one.key(): one.toString() for one in image.exifData() if one.key().endswith(_SPACE_KEYS)}
    except (exiv2.Exiv2Error, IndexError):  # a tag without a value is an IndexError
        return False
    space = said.pop("Exif.Photo.ColorSpace", "")
    index = said.pop("Exif.Iop.InteroperabilityIndex", "")
    # 65535 says only: not sRGB. Which one, the makers keep in groups of their own.
    return space != _SRGB_SPACE and (
        _ADOBE_SPACE in (space, *said.values()) or index.startswith(_ADOBE_INDEX)
    )


def develop(path: Path) -> Developed:
    """Develop a RAW file at half its size, as bright as it was exposed.

    Raises ImageError if LibRaw cannot read it.
    """
    with opened(path) as file:
        orientation, width, height = _geometry(file)
        try:
            rgb = file.postprocess(
                half_size=True, use_camera_wb=True, no_auto_bright=True, output_bps=8, user_flip=0
            )
        except rawpy.LibRawError as err:
            raise _unreadable(path, err) from err
    return Developed(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA), np.uint8), orientation, width, height)


@contextmanager
def opened(path: Path, *, is_unpacked: bool = True) -> Iterator[Any]:
    """Open a RAW file in LibRaw and close it behind; raises ImageError."""
    if not path.is_file():
        raise ImageError(f"“{path}” is not there.", "Check the name.")
    file = rawpy.RawPy()
    try:
        try:
            file.open_file(str(path))
            if is_unpacked:
                file.unpack()
        except rawpy.LibRawError as err:
            raise _unreadable(path, err) from err
        yield file
    finally:
        file.close()


def holds_sites(file: Any) -> bool:
    """Tell whether a file holds a value for each place of the sensor, not colours made of several."""
    return bool(file.raw_type == rawpy.RawType.Flat)


def filter_sites(file: Any) -> NDArray[np.uint8]:
    """Return the colour numbers of the repeating filter, (rows, columns), from the visible area's corner on.

    rawpy's own pattern begins at the corner of the margins: another phase where these are no multiple of it,
    and for 6x6 memory that is no pattern where they are wide.
    """
    size, sizes = file.raw_pattern.shape[0], file.sizes
    places = range(size)
    return np.array(
        [[file.raw_color(sizes.top_margin + y, sizes.left_margin + x) for x in places] for y in places],
        np.uint8,
    )


def _unreadable(path: Path, err: Exception) -> ImageError:
    if isinstance(err, rawpy.LibRawFileUnsupportedError):
        return ImageError(f"“{path.name}” is no JPEG or RAW picture.", "Choose a picture of a camera.")
    reason = err.args[0].decode(errors="replace") if err.args and isinstance(err.args[0], bytes) else str(err)
    return ImageError(
        f"“{path.name}” cannot be read as a RAW file ({reason.lower()}).",
        "It may be damaged, no picture, or from a camera that is too new for this version.",
    )


def _geometry(file: Any) -> tuple[int, int, int]:
    """Return EXIF orientation, width and height as stored."""
    sizes = file.sizes
    return _ORIENTATION_OF_FLIP.get(sizes.flip, 1), sizes.width, sizes.height


def _names(file: Any, sites: NDArray[np.uint8]) -> dict[int, str]:
    """Name the colour indices of a filter, in the order red, green, blue."""
    letters = file.color_desc.decode(errors="replace")
    present = sorted(set(sites.ravel().tolist()))
    if len(present) == 1:
        return {present[0]: "grey"}
    words = {"R": "red", "G": "green", "B": "blue"}
    greens = [color for color in present if letters[color : color + 1] == "G"]
    named = {}
    for color in sorted(present, key=lambda one: ("RGB".find(letters[one : one + 1]), one)):
        word = words.get(letters[color : color + 1], f"colour {color + 1}")
        named[color] = f"green {greens.index(color) + 1}" if color in greens and len(greens) > 1 else word
    return named


def _is_made_up(limits: list[int], white: int) -> bool:
    """Tell whether LibRaw has made up where a sensor stops being linear, for lack of a word in the file.

    Makers whose files name no limit get this share of the white level; their sensors go on to the white.
    """
    return any(limits) and all(abs(one - int(white / _MADE_UP_SHARE)) <= 1 for one in limits)


def _level(levels: list[int], color: int, default: int) -> int:
    level = levels[color] if color < len(levels) else 0
    return int(level or default)


def _is_jpeg(data: bytes) -> bool:
    try:
        jpeg_size(data)
    except ImageError:
        return False
    return True


def _dng_white(path: Path) -> int | None:
    """Read the white level that a DNG names; None for other files.

    LibRaw 0.22 offers the linear limit of the camera's maker for a DNG too, whatever the DNG says.
    """
    import exiv2

    try:
        with metadata_of(path) as image:
            exif = image.exifData()
            if "Exif.Image.DNGVersion" not in exif:
                return None
            for group in ("Image", "SubImage1", "SubImage2", "SubImage3", "SubImage4"):
                kind = f"Exif.{group}.PhotometricInterpretation"
                level = f"Exif.{group}.WhiteLevel"
                if kind in exif and level in exif and exif[kind].toInt64() in _SENSOR_DATA:
                    return int(exif[level].toInt64()) or None
    except (exiv2.Exiv2Error, IndexError):  # a tag without a value is an IndexError
        return None
    return None


def _exiv2_preview(path: Path) -> RawPreview | None:
    import exiv2  # hardly ever needed

    try:
        with metadata_of(path) as image:
            previews = exiv2.PreviewManager(image)
            found = [one for one in previews.getPreviewProperties() if one.mimeType_ == "image/jpeg"]
            for properties in sorted(found, key=lambda one: one.size_, reverse=True):
                data = bytes(previews.getPreviewImage(properties).data())
                if _is_jpeg(data):
                    exif = image.exifData()
                    key = "Exif.Image.Orientation"
                    tag = exif[key].toString() if key in exif else "1"
                    return RawPreview(data, int(tag) if tag in set("12345678") else 1, 0, 0)
    except (exiv2.Exiv2Error, IndexError):  # a tag without a value is an IndexError
        return None
    return None

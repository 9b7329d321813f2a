"""JPEG bytes to pixels: whole or an error, never half a picture."""

from __future__ import annotations

import io
import re
import warnings

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from groundglass.errors import ImageError
from groundglass.imaging.jpegextras import without_profile

# Above this a header is taken for damage: 400 MP are 1.6 GB of pixels.
_MOST_PIXELS = 400_000_000

_BROKEN_HINT = "If it came from a camera, read it again from the card."


def decode_jpeg(
    data: bytes | memoryview,
    *,
    min_width: int = 0,
    min_height: int = 0,
    buffer: NDArray[np.uint8] | None = None,
    channels: int = 4,
) -> NDArray[np.uint8]:
    """Decode a JPEG, strictly: a truncated or corrupt one is an error.

    min_width, min_height: pixels that are enough; the picture may come back smaller than it is, by the
    scaling of its DCT, but not below these. 0: full size.
    buffer: contiguous memory to decode into, used if it is big enough.
    channels: 4, or 3 to keep a large picture in less memory.
    Returns (height, width, 4) uint8, BGRX with X = 255, or (height, width, 3) BGR, contiguous; colour
    profiles and EXIF orientation are not applied. Raises ImageError. Releases the GIL.
    """
    if len(data) < 4 or bytes(data[:2]) != b"\xff\xd8":
        raise ImageError("This is no JPEG picture.", "Choose a JPEG file.")
    smallest = {"min_width": min_width, "min_height": min_height}
    try:
        height, width, colorspace, _ = simplejpeg.decode_jpeg_header(data, strict=False, **smallest)
    except (ValueError, KeyError) as err:  # KeyError: a header without a colour space
        if "subsampling" in str(err):
            return _narrowed(_decode_unusual(data), channels)
        raise _broken(err) from err
    if not 0 < width * height <= _MOST_PIXELS:
        raise ImageError(f"The JPEG claims {width} x {height} pixels, so it is damaged.", _BROKEN_HINT)
    if buffer is not None and (buffer.nbytes < width * height * 4 or not buffer.flags.c_contiguous):
        buffer = None
    is_cmyk = colorspace in ("CMYK", "YCCK")
    wanted = "CMYK" if is_cmyk else "BGRX" if channels == 4 else "BGR"
    options = {"colorspace": wanted, "buffer": buffer, **smallest}
    try:
        image: NDArray[np.uint8] = simplejpeg.decode_jpeg(data, **options)
    except ValueError as err:
        if "ICC" in str(err) and (plain := without_profile(bytes(data))) != data:
            return decode_jpeg(plain, buffer=buffer, channels=channels, **smallest)
        if not _is_padding(data, str(err)):
            raise _broken(err) from err
        image = simplejpeg.decode_jpeg(data, strict=False, **options)
    except MemoryError as err:
        raise ImageError(
            f"There is not enough memory for {width} x {height} pixels.", "Close other programs."
        ) from err
    if not is_cmyk:
        return image
    return _narrowed(_from_cmyk(image, is_inverted=b"Adobe\x00" in bytes(data[:65536])), channels)


def jpeg_size(data: bytes | memoryview) -> tuple[int, int]:
    """Read width and height of a JPEG in pixels, as stored; raise ImageError if it has none."""
    try:
        height, width, _, _ = simplejpeg.decode_jpeg_header(data, strict=False)
    except (ValueError, KeyError) as err:
        if "subsampling" in str(err):
            return _decode_unusual(data).shape[1::-1]
        raise _broken(err) from err
    return width, height


def is_cmyk(data: bytes | memoryview) -> bool:
    """Tell whether a JPEG holds inks, so that its red, green and blue are computed; False for damage."""
    try:
        return simplejpeg.decode_jpeg_header(data, strict=False)[2] in ("CMYK", "YCCK")
    except (ValueError, KeyError):
        return False


def _narrowed(image: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(image[..., :channels])


def _is_padding(data: bytes | memoryview, message: str) -> bool:
    """Tell whether all that is wrong is a few filler bytes before the end, as some bodies write them."""
    found = re.search(r"(\d+) extraneous bytes before marker 0xd9", message)
    if not found or int(found[1]) > 64:
        return False
    end = bytes(data).rfind(b"\xff\xd9")
    return not bytes(data[end - int(found[1]) : end]).strip(b"\x00\xff")


def _broken(err: Exception) -> ImageError:
    if "Premature end" in str(err) or "truncated" in str(err).lower():
        return ImageError("The JPEG is cut off: its end is missing.", _BROKEN_HINT)
    return ImageError("The JPEG is damaged.", _BROKEN_HINT)


def _from_cmyk(inks: NDArray[np.uint8], *, is_inverted: bool) -> NDArray[np.uint8]:
    """Turn inks into light without a profile: channel = (1 - ink) (1 - black)."""
    light = inks if is_inverted else cv2.bitwise_not(inks)
    cyan, magenta, yellow, black = cv2.split(light)
    blue, green, red = (cv2.multiply(one, black, scale=1 / 255) for one in (yellow, magenta, cyan))
    merged = cv2.merge([blue, green, red, np.full_like(black, 255)])
    return np.asarray(merged, np.uint8)


def _decode_unusual(data: bytes | memoryview) -> NDArray[np.uint8]:
    """Decode by Pillow what TurboJPEG cannot: rare chroma samplings. Slower, and as strict on the end."""
    from PIL import Image  # 26 ms, and hardly ever needed

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
                rgb = np.asarray(picture.convert("RGB"))
        except (
            OSError,
            SyntaxError,
            ValueError,
            Image.DecompressionBombError,
            UserWarning,
            RuntimeWarning,
        ) as err:
            raise _broken(err) from err
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA), np.uint8)

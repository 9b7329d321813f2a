"""What a picture was taken with, as its file records it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from groundglass.model.exposure import Aperture, Iso, ShutterSpeed

Exposure = tuple[ShutterSpeed | None, Aperture | None, Iso | None]

_NOTHING: Exposure = (None, None, None)


def recorded_exposure(path: Path) -> Exposure:
    """Read shutter speed, aperture and ISO from a JPEG or RAW; None for each that is not recorded.

    A lens without electronics leaves an f-number of 0, which is none. Reads nothing but tags: some ms.
    """
    import exiv2  # 40 ms

    exiv2.LogMsg.setLevel(exiv2.LogMsg.Level.mute)  # else it writes about odd tags to stderr
    try:
        image = exiv2.ImageFactory.open(str(path))
        image.readMetadata()
        exif = image.exifData()
        seconds = _fraction(exif, "Exif.Photo.ExposureTime")
        number = _fraction(exif, "Exif.Photo.FNumber")
        speed = _fraction(exif, "Exif.Photo.ISOSpeedRatings")
    except (exiv2.Exiv2Error, IndexError):  # a tag without a value is an IndexError
        return _NOTHING
    return (
        ShutterSpeed(seconds) if seconds else None,
        Aperture(float(number)) if number else None,
        # 65535 says that the true value stands in another tag.
        Iso(round(speed)) if speed and speed < 65535 else None,
    )


def _fraction(exif: Any, key: str) -> Fraction | None:
    """Return a tag's number if it is above 0."""
    if key not in exif:
        return None
    text = exif[key].toString()
    try:
        found = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return found if found > 0 else None

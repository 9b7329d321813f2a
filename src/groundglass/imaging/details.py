"""Read how a picture was taken from its EXIF."""

from __future__ import annotations

import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from groundglass.errors import ImageError
from groundglass.model.details import CaptureDetails
from groundglass.model.exposure import (
    Aperture,
    ColorTemperature,
    ExposureCompensation,
    Iso,
    ShutterSpeed,
)

T = TypeVar("T")

# EXIF itself has no kelvin: each maker keeps it in a group of its own, under this name.
_KELVIN = ".ColorTemperature"
_KELVIN_RANGE = range(1000, 100_000)  # beyond it: a maker's word for "automatic"
_lock = threading.Lock()  # the XMP toolkit within exiv2 has none


def read_details(path: Path) -> CaptureDetails:
    """Read the details of a JPEG or RAW file; raises ImageError. Some ms; any thread."""
    found = _exif(path)
    length = _ratio(found.get("Exif.Photo.FocalLength"))
    iso = found.get("Exif.Photo.ISOSpeedRatings") or found.get("Exif.Photo.RecommendedExposureIndex")
    return CaptureDetails(
        shutter=_above_zero(found.get("Exif.Photo.ExposureTime"), ShutterSpeed),
        aperture=_above_zero(found.get("Exif.Photo.FNumber"), lambda value: Aperture(float(value))),
        iso=_above_zero(iso, lambda value: Iso(round(value))),
        compensation=_any(
            found.get("Exif.Photo.ExposureBiasValue"),
            lambda value: ExposureCompensation(value.limit_denominator(6)),
        ),
        temperature=next(
            (
                kelvin
                for key, text in found.items()
                if key.endswith(_KELVIN) and (kelvin := _temperature(text))
            ),
            None,
        ),
        lens=found.get("Exif.Photo.LensModel", "").strip(),
        focal_mm=float(length) if length else None,
        camera=found.get("Exif.Image.Model", "").strip(),
        taken_at=found.get("Exif.Photo.DateTimeOriginal", "").replace(":", "-", 2),
    )


def _exif(path: Path) -> dict[str, str]:
    import exiv2  # 40 ms

    with _lock:
        exiv2.LogMsg.setLevel(exiv2.LogMsg.Level.mute)  # else it writes about odd tags to stderr
        try:
            image = exiv2.ImageFactory.open(str(path))
            image.readMetadata()
            # Walked through, not asked: a key that exiv2 does not know ends the process.
            return {one.key(): _text(one) for one in image.exifData()}
        except exiv2.Exiv2Error as err:
            raise ImageError(
                f"The details of “{path.name}” can not be read.", "Check that the file is there and whole."
            ) from err


def _text(datum: Any) -> str:
    try:
        return str(datum.value())
    except IndexError:  # a tag without a value
        return ""


def _ratio(text: str | None) -> Fraction | None:
    """Read `1/160` or `400`; None for anything else, as cameras write 0/0 for what they do not know."""
    try:
        return Fraction(text.split()[0]) if text else None
    except (ValueError, ZeroDivisionError, IndexError):
        return None


def _any(text: str | None, make: Callable[[Fraction], T]) -> T | None:
    value = _ratio(text)
    return make(value) if value is not None else None


def _above_zero(text: str | None, make: Callable[[Fraction], T]) -> T | None:
    value = _ratio(text)
    return make(value) if value is not None and value > 0 else None


def _temperature(text: str) -> ColorTemperature | None:
    value = _ratio(text)
    return ColorTemperature(round(value)) if value is not None and round(value) in _KELVIN_RANGE else None

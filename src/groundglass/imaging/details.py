"""Read how a picture was taken from its EXIF."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from groundglass.errors import ImageError
from groundglass.imaging.metadata import metadata_of
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
_BALANCE_KIND, _AUTOMATIC = "Exif.Photo.WhiteBalance", "0"
_ISO = tuple(
    f"Exif.Photo.{tag}"
    for tag in ("ISOSpeedRatings", "RecommendedExposureIndex", "ISOSpeed", "StandardOutputSensitivity")
)
_KELVIN_RANGE = range(1000, 100_000)  # beyond it: a maker's word for "automatic"
_ELSEWHERE = 65535  # of an ISO: the true value stands in another tag


def read_details(path: Path) -> CaptureDetails:
    """Read the details of a JPEG or RAW file; raises ImageError. Some ms; any thread."""
    found = _exif(path)
    length = _ratio(found.get("Exif.Photo.FocalLength"))
    return CaptureDetails(
        shutter=_above_zero(found.get("Exif.Photo.ExposureTime"), ShutterSpeed),
        aperture=_above_zero(found.get("Exif.Photo.FNumber"), lambda value: Aperture(float(value))),
        iso=next((iso for tag in _ISO if (iso := _iso(found.get(tag)))), None),
        compensation=_any(
            found.get("Exif.Photo.ExposureBiasValue"),
            lambda value: ExposureCompensation(value.limit_denominator(6)),
        ),
        temperature=_balanced_for(found),
        lens=found.get("Exif.Photo.LensModel", "").strip(),
        focal_mm=float(length) if length else None,
        camera=found.get("Exif.Image.Model", "").strip(),
        taken_at=found.get("Exif.Photo.DateTimeOriginal", "").replace(":", "-", 2),
    )


def _exif(path: Path) -> dict[str, str]:
    import exiv2  # 40 ms

    try:
        with metadata_of(path) as image:
            # Walked through, not asked: a key that exiv2 does not know ends the process.
            return {one.key(): _text(one) for one in image.exifData()}
    except exiv2.Exiv2Error as err:
        raise ImageError(
            f"The details of “{path.name}” cannot be read.", "Check that the file is there and whole."
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


def _iso(text: str | None) -> Iso | None:
    iso = _above_zero(text, lambda value: Iso(round(value)))
    return iso if iso is not None and iso.speed != _ELSEWHERE else None


def _balanced_for(found: dict[str, str]) -> ColorTemperature | None:
    # Some bodies go on writing the kelvin that lies on the dial while they balance by themselves.
    if found.get(_BALANCE_KIND) == _AUTOMATIC:
        return None
    told = (_temperature(text) for key, text in found.items() if key.endswith(_KELVIN))
    return next((one for one in told if one), None)


def _temperature(text: str) -> ColorTemperature | None:
    value = _ratio(text)
    return ColorTemperature(round(value)) if value is not None and round(value) in _KELVIN_RANGE else None

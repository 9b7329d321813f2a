from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import exiv2
import pytest

from dng_samples import BAYERS, dng
from groundglass.imaging.exposure_record import recorded_exposure
from groundglass.model.exposure import Aperture, Iso, ShutterSpeed


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    import numpy as np

    path = tmp_path / "a.dng"
    path.write_bytes(dng(np.full((8, 8), 900, np.uint16), BAYERS["RGGB"]))
    return path


def _write(path: Path, **tags: str) -> None:
    image = exiv2.ImageFactory.open(str(path))
    image.readMetadata()
    for name, value in tags.items():
        image.exifData()[f"Exif.Photo.{name}"] = value
    image.writeMetadata()


def test_the_three_values_are_read_as_they_were_set(picture: Path) -> None:
    _write(picture, ExposureTime="1/125", FNumber="56/10", ISOSpeedRatings="400")

    assert recorded_exposure(picture) == (ShutterSpeed(Fraction(1, 125)), Aperture(5.6), Iso(400))


def test_what_is_not_recorded_is_none(picture: Path) -> None:
    _write(picture, ExposureTime="1/60", FNumber="0/1", ISOSpeedRatings="65535")

    assert recorded_exposure(picture) == (ShutterSpeed(Fraction(1, 60)), None, None)


def test_a_file_that_is_no_picture_records_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.nef").write_bytes(b"no picture at all")

    assert recorded_exposure(tmp_path / "a.nef") == (None, None, None)

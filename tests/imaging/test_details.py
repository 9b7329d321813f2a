from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import exiv2
import pytest

from dng_samples import BAYERS, dng
from groundglass.errors import ImageError
from groundglass.imaging.details import read_details
from groundglass.model.exposure import Aperture, ColorTemperature, Iso, ShutterSpeed
from groundglass.session.sidecar import Sidecar, read, write
from jpeg_samples import MAKER_KELVIN, jpeg, with_tags


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

    read = read_details(picture)

    assert (read.shutter, read.aperture, read.iso) == (
        ShutterSpeed(Fraction(1, 125)),
        Aperture(5.6),
        Iso(400),
    )


def test_what_is_not_recorded_is_none(picture: Path) -> None:
    _write(picture, ExposureTime="1/60", FNumber="0/1", ISOSpeedRatings="65535")

    read = read_details(picture)

    assert (read.shutter, read.aperture, read.iso) == (ShutterSpeed(Fraction(1, 60)), None, None)


def test_an_iso_that_stands_in_another_tag_is_read_there(picture: Path) -> None:
    _write(picture, ISOSpeedRatings="65535", RecommendedExposureIndex="102400")

    assert read_details(picture).iso == Iso(102400)


@pytest.mark.parametrize(("kind", "told"), [("0", None), ("1", ColorTemperature(5200))])
def test_the_kelvin_on_the_dial_is_not_that_of_an_automatic_balance(
    tmp_path: Path, kind: str, told: ColorTemperature | None
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(with_tags(jpeg(), tmp_path, MAKER_KELVIN | {"Exif.Photo.WhiteBalance": kind}))

    assert read_details(path).temperature == told


def test_details_are_read_while_sidecars_are(picture: Path, tmp_path: Path) -> None:
    """XMP within pictures and sidecars goes through one toolkit, which has no lock of its own."""
    _write(picture, ISOSpeedRatings="400")
    sidecar = tmp_path / "a.xmp"
    for number in range(60):
        write(sidecar, Sidecar(rating=number % 5))

    with ThreadPoolExecutor(4) as pool:
        isos = [pool.submit(read_details, picture) for _ in range(200)]
        ratings = [pool.submit(read, sidecar) for _ in range(200)]

    assert {one.result().iso for one in isos} == {Iso(400)}
    assert {one.result().rating for one in ratings} == {59 % 5}


def test_a_file_that_is_no_picture_records_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.nef").write_bytes(b"no picture at all")

    with pytest.raises(ImageError, match=r"a\.nef"):
        read_details(tmp_path / "a.nef")

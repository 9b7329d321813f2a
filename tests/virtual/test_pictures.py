"""Pictures obey light, lens and sensor, and say the truth about themselves."""

from __future__ import annotations

import datetime
import io
import itertools
from collections.abc import Iterator

import cv2
import exiv2
import numpy as np
import pytest
import rawpy
from msgspec.structs import replace
from numpy.typing import NDArray
from PIL import ExifTags, Image

from groundglass.virtual.darkroom import Darkroom
from groundglass.virtual.film import Film
from groundglass.virtual.picture import Developed, Shot, View
from groundglass.virtual.settings import Settings, parse

SIZE = (2464, 1640)
LIVE = (1024, 680)
TARGETS = {
    0.8: (1.375, 0.870),
    1.6: (1.205, 0.690),
    2.2: (1.300, 0.645),
}  # distance: centre, in picture heights


@pytest.fixture(scope="module")
def film() -> Iterator[Film]:
    film = Film()
    yield film
    film.close()


@pytest.fixture(scope="module")
def darkroom(film: Film) -> Iterator[Darkroom]:
    darkroom = Darkroom(film, 1, SIZE, LIVE)
    yield darkroom
    darkroom.close()


def view(focus_m: float = 1.2, **dials: str) -> View:
    settings = Settings()
    for name, value in dials.items():
        settings = settings.changed(name, parse(name, value))
    return View(settings, focus_m)


def shot(seen: View, number: int = 1, seconds: float | None = None) -> Shot:
    taken = datetime.datetime(2024, 5, 17, 14, 3, 9, 250_000, tzinfo=datetime.UTC)
    shutter = seen.settings.shutter
    return Shot(seen, number, shutter.seconds if seconds is None else seconds, taken, "0006000001")


def develop(darkroom: Darkroom, seen: View, number: int = 1) -> dict[str, Developed]:
    return {file.suffix: file for file in darkroom.develop(shot(seen, number))}


def raw_mean(darkroom: Darkroom, **dials: str) -> float:
    data = develop(darkroom, view(image_format="raw", **dials))["DNG"].recording.read()
    with rawpy.imread(io.BytesIO(data)) as raw:
        return float(raw.raw_image.mean()) - raw.black_level_per_channel[0]


def pixels(data: bytes) -> NDArray[np.uint8]:
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert decoded is not None
    return np.asarray(decoded, np.uint8)


def live(darkroom: Darkroom, seen: View, number: int = 0) -> NDArray[np.uint8]:
    return pixels(darkroom.live_frame(seen, number))


def sharpness(picture: NDArray[np.uint8], distance_m: float) -> float:
    height = picture.shape[0]
    x, y = (round(place * height) for place in TARGETS[distance_m])
    reach = round(0.03 * height)
    part = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[y - reach : y + reach, x - reach : x + reach]
    return float(cv2.Laplacian(part, cv2.CV_32F).var())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("shutter", ("1/500", "1/250", "1/125", "1/60", "1/30")),
        ("aperture", ("16", "11", "8", "5.6", "4")),
        ("iso", ("100", "200", "400")),
    ],
)
def test_one_stop_doubles_the_raw_values(darkroom: Darkroom, name: str, values: tuple[str, ...]) -> None:
    base = {"shutter": "1/250"} if name == "iso" else {}

    means = [raw_mean(darkroom, **{**base, name: value}) for value in values]

    for darker, brighter in itertools.pairwise(means):
        assert brighter / darker == pytest.approx(2.0, rel=0.03)


def test_the_jpeg_says_the_truth(darkroom: Darkroom) -> None:
    seen = view(iso="800", shutter="1/125", aperture="2.8", white_balance="cloudy")

    with Image.open(io.BytesIO(develop(darkroom, seen)["JPG"].recording.read())) as picture:
        exif = picture.getexif()
        picture.load()

    details = exif.get_ifd(ExifTags.IFD.Exif)
    assert picture.size == SIZE
    assert exif[ExifTags.Base.Make] == "NIKON CORPORATION"
    assert exif[ExifTags.Base.Orientation] == 1
    assert details[ExifTags.Base.ISOSpeedRatings] == 800
    assert float(details[ExifTags.Base.ExposureTime]) == pytest.approx(1 / 125)
    assert float(details[ExifTags.Base.FNumber]) == pytest.approx(2.8)
    assert float(details[ExifTags.Base.FocalLength]) == 50
    assert float(details[ExifTags.Base.ExposureBiasValue]) == 0
    assert details[ExifTags.Base.ExposureProgram] == 1
    assert details[ExifTags.Base.WhiteBalance] == 1
    assert details[ExifTags.Base.DateTimeOriginal] == "2024:05:17 14:03:09"
    assert details[ExifTags.Base.SubsecTimeOriginal] == "25"
    assert details[ExifTags.Base.BodySerialNumber] == "6000001"
    assert "50mm" in details[ExifTags.Base.LensModel]


def test_the_dng_says_the_same_as_the_jpeg(darkroom: Darkroom) -> None:
    files = develop(darkroom, view(iso="800", shutter="1/125", image_format="raw+jpeg fine"))
    names = ("FNumber", "ExposureTime", "ISOSpeedRatings", "DateTimeOriginal", "ImageUniqueID", "LensModel")

    said = []
    for file in files.values():
        picture = exiv2.ImageFactory.open(file.recording.read())
        picture.readMetadata()
        said.append([str(picture.exifData()[f"Exif.Photo.{name}"].value()) for name in names])

    assert said[0] == said[1]


def test_every_shot_has_its_own_identity(darkroom: Darkroom) -> None:
    first, second = (develop(darkroom, view(), number)["JPG"].recording.read() for number in (1, 13))

    assert first != second
    assert np.array_equal(pixels(first), pixels(second))  # the moving part has come round


def test_the_jpeg_holds_a_preview(darkroom: Darkroom) -> None:
    data = develop(darkroom, view())["JPG"].recording.read()

    with Image.open(io.BytesIO(data)) as picture:
        picture.seek(1)
        preview = np.asarray(picture.convert("RGB"))

    assert preview.shape[1] == 1620
    assert preview.mean() == pytest.approx(pixels(data).mean(), abs=2)


def test_the_dng_holds_a_preview(darkroom: Darkroom) -> None:
    data = develop(darkroom, view(image_format="raw"))["DNG"].recording.read()

    with rawpy.imread(io.BytesIO(data)) as raw:
        preview = pixels(raw.extract_thumb().data)
    picture = exiv2.ImageFactory.open(data)
    picture.readMetadata()
    sizes = [(found.width_, found.height_) for found in exiv2.PreviewManager(picture).getPreviewProperties()]

    assert preview.shape[1] == 1620
    assert (1620, preview.shape[0]) in sizes


def test_raw_and_jpeg_show_the_same_exposure(darkroom: Darkroom) -> None:
    files = develop(darkroom, view(shutter="1/125", image_format="raw+jpeg fine"))
    jpeg = pixels(files["JPG"].recording.read())

    with rawpy.imread(io.BytesIO(files["DNG"].recording.read())) as raw:
        green = (raw.raw_image[0::2, 1::2].astype(np.float32) - 512) / (0.36 * (16383 - 512))
        white = raw.camera_whitebalance

    # The JPEG's tone curve is the square root; away from clipping its square is the light.
    shown = (jpeg[0::2, 1::2, 1].astype(np.float32) / 255) ** 2
    middle = np.s_[200:400, 300:1000]
    assert shown[middle].mean() == pytest.approx(green[middle].mean(), rel=0.02)
    assert white[0] / white[1] == pytest.approx(1 / 0.52, rel=0.01)


def test_noise_rises_with_iso(darkroom: Darkroom) -> None:
    def noise(iso: str, shutter: str) -> float:
        picture = live(darkroom, view(iso=iso, shutter=shutter))[40:120, 40:200].astype(np.float32)
        return float((picture - cv2.GaussianBlur(picture, (0, 0), 4)).std())

    assert noise("6400", "1/4000") > 3 * noise("100", "1/60")


def test_the_scene_is_well_exposed_as_the_camera_starts(darkroom: Darkroom) -> None:
    picture = live(darkroom, view())

    assert 80 < picture.mean() < 130
    assert 0 < (picture == 255).mean() < 0.005


def test_four_stops_too_much_clip_the_bright_parts(darkroom: Darkroom) -> None:
    picture = live(darkroom, view(iso="1600"))

    assert (picture == 255).mean() > 0.5


@pytest.mark.parametrize("distance_m", sorted(TARGETS))
def test_focus_peaks_at_the_distance_of_the_target(darkroom: Darkroom, distance_m: float) -> None:
    distances = [0.5, 0.65, 0.8, 1.0, 1.25, 1.6, 1.9, 2.2, 3.0, 10.0]

    sharp = {
        m: sharpness(live(darkroom, view(m, aperture="1.8", shutter="1/500")), distance_m) for m in distances
    }

    assert max(sharp, key=lambda m: sharp[m]) == distance_m


def test_a_small_aperture_gives_more_depth(darkroom: Darkroom) -> None:
    wide = sharpness(live(darkroom, view(1.2, aperture="1.8", shutter="1/500")), 0.8)
    narrow = sharpness(live(darkroom, view(1.2, aperture="11", shutter="1/15")), 0.8)

    assert narrow > 4 * wide


def test_the_pendulum_moves_and_nothing_else(darkroom: Darkroom) -> None:
    first, later = (live(darkroom, view(), number).astype(np.int16) for number in (0, 15))

    changed = np.abs(cv2.GaussianBlur(later - first, (0, 0), 3)).max(axis=2) > 12
    rows, columns = np.nonzero(changed)

    assert changed.sum() > 200
    assert columns.min() > 0.42 * 680
    assert columns.max() < 0.73 * 680
    assert rows.min() > 0.4 * 680
    assert rows.max() < 0.76 * 680


def test_tungsten_balance_turns_daylight_blue(darkroom: Darkroom) -> None:
    neutral, blue = (
        live(darkroom, view(white_balance=name)).mean(axis=(0, 1)) for name in ("auto", "tungsten")
    )

    assert blue[2] / blue[0] > 1.4 * neutral[2] / neutral[0]


def test_a_seed_repeats_every_pixel(film: Film) -> None:
    frames = []
    for seed in (5, 5, 6):
        darkroom = Darkroom(film, seed, (1232, 820), (256, 170))
        frames.append((darkroom.live_frame(view(), 3), develop(darkroom, view(), 2)["JPG"].recording.read()))
        darkroom.close()

    assert frames[0] == frames[1]
    assert frames[0][0] != frames[2][0]
    assert frames[0][1] != frames[2][1]


@pytest.mark.parametrize(("size", "width"), [("medium", 1848), ("small", 1232)])
def test_a_smaller_jpeg_shows_the_same_picture(darkroom: Darkroom, size: str, width: int) -> None:
    large = pixels(develop(darkroom, view())["JPG"].recording.read())

    small = pixels(develop(darkroom, view(image_size=size))["JPG"].recording.read())

    assert small.shape[1] == width
    reduced = cv2.resize(large, (width, small.shape[0]), interpolation=cv2.INTER_AREA).astype(np.float32)
    difference = cv2.GaussianBlur(reduced - small, (0, 0), 2)
    assert np.abs(difference).max() < 25


def test_bulb_is_as_bright_as_it_was_long(darkroom: Darkroom) -> None:
    seen = view(shutter="Bulb", image_format="raw", iso="64", aperture="22")

    means = []
    for seconds in (0.25, 0.5):
        data = darkroom.develop(shot(seen, seconds=seconds))[0].recording.read()
        with rawpy.imread(io.BytesIO(data)) as raw:
            means.append(float(raw.raw_image.mean()) - 512)

    assert means[1] / means[0] == pytest.approx(2.0, rel=0.03)


def test_a_part_of_a_file_is_the_same_as_in_the_whole(darkroom: Darkroom) -> None:
    recording = develop(darkroom, view(image_format="raw"))["DNG"].recording
    whole = recording.read()

    assert recording.size_bytes == len(whole)
    for start, size in ((0, 10), (40_000, 500_000), (len(whole) - 7, 100), (len(whole), 5)):
        assert recording.read(start, size) == whole[start : start + size]


def test_film_uses_the_place_of_dead_pictures_again(film: Film) -> None:
    strip = film.write(b"x" * 50_000)
    place = strip._offset
    del strip

    again = film.write(b"y" * 49_000)

    assert again._offset == place
    assert again.read(0, 10) == b"y" * 10


def test_a_metered_view_is_what_the_dials_say() -> None:
    seen = view(exposure_mode="A", aperture="2.8")

    assert seen.settings.shutter.label == "1/250"
    assert replace(seen, focus_m=2.0).settings is seen.settings

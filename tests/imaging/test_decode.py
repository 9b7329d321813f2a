from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from dng_samples import dng_with_preview
from groundglass.errors import ImageError
from groundglass.imaging.color import ADOBE_RGB, ASSUMED_SRGB
from groundglass.imaging.decode import (
    PictureSource,
    decode_jpeg,
    load_picture,
    load_preview,
    upright,
)
from groundglass.imaging.thumbnail import quick_look, small_picture
from jpeg_samples import RARE_SAMPLING, jpeg, scene, with_extras, with_preview, with_tags


def by_pillow(data: bytes) -> np.ndarray:
    """Decode a second time, by another library, upright; BGR."""
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))[..., ::-1]


def difference(image: np.ndarray, other: np.ndarray) -> float:
    assert image.shape[:2] == other.shape[:2]
    return float(np.abs(image[..., :3].astype(int) - other[..., :3]).mean())


@pytest.mark.parametrize(
    "data",
    [
        jpeg(),
        jpeg(mode="L"),
        jpeg(mode="CMYK"),
        jpeg(progressive=True),
        jpeg(subsampling="4:4:4"),
        jpeg(subsampling="4:1:1"),
        jpeg(scene(1, 1)),
        jpeg(scene(17, 3)),
        RARE_SAMPLING,
    ],
    ids=["colour", "grey", "CMYK", "progressive", "444", "411", "1x1", "17x3", "3x1"],
)
def test_each_kind_of_jpeg_decodes_as_another_library_does(data: bytes) -> None:
    image = decode_jpeg(data)

    assert image.dtype == np.uint8
    assert image.shape[2] == 4
    assert image.flags.c_contiguous
    assert (image[..., 3] == 255).all()
    assert difference(image, by_pillow(data)) < 1.5


def test_inks_that_are_not_inverted_decode_too() -> None:
    inverted = jpeg(mode="CMYK")
    at = inverted.index(b"Adobe\0")
    plain = inverted[:at] + b"Other\0" + inverted[at + 6 :]

    image = decode_jpeg(plain)

    # The same numbers, read as amounts of ink instead of light.
    cyan, magenta, yellow, black = np.split(255 - _raw_inks(inverted).astype(int), 4, axis=-1)
    expected = np.concatenate([yellow * black, magenta * black, cyan * black], axis=-1) / 255
    assert difference(image, expected.round()) < 1.5


def _raw_inks(inverted: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(inverted)) as picture:
        return 255 - np.asarray(picture)  # Pillow turns Adobe's inks round


def test_every_cut_of_a_jpeg_is_an_error_and_never_half_a_picture() -> None:
    for data in (
        jpeg(),
        jpeg(progressive=True),
        jpeg(mode="L"),
        jpeg(mode="CMYK"),
        jpeg(subsampling="4:1:1"),
    ):
        for length in {*range(0, len(data), max(1, len(data) // 90)), *range(len(data) - 12, len(data))}:
            with pytest.raises(ImageError) as caught:
                decode_jpeg(data[:length])
            assert caught.value.hint


def test_damaged_jpegs_are_an_error_or_a_picture_and_never_a_crash() -> None:
    random = np.random.default_rng(7)
    data = jpeg(scene(160, 100))
    outcomes = set()
    for _ in range(400):
        damaged = bytearray(data)
        for at in random.integers(2, len(data), 4):
            damaged[at] = random.integers(0, 256)
        try:
            image = decode_jpeg(bytes(damaged))
        except ImageError:
            outcomes.add("refused")
        else:
            assert image.shape[2] == 4
            outcomes.add("decoded")
    assert outcomes == {"refused", "decoded"}


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"GIF89a" * 9, bytes(1000)])
def test_what_is_no_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(ImageError):
        decode_jpeg(data)


def test_a_header_that_claims_too_much_is_taken_for_damage() -> None:
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xea\x60\xea\x60"

    with pytest.raises(ImageError, match="60000 x 60000"):
        decode_jpeg(bytes(data))


def test_filler_before_the_end_is_no_damage_but_other_bytes_are() -> None:
    data = jpeg()
    padded = data[:-2] + bytes(5) + data[-2:]
    strange = data[:-2] + b"\x12\x34\x56" + data[-2:]

    assert np.array_equal(decode_jpeg(padded), decode_jpeg(data))
    with pytest.raises(ImageError):
        decode_jpeg(strange)


def test_a_smaller_picture_comes_from_the_dct_and_is_not_below_what_was_asked() -> None:
    data = jpeg(scene(1600, 1000))

    small = decode_jpeg(data, min_width=320, min_height=200)

    assert 320 <= small.shape[1] < 1600
    assert small.shape[0] * 8 == small.shape[1] * 5


def test_a_buffer_is_used_if_it_is_big_enough() -> None:
    data = jpeg()
    big, small = np.empty((200, 320, 4), np.uint8), np.empty((10, 10, 4), np.uint8)

    assert np.shares_memory(decode_jpeg(data, buffer=big), big)
    assert not np.shares_memory(decode_jpeg(data, buffer=small), small)
    assert np.array_equal(decode_jpeg(data, buffer=small), decode_jpeg(data))


def test_a_view_of_bytes_decodes() -> None:
    data = jpeg()

    assert np.array_equal(decode_jpeg(memoryview(data)), decode_jpeg(data))


def test_a_hundred_megapixels_decode() -> None:
    image = decode_jpeg(jpeg(np.full((10_000, 10_100, 3), 77, np.uint8)))

    assert image.shape == (10_000, 10_100, 4)
    assert int(image[-1, -1, 0]) == 77


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_upright_for_each_orientation(tmp_path: Path, orientation: int, order: str) -> None:
    data = with_extras(jpeg(), orientation, order=order)
    (tmp_path / "a.jpg").write_bytes(data)

    picture = load_picture(tmp_path / "a.jpg")

    assert picture.image.flags.c_contiguous
    assert (picture.full_height, picture.full_width) == picture.image.shape[:2]
    assert difference(picture.image, by_pillow(data)) < 1.5


def test_upright_turns_every_pixel_as_pillow_does() -> None:
    image = np.random.default_rng(1).integers(0, 256, (3, 5, 4), dtype=np.uint8)
    ways = Image.Transpose
    turned = {
        2: ways.FLIP_LEFT_RIGHT,
        3: ways.ROTATE_180,
        4: ways.FLIP_TOP_BOTTOM,
        5: ways.TRANSPOSE,
        6: ways.ROTATE_270,
        7: ways.TRANSVERSE,
        8: ways.ROTATE_90,
    }

    for orientation, way in turned.items():
        expected = np.asarray(Image.fromarray(image, "RGBA").transpose(way))
        assert np.array_equal(upright(image, orientation), expected), orientation


@pytest.mark.parametrize("max_edge", [5000, 320, 200, 100, 33, 1])
def test_a_picture_is_made_to_fit_and_never_enlarged(tmp_path: Path, max_edge: int) -> None:
    (tmp_path / "a.jpg").write_bytes(with_extras(jpeg(), 6))

    picture = load_picture(tmp_path / "a.jpg", max_edge)

    assert max(picture.image.shape[:2]) == min(320, max_edge)
    assert (picture.full_width, picture.full_height) == (200, 320)
    assert picture.source is PictureSource.JPEG


def test_the_preview_inside_a_jpeg_is_found_and_upright(tmp_path: Path) -> None:
    preview = jpeg(scene(1000, 625, seed=9))
    data = with_extras(with_preview(jpeg(scene(1600, 1000)), preview), 8, thumbnail=jpeg(scene(160, 100)))
    (tmp_path / "a.jpg").write_bytes(data)

    quick = load_preview(tmp_path / "a.jpg")
    shown = quick_look(tmp_path / "a.jpg")

    assert quick is not None
    assert quick.image.shape == (1000, 625, 4)
    assert (quick.full_width, quick.full_height) == (1000, 1600)
    assert quick.is_preview
    assert difference(quick.image, np.rot90(by_pillow(preview))) < 1.5
    assert shown is not None
    assert np.array_equal(shown.image, quick.image)


def test_a_jpeg_without_a_preview_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())

    assert load_preview(tmp_path / "a.jpg") is None
    assert quick_look(tmp_path / "a.jpg") is None


def test_a_damaged_preview_is_passed_over(tmp_path: Path) -> None:
    preview = jpeg(scene(800, 500))
    (tmp_path / "a.jpg").write_bytes(with_preview(jpeg(), preview)[:-100] + bytes(100))

    assert load_preview(tmp_path / "a.jpg") is None
    assert small_picture(tmp_path / "a.jpg", 100).image.shape == (62, 100, 4)


def test_the_bars_of_a_thumbnail_are_cut_off(tmp_path: Path) -> None:
    bars = np.zeros((120, 160, 3), np.uint8)
    bars[10:110] = scene(160, 100)
    (tmp_path / "a.jpg").write_bytes(with_extras(jpeg(), thumbnail=jpeg(bars)))

    small = small_picture(tmp_path / "a.jpg", 160).image

    assert small.shape == (100, 160, 4)
    assert difference(small, scene(160, 100)) < 4


def _raw_with(path: Path, preview: np.ndarray, orientation: int = 1) -> Path:
    size = preview.shape[1], preview.shape[0]
    path.write_bytes(dng_with_preview(np.full((400, 600), 900, np.uint16), jpeg(preview), size, orientation))
    return path


def test_the_bars_of_a_raw_preview_are_cut_off_and_smeared_edges_with_them(tmp_path: Path) -> None:
    bars = np.zeros((600, 800, 3), np.uint8)
    bars[33:566] = scene(800, 533)
    picture = load_picture(_raw_with(tmp_path / "a.dng", bars))

    assert picture.image.shape == (533, 800, 4)


def test_a_lamp_in_the_dark_is_no_bar(tmp_path: Path) -> None:
    night = np.zeros((800, 800, 3), np.uint8)
    night[20:30, 400:410] = 255

    assert load_picture(_raw_with(tmp_path / "a.dng", night)).image.shape == (800, 800, 4)


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("size", [(700, 700), (800, 600), (800, 450)])
def test_what_the_body_cropped_is_shown_whole(
    tmp_path: Path, size: tuple[int, int], orientation: int
) -> None:
    shown = scene(*size)
    picture = load_picture(_raw_with(tmp_path / "a.dng", shown, orientation))

    assert picture.source is PictureSource.RAW_PREVIEW
    assert difference(picture.image, np.rot90(shown, -1) if orientation == 6 else shown) < 4


@pytest.mark.parametrize(
    ("told", "is_adobe"),
    [
        ({}, False),
        ({"Exif.Photo.ColorSpace": "2"}, True),
        ({"Exif.Photo.ColorSpace": "65535"}, False),
        ({"Exif.Photo.ColorSpace": "65535", "Exif.Iop.InteroperabilityIndex": "R03"}, True),
        ({"Exif.Photo.ColorSpace": "1", "Exif.Iop.InteroperabilityIndex": "R98"}, False),
        ({"Exif.Photo.ColorSpace": "65535", "Exif.Canon.ColorSpace": "2"}, True),
        ({"Exif.Photo.ColorSpace": "1", "Exif.Canon.ColorSpace": "1"}, False),
    ],
)
def test_a_raw_preview_has_the_colours_that_its_file_names(
    tmp_path: Path, told: dict[str, str], is_adobe: bool
) -> None:
    path = _raw_with(tmp_path / "a.dng", scene(800, 533))
    path.write_bytes(with_tags(path.read_bytes(), tmp_path, {"Exif.Image.Make": "Canon", **told}))

    for picture in (load_picture(path), load_preview(path)):
        assert picture is not None
        assert picture.profile == (ADOBE_RGB if is_adobe else ASSUMED_SRGB)


def test_any_damage_to_the_extras_leaves_the_picture(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    data = with_extras(with_preview(jpeg(), jpeg(scene(80, 50))), 6, thumbnail=jpeg(scene(40, 25)))
    end = data.index(b"\xff\xdb", data.index(b"MPF\0"))
    for _ in range(300):
        damaged = bytearray(data)
        for at in random.integers(20, end - 4, 6):
            damaged[at] = random.integers(0, 256)
        (tmp_path / "a.jpg").write_bytes(damaged)
        try:
            picture = load_picture(tmp_path / "a.jpg")
        except ImageError:
            continue
        load_preview(tmp_path / "a.jpg")
        assert sorted(picture.image.shape[:2]) == [200, 320]


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n" + bytes(99), b"II*\0" + bytes(300)])
def test_a_file_that_is_no_picture_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(content)

    for load in (load_picture, load_preview):
        with pytest.raises(ImageError) as caught:
            load(tmp_path / "a.jpg")
        assert caught.value.hint


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="none"):
        load_picture(tmp_path / "none.jpg")
    with pytest.raises(ImageError, match="Could not read"):
        load_picture(tmp_path)

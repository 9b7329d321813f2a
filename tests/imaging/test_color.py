from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from groundglass.errors import ImageError
from groundglass.imaging.color import ADOBE_RGB, ASSUMED_SRGB, DISPLAY_P3, SRGB, convert, parse_profile
from groundglass.imaging.decode import load_picture, load_preview
from groundglass.imaging.tone import SRGB_LIGHT
from groundglass.virtual import tiff
from jpeg_samples import jpeg, scene, with_preview

SPACES = {"sRGB": SRGB, "Adobe RGB": ADOBE_RGB, "Display P3": DISPLAY_P3}
# Published primaries (x, y) and curve of each space; white is D65.
PRIMARIES = {
    "sRGB": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    "Adobe RGB": ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)),
    "Display P3": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}


def to_xyz(space: str) -> np.ndarray:
    columns = np.array([(x / y, 1, (1 - x - y) / y) for x, y in PRIMARIES[space]]).T
    white = np.array((0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290))
    return columns * np.linalg.solve(columns, white)


def expected(bgr: np.ndarray, source: str, target: str) -> np.ndarray:
    """Convert by the textbook, in floating point."""
    light = (bgr[:, ::-1] / 255) ** (563 / 256) if source == "Adobe RGB" else SRGB_LIGHT[bgr[:, ::-1]]
    there = np.clip(light @ (np.linalg.inv(to_xyz(target)) @ to_xyz(source)).T, 0, 1)
    if target == "Adobe RGB":
        codes = there ** (256 / 563)
    else:
        codes = np.where(there <= 0.0031308, there * 12.92, 1.055 * there ** (1 / 2.4) - 0.055)
    return 255 * codes[:, ::-1]


def bgrx(colors: np.ndarray) -> np.ndarray:
    return np.concatenate([colors, np.zeros((*colors.shape[:-1], 1))], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("target", SPACES)
@pytest.mark.parametrize("source", SPACES)
def test_colours_convert_as_the_textbook_says(source: str, target: str) -> None:
    colors = np.random.default_rng(1).integers(20, 256, (4000, 3))

    converted = convert(bgrx(colors)[None], SPACES[source], SPACES[target])

    difference = np.abs(converted[0, :, :3] - expected(colors, source, target))
    assert difference.max() <= 2.5
    assert difference.mean() < 0.5


@pytest.mark.parametrize("profile", SPACES.values(), ids=lambda one: one.name)
def test_grey_stays_grey_in_each_profile(profile: object) -> None:
    grey = bgrx(np.arange(256)[:, None].repeat(3, axis=1))[None]

    converted = convert(grey, profile, SRGB)[0, :, :3].astype(int)

    assert np.ptp(converted, axis=1).max() <= 1
    assert tuple(converted[0]) == (0, 0, 0)
    assert tuple(converted[255]) == (255, 255, 255)


def test_the_same_colours_are_not_touched() -> None:
    image = bgrx(scene())
    other_srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert convert(image, SRGB, SRGB) is image
    assert convert(image, parse_profile(other_srgb), SRGB) is image
    assert convert(image, ADOBE_RGB, ADOBE_RGB) is image


def test_a_picture_is_converted_in_its_own_place_band_by_band(monkeypatch: pytest.MonkeyPatch) -> None:
    image = bgrx(scene(301, 97))
    whole = convert(image, ADOBE_RGB, SRGB)
    monkeypatch.setattr("groundglass.imaging.color._BAND_PIXELS", 1000)

    again = convert(image, ADOBE_RGB, SRGB, out=image)

    assert again is image
    assert np.array_equal(again, whole)
    assert (again[..., 3] == 255).all()


def with_color(color_space: int | None, index: str | None) -> bytes:
    exif: dict[int, object] = {}
    if color_space is not None:
        exif[0xA001] = tiff.short(color_space)
    if index is not None:
        exif[0xA005] = {1: tiff.text(index)}
    body = b"Exif\0\0" + tiff.write([{34665: exif}])
    data = jpeg()
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


@pytest.mark.parametrize("profile", SPACES.values(), ids=lambda one: one.name)
def test_an_embedded_profile_is_honoured(tmp_path: Path, profile: object) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(icc_profile=profile.icc))

    found = load_picture(tmp_path / "a.jpg").profile

    assert (found.name, found.icc, found.is_assumed) == (profile.name, profile.icc, False)


@pytest.mark.parametrize(
    ("color_space", "index", "expected"),
    [
        (1, "R98", SRGB),
        (1, None, SRGB),
        (65535, "R03", ADOBE_RGB),
        (None, "R03", ADOBE_RGB),
        (2, None, ADOBE_RGB),
        (1, "R03", SRGB),
        (65535, None, ASSUMED_SRGB),
        (65535, "R98", ASSUMED_SRGB),
        (None, None, ASSUMED_SRGB),
    ],
)
def test_without_a_profile_exif_tells(
    tmp_path: Path, color_space: int | None, index: str | None, expected: object
) -> None:
    (tmp_path / "a.jpg").write_bytes(with_color(color_space, index))

    assert load_picture(tmp_path / "a.jpg").profile == expected


def test_a_profile_goes_before_exif(tmp_path: Path) -> None:
    plain, adobe = jpeg(icc_profile=DISPLAY_P3.icc), with_color(65535, "R03")
    exif_bytes = 2 + int.from_bytes(adobe[4:6], "big")
    (tmp_path / "a.jpg").write_bytes(plain[:2] + adobe[2 : 2 + exif_bytes] + plain[2:])

    assert load_picture(tmp_path / "a.jpg").profile.name == "Display P3"


def test_a_picture_without_any_word_counts_as_srgb(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())

    found = load_picture(tmp_path / "a.jpg").profile

    assert (found.name, found.is_assumed) == ("sRGB", True)


def test_a_preview_is_in_the_colours_of_its_picture(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(with_preview(jpeg(icc_profile=ADOBE_RGB.icc), jpeg(scene(160, 100))))

    preview = load_preview(tmp_path / "a.jpg")

    assert preview is not None
    assert preview.profile.name == "Adobe RGB (1998)"


@pytest.mark.parametrize(
    "icc",
    [b"no profile", SRGB.icc[:200], bytes(600), SRGB.icc.replace(b"RGB XYZ ", b"CMYKLab ")],
    ids=["text", "cut", "zeros", "CMYK"],
)
def test_a_profile_that_can_not_be_used_counts_as_none_and_says_so(tmp_path: Path, icc: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(icc_profile=icc))

    assert load_picture(tmp_path / "a.jpg").profile.is_assumed
    with pytest.raises(ImageError, match="profile"):
        parse_profile(icc)


def test_a_profile_with_a_missing_part_counts_as_none(tmp_path: Path) -> None:
    data = bytearray(jpeg(icc_profile=SRGB.icc + bytes(70_000)))
    at = data.index(b"ICC_PROFILE\0")
    assert data[at + 13] == 2
    data[at + 12] = 3

    (tmp_path / "a.jpg").write_bytes(bytes(data))

    assert load_picture(tmp_path / "a.jpg").profile.is_assumed


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_inks_and_greys_with_a_profile_of_their_own_are_shown(tmp_path: Path, mode: str) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(mode=mode, icc_profile=SRGB.icc.replace(b"RGB XYZ ", b"GRAYXYZ ")))

    picture = load_picture(tmp_path / "a.jpg")

    assert picture.image.shape == (200, 320, 4)
    assert picture.profile.is_assumed


def test_other_programs_read_our_profiles() -> None:
    for space in SPACES.values():
        opened = ImageCms.getOpenProfile(io.BytesIO(space.icc))
        assert ImageCms.getProfileDescription(opened).strip() == space.name
        shown = ImageCms.profileToProfile(Image.new("RGB", (2, 2), (200, 200, 200)), opened, opened)
        assert shown is not None
        assert shown.getpixel((0, 0)) == (200, 200, 200)

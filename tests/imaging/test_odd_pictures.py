"""What cameras never write: told in words or shown right, and never a wrong figure in silence."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dng_samples import BAYERS, X_TRANS, dng, dng_with_preview
from groundglass.errors import ImageError
from groundglass.imaging.decode import PictureSource, load_picture
from groundglass.imaging.exposure_tools import clipping
from groundglass.imaging.histogram import rgb_histogram
from groundglass.imaging.raw import raw_histogram
from groundglass.imaging.raw_light import raw_light
from jpeg_samples import jpeg, scene, with_extras


def _tagged(kind: int, number: int, value: bytes) -> bytes:
    """Return a JPEG of 320x200 with an orientation of any type."""
    tiff = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHI", 0x112, kind, number)
    body = b"Exif\0\0" + tiff + value.ljust(4, b"\0") + struct.pack("<I", 0)
    data = jpeg()
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


@pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
def test_an_orientation_that_does_not_exist_is_passed_over(tmp_path: Path, orientation: int) -> None:
    (tmp_path / "a.jpg").write_bytes(with_extras(jpeg(), orientation))

    assert load_picture(tmp_path / "a.jpg").image.shape == (200, 320, 4)


@pytest.mark.parametrize(
    ("kind", "number", "value"),
    [
        (2, 2, b"6\0"),  # a text
        (5, 1, b"\xff\0\0\0"),  # a fraction beyond the file
        (12, 1, b"\xff\xff\xff\xff"),  # a float
        (3, 0, b"\x06\0"),  # none of them
        (3, 9999, b"\x06\0\0\0"),
        (0, 1, b"\x06\0"),
        (65535, 1, b"\x06\0"),
    ],
)
def test_an_orientation_of_another_type_is_passed_over(
    tmp_path: Path, kind: int, number: int, value: bytes
) -> None:
    (tmp_path / "a.jpg").write_bytes(_tagged(kind, number, value))

    assert load_picture(tmp_path / "a.jpg").image.shape == (200, 320, 4)


def _preview_only(orientation: str) -> bytes:
    """Return a file that LibRaw refuses and exiv2 finds a preview in."""
    preview = jpeg(scene(800, 500))
    value = orientation.encode() + b"\0"
    tags = [
        (256, 4, 1, struct.pack("<I", 1)),
        (257, 4, 1, struct.pack("<I", 1)),
        (274, 2, len(value), value.ljust(4, b"\0")),
        (513, 4, 1, struct.pack("<I", 200)),
        (514, 4, 1, struct.pack("<I", len(preview))),
    ]
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    for tag, kind, number, content in tags:
        head += struct.pack("<HHI", tag, kind, number) + content
    return head.ljust(200, b"\0") + preview


@pytest.mark.parametrize("orientation", ["", "0", "9", "12", "678", "x"])
def test_a_raw_that_can_not_be_read_shows_its_preview_and_says_so(tmp_path: Path, orientation: str) -> None:
    path = tmp_path / "a.nef"
    path.write_bytes(_preview_only(orientation))

    picture = load_picture(path)

    assert picture.image.shape == (500, 800, 4)
    assert picture.source is PictureSource.RAW_PREVIEW
    assert picture.note == "preview of the RAW"
    assert rgb_histogram(picture.image).pixels == 500 * 800
    with pytest.raises(ImageError):
        raw_histogram(path)


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (96, 64)])
def test_grey_and_cmyk_are_counted_as_shown_and_cmyk_says_so(
    tmp_path: Path, mode: str, size: tuple[int, int]
) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(np.full((size[1], size[0], 3), 180, np.uint8), mode=mode))

    picture = load_picture(tmp_path / "a.jpg")

    counts = rgb_histogram(picture.image)
    assert counts.pixels == size[0] * size[1]
    assert abs(counts.mean("luma") - 180) < 3
    assert clipping(counts).worst_highlight == 0
    assert picture.note == ("CMYK, turned into RGB" if mode == "CMYK" else "")


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        (None, ["grey"]),
        (X_TRANS, ["red", "green", "blue"]),
        (BAYERS["GRBG"], ["red", "green 1", "green 2", "blue"]),
    ],
)
def test_any_filter_has_its_headroom_and_a_picture_that_says_what_it_is(
    tmp_path: Path, pattern: tuple[tuple[int, ...], ...] | None, names: list[str]
) -> None:
    values = np.full((60, 90), 512 + 3583 // 4)  # two stops below saturation
    (tmp_path / "a.dng").write_bytes(dng(values, pattern))

    light, picture = raw_light(tmp_path / "a.dng"), load_picture(tmp_path / "a.dng")

    assert [one.name for one in light.headroom.channels] == names
    assert light.headroom.ev == pytest.approx(2.0, abs=0.01)
    assert picture.note == "RAW, developed"


def test_the_figures_of_a_preview_are_told_beside_those_of_the_sensor(tmp_path: Path) -> None:
    preview = jpeg(np.full((500, 750, 3), 90, np.uint8))
    (tmp_path / "a.dng").write_bytes(
        dng_with_preview(np.full((400, 600), 512 + 3968, np.uint16), preview, (750, 500))
    )

    picture, light = load_picture(tmp_path / "a.dng"), raw_light(tmp_path / "a.dng")

    assert picture.note == "preview of the RAW"
    assert rgb_histogram(picture.image).pixels == 500 * 750
    assert light.headroom.ev == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 5), (1, 4000)])
def test_a_raw_too_small_to_be_one_is_refused_in_words(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "a.dng").write_bytes(dng(np.full(size, 700), BAYERS["RGGB"]))

    with pytest.raises(ImageError, match=r"a\.dng"):
        raw_histogram(tmp_path / "a.dng")


def test_a_profile_that_is_missing_or_damaged_counts_as_srgb_and_says_so(tmp_path: Path) -> None:
    for name, options in (("none", {}), ("bad", {"icc_profile": b"no profile" * 20})):
        (tmp_path / f"{name}.jpg").write_bytes(jpeg(**options))

        profile = load_picture(tmp_path / f"{name}.jpg").profile

        assert (profile.name, profile.is_assumed) == ("sRGB", True)


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_hundred_megapixels_need_little_more_than_their_pixels(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(with_extras(jpeg(np.full((9_000, 12_000, 3), 77, np.uint8)), orientation=orientation))
    program = (
        "import resource, sys; from pathlib import Path;"
        "from groundglass.desktop.pictures import whole_picture, glance;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "glance(Path(sys.argv[1]), 1600, 1000); whole = whole_picture(Path(sys.argv[1]));"
        "print(whole.histogram.pixels, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True, timeout=60
    )

    pixels, more_kb = map(int, done.stdout.split())
    assert pixels == 108_000_000
    assert more_kb * 1024 < 1.3 * 3 * pixels

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import rawpy

from groundglass.errors import ImageError
from groundglass.imaging import raw as module
from groundglass.imaging.decode import PictureSource, embedded_preview, load_picture, load_preview
from groundglass.imaging.raw import raw_histogram
from groundglass.imaging.thumbnail import thumbnail
from jpeg_samples import jpeg

SAMPLES = Path(__file__).parents[3] / "shared" / "raw-samples"


def sample(name: str) -> Path:
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"{name} is not here")
    return path


def dng(
    pixels: np.ndarray, pattern: tuple[tuple[int, ...], ...] | None, black: int = 512, white: int = 4095
) -> bytes:
    """Write sensor values as an uncompressed DNG; the pattern's numbers are 0 red, 1 green, 2 blue."""
    height, width = pixels.shape
    strip = pixels.astype("<u2").tobytes()
    tags: dict[int, tuple[int, bytes]] = {
        254: (4, struct.pack("<I", 0)),
        256: (4, struct.pack("<I", width)),
        257: (4, struct.pack("<I", height)),
        258: (3, struct.pack("<H", 16)),
        259: (3, struct.pack("<H", 1)),
        262: (3, struct.pack("<H", 34892 if pattern is None else 32803)),
        271: (2, b"Test\0"),
        272: (2, b"Test\0"),
        273: (4, struct.pack("<I", 0)),
        274: (3, struct.pack("<H", 1)),
        277: (3, struct.pack("<H", 1)),
        278: (4, struct.pack("<I", height)),
        279: (4, struct.pack("<I", len(strip))),
        50706: (1, bytes((1, 4, 0, 0))),
        50708: (2, b"Test\0"),
        50714: (4, struct.pack("<I", black)),
        50717: (4, struct.pack("<I", white)),
        50721: (10, struct.pack("<18i", *(1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1))),
        50778: (3, struct.pack("<H", 21)),
    }
    if pattern is not None:
        tags[33421] = (3, struct.pack("<HH", len(pattern), len(pattern[0])))
        tags[33422] = (1, bytes(value for row in pattern for value in row))
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 10: 8}
    start = 8 + 2 + 12 * len(tags) + 4
    tail = b""
    strip_at = start + sum(len(value) + len(value) % 2 for _, value in tags.values() if len(value) > 4)
    out = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    for tag in sorted(tags):
        kind, value = tags[tag]
        if tag == 273:
            value = struct.pack("<I", strip_at)
        out += struct.pack("<HHI", tag, kind, len(value) // sizes[kind])
        if len(value) <= 4:
            out += value.ljust(4, b"\0")
        else:
            out += struct.pack("<I", start + len(tail))
            tail += value + bytes(len(value) % 2)
    return out + struct.pack("<I", 0) + tail + strip


BAYERS = {
    "RGGB": ((0, 1), (1, 2)),
    "BGGR": ((2, 1), (1, 0)),
    "GRBG": ((1, 0), (2, 1)),
    "GBRG": ((1, 2), (0, 1)),
}
X_TRANS = (
    (1, 1, 0, 1, 1, 2),
    (1, 1, 2, 1, 1, 0),
    (2, 0, 1, 0, 2, 1),
    (1, 1, 2, 1, 1, 0),
    (1, 1, 0, 1, 1, 2),
    (0, 2, 1, 2, 0, 1),
)


def assert_exact(path: Path) -> None:
    """Compare with a count of every pixel by the colour that LibRaw says it has."""
    counted = raw_histogram(path)
    with rawpy.imread(str(path)) as file:
        visible, colors = file.raw_image_visible, file.raw_colors_visible
        total = 0
        for color, name in enumerate(("red", "green 1", "blue", "green 2")):
            expected = np.bincount(visible[colors == color], minlength=1 << 16)
            found = counted.channel(name) or counted.channel(name.split()[0])
            total += int(expected.sum())
            if expected.any():
                assert found is not None
                assert np.array_equal(found.counts, expected), name
    assert sum(one.pixels for one in counted.channels) == total == counted.width * counted.height


@pytest.mark.parametrize("size", [(64, 96), (65, 97), (67, 94)])
@pytest.mark.parametrize("filter_name", BAYERS)
def test_counts_are_exact_for_each_bayer_order(
    tmp_path: Path, filter_name: str, size: tuple[int, int]
) -> None:
    values = np.random.default_rng(1).integers(0, 4096, size)
    (tmp_path / "a.dng").write_bytes(dng(values, BAYERS[filter_name]))

    assert_exact(tmp_path / "a.dng")


def test_each_colour_is_counted_as_itself(tmp_path: Path) -> None:
    values = np.zeros((40, 60), int)
    values[0::2, 0::2], values[0::2, 1::2], values[1::2, 0::2], values[1::2, 1::2] = 1000, 2000, 2100, 4095
    (tmp_path / "a.dng").write_bytes(dng(values, BAYERS["RGGB"]))

    counted = raw_histogram(tmp_path / "a.dng")

    assert [(one.name, one.mean_above_black, one.saturated_share) for one in counted.channels] == [
        ("red", 488.0, 0.0),
        ("green 1", 1488.0, 0.0),
        ("green 2", 1588.0, 0.0),
        ("blue", 3583.0, 1.0),
    ]
    assert {(one.black, one.white, one.pixels) for one in counted.channels} == {(512, 4095, 600)}


@pytest.mark.parametrize("size", [(60, 90), (61, 95), (64, 93)])
def test_counts_are_exact_for_a_pattern_of_six_by_six(size: tuple[int, int]) -> None:
    values = np.random.default_rng(2).integers(0, 1 << 16, size).astype(np.uint16)
    pattern = np.array(X_TRANS, np.uint8)
    colors = np.tile(pattern, (20, 20))[: size[0], : size[1]]

    counts = module._count_sites(values, pattern)

    for color in range(3):
        assert np.array_equal(counts[color], np.bincount(values[colors == color], minlength=1 << 16))


def test_counts_stay_exact_over_many_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BAND_PIXELS", 500)
    values = np.random.default_rng(3).integers(0, 1 << 16, (101, 77)).astype(np.uint16)

    counts = module._count_sites(values[1:, 2:], np.array(BAYERS["GRBG"], np.uint8))

    assert np.array_equal(counts[0], np.bincount(values[1::2, 3::2].ravel(), minlength=1 << 16))
    assert sum(int(one.sum()) for one in counts.values()) == 100 * 75


def test_a_sensor_without_a_filter_has_one_channel(tmp_path: Path) -> None:
    values = np.random.default_rng(4).integers(0, 4096, (50, 70))
    (tmp_path / "a.dng").write_bytes(dng(values, None))

    counted = raw_histogram(tmp_path / "a.dng")

    assert [one.name for one in counted.channels] == ["grey"]
    assert np.array_equal(counted.channels[0].counts, np.bincount(values.ravel(), minlength=1 << 16))


def test_a_raw_without_a_preview_is_developed(tmp_path: Path) -> None:
    values = np.full((400, 600), 2000)
    (tmp_path / "a.dng").write_bytes(dng(values, BAYERS["RGGB"]))

    picture = load_picture(tmp_path / "a.dng")

    assert load_preview(tmp_path / "a.dng") is None
    assert picture.source is PictureSource.RAW
    assert (picture.full_width, picture.full_height) == (600, 400)
    assert picture.image.shape == (200, 300, 4)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_raw_is_told(tmp_path: Path, share: float) -> None:
    data = dng(np.full((400, 600), 2000), BAYERS["RGGB"])
    (tmp_path / "a.dng").write_bytes(data[: int(len(data) * share)])

    with pytest.raises(ImageError) as caught:
        raw_histogram(tmp_path / "a.dng")

    assert caught.value.hint


@pytest.mark.parametrize("content", [b"", b"no picture at all", bytes(5000), jpeg()])
def test_what_is_no_raw_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.nef").write_bytes(content)

    with pytest.raises(ImageError):
        raw_histogram(tmp_path / "a.nef")


@pytest.mark.parametrize("name", ["colorchart.dng", "imagemeta_CRW.CRW"])
def test_counts_are_exact_on_files_of_real_cameras(name: str) -> None:
    assert_exact(sample(name))


def test_levels_are_those_of_the_real_camera() -> None:
    counted = raw_histogram(sample("imagemeta_CRW.CRW"))

    assert {one.name: one.black for one in counted.channels} == {
        "red": 127,
        "green 1": 128,
        "green 2": 128,
        "blue": 128,
    }
    assert {one.white for one in counted.channels} == {4095}


@pytest.mark.parametrize(
    ("name", "shape"),
    [("imagemeta_CRW.CRW", (960, 1440)), ("Canon-R6-pruned.CR3", (1080, 1620))],
)
def test_the_preview_of_a_real_raw_is_shown(name: str, shape: tuple[int, int]) -> None:
    picture = load_picture(sample(name))

    assert picture.source is PictureSource.RAW_PREVIEW
    assert picture.image.shape == (*shape, 4)
    assert (embedded_preview(sample(name)) or b"").startswith(b"\xff\xd8")
    assert max(thumbnail(sample(name), 160).shape) == 160


@pytest.mark.parametrize("name", ["Canon-R6-pruned.CR3", "Issue247-2.nef"])
def test_a_raw_that_can_not_be_read_is_told_in_words(name: str) -> None:
    with pytest.raises(ImageError, match=r"can not be read|no JPEG") as caught:
        raw_histogram(sample(name))

    assert caught.value.hint

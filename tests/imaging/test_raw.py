from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rawpy

from dng_samples import BAYERS, X_TRANS, dng
from groundglass.errors import ImageError
from groundglass.imaging.decode import PictureSource, load_picture, load_preview
from groundglass.imaging.headroom import headroom
from groundglass.imaging.raw import _is_made_up, raw_histogram
from groundglass.imaging.thumbnail import small_picture
from jpeg_samples import jpeg

SAMPLES = Path(__file__).parents[3] / "shared" / "raw-samples"


def sample(name: str) -> Path:
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"{name} is not here")
    return path


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
def test_counts_are_exact_for_a_pattern_of_six_by_six(tmp_path: Path, size: tuple[int, int]) -> None:
    values = np.random.default_rng(2).integers(0, 4096, size)
    colors = np.tile(np.array(X_TRANS), (20, 20))[: size[0], : size[1]]
    (tmp_path / "a.dng").write_bytes(dng(values, X_TRANS))

    counted = raw_histogram(tmp_path / "a.dng")

    assert [one.name for one in counted.channels] == ["red", "green", "blue"]
    for color, channel in enumerate(counted.channels):
        assert np.array_equal(channel.counts, np.bincount(values[colors == color], minlength=1 << 16))


@pytest.mark.parametrize("margins", [(0, 0), (2, 4), (1, 3), (6, 6), (12, 18), (8, 14), (25, 31)])
@pytest.mark.parametrize("pattern", [BAYERS["RGGB"], BAYERS["GBRG"], X_TRANS], ids=["RGGB", "GBRG", "6x6"])
def test_each_colour_is_counted_as_itself_beside_a_margin(
    tmp_path: Path, pattern: tuple[tuple[int, ...], ...], margins: tuple[int, int]
) -> None:
    top, left = margins
    visible = np.tile(np.array(pattern), (30, 45))[:60, :90]
    values = np.full((60 + top, 90 + left), 3000)
    values[top:, left:] = np.array((1000, 1500, 2000))[visible]
    (tmp_path / "a.dng").write_bytes(dng(values, pattern, visible=(top, left, 60 + top, 90 + left)))

    counted = raw_histogram(tmp_path / "a.dng")

    for name, value in (("red", 1000), ("green", 1500), ("green 1", 1500), ("green 2", 1500), ("blue", 2000)):
        channel = counted.channel(name)
        assert channel is None or np.flatnonzero(channel.counts).tolist() == [value], name
    assert sum(one.pixels for one in counted.channels) == counted.width * counted.height


@pytest.mark.parametrize(
    ("limits", "white", "is_made_up"),
    [
        ([15311] * 4, 16383, True),
        ([3827] * 4, 4095, True),
        ([15311, 15311, 15311, 15200], 16383, False),
        ([15360] * 4, 16383, False),
        ([16383] * 4, 16383, False),
        ([], 16383, False),
    ],
)
def test_a_limit_that_no_file_named_is_known_by_its_share(
    limits: list[int], white: int, is_made_up: bool
) -> None:
    assert _is_made_up(limits, white) == is_made_up


def test_each_channel_has_its_own_black_level(tmp_path: Path) -> None:
    values = np.full((40, 60), 2000)
    (tmp_path / "a.dng").write_bytes(dng(values, BAYERS["RGGB"], black=(500, 510, 520, 530)))

    counted = raw_histogram(tmp_path / "a.dng")

    assert [one.black for one in counted.channels] == [500, 510, 520, 530]


@pytest.mark.parametrize(("black", "white"), [(5000, 4095), (4095, 4095)])
def test_levels_that_make_no_sense_are_told(tmp_path: Path, black: int, white: int) -> None:
    (tmp_path / "a.dng").write_bytes(dng(np.full((40, 60), 2000), BAYERS["RGGB"], black, white))

    with pytest.raises(ImageError, match="levels"):
        raw_histogram(tmp_path / "a.dng")


def test_a_sensor_without_a_filter_has_one_channel(tmp_path: Path) -> None:
    values = np.random.default_rng(4).integers(0, 4096, (50, 70))
    (tmp_path / "a.dng").write_bytes(dng(values, None))

    counted = raw_histogram(tmp_path / "a.dng")

    assert [one.name for one in counted.channels] == ["grey"]
    assert np.array_equal(counted.channels[0].counts, np.bincount(values.ravel(), minlength=1 << 16))
    assert (counted.channels[0].black, counted.channels[0].white) == (512, 4095)


def test_a_raw_without_a_preview_is_developed(tmp_path: Path) -> None:
    values = np.full((400, 600), 2000)
    (tmp_path / "a.dng").write_bytes(dng(values, BAYERS["RGGB"]))

    picture = load_picture(tmp_path / "a.dng")

    assert load_preview(tmp_path / "a.dng") is None
    assert picture.source is PictureSource.RAW
    assert (picture.full_width, picture.full_height) == (600, 400)
    assert picture.image.shape == (200, 300, 4)


def test_a_developed_raw_is_as_bright_as_it_was_exposed(tmp_path: Path) -> None:
    means = []
    for value in (1000, 1488):
        (tmp_path / "a.dng").write_bytes(dng(np.full((400, 600), value), BAYERS["RGGB"]))
        means.append(float(load_picture(tmp_path / "a.dng").image[..., 1].mean()))

    assert means[0] + 20 < means[1] < 200


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
    assert max(small_picture(sample(name), 160).image.shape) == 160


@pytest.mark.parametrize("name", ["Canon-R6-pruned.CR3", "Issue247-2.nef"])
def test_a_raw_that_can_not_be_read_is_told_in_words(name: str) -> None:
    with pytest.raises(ImageError, match=r"cannot be read|no JPEG") as caught:
        raw_histogram(sample(name))

    assert caught.value.hint


def test_a_real_camera_that_is_full_below_its_white_is_found_out() -> None:
    counted = raw_histogram(sample("imagemeta_CRW.CRW"))

    told = headroom(counted)

    assert all(3790 <= one.saturates_at <= 3812 for one in counted.channels)
    assert told.is_estimate
    assert told.ev < 0
    assert max(one.saturated_share for one in told.channels) == pytest.approx(0.0192, abs=0.001)


def test_a_real_picture_that_is_not_clipped_keeps_its_white() -> None:
    counted = raw_histogram(sample("colorchart.dng"))

    assert {one.saturates_at for one in counted.channels} == {15000}
    assert headroom(counted).words == "+0.7 EV before green clips"

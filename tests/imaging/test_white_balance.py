from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dng_samples import X_TRANS, dng
from groundglass.errors import ImageError, UsageError
from groundglass.imaging import color
from groundglass.imaging.exposure_tools import spot_meter
from groundglass.imaging.overlay import Area
from groundglass.imaging.space import space_of
from groundglass.imaging.white_balance import Pick, is_even, kelvin_of, light_xyz, raw_pick
from groundglass.virtual.sensor import light_color

_KELVINS = (2500, 2850, 3200, 4000, 5200, 6500, 8000, 10000)


def _cast(light_k: float, balanced_k: float, grey: float = 0.3) -> tuple[float, float, float]:
    """Return grey in one light in a picture balanced for another; by another approximation than ours."""
    light, white = light_color(light_k), light_color(balanced_k)
    red, green, blue = (grey * one / other for one, other in zip(light, white, strict=True))
    return red, green, blue


@pytest.mark.parametrize("kelvin", _KELVINS)
def test_the_black_body_lies_where_the_tables_put_it(kelvin: int) -> None:
    # CIE 1931 chromaticities of the Planckian locus.
    tables = {
        2500: (0.4770, 0.4137),
        2850: (0.4478, 0.4075),
        3200: (0.4234, 0.3990),
        4000: (0.3805, 0.3768),
        5200: (0.3399, 0.3490),
        6500: (0.3135, 0.3237),
        8000: (0.2952, 0.3048),
        10000: (0.2807, 0.2884),
    }

    xyz = light_xyz(kelvin)

    x, y = (float(one) for one in xyz[:2] / xyz.sum())
    assert (x, y) == pytest.approx(tables[kelvin], abs=0.004)


@pytest.mark.parametrize("light_k", [2800, 3200, 4000, 5200, 6500, 9000])
@pytest.mark.parametrize("balanced_k", [3000, 5200, 7000])
def test_grey_tells_the_light_whatever_the_picture_was_balanced_for(light_k: int, balanced_k: int) -> None:
    found = kelvin_of(Pick(*_cast(light_k, balanced_k)), balanced_k)

    assert found == pytest.approx(light_k, rel=0.02)


@pytest.mark.parametrize("light_k", [3000, 4200, 6500])
def test_the_codes_of_a_picture_are_turned_into_light_first(light_k: int) -> None:
    light = np.array(_cast(light_k, 5200, grey=0.25))
    codes = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055) * 255
    image = np.zeros((40, 60, 4), np.uint8)
    image[:, :, :3] = np.round(codes[::-1])

    spot = spot_meter(image, Area(0.2, 0.2, 0.6, 0.6))

    assert kelvin_of(Pick(*spot.light), 5200) == pytest.approx(light_k, rel=0.02)


@pytest.mark.parametrize("light_k", [3000, 4200, 8000])
def test_grey_in_adobe_rgb_tells_the_same_light(light_k: int) -> None:
    light = np.array(_cast(light_k, 5200, grey=0.25))
    codes = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055) * 255
    image = np.full((40, 60, 4), 255, np.uint8)
    image[:, :, :3] = np.round(codes[::-1])
    adobe = color.convert(image, color.SRGB, color.ADOBE_RGB)

    spot = spot_meter(adobe, Area(), space_of(color.ADOBE_RGB))

    in_srgb = kelvin_of(Pick(*spot_meter(image, Area()).light), 5200)
    assert kelvin_of(Pick(*spot.light, 0.0, spot.space.from_xyz), 5200) == pytest.approx(in_srgb, rel=0.03)


@pytest.mark.parametrize(
    ("pick", "word"),
    [
        (Pick(0.3, 0.3, 0.3, clipped_share=0.2), "clipped"),
        (Pick(0.001, 0.3, 0.3), "dark"),
        (Pick(0.2, 0.6, 0.2), "coloured"),
        (Pick(0.6, 0.2, 0.6), "coloured"),
        (Pick(0.9, 0.2, 0.02), "coloured"),
    ],
)
def test_what_is_not_grey_is_refused_with_the_reason(pick: Pick, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        kelvin_of(pick, 5200)


def test_a_picture_that_does_not_tell_its_balance_is_refused() -> None:
    with pytest.raises(UsageError, match="does not say"):
        kelvin_of(Pick(0.3, 0.3, 0.3), None)


def test_a_raw_file_is_read_in_its_own_primaries_over_its_black_level(tmp_path: Path) -> None:
    pixels = np.full((40, 60), 512, np.uint16)
    left = pixels[:, :30]
    left[::2, ::2], left[::2, 1::2], left[1::2, ::2], left[1::2, 1::2] = 612, 912, 912, 712
    path = tmp_path / "grey.dng"
    path.write_bytes(dng(pixels, ((0, 1), (1, 2)), neutral=(0.5, 1.0, 0.5)))

    pick = raw_pick(path, Area(0.1, 0.1, 0.4, 0.9))

    assert pick.red / pick.green == pytest.approx(0.5, rel=1e-3)  # 100 of 400, which counts double
    assert pick.blue / pick.green == pytest.approx(1.0, rel=1e-3)  # 200 of 400


def test_a_spot_over_two_colours_is_not_even_and_one_over_two_greys_is() -> None:
    rng = np.random.default_rng(1)
    greys = np.full((200, 300, 4), 60, np.int64)
    greys[:, 150:] = 200
    greys += rng.integers(-8, 9, greys.shape)  # noise
    colors = greys.copy()
    colors[:, :150, :3] = 100, 120, 150
    colors[:, 150:, :3] = 150, 120, 100

    assert is_even(greys.astype(np.uint8), Area(0.48, 0.4, 0.53, 0.6))
    assert not is_even(colors.astype(np.uint8), Area(0.48, 0.4, 0.53, 0.6))
    assert is_even(colors.astype(np.uint8), Area(0.1, 0.4, 0.4, 0.6))


def test_a_raw_file_tells_whether_what_is_picked_is_even(tmp_path: Path) -> None:
    pixels = np.full((40, 60), 912, np.uint16)
    pixels[::2, :30:2] = 612  # red, at the left
    path = tmp_path / "two.dng"
    path.write_bytes(dng(pixels, ((0, 1), (1, 2)), neutral=(1.0, 1.0, 1.0)))

    assert raw_pick(path, Area(0.1, 0.1, 0.4, 0.9)).is_even
    assert raw_pick(path, Area(0.6, 0.1, 0.9, 0.9)).is_even
    assert not raw_pick(path, Area(0.3, 0.1, 0.7, 0.9)).is_even


@pytest.mark.parametrize(
    ("orientation", "seen"),  # where the upper left quarter of the sensor is seen
    [
        (1, Area(0.05, 0.05, 0.45, 0.45)),
        (3, Area(0.55, 0.55, 0.95, 0.95)),
        (6, Area(0.55, 0.05, 0.95, 0.45)),
        (8, Area(0.05, 0.55, 0.45, 0.95)),
    ],
)
def test_the_spot_is_found_on_a_sensor_that_stood_upright(
    tmp_path: Path, orientation: int, seen: Area
) -> None:
    pixels = np.full((40, 60), 600, np.uint16)
    pixels[:20, :30] = 2512
    path = tmp_path / "upright.dng"
    path.write_bytes(dng(pixels, ((0, 1), (1, 2)), neutral=(1.0, 1.0, 1.0), orientation=orientation))

    pick = raw_pick(path, seen)

    assert pick.green == pytest.approx(2000 / 4095, rel=1e-3)


@pytest.mark.parametrize(
    ("orientation", "aspect", "seen"),  # where the upper left quarter of the middle is seen
    [
        (1, 1.0, Area(0.1, 0.1, 0.4, 0.4)),
        (1, 2.0, Area(0.1, 0.1, 0.4, 0.4)),
        (6, 1.0, Area(0.6, 0.1, 0.9, 0.4)),
        (8, 1.0, Area(0.1, 0.6, 0.4, 0.9)),
    ],
)
def test_the_spot_is_found_in_a_picture_that_the_camera_has_cropped(
    tmp_path: Path, orientation: int, aspect: float, seen: Area
) -> None:
    pixels = np.full((40, 60), 600, np.uint16)
    inside = np.s_[:20, 10:30] if aspect == 1.0 else np.s_[5:20, :30]
    pixels[inside] = 2512
    path = tmp_path / "cropped.dng"
    path.write_bytes(dng(pixels, ((0, 1), (1, 2)), neutral=(1.0, 1.0, 1.0), orientation=orientation))

    pick = raw_pick(path, seen, aspect)

    assert pick.green == pytest.approx(2000 / 4095, rel=1e-3)


def test_the_colours_of_a_raw_file_are_its_own_beside_a_margin(tmp_path: Path) -> None:
    colors = np.tile(np.array(X_TRANS), (10, 15))
    pixels = np.full((72, 108), 512, np.uint16)
    pixels[12:, 18:] = np.array((612, 912, 712))[colors]
    path = tmp_path / "margin.dng"
    path.write_bytes(dng(pixels, X_TRANS, neutral=(1.0, 1.0, 1.0), visible=(12, 18, 72, 108)))

    pick = raw_pick(path, Area(0.3, 0.3, 0.6, 0.6))

    assert (pick.red, pick.green, pick.blue) == pytest.approx((100 / 4095, 400 / 4095, 200 / 4095), rel=1e-3)


def test_a_raw_file_of_ready_colours_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "linear.dng"
    path.write_bytes(dng(np.full((40, 60, 3), 900, np.uint16), None))

    with pytest.raises(ImageError, match="no single sensor values"):
        raw_pick(path, Area())


def test_a_raw_file_without_multipliers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "grey.dng"
    path.write_bytes(dng(np.full((40, 60), 900, np.uint16), ((0, 1), (1, 2))))

    with pytest.raises(ImageError, match="how it was balanced"):
        raw_pick(path, Area())

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from groundglass.imaging import color
from groundglass.imaging.exposure_tools import spot_meter
from groundglass.imaging.false_color import LEGEND, false_color
from groundglass.imaging.overlay import Area
from groundglass.imaging.space import ADOBE_RGB, SRGB, space_of
from groundglass.imaging.tone import SRGB_LIGHT
from groundglass.virtual import sensor
from groundglass.virtual.settings import SCENE_KELVIN

WHOLE = Area()


def flat(code: float | tuple[float, float, float], size: tuple[int, int] = (40, 60)) -> np.ndarray:
    image = np.full((*size, 4), 255, np.uint8)
    image[..., :3] = np.round(code)
    return image


def test_middle_grey_is_0_ev_and_white_is_two_and_a_half_stops_above() -> None:
    assert spot_meter(flat(118), WHOLE).ev == pytest.approx(0, abs=0.02)
    assert spot_meter(flat(255), WHOLE).ev == pytest.approx(math.log2(1 / 0.18))
    assert spot_meter(flat(0), WHOLE).ev == -math.inf


@pytest.mark.parametrize("ev", [-6, -3, -1, -1 / 3, 1, 2, 2.4])
def test_the_spot_meter_tells_stops(ev: float) -> None:
    codes = np.interp(0.18 * 2**ev, SRGB_LIGHT, np.arange(256))

    assert spot_meter(flat(codes), WHOLE).ev == pytest.approx(ev, abs=0.25 if codes < 20 else 0.03)


def test_light_is_averaged_and_not_codes() -> None:
    image = flat(0)
    image[:, ::2, :3] = 255

    spot = spot_meter(image, WHOLE)

    assert spot.ev == pytest.approx(math.log2(0.5 / 0.18))
    assert (spot.red, spot.luma, spot.clipped_share, spot.pixels) == (127.5, 127.5, 0.5, 2400)


def test_only_the_chosen_area_counts() -> None:
    image = flat((10, 20, 30))
    image[10:20, 15:30, :3] = (200, 100, 50)

    spot = spot_meter(image, Area(0.25, 0.25, 0.5, 0.5))

    assert (spot.blue, spot.green, spot.red, spot.pixels) == (200, 100, 50, 150)


@pytest.mark.parametrize(
    "area", [Area(0.5, 0.5, 0.5, 0.5), Area(1, 1, 1, 1), Area(-3, -3, -2, -2), Area(0.9, 0.9, 0.1, 0.1)]
)
def test_an_area_always_has_a_pixel(area: Area) -> None:
    assert spot_meter(flat(118), area).pixels >= 1
    assert spot_meter(flat(118, (1, 1)), area).pixels == 1


@pytest.mark.parametrize("light", [0.02, 0.1, 0.18, 0.5, 0.9])
@pytest.mark.parametrize("iso_gain", [1.0, 8.0])
def test_the_spot_meter_reads_the_light_in_front_of_the_virtual_camera(light: float, iso_gain: float) -> None:
    # This camera's tone curve is a square root, so that is the light of its codes.
    square = replace(SRGB, tone=(np.arange(256) / 255) ** 2)
    root = np.full((200, 300), math.sqrt(light), np.float32)
    picture = sensor.expose((root, root, root), 1.0, iso_gain, SCENE_KELVIN, sensor.Grain(1), 0)

    spot = spot_meter(picture[..., ::-1], WHOLE, square)

    assert spot.ev == pytest.approx(math.log2(light / 0.18), abs=0.05)


def test_one_stop_more_exposure_reads_one_stop_more() -> None:
    square = replace(SRGB, tone=(np.arange(256) / 255) ** 2)
    root = np.full((200, 300), math.sqrt(0.1), np.float32)
    frames = [
        sensor.expose((root, root, root), light, 1.0, SCENE_KELVIN, sensor.Grain(1), 0)
        for light in (0.5, 1, 2, 4)
    ]

    evs = [spot_meter(one[..., ::-1], WHOLE, square).ev for one in frames]

    assert np.diff(evs) == pytest.approx([1, 1, 1], abs=0.05)


@pytest.mark.parametrize("profile", [color.SRGB, color.ADOBE_RGB, color.DISPLAY_P3])
@pytest.mark.parametrize("rgb", [(118, 118, 118), (30, 30, 30), (150, 90, 70), (60, 140, 80)])
def test_the_same_light_reads_the_same_in_every_space(
    profile: color.Profile, rgb: tuple[int, int, int]
) -> None:
    in_srgb = flat(rgb[::-1])
    codes = color.convert(in_srgb, color.SRGB, profile)

    spot, expected = spot_meter(codes, WHOLE, space_of(profile)), spot_meter(in_srgb, WHOLE)

    assert spot.ev == pytest.approx(expected.ev, abs=0.06)


def test_a_profile_that_a_body_writes_itself_is_known_by_its_colours() -> None:
    own = replace(color.ADOBE_RGB, name="A maker's own")

    assert space_of(own) is space_of(color.ADOBE_RGB) is not space_of(None)


def test_false_colour_shows_the_legend() -> None:
    ramp = np.arange(256, dtype=np.uint8)[None].repeat(3, axis=0)
    shown = false_color(ramp)

    for band in LEGEND:
        for code in range(band.low, band.high + 1):
            assert tuple(shown[0, code, :3]) == (band.color or (code, code, code))
    assert (shown[..., 3] == 255).all()


def test_the_legend_covers_every_value_once() -> None:
    values = [code for band in LEGEND for code in range(band.low, band.high + 1)]

    assert values == list(range(256))
    assert len({band.label for band in LEGEND}) == len(LEGEND)
    assert LEGEND[-1].high == 255


def test_middle_grey_and_skin_have_their_bands() -> None:
    named = {band.label: band for band in LEGEND}
    grey, skin = named["Middle grey"], named["Light skin, one stop above"]

    assert grey.low < 118 < grey.high
    assert grey.ev == pytest.approx((-1 / 3, 1 / 3), abs=0.05)
    assert skin.ev == pytest.approx((2 / 3, 4 / 3), abs=0.05)


def test_false_colour_fills_a_buffer() -> None:
    image = np.random.default_rng(1).integers(0, 256, (50, 60, 4), dtype=np.uint8)
    buffer = np.empty_like(image)

    assert false_color(image, out=buffer) is buffer
    assert np.array_equal(buffer, false_color(image))


def test_false_colour_goes_by_the_light_of_the_pictures_space() -> None:
    codes = np.arange(256, dtype=np.uint8)[None]
    stops = np.log2(np.maximum(ADOBE_RGB.tone, 1e-9) / 0.18)
    shadow = next(band for band in LEGEND if band.label == "Shadow")

    shown = false_color(codes, space=ADOBE_RGB)[0]

    wears_it = np.all(shown[:, :3] == shadow.color, axis=-1)
    assert np.array_equal(wears_it, (stops > -4) & (stops < -2.5))
    assert not np.array_equal(shown, false_color(codes)[0])

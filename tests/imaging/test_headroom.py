from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from groundglass.imaging.headroom import headroom, stops_below_saturation
from groundglass.imaging.photosites import RawChannel, RawHistogram, count_sites
from groundglass.imaging.raw import raw_histogram
from groundglass.model.words import signed
from groundglass.virtual import sensor
from groundglass.virtual.darkroom import Darkroom
from groundglass.virtual.exposure import APERTURES, ISOS, SHUTTERS
from groundglass.virtual.film import Film
from groundglass.virtual.picture import Shot, View
from groundglass.virtual.settings import Settings
from groundglass.virtual.stage import Stage

BLACK, WHITE = 512, 16383
SIZE = (1200, 800)


def channel(values: np.ndarray, name: str = "green 1", black: int = BLACK, white: int = WHITE) -> RawChannel:
    return RawChannel(name, np.bincount(values.ravel(), minlength=1 << 16), black, white, white)


def histogram(**channels: np.ndarray) -> RawHistogram:
    named = tuple(channel(values, name.replace("_", " ")) for name, values in channels.items())
    return RawHistogram(named, 0, 0)


def below_full(ev: float, number: int) -> np.ndarray:
    return np.full(number, BLACK + round((WHITE - BLACK) / 2**ev))


def test_stops_are_exact_against_a_slow_count() -> None:
    values = np.random.default_rng(1).integers(0, WHITE + 200, 20_000)

    stops = stops_below_saturation(channel(values), step_ev=0.1, depth_ev=9)

    slow = [0] * 90
    below = saturated = 0
    for value in values.tolist():
        if value >= WHITE:
            saturated += 1
        elif value <= BLACK:
            below += 1
        else:
            depth = math.log2((WHITE - BLACK) / (value - BLACK))
            at = math.ceil(round(depth / 0.1, 9)) - 1
            if at < 90:
                slow[at] += 1
            else:
                below += 1
    assert stops.counts.tolist() == slow
    assert (stops.saturated, stops.below) == (saturated, below)


@pytest.mark.parametrize("step_ev", [0.01, 0.1, 1 / 3, 1.0])
def test_stops_lose_no_photosite(step_ev: float) -> None:
    values = np.random.default_rng(2).integers(0, 1 << 16, 5000)

    stops = stops_below_saturation(channel(values), step_ev=step_ev)

    assert int(stops.counts.sum()) + stops.saturated + stops.below == 5000


def test_light_lies_in_the_bin_of_its_stop() -> None:
    stops = stops_below_saturation(channel(below_full(2.05, 70)), step_ev=0.1)

    assert stops.counts.nonzero()[0].tolist() == [20]


def test_the_shares_are_those_of_the_channel() -> None:
    parts = [below_full(0, 30), below_full(7.9, 100), below_full(8.2, 250), np.full(120, BLACK - 9)]
    values = np.concatenate([*parts, below_full(3, 500)])

    (told,) = headroom(histogram(red=values)).channels
    (wider,) = headroom(histogram(red=values), floor_ev=7).channels

    assert told.saturated_share == 0.03
    assert told.below_floor_share == 0.37
    assert wider.below_floor_share == 0.47


@pytest.mark.parametrize("ev", [0.04, 0.3, 1.0, 2.5, 6.0])
def test_headroom_is_the_distance_of_the_brightest_share(ev: float) -> None:
    values = np.concatenate([below_full(ev, 20), below_full(7, 9980)])

    told = headroom(histogram(green_1=values, blue=below_full(8, 10_000)), clip_share=0.002)

    assert told.ev == pytest.approx(ev, abs=0.005)
    assert not told.is_estimate
    assert (told.channel, told.words) == ("green", f"{signed(ev)} EV before green clips")


def test_fewer_bright_photosites_than_the_share_do_not_count() -> None:
    values = np.concatenate([below_full(0, 19), below_full(3, 9981)])

    assert headroom(histogram(red=values), clip_share=0.002).ev == pytest.approx(3, abs=0.001)


def test_the_channel_that_clips_first_is_named() -> None:
    told = headroom(
        histogram(
            red=below_full(2, 99),
            green_1=below_full(1.5, 99),
            green_2=below_full(1.4, 99),
            blue=below_full(4, 9),
        )
    )

    assert told.words == "+1.4 EV before green clips"
    assert [round(one.headroom_ev, 1) for one in told.channels] == [2.0, 1.5, 1.4, 4.0]


def test_a_sensor_without_a_filter_is_named_as_such() -> None:
    assert headroom(histogram(grey=below_full(1, 99))).words == "+1.0 EV before the sensor clips"


def test_no_light_has_no_headroom_in_stops() -> None:
    told = headroom(histogram(red=np.full(50, BLACK)))

    assert told.ev == math.inf
    assert told.words == "No light on the sensor"


def test_a_clipped_channel_is_told_with_its_share() -> None:
    # The share above a value halves 2.5 times a stop, so 2.1 % clipped is 1.76 stops above 0.1 %.
    random = np.random.default_rng(3)
    ev = random.exponential(1 / (2.5 * math.log(2)), 400_000)
    lowest = math.log2(0.021) / 2.5
    values = np.minimum(BLACK + (WHITE - BLACK) * 2 ** (lowest + ev), WHITE).astype(int)

    told = headroom(histogram(red=values))

    assert told.is_estimate
    assert told.ev == pytest.approx(-math.log2(21) / 2.5, abs=0.1)
    assert told.words == "About \N{MINUS SIGN}1.8 EV: red is clipped in 2.1 %"


def test_light_without_end_is_told_as_the_least() -> None:
    values = np.concatenate([below_full(0, 500), below_full(5, 500)])

    assert headroom(histogram(blue=values)).words == "\N{MINUS SIGN}3.0 EV or more: blue is clipped in 50.0 %"


@pytest.mark.parametrize(("share", "floor_ev"), [(0, 8), (1, 8), (0.1, 0)])
def test_limits_out_of_range_are_refused(share: float, floor_ev: float) -> None:
    with pytest.raises(ValueError, match="out of range"):
        headroom(histogram(red=below_full(1, 9)), clip_share=share, floor_ev=floor_ev)


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(SIZE, 12)


@pytest.fixture(scope="module")
def grain() -> sensor.Grain:
    return sensor.Grain(1)


def planes_of(stage: Stage, settings: Settings) -> sensor.Planes:
    return stage.composed(View(settings, 1.2), 3).rows(0, SIZE[1])


def exposed(stage: Stage, grain: sensor.Grain, settings: Settings) -> RawHistogram:
    """Expose the virtual camera's sensor to its scene, noise and all."""
    exposure = settings.exposure
    values = sensor.raw(planes_of(stage, settings), exposure.light, exposure.iso.gain, grain, 0)
    counts = count_sites(values, np.array(((0, 1), (3, 2)), np.uint8), sensor.WHITE)
    named = zip(("red", "green 1", "blue", "green 2"), counts.items(), strict=True)
    channels = (
        RawChannel(name, found, sensor.BLACK, sensor.WHITE, sensor.WHITE) for name, (_, found) in named
    )
    return RawHistogram(tuple(channels), *SIZE)


def true_headroom(stage: Stage, settings: Settings, clip_share: float = 0.001) -> float:
    """Conclude from the light in front of the sensor, without noise or limit, when the share saturates."""
    planes = planes_of(stage, settings)
    stops = []
    for down, across, color in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        light = np.sort(planes[color][down::2, across::2].astype(float).ravel() ** 2)
        value = light[-math.ceil(clip_share * len(light))] * settings.exposure.light * sensor.RAW_AT_WHITE
        stops.append(math.log2((sensor.WHITE - sensor.BLACK) / (value * sensor.SENSITIVITY[color])))
    return min(stops)


DIALS = [
    *(Settings(shutter=one, aperture=APERTURES[12], iso=ISOS[2]) for one in SHUTTERS[0:25:3]),
    *(Settings(shutter=SHUTTERS[26], aperture=one, iso=ISOS[2]) for one in APERTURES[13::2]),
    *(Settings(shutter=SHUTTERS[12], aperture=one, iso=ISOS[2]) for one in APERTURES[:12:2]),
    *(Settings(shutter=SHUTTERS[10], aperture=APERTURES[12], iso=one) for one in ISOS[:14:2]),
]


@pytest.mark.parametrize(
    "settings", DIALS, ids=lambda one: f"{one.shutter.label}-f{one.aperture.f_number}-{one.iso.number}"
)
def test_headroom_is_that_of_the_scene_to_a_tenth_of_a_stop(
    stage: Stage, grain: sensor.Grain, settings: Settings
) -> None:
    told = headroom(exposed(stage, grain, settings))

    assert not told.is_estimate
    assert told.ev == pytest.approx(true_headroom(stage, settings), abs=0.1)


@pytest.mark.parametrize("speed", [24, 26, 28, 31])
def test_a_clipped_scene_is_told_with_the_share_that_the_light_says(
    stage: Stage, grain: sensor.Grain, speed: int
) -> None:
    settings = Settings(shutter=SHUTTERS[speed], aperture=APERTURES[12], iso=ISOS[5])
    span = sensor.WHITE - sensor.BLACK
    green = planes_of(stage, settings)[1][0::2, 1::2].astype(float) ** 2
    is_full = green * settings.exposure.light * sensor.RAW_AT_WHITE >= span

    told = headroom(exposed(stage, grain, settings))

    assert told.is_estimate
    assert told.ev < 0
    assert "green is clipped in" in told.words
    assert told.clipped_share == pytest.approx(is_full.mean(), rel=0.1, abs=2e-4)


@pytest.fixture
def darkroom() -> Iterator[Darkroom]:
    film = Film()
    room = Darkroom(film, 1, SIZE, (300, 200))
    yield room
    room.close()
    film.close()


def test_a_dng_of_the_virtual_camera_has_the_headroom_of_its_sensor(
    darkroom: Darkroom, stage: Stage, tmp_path: Path
) -> None:
    settings = Settings(shutter=SHUTTERS[20], aperture=APERTURES[12], iso=ISOS[5], image_format="raw")
    taken = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    (developed,) = darkroom.develop(Shot(View(settings, 1.2), 3, settings.shutter.seconds, taken, "1"))
    (tmp_path / "a.dng").write_bytes(developed.recording.read())

    told = headroom(raw_histogram(tmp_path / "a.dng"))

    assert told.ev == pytest.approx(true_headroom(stage, settings), abs=0.1)
    assert 0 < told.ev < 8

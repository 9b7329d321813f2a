from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
import pytest

from groundglass.imaging.decode import decode_jpeg
from groundglass.imaging.focus import PeakHold, PeakingStrength, focus_peaking, focus_score
from groundglass.imaging.overlay import Area
from groundglass.virtual import sensor
from groundglass.virtual.exposure import APERTURES, Aperture
from groundglass.virtual.picture import View
from groundglass.virtual.settings import Settings
from groundglass.virtual.stage import Stage

WIDTH, HEIGHT = 768, 510
# From the nearest that the lens reaches to behind everything: even steps of its ring.
RING = [float(1 / x) for x in np.linspace(1 / 0.6, 1 / 2.9, 24)]
OBJECTS = ("target 2.2", "target 1.6", "chart", "bottle", "target 0.8")
WIDE, MIDDLE, SMALL = APERTURES[0], APERTURES[7], APERTURES[13]  # f/1.8, f/4, f/8

Look = Callable[..., np.ndarray]


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage((WIDTH, HEIGHT), 12)


@pytest.fixture(scope="module")
def look(stage: Stage) -> Look:
    """Return live frames of the virtual camera, as it sends them."""
    grain = sensor.Grain(1)
    known: dict[object, np.ndarray] = {}

    def see(focus_m: float, aperture: Aperture, light: float = 1.0, iso_gain: float = 1.0) -> np.ndarray:
        key = (focus_m, aperture, light, iso_gain)
        if key not in known:
            settings = Settings(aperture=aperture)
            planes = stage.composed(View(settings, focus_m), 3).rows(0, HEIGHT)
            picture = sensor.expose(planes, light, iso_gain, settings.kelvin, grain, round(focus_m * 1000))
            known[key] = decode_jpeg(sensor.jpeg(picture, 85))
        return known[key]

    return see


def place_of(stage: Stage, name: str) -> tuple[float, Area]:
    """Return how far an object is, and the middle of it in the picture."""
    (layer,) = [one for one in stage._opened().layers if one.name == name]
    height, width = layer.pixels.shape[:2]
    # The nearer target stands before the left of the farthest.
    first = 0.45 if name == "target 2.2" else 0.1
    left, right = layer.left + first * width, layer.left + 0.9 * width
    top, bottom = layer.top + 0.1 * height, layer.top + 0.9 * height
    return layer.distance_m, Area(left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)


def nearest_on_the_ring(distance_m: float) -> int:
    return int(np.argmin([abs(1 / one - 1 / distance_m) for one in RING]))


@pytest.mark.parametrize("name", OBJECTS)
def test_the_score_peaks_where_the_virtual_camera_is_focused(stage: Stage, look: Look, name: str) -> None:
    distance_m, area = place_of(stage, name)

    scores = [focus_score(look(focus_m, WIDE), area) for focus_m in RING]

    assert abs(int(np.argmax(scores)) - nearest_on_the_ring(distance_m)) <= 1
    assert min(scores) < 0.4 * max(scores)


@pytest.mark.parametrize("aperture", [MIDDLE, SMALL], ids=["f4", "f8"])
@pytest.mark.parametrize("name", OBJECTS)
def test_within_the_depth_of_field_the_score_is_at_its_top(
    stage: Stage, look: Look, name: str, aperture: Aperture
) -> None:
    distance_m, area = place_of(stage, name)

    scores = [focus_score(look(focus_m, aperture), area) for focus_m in RING]

    assert scores[nearest_on_the_ring(distance_m)] >= 0.96 * max(scores)
    assert min(scores) < 0.8 * max(scores)


@pytest.mark.parametrize("name", OBJECTS)
def test_the_score_falls_on_both_sides_of_the_focus(stage: Stage, look: Look, name: str) -> None:
    distance_m, area = place_of(stage, name)
    at = nearest_on_the_ring(distance_m)

    scores = [focus_score(look(focus_m, WIDE), area) for focus_m in RING]

    nearer, farther = scores[max(0, at - 6) : at], scores[at + 1 : at + 7]
    assert all(one < other for one, other in pairwise(nearer))
    assert all(one > other for one, other in pairwise(farther))


@pytest.mark.parametrize("strength", PeakingStrength)
@pytest.mark.parametrize("aperture", [WIDE, MIDDLE, SMALL], ids=["f1.8", "f4", "f8"])
@pytest.mark.parametrize("name", OBJECTS)
def test_most_is_marked_where_the_virtual_camera_is_focused(
    stage: Stage, look: Look, name: str, aperture: Aperture, strength: PeakingStrength
) -> None:
    distance_m, area = place_of(stage, name)

    marked = [np.count_nonzero(area.of(focus_peaking(look(focus_m, aperture), strength))) for focus_m in RING]

    assert marked[nearest_on_the_ring(distance_m)] >= 0.9 * max(marked)
    assert min(marked) < 0.5 * max(marked)


def test_each_strength_marks_more(look: Look) -> None:
    frame = look(RING[8], MIDDLE)

    low, medium, high = (np.count_nonzero(focus_peaking(frame, one)) for one in PeakingStrength)

    assert 0 < low < 0.9 * medium < 0.9 * 0.9 * high


@pytest.mark.parametrize("light", [0.125, 0.25, 0.5])
def test_exposure_hardly_changes_the_score(stage: Stage, look: Look, light: float) -> None:
    distance_m, area = place_of(stage, "chart")
    focus_m = RING[nearest_on_the_ring(distance_m)]

    well, dark = (focus_score(look(focus_m, WIDE, one), area) for one in (1.0, light))

    assert dark == pytest.approx(well, rel=0.1)


@pytest.mark.parametrize("name", ["target 1.6", "chart", "target 0.8"])
def test_noise_does_not_move_the_peak(stage: Stage, look: Look, name: str) -> None:
    distance_m, area = place_of(stage, name)

    scores = [focus_score(look(focus_m, WIDE, 1.0, 64.0), area) for focus_m in RING]  # ISO 6400

    assert abs(int(np.argmax(scores)) - nearest_on_the_ring(distance_m)) <= 1


def test_noise_alone_is_not_marked(look: Look) -> None:
    for sigma in (2, 5, 10):
        noise = np.random.default_rng(1).normal(90, sigma, (HEIGHT, WIDTH))
        gray = np.clip(noise, 0, 255).astype(np.uint8)
        assert np.count_nonzero(focus_peaking(gray, PeakingStrength.MEDIUM)) < 0.002 * gray.size


def test_larger_frames_are_marked_alike(look: Look) -> None:
    frame = look(RING[8], MIDDLE)
    large = cv2.resize(frame, (3 * WIDTH, 3 * HEIGHT), interpolation=cv2.INTER_CUBIC)

    small_share = np.count_nonzero(focus_peaking(frame)) / (WIDTH * HEIGHT)
    mask = focus_peaking(large)

    assert mask.shape == (3 * HEIGHT, 3 * WIDTH)
    assert np.count_nonzero(mask) / mask.size == pytest.approx(small_share, rel=0.35)


def test_a_mask_is_reused(look: Look) -> None:
    frame = look(RING[8], MIDDLE)
    buffer = np.empty((HEIGHT, WIDTH), np.uint8)

    assert focus_peaking(frame, out=buffer) is buffer
    assert np.array_equal(buffer, focus_peaking(frame))


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (2, 2), (3, 3), (50, 1)])
def test_the_smallest_pictures_have_a_mask_and_a_score(size: tuple[int, int]) -> None:
    image = np.full((*size, 4), 128, np.uint8)

    assert focus_peaking(image).shape == size
    assert focus_score(image, Area()) == 0


def test_black_has_no_sharpness() -> None:
    assert focus_score(np.zeros((40, 40, 4), np.uint8), Area()) == 0


def test_the_bar_holds_its_peak() -> None:
    bar = PeakHold()
    assert (bar.share, bar.is_at_peak) == (0, False)

    for score in (10.0, 40.0, 20.0):
        bar = bar.update(score)

    assert (bar.score, bar.best, bar.share, bar.is_at_peak) == (20, 40, 0.5, False)
    assert bar.update(39.5).is_at_peak

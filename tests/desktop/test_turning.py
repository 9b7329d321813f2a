from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSize

from groundglass.desktop import turned_pixels as turned_pixels_module
from groundglass.desktop.turned_pixels import seen_part, turned_pixels
from groundglass.desktop.turning import Turn, fitted_sizes, levelled, off_level
from groundglass.desktop.widgets.zoomed_picture import ZoomedPicture

EVERY = [
    Turn(quarters, mirror, degrees)
    for quarters, mirror, degrees in product(range(4), (False, True), (0.0, 1.3, -20.0, 45.0))
]


def _dot(width: int = 120, height: int = 80) -> np.ndarray:
    """Return a black picture with a bright dot whose middle is at 30, 20."""
    image = np.zeros((height, width, 4), np.uint8)
    image[17:23, 27:33] = 255
    return image


def _middle(image: np.ndarray) -> tuple[float, float]:
    """Return the middle of what is bright, from the upper left corner of the first pixel."""
    light = image[..., 1].astype(float)
    down, across = np.indices(light.shape) + 0.5
    return float((light * across).sum() / light.sum()), float((light * down).sum() / light.sum())


@pytest.mark.parametrize("turn", EVERY)
def test_pixels_land_where_the_matrix_says(turn: Turn) -> None:
    flat, seen = fitted_sizes(turn, 120, 80, (200, 200))
    image = np.zeros((flat[1], flat[0], 4), np.uint8)
    x, y = flat[0] // 4, flat[1] // 3
    image[y - 3 : y + 3, x - 3 : x + 3] = 255

    found = _middle(turned_pixels(image, turn, seen, 0))

    a, b, right, c, d, down = turn.matrix(flat, seen)
    assert found == (
        pytest.approx(a * x + b * y + right, abs=0.6),
        pytest.approx(c * x + d * y + down, abs=0.6),
    )


@pytest.mark.parametrize("turn", EVERY)
@pytest.mark.parametrize("scale", [1, 2])
def test_a_part_of_a_large_picture_is_turned_as_all_of_it_would_be(turn: Turn, scale: int) -> None:
    a, b, c, d = (scale * one for one in turn.linear)
    matrix = (a, b, 20.0 - a * 30 - b * 20, c, d, 15.0 - c * 30 - d * 20)
    stored = _dot().transpose(1, 0, 2).copy().transpose(1, 0, 2)[..., :3]  # in another order, packed

    part = seen_part(stored, matrix, (40, 30), 0)

    assert part.shape == (30, 40, 4)
    assert _middle(part) == (pytest.approx(20, abs=0.6), pytest.approx(15, abs=0.6))


_MOVES = [(7, 0), (-3, 5), (0, -2), (35, -29), (0, 300), (-9999, 9999), (9999, -9999), (10, 10)]


@pytest.mark.parametrize("turn", [Turn(), Turn(1), Turn(2, True), Turn(3), Turn(degrees=7.0)])
@pytest.mark.parametrize("scale", [1, 2])
def test_a_part_that_was_moved_has_the_pixels_of_one_that_is_made_anew(turn: Turn, scale: int) -> None:
    zoomed, room = ZoomedPicture(), QSize(40, 31)
    whole = np.random.default_rng(4).integers(0, 256, (150, 100, 3), np.uint8)
    zoomed.take_whole(whole, None)
    zoomed.set_scale(scale)
    first = zoomed.part_to_make(room, turn, 28)
    assert first is not None
    zoomed.take_part(first, first.make())

    taken = 0
    for move in _MOVES:
        zoomed.pan(*move, room, turn)
        part = zoomed.part_to_make(room, turn, 28)
        assert part is not None
        taken += part.known is not None
        pixels = part.make()
        zoomed.take_part(part, pixels)
        assert np.array_equal(pixels, replace(part, known=None).make())

    assert taken == (0 if turn.degrees else len(_MOVES))


def test_a_part_that_comes_behind_a_newer_one_is_not_shown() -> None:
    zoomed, room = ZoomedPicture(), QSize(40, 31)
    zoomed.take_whole(np.zeros((150, 100, 3), np.uint8), None)
    zoomed.set_scale(1)
    parts = []
    for _ in range(3):
        part = zoomed.part_to_make(room, Turn(), 28)
        assert part is not None
        parts.append((part, part.make()))
        zoomed.pan(5, 5, room, Turn())

    kept = [zoomed.take_part(*parts[number]) for number in (0, 2, 1)]

    assert kept == [True, True, False]


def test_what_was_seen_before_a_move_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[int, int]] = []
    make = turned_pixels_module.seen_part
    monkeypatch.setattr(
        turned_pixels_module,
        "seen_part",
        lambda *asked: made.append(asked[2]) or make(*asked),
    )
    whole = np.zeros((80, 120, 3), np.uint8)
    seen = turned_pixels_module.seen_part(whole, (1.0, 0.0, -20.0, 0.0, 1.0, -10.0), (40, 30), 0)
    made.clear()

    turned_pixels_module.moved_part(seen, (-5, 3), whole, (1.0, 0.0, -25.0, 0.0, 1.0, -7.0), 0)

    assert made == [(40, 3), (5, 27)]


def test_around_the_picture_is_the_ground() -> None:
    white = np.full((80, 120, 4), 255, np.uint8)
    turn = Turn(degrees=20.0)
    _, seen = fitted_sizes(turn, 120, 80, (200, 200))

    turned = turned_pixels(white, turn, seen, 28)
    beside = seen_part(white, (1.0, 0.0, 500.0, 0.0, 1.0, 0.0), (40, 30), 28)

    assert turned[0, 0, 0] == 28
    assert turned[seen[1] // 2, seen[0] // 2, 0] == 255
    assert (beside == 28).all()


def test_upright_and_by_quarters_no_pixel_is_changed() -> None:
    image = np.random.default_rng(6).integers(0, 255, (20, 30, 4), np.uint8)

    assert turned_pixels(image, Turn(), (30, 20), 0) is image
    assert np.array_equal(turned_pixels(image, Turn(1), (20, 30), 0), np.rot90(image, -1))
    assert np.array_equal(
        turned_pixels(image, Turn(1, is_mirrored=True), (20, 30), 0)[:, ::-1], np.rot90(image, -1)
    )


@pytest.mark.parametrize("turn", EVERY)
@pytest.mark.parametrize("aspect", [0.0, 1.0, 0.8, 16 / 9])
def test_the_largest_upright_part_touches_the_edge_and_never_leaves_the_picture(
    turn: Turn, aspect: float
) -> None:
    width, height = turn.largest_within(300, 200, aspect)

    a, b, c, d = turn.linear
    reached = []
    for x, y in ((width / 2, height / 2), (-width / 2, height / 2)):
        u, v = a * x + c * y, b * x + d * y
        reached += [abs(u) / 150, abs(v) / 100]
    assert max(reached) == pytest.approx(1.0)
    assert width / height == pytest.approx(aspect or (200 / 300 if turn.is_sideways else 1.5))


@pytest.mark.parametrize(
    ("tilt", "off"), [(0, 0), (3, 3), (-3, -3), (87, -3), (93, 3), (-87, 3), (180, 0), (178, -2), (44, 44)]
)
def test_a_line_is_off_by_what_it_differs_from_level_or_upright(tilt: float, off: float) -> None:
    x, y = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))

    assert off_level(x, y) == pytest.approx(off)
    assert off_level(-x, -y) == pytest.approx(off)


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("degrees", [60.0, -60.0, 45.1, 44.9])
def test_beyond_45_degrees_a_quarter_turn_goes_along(mirror: bool, degrees: float) -> None:
    before = Turn(1, mirror)

    after = levelled(before, degrees)

    a, b, c, d = before.linear
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    assert after.linear == pytest.approx(
        (cos * a - sin * c, cos * b - sin * d, sin * a + cos * c, sin * b + cos * d)
    )
    assert abs(after.degrees) <= 45

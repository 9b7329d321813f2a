from __future__ import annotations

import numpy as np
import pytest

from dng_samples import BAYERS, X_TRANS
from groundglass.imaging import photosites as module
from groundglass.imaging.photosites import count_sites, saturation

PATTERNS = {**BAYERS, "X-Trans": X_TRANS, "none": ((0,),), "four by two": ((0, 1), (2, 3), (1, 0), (3, 2))}


def slowly(values: np.ndarray, pattern: tuple[tuple[int, ...], ...]) -> dict[int, dict[int, int]]:
    """Count photosite by photosite."""
    counted: dict[int, dict[int, int]] = {}
    for row, line in enumerate(values.tolist()):
        for column, value in enumerate(line):
            color = pattern[row % len(pattern)][column % len(pattern[0])]
            channel = counted.setdefault(color, {})
            channel[value] = channel.get(value, 0) + 1
    return counted


def assert_exact(values: np.ndarray, pattern: tuple[tuple[int, ...], ...], white: int) -> None:
    counts = count_sites(values, np.array(pattern, np.uint8), white)
    for color, channel in slowly(values, pattern).items():
        assert {int(at): int(counts[color][at]) for at in counts[color].nonzero()[0]} == channel
    assert sum(int(one.sum()) for one in counts.values()) == values.size


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("white", [1, 255, 4095, 4096, 16383, 65535])
def test_counts_equal_a_slow_count_whatever_white_is_expected(name: str, white: int) -> None:
    values = np.random.default_rng(5).integers(0, 1 << 16, (37, 53)).astype(np.uint16)

    assert_exact(values, PATTERNS[name], white)


@pytest.mark.parametrize("name", PATTERNS)
def test_counts_stay_exact_over_many_bands(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(module, "_BAND_PIXELS", 60)
    monkeypatch.setattr(module, "_PARALLEL_PIXELS", 1)
    values = np.random.default_rng(3).integers(0, 1 << 14, (101, 77)).astype(np.uint16)

    assert_exact(values[1:, 2:], PATTERNS[name], 16383)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (2, 3), (0, 4)])
def test_the_smallest_sensors_are_counted(size: tuple[int, int]) -> None:
    assert_exact(np.full(size, 7, np.uint16), BAYERS["GRBG"], 16383)


def test_one_value_may_have_more_sites_than_a_float_can_count() -> None:
    values = np.full((4100, 4200), 9, np.uint16)  # 2**24 + 442784

    counts = count_sites(values, np.zeros((1, 1), np.uint8), 16383)

    assert counts[0][9] == 4100 * 4200


def test_large_sensors_are_exact_too() -> None:
    values = np.random.default_rng(6).integers(0, 1 << 14, (1701, 2603)).astype(np.uint16)

    counts = count_sites(values, np.array(BAYERS["RGGB"], np.uint8), 16383)

    for color, place in ((0, values[::2, ::2]), (2, values[1::2, 1::2])):
        assert np.array_equal(counts[color], np.bincount(place.ravel(), minlength=1 << 16))


def light(share_clipped: float, ceiling: int, pixels: int = 200_000) -> np.ndarray:
    """Count smooth light that a sensor cuts at a ceiling."""
    random = np.random.default_rng(8)
    values = random.exponential((ceiling - 512) / -np.log(share_clipped), pixels) + 512
    return np.bincount(np.minimum(values, ceiling).astype(int), minlength=1 << 16)


@pytest.mark.parametrize("share", [0.002, 0.02, 0.2])
def test_a_sensor_that_is_full_below_its_white_is_found_out(share: float) -> None:
    assert saturation(light(share, 15520), 512, 16383) == 15520


def test_a_few_hot_photosites_above_change_nothing() -> None:
    counts = light(0.02, 15520)
    counts[15700] = 40

    assert saturation(counts, 512, 16383) == 15520


@pytest.mark.parametrize("full", [3817, 3600])
def test_a_sensor_whose_sites_are_full_at_slightly_different_values_is_found_out(full: int) -> None:
    random = np.random.default_rng(8)
    light = random.exponential(900, 200_000) + 128
    ceilings = random.normal(full, 7, 200_000)  # a Canon D30 is like that
    values = np.minimum(light, ceilings).astype(int)

    found = saturation(np.bincount(values, minlength=1 << 16), 128, 4095)

    assert full - 25 <= found <= full - 10


@pytest.mark.parametrize("at", [9500, 12000, 15000])
def test_a_bright_even_wall_is_no_saturation(at: int) -> None:
    random = np.random.default_rng(8)
    wall = random.normal(at, 0.006 * at, 100_000)  # the noise of 28,000 electrons
    scene = random.exponential(2000, 100_000) + 512
    values = np.concatenate([wall, scene[scene < at]]).astype(int)

    assert saturation(np.bincount(values, minlength=1 << 16), 512, 16383) == 16383


def test_white_holds_where_nothing_is_clipped() -> None:
    dim = np.bincount(np.random.default_rng(9).normal(9000, 900, 100_000).astype(int), minlength=1 << 16)
    combed = np.zeros(1 << 16, np.int64)
    combed[::4] = dim.reshape(-1, 4).sum(axis=1)  # 12 bits written as 14
    flat = np.zeros(1 << 16, np.int64)
    flat[12000] = 100_000

    assert saturation(dim, 512, 16383) == 16383
    assert saturation(combed, 512, 16383) == 16383
    assert saturation(flat, 512, 16383) == 16383
    assert saturation(light(0.02, 16383), 512, 16383) == 16383
    assert saturation(np.zeros(1 << 16, np.int64), 512, 16383) == 16383

from __future__ import annotations

import numpy as np
import pytest

from groundglass.imaging.flicker import find_flicker, folded_hz


def frames(
    rate: float,
    pulse_hz: float,
    swing: float,
    seconds: float = 2.5,
    noise: float = 0.004,
    jitter_s: float = 0.0,
) -> tuple[list[float], list[float]]:
    """Sample a lamp whose light swings by a share around 100, as frames of a short exposure."""
    random = np.random.default_rng(3)
    times = np.arange(0, seconds, 1 / rate)
    means = 100 * (1 + swing / 2 * np.sin(2 * np.pi * pulse_hz * times + 0.7))
    means *= 1 + noise * random.standard_normal(len(times))
    return list(times + jitter_s * random.standard_normal(len(times))), list(means)


@pytest.mark.parametrize(
    ("rate", "mains"), [(29.0, 50), (31.0, 50), (28.5, 60), (59.0, 60), (58.0, 50), (43.0, 60), (24.0, 50)]
)
def test_pulsing_under_mains_lighting_is_told_with_its_mains(rate: float, mains: int) -> None:
    found = find_flicker(*frames(rate, 2 * mains, 0.2))

    assert found is not None
    assert found.mains_hz == mains
    assert found.beat_hz == pytest.approx(folded_hz(2 * mains, rate), abs=0.3)
    assert found.depth == pytest.approx(0.2, rel=0.25)
    assert f"{mains} Hz" in found.words


def test_the_clock_of_arrival_may_jitter_by_more_than_a_pulse() -> None:
    found = find_flicker(*frames(29.0, 100, 0.1, jitter_s=0.004))

    assert found is not None
    assert found.mains_hz == 50


def test_a_beat_that_fits_both_is_told_without_a_mains() -> None:
    rate = 110 / 4  # 100 folds to 10, 120 too
    found = find_flicker(*frames(rate, 100, 0.2))

    assert found is not None
    assert found.mains_hz is None
    assert "lamps" in found.words


@pytest.mark.parametrize("swing", [0.0, 0.005])
def test_steady_light_is_no_flicker(swing: float) -> None:
    assert find_flicker(*frames(29.0, 100, swing)) is None


def test_frames_at_a_whole_ratio_have_no_beat() -> None:
    assert find_flicker(*frames(25.0, 100, 0.3)) is None


@pytest.mark.parametrize("seed", range(20))
def test_noise_and_people_walking_by_are_no_flicker(seed: int) -> None:
    random = np.random.default_rng(seed)
    times = np.arange(75) / 30
    means = 100 + 3 * random.standard_normal(75) + 20 * np.sin(2 * np.pi * 0.3 * times + seed)

    assert find_flicker(list(times), list(means)) is None


def test_one_flash_is_no_flicker() -> None:
    means = [100.0] * 60
    means[30] = 250.0

    assert find_flicker([at / 30 for at in range(60)], means) is None


@pytest.mark.parametrize("frame_count", [0, 1, 23])
def test_too_few_frames_tell_nothing(frame_count: int) -> None:
    times, means = frames(10.0, 100.3, 0.5)

    assert find_flicker(times[:frame_count], means[:frame_count]) is None


def test_a_black_picture_does_not_flicker() -> None:
    assert find_flicker([at / 30 for at in range(60)], [0.0] * 60) is None

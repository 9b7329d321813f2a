from __future__ import annotations

import cv2
import numpy as np
import pytest

from groundglass.imaging.scaling import shrink


def _picture(width: int, height: int) -> np.ndarray:
    small = np.random.default_rng(4).integers(0, 256, (height // 32 + 2, width // 32 + 2, 4), dtype=np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize("size", [(1601, 1067), (1600, 1066), (700, 2100)])
@pytest.mark.parametrize("times", [1.0, 1.7, 2.0, 3.0, 4.3, 13.1])
def test_a_picture_shrinks_as_by_one_step_of_averaging(size: tuple[int, int], times: float) -> None:
    image = _picture(*size)
    wanted = (round(size[0] / times), round(size[1] / times))

    shrunk = shrink(image, *wanted)

    at_once = cv2.resize(image, wanted, interpolation=cv2.INTER_AREA)
    assert shrunk.shape == (wanted[1], wanted[0], 4)
    assert np.abs(shrunk.astype(int) - at_once).mean() < 0.6


def test_the_mean_of_the_picture_stays() -> None:
    image = _picture(1921, 1283)

    shrunk = shrink(image, 97, 65)

    assert np.allclose(shrunk.mean((0, 1)), image.mean((0, 1)), atol=1.0)


def test_a_picture_may_shrink_to_one_pixel_or_stay_as_it_is() -> None:
    image = _picture(64, 48)

    assert shrink(image, 1, 1).shape == (1, 1, 4)
    assert np.array_equal(shrink(image, 64, 48), image)


def test_memory_that_is_given_is_filled() -> None:
    out = np.zeros((40, 60, 4), np.uint8)

    shrink(_picture(600, 400), 60, 40, out=out)

    assert out.any()

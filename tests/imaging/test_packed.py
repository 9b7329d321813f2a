from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from groundglass.imaging.color import DISPLAY_P3, SRGB, convert
from groundglass.imaging.decode import load_picture, upright
from groundglass.imaging.packed import in_memory_order, pixels_of, shrunk, turned
from groundglass.imaging.scaling import shrink
from jpeg_samples import jpeg, scene, with_extras

ORIENTATIONS = range(1, 9)


def _bgrx(image: np.ndarray) -> np.ndarray:
    return np.dstack([image, np.full(image.shape[:2], 255, np.uint8)])


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_packed_picture_is_upright_without_a_copy(orientation: int) -> None:
    stored = scene(64, 40)

    view = turned(stored, orientation)

    assert np.array_equal(view, upright(stored, orientation))
    assert np.shares_memory(view, stored)
    assert np.array_equal(in_memory_order(view), stored)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_part_of_a_packed_picture_is_painted_upright(orientation: int) -> None:
    view = turned(scene(64, 40), orientation)

    part = pixels_of(view[5:25, 3:30])

    assert np.array_equal(part, _bgrx(view[5:25, 3:30]))
    assert part.flags.c_contiguous


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_packed_picture_shrinks_as_another_does(orientation: int) -> None:
    stored = scene(320, 200)
    size = (50, 80) if orientation >= 5 else (80, 50)

    small = shrunk(turned(stored, orientation), *size)

    expected = shrink(_bgrx(upright(stored, orientation)), *size)
    assert small.shape == expected.shape
    assert np.abs(small.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_file_is_loaded_packed_with_the_same_pixels(tmp_path: Path, orientation: int) -> None:
    (tmp_path / "a.jpg").write_bytes(with_extras(jpeg(), orientation))

    packed = load_picture(tmp_path / "a.jpg", is_packed=True)

    whole = load_picture(tmp_path / "a.jpg")
    assert packed.image.shape[2] == 3
    assert np.array_equal(packed.image, whole.image[..., :3])
    assert (packed.full_width, packed.full_height) == (whole.full_width, whole.full_height)


@pytest.mark.parametrize("options", [{"mode": "CMYK"}, {"mode": "L"}])
def test_inks_and_greys_are_packed_too(tmp_path: Path, options: dict[str, str]) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(**options))

    packed = load_picture(tmp_path / "a.jpg", is_packed=True).image

    assert np.array_equal(packed, load_picture(tmp_path / "a.jpg").image[..., :3])


def test_a_packed_picture_gets_the_same_colours() -> None:
    view = turned(scene(64, 40), 6)

    shown = convert(view, SRGB, DISPLAY_P3)

    assert np.array_equal(shown, convert(pixels_of(view), SRGB, DISPLAY_P3)[..., :3])

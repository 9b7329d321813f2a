"""The colour temperature of the light, from something neutral in a picture.

The light is taken for a black body: its spectrum by Planck's law, seen by the CIE 1931 observer (as sums of
lobes after Wyman, Sloan and Shirley, 2013), gives XYZ for every temperature. In a picture balanced for T0,
neutral things under T have a red by blue of ratio(T) / ratio(T0), where ratio is that of the black body in
the primaries of the picture: those of its colour space for a JPEG or a live frame, the camera's own for a RAW
file. So T follows from T0 and what was picked; green only tells whether that was neutral at all.

A JPEG's tone curve is taken for that of its space. A steeper one lets the first pick go too far, and a second
one, from a new picture, comes closer. A RAW file has no tone curve.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundglass.errors import ImageError, UsageError
from groundglass.imaging.overlay import Area
from groundglass.imaging.raw import filter_sites, holds_sites, opened
from groundglass.imaging.space import SRGB, Space

LOWEST_K, HIGHEST_K = 2000.0, 15000.0
_LEAST_LIGHT = 0.004  # of white: below it noise and rounding tell the colour
_MOST_CLIPPED = 0.01
_MOST_UNLIKE = 0.02  # of the proportions: bodies cut some pixels of the edges off their JPEGs
_MOST_TINT_EV = 0.5  # how far green may lie from the black body's
_BLOCKS = 4  # each way, of what is picked, which are compared: noise is averaged in them
_LEAST_SHARE = 0.1  # of the brightest block: a darker one hardly counts
_MOST_UNEVEN_EV = 0.5  # between blocks; a gradient of mixed light stays below
_SECOND_RADIATION_NM_K = 1.438777e7

_NM = np.arange(380.0, 781.0, 5.0)


def _lobe(peak: float, centre: float, below: float, above: float) -> NDArray[np.float64]:
    at = (_NM - centre) * np.where(centre > _NM, below, above)
    return np.asarray(peak * np.exp(-0.5 * at * at))


_OBSERVER = np.stack(
    (
        _lobe(1.056, 599.8, 0.0264, 0.0323)
        + _lobe(0.362, 442.0, 0.0624, 0.0374)
        + _lobe(-0.065, 501.1, 0.0490, 0.0382),
        _lobe(0.821, 568.8, 0.0213, 0.0247) + _lobe(0.286, 530.9, 0.0613, 0.0322),
        _lobe(1.217, 437.0, 0.0845, 0.0278) + _lobe(0.681, 459.0, 0.0385, 0.0725),
    )
)


class Pick(Struct, frozen=True):
    """Mean light of what was picked, in the picture's own primaries, as it was balanced.

    matrix: from XYZ to these primaries, (3, 3); None: sRGB's.  as_shot: what the camera multiplied red, green
    and blue by; None: not known.  is_even: it is of one colour, as far as is known.
    """

    red: float
    green: float
    blue: float
    clipped_share: float = 0.0
    matrix: NDArray[np.float64] | None = None
    as_shot: tuple[float, float, float] | None = None
    is_even: bool = True


def light_xyz(kelvin: float) -> NDArray[np.float64]:
    """Return X, Y and Z of a black body, Y = 1."""
    spectrum = 1.0 / (_NM**5 * np.expm1(_SECOND_RADIATION_NM_K / (_NM * kelvin)))
    xyz = _OBSERVER @ spectrum
    return np.asarray(xyz / xyz[1])


def kelvin_of(pick: Pick, balanced_k: float | None) -> float:
    """Return the temperature of the light that fell on something neutral.

    balanced_k: what the picture was balanced for; None: told by the multipliers of a RAW file.
    Raises UsageError if that is not known, or if what was picked is too dark, too bright, or coloured.
    """
    _check_light(pick)
    if balanced_k is None:
        if pick.as_shot is None or pick.matrix is None:
            raise UsageError(
                "This picture does not say for which light it was balanced.",
                "Set the white balance to Kelvin, and pick from the live picture or the next shot.",
            )
        red, _, blue = pick.as_shot
        balanced_k = _solved(blue / red, pick.matrix)
    before = _primaries(balanced_k, pick.matrix)
    kelvin = _solved(pick.red / pick.blue * before[0] / before[2], pick.matrix)
    light = _primaries(kelvin, pick.matrix)
    expected = light[1] / before[1] / math.sqrt(light[0] / before[0] * light[2] / before[2])
    tint = math.log2(pick.green / math.sqrt(pick.red * pick.blue) / expected)
    if abs(tint) > _MOST_TINT_EV or not LOWEST_K < kelvin < HIGHEST_K:
        raise UsageError("What was picked is coloured.", "Pick something neutral: a grey card, white paper.")
    return kelvin


def is_even(image: NDArray[np.uint8], area: Area, space: Space = SRGB) -> bool:
    """Tell whether a part of a picture is of one colour, however bright.

    image: (height, width, 3 or 4) BGR or BGRX.
    """
    part = area.of(image)
    lights = [space.tone[part[np.ix_(*block)][..., 2::-1]].mean((0, 1)) for block in _blocks(part)]
    return _are_alike(np.array(lights))


def raw_pick(path: Path, area: Area, aspect: float | None = None) -> Pick:
    """Read a part of a RAW file, of the picture as it is shown. Some seconds at most.

    aspect: width by height of what is shown, which the body may have cropped; None: all of the sensor.
    Raises ImageError if the file does not tell, or holds no single sensor values, as a reduced RAW.
    """
    with opened(path) as file:
        if not holds_sites(file):
            raise ImageError(f"“{path.name}” holds no single sensor values.", "Pick from its JPEG.")
        values, sites, flip = file.raw_image_visible, filter_sites(file), file.sizes.flip
        rows, columns = values.shape
        whole = rows / columns if flip in (5, 6) else columns / rows
        left, top, right, bottom = _as_stored(_in_whole(area, aspect or whole, whole), flip)
        down, across = _places(top, bottom, rows), _places(left, right, columns)
        values = values[down[0] : down[-1] + 1, across[0] : across[-1] + 1].astype(np.float64)
        colors = sites[np.ix_(down % sites.shape[0], across % sites.shape[1])]
        letters, blacks = file.color_desc.decode(errors="replace"), file.black_level_per_channel
        gains, white = file.camera_whitebalance, float(file.white_level)
        matrix = np.array(file.rgb_xyz_matrix[:3], np.float64)
    light, as_shot, alike = {}, {}, []
    blocks = [np.ix_(*block) for block in _blocks(values)]
    for letter in "RGB":
        numbers = [at for at, one in enumerate(letters) if one == letter]
        seen = [values[colors == number] - blacks[number] for number in numbers]
        if not numbers or not gains[numbers[0]] or not any(one.size for one in seen):
            raise ImageError(f"“{path.name}” does not say how it was balanced.", "Pick from its JPEG.")
        as_shot[letter] = float(gains[numbers[0]])
        sensed = [values[at][np.isin(colors[at], numbers)] - blacks[numbers[0]] for at in blocks]
        alike.append([one.mean() * as_shot[letter] if one.size else math.nan for one in sensed])
        light[letter] = float(np.concatenate(seen).mean()) / white * as_shot[letter] / float(gains[1] or 1.0)
    return Pick(
        light["R"],
        light["G"],
        light["B"],
        float(np.mean(values >= white)),
        matrix if matrix.any() else None,
        (as_shot["R"], as_shot["G"], as_shot["B"]),
        _are_alike(np.array(alike).T),
    )


def _blocks(values: NDArray[Any]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return the rows and columns of each block of a part."""
    rows, columns = (np.array_split(np.arange(length), min(_BLOCKS, length)) for length in values.shape[:2])
    return [(down, across) for down in rows for across in columns]


def _are_alike(lights: NDArray[np.float64]) -> bool:
    """Tell whether the light of blocks is of one colour; lights: (blocks, 3), red, green, blue."""
    lights = np.maximum(lights[~np.isnan(lights).any(1)], 1e-6)
    if not lights.size:
        return True
    total = lights.sum(1)
    red, green, blue = np.log2(lights[total >= _LEAST_SHARE * total.max()]).T
    return bool(max(np.ptp(red - blue), np.ptp(green - (red + blue) / 2)) <= _MOST_UNEVEN_EV)


def _check_light(pick: Pick) -> None:
    if pick.clipped_share > _MOST_CLIPPED:
        raise UsageError("What was picked is clipped.", "Pick something darker, or expose less.")
    if min(pick.red, pick.green, pick.blue) < _LEAST_LIGHT:
        raise UsageError("What was picked is too dark.", "Pick something lighter, or expose more.")


def _primaries(kelvin: float, matrix: NDArray[np.float64] | None) -> NDArray[np.float64]:
    seen = (SRGB.from_xyz if matrix is None else matrix) @ light_xyz(kelvin)
    return np.maximum(np.asarray(seen), 1e-4)


def _solved(red_by_blue: float, matrix: NDArray[np.float64] | None) -> float:
    """Return the temperature with this ratio, by halving in mired; at the ends the last one."""
    low, high = 1e6 / HIGHEST_K, 1e6 / LOWEST_K
    for _ in range(40):
        middle = (low + high) / 2
        seen = _primaries(1e6 / middle, matrix)
        low, high = (middle, high) if seen[0] / seen[2] < red_by_blue else (low, middle)
    return 2e6 / (low + high)


def _places(start: float, end: float, length: int) -> NDArray[np.intp]:
    """Return the rows or columns of a part, two at least."""
    first = min(int(start * length), length - 2)
    return np.arange(first, max(int(end * length), first + 2))


def _in_whole(area: Area, shown: float, whole: float) -> Area:
    """Return where an area lies in a whole picture of which one of other proportions is the middle."""
    if abs(shown / whole - 1) <= _MOST_UNLIKE:
        return area
    across, down = min(shown / whole, 1.0), min(whole / shown, 1.0)
    return Area(
        0.5 + (area.left - 0.5) * across,
        0.5 + (area.top - 0.5) * down,
        0.5 + (area.right - 0.5) * across,
        0.5 + (area.bottom - 0.5) * down,
    )


def _as_stored(area: Area, flip: int) -> tuple[float, float, float, float]:
    """Return where an area of the shown picture lies on the sensor; flip: LibRaw's 3, 5 and 6 are turns."""
    left, top, right, bottom = area.left, area.top, area.right, area.bottom
    if flip == 3:
        return 1 - right, 1 - bottom, 1 - left, 1 - top
    if flip == 5:  # shown turned left by 90°
        return 1 - bottom, left, 1 - top, right
    if flip == 6:  # shown turned right by 90°
        return top, 1 - right, bottom, 1 - left
    return left, top, right, bottom

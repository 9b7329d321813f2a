"""A RAW's stops as pixels, by numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from groundglass.desktop.widgets.histogram_raster import LIGHT

if TYPE_CHECKING:
    from groundglass.imaging.headroom import StopsHistogram

# The planes of a BGRX image that each colour of the filter lights.
_PLANES = {"red": (2,), "green": (1,), "blue": (0,), "grey": (0, 1, 2)}


def raster(
    names: Sequence[str],
    stops: Sequence[StopsHistogram],
    size: tuple[int, int],
    logarithmic: bool,
    ground: int,
) -> NDArray[np.uint8]:
    """Draw the channels added as light, saturation at the right: (height, width, 4) BGRX.

    names: of the channels, as "green 1".  stops: of each, all with the same bins.
    size: width and height in device pixels.  ground: the grey behind.
    """
    width, height = size
    light = _light(names, stops)
    bins = light.shape[1]
    # Bin 0 lies next to saturation.
    at = bins - 1 - np.minimum(np.arange(width) * bins // max(width, 1), bins - 1)
    columns = light[:, at]
    ceiling = float(light.max())
    if ceiling > 0:
        columns = np.log1p(columns) / np.log1p(ceiling) if logarithmic else columns / ceiling
    from_below = np.arange(height - 1, -1, -1, dtype=np.float32)[:, None]
    image = np.empty((height, width, 4), np.uint8)
    for plane in range(3):
        covered = np.clip(columns[plane][None, :] * height - from_below, 0.0, 1.0)
        image[..., plane] = covered * (LIGHT - ground) + ground
    image[..., 3] = 255
    return image


def _light(names: Sequence[str], stops: Sequence[StopsHistogram]) -> NDArray[np.float32]:
    """Return photosites in each bin for blue, green and red; two greens count as their mean."""
    bins = max((len(one.counts) for one in stops), default=1)
    light, sites = np.zeros((3, bins), np.float32), np.zeros(3)
    for name, one in zip(names, stops, strict=True):
        for plane in _PLANES.get(name.removesuffix(" 1").removesuffix(" 2"), (0, 1, 2)):
            light[plane] += one.counts
            sites[plane] += 1
    return light / np.maximum(sites, 1).astype(np.float32)[:, None]

"""A histogram as pixels, by numpy: a tenth of what the same costs with a painter."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from groundglass.desktop.picture_tools import LINE_SHARE

if TYPE_CHECKING:
    from groundglass.desktop.picture_tools import GraphStyle
    from groundglass.imaging.histogram import Histogram

# How bright the light of a channel is drawn; all three together stay below the text.
LIGHT = 0xB8


def heights(
    counts: NDArray[np.int64], width: int, logarithmic: bool, top: float | None = None
) -> NDArray[np.float32]:
    """Return the height of each column, 0..1.

    counts: (256,) or (channels, 256).  top: the count that reaches the top; None: the highest inside.
    The two outermost values may rise above the rest and are cut there: clipping has its own figures,
    and one blown window would press everything else to the ground.
    """
    rows = np.atleast_2d(counts)
    columns = _columns(rows, width)
    ceiling = peak(rows) if top is None else top
    if ceiling <= 0:
        shares = np.zeros_like(columns)
    elif logarithmic:
        shares = np.log1p(columns) / np.log1p(ceiling)
    else:
        shares = columns / ceiling
    shares = np.minimum(shares, 1.0, dtype=np.float32)
    found: NDArray[np.float32] = shares if np.ndim(counts) == 2 else shares[0]
    return found


def peak(counts: NDArray[np.int64]) -> float:
    """Return the highest count between the two ends; of the ends if there is nothing between."""
    rows = np.atleast_2d(counts)
    inside = float(rows[:, 2:254].max())
    return inside if inside > 0 else float(rows.max())


def _columns(rows: NDArray[np.int64], width: int) -> NDArray[np.float32]:
    """Return the highest count under each column, so that no comb and no spike is lost."""
    first, *further = _values_under(width)
    found = rows[:, first]
    for values in further:
        found = np.maximum(found, rows[:, values])
    return found.astype(np.float32)


@lru_cache(maxsize=8)
def _values_under(width: int) -> tuple[NDArray[np.intp], ...]:
    """Return the values that each column covers: their first, their second and so on, the last repeated."""
    edges = np.linspace(0, 256, width + 1)
    first = np.floor(edges[:-1]).astype(np.intp)
    last = np.maximum(np.ceil(edges[1:]).astype(np.intp) - 1, first)
    # A column covers at most ceil(256 / width) + 1 values.
    return tuple(np.minimum(first + extra, last) for extra in range(int((last - first).max()) + 1))


def draw_graph(histogram: Histogram, style: GraphStyle) -> NDArray[np.uint8]:
    """Draw a histogram over lines at the quarters of its values. Any thread.

    Returns (height, width, 4) BGRX of the style's size.
    """
    image = raster(histogram, style.size, style.is_logarithmic, style.ground)
    for quarter in (1, 2, 3):
        left = quarter * style.size[0] // 4
        line = image[:, left : left + style.line_px, :3]
        line[...] = line * (1 - LINE_SHARE) + style.line * LINE_SHARE
    return image


def raster(histogram: Histogram, size: tuple[int, int], logarithmic: bool, ground: int) -> NDArray[np.uint8]:
    """Draw red, green and blue added as light: red and green make yellow, all three a grey.

    size: width and height in device pixels.  ground: the grey behind.
    Returns (height, width, 4) BGRX.
    """
    width, height = size
    counts = np.stack((histogram.blue, histogram.green, histogram.red))
    tall = heights(counts, width, logarithmic) * height
    from_below = np.arange(height - 1, -1, -1, dtype=np.float32)[:, None]
    image = np.empty((height, width, 4), np.uint8)
    for channel in range(3):
        covered = np.clip(tall[channel][None, :] - from_below, 0.0, 1.0)
        image[..., channel] = covered * (LIGHT - ground) + ground
    image[..., 3] = 255
    return image


def draw_line(counts: NDArray[np.int64], style: GraphStyle) -> NDArray[np.uint8]:
    """Draw the outline of a histogram alone, one grey on nothing. Any thread.

    counts: (256,).  Returns (height, width, 4) BGRA of the style's size, premultiplied.
    """
    width, height = style.size
    tall = heights(counts, width, style.is_logarithmic) * (height - style.line_px)
    before = np.concatenate((tall[:1], tall[:-1]))
    from_below = np.arange(height - 1, -1, -1, dtype=np.float32)[:, None]
    # From one column's height to the next one's, so that it is one line.
    is_line = (from_below >= np.minimum(tall, before).round()) & (
        from_below < np.maximum(tall, before).round() + style.line_px
    )
    image = np.zeros((height, width, 4), np.uint8)
    image[is_line] = (style.before, style.before, style.before, 255)
    return image

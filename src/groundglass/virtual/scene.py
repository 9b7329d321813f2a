"""The still life in front of the lens: what stands where.

Coordinates are in picture heights: x from 0 (left) to 1.5, y from 0 (top) to 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from groundglass.virtual import props
from groundglass.virtual.lens import Box, Image, Layer, blur_width
from groundglass.virtual.paint import Sheet, smooth, texture

_HORIZON = 0.695
_FARTHEST_M, _NEAREST_M = 2.25, 0.74  # of the table, at the horizon and at the lower edge
_STRIPS = 6
_METRONOME = (0.575, 0.752)
_PIVOT = (0.575, 0.686)
_ARM, _SWING = 0.200, 0.30  # length; largest angle in radians
_METRONOME_M = 1.7
_SHADOWS = (  # x, y, width, depth, darkness
    (0.215, 0.770, 0.10, 0.014, 0.55),
    (0.600, 0.757, 0.13, 0.014, 0.70),
    (0.830, 0.845, 0.13, 0.020, 0.80),
    (1.010, 0.880, 0.13, 0.020, 0.80),
    (1.150, 0.905, 0.09, 0.016, 0.75),
    (0.590, 0.935, 0.11, 0.020, 0.80),
    (1.330, 0.735, 0.06, 0.010, 0.60),
    (1.250, 0.800, 0.08, 0.012, 0.60),
)


def paint(width: int, height: int) -> list[Layer]:
    """Return the layers, far ones first, for a picture of this size."""

    def swing(moment: float) -> tuple[Image, int, int]:
        return props.pendulum(height, _PIVOT, _ARM, _SWING * math.sin(2 * math.pi * moment))

    nothing = np.zeros((1, 1, 4), np.float32)
    objects = [
        props.focus_target(height, 2.2, (1.300, 0.645), 0.115),
        props.metronome(height, _METRONOME_M, *_METRONOME),
        Layer("pendulum", _METRONOME_M, nothing, 0, 0, swing=swing),
        props.focus_target(height, 1.6, (1.205, 0.690), 0.150),
        props.color_chart(height, 1.45, 0.045, 0.330, 0.772),
        props.bottle(height, 1.2, 0.785, 0.845),
        props.fruit(
            height, "apple", 1.1, (0.945, 0.792), (0.092, 0.088), ((0.42, 0.20, 0.05), (0.44, 0.022, 0.018))
        ),
        props.fruit(
            height, "lemon", 1.02, (1.092, 0.850), (0.078, 0.058), ((0.62, 0.37, 0.022), (0.72, 0.52, 0.05))
        ),
        props.chrome_ball(height, 0.92, (0.535, 0.862), 0.076),
        props.focus_target(height, 0.8, (1.375, 0.870), 0.180),
    ]
    # What stands on the table hides it, whatever the distance of the strip below.
    return [_backdrop(width, height), _lamps(height), *_table(width, height), *objects]


def moving_box(width: int, height: int, focus_m: float, f_number: float) -> Box:
    """Return where the moving part and its blur can be: left, top, right, bottom."""
    blur = blur_width(_METRONOME_M, focus_m, f_number, width) / height / 2 + 0.006
    side = math.sin(_SWING) * _ARM + 0.03 + blur
    x, y = _PIVOT
    left, right = int((x - side) * height), int((x + side) * height)
    return (
        max(0, left),
        int((y - _ARM - 0.01 - blur) * height),
        min(width, right),
        int((y + 0.02 + blur) * height),
    )


def distance_at(layers: Sequence[Layer], width: int, height: int, x: float, y: float) -> float:
    """Return how far away lies what is seen at x, y (0..1 of the picture), in metres."""
    across, down = min(width - 1, int(x * width)), min(height - 1, int(y * height))
    found = layers[0].distance_m
    for layer in layers[1:]:
        rows, columns = layer.pixels.shape[:2]
        row, column = down - layer.top, across - layer.left
        if 0 <= row < rows and 0 <= column < columns and layer.pixels[row, column, 3] > 0.5:
            found = layer.distance_m
    return found


def _backdrop(width: int, height: int) -> Layer:
    """A wall with a pool of light; so even that it is kept small and scaled up."""
    small = 128
    edge = 1 / small
    sheet = Sheet.over(small, edge, edge, math.ceil(width / height * small) / small - edge, 1 - edge)
    glow = np.exp(-(((sheet.x - 0.72) / 0.62) ** 2) - ((sheet.y - 0.36) / 0.42) ** 2)
    side = np.exp(-(((sheet.x - 0.10) / 0.75) ** 2) - ((sheet.y - 0.10) / 0.8) ** 2)
    level = 0.016 + 0.250 * glow + 0.026 * side
    warm = (
        np.asarray((1.06, 0.99, 0.90), np.float32)
        - np.asarray((0.14, 0.02, -0.13), np.float32) * (1 - glow)[:, :, None]
    )
    return Layer("backdrop", 2.8, (level[:, :, None] * warm).astype(np.float32), 0, 0, is_backdrop=True)


def _lamps(height: int) -> Layer:
    """Small lamps far behind: points when sharp, discs when not."""
    sheet = Sheet.over(height, 0.86, 0.05, 1.46, 0.42)
    color = sheet.plain((0, 0, 0))
    coverage = np.zeros(sheet.x.shape, np.float32)
    for place in range(9):
        x = 0.90 + place * 0.066
        y = 0.13 + 0.085 * math.sin(place * 0.62 + 0.4) + 0.012 * place
        lamp = sheet.inside((np.hypot(sheet.x - x, sheet.y - y) - 0.0042).astype(np.float32))
        warmth = 0.75 + 0.25 * math.sin(place * 1.9)
        color[lamp > 0] = (5.2, 5.2 * (0.48 + 0.25 * warmth), 5.2 * (0.16 + 0.30 * warmth))
        coverage = np.maximum(coverage, lamp)
    return sheet.layer("lamps", 2.7, color, coverage)


def _table(width: int, height: int) -> list[Layer]:
    """The table top in strips, each at its own distance; a nearer strip melts into the one behind it."""
    beyond = 0.03  # the table goes on, so that a blur finds no edge
    whole = Sheet.over(height, -beyond, _HORIZON, width / height + beyond, 1 + beyond)
    depth = np.clip((whole.y - _HORIZON) / (1 - _HORIZON), 0, 1 + beyond)
    shape = whole.x.shape
    # Boards run toward the back: their grain narrows with the distance.
    near = 0.35 + 0.65 * depth
    across = ((whole.x - 0.72) / near + 4) * 5.2
    board = np.floor(across)
    tone = 0.84 + 0.22 * (np.sin(board * 12.9898) * 43758.5453 % 1.0)
    fine = _grain(across * 36, depth * 3 + board * 7.3)
    gaps = 1 - 0.6 * smooth(0.022, 0.0, np.abs(across - np.round(across)))
    wood = np.asarray((0.250, 0.138, 0.074), np.float32) * (tone * (1 + 0.22 * fine) * gaps)[:, :, None]
    wood = wood * (1 + 0.05 * texture(shape, (30, 240), 5))[:, :, None]
    light = 0.40 + 0.75 * np.exp(-(((whole.x - 0.66) / 0.66) ** 2) - ((whole.y - 0.84) / 0.30) ** 2)
    for x, y, wide, deep, dark in _SHADOWS:
        light = light * (1 - dark * np.exp(-(((whole.x - x) / wide) ** 2) - ((whole.y - y) / deep) ** 2))
    sheen = 0.075 * np.exp(-(((whole.x - 0.72) / 0.5) ** 2)) * (1 - depth) ** 2
    color = (wood * light[:, :, None] + sheen[:, :, None]).astype(np.float32)
    strips = []
    for place in range(_STRIPS):
        top, bottom = place / _STRIPS, (place + 1) / _STRIPS
        feather = 0.35 / _STRIPS
        coverage = smooth(top - feather, top, depth) if place else whole.inside(_HORIZON - whole.y)
        inverse = 1 / _FARTHEST_M + (top + bottom) / 2 * (1 / _NEAREST_M - 1 / _FARTHEST_M)
        first = max(0, int(np.argmax(coverage[:, 0] > 0)))
        last = shape[0] if place == _STRIPS - 1 else int(np.searchsorted(depth[:, 0], bottom + feather)) + 1
        pixels = np.concatenate((color * coverage[:, :, None], coverage[:, :, None]), axis=2)[first:last]
        strips.append(Layer(f"table {place}", 1 / inverse, pixels.copy(), whole.left, whole.top + first))
    return strips


def _grain(x: Image, y: Image) -> Image:
    """Return the veins of wood along y."""
    wave = x + 0.9 * np.sin(y * 2.1 + x * 0.08) + 0.5 * np.sin(y * 5.7 + x * 0.31)
    veins: Image = (0.6 * np.sin(wave) + 0.4 * np.sin(wave * 2.7 + 1.3)).astype(np.float32)
    return veins

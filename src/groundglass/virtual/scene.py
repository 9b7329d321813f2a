"""The still life in front of the lens, in linear light.

Coordinates are in picture heights: x from 0 to 1.5, y from 0 (top) to 1.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from groundglass.virtual.lens import Image, Layer

GREY_RAMP = tuple(0.9 * 2.0**-stop for stop in range(7))  # reflectances, a stop apart


def paint(width: int, height: int) -> list[Layer]:
    """Return the layers, far ones first, for a picture of this size."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / height
    back = np.stack([0.25 * (1.2 - y)] * 3, axis=2).astype(np.float32)
    layers = [Layer("backdrop", 2.6, back, 0, 0, is_smooth=True)]
    ramp = np.zeros((height // 8, width // 2, 4), np.float32)
    for place, grey in enumerate(GREY_RAMP):
        step = width // 2 // len(GREY_RAMP)
        ramp[:, place * step : (place + 1) * step, :3] = grey
        ramp[:, place * step : (place + 1) * step, 3] = 1
    layers.append(Layer("ramp", 1.4, ramp, width // 10, height // 2))
    size = height // 10

    def swing(moment: float) -> tuple[Image, int, int]:
        ball = np.zeros((size, size, 4), np.float32)
        cv2.circle(ball, (size // 2, size // 2), size // 2 - 1, (0.8, 0.3, 0.1, 1), -1)
        return ball, int(width * (0.5 + 0.2 * math.sin(2 * math.pi * moment))), height // 5

    layers.append(Layer("pendulum", 1.6, np.zeros((1, 1, 4), np.float32), 0, 0, swing=swing))
    return layers


def distance_at(x: float, y: float) -> float:
    """Return how far away lies what is seen at x, y (0..1 of the picture), in metres."""
    return 1.2

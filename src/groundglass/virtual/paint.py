"""Painting in linear light: sheets with shapes of soft edges, textures and lettering."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from msgspec import Struct

from groundglass.virtual.lens import Image, Layer


class Sheet(Struct, frozen=True):
    """A part of the picture to paint on: pixel places in picture heights."""

    x: Image
    y: Image
    left: int
    top: int
    height: int  # of the whole picture, in pixels

    @classmethod
    def over(cls, height: int, left: float, top: float, right: float, bottom: float) -> Sheet:
        """Return a sheet over a rectangle, a pixel wider on each side."""
        x0, y0 = math.floor(left * height) - 1, math.floor(top * height) - 1
        x1, y1 = math.ceil(right * height) + 1, math.ceil(bottom * height) + 1
        across = (np.arange(x0, x1, dtype=np.float32) + 0.5) / height
        down = (np.arange(y0, y1, dtype=np.float32) + 0.5) / height
        x, y = np.meshgrid(across, down)
        return cls(x, y, x0, y0, height)

    def inside(self, distance: Image) -> Image:
        """Return the coverage of a shape; distance: how far outside of it each place is."""
        covered: Image = np.clip(0.5 - distance * self.height, 0, 1).astype(np.float32)
        return covered

    def box(self, left: float, top: float, right: float, bottom: float, round_by: float = 0.0) -> Image:
        """Return the coverage of a rectangle with round corners."""
        across = np.abs(self.x - (left + right) / 2) - (right - left) / 2 + round_by
        down = np.abs(self.y - (top + bottom) / 2) - (bottom - top) / 2 + round_by
        outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
        return self.inside((outside + np.minimum(np.maximum(across, down), 0) - round_by).astype(np.float32))

    def fill_box(
        self, picture: Image, left: float, top: float, right: float, bottom: float, color: Sequence[float]
    ) -> None:
        """Paint a rectangle into a picture in place."""
        x0, x1 = (round(edge * self.height) - self.left for edge in (left, right))
        y0, y1 = (round(edge * self.height) - self.top for edge in (top, bottom))
        picture[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)] = color

    def layer(self, name: str, distance_m: float, color: Image, coverage: Image) -> Layer:
        """Return what was painted."""
        pixels = np.empty((*coverage.shape, 4), np.float32)
        pixels[:, :, :3] = color * coverage[:, :, None]
        pixels[:, :, 3] = coverage
        return Layer(name, distance_m, pixels, self.left, self.top)

    def plain(self, color: Sequence[float]) -> Image:
        """Return one colour everywhere."""
        return np.ones((*self.x.shape, 3), np.float32) * np.asarray(color, np.float32)


def over(below: Image, coverage: Image, color: Sequence[float] | Image) -> Image:
    """Paint a colour over a picture where coverage says."""
    mixed: Image = below + coverage[:, :, None] * (np.asarray(color, np.float32) - below)
    return mixed


def smooth(low: float, high: float, value: Image) -> Image:
    """Rise softly from 0 to 1 between two values."""
    t = np.clip((value - low) / (high - low), 0, 1)
    risen: Image = (t * t * (3 - 2 * t)).astype(np.float32)
    return risen


def texture(shape: tuple[int, int], cells: tuple[float, float], seed: int) -> Image:
    """Return soft random spots, mean 0; cells: how many fit down and across."""
    random = np.random.default_rng(seed)
    grid = random.standard_normal((max(2, round(cells[0])), max(2, round(cells[1]))), np.float32)
    spots: Image = cv2.resize(grid, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return spots


def lettering(
    sheet: Sheet, words: str, center: tuple[float, float], cap_height: float, weight: float = 0.14
) -> Image:
    """Return the coverage of a line of text around a point."""
    pixels = cap_height * sheet.height
    scale, thick = pixels / 21, max(1, round(pixels * weight))
    mask = np.zeros(sheet.x.shape, np.uint8)
    (width, height), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_DUPLEX, scale, thick)
    origin = (
        round(center[0] * sheet.height - sheet.left - width / 2),
        round(center[1] * sheet.height - sheet.top + height / 2),
    )
    cv2.putText(mask, words, origin, cv2.FONT_HERSHEY_DUPLEX, scale, 255, thick, cv2.LINE_AA)
    return mask.astype(np.float32) / 255

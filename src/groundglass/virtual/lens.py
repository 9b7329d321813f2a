"""What a lens does to the layers of a scene: each is as sharp as its distance allows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Image = NDArray[Any]  # of numpy.float32
Box = tuple[int, int, int, int]  # left, top, right, bottom

FOCAL_MM = 50.0
SENSOR_WIDTH_MM = 36.0
_DIFFRACTION_MM = 0.0007  # blur for each unit of f-number, green light


class Layer(Struct, frozen=True):
    """A flat part of the scene.

    pixels: (height, width, 4), linear light times coverage, and coverage 0..1.  left, top: where it stands.
    """

    name: str
    distance_m: float
    pixels: Image
    left: int
    top: int
    is_backdrop: bool = False  # covers the whole picture, without detail: (height, width, 3), of any size
    swing: Callable[[float], tuple[Image, int, int]] | None = None


def blur_width(distance_m: float, focus_m: float, f_number: float, width: int) -> float:
    """Return the diameter of the disc that a point becomes, in pixels of a picture so wide."""
    focus_mm, distance_mm = max(focus_m * 1000, FOCAL_MM * 1.5), distance_m * 1000
    aperture_mm = FOCAL_MM / f_number
    disc_mm = aperture_mm * FOCAL_MM / (focus_mm - FOCAL_MM) * abs(distance_mm - focus_mm) / distance_mm
    return math.hypot(disc_mm, _DIFFRACTION_MM * f_number) / SENSOR_WIDTH_MM * width


def defocus(pixels: Image, diameter: float) -> tuple[Image, int]:
    """Spread each point over a disc; returns the image, larger on each side by the second value."""
    if diameter < 0.7:
        return pixels, 0
    margin = math.ceil(diameter / 2) + 2
    shrink = 1
    while diameter / shrink > 9:
        shrink *= 2
    margin += -margin % shrink
    height, width = pixels.shape[:2]
    bottom, right = margin + -height % shrink, margin + -width % shrink
    wide = cv2.copyMakeBorder(pixels, margin, bottom, margin, right, cv2.BORDER_CONSTANT)
    size = (wide.shape[1], wide.shape[0])
    if shrink > 1:
        wide = cv2.resize(wide, (size[0] // shrink, size[1] // shrink), interpolation=cv2.INTER_AREA)
    wide = cv2.filter2D(wide, -1, _disc(diameter / shrink), borderType=cv2.BORDER_REPLICATE)
    if shrink > 1:
        wide = cv2.resize(wide, size, interpolation=cv2.INTER_LINEAR)
    return wide[: height + 2 * margin, : width + 2 * margin], margin


def _disc(diameter: float) -> Image:
    radius = diameter / 2
    reach = math.ceil(radius)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    result: Image = disc / disc.sum()
    return result


class Lens:
    """Composes layers, far ones first; keeps each layer's last blur."""

    def __init__(self, layers: Sequence[Layer], width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.layers = layers
        self._blurred: dict[str, tuple[float, Image, int]] = {}

    def compose(self, focus_m: float, f_number: float, moment: float, box: Box | None = None) -> Image:
        """Return the picture in linear light, or a part of it: (height, width, 3).

        moment: 0..1, where the moving part stands on its way.
        """
        left, top, right, bottom = box or (0, 0, self.width, self.height)
        picture = np.zeros((bottom - top, right - left, 3), np.float32)
        for layer in self.layers:
            if layer.is_backdrop:
                whole = cv2.resize(layer.pixels, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
                picture[...] = whole[top:bottom, left:right]
                continue
            pixels, x, y = self._seen(layer, focus_m, f_number, moment)
            _cover(picture, pixels, x - left, y - top)
        return picture

    def _seen(self, layer: Layer, focus_m: float, f_number: float, moment: float) -> tuple[Image, int, int]:
        diameter = round(blur_width(layer.distance_m, focus_m, f_number, self.width) * 4) / 4
        if layer.swing is not None:
            drawn, x, y = layer.swing(moment)
            pixels, margin = defocus(drawn, diameter)
            return pixels, x - margin, y - margin
        kept = self._blurred.get(layer.name)
        if kept is None or kept[0] != diameter:
            kept = (diameter, *defocus(layer.pixels, diameter))
            self._blurred[layer.name] = kept
        _, pixels, margin = kept
        return pixels, layer.left - margin, layer.top - margin


def _cover(picture: Image, pixels: Image, left: int, top: int) -> None:
    """Put a layer over the picture, cut to it."""
    height, width = picture.shape[:2]
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(width, left + pixels.shape[1]), min(height, top + pixels.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = pixels[y0 - top : y1 - top, x0 - left : x1 - left]
    under = picture[y0:y1, x0:x1]
    # OpenCV plane by plane: numpy's broadcasting takes six times as long here.
    through = 1 - part[:, :, 3]
    for channel in range(3):
        under[:, :, channel] = cv2.multiply(under[:, :, channel], through) + part[:, :, channel]

"""What the sensor makes of the light: exposure, white balance, noise, and the JPEG of it."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from groundglass.virtual.lens import Image
from groundglass.virtual.settings import SCENE_KELVIN

BLACK = 512
WHITE = 16383
RAW_AT_WHITE = 0.36 * (WHITE - BLACK)  # raw value of what the JPEG shows as white: 1.5 stops below full
SENSITIVITY = (0.52, 1.0, 0.68)  # red, green and blue of the sensor in the scene's light
_ELECTRONS_A_STEP = 3.15  # at ISO 100
_JPEG_NOISE = 0.55  # what the camera's noise reduction leaves

Picture = NDArray[Any]  # of numpy.uint8: (height, width, 3), red, green, blue
Planes = tuple[Image, Image, Image]


def light_color(kelvin: float) -> tuple[float, float, float]:
    """Return a black body's light as linear red, green and blue, green 1 (Kim's approximation)."""
    t = 1000.0 / kelvin
    if kelvin < 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    if kelvin < 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    big_x, big_z = x / y, (1 - x - y) / y
    red = 3.2406 * big_x - 1.5372 - 0.4986 * big_z
    green = -0.9689 * big_x + 1.8758 + 0.0415 * big_z
    blue = 0.0557 * big_x - 0.2040 + 1.0570 * big_z
    return red / green, 1.0, max(blue, 0.02) / green


def white_gains(kelvin: float) -> tuple[float, float, float]:
    """Return what red, green and blue are multiplied by so that light of this temperature is white."""
    scene, white = light_color(SCENE_KELVIN), light_color(kelvin)
    red, green, blue = (s / w for s, w in zip(scene, white, strict=True))
    return red, green, blue


class Grain:
    """Noise, made once from a seed: tiles of it are laid over pictures."""

    def __init__(self, seed: int, height: int = 512, width: int = 2048) -> None:
        random = np.random.default_rng(seed)
        self.raw = random.standard_normal((height, width), np.float32)
        fine = random.standard_normal((3, height, width), np.float32)
        soft = [cv2.GaussianBlur(plane, (0, 0), 0.8) for plane in fine]
        self.planes = [np.ascontiguousarray(plane / plane.std()) for plane in soft]

    def tile(self, plane: Image, height: int, width: int, place: int) -> Image:
        """Return noise of a size, cut from somewhere that depends on place."""
        random = (place * 2654435761) & 0xFFFFFFFF
        rows, columns = plane.shape
        tile: Image = np.empty((height, width), np.float32)
        for top in range(-(random % rows), height, rows):
            for left in range(-((random >> 10) % columns), width, columns):
                y0, x0 = max(0, top), max(0, left)
                part = tile[y0 : top + rows, x0 : left + columns]
                part[...] = plane[y0 - top : y0 - top + part.shape[0], x0 - left : x0 - left + part.shape[1]]
        return tile


def noise_step(iso_gain: float) -> float:
    """Return the noise in the square root of a raw value."""
    return math.sqrt(iso_gain / _ELECTRONS_A_STEP) / 2


def expose(
    roots: Planes,
    light: float,
    iso_gain: float,
    kelvin: float,
    grain: Grain,
    place: int,
) -> Picture:
    """Return the picture that the camera would show: (height, width, 3), RGB.

    roots: square roots of linear red, green and blue.  They are the tone curve: a stop is a factor of 1.41.
    """
    step = 255 * noise_step(iso_gain) / math.sqrt(RAW_AT_WHITE) * _JPEG_NOISE
    planes = []
    for root, gain, sensitivity, noise in zip(
        roots, white_gains(kelvin), SENSITIVITY, grain.planes, strict=True
    ):
        tile = grain.tile(noise, root.shape[0], root.shape[1], place)
        level = 255 * math.sqrt(light * gain)
        sigma = step * math.sqrt(gain / sensitivity)
        planes.append(cv2.addWeighted(root, level, tile, sigma, 0, dtype=cv2.CV_8U))
    merged: Picture = cv2.merge(planes)
    return merged


def raw(roots: Planes, light: float, iso_gain: float, grain: Grain, place: int) -> NDArray[np.uint16]:
    """Return the RAW values of a picture, red-green over green-blue; 14 bits over a black level.

    The noise is added to the square root of the light, where it is the same everywhere; squared again it is
    that of photons and amplifier, and the mean is exact.
    """
    step = noise_step(iso_gain)
    read = (1.6 + 0.25 * math.sqrt(iso_gain)) ** 2 / (4 * step * step)
    height, width = roots[0].shape
    values: Image = np.empty((height, width), np.float32)
    sites = ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2))
    for down, across, color in sites:
        light_there = roots[color][down::2, across::2]
        scale = light * RAW_AT_WHITE * SENSITIVITY[color]
        values[down::2, across::2] = light_there * math.sqrt(scale)
    cv2.multiply(values, values, values)
    values += read
    cv2.sqrt(values, values)
    cv2.scaleAdd(grain.tile(grain.raw, height, width, place), step, values, values)
    cv2.multiply(values, values, values)
    values += BLACK - read - step * step + 0.5
    return np.clip(values, 0, WHITE, out=values).astype(np.uint16)


def jpeg(picture: Picture, quality: int) -> bytes:
    """Code a picture as JPEG with halved colour."""
    coded: bytes = simplejpeg.encode_jpeg(
        np.ascontiguousarray(picture), quality, colorspace="RGB", colorsubsampling="420"
    )
    return coded


def enlarged(frame: bytes, box: tuple[int, int, int, int], quality: int) -> bytes:
    """Return a part of a JPEG at the size of the whole."""
    picture = simplejpeg.decode_jpeg(frame, "RGB")
    left, top, right, bottom = box
    size = (picture.shape[1], picture.shape[0])
    return jpeg(cv2.resize(picture[top:bottom, left:right], size, interpolation=cv2.INTER_LINEAR), quality)

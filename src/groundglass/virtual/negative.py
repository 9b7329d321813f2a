"""One exposure on film, made in bands that several threads can share, JPEG and RAW alike.

A JPEG's bands are joined with restart markers, so an unchanged band is coded once and serves every shot
with the same settings; only where something moves is drawn again.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable
from fractions import Fraction

import cv2
from msgspec import Struct

from groundglass.virtual import sensor
from groundglass.virtual.film import Film, Strip
from groundglass.virtual.lens import Box, Image
from groundglass.virtual.sensor import Grain, Planes

BAND_ROWS = 144  # whole coding units, and whole rows of what is drawn, at every scale that is used
_MARGIN_ROWS = 4


class Look(Struct, frozen=True):
    """All that decides how a composed picture is recorded."""

    light: float
    iso_gain: float
    kelvin: float


class Composition(Struct, frozen=True):
    """What falls on the sensor, as square roots of linear light; the moving part lies over it in a box."""

    still: Planes
    box: Box
    moving: Planes

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        height, width = self.still[0].shape
        return width, height

    def rows(self, top: int, bottom: int) -> Planes:
        """Return some rows with the moving part in them."""
        left, box_top, right, box_bottom = self.box
        first, last = max(top, box_top), min(bottom, box_bottom)
        planes = []
        for still, moving in zip(self.still, self.moving, strict=True):
            plane = still[top:bottom]
            if first < last:
                plane = plane.copy()
                plane[first - top : last - top, left:right] = moving[first - box_top : last - box_top]
            planes.append(plane)
        return planes[0], planes[1], planes[2]


def band_of(composition: Composition, size: tuple[int, int], band: int) -> Planes:
    """Return a band of a composition, scaled to a picture of this size."""
    width, height = size
    source_width, source_height = composition.size
    scale = Fraction(width, source_width)
    source_rows = int(BAND_ROWS / scale)
    top, bottom = band * source_rows, min((band + 1) * source_rows, source_height)
    rows = min(BAND_ROWS, height - band * BAND_ROWS)
    if scale == 1:
        return composition.rows(top, bottom)
    above = min(_MARGIN_ROWS, top)
    below = min(_MARGIN_ROWS, source_height - bottom)
    planes = composition.rows(top - above, bottom + below)
    whole = (width, int((bottom - top + above + below) * scale))
    cut = int(above * scale)
    scaled = [cv2.resize(plane, whole, interpolation=cv2.INTER_LINEAR)[cut : cut + rows] for plane in planes]
    return scaled[0], scaled[1], scaled[2]


class JpegBands:
    """The bands of a JPEG."""

    def __init__(self, look: Look, size: tuple[int, int], quality: int, grain: Grain) -> None:
        self.size = size
        self._look = look
        self._quality = quality
        self._grain = grain
        self.count = -(-size[1] // BAND_ROWS)
        self.frame = b""

    def make(self, composition: Composition, band: int) -> bytes:
        """Code one band, its restart marker included."""
        look = self._look
        planes = band_of(composition, self.size, band)
        picture = sensor.expose(planes, look.light, look.iso_gain, look.kelvin, self._grain, band)
        frame, scan = _split(sensor.jpeg(picture, self._quality), self.size)
        self.frame = frame
        marker = b"" if band == self.count - 1 else bytes((0xFF, 0xD0 + band % 8))
        return scan + marker


class RawBands:
    """The bands of the RAW values."""

    def __init__(self, look: Look, size: tuple[int, int], grain: Grain) -> None:
        self.size = size
        self._look = look
        self._grain = grain
        self.count = -(-size[1] // BAND_ROWS)

    def make(self, composition: Composition, band: int) -> bytes:
        """Return one band of 16-bit numbers."""
        planes = band_of(composition, self.size, band)
        return sensor.raw(planes, self._look.light, self._look.iso_gain, self._grain, band).tobytes()


class Roll:
    """The strips of one set of bands: those that never move, and those of a few moments."""

    def __init__(self, film: Film, bands: JpegBands | RawBands) -> None:
        self.bands = bands
        self._film = film
        self._lock = threading.Condition()
        self._strips: dict[tuple[int, object], Strip] = {}
        self._started: set[tuple[int, object]] = set()

    def develop(
        self, composition: Composition, moment: object, may_go_on: Callable[[], bool] = lambda: True
    ) -> tuple[Strip, ...] | None:
        """Make the missing bands, together with other threads that do; None if told not to go on."""
        keys = [
            (band, moment if self._moves(composition, band) else None) for band in range(self.bands.count)
        ]
        for key in keys:
            with self._lock:
                if key in self._started:
                    continue
                if not may_go_on():
                    return None
                self._started.add(key)
            try:
                strip = self._film.write(self.bands.make(composition, key[0]))
            except BaseException:
                with self._lock:
                    self._started.discard(key)
                    self._lock.notify_all()
                raise
            with self._lock:
                self._strips[key] = strip
                self._lock.notify_all()
        with self._lock:
            self._lock.wait_for(lambda: all(key in self._strips for key in keys), 30)
            return tuple(self._strips[key] for key in keys)

    def forget(self, keep: set[object]) -> None:
        """Let go of the moving bands of all moments but these."""
        with self._lock:
            for key in [key for key in self._strips if key[1] is not None and key[1] not in keep]:
                del self._strips[key]
                self._started.discard(key)

    def _moves(self, composition: Composition, band: int) -> bool:
        scale = Fraction(self.bands.size[0], composition.size[0])
        rows = int(BAND_ROWS / scale)
        _, top, _, bottom = composition.box
        return band * rows - _MARGIN_ROWS < bottom and (band + 1) * rows + _MARGIN_ROWS > top


def _split(coded: bytes, size: tuple[int, int]) -> tuple[bytes, bytes]:
    """Take a band's JPEG apart: the tables and headers for the whole picture, and the coded band."""
    width, height = size
    frame = bytearray()
    at = 2
    while True:
        marker = coded[at + 1]
        length = struct.unpack_from(">H", coded, at + 2)[0]
        segment = bytearray(coded[at : at + 2 + length])
        at += 2 + length
        if marker == 0xE0:
            continue
        if marker == 0xC0:
            struct.pack_into(">HH", segment, 5, height, width)
        if marker == 0xDA:
            units = -(-width // 16) * (BAND_ROWS // 16)
            frame += struct.pack(">BBHH", 0xFF, 0xDD, 4, units) + segment
            return bytes(frame), coded[at:-2]
        frame += segment


def small_picture(composition: Composition, look: Look, width: int, grain: Grain) -> sensor.Picture:
    """Return the whole composition as the camera shows it, scaled down to a width."""
    source_width, source_height = composition.size
    height = round(width * source_height / source_width)
    planes = composition.rows(0, source_height)
    if width < source_width:
        small = [cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA) for plane in planes]
        planes = small[0], small[1], small[2]
    return sensor.expose(planes, look.light, look.iso_gain, look.kelvin, grain, 0)


def as_planes(picture: Image) -> Planes:
    """Return the square roots of red, green and blue."""
    red, green, blue = (cv2.sqrt(plane) for plane in cv2.split(picture))
    return red, green, blue

"""Makes the pictures of the scene: live frames in a loop that is drawn once, and stills ahead of the release."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import cv2
import numpy as np

from groundglass.virtual import scene, sensor
from groundglass.virtual.film import Film, recorded
from groundglass.virtual.lens import Image, Lens
from groundglass.virtual.picture import LIVE_PHASES, STILL_PHASES, Developed, Shot, View


def roots(picture: Image) -> tuple[Image, Image, Image]:
    """Return the square roots of red, green and blue, the sensor's natural scale."""
    red, green, blue = cv2.split(cv2.sqrt(picture))
    return red, green, blue


class Darkroom:
    """Pictures of the painted scene."""

    def __init__(self, film: Film, seed: int, still_size: tuple[int, int], live_size: tuple[int, int]) -> None:
        self._film = film
        self._still_size = still_size
        self._grain = sensor.Grain(seed)
        self._live = Lens(scene.paint(*live_size), *live_size)
        self._frames: dict[int, bytes] = {}
        self._frames_view: View | None = None
        self._lock = threading.Lock()

    def live_frame(self, view: View, number: int) -> bytes:
        """Return a live frame; drawn when first asked for."""
        phase = number % LIVE_PHASES
        with self._lock:
            if view != self._frames_view:
                self._frames.clear()
                self._frames_view = view
            frame = self._frames.get(phase)
            if frame is None:
                exposure = view.settings.exposure
                light = self._live.compose(view.focus_m, exposure.aperture.exact, phase / LIVE_PHASES)
                picture = sensor.expose(
                    roots(light), exposure.light, exposure.iso.gain, view.settings.kelvin, self._grain, phase
                )
                frame = sensor.jpeg(picture, 85)
                self._frames[phase] = frame
            return frame

    def prepare(self, view: View) -> None:
        """Begin on the next shot."""

    def develop(self, shot: Shot) -> tuple[Developed, ...]:
        """Return the files of a shot."""
        settings = shot.view.settings
        lens = Lens(scene.paint(*self._still_size), *self._still_size)
        light = lens.compose(shot.view.focus_m, settings.aperture.exact, shot.phase / STILL_PHASES)
        picture = sensor.expose(roots(light), shot.light, settings.iso.gain, settings.kelvin, self._grain, shot.number)
        thumbnail = sensor.jpeg(cv2.resize(picture, (160, 120), interpolation=cv2.INTER_AREA), 80)
        files = []
        if settings.has_jpeg:
            data = sensor.jpeg(picture, 90)
            files.append(Developed("JPG", recorded(self._film, [data]), thumbnail, self._still_size))
        if settings.has_raw:
            data = sensor.jpeg(picture, 90)
            files.append(Developed("DNG", recorded(self._film, [data]), thumbnail, self._still_size))
        return tuple(files)

    def distance_at(self, x: float, y: float) -> float:
        """Return how far away lies what is seen there."""
        return scene.distance_at(x, y)

    def close(self) -> None:
        """Stop all work."""

"""The scene set up at one size, as a lens sees it."""

from __future__ import annotations

import threading

import cv2
import numpy as np

from groundglass.virtual import scene, sensor
from groundglass.virtual.lens import Lens
from groundglass.virtual.negative import Composition, as_planes
from groundglass.virtual.picture import Part, View


class Stage:
    """The scene through a lens, at one size; keeps what was composed last."""

    def __init__(self, size: tuple[int, int], phases: int) -> None:
        self._size = size
        self._phases = phases
        self._lens: Lens | None = None
        self._lock = threading.Lock()
        self._key: tuple[float, float] | None = None
        self._still: sensor.Planes | None = None
        self._moving: dict[tuple[int, int], sensor.Planes] = {}

    def distance_at(self, x: float, y: float) -> float:
        """Return how far away lies what is seen at x, y (0..1), in metres."""
        with self._lock:
            return scene.distance_at(self._opened().layers, *self._size, x, y)

    @property
    def is_open(self) -> bool:
        """Whether the scene is painted."""
        return self._lens is not None

    def open(self) -> None:
        """Paint the scene."""
        with self._lock:
            self._opened()

    def part(self, view: View, phase: int, part: Part, size: tuple[int, int]) -> sensor.Planes:
        """Return a part of the scene at a size of its own."""
        with self._lock:
            lens = self._opened()
            key = (view.focus_m, view.settings.aperture.exact)
            seen = lens.compose(*key, phase / self._phases, part.box(*self._size))
        return as_planes(cv2.resize(seen, size, interpolation=cv2.INTER_LINEAR))

    def _opened(self) -> Lens:
        if self._lens is None:
            self._lens = Lens(scene.paint(*self._size), *self._size)
        return self._lens

    def composed(self, view: View, phase: int, seconds: float = 0.0) -> Composition:
        """Return the scene with the moving part at a phase, smeared while the shutter is open."""
        with self._lock:
            lens, f_number = self._opened(), view.settings.aperture.exact
            key = (view.focus_m, f_number)
            box = scene.moving_box(*self._size, *key)
            if key != self._key or self._still is None:
                self._moving.clear()
                self._still = as_planes(lens.compose(*key, 0.0))
                self._key = key
            smears = max(1, min(9, round(seconds * 60)))
            moving = self._moving.get((phase, smears))
            if moving is None:
                moments = [(phase + place / 60 * self._phases) / self._phases for place in range(smears)]
                parts = [lens.compose(*key, moment, box) for moment in moments]
                moving = as_planes(sum(parts[1:], parts[0]) / np.float32(smears))
                self._moving[phase, smears] = moving
            return Composition(self._still, box, moving)

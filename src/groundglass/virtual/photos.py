"""Real files instead of the scene: each shot is the next picture of a folder."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import cv2
import numpy as np

from groundglass.virtual import sensor
from groundglass.virtual.film import Film, recorded
from groundglass.virtual.picture import LIVE_PHASES, Developed, Part, Shot, View

log = logging.getLogger(__name__)

_JPEG = frozenset({".jpg", ".jpeg"})
_RAW = frozenset({".dng", ".nef", ".nrw", ".cr2", ".cr3", ".arw", ".raf", ".rw2", ".orf", ".pef"})
_DRIFT = 0.02  # how far the live picture wanders, as a part of its width


class Photos:
    """Serves the pictures of a folder in turn; files of one name are one shot."""

    def __init__(self, film: Film, folder: Path, live_size: tuple[int, int]) -> None:
        self._film = film
        self._live_size = live_size
        self._lock = threading.Lock()
        self._shot = 0
        self._drawn: tuple[int, sensor.Picture] | None = None
        self._frames: dict[tuple[int, int], bytes] = {}
        shots: dict[str, list[Path]] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in _JPEG | _RAW and path.is_file():
                shots.setdefault(path.stem, []).append(path)
        if not shots:
            raise FileNotFoundError(f"no JPEG or RAW file in {folder}")
        self._shots = list(shots.values())

    def close(self) -> None:
        """Nothing to stop."""

    def prepare(self, _view: View, /) -> None:
        """Nothing to make ahead."""

    def distance_at(self, _x: float, _y: float, /) -> float:
        """Return a usual distance; a photo has no depth."""
        return 1.2

    def develop(self, shot: Shot) -> tuple[Developed, ...]:
        """Return the next picture's files: those that the image format asks for, or else all."""
        settings = shot.view.settings
        with self._lock:
            number = (shot.number - 1) % len(self._shots)
            self._shot = shot.number
        paths = sorted(self._shots[number], key=lambda path: path.suffix.lower() in _RAW)
        wanted = [
            path for path in paths if (settings.has_raw if path.suffix.lower() in _RAW else settings.has_jpeg)
        ]
        return tuple(self._file(path) for path in wanted or paths)

    def live_frame(self, view: View, number: int, part: Part | None = None, /) -> bytes:
        """Return the next picture, scaled, wandering a little; a part of it is enlarged."""
        frame = self._whole_frame(view, number)
        return frame if part is None else sensor.enlarged(frame, part.box(*self._live_size), 85)

    def _whole_frame(self, _view: View, number: int) -> bytes:
        phase = number % LIVE_PHASES
        with self._lock:
            place = self._shot % len(self._shots)
            frame = self._frames.get((place, phase))
            if frame is None:
                if self._drawn is None or self._drawn[0] != place:
                    self._drawn = (place, self._scaled(self._shots[place]))
                    self._frames.clear()
                width, height = self._live_size
                drift = round(_DRIFT * width * (1 + np.sin(2 * np.pi * phase / LIVE_PHASES)) / 2)
                frame = sensor.jpeg(self._drawn[1][:height, drift : drift + width], 85)
                self._frames[place, phase] = frame
            return frame

    def _file(self, path: Path) -> Developed:
        data = path.read_bytes()
        picture = _decoded(path)
        height, width = (0, 0) if picture is None else picture.shape[:2]
        small = np.zeros((120, 160, 3), np.uint8) if picture is None else picture
        thumbnail = sensor.jpeg(cv2.resize(small, (160, 120), interpolation=cv2.INTER_AREA), 80)
        suffix = {"JPEG": "JPG"}.get(path.suffix[1:].upper(), path.suffix[1:].upper())
        return Developed(suffix, recorded(self._film, [data]), thumbnail, (width, height))

    def _scaled(self, paths: list[Path]) -> sensor.Picture:
        width, height = self._live_size
        room = width + round(_DRIFT * width) + 1
        pictures = [picture for path in paths if (picture := _decoded(path)) is not None]
        picture = pictures[0] if pictures else np.full((height, room, 3), 40, np.uint8)
        scale = max(room / picture.shape[1], height / picture.shape[0])
        size = (max(room, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale)))
        scaled: sensor.Picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        top = (size[1] - height) // 2
        return scaled[top : top + height]


def _decoded(path: Path) -> sensor.Picture | None:
    """Return a picture that OpenCV can read, at most half its size; None for a RAW."""
    if path.suffix.lower() not in _JPEG:
        return None
    read = cv2.imread(str(path), cv2.IMREAD_REDUCED_COLOR_2)
    if read is None:
        log.warning("%s is no picture", path)
        return None
    picture: sensor.Picture = cv2.cvtColor(read, cv2.COLOR_BGR2RGB)
    return picture

"""Makes the pictures of the scene: live frames in a loop drawn once, and stills ahead of the release."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections import OrderedDict
from typing import Any

import cv2

from groundglass.virtual import exif, sensor
from groundglass.virtual.film import Film, Recording
from groundglass.virtual.negative import (
    Composition,
    JpegBands,
    Look,
    RawBands,
    Roll,
    small_picture,
)
from groundglass.virtual.picture import LIVE_PHASES, STILL_PHASES, Developed, Part, Shot, View
from groundglass.virtual.settings import Settings
from groundglass.virtual.stage import Stage

log = logging.getLogger(__name__)

PREVIEW_WIDTH = 1620
_LIVE_QUALITY = 85
_QUALITY = {"fine": 94, "normal": 88, "basic": 78}
_SCALES = {"large": (1, 1), "medium": (3, 4), "small": (1, 2)}
_KEPT_ROLLS = 4
_CLOSER = 2  # times as fine as the live picture is what a magnified one shows


def look_of(settings: Settings, light: float | None = None) -> Look:
    """Return how the settings record light; bulb is shown as well exposed until it is measured."""
    exposure = settings.exposure
    if light is None:
        light = 1.0 if exposure.shutter.is_bulb else exposure.light
    return Look(light, exposure.iso.gain, settings.kelvin)


class Darkroom:
    """Pictures of the painted scene; safe to use from any thread."""

    def __init__(
        self, film: Film, seed: int, still_size: tuple[int, int], live_size: tuple[int, int]
    ) -> None:
        self._film = film
        self._still_size = still_size
        self._grain = sensor.Grain(seed)
        self._live = Stage(live_size, LIVE_PHASES)
        self._live_size = live_size
        # Painted when it is first looked at closely: until then a part of the live picture is enlarged.
        self._close = Stage((live_size[0] * _CLOSER, live_size[1] * _CLOSER), LIVE_PHASES)
        self._painting: threading.Thread | None = None
        width, height = still_size
        shrink = 1 if width < 3000 else 2 if width < 7000 else 3
        drawn = (width // shrink, height // shrink)
        self._stills = Stage(drawn, STILL_PHASES)
        self._frames: dict[int, bytes] = {}
        self._frames_key: object = None
        self._frames_lock = threading.Lock()
        self._rolls: OrderedDict[object, Roll] = OrderedDict()
        self._small: OrderedDict[object, tuple[bytes, bytes, tuple[int, int]]] = OrderedDict()
        self._lock = threading.Lock()
        self._wanted = threading.Condition(self._lock)
        self._next: View | None = None
        self._shots = 0
        self._is_closing = False
        self._ahead = threading.Thread(target=self._work_ahead, name="darkroom")
        self._ahead.start()

    def close(self) -> None:
        """Stop all work."""
        with self._wanted:
            self._is_closing = True
            self._wanted.notify_all()
        self._ahead.join()
        if self._painting is not None:
            self._painting.join()

    def distance_at(self, x: float, y: float) -> float:
        """Return how far away lies what is seen there."""
        return self._live.distance_at(x, y)

    # Live view

    def live_frame(self, view: View, number: int, part: Part | None = None) -> bytes:
        """Return a live frame, or a part of it enlarged; each of the loop is drawn when first asked for."""
        phase = number % LIVE_PHASES
        look = look_of(view.settings)
        if part is not None and not self._is_close_ready():
            return sensor.enlarged(self.live_frame(view, number), part.box(*self._live_size), _LIVE_QUALITY)
        with self._frames_lock:
            key = (view.focus_m, view.settings.aperture, look, part)
            if key != self._frames_key:
                self._frames.clear()
                self._frames_key = key
            frame = self._frames.get(phase)
            if frame is None:
                if part is None:
                    composition = self._live.composed(view, phase)
                    planes = composition.rows(0, composition.size[1])
                else:
                    planes = self._close.part(view, phase, part, self._live_size)
                picture = sensor.expose(planes, look.light, look.iso_gain, look.kelvin, self._grain, phase)
                frame = sensor.jpeg(picture, _LIVE_QUALITY)
                self._frames[phase] = frame
            return frame

    def _is_close_ready(self) -> bool:
        if self._painting is None:
            self._painting = threading.Thread(target=self._close.open, name="darkroom-close")
            self._painting.start()
        return self._close.is_open

    # Stills

    def prepare(self, view: View) -> None:
        """Begin on the next shot, behind everything else."""
        with self._wanted:
            self._next = view
            self._wanted.notify_all()

    def develop(self, shot: Shot) -> tuple[Developed, ...]:
        """Return the files of a shot: the JPEG first, then the RAW."""
        with self._lock:
            self._shots = shot.number
        look = look_of(shot.view.settings, shot.light)
        # A second thread shares the bands; both leave Python's lock while they work.
        work = (shot.view, look, shot.phase, shot.seconds)
        helper = threading.Thread(target=self._made, args=work, name="darkroom-helper")
        helper.start()
        files = self._made(*work)
        helper.join()
        assert files is not None
        return tuple(self._finished(shot, *parts) for parts in files)

    def _made(self, view: View, look: Look, phase: int, seconds: float, ahead: bool = False) -> Any:
        """Make what the files of a shot consist of; None if something else has become more urgent."""

        def may_go_on() -> bool:
            return not ahead or (not self._is_closing and self._next in {None, view})

        settings = view.settings
        if not may_go_on():
            return None
        composition = self._stills.composed(view, phase, seconds)
        moment = (phase, max(1, min(9, round(seconds * 60))))
        scene_key = (view.focus_m, settings.aperture, look)
        if not may_go_on():
            return None
        small = self._small_pictures((scene_key, moment), composition, look)
        files = []
        if settings.has_jpeg:
            top, bottom = _SCALES[settings.image_size]
            size = (self._still_size[0] * top // bottom, self._still_size[1] * top // bottom)
            quality = _QUALITY[settings.image_format.rpartition(" ")[2]]
            roll = self._roll(("jpeg", scene_key, size, quality), JpegBands(look, size, quality, self._grain))
            strips = roll.develop(composition, moment, may_go_on)
            if strips is None:
                return None
            files.append((roll.bands, strips, small))
        if settings.has_raw:
            roll = self._roll(
                ("raw", scene_key[:2], look.light, look.iso_gain),
                RawBands(look, self._still_size, self._grain),
            )
            strips = roll.develop(composition, moment, may_go_on)
            if strips is None:
                return None
            files.append((roll.bands, strips, small))
        return files

    def _finished(self, shot: Shot, bands: Any, strips: Any, small: Any) -> Developed:
        thumbnail, preview, preview_size = small
        if isinstance(bands, RawBands):
            header = exif.dng_header(shot, bands.size, preview, preview_size)
            return Developed("DNG", Recording((header, *strips)), thumbnail, bands.size)
        scan_bytes = sum(strip.size_bytes for strip in strips)
        head, tail = exif.jpeg_file(shot, bands.size, thumbnail, preview, bands.frame, scan_bytes)
        return Developed("JPG", Recording((head, *strips, tail)), thumbnail, bands.size)

    def _small_pictures(
        self, key: object, composition: Composition, look: Look
    ) -> tuple[bytes, bytes, tuple[int, int]]:
        with self._lock:
            found = self._small.get(key)
        if found is None:
            preview = small_picture(composition, look, PREVIEW_WIDTH, self._grain)
            size = (preview.shape[1], preview.shape[0])
            thumbnail = cv2.resize(preview, (160, 107), interpolation=cv2.INTER_AREA)
            framed: sensor.Picture = cv2.copyMakeBorder(thumbnail, 6, 7, 0, 0, cv2.BORDER_CONSTANT)
            found = sensor.jpeg(framed, 80), sensor.jpeg(preview, 84), size
            with self._lock:
                self._small[key] = found
                while len(self._small) > 2 * STILL_PHASES:
                    self._small.popitem(last=False)
        return found

    def _roll(self, key: object, bands: JpegBands | RawBands) -> Roll:
        with self._lock:
            roll = self._rolls.get(key)
            if roll is None:
                roll = self._rolls[key] = Roll(self._film, bands)
                while len(self._rolls) > _KEPT_ROLLS:
                    self._rolls.popitem(last=False)
            self._rolls.move_to_end(key)
            return roll

    def _work_ahead(self) -> None:
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                # Not lower: a release may have to wait for the band that this thread is at.
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)
        while True:
            with self._wanted:
                self._wanted.wait_for(lambda: self._is_closing or self._next is not None)
                view, self._next = self._next, None
                if self._is_closing or view is None:
                    return
                phase = (self._shots + 1) * 5 % STILL_PHASES
            settings = view.settings
            if settings.shutter.is_bulb:
                continue
            self._made(view, look_of(settings), phase, settings.shutter.seconds, ahead=True)

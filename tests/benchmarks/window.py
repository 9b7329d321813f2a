"""Measure the window on a virtual camera over PTP/IP: live view, release, and the way to the screen.

    .venv/bin/python tests/benchmarks/window.py [--offscreen] [--profile] [--part live|level|release|screen]

The real window on the real studio, on a screen of memory (Xvfb) or, without one, drawn off screen. Camera,
window and screen share the processors of one machine, so a busy one shows in every figure: the load stands
above the table. A frame counts as shown when its paint has ended.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import itertools
import os
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from groundglass.desktop.app import application
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.picture_scaler import FittedPicture, PictureScaler
from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets.histogram_view import HistogramView
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.imaging.histogram import Histogram
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.studio.events import Event, ShotStored
from groundglass.studio.studio import Studio
from ui_watchdog import Watchdog
from virtual_camera import VirtualCamera
from x_screen import Screen, missing

_LIVE_S = 5.0
_PEER_S = 3
_LOOP_FRAMES = 60  # that the virtual camera shows over and over
_RUNS = 8
_PATIENCE_S = 30.0
_WINDOW_PX = (1600, 1000)
_PARTS = ("live", "level", "release", "screen")

Row = tuple[str, str, str]


@dataclass
class Eyes:
    """What was painted, and when. User-interface thread."""

    fitted: FittedPicture | None = None
    fitted_at: float = 0.0
    frames: dict[int, tuple[float, float]] = field(default_factory=dict)  # number: taken, painted
    stills: list[tuple[object, float, float]] = field(default_factory=list)  # name, fitted, painted
    histograms: list[tuple[Histogram | None, float]] = field(default_factory=list)  # and when it was painted
    given: list[tuple[Histogram | None, float]] = field(default_factory=list)  # and when it was to be shown
    histogram_paints: int = 0

    def take(self, fitted: FittedPicture) -> None:
        self.fitted, self.fitted_at = fitted, time.monotonic()

    def saw_picture(self) -> None:
        if self.fitted is None:
            return
        frame, now = self.fitted.frame, time.monotonic()
        if frame is not None:
            self.frames.setdefault(frame.number, (frame.taken_at, now))
        else:
            self.stills.append((self.fitted.still, self.fitted_at, now))

    def forget(self) -> None:
        for one in (self.frames, self.stills, self.histograms, self.given):
            one.clear()

    def first_picture(self, before: object) -> float | None:
        """Return when another still than before was painted, with a histogram of its own."""
        picture = next((at for still, _, at in self.stills if still != before), None)
        histogram = next((at for one, at in self.histograms if one is not None), None)
        return max(picture, histogram) if picture is not None and histogram is not None else None

    def whole_picture(self, pixels: int) -> float | None:
        """Return when a still and the histogram of all its pixels were both painted."""
        given = next((at for one, at in self.given if one is not None and one.pixels == pixels), None)
        if given is None:
            return None
        picture = next((at for _, fitted, at in self.stills if fitted >= given), None)
        histogram = next((at for one, at in self.histograms if at >= given), None)
        return max(picture, histogram) if picture is not None and histogram is not None else None


_eyes = Eyes()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--offscreen", action="store_true", help="draw off screen, also where Xvfb is")
    options.add_argument("--profile", action="store_true", help="profile the window's thread in live view")
    options.add_argument("--part", choices=_PARTS, help="measure this alone")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as home, _screen(chosen.offscreen) as where:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            os.environ[name] = home
        _watch_paints()
        application()
        begun, load = time.monotonic(), os.getloadavg()[0]
        rows: list[Row] = []
        if chosen.part in (None, "live"):
            rows += _live("1024x680", 60, 16.7, is_profiled=chosen.profile)
            rows += _live("1920x1280", 30, 33.3)
        if chosen.part in (None, "level"):
            rows += _live("1024x680", 60, 16.7, level_steps=13)
        if chosen.part in (None, "release"):
            rows += _releases_and_gaps()
        if chosen.part in (None, "screen"):
            rows += [*_to_screen("4", 0.35), *_to_screen("24", 0.60)]
        took_s = time.monotonic() - begun
    print(
        f"{where}, {os.cpu_count()} cores, load {load:.1f} before and {os.getloadavg()[0]:.1f} after", end=""
    )
    print(f", {took_s:.0f} s\n")
    print("| job | measured | limit |\n|---|---|---|")
    for name, figure, limit in rows:
        print(f"| {name} | {figure} | {limit} |")


@contextlib.contextmanager
def _screen(is_offscreen: bool) -> Iterator[str]:
    if is_offscreen or missing():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield "off screen"
        return
    with tempfile.TemporaryDirectory() as folder, Screen(Path(folder), 1920, 1200) as screen:
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        os.environ["DISPLAY"] = screen.name
        yield "Xvfb 1920x1200"


def _watch_paints() -> None:
    """Note what the picture is given, and every paint of it and of the histogram when it has ended."""
    paint_picture, paint_histogram = PictureView.paintEvent, HistogramView.paintEvent
    show_histogram, take_fitted = HistogramView.show_histogram, PictureScaler.take

    def take(self: PictureScaler) -> FittedPicture | None:
        fitted = take_fitted(self)
        if fitted is not None:
            _eyes.take(fitted)
        return fitted

    def picture(self: PictureView, event: object) -> None:
        paint_picture(self, event)  # type: ignore[arg-type]
        _eyes.saw_picture()

    def histogram(self: HistogramView, event: object) -> None:
        paint_histogram(self, event)  # type: ignore[arg-type]
        _eyes.histogram_paints += 1
        _eyes.histograms.append((self.histogram, time.monotonic()))

    def show(self: HistogramView, histogram: Histogram | None, *drawn: object) -> None:
        show_histogram(self, histogram, *drawn)  # type: ignore[arg-type]
        _eyes.given.append((histogram, time.monotonic()))

    PictureScaler.take = take  # type: ignore[method-assign]
    HistogramView.show_histogram = show  # type: ignore[method-assign]
    PictureView.paintEvent = picture  # type: ignore[method-assign]
    HistogramView.paintEvent = histogram  # type: ignore[method-assign]


@contextlib.contextmanager
def _window(camera: VirtualCamera) -> Iterator[tuple[Studio, MainWindow]]:
    with tempfile.TemporaryDirectory() as scratch:
        studio = Studio(Path(scratch) / "driver")
        studio.open_session(Path(scratch) / "job")
        studio.connect(camera.address)
        window = MainWindow(studio, DARK)
        window.resize(*_WINDOW_PX)
        window.show()
        window.activateWindow()
        try:
            _until(lambda: window.status.state is CameraState.READY)
            studio.set(SettingId.IMAGE_FORMAT, "jpeg").result(10)
            yield studio, window
        finally:
            _eyes.fitted = None
            _eyes.forget()
            window.leave()
            window.deleteLater()
            studio.close()


def _live(
    size: str, rate: int, frame_ms: float, *, is_profiled: bool = False, level_steps: int = 0
) -> list[Row]:
    """Measure the live view with histogram, zebra and peaking; level_steps: turned by so many tenths."""
    with VirtualCamera("--live-size", size, "--live-rate", str(rate)) as camera:
        _let_it_draw(camera)
        peer = _movie_rate(camera)
        with _window(camera) as (_, window):
            _start_live(window)
            QTest.keyClick(window.picture, Qt.Key.Key_P)
            QTest.keyClick(window.picture, Qt.Key.Key_C)
            for _ in range(level_steps):
                QTest.keyClick(window.picture, Qt.Key.Key_Period)
            _rest(1.5)
            _eyes.forget()
            paints, counted = window.picture.paints, _eyes.histogram_paints
            profile = cProfile.Profile()
            with Watchdog() as watchdog:
                begun, processor_s = time.monotonic(), time.process_time()
                if is_profiled:
                    profile.runcall(_rest, _LIVE_S)
                else:
                    _rest(_LIVE_S)
                took_s, processor_s = time.monotonic() - begun, time.process_time() - processor_s
            paints, counted = window.picture.paints - paints, _eyes.histogram_paints - counted
            pulled = _pulled_rate()
            shown = sorted(_eyes.frames.values())
            paint_ms = window.picture.paint_ms
    if is_profiled:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    ages = sorted((painted - taken) * 1000 for taken, painted in shown)
    seen = sorted(painted for _, painted in shown)
    gaps = sorted((after - before) * 1000 for before, after in itertools.pairwise(seen))
    fps, worked_s = len(shown) / took_s, watchdog.worked_in_all_s
    share = f"{fps / min(peer, 60):.0%}" if peer else "gphoto2 pulled nothing"
    return [
        (
            f"live {size}{f', level {level_steps / 10:+.1f}' if level_steps else ''}: frames shown, a second",
            f"{fps:.1f}",
            f"{rate}",
        ),
        ("pulled from the camera, a second", f"{pulled:.1f}", f"{rate}"),
        ("histograms shown, a second", f"{counted / took_s:.1f}", f"{rate}"),
        ("gphoto2 --capture-movie, a second", f"{peer:.1f}", "-"),
        ("shown, of what gphoto2 pulls up to 60 a second", share, "95 %"),
        ("age at the paint's end, median, ms", f"{statistics.median(ages):.1f}", f"{frame_ms + 33:.0f}"),
        ("age, 95 %, ms", f"{ages[int(len(ages) * 0.95)]:.1f}", "-"),
        ("between two frames, 99 %, ms", f"{gaps[int(len(gaps) * 0.99)]:.1f}", "-"),
        ("window's thread for a frame, ms", f"{worked_s * 1000 / max(paints, 1):.2f}", "10"),
        ("all threads of the program for a frame, ms", f"{processor_s * 1000 / max(paints, 1):.1f}", "-"),
        ("the last paint, ms", f"{paint_ms:.1f}", "-"),
        ("longest gap of the window's thread, ms", f"{watchdog.longest_s * 1000:.0f}", "50"),
        ("hardest work without a pause, ms", f"{watchdog.hardest.worked_s * 1000:.0f}", "50"),
    ]


def _releases_and_gaps() -> list[Row]:
    """Measure from the click to the camera's operation, and what a capture does to the live view."""
    rows = []
    with VirtualCamera("--megapixels", "4") as camera, _window(camera) as (studio, window):
        stored: list[float] = []
        studio.subscribe(lambda event: _note(event, stored))
        studio.set(SettingId.SHUTTER, "1/125").result(10)
        for is_live in (False, True):
            if is_live:
                _start_live(window)
            lags, gaps = [], []
            for _ in range(_RUNS):
                _rest(0.6)
                _eyes.forget()
                count, begun = len(stored), time.monotonic()
                _click(window.panel.release)
                _until(lambda count=count: len(stored) > count)
                lags.append(camera.state()["releases"][-1]["monotonic"] - begun)
                if is_live:
                    _rest(0.6)
                    gaps.append(_longest_gap())
            where = "live view on" if is_live else "live view off"
            rows.append((f"click -> capture operation, median, ms, {where}", _ms(lags), "20"))
            rows.append(("the slowest, ms", f"{max(lags) * 1000:.1f}", "-"))
        rows.append(("live-view gap at a capture (1/125 s), median, ms", _ms(gaps), "250"))
        rows.append(("the longest, ms", f"{max(gaps) * 1000:.0f}", "-"))
        late, gaps = [], []
        for _ in range(_RUNS):
            _rest(0.6)
            _eyes.forget()
            count = len(stored)
            camera.do("shutter")
            _until(lambda count=count: len(stored) > count)
            late.append(stored[-1] - camera.state()["releases"][-1]["monotonic"])
            _rest(0.6)
            gaps.append(_longest_gap())
        rows.append(("body release in live view -> stored, median, ms", _ms(late), "fetched"))
        rows.append(("its live-view gap, median, ms", _ms(gaps), "250"))
        rows.append(("body releases fetched in live view", f"{len(late)} of {_RUNS}", "all"))
    return rows


def _to_screen(megapixels: str, limit_s: float) -> list[Row]:
    """Measure from the click to the whole picture with its histogram, both painted; 0.1 s are exposure."""
    first, whole, durable = [], [], []
    runs = _RUNS if megapixels == "4" else 5
    with VirtualCamera("--megapixels", megapixels) as camera, _window(camera) as (studio, window):
        stored: list[float] = []
        studio.subscribe(lambda event: _note(event, stored))
        studio.set(SettingId.SHUTTER, "1/10").result(10)
        studio.set(SettingId.ISO, "100").result(10)
        studio.set(SettingId.APERTURE, "f/16").result(10)
        pixels = {"4": 2464 * 1640, "24": 6048 * 4024}[megapixels]
        for run in range(runs + 1):
            _rest(1.2)
            before = _eyes.fitted.still if _eyes.fitted is not None else None
            _eyes.forget()
            count, begun = len(stored), time.monotonic()
            _click(window.panel.release)
            _until(lambda count=count: len(stored) > count and _eyes.whole_picture(pixels) is not None)
            if run:  # the camera drew the first one from nothing
                first.append((_eyes.first_picture(before) or 0.0) - begun)
                whole.append((_eyes.whole_picture(pixels) or 0.0) - begun)
                durable.append(stored[-1] - begun)
    return [
        (f"{megapixels} MP: click -> first picture, median, ms", _ms(first), "-"),
        ("click -> stored, committed, ms", _ms(durable), "-"),
        ("click -> whole picture and histogram, median, ms", _ms(whole), f"{limit_s * 1000:.0f}"),
        ("the slowest, ms", f"{max(whole) * 1000:.0f}", "-"),
    ]


def _note(event: Event, stored: list[float]) -> None:
    if isinstance(event, ShotStored):
        stored.append(time.monotonic())


def _start_live(window: MainWindow) -> None:
    QTest.keyClick(window.picture, Qt.Key.Key_L)
    _until(lambda: window.viewing.shows_live and window.viewing.frames_shown > 5)


def _click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def _longest_gap() -> float:
    seen = sorted(painted for _, painted in _eyes.frames.values())
    return max(after - before for before, after in itertools.pairwise(seen))


def _pulled_rate() -> float:
    """Return the camera's rate by the numbers of the frames that were shown."""
    numbers = sorted(_eyes.frames)
    span_s = _eyes.frames[numbers[-1]][1] - _eyes.frames[numbers[0]][1]
    return (numbers[-1] - numbers[0]) / span_s


def _until(claim: Callable[[], object]) -> None:
    """Run the event loop until a claim holds; it is looked at every 2 ms."""
    loop, timer = QEventLoop(), QTimer()
    deadline = time.monotonic() + _PATIENCE_S
    timer.timeout.connect(lambda: loop.quit() if claim() or time.monotonic() > deadline else None)
    timer.start(2)
    loop.exec()
    timer.stop()
    if not claim():
        raise TimeoutError("the window never showed it")


def _rest(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.1f}"


def _let_it_draw(camera: VirtualCamera) -> None:
    """Pull frames until the camera has drawn its loop: what it draws takes a core from all others.

    gphoto2 gives up on a camera that is slow with its first frames, so it is asked again.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while shutil.which("gphoto2") and time.monotonic() < deadline:
        if camera.state()["live_frames"] >= 2 * _LOOP_FRAMES:
            return
        _pull(camera, subprocess.DEVNULL)


def _movie_rate(camera: VirtualCamera) -> float:
    """Return the frames a second that Debian's gphoto2 pulls from this camera; 0 without it."""
    if shutil.which("gphoto2") is None:
        return 0.0
    with tempfile.TemporaryFile() as movie:
        _pull(camera, movie)
        movie.seek(0)
        return movie.read().count(b"\xff\xd8\xff") / _PEER_S


def _pull(camera: VirtualCamera, into: IO[bytes] | int) -> None:
    command = ["gphoto2", "--port", camera.address, f"--capture-movie={_PEER_S}s", "--stdout"]
    subprocess.run(command, stdout=into, stderr=subprocess.DEVNULL, check=False, timeout=60)


if __name__ == "__main__":
    main()

"""Measure reviewing: a session of 20,000 shots, and the way from picture to picture at 45 MP.

QT_QPA_PLATFORM=offscreen .venv/bin/python tests/benchmarks/reviewing.py
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import itertools

import cv2
import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QScrollBar

from groundglass.desktop.app import application
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK
from groundglass.model.review import ReviewChange
from groundglass.model.shot import FileRole, Shot, ShotFile
from groundglass.model.shot_filter import ShotFilter
from groundglass.session.journal import line
from groundglass.session.record import Intent, Layout
from groundglass.session.store import SessionStore
from groundglass.studio.studio import Studio

_SHOTS = 20_000
_PATIENCE_S = 60.0


def main() -> None:
    application()
    with tempfile.TemporaryDirectory() as scratch:
        _many(Path(scratch))
        _large(Path(scratch))


def _many(scratch: Path) -> None:
    folder = _long_session(scratch / "long")
    studio = Studio(scratch / "driver")
    begun = time.perf_counter()
    studio.open_session(folder)
    window = _window(studio)
    _until(lambda: len(window.film.shots) == _SHOTS)
    _say("20,000 shots: from the folder to the film", time.perf_counter() - begun, 1.0)
    _rest(3.0)
    bar = window.filmstrip.horizontalScrollBar()
    _say("  scroll the film a step, painted", _step(window.filmstrip, bar, 128), 0.008)
    window.table.toggle()
    _rest(1.0)
    down = window.light_table.verticalScrollBar()
    _say("  scroll the light table a row, painted", _step(window.light_table, down, 148), 0.008)
    window.table.toggle()
    studio.reviews.change(range(1, _SHOTS, 10), ReviewChange(rating=4))
    _rest(2.0)
    for words, wanted in (("filter", ShotFilter(least_stars=4)), ("show all", ShotFilter())):
        longest = _longest_gap(lambda wanted=wanted: window.filter.use(wanted), 1.5)
        _say(f"  {words}: the longest gap of the window", longest, 0.05)
    print(f"  memory at its most: {_memory_mb():.0f} MB  (limit 400)")
    window.close()
    studio.close()


def _large(scratch: Path) -> None:
    folder = scratch / "large"
    store = SessionStore.open(folder, "{session}_{counter:04}")
    rng = np.random.default_rng(1)
    small = rng.integers(0, 255, (547, 820, 3), dtype=np.uint8)
    picture = cv2.resize(small, (8200, 5470), interpolation=cv2.INTER_CUBIC)  # 45 MP, no preview inside
    content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
    for number in range(1, 7):
        own = content + b"%d" % number
        incoming = store.incoming / f"7-{number:06}-D.JPG"
        incoming.write_bytes(own)
        taken = store.begin_shot(datetime(2026, 3, 1, tzinfo=UTC))
        digest = sha256(own).hexdigest()
        store.commit(incoming, number=taken, original="D.JPG", sha256=digest, size_bytes=len(own))
    store.close()
    studio = Studio(scratch / "driver")
    studio.open_session(folder)
    window = _window(studio)
    _until(lambda: window.picture.has_picture)
    _rest(4.0)
    _say("45 MP: a new picture is to be seen", _seconds_to_see(window, 0), 0.2)
    _rest(4.0)
    _say("  its neighbour, read ahead", _seconds_to_see(window, 1), 0.05)
    _rest(4.0)
    _say("  seen before", _seconds_to_see(window, 0), 0.05)
    window.close()
    studio.close()


def _seconds_to_see(window: MainWindow, row: int) -> float:
    window.picture.show_image(None)
    begun = time.perf_counter()
    window.filmstrip.choose_row(row)
    window.picture.show_image(None)
    _until(lambda: window.picture.has_picture)
    window.picture.repaint()
    return time.perf_counter() - begun


def _window(studio: Studio) -> MainWindow:
    window = MainWindow(studio, DARK)
    window.resize(1920, 1200)
    window.show()
    return window


def _step(view: QAbstractItemView, bar: QScrollBar, step_px: int) -> float:
    """Return the median of a step with its paint; what is far away was never looked at."""
    taken = []
    value = bar.maximum()
    for _ in range(60):
        value -= step_px
        begun = time.perf_counter()
        bar.setValue(value)
        view.viewport().repaint()
        taken.append(time.perf_counter() - begun)
        QApplication.processEvents()
    return sorted(taken)[len(taken) // 2]


def _longest_gap(work: Callable[[], object], watch_s: float) -> float:
    """Return the longest time between two ticks of the window while something is done."""
    ticks: list[float] = []
    timer = QTimer()
    timer.setInterval(1)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    _rest(0.2)
    work()
    _rest(watch_s)
    timer.stop()
    return max(after - before for before, after in itertools.pairwise(ticks))


def _long_session(folder: Path) -> Path:
    """Write a session of links to one small picture, with its journal."""
    SessionStore.open(folder, "{session}_{counter:05}").close()
    image = np.full((320, 480, 3), 90, np.uint8)
    content = cv2.imencode(".jpg", image)[1].tobytes()
    one = folder / ".groundglass/one.jpg"
    one.write_bytes(content)
    digest = sha256(content).hexdigest()
    begun = datetime(2026, 3, 1, tzinfo=UTC)
    lines = []
    for number in range(1, _SHOTS + 1):
        name = f"long_{number:05}.jpg"
        os.link(one, folder / name)
        file = ShotFile(name, FileRole.JPEG, len(content), digest, f"DSC_{number}.JPG")
        shot = Shot(number, (), begun + timedelta(seconds=number), "Nikon Z 6II", "1")
        intent = Intent(f"7-{number:06}-D.JPG", shot, file)
        lines += [line(intent.entry()), line({"do": "stored", "incoming": intent.incoming})]
    with Layout(folder).journal.open("ab") as journal:
        journal.write(b"".join(lines))
    return folder


def _until(claim: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not claim():
        if time.monotonic() > deadline:
            raise TimeoutError("the window never showed it")
        QApplication.processEvents()
        time.sleep(0.0005)


def _rest(seconds: float) -> None:
    end = time.monotonic() + seconds
    _until(lambda: time.monotonic() >= end)


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _say(words: str, seconds: float, limit_s: float) -> None:
    print(f"{words}: {seconds * 1000:.1f} ms  (limit {limit_s * 1000:.0f})")


if __name__ == "__main__":
    main()

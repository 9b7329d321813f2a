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
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange
from PySide6.QtWidgets import QApplication, QScrollBar

from groundglass.desktop.app import application
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK
from groundglass.desktop.trashing import Trashing
from groundglass.model.review import ReviewChange
from groundglass.model.shot import FileRole, Shot, ShotFile
from groundglass.model.shot_filter import ShotFilter
from groundglass.session.journal import line
from groundglass.session.record import Intent, Layout
from groundglass.session.store import SessionStore
from groundglass.studio.events import ShotsRestored, ShotsTrashed
from groundglass.studio.studio import Studio
from jpeg_samples import with_extras, with_preview
from ui_watchdog import Watchdog

_SHOTS = 20_000
_SCATTERED = 5_000  # each between two that stay
_PATIENCE_S = 60.0


class _Took(NamedTuple):
    """seconds: by the clock.  worked_s: what of it the thread had a processor; on a busy machine, less."""

    seconds: float
    worked_s: float


def main() -> None:
    application()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / "long"
        maker = get_context("spawn").Process(target=_write_long_session, args=(folder,))
        maker.start()  # apart: what it needs is no memory of the window
        maker.join()
        other = get_context("spawn").Process(target=_open_from_another, args=(folder, Path(scratch)))
        other.start()
        other.join()
        studio = Studio(Path(scratch) / "driver")
        begun = time.perf_counter()
        studio.open_session(folder)
        window = _window(studio)
        _until(lambda: len(window.film.shots) == _SHOTS)
        _say("20,000 shots: from the folder to the film", time.perf_counter() - begun, 1.0)
        _rest(5.0)
        _many(window, studio)
        print(f"memory, 20,000 shots, at its most: {_memory_mb():.0f} MB  (limit 400)")
        _large(window)
        print(f"memory, and eight pictures of 45 MP looked at: {_memory_mb():.0f} MB  (limit 400)")
        _every_second(window)
        window.close()
        studio.close()


def _open_from_another(folder: Path, scratch: Path) -> None:
    """Open the long session where a window stands with another one, as the photographer does."""
    application()
    studio = Studio(scratch / "other_driver")
    studio.open_session(scratch / "short")
    window = _window(studio)
    _rest(3.0)
    begun = time.perf_counter()
    studio.sessions.open(folder)
    _until(lambda: len(window.film.shots) == _SHOTS)
    _say("20,000 shots: from another session to the film", time.perf_counter() - begun, 1.0)
    window.close()
    studio.close()


def _many(window: MainWindow, studio: Studio) -> None:
    bar = window.filmstrip.horizontalScrollBar()
    _say("scroll the film a step, painted", _step(bar, 128), 0.008)
    window.table.toggle()
    _rest(1.0)
    down = window.light_table.verticalScrollBar()
    _say("scroll the light table a row, painted", _step(down, 148), 0.008)
    window.table.toggle()
    studio.reviews.change(range(1, _SHOTS, 10), ReviewChange(rating=4))
    _rest(6.0)
    for words, wanted in (("filter", ShotFilter(least_stars=4)), ("show all", ShotFilter())):
        gaps = []
        for _ in range(5):
            gaps.append(_longest_gap(lambda wanted=wanted: window.filter.use(wanted), 1.0))
            window.filter.use(ShotFilter() if wanted.least_stars else ShotFilter(least_stars=4))
            _rest(0.5)
        median = _Took(sorted(one.seconds for one in gaps)[2], sorted(one.worked_s for one in gaps)[2])
        _say(f"{words}: the longest gap of the window, median of 5", median, 0.05)
    window.filter.use(ShotFilter())
    _rest(1.0)


def _every_second(window: MainWindow) -> None:
    """Take every second of 10,000 shots out of the film and bring it back: as many runs as there can be."""
    trashing = next(part for part in window.parts if isinstance(part, Trashing))
    shots = window.film.all_shots[: _SCATTERED * 2 : 2]
    numbers = tuple(shot.number for shot in shots)
    gaps: dict[str, list[_Took]] = {"go": [], "come back": []}
    for _ in range(5):
        chosen = QItemSelection()
        for row in range(0, _SCATTERED * 2, 2):
            chosen.append(QItemSelectionRange(window.film.index(row)))
        window.filmstrip.choose_row(0)
        window.filmstrip.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        _rest(0.3)
        gone, back = ShotsTrashed(numbers), ShotsRestored(shots)
        gaps["go"].append(_longest_gap(lambda gone=gone: trashing.take_event(gone), 0.5))
        gaps["come back"].append(_longest_gap(lambda back=back: trashing.take_event(back), 0.5))
    for words, taken in gaps.items():
        median = _Took(sorted(one.seconds for one in taken)[2], sorted(one.worked_s for one in taken)[2])
        _say(f"every second of 10,000 chosen, {words}: the longest gap, median of 5", median, 0.05)


def _large(window: MainWindow) -> None:
    newest = _SHOTS - 1
    window.filmstrip.choose_row(newest)
    _rest(4.0)
    _say("45 MP, 1620 px preview inside: a new picture is to be seen", _to_see(window, newest - 3), 0.2)
    _say("  and sharp", _to_see(window, newest - 6, is_sharp=True), None)
    _rest(4.0)
    _say("  its neighbour, read ahead", _to_see(window, newest - 7), 0.05)
    _rest(4.0)
    _say("  seen before", _to_see(window, newest - 6), 0.05)
    _rest(4.0)
    _say("45 MP, 160 px inside: a new picture is to be seen", _to_see(window, newest - 10), 0.2)
    _say("  and fit to be judged", _to_see(window, newest - 13, is_judged=True), None)
    _rest(4.0)


def _to_see(window: MainWindow, row: int, *, is_judged: bool = False, is_sharp: bool = False) -> float:
    """Return the seconds to a picture of this shot, painted.

    is_judged: large enough for its histogram.  is_sharp: with all of its pixels there.
    """
    window.picture.show_image(None)
    begun = time.perf_counter()
    window.filmstrip.choose_row(row)
    window.picture.show_image(None)
    window.panel.histogram.show_histogram(None, None)
    _until(lambda: window.picture.has_whole if is_sharp else window.picture.has_picture)
    if is_judged:
        _until(lambda: window.panel.histogram.histogram is not None)
    window.picture.repaint()
    return time.perf_counter() - begun


def _window(studio: Studio) -> MainWindow:
    window = MainWindow(studio, DARK)
    window.resize(1920, 1200)
    window.show()
    return window


def _step(bar: QScrollBar, step_px: int) -> _Took:
    """Return the median of a step with its paint; what is far away was never looked at."""
    taken = []
    value = bar.maximum()
    for _ in range(60):
        value -= step_px
        begun, worked = time.perf_counter(), time.thread_time()
        bar.setValue(value)
        QApplication.processEvents()  # as a turn of the wheel: what comes into sight is painted
        taken.append(_Took(time.perf_counter() - begun, time.thread_time() - worked))
        _rest(0.02)
    seconds, work = sorted(one.seconds for one in taken), sorted(one.worked_s for one in taken)
    return _Took(seconds[len(taken) // 2], work[len(taken) // 2])


def _longest_gap(work: Callable[[], object], watch_s: float) -> _Took:
    """Return the longest time in which the window ran no event while something is done."""
    with Watchdog() as watchdog:
        _rest(0.2)
        work()
        _rest(watch_s)
    return _Took(watchdog.longest_s, watchdog.hardest.worked_s)


def _write_long_session(folder: Path) -> None:
    """Write a session of links to one small picture, the last of them to large ones, with its journal."""
    SessionStore.open(folder, "{session}_{counter:05}").close()
    small = cv2.imencode(".jpg", np.full((320, 480, 3), 90, np.uint8))[1].tobytes()
    with_mpf, with_exif = _large_pictures()
    begun = datetime(2026, 3, 1, tzinfo=UTC)
    lines = []
    kept: dict[bytes, Path] = {}
    for number in range(1, _SHOTS + 1):
        name = f"long_{number:05}.jpg"
        back = _SHOTS - number
        content = with_mpf if back < 9 else with_exif if back < 15 else small
        if content not in kept:
            kept[content] = folder / f".groundglass/{len(kept)}.jpg"
            kept[content].write_bytes(content)
        os.link(kept[content], folder / name)
        digest = sha256(content).hexdigest() if content is not small else "0" * 64
        file = ShotFile(name, FileRole.JPEG, len(content), digest, f"DSC_{number}.JPG")
        shot = Shot(number, (), begun + timedelta(seconds=number), "Nikon Z 6II", "1")
        intent = Intent(f"7-{number:06}-D.JPG", shot, file)
        lines += [line(intent.entry()), line({"do": "stored", "incoming": intent.incoming})]
    with Layout(folder).journal.open("ab") as journal:
        journal.write(b"".join(lines))


def _large_pictures() -> tuple[bytes, bytes]:
    """Return 45 MP with a 1620 px preview behind it, and with nothing but the 160 px of EXIF."""
    rng = np.random.default_rng(1)
    picture = cv2.resize(
        rng.integers(0, 255, (547, 820, 3), dtype=np.uint8), (8200, 5470), interpolation=cv2.INTER_CUBIC
    )

    def encoded(width: int, height: int, quality: int) -> bytes:
        shown = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        return cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()

    with_exif = with_extras(encoded(8200, 5470, 92), thumbnail=encoded(160, 107, 80))
    return with_preview(with_exif, encoded(1620, 1080, 85)), with_exif


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


def _say(words: str, took: float | _Took, limit_s: float | None) -> None:
    seconds = took.seconds if isinstance(took, _Took) else took
    work = f", its thread worked {took.worked_s * 1000:.1f}" if isinstance(took, _Took) else ""
    limit = f"  (limit {limit_s * 1000:.0f})" if limit_s is not None else ""
    print(f"{words}: {seconds * 1000:.1f} ms{work}{limit}", flush=True)


if __name__ == "__main__":
    main()

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dng_samples import BAYERS, dng
from groundglass.desktop import pictures
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.picture_tools import GraphStyle
from groundglass.desktop.pictures import ShownPicture
from groundglass.desktop.soon import soon
from groundglass.desktop.theme import DARK
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets import histogram_raster
from groundglass.desktop.widgets.histogram_view import HistogramView
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.errors import GroundglassError, ImageError
from groundglass.imaging.histogram import Histogram
from groundglass.model.camera import CameraState, TransferProgress
from jpeg_samples import jpeg, scene, with_preview
from scripted_desk import ScriptedFrames, live_frame, shot, status

LIVE = replace(status(CameraState.LIVE), is_live_wanted=True)


class Screen:
    """The picture and its histogram on one bridge."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.frames = ScriptedFrames()
        self.bridge = Bridge()
        self.picture = PictureView(DARK)
        self.histogram = HistogramView(DARK)
        for widget in (self.picture, self.histogram):
            qtbot.addWidget(widget)
            widget.show()
        self.picture.resize(600, 400)
        self.viewing = Viewing(self.frames, self.bridge, self.picture, self.histogram)
        self.problems: list[GroundglassError] = []
        self.viewing.problem.connect(self.problems.append)

    @property
    def title(self) -> str:
        return self.picture.notice.title if self.picture.notice else ""

    @property
    def words(self) -> str:
        return self.picture.notice.words if self.picture.notice else ""

    def show_frame(self, number: int = 1, age_s: float = 0.0) -> None:
        shown, frame = self.viewing.frames_shown, live_frame(number, age_s=age_s)
        self.frames.push(frame)
        self.qtbot.waitUntil(lambda: self.viewing.frames_shown > shown)
        self.qtbot.waitUntil(lambda: self.histogram.histogram is frame.histogram)

    def close(self) -> None:
        self.bridge.close()
        self.viewing.close()


@pytest.fixture
def screen(app: object, qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


def _jpeg(path: Path, level: int, size: tuple[int, int] = (300, 200)) -> Path:
    path.write_bytes(cv2.imencode(".jpg", np.full((size[1], size[0], 3), level, np.uint8))[1].tobytes())
    return path


def test_a_fresh_live_frame_is_shown_bright_with_its_histogram(screen: Screen) -> None:
    screen.viewing.show_status(LIVE)
    screen.show_frame()

    assert screen.picture.has_picture
    assert screen.picture.notice is None
    assert screen.histogram.histogram is not None
    assert not screen.histogram.is_dimmed


def test_a_live_picture_that_stands_still_does_not_go_on_looking_live(screen: Screen, qtbot: QtBot) -> None:
    screen.viewing.show_status(LIVE)
    screen.show_frame()

    qtbot.waitUntil(lambda: screen.viewing.is_stale)

    assert screen.title == "Not live"
    assert screen.histogram.is_dimmed
    assert screen.picture.has_picture


def test_a_frame_that_was_late_never_looks_live(screen: Screen) -> None:
    screen.viewing.show_status(LIVE)

    screen.show_frame(age_s=1.0)

    assert screen.viewing.is_stale
    assert screen.histogram.is_dimmed


def test_the_next_frame_makes_it_live_again(screen: Screen, qtbot: QtBot) -> None:
    screen.viewing.show_status(LIVE)
    screen.show_frame(1)
    qtbot.waitUntil(lambda: screen.viewing.is_stale, timeout=2000)

    screen.show_frame(2)

    assert screen.picture.notice is None
    assert not screen.histogram.is_dimmed


@pytest.mark.parametrize("state", [CameraState.LOST, CameraState.UNRESPONSIVE, CameraState.CONNECTING])
def test_a_lost_camera_dims_the_picture_at_once_and_says_what_is_done(
    screen: Screen, state: CameraState
) -> None:
    screen.viewing.show_status(LIVE)
    screen.show_frame()

    screen.viewing.show_status(replace(LIVE, state=state))
    assert screen.title == "Not live"
    screen.viewing.show_status(replace(LIVE, state=state, message="Connecting again, attempt 2."))

    assert screen.title == "Not live"
    assert screen.words == "Connecting again, attempt 2."
    assert screen.histogram.is_dimmed


def test_an_exposure_and_a_transfer_name_themselves_when_frames_stay_away(
    screen: Screen, qtbot: QtBot
) -> None:
    screen.viewing.show_status(LIVE)
    screen.show_frame()
    screen.viewing.show_status(replace(LIVE, state=CameraState.EXPOSING))
    assert screen.picture.notice is None

    qtbot.waitUntil(lambda: screen.title == "Exposing", timeout=2000)
    transfer = TransferProgress("a.jpg", 450, 1000)
    screen.viewing.show_status(replace(LIVE, state=CameraState.TRANSFERRING, transfer=transfer))

    qtbot.waitUntil(lambda: (screen.title, screen.words) == ("Transferring", "45 %"))


def test_a_shot_is_shown_with_its_own_histogram(screen: Screen, qtbot: QtBot, tmp_path: Path) -> None:
    _jpeg(tmp_path / "a_0001.jpg", 200)

    screen.viewing.show_shot(tmp_path, shot(1, "a_0001.jpg"))
    qtbot.waitUntil(lambda: screen.picture.has_picture)

    assert screen.histogram.histogram is not None
    assert abs(screen.histogram.histogram.mean("green") - 200) < 2
    assert screen.picture.caption == "a_0001"


def test_the_figures_of_a_preview_and_of_inks_say_what_they_are(
    screen: Screen, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "a_0001.dng").write_bytes(dng(np.full((60, 90), 2000), BAYERS["RGGB"]))
    (tmp_path / "a_0002.jpg").write_bytes(jpeg(mode="CMYK"))
    _jpeg(tmp_path / "a_0003.jpg", 200)

    for name, caption in (
        ("a_0001.dng", "a_0001   RAW, developed"),
        ("a_0002.jpg", "a_0002   CMYK, turned into RGB"),
        ("a_0003.jpg", "a_0003"),
    ):
        before = screen.histogram.histogram
        screen.viewing.show_shot(tmp_path, shot(int(name[5]), name))
        qtbot.waitUntil(lambda before=before: screen.histogram.histogram is not before)  # type: ignore[misc]
        qtbot.waitUntil(lambda caption=caption: screen.picture.caption == caption)  # type: ignore[misc]


def test_the_latest_wish_wins(screen: Screen, qtbot: QtBot, tmp_path: Path) -> None:
    for number in range(8):
        _jpeg(tmp_path / f"a_{number}.jpg", 20 * number + 20)

    for number in range(8):
        screen.viewing.show_shot(tmp_path, shot(number, f"a_{number}.jpg"))
    qtbot.waitUntil(lambda: screen.histogram.histogram is not None)
    last = screen.histogram.histogram
    assert last is not None

    assert abs(last.mean("green") - 160) < 2
    assert screen.picture.caption == "a_7"


def test_a_frames_figures_are_shown_behind_its_paint(screen: Screen, qtbot: QtBot) -> None:
    screen.viewing.show_status(LIVE)
    qtbot.waitUntil(lambda: screen.picture.paints > 0)
    qtbot.wait(50)
    paints, painted = screen.picture.paints, list[int]()
    screen.viewing.judged.connect(lambda _: painted.append(screen.picture.paints - paints))

    screen.show_frame()

    assert painted == [1]


def test_the_figures_of_a_frame_never_stand_beside_a_shot_chosen_since(
    screen: Screen, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _jpeg(tmp_path / "a_0001.jpg", 200)
    screen.viewing.show_status(LIVE)
    frame, show, told = live_frame(1), screen.picture.show_image, list[Histogram | None]()
    choose = soon(lambda: screen.viewing.show_shot(tmp_path, shot(1, "a_0001.jpg")), screen.viewing)

    def show_and_choose(*picture: Any) -> None:
        show(*picture)
        monkeypatch.undo()
        choose()

    monkeypatch.setattr(screen.picture, "show_image", show_and_choose)
    screen.viewing.judged.connect(lambda _: told.append(screen.histogram.histogram))
    screen.frames.push(frame)
    qtbot.waitUntil(lambda: screen.viewing.shot is not None and bool(told))

    assert screen.viewing.frames_shown == 1
    assert frame.histogram not in told


def test_a_shot_stays_while_live_frames_arrive(screen: Screen, qtbot: QtBot, tmp_path: Path) -> None:
    _jpeg(tmp_path / "a_0001.jpg", 200)
    screen.viewing.show_status(LIVE)
    screen.show_frame()

    screen.viewing.show_shot(tmp_path, shot(1, "a_0001.jpg"))
    qtbot.waitUntil(lambda: screen.histogram.histogram is not None and screen.picture.notice is None)
    shown = screen.viewing.frames_shown
    screen.frames.push(live_frame(2))
    qtbot.waitUntil(lambda: screen.picture.caption.startswith("a_0001"))
    screen.viewing.show_live()
    screen.show_frame(3)

    assert screen.viewing.frames_shown > shown
    assert screen.picture.caption == ""


def test_a_broken_picture_is_told_and_nothing_old_stays_on_screen(
    screen: Screen, qtbot: QtBot, tmp_path: Path
) -> None:
    whole = _jpeg(tmp_path / "good.jpg", 200)
    (tmp_path / "cut.jpg").write_bytes(whole.read_bytes()[:300])
    screen.viewing.show_shot(tmp_path, shot(1, "good.jpg"))
    qtbot.waitUntil(lambda: screen.picture.has_picture)

    screen.viewing.show_shot(tmp_path, shot(2, "cut.jpg"))
    qtbot.waitUntil(lambda: bool(screen.problems))

    assert isinstance(screen.problems[0], ImageError)
    assert not screen.picture.has_picture
    assert screen.histogram.histogram is None


def test_all_of_a_picture_is_not_read_if_another_is_wanted_by_then(
    screen: Screen, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        picture = with_preview(jpeg(scene(1800, 1200, number)), jpeg(scene(1200, 800, number)))
        (tmp_path / f"{number}.jpg").write_bytes(picture)
    read: list[str] = []
    is_at_it, may_go_on = threading.Event(), threading.Event()
    glance, whole = pictures.glance, pictures.whole_picture

    def slow_glance(path: Path, width: int, height: int) -> ShownPicture:
        is_at_it.set()
        may_go_on.wait(10)
        return glance(path, width, height)

    monkeypatch.setattr(pictures, "glance", slow_glance)
    monkeypatch.setattr(pictures, "whole_picture", lambda path: read.append(path.name) or whole(path))
    screen.viewing.show_shot(tmp_path, shot(1, "1.jpg"))
    qtbot.waitUntil(is_at_it.is_set)

    screen.viewing.show_shot(tmp_path, shot(2, "2.jpg"))
    # What is chosen is wanted only behind the paint that names it.
    qtbot.waitUntil(lambda: screen.viewing._loading._wanted == tmp_path / "2.jpg")
    may_go_on.set()

    qtbot.waitUntil(lambda: screen.picture.has_whole)
    assert read == ["2.jpg"]
    assert screen.viewing.knows(tmp_path / "1.jpg")


def test_a_movie_says_that_it_can_not_be_shown(screen: Screen, tmp_path: Path) -> None:
    screen.viewing.show_shot(tmp_path, shot(1, "a_0001.mov"))

    assert screen.title == "No picture"
    assert not screen.picture.has_picture


def test_100_percent_shows_one_pixel_of_the_picture_on_one_of_the_screen(
    screen: Screen, qtbot: QtBot, tmp_path: Path
) -> None:
    image = np.zeros((900, 1200, 3), np.uint8)
    image[:, 600:] = 255  # an edge in the middle: as sharp at 100 % as in the file
    cv2.imwrite(str(tmp_path / "edge.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, 100])
    screen.viewing.show_shot(tmp_path, shot(1, "edge.jpg"))
    qtbot.waitUntil(lambda: screen.viewing.shot is not None and screen.picture.has_picture)

    screen.picture.set_zoomed(True)
    qtbot.waitUntil(lambda: screen.picture._zoomed._made is not None)
    row = [screen.picture.grab().toImage().pixelColor(x, 200).lightness() for x in (298, 299, 300, 301)]

    assert max(row[:2]) < 5
    assert min(row[2:]) > 250


def test_live_frames_leave_the_reference_count_of_none_alone(screen: Screen, app: QApplication) -> None:
    # PySide6 6.12.0 drops a reference to None at each update on Python 3.11 and aborts after minutes.
    screen.viewing.show_status(LIVE)
    screen.show_frame()

    def show_frames(count: int) -> int:
        until = screen.viewing.frames_shown + count
        deadline = time.monotonic() + 30
        while screen.viewing.frames_shown < until and time.monotonic() < deadline:
            shown = screen.viewing.frames_shown
            screen.frames.push(live_frame())
            while screen.viewing.frames_shown == shown and time.monotonic() < deadline:
                app.processEvents()
        gc.collect()
        return sys.getrefcount(None)

    before = show_frames(20)
    after = show_frames(300)

    assert abs(after - before) < 50


def test_a_picture_that_has_grown_stale_tells_the_trouble_when_it_is_known(
    screen: Screen, qtbot: QtBot
) -> None:
    screen.viewing.show_status(LIVE)
    screen.show_frame()
    qtbot.waitUntil(lambda: screen.viewing.is_stale, timeout=2000)

    screen.viewing.show_status(replace(LIVE, state=CameraState.UNRESPONSIVE, message="Connecting again."))

    assert screen.words == "Connecting again."


def test_a_thumbnail_stands_in_until_there_is_better(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, may_read = pictures.quick_look, threading.Event()
    monkeypatch.setattr(pictures, "quick_look", lambda path: read(path) if may_read.wait(5) else None)
    frames, bridge = ScriptedFrames(), Bridge()
    picture, histogram = PictureView(DARK), HistogramView(DARK)
    picture.resize(600, 400)
    qtbot.addWidget(picture)
    qtbot.addWidget(histogram)
    grey = np.full((120, 180, 4), 77, np.uint8)
    viewing = Viewing(frames, bridge, picture, histogram, sketch=lambda _shot: grey)
    shown: list[tuple[int, bool]] = []
    viewing.judged.connect(
        lambda fitted: shown.append((int(fitted.image[9, 9, 0]), histogram.histogram is not None))
    )
    (tmp_path / "a_0001.jpg").write_bytes(jpeg(scene(3000, 2000)))

    viewing.show_shot(tmp_path, shot(1, "a_0001.jpg"))
    qtbot.waitUntil(lambda: bool(shown))
    may_read.set()
    qtbot.waitUntil(lambda: picture.has_whole)

    assert shown[0] == (77, False)  # nothing is counted in a thumbnail
    assert histogram.histogram is not None
    assert histogram.histogram.pixels == 6_000_000
    bridge.close()
    viewing.close()


@pytest.fixture
def drawn_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the threads that draw a histogram from now on."""
    names: list[str] = []
    draw = histogram_raster.draw_graph

    def watched(histogram: Histogram, style: GraphStyle) -> np.ndarray:
        names.append(threading.current_thread().name)
        return draw(histogram, style)

    monkeypatch.setattr(histogram_raster, "draw_graph", watched)
    return names


def test_the_histogram_of_a_live_frame_is_drawn_off_the_windows_thread(
    screen: Screen, drawn_on: list[str]
) -> None:
    screen.viewing.show_status(LIVE)
    screen.show_frame(1)
    screen.histogram.grab()
    screen.histogram.set_logarithmic(True)
    screen.histogram.resize(300, screen.histogram.height())
    screen.show_frame(2)
    # A frame that was on its way when the style changed is drawn by the view itself; the next is not.
    drawn_on.clear()
    screen.show_frame(3)
    image = screen.histogram.grab().toImage()

    assert drawn_on == ["picture-scaler"]
    own = HistogramView(DARK)
    own.resize(300, screen.histogram.height())
    own.set_logarithmic(True)
    own.show_histogram(live_frame(3).histogram, live_frame(3).clipping)
    assert own.grab().toImage() == image


def test_the_histogram_of_a_shot_is_drawn_off_the_windows_thread(
    screen: Screen, qtbot: QtBot, tmp_path: Path, drawn_on: list[str]
) -> None:
    _jpeg(tmp_path / "a.jpg", 90)
    screen.viewing.show_shot(tmp_path, shot(1, "a.jpg"))
    qtbot.waitUntil(lambda: screen.histogram.histogram is not None and screen.picture.has_picture)
    screen.histogram.grab()

    assert drawn_on
    assert threading.main_thread().name not in drawn_on

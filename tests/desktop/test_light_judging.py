from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.picture_scaler import FittedPicture
from groundglass.desktop.picture_tools import Scope
from groundglass.desktop.widgets.histogram_view import GRAPH_PX, WIDTH_PX
from groundglass.imaging.flicker import Flicker
from groundglass.model.camera import CameraState
from groundglass.studio.events import ShotStored
from groundglass.studio.live_frame import LiveFrame
from scripted_desk import ScriptedDesk, live_frame, shot, status

LIVE = replace(status(CameraState.LIVE), is_live_wanted=True)
SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def _show(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, frame: LiveFrame) -> None:
    """Show a frame judged by all that was asked for: the first may be fitted for what was wanted before."""
    seen: list[FittedPicture] = []
    window.viewing.judged.connect(seen.append)
    for one in (frame, replace(frame)):
        desk.live.push(one)
        qtbot.waitUntil(lambda one=one: any(fitted.frame is one for fitted in seen))  # type: ignore[misc]
    window.viewing.judged.disconnect(seen.append)


@pytest.fixture
def live(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> MainWindow:
    desk.say(LIVE)
    qtbot.waitUntil(lambda: window.viewing.shows_live)
    _show(window, desk, qtbot, live_frame(1, level=118))
    return window


def _grey(widget: QWidget) -> NDArray[np.uint8]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def _half_bright(number: int) -> LiveFrame:
    """Return a frame that is middle grey at the left and four stops darker at the right."""
    frame = live_frame(number, level=118)
    frame.image[:, 48:] = 28
    return frame


def _edges(number: int, blur: float) -> LiveFrame:
    frame = live_frame(number, level=60)
    frame.image[:, ::8] = 200
    frame.image[...] = cv2.GaussianBlur(frame.image, (0, 0), blur)
    return frame


def test_a_click_lays_the_spot_there_and_reads_it(live: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    picture = live.picture
    qtbot.mouseClick(
        picture, Qt.MouseButton.LeftButton, pos=QPoint(picture.width() // 2 + 150, picture.height() // 2)
    )
    _show(live, desk, qtbot, _half_bright(2))

    assert live.spot_readout.isVisible()
    assert live.spot_readout.words[0] == "\N{MINUS SIGN}4.0 EV"
    assert live.spot_readout.words[1].split() == ["R", "28", "G", "28", "B", "28"]


def test_the_spot_wanders_by_keys_and_goes_with_o(live: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    qtbot.keyClick(live.picture, Qt.Key.Key_O)
    qtbot.keyClick(live.picture, Qt.Key.Key_Left, ALT)
    _show(live, desk, qtbot, _half_bright(2))
    assert live.light_judging.spot == (0.48, 0.5)

    qtbot.keyClick(live.picture, Qt.Key.Key_O)
    _show(live, desk, qtbot, _half_bright(3))

    assert live.light_judging.spot is None
    assert not live.spot_readout.isVisible()


def test_the_focus_bar_holds_the_best_until_it_is_begun_anew(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyClick(live.picture, Qt.Key.Key_O)
    _show(live, desk, qtbot, _edges(2, 0.8))
    assert live.spot_readout.words[2] == "Sharpest"

    _show(live, desk, qtbot, _edges(3, 2.0))
    assert live.spot_readout.words[2].startswith("Focus ")

    qtbot.keyClick(live.picture, Qt.Key.Key_O, SHIFT)
    _show(live, desk, qtbot, _edges(4, 2.0))
    assert live.spot_readout.words[2] == "Sharpest"


@pytest.mark.parametrize("level", [118, 117])  # a hair less is zero too, without a sign
def test_a_still_is_metered_too_without_a_focus_bar(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, level: int
) -> None:
    grey = np.full((200, 300, 3), level, np.uint8)
    (tmp_path / "1.jpg").write_bytes(cv2.imencode(".jpg", grey)[1].tobytes())
    desk.announce(ShotStored(shot(1, "1.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.picture.has_picture)

    qtbot.keyClick(window.picture, Qt.Key.Key_O)
    qtbot.waitUntil(window.spot_readout.isVisible)

    assert window.spot_readout.words[0] == "0.0 EV"
    assert window.spot_readout.words[2] == ""


@pytest.mark.parametrize("height", [680, 700, 720, 740, 760, 800])
def test_the_spot_meter_never_lies_on_the_picture_s_name(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, height: int
) -> None:
    (tmp_path / "1.jpg").write_bytes(cv2.imencode(".jpg", np.full((200, 300, 3), 118, np.uint8))[1].tobytes())
    window.resize(1280, height)
    desk.announce(ShotStored(shot(1, "1.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.picture.has_picture)
    qtbot.keyClick(window.picture, Qt.Key.Key_O)
    qtbot.waitUntil(window.spot_readout.isVisible)

    readout = window.spot_readout.geometry()
    window.spot_readout.hide()

    unnamed = _grey(window.picture)
    window.picture.show_caption("Another name")
    name_rows = np.flatnonzero((_grey(window.picture) != unnamed).any(axis=1))
    assert name_rows.min() > readout.bottom()


def test_a_key_steps_through_the_scopes_at_the_same_place(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    place = live.panel.histogram.geometry()
    seen = []
    for number in (2, 3, 4):
        qtbot.keyClick(live.picture, Qt.Key.Key_H, SHIFT)
        _show(live, desk, qtbot, live_frame(number, level=118))
        seen.append((live.light_judging.scope, live.panel.heading.text()))

    assert seen == [
        (Scope.WAVEFORM, "Waveform"),
        (Scope.PARADE, "RGB parade"),
        (Scope.HISTOGRAM, "Histogram"),
    ]
    assert live.panel.histogram.geometry() == place


def test_a_scope_is_drawn_as_wide_as_its_place(live: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    qtbot.keyClick(live.picture, Qt.Key.Key_H, SHIFT)

    qtbot.keyClick(live.picture, Qt.Key.Key_F8)
    _show(live, desk, qtbot, live_frame(2, level=118))

    scope = live.panel.histogram._scope
    assert scope is not None
    assert scope.shape[1] == live.panel.histogram.width() == 236


def test_the_waveform_of_a_grey_frame_is_one_line(live: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    qtbot.keyClick(live.picture, Qt.Key.Key_H, SHIFT)
    _show(live, desk, qtbot, live_frame(2, level=191))

    drawn = live.panel.histogram.grab().toImage()
    lit = [y for y in range(GRAPH_PX) if drawn.pixelColor(WIDTH_PX // 2, y).green() > 100]

    assert lit
    assert all(abs(y - GRAPH_PX // 4) <= 2 for y in lit)


def test_the_live_picture_is_magnified_around_the_spot(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    picture = live.picture
    qtbot.mouseClick(
        picture, Qt.MouseButton.LeftButton, pos=QPoint(picture.width() // 2 + 200, picture.height() // 2)
    )
    qtbot.keyClick(picture, Qt.Key.Key_Z)
    _show(live, desk, qtbot, _half_bright(2))

    shown = picture.grab().toImage()
    assert shown.pixelColor(picture.width() // 2, picture.height() // 4).red() == 28

    qtbot.keyClick(picture, Qt.Key.Key_Z)
    qtbot.keyClick(picture, Qt.Key.Key_Z)
    _show(live, desk, qtbot, _half_bright(3))
    shown = picture.grab().toImage()
    assert shown.pixelColor(picture.width() // 3, picture.height() // 4).red() == 118


def test_the_wheel_over_a_share_sets_from_where_it_counts_as_clipped(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    assert live.panel.histogram.clipped_text() == ("0.0 %", "0.0 %")

    for _ in range(10):
        live.panel.histogram.threshold_turned.emit(True, -14)
    _show(live, desk, qtbot, live_frame(2, level=118))

    assert live.panel.histogram.clipped_text() == ("0.0 %", "\N{GREATER-THAN OR EQUAL TO}115  100.0 %")


def test_pulsing_light_is_told_over_the_live_picture(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    flicker = Flicker(10.0, 0.2, 50)
    _show(live, desk, qtbot, replace(live_frame(2), flicker=flicker))
    assert live.picture.lines == (flicker.words,)

    _show(live, desk, qtbot, live_frame(3))
    assert live.picture.lines == ()


def test_figures_of_the_live_view_are_shown_on_demand(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    for number in (5, 6):
        _show(live, desk, qtbot, live_frame(number))
    assert live.picture.lines == ()

    qtbot.keyClick(live.picture, Qt.Key.Key_I, CTRL)
    _show(live, desk, qtbot, live_frame(7))

    assert "frames/s" in live.picture.lines[0]

    def tells_what_was_dropped() -> bool:
        desk.live.push(live_frame(7))
        return "dropped 3" in live.picture.lines[0]

    qtbot.waitUntil(tells_what_was_dropped)  # the line changes twice a second

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dng_samples import BAYERS, dng
from groundglass.desktop import pictures
from groundglass.desktop.main_window import MainWindow
from groundglass.imaging.headroom import Headroom
from groundglass.imaging.raw_light import RawLight
from groundglass.model.camera import CameraState
from groundglass.model.exposure import Aperture, Iso, ShutterSpeed
from groundglass.model.setting import SettingId
from groundglass.studio.events import ShotStored
from scripted_desk import ScriptedDesk, iso, shot, shutter, status, with_setting, words

BLACK, WHITE = 512, 4095
TAKEN_WITH = (ShutterSpeed(Fraction(1, 125)), Aperture(8), Iso(400))


def _room(ev: float) -> RawLight:
    return RawLight(Headroom(ev, "green", 0.0, False, (), 0.001, 8.0), (), TAKEN_WITH)


def _raw(path: Path, stops_below: float) -> None:
    """Write a RAW whose green is so far below saturation, red and blue two stops more."""
    light = np.full((64, 96), (WHITE - BLACK) / 2 ** (stops_below + 2))
    light[0::2, 1::2] *= 4
    light[1::2, 0::2] *= 4
    path.write_bytes(dng(np.round(light + BLACK).astype(np.uint16), BAYERS["RGGB"], BLACK, WHITE))


def _offered(window: MainWindow, ev: float) -> str:
    window.headroom.measured.emit(_room(ev), "")
    return window.panel.offer.text()


def test_h_shows_the_stops_of_the_shot_in_the_histograms_place(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _raw(tmp_path / "1.dng", 1.3)
    place = window.panel.histogram.geometry()
    desk.announce(ShotStored(shot(1, "1.dng"), is_complete=True))
    qtbot.waitUntil(lambda: window.panel.raw_histogram.light is not None)

    qtbot.keyClick(window.picture, Qt.Key.Key_H)

    assert window.panel.raw_histogram.isVisible()
    assert not window.panel.histogram.isVisible()
    assert window.panel.raw_histogram.geometry() == place
    assert window.panel.raw_histogram.rows() == (
        ("Red", "+3.3", "0.0 %", "0.0 %"),
        ("Green 1", "+1.3", "0.0 %", "0.0 %"),
        ("Green 2", "+1.3", "0.0 %", "0.0 %"),
        ("Blue", "+3.3", "0.0 %", "0.0 %"),
    )


def test_a_picture_without_a_raw_is_said_to_have_none(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "1.jpg").write_bytes(cv2.imencode(".jpg", np.full((200, 300, 3), 90, np.uint8))[1].tobytes())
    desk.announce(ShotStored(shot(1, "1.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.viewing.shot is not None)

    qtbot.waitUntil(lambda: window.panel.raw_histogram.why == "No RAW of this picture")


def test_a_raw_is_counted_once_however_often_it_is_looked_at(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[Path] = []
    count = pictures.raw_light
    monkeypatch.setattr(pictures, "raw_light", lambda path: (counted.append(path), count(path))[1])
    for number in (1, 2):
        _raw(tmp_path / f"{number}.dng", 1.0 + number)
        desk.announce(ShotStored(shot(number, f"{number}.dng"), is_complete=True))
        qtbot.waitUntil(lambda number=number: len(counted) == number)
        qtbot.waitUntil(lambda: bool(window.panel.headroom.text()))

    window.filmstrip.step(-1)

    qtbot.waitUntil(lambda: window.panel.headroom.text() == "RAW +2.0 EV before green clips")
    assert len(counted) == 2


def test_the_offered_setting_is_one_key_and_nothing_makes_up_for_it(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(status(CameraState.READY))
    qtbot.waitUntil(lambda: window.status.state is CameraState.READY)
    assert _offered(window, 1.1) == "Use 1/60: +1 EV"

    qtbot.keyClick(window.picture, Qt.Key.Key_U)

    what, dial, choice, keeps_exposure = desk.asked[-1]
    assert (what, dial, choice.label, keeps_exposure) == ("set", SettingId.SHUTTER, "1/60", False)


def test_a_camera_that_is_set_so_already_is_offered_nothing_more(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(with_setting(status(CameraState.READY), shutter("1/60")))
    qtbot.waitUntil(lambda: window.status.state is CameraState.READY)

    assert _offered(window, 1.0) == ""
    assert not window.panel.offer.isEnabled()


def test_under_flash_another_dial_can_be_offered(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(status(CameraState.READY))
    qtbot.waitUntil(lambda: window.status.state is CameraState.READY)
    _offered(window, 1.0)

    qtbot.keyClick(window.picture, Qt.Key.Key_U, Qt.KeyboardModifier.ShiftModifier)

    assert window.panel.offer.text() == "Use f/5.6: +1 EV"
    assert _offered(window, 2.0) == "Use f/4: +2 EV"


@pytest.mark.parametrize(
    "changed",
    [
        words(SettingId.EXPOSURE_MODE, "A"),
        iso("Auto"),
    ],
)
def test_nothing_is_offered_where_the_camera_chooses_the_exposure(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, changed: object
) -> None:
    desk.say(with_setting(status(CameraState.READY), changed))
    qtbot.waitUntil(lambda: window.status.state is CameraState.READY)

    assert _offered(window, 1.0) == ""


def test_an_offer_goes_with_the_camera(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.say(status(CameraState.READY))
    qtbot.waitUntil(lambda: window.status.state is CameraState.READY)
    assert _offered(window, 1.0)

    desk.say(replace(status(CameraState.READY), state=CameraState.LOST))
    qtbot.waitUntil(lambda: window.status.state is CameraState.LOST)

    assert window.panel.offer.text() == ""

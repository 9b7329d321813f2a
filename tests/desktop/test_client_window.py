from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop import client_window
from groundglass.desktop.client_window import ClientShows
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.turning import Turn
from groundglass.model.camera import CameraState
from groundglass.studio.events import SessionOpened, ShotStored
from scripted_desk import ScriptedDesk, live_frame, shot, status

LIVE = replace(status(CameraState.LIVE), is_live_wanted=True)


def _go_live(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.say(LIVE)
    qtbot.waitUntil(lambda: window.viewing.shows_live)
    desk.live.push(live_frame())
    qtbot.waitUntil(lambda: window.picture.has_picture)


def _press(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    window.activateWindow()  # the test platform has no window manager that obeys the window's flags


def _client_has_picture(window: MainWindow) -> bool:
    return window.client.picture is not None and window.client.picture.has_picture


def test_the_key_goes_round_picture_histogram_off(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    seen = []
    for _ in range(3):
        _press(window, qtbot)
        seen.append(window.client.shows)

    assert seen == [ClientShows.PICTURE, ClientShows.HISTOGRAM, ClientShows.NOTHING]
    assert window.client.picture is None


class _Screen(NamedTuple):
    """What is asked of a screen, which the test platform has but one of."""

    title: str
    place: QRect

    def name(self) -> str:
        return self.title

    def geometry(self) -> QRect:
        return self.place


def _plug_in(monkeypatch: pytest.MonkeyPatch, window: MainWindow, *names: str) -> None:
    others = [_Screen(name, QRect(1000 * at, 0, 900, 600)) for at, name in enumerate(names, 1)]
    monkeypatch.setattr(client_window, "screens", lambda: [window.screen(), *others])


def test_the_key_goes_round_the_other_screens_too(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _plug_in(monkeypatch, window, "left", "right")

    seen = []
    for _ in range(5):
        _press(window, qtbot)
        seen.append(tuple(window.client.kept.values()))

    assert seen == [
        ("picture", "left"),
        ("histogram", "left"),
        ("picture", "right"),
        ("histogram", "right"),
        ("nothing", ""),
    ]


def test_a_screen_that_is_plugged_in_is_gone_to(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        _press(window, qtbot)
    assert window.client.kept == {"shows": "histogram", "screen": ""}

    _plug_in(monkeypatch, window, "left")
    _press(window, qtbot)

    assert window.client.kept == {"shows": "picture", "screen": "left"}
    assert window.client.picture is not None
    assert window.client.picture.window().isFullScreen()


def test_it_shows_the_live_picture_and_dims_it_with_the_first_window(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _press(window, qtbot)

    _go_live(window, desk, qtbot)
    qtbot.waitUntil(lambda: _client_has_picture(window))
    desk.say(replace(LIVE, state=CameraState.LOST))

    client = window.client.picture
    assert client is not None
    qtbot.waitUntil(lambda: client.notice is not None and client.notice.title == "Not live")


def test_it_follows_the_photographer_to_a_shot(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "job_0001.jpg").write_bytes(
        cv2.imencode(".jpg", np.full((200, 300, 3), 90, np.uint8))[1].tobytes()
    )
    desk.session_path = tmp_path
    desk.announce(SessionOpened(str(tmp_path)))
    _press(window, qtbot)
    desk.say(status())

    desk.announce(ShotStored(shot(1, "job_0001.jpg"), is_complete=True))

    qtbot.waitUntil(lambda: _client_has_picture(window))
    client = window.client.picture
    assert client is not None
    assert client.caption == window.picture.caption == "job_0001"


def test_the_photographers_tools_are_not_painted_for_the_client(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _press(window, qtbot)
    _go_live(window, desk, qtbot)

    qtbot.keyClick(window, Qt.Key.Key_P)

    qtbot.waitUntil(lambda: window.picture.tools != "")
    assert window.client.picture is not None
    assert window.client.picture.tools == ""


@pytest.mark.parametrize("opens_first", [True, False])
def test_the_client_sees_it_turned_and_masked_as_the_photographer_does_and_no_grid(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, opens_first: bool
) -> None:
    if opens_first:
        _press(window, qtbot)
    _go_live(window, desk, qtbot)
    for key in (Qt.Key.Key_R, Qt.Key.Key_M):
        qtbot.keyClick(window.picture, key, Qt.KeyboardModifier.ShiftModifier)
    for key in (Qt.Key.Key_Greater, Qt.Key.Key_G):
        qtbot.keyClick(window.picture, key)
    qtbot.keyClick(window.picture, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    if not opens_first:
        _press(window, qtbot)
    desk.live.push(live_frame())

    mine, client = window.picture, window.client.picture
    assert client is not None
    qtbot.waitUntil(lambda: client.has_picture and client._turn == Turn(1, True, 1.0))
    assert (mine.has_grid, client.has_grid) == (True, False)
    assert client.framing.aspect == mine.framing.aspect != "whole"
    assert (mine.corner_words, client.corner_words) == ("level +1.0\N{DEGREE SIGN}", "")


def test_a_screen_that_is_taken_away_closes_it_and_is_told(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _press(window, qtbot)
    assert window.client.picture is not None
    glass = window.client.picture.window()
    glass.showFullScreen()
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)

    before = window.client.kept
    application.screenRemoved.emit(glass.screen())

    assert window.client.picture is None
    assert window.client.kept == before != {"shows": "nothing", "screen": ""}  # for when it is back
    assert window.banner.error is not None
    assert "Ctrl + 2" in str(window.banner.error)


@pytest.mark.parametrize("opens_first", [True, False])
def test_the_client_sees_what_the_photographer_freezes_and_that_it_is_frozen(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, opens_first: bool
) -> None:
    if opens_first:
        _press(window, qtbot)
    _go_live(window, desk, qtbot)
    freeze = (Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(window.picture, *freeze)
    if not opens_first:
        _press(window, qtbot)
    client = window.client.picture
    assert client is not None
    qtbot.waitUntil(lambda: client.has_picture and client.caption == "Frozen")
    desk.live.push(live_frame(2, level=250))
    qtbot.wait(400)  # longer than a live picture may look live
    assert client._array is not None
    assert int(client._array[0, 0, 0]) == 100
    assert client.notice is None

    qtbot.keyClick(window.picture, *freeze)  # beside the live picture, which the client sees alone
    desk.live.push(live_frame(3, level=250))

    qtbot.waitUntil(lambda: client._array is not None and int(client._array[0, 0, 0]) == 250)
    assert client.caption == ""


def test_a_shot_that_is_looked_at_is_not_said_to_be_frozen(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    cv2.imwrite(str(tmp_path / "job_0001.jpg"), np.full((200, 300, 3), 90, np.uint8))
    desk.announce(ShotStored(shot(1, "job_0001.jpg"), is_complete=True))
    _press(window, qtbot)
    _go_live(window, desk, qtbot)
    qtbot.keyClick(window.picture, Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)

    window.filmstrip.choose_row(0)

    client = window.client.picture
    assert client is not None
    qtbot.waitUntil(lambda: client.caption.startswith("job_0001"))
    assert "Frozen" not in client.caption

"""The cable is pulled in every state of the window, and put back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.errors import CameraLostError
from groundglass.model.camera import CameraState, TransferProgress
from groundglass.studio.events import Problem, SessionOpened
from scripted_desk import ScriptedDesk, live_frame, shot, status

LIVE = replace(status(CameraState.LIVE), is_live_wanted=True)
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def live(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    for number in (1, 2, 3):
        cv2.imwrite(str(tmp_path / f"S_{number:04}.jpg"), np.full((300, 450, 3), 60 * number, np.uint8))
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in (1, 2, 3))
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: len(window.film.shots) == 3)
    desk.say(LIVE)
    qtbot.waitUntil(lambda: window.viewing.shows_live)
    desk.live.push(live_frame(1))
    qtbot.waitUntil(lambda: window.viewing.frames_shown == 1)
    return window


def _keys(*pressed: tuple[Qt.Key, Qt.KeyboardModifier]) -> Callable[[MainWindow, ScriptedDesk], None]:
    def press(window: MainWindow, _desk: ScriptedDesk) -> None:
        for key, modifier in pressed:
            QTest.keyClick(QApplication.focusWidget() or window, key, modifier)

    return press


def _say(state: CameraState, **changes: object) -> Callable[[MainWindow, ScriptedDesk], None]:
    return lambda _window, desk: desk.say(replace(LIVE, state=state, **changes))  # type: ignore[arg-type]


STATES: dict[str, Callable[[MainWindow, ScriptedDesk], None]] = {
    "live": _keys(),
    "live with every tool": _keys(
        *((key, _NONE) for key in (Qt.Key.Key_P, Qt.Key.Key_C, Qt.Key.Key_G, Qt.Key.Key_O, Qt.Key.Key_D)),
        (Qt.Key.Key_C, _SHIFT),
        (Qt.Key.Key_H, _SHIFT),
        (Qt.Key.Key_I, _SHIFT),
    ),
    "frozen": _keys((Qt.Key.Key_F, _SHIFT)),
    "frozen beside live": _keys((Qt.Key.Key_F, _SHIFT), (Qt.Key.Key_F, _SHIFT)),
    "mirrored and turned": _keys((Qt.Key.Key_M, _SHIFT), (Qt.Key.Key_R, _SHIFT)),
    "review": _keys((Qt.Key.Key_Left, _NONE)),
    "review at 100 %": _keys((Qt.Key.Key_Left, _NONE), (Qt.Key.Key_Z, _NONE)),
    "compare": _keys((Qt.Key.Key_Left, _NONE), (Qt.Key.Key_B, _NONE)),
    "light table": _keys((Qt.Key.Key_G, _SHIFT)),
    "picture only": _keys((Qt.Key.Key_F, _NONE)),
    "panels hidden": _keys((Qt.Key.Key_Tab, _NONE)),
    "help": _keys((Qt.Key.Key_Question, _NONE)),
    "client's window": _keys((Qt.Key.Key_2, _CTRL)),
    "a dial is turned": _keys((Qt.Key.Key_I, _NONE), (Qt.Key.Key_Up, _NONE)),
    "a value is typed": _keys((Qt.Key.Key_S, _NONE), (Qt.Key.Key_1, _NONE), (Qt.Key.Key_Slash, _NONE)),
    "exposing": _say(CameraState.EXPOSING),
    "transferring": _say(
        CameraState.TRANSFERRING, transfer=TransferProgress("DSC_0004.NEF", 10_000_000, 25_000_000)
    ),
    "connecting": _say(CameraState.CONNECTING),
}


@pytest.mark.parametrize("state", STATES)
def test_a_pulled_cable_never_leaves_a_picture_that_looks_live_and_all_goes_on_with_it(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot, state: str
) -> None:
    STATES[state](live, desk)

    desk.say(replace(LIVE, state=CameraState.LOST, info=None, settings=(), message="The cable is out."))
    desk.announce(Problem(CameraLostError("The camera is gone.", "Plug it in again.")))
    qtbot.waitUntil(lambda: live.status.state is CameraState.LOST)
    live.grab()

    assert not live.panel.release.isEnabled()
    if live.viewing.shows_live and not live.viewing.is_frozen:
        assert live.picture.notice is not None
    if live.viewing.is_frozen:
        assert "not live" in live.frozen_chip.words
    qtbot.waitUntil(lambda: live.banner.error is not None or not live.viewing.shows_live)

    for _ in range(6):
        QTest.keyClick(QApplication.focusWidget() or live, Qt.Key.Key_Escape)
    desk.say(LIVE)
    qtbot.waitUntil(lambda: live.status.state is CameraState.LIVE)
    for _ in range(6):
        QTest.keyClick(QApplication.focusWidget() or live, Qt.Key.Key_Escape)
    shown = live.viewing.frames_shown
    desk.live.push(live_frame(2))
    qtbot.waitUntil(lambda: live.viewing.frames_shown > shown)

    qtbot.waitUntil(lambda: live.picture.notice is None)
    assert live.panel.release.isEnabled()
    live.client.close()


def test_keys_that_need_a_camera_do_nothing_bad_without_one(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(replace(LIVE, state=CameraState.LOST, info=None, settings=()))
    qtbot.waitUntil(lambda: live.status.state is CameraState.LOST)

    for key in (Qt.Key.Key_I, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_O):
        QTest.keyClick(QApplication.focusWidget() or live, key)
    qtbot.keyClick(live.picture, Qt.Key.Key_F, _SHIFT)

    assert not live.viewing.is_frozen  # what is stale is not frozen as if it were live

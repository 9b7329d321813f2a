from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from scripted_desk import ScriptedDesk

_LEFT = "S_0007.nef is on its way from the camera: 40%."


def _quit(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def test_a_window_with_nothing_under_way_closes_at_once(window: MainWindow, qtbot: QtBot) -> None:
    _quit(window, qtbot)

    assert not window.isVisible()


def test_what_is_under_way_is_told_before_the_window_goes(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.left = (_LEFT,)

    _quit(window, qtbot)

    assert window.isVisible()
    assert window.banner.error is not None
    assert _LEFT in str(window.banner.error)


def test_a_second_time_is_an_answer(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.left = (_LEFT,)

    _quit(window, qtbot)
    _quit(window, qtbot)

    assert not window.isVisible()


def test_a_log_out_does_not_ask(window: MainWindow, desk: ScriptedDesk) -> None:
    desk.left = (_LEFT,)

    window.leave()

    assert not window.isVisible()

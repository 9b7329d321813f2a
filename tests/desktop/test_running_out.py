"""The banner of what runs out tells the present figure, and goes by itself."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.errors import CameraError, CaptureError, DiskFullError
from groundglass.studio.events import Problem, Supply, SupplyChanged, Warned
from scripted_desk import ScriptedDesk, status


def _room(frames: int) -> DiskFullError:
    return DiskFullError(f"The session's disk has room for {frames} more shots.", "Make room.")


@pytest.fixture
def warned(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> MainWindow:
    desk.say(status())
    desk.announce(Warned(_room(99), Supply.DISK))
    qtbot.waitUntil(lambda: window.banner.error is not None)
    return window


def _settle(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until all that was announced has arrived."""
    with qtbot.waitCallback() as arrived:
        window.bridge.call(arrived)


def test_a_warning_tells_what_is_left_now(warned: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    for frames in (98, 97):
        desk.announce(SupplyChanged(Supply.DISK, _room(frames)))
    _settle(warned, qtbot)

    assert warned.banner.error is not None
    assert warned.banner.error.message == _room(97).message
    assert _room(97).message in warned.banner.accessibleDescription()


def test_a_warning_goes_when_there_is_enough_again(
    warned: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.announce(SupplyChanged(Supply.DISK))

    qtbot.waitUntil(lambda: not warned.banner.isVisible())


def test_a_dismissed_warning_stays_away_until_the_next_level(
    warned: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    warned.banner.dismiss()

    desk.announce(SupplyChanged(Supply.DISK, _room(98)))
    _settle(warned, qtbot)
    assert not warned.banner.isVisible()
    desk.announce(Warned(_room(20), Supply.DISK))

    qtbot.waitUntil(lambda: warned.banner.error is not None)


def test_what_else_is_told_stays_when_a_warning_is_over(
    warned: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    other = CaptureError("The release gave no picture.", "Look at the camera.")
    desk.announce(Problem(other))

    desk.announce(SupplyChanged(Supply.DISK, _room(98)))
    desk.announce(SupplyChanged(Supply.DISK))
    desk.announce(SupplyChanged(Supply.BATTERY, CameraError("The camera's battery is at 9 %.")))
    _settle(warned, qtbot)

    assert warned.banner.error is other

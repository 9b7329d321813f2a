"""What the banner keeps while other things are told, and that it is seen before it is dismissed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.errors import (
    CameraBusyError,
    CameraError,
    CameraLostError,
    CardFullError,
    DiskFailedError,
    DiskFullError,
    FocusMissedError,
    GroundglassError,
    NoCameraError,
    PictureLostError,
    UsageError,
)
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.studio.events import (
    Problem,
    ProblemSolved,
    SessionOpened,
    ShotStored,
    Supply,
    SupplyChanged,
    Warned,
)
from scripted_desk import ScriptedDesk, iso, shot, status

_LOSS = PictureLostError("A picture was in the camera's memory only.", "Look at the last frames.")


def _tell(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, error: GroundglassError) -> None:
    desk.announce(Problem(error))
    qtbot.waitUntil(lambda: window.banner.error is error)


def _settle(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until all that was announced has arrived."""
    with qtbot.waitCallback() as arrived:
        window.bridge.call(arrived)


@pytest.fixture
def lost(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> MainWindow:
    """A window with a live picture that tells of a loss."""
    desk.say(status(CameraState.LIVE, is_live_wanted=True))
    _tell(window, desk, qtbot, _LOSS)
    return window


def test_a_refused_wish_and_a_value_that_is_taken_leave_a_loss_told(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyClick(lost.picture, Qt.Key.Key_3)
    assert isinstance(lost.banner.error, UsageError)

    qtbot.keyClick(lost.picture, Qt.Key.Key_I)
    qtbot.keyClick(lost.panel.exposure.dial(SettingId.ISO), Qt.Key.Key_Up)
    desk.futures[-1].set_result(iso("500"))

    qtbot.waitUntil(lambda: lost.banner.error is _LOSS)
    assert lost.banner.isVisible()
    assert lost.banner.accessibleDescription() == str(_LOSS)


def test_a_release_that_missed_the_focus_leaves_a_loss_told(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _tell(lost, desk, qtbot, FocusMissedError("Autofocus found nothing.", "Aim at an edge."))

    qtbot.keyClick(lost.picture, Qt.Key.Key_3)
    qtbot.keyClick(lost.picture, Qt.Key.Key_Escape)

    assert lost.banner.errors == (_LOSS,)


def test_of_two_troubles_the_first_comes_back_when_the_second_is_dismissed(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _tell(lost, desk, qtbot, CardFullError("The memory card is full.", "Put in another."))

    qtbot.keyClick(lost.picture, Qt.Key.Key_Escape)
    assert lost.banner.error is _LOSS
    qtbot.keyClick(lost.picture, Qt.Key.Key_Escape)

    assert not lost.banner.isVisible()


def test_what_is_told_again_is_dismissed_once(lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    for left in (3, 2):
        _tell(lost, desk, qtbot, CardFullError(f"The memory card has room for {left}.", "Put in another."))

    qtbot.keyClick(lost.picture, Qt.Key.Key_Escape)

    assert lost.banner.error is _LOSS


def test_a_trouble_that_is_over_goes_from_below_too(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _tell(lost, desk, qtbot, CameraLostError("The camera does not answer.", "Check the cable."))
    qtbot.keyClick(lost.picture, Qt.Key.Key_3)

    desk.announce(ProblemSolved())
    _settle(lost, qtbot)
    assert isinstance(lost.banner.error, UsageError)
    qtbot.keyClick(lost.picture, Qt.Key.Key_Escape)

    assert lost.banner.error is _LOSS


def test_the_figure_of_a_warning_stays_true_below_a_refused_wish(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.announce(Warned(DiskFullError("Room for 99.", "Make room."), Supply.DISK))
    _settle(lost, qtbot)
    qtbot.keyClick(lost.picture, Qt.Key.Key_3)

    desk.announce(SupplyChanged(Supply.DISK, DiskFullError("Room for 98.", "Make room.")))
    _settle(lost, qtbot)
    assert isinstance(lost.banner.error, UsageError)
    qtbot.keyClick(lost.picture, Qt.Key.Key_Escape)

    assert "98" in str(lost.banner.error)
    assert lost.banner.action_button.text() == "Choose a folder"


def test_a_virtual_camera_takes_away_that_there_was_none_and_no_loss(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _tell(lost, desk, qtbot, NoCameraError("No camera answers there.", "Check the cable."))

    lost.start_virtual_camera()

    assert lost.banner.errors == (_LOSS,)


def test_warnings_of_two_things_stand_and_that_of_one_stands_once(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    low, lower = (CameraError(f"The camera's battery is at {one} %.", "Change it.") for one in (20, 10))
    card = CameraError("The memory card has room for 20 more shots.", "Put in another card.")
    for error, about in ((low, Supply.BATTERY), (card, Supply.CARD), (lower, Supply.BATTERY)):
        desk.announce(Warned(error, about))
    _settle(lost, qtbot)

    desk.announce(ProblemSolved())  # the connection
    desk.say(status(CameraState.READY, is_live_wanted=True))
    desk.say(status(CameraState.LIVE, is_live_wanted=True))
    _settle(lost, qtbot)

    assert lost.banner.errors == (_LOSS, card, lower)


def test_what_kept_the_live_picture_away_goes_when_it_is_back(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(status())
    _tell(lost, desk, qtbot, CameraBusyError("The camera shows no live picture now.", "Try again."))

    desk.say(status(CameraState.LIVE, is_live_wanted=True))

    qtbot.waitUntil(lambda: lost.banner.errors == (_LOSS,))


def test_a_full_card_is_told_until_something_shot_since_is_stored(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    full = CardFullError("The memory card is full.", "Put in another.")
    _tell(lost, desk, qtbot, full)
    now = datetime.now().astimezone()
    for number, taken_at in ((1, now - timedelta(seconds=5)), (2, now + timedelta(seconds=5))):
        assert full in lost.banner.errors
        desk.announce(ShotStored(replace(shot(number, "a.jpg"), taken_at=taken_at), is_complete=True))
        _settle(lost, qtbot)

    assert lost.banner.errors == (_LOSS,)


def test_a_lost_camera_stays_told_though_a_release_has_failed_by_it(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    gone = CameraLostError("The camera stopped answering.", "Check the cable.")
    lost.telling.answer(gone)  # of the release, which hears of it first
    desk.announce(Problem(gone))
    _settle(lost, qtbot)

    qtbot.keyClick(lost.picture, Qt.Key.Key_3)
    qtbot.keyClick(lost.picture, Qt.Key.Key_Escape)

    assert lost.banner.errors == (_LOSS, gone)


def test_a_double_click_is_not_meant_for_what_lay_below(
    lost: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _tell(lost, desk, qtbot, CameraLostError("The camera stopped answering.", "Check the cable."))
    close = lost.banner._close

    for _ in range(2):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert lost.banner.errors == (_LOSS,)
    qtbot.mouseClick(lost.banner.action_button, Qt.MouseButton.LeftButton)
    assert lost.banner.errors == (_LOSS,)
    assert not any(one[0] == "release" for one in desk.asked)
    qtbot.waitUntil(lambda: not lost.banner._just_came.isActive())
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)

    assert lost.banner.errors == ()


def test_a_folder_that_was_not_chosen_is_asked_for_again(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _tell(window, desk, qtbot, DiskFailedError("The session's folder is not there any more.", "Look."))
    qtbot.mouseClick(window.banner.action_button, Qt.MouseButton.LeftButton)
    assert window.keeping.chooser is not None

    window.keeping.chooser.reject()

    assert isinstance(window.banner.error, DiskFailedError)
    assert window.banner.action_button.text() == "Choose a folder"
    assert window.banner.keeps(window.banner.error)


def _open_table(window: MainWindow, qtbot: QtBot) -> QWidget:
    qtbot.keyClick(window.picture, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    return window.light_table


def _compare(window: MainWindow, qtbot: QtBot) -> QWidget:
    qtbot.keyClick(window.picture, Qt.Key.Key_B)
    return window.compare


@pytest.mark.parametrize("lay_over", [_open_table, _compare])
def test_the_banner_lies_on_top_so_that_escape_dismisses_what_was_seen(
    window: MainWindow,
    desk: ScriptedDesk,
    qtbot: QtBot,
    tmp_path: Path,
    lay_over: Callable[[MainWindow, QtBot], QWidget],
) -> None:
    desk.say(status())
    for number in (1, 2):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), np.full((200, 300, 3), 90, np.uint8))
    desk.shots = tuple(shot(number, f"{number}.jpg") for number in (1, 2))
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 2)
    _tell(window, desk, qtbot, _LOSS)

    over = lay_over(window, qtbot)
    assert over.isVisible()
    assert window.picture.childAt(QPoint(20, 20)) is window.banner
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)

    assert not window.banner.isVisible()
    assert over.isVisible()

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.errors import CameraLostError
from groundglass.studio.events import Problem, ProblemSolved
from scripted_desk import ScriptedDesk

_WAITS = "What the disk did not take is still on the card; the next start fetches it."
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


def test_the_window_goes_by_itself_when_the_picture_has_come(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.left = (_LEFT,)
    _quit(window, qtbot)

    desk.left = ()

    qtbot.waitUntil(lambda: not window.isVisible())


def test_the_banner_tells_what_is_still_under_way(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.left = (_LEFT,)
    _quit(window, qtbot)

    desk.left = (_LEFT.replace("40", "80"),)

    qtbot.waitUntil(lambda: "80%" in str(window.banner.error))
    assert window.isVisible()
    assert window.banner.action_button.text() == "Quit now"


def test_who_dismisses_the_question_stays(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.left = (_LEFT,)
    _quit(window, qtbot)

    qtbot.keyClick(window, Qt.Key.Key_Escape)
    desk.left = ()

    qtbot.wait(600)  # longer than it looks
    assert window.isVisible()


def test_a_key_that_does_nothing_takes_no_wish_back(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.left = (_LEFT,)
    _quit(window, qtbot)

    qtbot.keyClick(window, Qt.Key.Key_3)
    assert "No picture is chosen" in str(window.banner.error)
    desk.left = ()

    qtbot.waitUntil(lambda: not window.isVisible())


def test_after_a_dismissal_it_is_asked_anew(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.left = (_LEFT,)
    _quit(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_Escape)

    _quit(window, qtbot)

    assert window.isVisible()
    assert window.banner.error is not None


def test_an_error_in_the_meantime_keeps_the_window(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.left = (_LEFT,)
    _quit(window, qtbot)

    desk.announce(
        Problem(CameraLostError("The camera did not answer for 15 s.", "It is being connected again."))
    )
    qtbot.waitUntil(lambda: "15 s" in str(window.banner.error))
    desk.left = ()

    qtbot.wait(600)  # longer than it looks
    assert window.isVisible()


def test_what_does_not_end_by_itself_is_told_once_and_not_waited_for(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.waits = (_WAITS,)

    _quit(window, qtbot)

    assert str(window.banner.error) == _WAITS
    assert window.banner.action_button.text() == "Quit now"
    assert not window.leaving._timer.isActive()
    desk.waits = ()
    desk.announce(ProblemSolved(of_disk=True))
    qtbot.waitUntil(lambda: window.banner.error is None)
    assert window.isVisible()
    desk.waits = (_WAITS,)
    _quit(window, qtbot)
    _quit(window, qtbot)
    assert not window.isVisible()


def test_it_goes_behind_what_ends_and_not_behind_what_waits(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.left, desk.waits = (_LEFT,), (_WAITS,)
    _quit(window, qtbot)
    assert str(window.banner.error) == f"{_LEFT} Groundglass quits when this is done. {_WAITS}"

    desk.left = ()

    qtbot.waitUntil(lambda: not window.isVisible())


def test_what_comes_to_a_halt_meanwhile_is_told(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.left = (_LEFT,)
    _quit(window, qtbot)

    desk.left, desk.waits = (), (_WAITS,)

    qtbot.waitUntil(lambda: str(window.banner.error) == _WAITS)
    assert window.isVisible()


def test_a_told_waiting_is_no_answer_for_what_began_since(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.waits = (_WAITS,)
    _quit(window, qtbot)
    desk.left = (_LEFT,)

    _quit(window, qtbot)

    assert window.isVisible()
    assert _LEFT in str(window.banner.error)


def test_a_log_out_does_not_ask(window: MainWindow, desk: ScriptedDesk) -> None:
    desk.left = (_LEFT,)

    window.leave()

    assert not window.isVisible()

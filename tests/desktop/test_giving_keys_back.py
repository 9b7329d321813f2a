"""A control has the keys for one value; then they are the picture's again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.widgets.camera_section import CameraSection
from groundglass.desktop.widgets.dial import Dial
from groundglass.desktop.widgets.fields import Field
from groundglass.desktop.widgets.framing_section import FramingSection
from groundglass.desktop.widgets.next_frames_section import NextFramesSection
from groundglass.desktop.widgets.session_section import SessionSection
from groundglass.errors import TemplateError
from groundglass.model.setting import SettingId
from groundglass.studio.events import SessionOpened
from scripted_desk import ScriptedDesk, shot, shutter, status, with_setting, words

_LEFT = Qt.MouseButton.LeftButton
_HELD = "Turn the mode dial to M or S."


@pytest.fixture
def set_up(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Show the second of two shots, a camera that is ready, and every section."""
    window.resize(1600, 2000)
    window.side.fold(())
    for number in (1, 2):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), np.full((900, 1200, 3), 90, np.uint8))
    desk.shots = tuple(shot(number, f"{number}.jpg") for number in (1, 2))
    desk.announce(SessionOpened(str(tmp_path)))
    drive = words(SettingId.DRIVE, "Single", "Continuous", "Self-timer")
    now = status()
    desk.say(status(settings=(*now.settings, drive)))
    qtbot.waitUntil(lambda: window.status.state.is_connected)
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 2)
    window.picture.setFocus()
    return window


def _press(window: MainWindow, qtbot: QtBot, *keys: Qt.Key) -> None:
    """Press keys where they arrive: at what has the focus, else at the window."""
    for key in keys:
        qtbot.keyClick(window.focusWidget() or window, key)


def _are_the_pictures(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> bool:
    """Tell whether Space releases and a digit rates."""
    releases = desk.asked.count(("release",))
    _press(window, qtbot, Qt.Key.Key_Space, Qt.Key.Key_3)
    return desk.asked.count(("release",)) == releases + 1 and desk.reviews.of(2).rating == 3


_FIELDS: dict[str, tuple[Callable[[MainWindow], Field], str]] = {
    "subject": (lambda window: window.findChild(SessionSection).subject, "coat"),
    "template": (lambda window: window.findChild(SessionSection).template, "coat"),
    "number": (lambda window: window.findChild(SessionSection).number, "7"),
    "next frames": (lambda window: window.findChild(NextFramesSection).fields["creator"], "Ada"),
    "level": (lambda window: window.findChild(FramingSection).level, "1"),
    "columns": (lambda window: window.findChild(FramingSection).columns, "7"),
    "opacity": (lambda window: window.findChild(FramingSection).opacity, "7"),
    "preset": (lambda window: window.findChild(CameraSection).name, "flash"),
}


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
@pytest.mark.parametrize("name", _FIELDS)
def test_a_field_has_them_until_enter_or_escape(
    set_up: MainWindow, desk: ScriptedDesk, qtbot: QtBot, name: str, key: Qt.Key
) -> None:
    find, text = _FIELDS[name]
    field = find(set_up)
    qtbot.mouseClick(field, _LEFT)
    qtbot.keyClicks(field, text)

    qtbot.keyClick(field, key)

    assert _are_the_pictures(set_up, desk, qtbot)
    assert set_up.picture.hasFocus()


def test_a_field_that_is_wrong_keeps_them(set_up: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    template = set_up.findChild(SessionSection).template
    qtbot.mouseClick(template, _LEFT)
    qtbot.keyClicks(template, "{")
    desk.futures[-1].set_exception(TemplateError("The name has a “{” too many."))
    qtbot.waitUntil(lambda: bool(template.property("wrong")))

    qtbot.keyClick(template, Qt.Key.Key_Return)

    assert template.hasFocus()


def _iso(window: MainWindow) -> Dial:
    return window.panel.exposure.dial(SettingId.ISO)


def _drive(window: MainWindow) -> Dial:
    section: CameraSection = window.findChild(CameraSection)
    return section.dials[SettingId.DRIVE]


def test_a_drag_of_a_dial_gives_them_back(set_up: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    dial = _iso(set_up)
    middle = dial.rect().center()
    qtbot.mousePress(dial, _LEFT, pos=middle)
    qtbot.mouseMove(dial, middle - QPoint(0, 20))

    qtbot.mouseRelease(dial, _LEFT, pos=middle - QPoint(0, 20))

    assert dial.shown == "ISO 500"
    assert _are_the_pictures(set_up, desk, qtbot)
    assert dial.editor is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
@pytest.mark.parametrize("find", [_iso, _drive])
def test_the_list_of_a_dial_gives_them_back(
    set_up: MainWindow,
    desk: ScriptedDesk,
    qtbot: QtBot,
    key: Qt.Key,
    find: Callable[[MainWindow], Dial],
) -> None:
    dial = find(set_up)
    qtbot.mouseClick(dial, _LEFT)
    assert dial.list is not None
    qtbot.keyClick(dial.list, Qt.Key.Key_Down)

    qtbot.keyClick(dial.list, key)

    assert [what[:2] for what in desk.asked if what[0] == "set"] == (
        [("set", dial.setting_id)] if key is Qt.Key.Key_Return else []
    )
    assert set_up.focusWidget() is set_up.picture
    assert _are_the_pictures(set_up, desk, qtbot)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_line_that_was_emptied_or_left_gives_them_back(
    set_up: MainWindow, desk: ScriptedDesk, qtbot: QtBot, key: Qt.Key
) -> None:
    _press(set_up, qtbot, Qt.Key.Key_I, Qt.Key.Key_4)
    _press(set_up, qtbot, Qt.Key.Key_Backspace, key)

    assert not [what for what in desk.asked if what[0] == "set"]
    assert _are_the_pictures(set_up, desk, qtbot)


def test_the_other_buttons_of_the_mouse_leave_them_where_they_were(
    set_up: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.mouseClick(_iso(set_up), Qt.MouseButton.RightButton)

    assert _are_the_pictures(set_up, desk, qtbot)


def _hold_shutter(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> Dial:
    dial = window.panel.exposure.dial(SettingId.SHUTTER)
    desk.say(with_setting(window.status, shutter("1/125", read_only=True, reason=_HELD)))
    qtbot.waitUntil(lambda: not dial.is_settable)
    return dial


@pytest.mark.parametrize("key", [Qt.Key.Key_3, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_S])
def test_a_held_dial_says_why_and_takes_no_digit_for_stars(
    set_up: MainWindow, desk: ScriptedDesk, qtbot: QtBot, key: Qt.Key
) -> None:
    _hold_shutter(set_up, desk, qtbot)

    _press(set_up, qtbot, Qt.Key.Key_S, key)

    assert str(set_up.banner.error) == f"Shutter speed cannot be set. {_HELD}"
    assert desk.reviews.all == {}
    _press(set_up, qtbot, Qt.Key.Key_Escape)
    assert _are_the_pictures(set_up, desk, qtbot)


def test_a_click_on_a_held_dial_says_why(set_up: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    dial = _hold_shutter(set_up, desk, qtbot)

    qtbot.mouseClick(dial, _LEFT)

    assert _HELD in str(set_up.banner.error)
    assert _are_the_pictures(set_up, desk, qtbot)


def test_after_a_click_on_the_film_arrows_move_the_zoomed_picture(set_up: MainWindow, qtbot: QtBot) -> None:
    film = set_up.filmstrip
    place = film.visualRect(set_up.film.index(0)).center()
    qtbot.mouseClick(film.viewport(), _LEFT, pos=place)
    set_up.picture.set_scale(2)
    qtbot.waitUntil(lambda: set_up.picture.is_zoomed)

    _press(set_up, qtbot, Qt.Key.Key_Right)

    assert set_up.picture.centre[0] > 0.5
    assert set_up.viewing.shot is not None
    assert set_up.viewing.shot.number == 1


def _open_table(window: MainWindow) -> QWidget:
    window.table.toggle()
    return window.light_table


def _compare(window: MainWindow) -> QWidget:
    window.comparing.toggle()
    return window.compare.panes[window.compare.chosen_pane]


def _compare_from_table(window: MainWindow) -> QWidget:
    window.table.toggle()
    return _compare(window)


@pytest.mark.parametrize("lay_over", [_open_table, _compare, _compare_from_table])
def test_what_lies_over_the_picture_gets_them(
    set_up: MainWindow, desk: ScriptedDesk, qtbot: QtBot, lay_over: Callable[[MainWindow], QWidget]
) -> None:
    on_top = lay_over(set_up)

    _press(set_up, qtbot, Qt.Key.Key_I, Qt.Key.Key_2)
    _press(set_up, qtbot, Qt.Key.Key_0, Qt.Key.Key_0, Qt.Key.Key_Return)

    assert ("set", SettingId.ISO, "200") in desk.asked
    assert set_up.focusWidget() is on_top

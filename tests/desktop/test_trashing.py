"""Delete and Ctrl+Z in the window."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.model.camera import CameraState
from groundglass.studio.events import SessionOpened
from scripted_desk import ScriptedDesk, shot, status


@pytest.fixture
def film(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    grey = cv2.imencode(".jpg", np.full((20, 30, 3), 90, np.uint8))[1].tobytes()
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in range(1, 6))
    for one in desk.shots:
        (tmp_path / one.files[0].path).write_bytes(grey)
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: _shown(window) == 5)
    return window


def _shown(window: MainWindow) -> int:
    return window.viewing.shot.number if window.viewing.shot is not None else 0


def _numbers(window: MainWindow) -> list[int]:
    return [one.number for one in window.film.shots]


def test_delete_throws_the_shown_shot_away_and_shows_its_neighbour(film: MainWindow, qtbot: QtBot) -> None:
    film.filmstrip.choose_row(2)

    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 4, 5])
    assert _shown(film) == 4
    qtbot.waitUntil(lambda: film.undoing.chip.words == "S_0003 in the trash. Ctrl + Z brings it back.")
    assert film.undoing.chip.isVisible()
    assert film.trash.count.text == "1 shot"
    assert film.filter.count.text == "4 shots"


def test_ctrl_z_brings_the_last_ones_back_to_their_places(film: MainWindow, qtbot: QtBot) -> None:
    flag = QItemSelectionModel.SelectionFlag
    for row in (0, 2):
        film.filmstrip.selectionModel().select(film.film.index(row), flag.Select)
    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: _numbers(film) == [2, 4])
    qtbot.waitUntil(lambda: film.undoing.chip.words.startswith("3 shots in the trash. Ctrl + Z brings them"))

    qtbot.keyClick(film.picture, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 3, 4, 5])
    assert film.trash.count.text == "Nothing in the trash"


def test_the_last_shot_of_all_leaves_an_empty_film(film: MainWindow, qtbot: QtBot) -> None:
    for left in reversed(range(5)):
        qtbot.keyClick(film.picture, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda left=left: len(_numbers(film)) == left)  # type: ignore[misc]

    assert film.viewing.is_empty


def test_the_last_shot_of_all_gives_way_to_the_live_picture(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(status(CameraState.LIVE, is_live_wanted=True))
    qtbot.waitUntil(lambda: film.viewing.shows_live)
    film.filmstrip.choose_row(0)
    film.filmstrip.select_all()

    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: _numbers(film) == [])
    assert film.viewing.shows_live


def test_the_trash_is_emptied_only_after_a_second_yes(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)
    qtbot.waitUntil(film.trash.empty.isEnabled)

    _ask_to_empty(film, qtbot)
    assert desk.trash.count == 1
    qtbot.mouseClick(film.banner.action_button, Qt.MouseButton.LeftButton)

    assert desk.trash.count == 0
    qtbot.waitUntil(lambda: not film.trash.empty.isEnabled())


@pytest.fixture
def long_film(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in range(1, 41))
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: _shown(window) == 40)
    return window


def _select_rows(window: MainWindow, rows: range) -> None:
    """Click on the first and, with Shift, on the last."""
    strip = window.filmstrip
    for row, modifier in (
        (rows[0], Qt.KeyboardModifier.NoModifier),
        (rows[-1], Qt.KeyboardModifier.ShiftModifier),
    ):
        strip.scrollTo(window.film.index(row))
        place = strip.visualRect(window.film.index(row)).center()
        QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def test_behind_several_that_are_deleted_the_next_one_is_shown(long_film: MainWindow, qtbot: QtBot) -> None:
    _select_rows(long_film, range(10, 20))

    qtbot.keyClick(long_film.picture, Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: len(_numbers(long_film)) == 30)
    assert _shown(long_film) == 21


def test_where_nothing_follows_the_one_before_is_shown(long_film: MainWindow, qtbot: QtBot) -> None:
    _select_rows(long_film, range(35, 40))

    qtbot.keyClick(long_film.picture, Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: len(_numbers(long_film)) == 35)
    assert _shown(long_film) == 35


def test_behind_one_that_the_filter_hides_the_next_one_is_shown(long_film: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(long_film.picture, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    _select_rows(long_film, range(10, 20))
    qtbot.keyClick(long_film.picture, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: len(_numbers(long_film)) == 30)
    assert _shown(long_film) == 20

    qtbot.keyClick(long_film.picture, Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: _shown(long_film) == 21)


_FEW, _MANY = range(2, 12, 2), range(1, 400, 2)  # every second shot; as a whole, or run by run


@pytest.fixture
def very_long_film(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in range(1, 401))
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: _shown(window) == 400)
    return window


def _select_numbers(window: MainWindow, numbers: Iterable[int]) -> None:
    chosen = QItemSelection()
    for number in numbers:
        row = window.film.row_of(number)
        assert row is not None
        chosen.select(window.film.index(row), window.film.index(row))
    window.filmstrip.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)


@pytest.mark.parametrize("numbers", [_FEW, _MANY])
def test_of_every_second_shot_that_goes_the_rest_stays_as_it_was(
    numbers: range, very_long_film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    film, strip = very_long_film, very_long_film.filmstrip
    strip.choose_row(199)
    selected = [200, 202, 204, 207]
    _select_numbers(film, selected)

    desk.trash.throw_away(numbers)  # by another window or the command line
    qtbot.waitUntil(lambda: len(film.film.shots) == 400 - len(numbers))

    left = [number for number in selected if number not in numbers]
    assert [one.number for one in strip.selected] == left
    assert _shown(film) == 200
    assert strip.shot is not None
    assert strip.shot.number == 200
    qtbot.waitUntil(lambda: film.picture.caption.endswith(f"   {len(left)} selected"))


def test_what_is_in_sight_stays_there_while_many_go(
    very_long_film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    film, strip = very_long_film, very_long_film.filmstrip
    strip.choose_row(349)
    strip.scrollTo(film.film.index(199), strip.ScrollHint.PositionAtTop)
    bar = strip.horizontalScrollBar()
    bar.setValue(bar.value() - 7)
    before, shots = _place(film, 200), desk.shots

    desk.trash.throw_away(_MANY)
    qtbot.waitUntil(lambda: len(film.film.shots) == 200)
    # The one before it is gone: it stands where that was.
    assert abs(_place(film, 200) - before) <= strip.visualRect(film.film.index(0)).width()
    between = _place(film, 200)
    film.film.bring_back(shots[::2])

    assert len(film.film.shots) == 400
    assert abs(_place(film, 200) - between) <= strip.visualRect(film.film.index(0)).width()
    assert _shown(film) == 350


def _place(film: MainWindow, number: int) -> int:
    row = film.film.row_of(number)
    assert row is not None
    return film.filmstrip.visualRect(film.film.index(row)).left()


def test_every_second_of_many_goes_to_the_trash_and_comes_back(
    very_long_film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    film, strip = very_long_film, very_long_film.filmstrip
    strip.choose_row(100)
    _select_numbers(film, _MANY)

    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: _numbers(film) == list(range(2, 401, 2)))
    assert _shown(film) == 102  # what followed the one that was shown
    assert [one.number for one in strip.selected] == [102]
    assert strip.viewport().rect().contains(strip.visualRect(strip.currentIndex()))

    qtbot.keyClick(film.picture, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: _numbers(film) == list(range(1, 401)))
    assert _shown(film) == 399
    assert [one.number for one in strip.selected] == [399]


def test_a_comparison_stays_while_many_others_go(
    very_long_film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    film = very_long_film
    film.filmstrip.choose_row(199)
    _select_numbers(film, [200, 202, 204])
    film.comparing.toggle()
    film.comparing.choose(1)

    desk.trash.throw_away(_MANY)
    qtbot.waitUntil(lambda: len(film.film.shots) == 200)

    assert [one.number for one in film.comparing.shots] == [200, 202, 204]
    assert film.comparing.shot is not None
    assert film.comparing.shot.number == 202
    assert [one.number for one in film.filmstrip.selected] == [200, 202, 204]
    assert _shown(film) == 202


def _ask_to_empty(film: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(film.trash.empty.isEnabled)
    qtbot.mouseClick(film.trash.empty, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(film.banner.isVisible)
    assert "deleted for good" in str(film.banner.error)


def test_the_question_goes_with_its_session(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)
    _ask_to_empty(film, qtbot)

    desk.session_path, desk.shots = tmp_path / "other", ()
    desk.announce(SessionOpened(str(tmp_path / "other")))

    qtbot.waitUntil(lambda: not film.banner.isVisible())
    assert desk.trash.count == 1


def test_the_question_holds_for_the_shots_that_it_counted(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)
    _ask_to_empty(film, qtbot)
    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: film.trash.count.text == "2 shots")

    qtbot.mouseClick(film.banner.action_button, Qt.MouseButton.LeftButton)

    contents = desk.trash.contents
    assert contents is not None
    assert contents.numbers == (4,)


def test_the_question_goes_when_its_shots_are_taken_back(film: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)
    _ask_to_empty(film, qtbot)

    qtbot.keyClick(film.picture, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: not film.banner.isVisible())


def test_a_shot_of_the_session_before_is_not_looked_for_in_the_next_one(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    count = len(desk.shots)
    (tmp_path / "next").mkdir()
    desk.session_path = tmp_path / "next"  # the window has not heard of it yet

    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: "no longer open" in str(film.banner.error))
    assert len(desk.shots) == count

"""Which picture is shown as new ones come: the hand on the film's scroll bar has no say in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets.film_view import FilmView
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.desktop.widgets.picture_words import Notice
from groundglass.model.camera import CameraState
from groundglass.model.review import ReviewChange
from groundglass.studio.events import ShotStored
from scripted_desk import ScriptedDesk, live_frame, shot, status

_CONTROL = Qt.KeyboardModifier.ControlModifier
_LIVE = status(CameraState.LIVE, is_live_wanted=True)

Store = Callable[[int], None]


@pytest.fixture
def store(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> Store:
    """Store frames up to a number in a session that is open beside a camera."""
    desk.say(status())
    qtbot.waitUntil(lambda: window.status.state.is_connected)

    def to(number: int) -> None:
        for one in range(window.film.count + 1, number + 1):
            cv2.imwrite(str(tmp_path / f"{one}.jpg"), np.full((200, 300, 3), 90, np.uint8))
            desk.announce(ShotStored(shot(one, f"{one}.jpg"), is_complete=True))
        qtbot.waitUntil(lambda: window.film.has(number))

    return to


def _say(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, now: object) -> None:
    desk.say(now)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: window.status == now)


def _shown(window: MainWindow) -> int:
    return window.viewing.shot.number if window.viewing.shot is not None else 0


def _turn_wheel(window: MainWindow, clicks: int, view: FilmView | None = None) -> None:
    """Turn the wheel over the film, or another view of it; upwards is back."""
    over = (view or window.filmstrip).viewport()
    middle = QPointF(over.rect().center())
    turn = QWheelEvent(
        middle, QPointF(over.mapToGlobal(middle)), QPoint(), QPoint(0, 120 * clicks), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(over, turn)


def test_after_live_view_the_newest_is_shown_though_the_film_was_scrolled_back(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, store: Store
) -> None:
    store(20)
    _say(window, desk, qtbot, _LIVE)
    assert window.viewing.shows_live
    _turn_wheel(window, 9)

    _say(window, desk, qtbot, status())
    assert _shown(window) == 20
    store(21)

    assert _shown(window) == 21


def test_a_film_that_was_scrolled_back_stays_there_while_the_picture_follows(
    window: MainWindow, qtbot: QtBot, store: Store
) -> None:
    store(20)
    _turn_wheel(window, 9)
    place = window.filmstrip.horizontalScrollBar().value()
    assert 0 < place < window.filmstrip.horizontalScrollBar().maximum()

    store(21)
    assert (_shown(window), window.filmstrip.horizontalScrollBar().value()) == (21, place)
    _turn_wheel(window, -30)
    store(22)

    bar = window.filmstrip.horizontalScrollBar()
    assert (_shown(window), bar.value()) == (22, bar.maximum())


def test_a_light_table_that_was_scrolled_back_stays_there_while_the_picture_follows(
    window: MainWindow, qtbot: QtBot, store: Store
) -> None:
    store(60)
    table, bar = window.light_table, window.light_table.verticalScrollBar()
    qtbot.keyClick(window.picture, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    assert bar.value() == bar.maximum() > 0
    _turn_wheel(window, 3, table)
    place, most = bar.value(), bar.maximum()
    assert place < most

    store(61)
    qtbot.waitUntil(lambda: bar.maximum() > most)  # another line
    assert (_shown(window), bar.value()) == (61, place)
    for _ in range(2):  # a page at most
        _turn_wheel(window, -30, table)
    assert bar.value() == bar.maximum()
    store(62 + table.columns)

    assert _shown(window) == 62 + table.columns
    assert bar.value() == bar.maximum()


def test_what_a_key_chooses_is_brought_into_sight_though_it_was_chosen_before(
    window: MainWindow, qtbot: QtBot, store: Store
) -> None:
    store(20)
    bar = window.filmstrip.horizontalScrollBar()
    qtbot.keyClick(window.picture, Qt.Key.Key_Home)
    assert (_shown(window), bar.value()) == (1, 0)

    for _ in range(2):  # the second finds it chosen
        _turn_wheel(window, -30)
        assert bar.value() > 0
        qtbot.keyClick(window.picture, Qt.Key.Key_Home)
        assert (_shown(window), bar.value()) == (1, 0)
        qtbot.keyClick(window.picture, Qt.Key.Key_End)
        assert (_shown(window), bar.value()) == (20, bar.maximum())
        _turn_wheel(window, 30)
        assert bar.value() < bar.maximum()
        qtbot.keyClick(window.picture, Qt.Key.Key_End)
        assert bar.value() == bar.maximum()
        qtbot.keyClick(window.picture, Qt.Key.Key_Home)


def test_what_was_chosen_while_the_film_was_hidden_is_in_sight_when_it_is_back(
    window: MainWindow, qtbot: QtBot, store: Store
) -> None:
    store(20)
    bar = window.filmstrip.horizontalScrollBar()
    assert bar.value() == bar.maximum() > 0

    qtbot.keyClick(window.picture, Qt.Key.Key_F)
    assert not window.filmstrip.isVisible()
    qtbot.keyClick(window.picture, Qt.Key.Key_Home)
    assert _shown(window) == 1
    qtbot.keyClick(window.picture, Qt.Key.Key_F)

    qtbot.waitUntil(lambda: bar.maximum() > 0 == bar.value())


def test_a_change_of_the_picture_is_put_into_words_once(
    window: MainWindow, store: Store, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(3)
    captions: list[str] = []
    monkeypatch.setattr(window.picture, "show_caption", captions.append)

    qtbot.keyClick(window.picture, Qt.Key.Key_Left)

    assert captions[0].startswith("2")
    assert len(captions) == 1


@pytest.mark.parametrize("count", [3, 20])
def test_an_older_picture_stays_whatever_the_wheel_does(
    window: MainWindow, qtbot: QtBot, store: Store, count: int
) -> None:
    """Three are too few to be scrolled."""
    store(count)
    qtbot.keyClick(window.picture, Qt.Key.Key_Left)
    _turn_wheel(window, -9)

    store(count + 1)

    assert _shown(window) == count - 1
    assert "1 new" in window.picture.caption


def test_a_frame_is_shown_after_all_went_to_the_trash(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, store: Store
) -> None:
    store(2)
    qtbot.keyClick(window.picture, Qt.Key.Key_Left)
    qtbot.keyClick(window.picture, Qt.Key.Key_A, _CONTROL)
    qtbot.keyClick(window.picture, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: window.viewing.is_empty)

    desk.announce(ShotStored(shot(3, "1.jpg"), is_complete=True))

    qtbot.waitUntil(lambda: _shown(window) == 3)
    assert "new" not in window.picture.caption


def test_a_held_live_picture_that_ends_holds_nothing_any_more(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, store: Store
) -> None:
    _say(window, desk, qtbot, _LIVE)
    desk.live.push(live_frame())
    qtbot.keyClick(window.picture, Qt.Key.Key_H, _CONTROL)
    assert window.holding.is_held

    _say(window, desk, qtbot, status())
    store(1)

    assert _shown(window) == 1
    assert "Held" not in window.picture.caption


def _throw_away_all_that_pass(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, store: Store) -> None:
    """Leave an empty screen, and two of three shots in a film that shows none of them."""
    store(3)
    desk.reviews.change([3], ReviewChange(rating=5))
    qtbot.keyClick(window.picture, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(window.film.shots) == 1)
    qtbot.keyClick(window.picture, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: window.viewing.is_empty)


def test_several_that_are_selected_stay_so_when_a_frame_comes_onto_an_empty_screen(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, store: Store
) -> None:
    _throw_away_all_that_pass(window, desk, qtbot, store)
    qtbot.keyClick(window.picture, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(window.film.shots) == 2)
    qtbot.keyClick(window.picture, Qt.Key.Key_A, _CONTROL)

    desk.announce(ShotStored(shot(4, "1.jpg"), is_complete=True))

    qtbot.waitUntil(lambda: _shown(window) == 4)
    assert [one.number for one in window.filmstrip.selected] == [1, 2]
    assert "new" not in window.picture.caption


def test_what_the_filter_hides_is_said_without_a_picture_too(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, store: Store
) -> None:
    _throw_away_all_that_pass(window, desk, qtbot, store)

    assert window.picture.notice is not None
    assert window.picture.notice.title == "Ready"
    assert window.picture.caption == "0 of 2 shown"


def test_news_are_painted_beside_a_notice(app: object, qtbot: QtBot) -> None:
    view = PictureView(DARK)
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show_notice(Notice("Ready"))
    before = view.grab().toImage()

    view.show_caption("2 new")

    foot = view.rect().adjusted(0, view.height() - 60, 0, 0)
    assert view.grab(foot).toImage() != before.copy(foot)

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.widgets.fields import Field
from groundglass.desktop.widgets.keywords_section import KeywordsSection
from groundglass.model.review import Review, ReviewChange
from groundglass.studio.events import ShotStored
from scripted_desk import ScriptedDesk, shot, status

_CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def section(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> KeywordsSection:
    """Give the keywords of a session of three shots, the last one shown."""
    desk.say(status())
    grey = cv2.imencode(".jpg", np.full((200, 300, 3), 90, np.uint8))[1].tobytes()
    for number in (1, 2, 3):
        (tmp_path / f"{number}.jpg").write_bytes(grey)
        desk.announce(ShotStored(shot(number, f"{number}.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 3)
    return window.findChildren(KeywordsSection)[0]


def _go_there(window: MainWindow, section: KeywordsSection, qtbot: QtBot) -> Field:
    qtbot.keyClick(window.picture, Qt.Key.Key_K, _CONTROL)
    assert section.field.hasFocus()
    assert not section.field.visibleRegion().isEmpty()
    return section.field


def test_typed_keywords_are_said_of_the_shown_shot_and_taken_away_again(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, section: KeywordsSection
) -> None:
    field = _go_there(window, section, qtbot)

    qtbot.keyClicks(field, "coat, red,  coat,, ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.reviews.of(3).keywords == ("coat", "red")
    qtbot.waitUntil(lambda: field.text() == "coat, red")
    field.selectAll()
    qtbot.keyClicks(field, "red")
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert desk.reviews.of(3).keywords == ("red",)
    assert desk.reviews.of(2).keywords == ()


@pytest.mark.parametrize("hiding", [Qt.Key.Key_Tab, Qt.Key.Key_F])
def test_the_key_brings_the_panel_so_that_no_word_becomes_a_command(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, section: KeywordsSection, hiding: Qt.Key
) -> None:
    qtbot.keyClick(window.picture, hiding)
    assert not section.isVisible()

    field = _go_there(window, section, qtbot)
    qtbot.keyClicks(field, "coat, box")
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert desk.reviews.of(3) == Review(keywords=("coat", "box"))


def test_a_keyword_with_a_comma_stays_whole_when_another_is_typed(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, section: KeywordsSection
) -> None:
    desk.reviews.change((3,), ReviewChange(add_keywords=("Doe, Jane",)))
    qtbot.waitUntil(lambda: section.field.text() == "Doe, Jane")
    field = _go_there(window, section, qtbot)

    qtbot.keyClicks(field, ", coat")
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert desk.reviews.of(3).keywords == ("Doe, Jane", "coat")


def test_of_several_shots_only_what_they_share_is_changed(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, section: KeywordsSection
) -> None:
    desk.reviews.change((1, 2), ReviewChange(add_keywords=("coat",)))
    desk.reviews.change((1,), ReviewChange(add_keywords=("red",)))
    window.filmstrip.selectAll()
    for row in (2,):
        index = window.film.index(row)
        window.filmstrip.selectionModel().select(
            index, window.filmstrip.selectionModel().SelectionFlag.Deselect
        )
    qtbot.waitUntil(lambda: section.field.text() == "coat")
    assert section.others.text == "2 shots; some: red"

    field = _go_there(window, section, qtbot)
    field.selectAll()
    qtbot.keyClicks(field, "summer")
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert desk.reviews.of(1).keywords == ("red", "summer")
    assert desk.reviews.of(2).keywords == ("summer",)
    assert desk.reviews.of(3).keywords == ()


def test_what_is_typed_is_for_the_shots_that_were_chosen_then(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, section: KeywordsSection, tmp_path: Path
) -> None:
    field = _go_there(window, section, qtbot)
    qtbot.keyClicks(field, "coat")
    grey = (tmp_path / "1.jpg").read_bytes()
    (tmp_path / "4.jpg").write_bytes(grey)

    desk.announce(ShotStored(shot(4, "4.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 4)
    assert field.text() == "coat"
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert desk.reviews.of(3).keywords == ("coat",)
    assert desk.reviews.of(4).keywords == ()


def test_a_word_of_the_session_is_completed_behind_the_comma(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, section: KeywordsSection
) -> None:
    desk.reviews.change((1,), ReviewChange(add_keywords=("summer", "coat")))
    qtbot.waitUntil(lambda: window.film.review_of(1).keywords == ("summer", "coat"))
    field = _go_there(window, section, qtbot)

    qtbot.keyClicks(field, "red, su")
    popup = section.completer.popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: field.text() == "red, summer")
    if QApplication.focusWidget() is field:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.reviews.of(3).keywords == ("red", "summer"))


@pytest.mark.parametrize("has_table", [False, True])
def test_enter_gives_the_keys_back_to_what_is_looked_at(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, section: KeywordsSection, has_table: bool
) -> None:
    if has_table:
        window.table.toggle()
    field = _go_there(window, section, qtbot)
    qtbot.keyClicks(field, "coat")

    qtbot.keyClick(field, Qt.Key.Key_Return)

    looked_at = window.light_table if has_table else window.picture
    assert QApplication.focusWidget() is looked_at
    qtbot.keyClick(looked_at, Qt.Key.Key_4)
    assert desk.reviews.of(3) == Review(4, keywords=("coat",))


def test_escape_takes_it_back(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, section: KeywordsSection
) -> None:
    field = _go_there(window, section, qtbot)
    qtbot.keyClicks(field, "coat")

    qtbot.keyClick(field, Qt.Key.Key_Escape)

    assert field.text() == ""
    assert desk.reviews.of(3).keywords == ()


def test_without_a_shot_there_is_nothing_to_type(window: MainWindow) -> None:
    assert not window.findChildren(KeywordsSection)[0].field.isEnabled()

    window.keywording.go_there()

    assert "No picture is chosen" in str(window.banner.error)

"""Ctrl+Z in the window: stars, labels and the trash, the last thing first."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from groundglass.desktop import undoing
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.widgets.keywords_section import KeywordsSection
from groundglass.model.review import NOTHING_SAID, Review, ReviewChange
from groundglass.studio.events import SessionOpened
from scripted_desk import ScriptedDesk, shot

_CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def film(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    grey = cv2.imencode(".jpg", np.full((200, 300, 3), 90, np.uint8))[1].tobytes()
    for number in range(1, 6):
        (tmp_path / f"S_{number:04}.jpg").write_bytes(grey)
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in range(1, 6))
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 5)
    return window


def _said(window: MainWindow) -> str:
    return window.undoing.chip.words


def test_stars_that_were_given_to_all_by_mistake_are_taken_back_and_not_the_trash_before(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.reviews.change([2], ReviewChange(rating=5))
    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(film.film.shots) == 4)
    qtbot.keyClick(film.picture, Qt.Key.Key_A, _CONTROL)
    qtbot.keyClick(film.picture, Qt.Key.Key_3)
    assert {desk.reviews.of(number).rating for number in range(1, 5)} == {3}

    qtbot.keyClick(film.picture, Qt.Key.Key_Z, _CONTROL)
    qtbot.waitUntil(lambda: _said(film) == "Taken back: 3 stars")
    said = {number: review for number, review in desk.reviews.all.items() if review != NOTHING_SAID}
    assert said == {2: Review(5)}
    assert len(film.film.shots) == 4
    qtbot.keyClick(film.picture, Qt.Key.Key_Z, _CONTROL)

    qtbot.waitUntil(lambda: len(film.film.shots) == 5)
    qtbot.waitUntil(lambda: _said(film) == "Back from the trash: 1")
    assert film.undoing.chip.isVisible()
    qtbot.keyClick(film.picture, Qt.Key.Key_Z, _CONTROL)
    qtbot.keyClick(film.picture, Qt.Key.Key_Z, _CONTROL)

    qtbot.waitUntil(lambda: not film.undoing.chip.isVisible())
    assert str(film.banner.error).startswith("There is nothing to take back.")


def test_where_nothing_is_left_it_is_told(film: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_Z, _CONTROL)

    qtbot.waitUntil(lambda: str(film.banner.error).startswith("There is nothing to take back."))
    assert _said(film) == ""


def test_ctrl_z_in_a_field_is_of_its_words(film: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_3)
    qtbot.keyClick(film.picture, Qt.Key.Key_K, _CONTROL)
    field = film.findChild(KeywordsSection).field
    qtbot.keyClicks(field, "coat")

    qtbot.keyClick(field, Qt.Key.Key_Z, _CONTROL)

    assert field.text() == ""
    assert desk.reviews.of(5) == Review(3)


def test_the_word_goes_by_itself_and_lies_over_the_light_table(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, qtbot: QtBot
) -> None:
    monkeypatch.setattr(undoing, "_TOLD_MS", 200)
    film: MainWindow = request.getfixturevalue("film")
    qtbot.keyClick(film.picture, Qt.Key.Key_3)
    qtbot.keyClick(film.picture, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)

    qtbot.keyClick(film.light_table, Qt.Key.Key_Z, _CONTROL)

    qtbot.waitUntil(lambda: _said(film) == "Taken back: 3 stars")
    assert film.undoing.chip.isVisible()
    assert film.picture.children()[-1] is film.undoing.chip  # what lies on top is the last
    qtbot.waitUntil(lambda: not film.undoing.chip.isVisible())

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets.lines import WrappedWords

_NAMES = ("A long session name that somebody typed for the lookbook of the house_0142", 90 * "x" + "_0142")


def _words(qtbot: QtBot, text: str, cut: Qt.TextElideMode) -> WrappedWords:
    words = WrappedWords(DARK, 2, cut=cut)
    qtbot.addWidget(words)
    words.resize(216, words.height())
    words.say(text)
    return words


@pytest.mark.parametrize("name", _NAMES)
def test_a_name_that_is_cut_in_the_middle_keeps_its_number(
    app: QApplication, qtbot: QtBot, name: str
) -> None:
    words = _words(qtbot, name, Qt.TextElideMode.ElideMiddle)
    shown = words.shown

    assert shown.endswith("_0142")
    assert "\N{HORIZONTAL ELLIPSIS}" in shown
    assert shown[:10] == name[:10]
    assert words.fontMetrics().horizontalAdvance(shown) > 1.5 * words.width()  # both lines are used


@pytest.mark.parametrize("name", _NAMES)
def test_other_words_are_cut_at_the_end(app: QApplication, qtbot: QtBot, name: str) -> None:
    shown = _words(qtbot, name, Qt.TextElideMode.ElideRight).shown

    assert shown.endswith("\N{HORIZONTAL ELLIPSIS}")
    assert name.startswith(shown[:-1])


def test_what_fits_is_shown_whole(app: QApplication, qtbot: QtBot) -> None:
    assert _words(qtbot, "look_0001", Qt.TextElideMode.ElideMiddle).shown == "look_0001"

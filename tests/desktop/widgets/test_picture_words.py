from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from groundglass.desktop.theme import body_font
from groundglass.desktop.widgets.picture_words import fitting

_MARKS = "   \N{BLACK STAR}\N{BLACK STAR}   Green"
_NAMES = ("Spring lookbook_0005", 40 * "lookbook " + "_0005")


@pytest.mark.parametrize("name", _NAMES)
def test_a_caption_that_is_too_long_keeps_the_number_and_the_marks(app: QApplication, name: str) -> None:
    figures = QFontMetrics(body_font())

    for name_room in (100, 105, 110):
        room = figures.horizontalAdvance(_MARKS) + name_room
        cut = fitting(name + _MARKS, figures, room)
        assert cut.endswith("05" + _MARKS)
        assert "\N{HORIZONTAL ELLIPSIS}" in cut
        assert figures.horizontalAdvance(cut) <= room


def test_a_caption_that_fits_is_whole_and_else_loses_first_what_stands_last(app: QApplication) -> None:
    figures = QFontMetrics(body_font())
    named = _NAMES[0] + _MARKS
    words = f"{named}   4 of 6 selected"

    assert fitting(words, figures, figures.horizontalAdvance(words) + 2) == words
    assert fitting(words, figures, figures.horizontalAdvance(named) + 2) == named
    assert figures.horizontalAdvance(fitting(words, figures, 60)) <= 60

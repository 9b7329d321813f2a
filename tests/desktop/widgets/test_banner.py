from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets.banner import Banner
from groundglass.errors import SessionError

_END = 600


def _places(qtbot: QtBot, message: str, hint: str) -> tuple[QRectF, QRectF]:
    parent = QWidget()
    qtbot.addWidget(parent)
    return Banner(DARK, parent).places(SessionError(message, hint), _END)


def test_short_words_stand_side_by_side(app: QApplication, qtbot: QtBot) -> None:
    said, to_do = _places(qtbot, "The disk is full.", "Make room.")

    assert said.top() == to_do.top()
    assert said.left() < to_do.left()


def test_what_to_do_gets_a_line_of_its_own_before_it_is_cut(app: QApplication, qtbot: QtBot) -> None:
    said, to_do = _places(
        qtbot, "The disk of the session is full. " * 2, "Make room, or open a session on another disk."
    )

    assert said.bottom() <= to_do.top()
    assert said.left() == to_do.left()
    assert (said.width(), to_do.width()) == (_END - said.left(), _END - said.left())
    assert to_do.bottom() <= 40

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from groundglass.desktop.soon import soon


class _Teller(QObject):
    told = Signal(int)


def test_it_is_done_once_for_all_who_asked(qtbot: QtBot) -> None:
    teller, done = _Teller(), list[str]()
    ask = soon(lambda: done.append("done"), teller)
    teller.told.connect(ask)

    teller.told.emit(1)
    teller.told.emit(2)
    ask()

    assert done == []
    qtbot.waitUntil(lambda: bool(done))
    qtbot.wait(20)
    assert done == ["done"]


def test_it_is_done_again_for_who_asks_later(qtbot: QtBot) -> None:
    parent, done = QObject(), list[str]()
    ask = soon(lambda: done.append("done"), parent)
    ask()
    qtbot.waitUntil(lambda: len(done) == 1)

    ask()

    qtbot.waitUntil(lambda: len(done) == 2)

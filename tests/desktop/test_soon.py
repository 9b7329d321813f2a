from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot
from shiboken6 import delete

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


def test_deeds_are_done_in_the_order_in_which_they_were_asked_for(qtbot: QtBot) -> None:
    parent, done = QObject(), list[int]()
    asks = [soon(lambda number=number: done.append(number), parent) for number in range(5)]

    for ask in reversed(asks):
        ask()

    qtbot.waitUntil(lambda: len(done) == 5)
    assert done == [4, 3, 2, 1, 0]


def test_a_deed_that_fails_costs_none_behind_it(qtbot: QtBot) -> None:
    parent, done = QObject(), list[str]()
    fail, go_on = soon(lambda: 1 / 0, parent), soon(lambda: done.append("done"), parent)

    with qtbot.captureExceptions() as faults:
        fail()
        go_on()
        qtbot.waitUntil(lambda: bool(done))

    assert [kind for kind, *_ in faults] == [ZeroDivisionError]


def test_a_deed_is_dropped_with_its_parent(qtbot: QtBot) -> None:
    parent, other, done = QObject(), QObject(), list[str]()
    soon(lambda: done.append("without its parent"), parent)()
    soon(lambda: done.append("done"), other)()

    delete(parent)

    qtbot.waitUntil(lambda: bool(done))
    assert done == ["done"]


def test_a_deed_that_asks_again_lets_others_go_first(qtbot: QtBot) -> None:
    parent, done = QObject(), list[str]()

    def again() -> None:
        done.append("again")
        if len(done) < 5:
            ask()

    ask = soon(again, parent)
    ask()
    soon(lambda: done.append("other"), parent)()

    qtbot.waitUntil(lambda: len(done) >= 5)
    assert done[:3] == ["again", "other", "again"]

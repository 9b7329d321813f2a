from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.bridge import Bridge
from groundglass.errors import CameraBusyError, GroundglassError
from groundglass.model.camera import CameraState
from groundglass.studio.events import Event, Problem, ShotStored, StatusChanged
from scripted_desk import ScriptedDesk, shot, status


@pytest.fixture
def bridge(app: object) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


def _elsewhere(work: Callable[[], object]) -> None:
    """Run on another thread, and wait for it."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_events_arrive_in_order_on_the_user_interface_thread(
    bridge: Bridge, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    got: list[tuple[Event, bool]] = []
    here = threading.current_thread()
    bridge.happened.connect(lambda event: got.append((event, threading.current_thread() is here)))
    bridge.listen(desk.subscribe)
    events: list[Event] = [
        StatusChanged(status()),
        ShotStored(shot(1, "a.jpg"), True),
        Problem(CameraBusyError("The camera is busy.")),
    ]

    _elsewhere(lambda: [desk.announce(event) for event in events])
    qtbot.waitUntil(lambda: len(got) == 3)

    assert [event for event, _ in got] == events
    assert all(is_here for _, is_here in got)


def test_of_several_status_reports_in_a_row_the_newest_arrives(
    bridge: Bridge, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    got: list[Event] = []
    bridge.happened.connect(got.append)
    bridge.listen(desk.subscribe)

    _elsewhere(lambda: [desk.say(status(message=str(number))) for number in range(100)])
    qtbot.waitUntil(lambda: bool(got))

    assert [event.status.message for event in got if isinstance(event, StatusChanged)] == ["99"]


def test_a_report_on_each_side_of_a_shot_is_kept(bridge: Bridge, desk: ScriptedDesk, qtbot: QtBot) -> None:
    got: list[Event] = []
    bridge.happened.connect(got.append)
    bridge.listen(desk.subscribe)

    desk.say(status(CameraState.TRANSFERRING))
    desk.announce(ShotStored(shot(1, "a.jpg"), True))
    desk.say(status(CameraState.READY))
    qtbot.waitUntil(lambda: len(got) == 3)

    assert isinstance(got[1], ShotStored)


def test_a_result_and_an_error_come_back_from_another_thread(bridge: Bridge, qtbot: QtBot) -> None:
    good: Future[int] = Future()
    bad: Future[int] = Future()
    results: list[int] = []
    errors: list[GroundglassError] = []
    bridge.watch(good, results.append, errors.append)
    bridge.watch(bad, results.append, errors.append)
    error = CameraBusyError("The camera is busy.", "Wait a moment.")

    _elsewhere(lambda: good.set_result(7))
    _elsewhere(lambda: bad.set_exception(error))
    qtbot.waitUntil(lambda: bool(results and errors))

    assert results == [7]
    assert errors == [error]


def test_a_bug_behind_a_future_is_logged_and_told(
    bridge: Bridge, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    broken: Future[int] = Future()
    errors: list[GroundglassError] = []
    bridge.watch(broken, failed=errors.append)

    with caplog.at_level(logging.ERROR):
        broken.set_exception(ZeroDivisionError("bug"))
    qtbot.waitUntil(lambda: bool(errors))

    assert "inside Groundglass" in errors[0].message
    assert "log can be saved" in errors[0].hint
    assert "unexpectedly" in caplog.text


def test_nothing_arrives_after_close(bridge: Bridge, desk: ScriptedDesk, qtbot: QtBot) -> None:
    got: list[object] = []
    late: Future[int] = Future()
    bridge.happened.connect(got.append)
    bridge.listen(desk.subscribe)
    bridge.watch(late, got.append)
    bridge.call(lambda: got.append("before"))

    bridge.close()
    _elsewhere(lambda: late.set_result(1))
    bridge.call(lambda: got.append("after"))
    desk.say(status())
    marker: list[int] = []
    other = Bridge()
    other.call(lambda: marker.append(1))
    qtbot.waitUntil(lambda: bool(marker))
    other.close()

    assert got == []
    assert desk.listeners == []


def test_a_fault_costs_nothing_of_what_was_told_behind_it(bridge: Bridge, qtbot: QtBot) -> None:
    got: list[int] = []

    def fail() -> None:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as faults:
        _elsewhere(lambda: [bridge.call(one) for one in (fail, lambda: got.append(1), lambda: got.append(2))])
        qtbot.waitUntil(lambda: len(got) == 2)

    assert got == [1, 2]
    assert [kind for kind, *_ in faults] == [ZeroDivisionError]


class _Painted(QWidget):
    """Counts its paints."""

    def __init__(self) -> None:
        super().__init__()
        self.paints = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.paints += 1


def test_what_each_of_a_burst_changes_is_painted_before_the_next(bridge: Bridge, qtbot: QtBot) -> None:
    widget, got = _Painted(), list[int]()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitUntil(lambda: widget.paints > 0)
    qtbot.wait(50)
    before = widget.paints

    def change() -> None:
        got.append(widget.paints - before)
        widget.update()

    _elsewhere(lambda: [bridge.call(change) for _ in range(4)])
    qtbot.waitUntil(lambda: len(got) == 4)

    assert got == [0, 1, 2, 3]

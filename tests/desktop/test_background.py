from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from groundglass.desktop import background as module
from groundglass.desktop.background import Background
from groundglass.errors import GroundglassError, ImageError


class Inbox:
    """Runs what is delivered at once, and lets a test wait for it."""

    def __init__(self) -> None:
        self._came = threading.Condition()
        self.results: list[object] = []

    def deliver(self, function: Callable[[], None]) -> None:
        with self._came:
            function()
            self._came.notify_all()

    def wait_for(self, count: int) -> list[object]:
        with self._came:
            assert self._came.wait_for(lambda: len(self.results) >= count, timeout=10)
            return list(self.results)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def background(inbox: Inbox) -> Iterator[Background]:
    made = Background(1, "test", inbox.deliver)
    yield made
    made.close()


def _hold(background: Background, inbox: Inbox) -> threading.Event:
    """Keep the one thread busy until the event is set."""
    let_go, begun = threading.Event(), threading.Event()

    def wait() -> str:
        begun.set()
        let_go.wait(10)
        return "held"

    background.run("hold", wait, inbox.results.append)
    assert begun.wait(10)
    return let_go


def test_the_newest_job_comes_first(background: Background, inbox: Inbox) -> None:
    let_go = _hold(background, inbox)
    for number in range(3):
        background.run(number, lambda number=number: number, inbox.results.append)

    let_go.set()

    assert inbox.wait_for(4) == ["held", 2, 1, 0]


def test_a_waiting_job_is_replaced_by_the_next_of_its_key(background: Background, inbox: Inbox) -> None:
    let_go = _hold(background, inbox)
    background.run("picture", lambda: "older", inbox.results.append)
    background.run("picture", lambda: "newer", inbox.results.append)
    background.run("forgotten", lambda: "forgotten", inbox.results.append)
    background.forget("forgotten")

    let_go.set()
    background.run("end", lambda: "end", inbox.results.append)

    assert sorted(str(one) for one in inbox.wait_for(3)) == ["end", "held", "newer"]


def test_waiting_jobs_are_forgotten_by_their_keys(background: Background, inbox: Inbox) -> None:
    let_go = _hold(background, inbox)
    for number in range(3):
        background.run(("thumbnail", number), lambda: "old", inbox.results.append)
    background.run("facts", lambda: "facts", inbox.results.append)

    background.forget_where(lambda key: isinstance(key, tuple))

    let_go.set()
    background.run("end", lambda: "end", inbox.results.append)
    assert sorted(map(str, inbox.wait_for(3))) == ["end", "facts", "held"]


def test_an_error_of_ours_goes_to_who_asked(background: Background, inbox: Inbox) -> None:
    error = ImageError("The JPEG is cut off.")

    def fail() -> object:
        raise error

    background.run("bad", fail, inbox.results.append, inbox.results.append)

    assert inbox.wait_for(1) == [error]


def test_a_bug_is_told_to_who_asked_and_logged_and_the_thread_goes_on(
    background: Background, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        background.run("bug", lambda: 1 // 0, inbox.results.append, inbox.results.append)
        (told,) = inbox.wait_for(1)
        background.run("next", lambda: "fine", inbox.results.append)
        assert inbox.wait_for(2)[1] == "fine"

    assert isinstance(told, GroundglassError)
    assert "inside Groundglass" in told.message
    assert "log can be saved" in told.hint
    assert "unexpectedly" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_job_that_hangs_does_not_hold_up_the_end(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_END_S", 0.05)
    background = Background(1, "test", inbox.deliver)
    let_go = _hold(background, inbox)

    with caplog.at_level(logging.WARNING):
        background.close()  # and would wait for ten seconds

    assert not inbox.results
    assert "test-0 is held up" in caplog.text
    let_go.set()

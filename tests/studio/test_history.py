"""What was done, and back again, the last thing first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

import pytest

from groundglass.errors import GroundglassError, SessionError, UsageError
from groundglass.studio.history import History, TakeBack


def _done(words: str) -> Callable[[], Future[str]]:
    def take_back() -> Future[str]:
        taken: Future[str] = Future()
        taken.set_result(words)
        return taken

    return take_back


def _fails_once(error: GroundglassError, words: str) -> TakeBack:
    errors = [error]

    def take_back() -> Future[str]:
        taken: Future[str] = Future()
        if errors:
            taken.set_exception(errors.pop())
        else:
            taken.set_result(words)
        return taken

    return take_back


def _undone(history: History) -> list[str]:
    words: list[str] = []
    while (error := (taken := history.undo()).exception()) is None:
        words.append(taken.result())
    assert str(error).startswith("There is nothing to take back.")
    return words


def test_the_last_thing_is_taken_back_first() -> None:
    history = History()
    for words in ("stars", "trash", "label"):
        history.note(_done(words))

    assert _undone(history) == ["label", "trash", "stars"]


def test_what_is_there_no_more_is_passed_over() -> None:
    history = History()
    history.note(_done("stars"))
    history.note(lambda: None)

    assert _undone(history) == ["stars"]


def test_what_the_disk_refused_can_be_tried_again_in_its_turn() -> None:
    history = History()
    history.note(_done("stars"))
    history.note(_fails_once(SessionError("The name is taken."), "trash"))
    assert isinstance(history.undo().exception(), SessionError)

    assert _undone(history) == ["trash", "stars"]


def test_what_was_changed_since_does_not_stand_in_the_way() -> None:
    history = History()
    history.note(_done("stars"))
    history.note(_fails_once(UsageError("Something else was said since."), "label"))
    assert isinstance(history.undo().exception(), UsageError)

    assert _undone(history) == ["stars"]


def test_the_oldest_of_very_many_steps_are_forgotten() -> None:
    history = History()
    for number in range(150):
        history.note(_done(str(number)))

    assert _undone(history) == [str(number) for number in range(149, 49, -1)]


@pytest.mark.parametrize("count", [0, 3])
def test_another_session_begins_without_any(count: int) -> None:
    history = History()
    for number in range(count):
        history.note(_done(str(number)))

    history.clear()

    assert _undone(history) == []


def test_what_is_asked_for_while_something_is_taken_back_waits_for_it() -> None:
    history = History()
    slow: Future[str] = Future()
    is_back: list[bool] = []

    def look() -> Future[str]:
        is_back.append(slow.done())
        return _done("stars")()

    history.note(look)
    history.note(lambda: slow)

    trash, stars = history.undo(), history.undo()
    slow.set_result("trash")

    assert (trash.result(), stars.result(), is_back) == ("trash", "stars", [True])

"""A thread gives way by itself, and takes those with it that it starts."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

import pytest

from groundglass.priority import give_way, work_humbly

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is the process's")


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def _in_a_thread(work: Callable[[], object]) -> int:
    """Return the niceness of a thread that did this work first."""
    found: list[int] = []
    thread = threading.Thread(target=lambda: (work(), found.append(_niceness())))
    thread.start()
    thread.join()
    return found[0]


def test_a_thread_gives_way_alone() -> None:
    before = _niceness()
    assert _in_a_thread(give_way) > before
    assert _niceness() == before
    assert _in_a_thread(lambda: None) == before


def test_what_can_wait_gives_way_to_what_is_waited_for() -> None:
    assert _in_a_thread(work_humbly) > _in_a_thread(give_way)


def test_a_thread_that_it_starts_gives_way_too() -> None:
    theirs: list[int] = []

    def work() -> None:
        give_way()
        theirs.append(_in_a_thread(lambda: None))

    mine = _in_a_thread(work)
    assert theirs == [mine]


def test_a_refusal_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    assert _in_a_thread(give_way) == _niceness()

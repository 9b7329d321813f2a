"""When events are taken, in which order, and what is known of those that wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import cast

import pytest

from groundglass.camera.driver import Driver
from groundglass.camera.looks import Looks
from groundglass.camera.widget import CameraEvent
from groundglass.model.camera import RemoteFile


def _on_card(number: int) -> CameraEvent:
    return CameraEvent(file=RemoteFile("/store/DCIM", f"{number}.jpg"))


def _in_memory(number: int) -> CameraEvent:
    return CameraEvent(file=RemoteFile("/", f"capt{number}.jpg"))


def _changed(number: int) -> CameraEvent:
    return CameraEvent(text=f"changed {number}")


class Body:
    """Reports what it is given, once each, and notes what is taken with how many files wait behind it."""

    def __init__(self, events: Iterable[CameraEvent]) -> None:
        self.events = deque(events)
        self.taken: list[tuple[CameraEvent, int | None]] = []
        self.is_asked = False
        self.looks = Looks(
            cast("Driver", self),
            lambda event, behind: self.taken.append((event, behind)),
            is_awaited=lambda: True,
            is_live=lambda: False,
            is_asked=lambda: self.is_asked,
        )

    def next_event(self) -> CameraEvent | None:
        return self.events.popleft() if self.events else None


def test_a_file_is_taken_with_how_many_wait_behind_it() -> None:
    body = Body([_changed(1), _on_card(1), _changed(2), _on_card(2), _on_card(3)])

    body.looks.look()

    assert [behind for event, behind in body.taken if event.file] == [2, 1, 0]
    assert [event for event, _ in body.taken] == [
        _changed(1), _on_card(1), _changed(2), _on_card(2), _on_card(3),
    ]  # fmt: skip


def test_behind_a_picture_in_the_memory_nothing_is_asked_for() -> None:
    body = Body([_in_memory(1), _in_memory(2), _in_memory(3)])

    body.is_asked = True  # so that one is taken
    body.looks.look()

    assert body.taken == [(_in_memory(1), None)]
    assert len(body.events) == 2


def test_a_command_ends_a_look_and_what_is_reported_already_waits() -> None:
    body = Body([_on_card(1), _on_card(2), _on_card(3)])
    body.is_asked = True

    body.looks.look()

    assert body.taken == [(_on_card(1), 2)]
    assert body.looks.is_behind
    body.is_asked = False
    body.looks.look()
    assert [event for event, _ in body.taken] == [_on_card(1), _on_card(2), _on_card(3)]
    assert not body.looks.is_behind


def test_to_listen_takes_nothing_and_stops_at_a_picture_in_the_memory() -> None:
    body = Body([_changed(1), _on_card(1), _in_memory(1), _in_memory(2)])

    body.looks.listen()
    body.looks.listen()

    assert body.taken == []
    assert len(body.events) == 1


@pytest.mark.parametrize("count", [3, 199, 450])
def test_a_drain_leaves_nothing_behind_that_was_reported_and_keeps_the_order(count: int) -> None:
    events = [_on_card(number) for number in range(count)]
    body = Body(events)

    body.looks.drain()

    assert [event for event, _ in body.taken] + list(body.events) == events
    assert len(body.taken) >= min(count, 200)
    assert not body.looks.is_behind


def test_a_short_drain_ends_in_a_burst_that_does_not() -> None:
    body = Body(_in_memory(number) for number in range(100))

    body.looks.drain(3)

    assert len(body.taken) == 3

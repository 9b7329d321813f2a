"""A live frame's memory comes back into use when nobody looks at it, and never before."""

from __future__ import annotations

from groundglass.desktop.frame_room import FrameRoom
from groundglass.desktop.pixels import as_image


def test_memory_is_used_again_when_it_was_let_go() -> None:
    room = FrameRoom()
    first = room.take(8, 4)
    at = first.ctypes.data
    del first
    assert room.take(8, 4).ctypes.data == at


def test_what_is_looked_at_is_left_alone() -> None:
    room = FrameRoom()
    first = room.take(8, 4)
    first[:] = 7
    corner = first[:2, :2]
    del first
    for _ in range(5):
        room.take(8, 4)[:] = 9
    assert (corner == 7).all()


def test_what_an_image_needs_is_left_alone() -> None:
    room = FrameRoom()
    held = room.take(8, 4)
    held[:] = 7
    image = as_image(held)
    for _ in range(5):
        room.take(8, 4)[:] = 9
    assert image.pixelColor(0, 0).red() == 7


def test_more_than_it_keeps_are_given_too() -> None:
    room = FrameRoom()
    every = [room.take(8, 4) for _ in range(6)]
    for number, one in enumerate(every):
        one[:] = number
    assert [int(one[0, 0, 0]) for one in every] == [0, 1, 2, 3, 4, 5]


def test_another_size_is_other_memory() -> None:
    room = FrameRoom()
    small = room.take(8, 4)
    assert small.shape == (4, 8, 4)
    assert room.take(9, 4).shape == (4, 9, 4)


def test_memory_of_another_size_is_let_go() -> None:
    room = FrameRoom()
    small = room.take(8, 4)
    small[:] = 7
    room.take(9, 4)
    room.clear()
    assert (small == 7).all()
    assert room.take(8, 4).ctypes.data != small.ctypes.data

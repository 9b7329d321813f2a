"""A live frame's memory comes back into use when nobody looks at it, and never before."""

from __future__ import annotations

import numpy as np
import simplejpeg

from groundglass.desktop.pixels import as_image
from groundglass.imaging.frame_room import FrameRoom
from groundglass.imaging.jpeg import decode_jpeg


def test_memory_is_used_again_when_it_was_let_go() -> None:
    room = FrameRoom(3)
    first = room.take(8, 4)
    at = first.ctypes.data
    del first
    assert room.take(8, 4).ctypes.data == at


def test_what_is_looked_at_is_left_alone() -> None:
    room = FrameRoom(3)
    first = room.take(8, 4)
    first[:] = 7
    corner = first[:2, :2]
    del first
    for _ in range(5):
        room.take(8, 4)[:] = 9
    assert (corner == 7).all()


def test_what_an_image_needs_is_left_alone() -> None:
    room = FrameRoom(3)
    held = room.take(8, 4)
    held[:] = 7
    image = as_image(held)
    for _ in range(5):
        room.take(8, 4)[:] = 9
    assert image.pixelColor(0, 0).red() == 7


def test_more_than_it_keeps_are_given_too() -> None:
    room = FrameRoom(3)
    every = [room.take(8, 4) for _ in range(6)]
    for number, one in enumerate(every):
        one[:] = number
    assert [int(one[0, 0, 0]) for one in every] == [0, 1, 2, 3, 4, 5]


def test_another_size_is_other_memory() -> None:
    room = FrameRoom(3)
    small = room.take(8, 4)
    assert small.shape == (4, 8, 4)
    assert room.take(9, 4).shape == (4, 9, 4)


def test_memory_of_another_size_is_let_go() -> None:
    room = FrameRoom(3)
    small = room.take(8, 4)
    small[:] = 7
    room.take(9, 4)
    assert (small == 7).all()
    assert room.take(8, 4).ctypes.data != small.ctypes.data


def test_a_decoded_picture_is_looked_at_until_the_last_part_of_it_goes() -> None:
    jpeg = simplejpeg.encode_jpeg(np.full((40, 60, 3), 90, np.uint8), 90)
    room = FrameRoom(3)
    image = decode_jpeg(jpeg, buffer=room.take(60, 40))
    at, part = image.ctypes.data, image[:4]
    del image
    others = [room.take(60, 40) for _ in range(4)]
    assert at not in [one.ctypes.data for one in others]
    del part, others
    assert at in [room.take(60, 40).ctypes.data]

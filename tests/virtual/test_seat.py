"""One client at a time, whichever thread hangs up and whichever lets the next one in."""

from __future__ import annotations

import socket
import threading
import time

from groundglass.virtual import ptp
from groundglass.virtual.link import Wire
from groundglass.virtual.seat import Seat


class _SlowToForget:
    """A camera that takes its time to forget a client."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.forgets = threading.Event()

    def operation(self, code: int, params: tuple[int, ...], data: bytes | None) -> ptp.Reply:
        raise NotImplementedError

    def connected(self, over: str) -> None:
        self.said.append("connected")

    def disconnected(self) -> None:
        self.forgets.set()
        time.sleep(0.2)
        self.said.append("forgotten")


def test_the_next_client_comes_after_the_last_one_is_forgotten() -> None:
    camera = _SlowToForget()
    seat = Seat(camera)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire = Wire.__new__(Wire)  # its socket is all that the seat needs, and no TCP
        wire.socket = ours
        assert seat.admit(wire, "first", "ptpip") == 1
        leaving = threading.Thread(target=seat.leave, args=(wire,))
        leaving.start()
        assert camera.forgets.wait(5)

        assert seat.admit(wire, "second", "ptpip") == 2
        leaving.join()

    assert camera.said == ["connected", "forgotten", "connected"]

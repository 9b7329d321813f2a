"""PTP over TCP: how a camera on the network is spoken to.

A client opens two connections to the same port, one for operations and one for events. Only one client is
served; a second one is refused while the first is alive, and let in at once when the first has gone.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable
from typing import ClassVar

from groundglass.virtual.faults import Faults
from groundglass.virtual.link import Link, ProtocolError, Wire
from groundglass.virtual.seat import Camera, Seat
from groundglass.virtual.transport import Transport

log = logging.getLogger(__name__)


class Server(Transport):
    """Serve one camera on the network."""

    name: ClassVar[str] = "ptpip"
    wire: ClassVar[type[Wire]] = Link

    def __init__(
        self,
        seat: Seat,
        camera: Camera,
        faults: Faults,
        port: int,
        heard: Callable[[int], None],
        name: str = "Groundglass",
        identity: bytes = bytes(16),
    ) -> None:
        super().__init__(seat, camera, faults, port, heard)
        self._shown_name = name.encode("utf-16-le") + b"\0\0"
        self._identity = identity

    def serve(self, wire: Wire) -> None:
        """Serve one of the two connections of a client."""
        assert isinstance(wire, Link)
        kind, body = wire.receive()
        if kind == 1:
            self._serve_commands(wire, body)
        elif kind == 3:
            self._serve_events(wire)
        else:
            log.warning("a packet of type %d where a client introduces itself", kind)

    def _serve_commands(self, link: Link, body: bytes) -> None:
        if len(body) < 16:
            raise ProtocolError("a short introduction")
        client = body[16:].decode("utf-16-le", "replace").split("\0")[0]
        number = self.seat.admit(link, client, self.name)
        if number is None:
            link.send(5, struct.pack("<I", 2))
            return
        log.info("client %r connected", client)
        link.send(2, struct.pack("<I", number), self._identity, self._shown_name, struct.pack("<HH", 0, 1))
        while not self.closing.is_set():
            kind, body = link.receive()
            if kind == 13:
                link.send(14)
            elif kind == 6:
                self._serve_operation(link, body)

    def _serve_events(self, link: Link) -> None:
        def tell(code: int, params: tuple[int, ...]) -> None:
            link.send(8, struct.pack(f"<HI{len(params)}I", code, 0, *params))

        self.seat.add_events(link, tell)
        link.send(4)
        while not self.closing.is_set():
            kind, _ = link.receive()
            if kind == 13:
                link.send(14)

    def _serve_operation(self, link: Link, body: bytes) -> None:
        phase, code, transaction = struct.unpack_from("<IHI", body)
        params = struct.unpack_from(f"<{(len(body) - 10) // 4}I", body, 10)
        data = _receive_data(link) if phase == 2 else None
        self.perform(link, _Answer(link, transaction), code, params, data)


class _Answer:
    """The packets that answer one operation."""

    def __init__(self, link: Link, transaction: int) -> None:
        self._link = link
        self._transaction = transaction
        self._tag = struct.pack("<I", transaction)

    def begin(self, size_bytes: int) -> None:
        self._link.send(9, self._tag, struct.pack("<Q", size_bytes))

    def part(self, data: memoryview, *, is_last: bool) -> None:
        self._link.send(12 if is_last else 10, self._tag, data)

    def torn(self, data: memoryview, size_bytes: int, *, is_last: bool) -> None:
        self._link.send_raw(struct.pack("<II", 12 + size_bytes, 12 if is_last else 10), self._tag, data)

    def respond(self, response: int, params: tuple[int, ...]) -> None:
        numbers = struct.pack(f"<{len(params)}I", *params)
        self._link.send(7, struct.pack("<HI", response, self._transaction), numbers)


def _receive_data(link: Link) -> bytes:
    kind, body = link.receive()
    if kind != 9 or len(body) < 8:
        raise ProtocolError("no start of data")
    total = int.from_bytes(body[4:12], "little")
    received = bytearray()
    while len(received) < total:
        kind, body = link.receive()
        if kind not in {10, 12}:
            raise ProtocolError(f"a packet of type {kind} in the data")
        received += body[4:]
        if kind == 12:
            break
    return bytes(received)

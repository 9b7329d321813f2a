"""PTP as a USB cable carries it: the camera's end of the test-only port library `tests/usb/vcamusb.c`.

Each USB transfer comes as its length in 32 bits and its bytes. A client opens two connections and says with
one byte what they carry, "B" bulk transfers or "I" interrupts; the answer is "Y", or "N" if somebody else has
claimed the camera.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable
from typing import ClassVar

from groundglass.virtual.faults import Faults
from groundglass.virtual.link import ProtocolError, Wire
from groundglass.virtual.seat import Camera, Seat
from groundglass.virtual.transport import Transport

log = logging.getLogger(__name__)

_HEADER = struct.Struct("<IHHI")  # length with this header, kind, code, transaction
_COMMAND, _DATA, _RESPONSE, _EVENT = 1, 2, 3, 4
_LARGEST = 64 << 20
_PACKET_BYTES = 512


class Cable(Wire):
    """One TCP connection that carries USB transfers."""

    def receive(self) -> tuple[int, int, int, bytes]:
        """Wait for a container, in however many transfers; returns kind, code, transaction, body."""
        container = bytearray()
        while True:
            (size,) = struct.unpack("<I", self.read(4))
            if size > _LARGEST:
                raise ProtocolError(f"a transfer of {size} bytes")
            container += self.read(size)
            if len(container) < _HEADER.size:
                if size:
                    raise ProtocolError("a short container")
                continue  # the empty packet behind a transfer of whole packets
            total, kind, code, transaction = _HEADER.unpack_from(container)
            if not _HEADER.size <= total <= _LARGEST:
                raise ProtocolError(f"a container of {total} bytes")
            if len(container) >= total:
                self.acknowledge()
                return kind, code, transaction, bytes(container[_HEADER.size : total])

    def send(self, kind: int, code: int, transaction: int, params: tuple[int, ...]) -> None:
        """Send one container of numbers, in one transfer."""
        size = _HEADER.size + 4 * len(params)
        body = struct.pack(f"<{len(params)}I", *params)
        self.send_raw(struct.pack("<I", size), _HEADER.pack(size, kind, code, transaction), body)


class UsbServer(Transport):
    """Serve one camera on the bridge."""

    name: ClassVar[str] = "usb"
    wire: ClassVar[type[Wire]] = Cable

    def __init__(
        self,
        seat: Seat,
        camera: Camera,
        faults: Faults,
        port: int,
        heard: Callable[[int], None],
        takes_data: frozenset[int],
    ) -> None:
        """takes_data: the operations behind which the client sends data; USB itself does not tell."""
        super().__init__(seat, camera, faults, port, heard)
        self._takes_data = takes_data

    def serve(self, wire: Wire) -> None:
        """Serve one of the two connections of a client."""
        assert isinstance(wire, Cable)
        purpose = wire.read(1)
        if purpose == b"B":
            self._serve_bulk(wire)
        elif purpose == b"I":
            self._serve_interrupts(wire)
        else:
            raise ProtocolError(f"{purpose!r} where a client says what it wants")

    def _serve_bulk(self, cable: Cable) -> None:
        if self.seat.admit(cable, self.name, self.name) is None:
            cable.send_raw(b"N")
            return
        cable.send_raw(b"Y")
        while not self.closing.is_set():
            kind, code, transaction, body = cable.receive()
            if kind != _COMMAND:
                raise ProtocolError(f"a container of kind {kind} where a command was due")
            params = struct.unpack_from(f"<{len(body) // 4}I", body)
            data = _receive_data(cable, code) if code in self._takes_data else None
            self.perform(cable, _Answer(cable, code, transaction), code, params, data)

    def _serve_interrupts(self, cable: Cable) -> None:
        def tell(code: int, params: tuple[int, ...]) -> None:
            cable.send(_EVENT, code, 0, params)

        self.seat.add_events(cable, tell)
        cable.send_raw(b"Y")
        while not self.closing.is_set():
            cable.read(1)


class _Answer:
    """The containers that answer one operation."""

    def __init__(self, cable: Cable, code: int, transaction: int) -> None:
        self._cable = cable
        self._code = code
        self._transaction = transaction
        self._ends_on_packet = False

    def begin(self, size_bytes: int) -> None:
        size = _HEADER.size + size_bytes
        self._ends_on_packet = size % _PACKET_BYTES == 0
        self._cable.send_raw(
            struct.pack("<I", size), _HEADER.pack(size, _DATA, self._code, self._transaction)
        )

    def part(self, data: memoryview, *, is_last: bool) -> None:
        # A transfer ends with a short packet; if all are whole, an empty one follows.
        end = struct.pack("<I", 0) if is_last and self._ends_on_packet else b""
        self._cable.send_raw(data, end)

    def torn(self, data: memoryview, size_bytes: int, *, is_last: bool) -> None:  # noqa: ARG002 - one transfer
        self._cable.send_raw(data)

    def respond(self, response: int, params: tuple[int, ...]) -> None:
        self._cable.send(_RESPONSE, response, self._transaction, params)


def _receive_data(cable: Cable, code: int) -> bytes:
    kind, data_code, _, body = cable.receive()
    if kind != _DATA or data_code != code:
        raise ProtocolError("no data behind an operation that takes some")
    return body

"""What the network and the USB cable share: a port, a client's operations, and their faults."""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import ClassVar, Protocol

from groundglass.virtual import ptp
from groundglass.virtual.faults import Fault, Faults
from groundglass.virtual.link import CHUNK_BYTES, ProtocolError, Wire
from groundglass.virtual.seat import Camera, Seat

log = logging.getLogger(__name__)

_GARBAGE = bytes(range(3, 250, 7))  # its first four bytes are no length that makes sense
_PICTURES = frozenset((ptp.OPERATIONS["GetObject"], ptp.OPERATIONS["GetPartialObject"]))


class Answer(Protocol):
    """How one operation's data and response are framed."""

    def begin(self, size_bytes: int) -> None:
        """Announce so much data."""
        ...

    def part(self, data: memoryview, *, is_last: bool) -> None:
        """Send a part of the data."""
        ...

    def torn(self, data: memoryview, size_bytes: int, *, is_last: bool) -> None:
        """Send the begin of a part that should have been longer."""
        ...

    def respond(self, response: int, params: tuple[int, ...]) -> None:
        """End the operation."""
        ...


class Transport:
    """Serve one camera on a port of this machine; start() and close() frame its life."""

    name: ClassVar[str] = ""
    wire: ClassVar[type[Wire]] = Wire

    def __init__(
        self, seat: Seat, camera: Camera, faults: Faults, port: int, heard: Callable[[int], None]
    ) -> None:
        self.seat = seat
        self.closing = threading.Event()
        self._camera = camera
        self._faults = faults
        self._heard = heard
        self._listener = socket.create_server(("127.0.0.1", port), backlog=16)
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._wires: set[Wire] = set()

    def start(self) -> None:
        """Begin to accept clients."""
        self._spawn(self._accept, f"{self.name}-accept")

    def close(self) -> None:
        """Hang up and wait for every thread."""
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            wires = list(self._wires)
        for wire in wires:
            wire.close()
        while True:
            with self._lock:
                thread = next(iter(self._threads), None)
            if thread is None:
                return
            thread.join()
            with self._lock:
                self._threads.discard(thread)

    def serve(self, wire: Wire) -> None:
        """Serve one connection until it ends; raises ProtocolError or OSError."""
        raise NotImplementedError

    def perform(
        self, wire: Wire, answer: Answer, code: int, params: tuple[int, ...], data: bytes | None
    ) -> None:
        """Carry out one operation, with the trouble that was asked for, and answer it."""
        self._heard(code)
        log.debug("%s %s", ptp.operation_name(code), [hex(param) for param in params])
        if (fault := self._faults.strike("stall", operation=code)) is not None:
            self._wait(fault.seconds)
        if (fault := self._faults.strike("drop", operation=code, when="request")) is not None:
            self._drop(wire, fault)
        reply = self._reply(code, params, data)
        if self._faults.strike("garbage", operation=code) is not None:
            wire.send_raw(_GARBAGE)
        if reply.data is not None:
            self._send_data(wire, answer, code, self._spoilt(code, reply.data))
        if (fault := self._faults.strike("drop", operation=code, when="response")) is not None:
            self._drop(wire, fault)
        answer.respond(reply.response, reply.params)

    def _spawn(self, work: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=work, name=name)
        with self._lock:
            self._threads = {known for known in self._threads if known.is_alive() or known.ident is None}
            self._threads.add(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            wire = self.wire(connection)
            with self._lock:
                if self.closing.is_set():
                    wire.close()
                    return
                self._wires.add(wire)
            self._spawn(lambda wire=wire: self._serve(wire), f"{self.name}-client")  # type: ignore[misc]

    def _serve(self, wire: Wire) -> None:
        try:
            self.serve(wire)
        except (ProtocolError, struct.error) as err:
            log.warning("hung up on a client: %s", err)
        except OSError as err:
            log.info("link closed: %s", err)
        finally:
            wire.close()
            with self._lock:
                self._wires.discard(wire)
            self.seat.leave(wire)

    def _reply(self, code: int, params: tuple[int, ...], data: bytes | None) -> ptp.Reply:
        if self._faults.strike("busy", operation=code) is not None:
            return ptp.Reply(ptp.Response.DEVICE_BUSY)
        if (fault := self._faults.strike("refuse", operation=code)) is not None:
            return ptp.Reply(ptp.response_code(fault.code))
        return self._camera.operation(code, params, data)

    def _spoilt(self, code: int, data: bytes) -> bytes:
        if code not in _PICTURES and self._faults.strike("garbled", operation=code) is not None:
            return bytes(one ^ 0x5A if place % 3 else one for place, one in enumerate(data))
        if self._faults.strike("short", operation=code) is not None:
            return data[: len(data) // 2]
        return data

    def _send_data(self, wire: Wire, answer: Answer, code: int, data: bytes) -> None:
        drop = self._faults.strike("drop", operation=code, when="data")
        slow = self._faults.strike("slow", operation=code)
        view = memoryview(data)
        chunk = CHUNK_BYTES if slow is None else max(512, min(CHUNK_BYTES, int(slow.bytes_per_second / 50)))
        answer.begin(len(data))
        sent = 0
        started = time.monotonic()
        while True:
            size = min(chunk, len(data) - sent)
            is_last = sent + size >= len(data)
            if drop is not None and (sent + size > drop.after_bytes or is_last):
                part = view[sent : max(sent, min(drop.after_bytes, len(data)))]
                answer.torn(part, size, is_last=is_last)
                self._drop(wire, drop)
            answer.part(view[sent : sent + size], is_last=is_last)
            sent += size
            if is_last:
                return
            if slow is not None:
                self._wait(max(0.0, started + sent / slow.bytes_per_second - time.monotonic()))

    def _wait(self, seconds: float) -> None:
        """Let time pass; a camera that is switched off meanwhile sends nothing more."""
        if self.closing.wait(seconds):
            raise ConnectionAbortedError("switched off")

    def _drop(self, wire: Wire, fault: Fault) -> None:
        """Lose the link as the fault says, and end this client."""
        if fault.how == "silent":
            while not self.closing.is_set() and not wire.is_gone():
                self.closing.wait(0.02)
        wire.close(reset=fault.how == "reset")
        raise ConnectionAbortedError(f"dropped on demand ({fault.how or 'closed'})")

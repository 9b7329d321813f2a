"""One TCP connection to a client, and the packets of PTP/IP on it: length, type, body."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading

CHUNK_BYTES = 1 << 20
_LARGEST_PACKET = 64 << 20
_GONE = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR
_QUICKACK = getattr(socket, "TCP_QUICKACK", None)


class ProtocolError(Exception):
    """A packet that makes no sense."""


class Wire:
    """One TCP connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sending = threading.Lock()
        self.acknowledge()

    def acknowledge(self) -> None:
        """Acknowledge at once what was received."""
        # The client has Nagle's algorithm on: a delayed acknowledgement costs it 40 ms for each setting.
        if _QUICKACK is not None:
            self.socket.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)

    def read(self, size: int) -> bytes:
        """Wait for exactly so many bytes."""
        received = bytearray()
        while len(received) < size:
            part = self.socket.recv(min(size - len(received), CHUNK_BYTES))
            if not part:
                raise ConnectionAbortedError("closed by the client")
            received += part
        return bytes(received)

    def send_raw(self, *parts: bytes | memoryview) -> None:
        """Send bytes that belong together."""
        with self._sending:
            self.socket.sendall(b"".join(parts))

    def is_gone(self) -> bool:
        """Say whether the other end has closed, even if bytes still wait to be read."""
        poll = select.poll()
        try:
            poll.register(self.socket, _GONE)
            if poll.poll(0):
                return True
            return self.socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except (OSError, ValueError):
            return True

    def close(self, *, reset: bool = False) -> None:
        """Close the connection; wakes a thread that waits on it."""
        with contextlib.suppress(OSError):
            if reset:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Link(Wire):
    """One TCP connection that carries packets."""

    def receive(self) -> tuple[int, bytes]:
        """Wait for a packet; returns its type and body."""
        size, kind = struct.unpack("<II", self.read(8))
        if not 8 <= size <= _LARGEST_PACKET:
            raise ProtocolError(f"a packet of {size} bytes")
        body = self.read(size - 8)
        self.acknowledge()
        return kind, body

    def send(self, kind: int, *parts: bytes | memoryview) -> None:
        """Send one packet."""
        size = 8 + sum(len(part) for part in parts)
        self.send_raw(struct.pack("<II", size, kind), *parts)

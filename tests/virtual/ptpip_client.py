"""A PTP/IP client in a few lines, for tests that need to see the wire."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from groundglass.virtual.ptp import OPERATIONS


class RefusedError(Exception):
    """The camera did not let this client in."""


class Client:
    """Speaks to a camera on a port of this machine; a context manager that hangs up."""

    def __init__(self, port: int, timeout_s: float = 10.0) -> None:
        self._transaction = 0
        self.commands = socket.create_connection(("127.0.0.1", port), timeout_s)
        self.events: socket.socket | None = None
        try:
            self._send(self.commands, 1, bytes(16) + "test\0".encode("utf-16-le") + struct.pack("<HH", 0, 1))
            kind, body = self._receive(self.commands)
            if kind != 2:
                raise RefusedError(f"packet {kind}")  # noqa: TRY301
            self.events = socket.create_connection(("127.0.0.1", port), timeout_s)
            self._send(self.events, 3, body[:4])
            assert self._receive(self.events)[0] == 4
            assert self.do("OpenSession", 1)[0] == 0x2001
        except BaseException:
            self.close()
            raise

    def do(
        self, operation: str, *params: int, data: bytes | None = None
    ) -> tuple[int, bytes, tuple[int, ...]]:
        """Carry out an operation: response code, data, response parameters."""
        self._transaction += 1
        phase = 1 if data is None else 2
        numbers = struct.pack(f"<{len(params)}I", *params)
        self._send(
            self.commands, 6, struct.pack("<IHI", phase, OPERATIONS[operation], self._transaction) + numbers
        )
        tag = struct.pack("<I", self._transaction)
        if data is not None:
            self._send(self.commands, 9, tag + struct.pack("<Q", len(data)))
            self._send(self.commands, 12, tag + data)
        received = bytearray()
        while True:
            kind, body = self._receive(self.commands)
            if kind in {10, 12}:
                received += body[4:]
            elif kind == 7:
                code = struct.unpack_from("<H", body)[0]
                return code, bytes(received), struct.unpack(f"<{(len(body) - 6) // 4}I", body[6:])

    def ok(self, operation: str, *params: int, data: bytes | None = None) -> bytes:
        """Carry out an operation that must succeed; returns its data."""
        code, received, _ = self.do(operation, *params, data=data)
        assert code == 0x2001, f"{operation} {params}: 0x{code:04x}"
        return received

    def get(self, code: int, form: str) -> int:
        """Return a property's value."""
        return int(struct.unpack(form, self.ok("GetDevicePropValue", code))[0])

    def set(self, code: int, form: str, value: int) -> int:
        """Set a property; returns the response."""
        return self.do("SetDevicePropValue", code, data=struct.pack(form, value))[0]

    def is_writable(self, code: int) -> bool:
        """Say whether the camera lets a property be set."""
        return bool(self.ok("GetDevicePropDesc", code)[4])

    def pushed(self) -> tuple[int, int]:
        """Wait for the next packet of the event connection: its code and first parameter."""
        assert self.events is not None
        _, body = self._receive(self.events)
        return struct.unpack_from("<H", body)[0], struct.unpack_from("<I", body, 6)[0]

    def take_events(self) -> list[tuple[int, int]]:
        """Return what the camera has to tell."""
        body = self.ok("NikonGetEvent")
        count = struct.unpack_from("<H", body)[0]
        return [struct.unpack_from("<HI", body, 2 + 6 * place) for place in range(count)]  # type: ignore[misc]

    def wait_events(
        self, is_enough: Callable[[list[tuple[int, int]]], object], timeout_s: float = 10.0
    ) -> list[tuple[int, int]]:
        """Collect events until there are enough."""
        found: list[tuple[int, int]] = []
        deadline = time.monotonic() + timeout_s
        while not is_enough(found):
            if time.monotonic() > deadline:
                raise TimeoutError(f"only {found}")
            found += self.take_events()
        return found

    def wait_ready(self, timeout_s: float = 10.0) -> int:
        """Ask until the camera is no longer busy; returns the last response."""
        deadline = time.monotonic() + timeout_s
        while (code := self.do("NikonDeviceReady")[0]) in {0x2019, 0xA200}:
            if time.monotonic() > deadline:
                raise TimeoutError("the camera stays busy")
        return code

    def live_frame(self) -> bytes:
        """Return one live frame's JPEG."""
        return self.ok("NikonGetLiveViewImage")[384:]

    def start_live(self) -> None:
        """Start the live view."""
        self.ok("NikonStartLiveView")
        assert self.wait_ready() == 0x2001

    def close(self) -> None:
        """Hang up."""
        self.commands.close()
        if self.events is not None:
            self.events.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @staticmethod
    def _send(connection: socket.socket, kind: int, body: bytes) -> None:
        connection.sendall(struct.pack("<II", 8 + len(body), kind) + body)

    @staticmethod
    def _receive(connection: socket.socket) -> tuple[int, bytes]:
        def read(size: int) -> bytes:
            got = bytearray()
            while len(got) < size:
                part = connection.recv(size - len(got))
                if not part:
                    raise ConnectionAbortedError("the camera hung up")
                got += part
            return bytes(got)

        size, kind = struct.unpack("<II", read(8))
        return kind, read(size - 8)

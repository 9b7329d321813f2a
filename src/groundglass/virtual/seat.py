"""The one client that a camera serves, whichever cable it comes by."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Protocol

from groundglass.virtual import ptp
from groundglass.virtual.link import ProtocolError, Wire

log = logging.getLogger(__name__)

Teller = Callable[[int, "tuple[int, ...]"], None]


class Camera(Protocol):
    """What a transport needs to know of a camera."""

    def operation(self, code: int, params: tuple[int, ...], data: bytes | None) -> ptp.Reply:
        """Carry out one operation."""
        ...

    def connected(self, over: str) -> None:
        """Expect a client: over `ptpip` or `usb`."""
        ...

    def disconnected(self) -> None:
        """Forget the client."""
        ...


class Seat:
    """The place of the one client that a camera serves, whichever cable it comes by; for any thread."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._lock = threading.Lock()
        self._client: Wire | None = None
        self._events: Wire | None = None
        self._tell: Teller | None = None
        self._number = 0
        self.name = ""
        self.refused = 0  # clients that were turned away

    @property
    def is_taken(self) -> bool:
        """Whether a client is being served."""
        return self._client is not None

    def admit(self, wire: Wire, name: str, over: str) -> int | None:
        """Make this the one client; returns its number, or None while another one is alive."""
        with self._lock:
            old, events = self._client, self._events
        if old is not None:
            if not old.is_gone() and not (events is not None and events.is_gone()):
                self.refused += 1
                return None
            log.info("the old client is gone, the new one takes over")
            old.close()
            self.leave(old)
        with self._lock:
            if self._client is not None:
                return None
            self._camera.connected(over)
            self._number += 1
            self._client = wire
            self.name = name
            return self._number

    def add_events(self, wire: Wire, tell: Teller) -> None:
        """Tell events on this connection, which belongs to the client; ProtocolError without a client."""
        with self._lock:
            if self._client is None:
                raise ProtocolError("an event connection without a client")
            self._events, self._tell = wire, tell

    def leave(self, wire: Wire) -> None:
        """Forget a connection, and with its operations the client."""
        with self._lock:
            if self._events is wire:
                self._events = self._tell = None
            if self._client is not wire:
                return
            events, self._events, self._tell = self._events, None, None
            if events is not None:
                events.close()
            # Before the seat is free: the next client would find this one's session open, or lose its own.
            self._camera.disconnected()
            self._client = None
            self.name = ""

    def clear(self) -> None:
        """Pull the cable out: hang up on the client."""
        with self._lock:
            client = self._client
        if client is not None:
            client.close()
            self.leave(client)

    def tell(self, code: int, *params: int) -> None:
        """Tell the client something on its event connection, if it has one."""
        tell = self._tell
        if tell is not None:
            with contextlib.suppress(OSError):
                tell(code, params)

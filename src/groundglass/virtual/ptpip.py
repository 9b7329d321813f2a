"""PTP over TCP: how a camera on the network is spoken to.

A client opens two connections to the same port, one for operations and one for events. Only one client is
served; a second one is refused while the first is alive, and let in at once when the first has gone.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Protocol

from groundglass.virtual import ptp
from groundglass.virtual.faults import Fault, Faults
from groundglass.virtual.link import CHUNK_BYTES, Link, ProtocolError

log = logging.getLogger(__name__)


class Camera(Protocol):
    """What the transport needs to know of a camera."""

    def operation(self, code: int, params: tuple[int, ...], data: bytes | None) -> ptp.Reply:
        """Carry out one operation."""
        ...

    def disconnected(self) -> None:
        """Forget the client."""
        ...


class Server:
    """Serve one camera on a port of this machine; start() and close() frame its life."""

    def __init__(
        self,
        camera: Camera,
        faults: Faults,
        port: int,
        heard: Callable[[int], None],
        name: str = "Groundglass",
        identity: bytes = bytes(16),
    ) -> None:
        self._camera = camera
        self._faults = faults
        self._heard = heard
        self._name = name.encode("utf-16-le") + b"\0\0"
        self._identity = identity
        self._listener = socket.create_server(("127.0.0.1", port), backlog=16)
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._threads: set[threading.Thread] = set()
        self._links: set[Link] = set()
        self._commands: Link | None = None
        self._events: Link | None = None
        self._number = 0
        self.client = ""

    def start(self) -> None:
        """Begin to accept clients."""
        self._spawn(self._accept, "ptpip-accept")

    def close(self) -> None:
        """Hang up and wait for every thread."""
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            links = list(self._links)
        for link in links:
            link.close()
        while True:
            with self._lock:
                thread = next(iter(self._threads), None)
            if thread is None:
                return
            thread.join()
            with self._lock:
                self._threads.discard(thread)

    def send_event(self, code: int, *params: int) -> None:
        """Tell the client something on its event connection."""
        link = self._events
        if link is not None:
            with contextlib.suppress(OSError):
                link.send(8, struct.pack(f"<HI{len(params)}I", code, 0, *params))

    @property
    def is_connected(self) -> bool:
        """Whether a client is being served."""
        return self._commands is not None

    def _spawn(self, work: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=work, name=name)
        with self._lock:
            self._threads = {known for known in self._threads if known.is_alive() or known.ident is None}
            self._threads.add(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            link = Link(connection)
            with self._lock:
                if self._closing.is_set():
                    link.close()
                    return
                self._links.add(link)
            self._spawn(lambda link=link: self._serve(link), "ptpip-client")  # type: ignore[misc]

    def _serve(self, link: Link) -> None:
        try:
            kind, body = link.receive()
            if kind == 1:
                self._serve_commands(link, body)
            elif kind == 3:
                self._serve_events(link)
            else:
                log.warning("a packet of type %d where a client introduces itself", kind)
        except (ProtocolError, struct.error) as err:
            log.warning("hung up on a client: %s", err)
        except OSError as err:
            log.info("link closed: %s", err)
        finally:
            link.close()
            with self._lock:
                self._links.discard(link)
            self._forget(link)

    def _forget(self, link: Link) -> None:
        with self._lock:
            if self._events is link:
                self._events = None
            if self._commands is not link:
                return
            self._commands = None
            self.client = ""
            events, self._events = self._events, None
        if events is not None:
            events.close()
        self._camera.disconnected()

    def _admit(self, link: Link, client: str) -> int | None:
        """Make this the one client; returns its number, or None while another one is alive."""
        with self._lock:
            old, events = self._commands, self._events
        if old is not None:
            if not old.is_gone() and not (events is not None and events.is_gone()):
                return None
            log.info("the old client is gone, the new one takes over")
            old.close()
            self._forget(old)
        with self._lock:
            if self._commands is not None:
                return None
            self._number += 1
            self._commands = link
            self.client = client
            return self._number

    def _serve_commands(self, link: Link, body: bytes) -> None:
        if len(body) < 16:
            raise ProtocolError("a short introduction")
        client = body[16:].decode("utf-16-le", "replace").split("\0")[0]
        number = self._admit(link, client)
        if number is None:
            link.send(5, struct.pack("<I", 2))
            return
        log.info("client %r connected", client)
        link.send(2, struct.pack("<I", number), self._identity, self._name, struct.pack("<HH", 0, 1))
        while not self._closing.is_set():
            kind, body = link.receive()
            if kind == 13:
                link.send(14)
            elif kind == 6:
                self._serve_operation(link, body)

    def _serve_events(self, link: Link) -> None:
        with self._lock:
            if self._commands is None:
                raise ProtocolError("an event connection without a client")
            self._events = link
        link.send(4)
        while not self._closing.is_set():
            kind, _ = link.receive()
            if kind == 13:
                link.send(14)

    def _serve_operation(self, link: Link, body: bytes) -> None:
        phase, code, transaction = struct.unpack_from("<IHI", body)
        params = struct.unpack_from(f"<{(len(body) - 10) // 4}I", body, 10)
        data = self._receive_data(link) if phase == 2 else None
        self._heard(code)
        log.debug("%s %s", ptp.operation_name(code), [hex(param) for param in params])
        if (fault := self._faults.strike("stall", operation=code)) is not None:
            self._closing.wait(fault.seconds)
        if (fault := self._faults.strike("drop", operation=code, when="request")) is not None:
            self._drop(link, fault)
        reply = self._reply(code, params, data)
        if reply.data is not None:
            self._send_data(link, code, transaction, reply.data)
        if (fault := self._faults.strike("drop", operation=code, when="response")) is not None:
            self._drop(link, fault)
        numbers = struct.pack(f"<{len(reply.params)}I", *reply.params)
        link.send(7, struct.pack("<HI", reply.response, transaction), numbers)

    def _reply(self, code: int, params: tuple[int, ...], data: bytes | None) -> ptp.Reply:
        if self._faults.strike("busy", operation=code) is not None:
            return ptp.Reply(ptp.Response.DEVICE_BUSY)
        if (fault := self._faults.strike("refuse", operation=code)) is not None:
            return ptp.Reply(ptp.response_code(fault.code))
        return self._camera.operation(code, params, data)

    def _receive_data(self, link: Link) -> bytes:
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

    def _send_data(self, link: Link, code: int, transaction: int, data: bytes) -> None:
        drop = self._faults.strike("drop", operation=code, when="data")
        slow = self._faults.strike("slow", operation=code)
        tag = struct.pack("<I", transaction)
        view = memoryview(data)
        chunk = CHUNK_BYTES if slow is None else max(512, min(CHUNK_BYTES, int(slow.bytes_per_second / 50)))
        link.send(9, tag, struct.pack("<Q", len(data)))
        sent = 0
        started = time.monotonic()
        while True:
            size = min(chunk, len(data) - sent)
            is_last = sent + size >= len(data)
            if drop is not None and (sent + size > drop.after_bytes or is_last):
                part = view[sent : max(sent, min(drop.after_bytes, len(data)))]
                with link._sending:
                    link.socket.sendall(
                        struct.pack("<II", 12 + size, 12 if is_last else 10) + tag + bytes(part)
                    )
                self._drop(link, drop)
            link.send(12 if is_last else 10, tag, view[sent : sent + size])
            sent += size
            if is_last:
                return
            if slow is not None:
                self._closing.wait(max(0.0, started + sent / slow.bytes_per_second - time.monotonic()))

    def _drop(self, link: Link, fault: Fault) -> None:
        """Lose the link as the fault says, and end this client."""
        if fault.how == "silent":
            while not self._closing.is_set() and not link.is_gone():
                self._closing.wait(0.02)
        link.close(reset=fault.how == "reset")
        raise ConnectionAbortedError(f"dropped on demand ({fault.how or 'closed'})")

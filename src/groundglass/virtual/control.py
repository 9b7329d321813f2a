"""The control port: a test or a trainer plays the photographer's hand on the body, and brings trouble.

One JSON object a line in, one a line out. docs/virtual-camera.md lists them.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from groundglass.virtual import settings
from groundglass.virtual.body import Body
from groundglass.virtual.faults import Fault
from groundglass.virtual.ptp import Response
from groundglass.virtual.seat import Seat

log = logging.getLogger(__name__)

_LONGEST_LINE = 1 << 16
Verb = Callable[[Mapping[str, Any]], "dict[str, Any]"]


class Control:
    """Listens on its own port; start() and close() frame its life."""

    def __init__(self, body: Body, seat: Seat) -> None:
        self._body = body
        self._seat = seat
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port: int = self._listener.getsockname()[1]
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, socket.socket] = {}
        self._accepting = threading.Thread(target=self._accept, name="control-accept")
        self._verbs: dict[str, Verb] = {
            "shutter": self._shutter,
            "dial": self._dial,
            "fault": self._fault,
            "clear": self._clear,
            "card": self._card,
            "battery": self._battery,
            "unplug": self._unplug,
            "state": self._state,
        }

    def start(self) -> None:
        """Begin to listen."""
        self._accepting.start()

    def close(self) -> None:
        """Hang up and wait for every thread."""
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._accepting.ident is not None:
            self._accepting.join()
        with self._lock:
            threads = dict(self._open)
        for thread, connection in threads.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()

    def answer(self, line: str | bytes) -> dict[str, Any]:
        """Do what one line asks for; never raises for what the line says."""
        try:
            message = json.loads(line)
            verb = self._verb(message)
            return {"ok": True, **verb(message)}
        except (ValueError, TypeError, ArithmeticError, RecursionError) as err:
            return {"ok": False, "error": str(err)}

    def _verb(self, message: object) -> Verb:
        if not isinstance(message, dict):
            raise TypeError("not a JSON object")
        verb = self._verbs.get(str(message.get("do")))
        if verb is None:
            raise ValueError(f"unknown: do {message.get('do')!r}; there are: {', '.join(self._verbs)}")
        return verb

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), name="control-client")
            with self._lock:
                self._open[thread] = connection
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as lines:
                while line := lines.readline(_LONGEST_LINE):
                    reply = self.answer(line)
                    connection.sendall(json.dumps(reply).encode() + b"\n")
        except OSError as err:
            log.info("control link closed: %s", err)
        finally:
            with self._lock:
                self._open.pop(threading.current_thread(), None)

    def _shutter(self, message: Mapping[str, Any]) -> dict[str, Any]:
        seconds = message.get("seconds")
        if seconds is not None and not 0 <= float(seconds) <= 3600:
            raise ValueError("seconds is from 0 to 3600")
        response = self._body.hold_button(self._body.press_shutter)
        if response is not Response.OK:
            self._body.let_go()
            raise ValueError(f"the shutter stays closed: {response.name}")
        usual_s = 1.0 if self._body.is_bulb_open else 0.0
        if self._body.is_held:
            self._closing.wait(usual_s if seconds is None else float(seconds))
        self._body.let_go()
        return {}

    def _dial(self, message: Mapping[str, Any]) -> dict[str, Any]:
        name = str(message.get("setting"))
        if "value" not in message:
            raise ValueError("a dial is turned to a value")
        value = settings.parse(name, str(message["value"]))
        if not self._body.offers(name, value):
            raise ValueError(f"this body has no {name} {message['value']}")
        response = self._body.turn(name, value, by_body=True)
        if response is not Response.OK:
            raise ValueError(f"{name} is held by the camera in mode {self._body.settings.exposure_mode}")
        return {}

    def _fault(self, message: Mapping[str, Any]) -> dict[str, Any]:
        self._body.faults.add(Fault.from_json(message))
        return {}

    def _clear(self, _: Mapping[str, Any]) -> dict[str, Any]:
        self._body.faults.clear()
        return {}

    def _card(self, message: Mapping[str, Any]) -> dict[str, Any]:
        card = self._body.card
        is_in = message.get("is_in", card.is_in)
        if not isinstance(is_in, bool):
            raise ValueError("is_in is true or false")  # noqa: TRY004
        if "shots_left" in message or "is_in" not in message:
            card.shots_left = _whole(message, "shots_left", 0, 1_000_000)
        card.is_in = is_in
        self._body.announce(["shots_left"])
        return {}

    def _battery(self, message: Mapping[str, Any]) -> dict[str, Any]:
        self._body.battery_percent = _whole(message, "percent", 1, 100)
        self._body.announce(["battery"])
        return {}

    def _unplug(self, _: Mapping[str, Any]) -> dict[str, Any]:
        self._seat.clear()
        return {}

    def _state(self, _: Mapping[str, Any]) -> dict[str, Any]:
        body = self._body
        releases = [
            {
                "monotonic": release.pressed,
                "by": release.by,
                "destination": "ram" if release.to_ram else "card",
            }
            for release in list(body.releases)
        ]
        return {
            "serial": body.serial,
            "settings": body.settings.describe(),
            "focus_m": round(body.focus_m, 3),
            "battery_percent": body.battery_percent,
            "shots_left": body.card.shots_left,
            "is_live": body.is_live,
            "focus_point": [round(at, 4) for at in body.autofocus_point],
            "magnified": round(1 / body.magnified.size, 3) if body.magnified else 1.0,
            "is_exposing": body.is_exposing,
            "live_frames": body.live_frames,
            "client": self._seat.name if self._seat.is_taken else None,
            "refused": self._seat.refused,
            "operations": dict(body.heard),
            "releases": releases,
            "dials": list(body.turned),
            "files": body.card.report(),
            "faults": body.faults.state(),
            "monotonic": time.monotonic(),
            "cpu_s": time.process_time(),
        }


def _whole(message: Mapping[str, Any], name: str, low: int, high: int) -> int:
    value = message.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} is a whole number from {low} to {high}")
    return value

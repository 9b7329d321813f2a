"""A virtual camera through python-gphoto2, as a plain program uses it: for scripts in processes of their own.

python-gphoto2 closes file descriptor 0 and depends on the locale, so it never runs inside a test.
"""

from __future__ import annotations

import json
import socket
from typing import Any

import gphoto2 as gp


class Body:
    """An opened camera with its settings by name."""

    def __init__(self, address: str) -> None:
        ports = gp.PortInfoList()
        ports.load()
        models = gp.CameraAbilitiesList()
        models.load()
        self.camera = gp.Camera()
        self.camera.set_port_info(ports[ports.lookup_path(address)])
        self.camera.set_abilities(models[models.lookup_model("PTP/IP Camera")])
        self.camera.init()

    def choices(self, name: str) -> list[str]:
        return choices_of(self.camera.get_single_config(name))

    def get(self, name: str) -> Any:
        return self.camera.get_single_config(name).get_value()

    def is_read_only(self, name: str) -> bool:
        return bool(self.camera.get_single_config(name).get_readonly())

    def put(self, name: str, value: Any) -> None:
        widget = self.camera.get_single_config(name)
        widget.set_value(value)
        self.camera.set_single_config(name, widget)

    def drain(self) -> list[str]:
        """Take all events; returns what they are about."""
        texts = []
        while True:
            kind, about = self.camera.wait_for_event(1)
            if kind == gp.GP_EVENT_TIMEOUT:
                return texts
            texts.append(str(about))


def choices_of(widget: Any) -> list[str]:
    return [widget.get_choice(place) for place in range(widget.count_choices())]


class Control:
    """What the virtual camera takes beside PTP."""

    def __init__(self, port: int) -> None:
        self._connection = socket.create_connection(("127.0.0.1", port), 30)
        self._replies = self._connection.makefile("rb")

    def do(self, **message: Any) -> dict[str, Any]:
        self._connection.sendall(json.dumps(message).encode() + b"\n")
        reply: dict[str, Any] = json.loads(self._replies.readline())
        assert reply["ok"], reply
        return reply

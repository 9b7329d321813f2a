"""A camera's client at work on a USB bus, and somebody else who holds the camera."""

from __future__ import annotations

import contextlib
import queue
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from groundglass.camera import messages as msg
from groundglass.camera.client import CameraClient, ClientEvent
from groundglass.model.camera import CameraStatus
from groundglass.model.matching import find_choice
from groundglass.model.setting import Setting, SettingId
from virtual_camera import VirtualCamera

PATIENCE_S = 30.0


class Desk:
    """A client with what it tells; a context manager."""

    def __init__(self, wanted: str | None, folder: Path) -> None:
        self.events: queue.SimpleQueue[ClientEvent] = queue.SimpleQueue()
        self.incoming = folder / "incoming"
        self.incoming.mkdir()
        self.client = CameraClient(wanted, self.events.put, folder / "driver")
        self.client.store_in(self.incoming)

    def __enter__(self) -> Desk:
        self.client.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def wait_for(self, claim: Callable[[CameraStatus], bool]) -> CameraStatus:
        deadline = time.monotonic() + PATIENCE_S
        while not claim(self.client.status):
            assert time.monotonic() < deadline, self.client.status
            time.sleep(0.002)
        return self.client.status

    def ready(self) -> CameraStatus:
        return self.wait_for(lambda status: status.state.is_connected)

    def serial(self) -> str:
        info = self.ready().info
        assert info is not None
        return info.serial

    def next(self, kind: type) -> Any:
        deadline = time.monotonic() + PATIENCE_S
        while not isinstance(event := self.events.get(timeout=max(0.01, deadline - time.monotonic())), kind):
            continue
        return event

    def ask(self, request: msg.Request) -> Any:
        return self.client.ask(request).result(PATIENCE_S)

    def set(self, setting_id: SettingId, text: str) -> str:
        setting = self.client.status.setting(setting_id)
        assert setting is not None
        kept = self.ask(msg.Set(setting_id, find_choice(setting, text).raw))
        assert isinstance(kept, Setting)
        return kept.label


@contextlib.contextmanager
def held(camera: VirtualCamera) -> Iterator[None]:
    """Claim the camera for somebody else."""
    camera.wait_for(lambda state: state["client"] is None)
    with socket.create_connection(("127.0.0.1", camera.announcement["usb"]["port"]), 5.0) as other:
        other.sendall(b"B")
        assert other.recv(1) == b"Y"
        yield
    camera.wait_for(lambda state: state["client"] is None)

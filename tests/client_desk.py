"""A camera's client with its events, as the tests of the device side use it."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from groundglass.camera import messages as msg
from groundglass.camera.client import CameraClient, ClientEvent
from groundglass.model.camera import CameraStatus
from groundglass.model.matching import find_choice
from groundglass.model.setting import Setting, SettingId

PATIENCE_S = 30.0
T = TypeVar("T")


class Desk:
    """A client with its events, for one test."""

    def __init__(self, address: str | None, folder: Path) -> None:
        self.events: queue.SimpleQueue[ClientEvent] = queue.SimpleQueue()
        self.incoming = folder / "incoming"
        self.incoming.mkdir()
        self.client = CameraClient(address, self.events.put, folder / "driver")
        self.client.store_in(self.incoming)
        self.client.start()

    def wait_for(self, claim: Callable[[CameraStatus], bool]) -> CameraStatus:
        deadline = time.monotonic() + PATIENCE_S
        while not claim(self.client.status):
            assert time.monotonic() < deadline, self.client.status
            time.sleep(0.002)
        return self.client.status

    def ready(self) -> CameraStatus:
        return self.wait_for(lambda status: status.state.is_connected)

    def next(self, kind: type[T]) -> T:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            event = self.events.get(timeout=max(0.01, deadline - time.monotonic()))
            if isinstance(event, kind):
                return event

    def set(self, setting_id: SettingId, text: str) -> Setting:
        setting = self.client.status.setting(setting_id)
        assert setting is not None
        kept = self.client.ask(msg.Set(setting_id, find_choice(setting, text).raw)).result(PATIENCE_S)
        assert isinstance(kept, Setting)
        return kept

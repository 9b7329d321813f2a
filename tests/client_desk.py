"""A camera's client with its events, as the tests of the device side use it."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

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

    def wait_for_setting(self, setting_id: SettingId, label: str) -> None:
        def shows(status: CameraStatus) -> bool:
            setting = status.setting(setting_id)
            return setting is not None and setting.label == label

        self.wait_for(shows)

    def picture(self) -> NDArray[np.uint8]:
        """Return the next live frame."""
        frame = self.client.take_frame(PATIENCE_S)
        assert frame is not None
        return cast("NDArray[np.uint8]", cv2.imdecode(np.frombuffer(frame.jpeg, np.uint8), cv2.IMREAD_COLOR))

    def sees(self, expected: NDArray[np.uint8]) -> bool:
        """Wait for a live frame that looks like this at its size, apart from noise and fine detail."""
        size = (expected.shape[1], expected.shape[0])
        wanted = cv2.GaussianBlur(expected, (0, 0), 3).astype(int)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            seen = cv2.resize(self.picture(), size, interpolation=cv2.INTER_AREA)
            if np.abs(cv2.GaussianBlur(seen, (0, 0), 3).astype(int) - wanted).mean() < 5:
                return True
        return False

    def set(self, setting_id: SettingId, text: str) -> Setting:
        setting = self.client.status.setting(setting_id)
        assert setting is not None
        kept = self.client.ask(msg.Set(setting_id, find_choice(setting, text).raw)).result(PATIENCE_S)
        assert isinstance(kept, Setting)
        return kept

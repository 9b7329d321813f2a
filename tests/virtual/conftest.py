"""What the tests of the virtual camera share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from virtual.ptpip_client import Client
from virtual_camera import VirtualCamera


@pytest.fixture(scope="session")
def running() -> Iterator[VirtualCamera]:
    """One small camera for all tests that leave it as it was."""
    with VirtualCamera("--megapixels", "4", "--live-size", "512x340") as camera:
        yield camera


@pytest.fixture
def camera(running: VirtualCamera) -> Iterator[VirtualCamera]:
    """The shared camera, its dials back where they were, no fault armed, room on the card."""
    yield running
    running.do("clear")
    running.do("card", shots_left=1200)
    for setting, value in (
        ("exposure_mode", "M"),
        ("shutter", "1/60"),
        ("aperture", "5.6"),
        ("iso", "100"),
        ("image_format", "jpeg fine"),
        ("exposure_compensation", "0"),
        ("white_balance", "auto"),
        ("focus_mode", "af-s"),
        ("drive", "single"),
    ):
        running.do("dial", setting=setting, value=value)
    running.wait_for(lambda state: state["client"] is None and not state["is_exposing"])


@pytest.fixture
def client(camera: VirtualCamera) -> Iterator[Client]:
    """A client that is connected to the camera."""
    with Client(camera.port) as connected:
        connected.take_events()
        yield connected

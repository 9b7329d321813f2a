"""What the tests over USB share: drivers that were built, a bus of their own, cameras to plug in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from usb_bridge import CanNotBuildError, UsbBus, system_drivers, wheel_drivers
from usb_desk import Desk
from virtual_camera import VirtualCamera


@pytest.fixture(scope="session")
def _drivers() -> Path:
    try:
        return wheel_drivers()
    except CanNotBuildError as err:
        pytest.skip(f"no USB bridge: {err}")


@pytest.fixture(scope="session")
def _system_drivers() -> Path:
    try:
        return system_drivers()
    except CanNotBuildError as err:
        pytest.skip(f"no USB bridge for the system's programs: {err}")


@pytest.fixture
def bus(_drivers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UsbBus:
    """An empty bus, which every process that a test starts sees."""
    bus = UsbBus(tmp_path / "bus")
    for name, value in bus.environment().items():
        monkeypatch.setenv(name, value)
    return bus


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4", "--usb-port", "0") as camera:
        yield camera


@pytest.fixture(scope="module")
def twin() -> Iterator[VirtualCamera]:
    """A second body of the same model; only its serial number differs."""
    with VirtualCamera("--megapixels", "4", "--usb-port", "0", "--seed", "2") as camera:
        yield camera


@pytest.fixture
def desk(bus: UsbBus, camera: VirtualCamera, tmp_path: Path) -> Iterator[Desk]:
    """A desk that is connected to the only camera."""
    camera.do("clear")
    bus.plug(camera)
    with Desk(None, tmp_path) as desk:
        desk.ready()
        yield desk
    camera.do("clear")

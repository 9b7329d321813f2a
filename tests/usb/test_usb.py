"""A USB camera as the application meets it: plugged in and out, moved, mistaken, and held by others."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from groundglass.camera import hub
from groundglass.camera import messages as msg
from groundglass.errors import CameraHeldError, CameraLostError, NoCameraError
from groundglass.model.camera import CameraState
from program import run, run_json
from usb_bridge import UsbBus
from usb_desk import Desk, held
from virtual_camera import VirtualCamera

# The bus


def test_cameras_lists_model_address_and_serial(bus: UsbBus, camera: VirtualCamera, tmp_path: Path) -> None:
    bus.plug(camera, "003,017")

    told = run_json(tmp_path, "cameras")

    assert told == {"cameras": [{"model": "Z Virtual", "address": "usb:003,017", "serial": camera.serial}]}


def test_looking_who_a_camera_is_changes_nothing_on_it(
    bus: UsbBus, camera: VirtualCamera, tmp_path: Path
) -> None:
    bus.plug(camera)
    before = camera.state()["operations"].get("SetDevicePropValue", 0)

    hub.find_cameras(tmp_path / "driver", with_serial=True)

    assert camera.state()["operations"].get("SetDevicePropValue", 0) == before


def test_a_camera_that_is_held_is_listed_without_its_serial(
    bus: UsbBus, camera: VirtualCamera, tmp_path: Path
) -> None:
    bus.plug(camera)

    with held(camera):
        (found,) = hub.find_cameras(tmp_path / "driver", with_serial=True)

    assert (found.model, found.address, found.serial) == ("Nikon Z6", "usb:001,004", "")


def test_a_session_is_shot_over_usb(bus: UsbBus, camera: VirtualCamera, tmp_path: Path) -> None:
    bus.plug(camera)

    told = run(tmp_path, "shoot", "--session", str(tmp_path / "session"), "--json")

    made = camera.state()["files"][-1]
    assert told.returncode == 0, told.stderr
    assert made["sha256"] in told.stdout


# Plugged in and out


def test_a_camera_plugged_in_while_waiting_connects_by_itself(
    bus: UsbBus, camera: VirtualCamera, tmp_path: Path
) -> None:
    with Desk(None, tmp_path) as desk:
        waiting = desk.wait_for(lambda status: bool(status.message))
        bus.plug(camera)

        assert waiting.state is CameraState.ABSENT
        assert desk.serial() == camera.serial


def test_unplugging_is_told_at_once(desk: Desk, bus: UsbBus, camera: VirtualCamera) -> None:
    started = time.monotonic()
    bus.unplug(camera)
    lost = desk.next(msg.BodyLost)
    took_s = time.monotonic() - started

    status = desk.wait_for(lambda now: now.state is CameraState.LOST and "away" in now.message)
    assert isinstance(lost.error, CameraLostError)
    assert status.info is not None
    assert took_s < 10.0  # libgphoto2 gives a silent body 20 s


def test_the_same_body_is_found_again_at_another_address(
    desk: Desk, bus: UsbBus, camera: VirtualCamera
) -> None:
    bus.unplug(camera)
    desk.wait_for(lambda status: status.state is CameraState.LOST)

    address = bus.plug(camera, "001,009")
    status = desk.ready()

    assert status.info is not None
    assert (status.info.serial, status.info.address) == (camera.serial, address)


def test_a_body_named_by_its_old_address_is_found_again_by_its_serial(
    bus: UsbBus, camera: VirtualCamera, twin: VirtualCamera, tmp_path: Path
) -> None:
    with Desk(bus.plug(camera), tmp_path) as desk:
        desk.ready()
        bus.unplug(camera)
        desk.wait_for(lambda status: status.state is CameraState.LOST)

        bus.plug(twin, "001,004")  # the ports are swapped
        bus.plug(camera, "001,005")
        status = desk.ready()

        assert status.info is not None
        assert (status.info.serial, status.info.address) == (camera.serial, "usb:001,005")


def test_another_body_at_the_old_address_is_not_taken_for_it(
    bus: UsbBus, camera: VirtualCamera, twin: VirtualCamera, tmp_path: Path
) -> None:
    with Desk(bus.plug(camera), tmp_path) as desk:
        desk.ready()
        bus.unplug(camera)
        bus.plug(twin, "001,004")

        status = desk.wait_for(lambda now: "Another camera answers" in now.message)

        assert not status.state.is_connected
        assert twin.serial in status.message


# Two of a kind


def test_two_identical_bodies_are_told_apart_by_serial_number(
    bus: UsbBus, camera: VirtualCamera, twin: VirtualCamera, tmp_path: Path
) -> None:
    bus.plug(camera, "001,004")
    bus.plug(twin, "001,005")
    twin.do("dial", setting="iso", value="1600")
    camera.do("dial", setting="iso", value="100")

    told = [run(tmp_path, "get", "iso", "--camera", one.serial).stdout for one in (camera, twin)]

    assert told == ["ISO 100\n", "ISO 1600\n"]


def test_a_serial_number_may_be_written_without_its_zeros(
    bus: UsbBus, camera: VirtualCamera, twin: VirtualCamera, tmp_path: Path
) -> None:
    bus.plug(camera, "001,004")
    bus.plug(twin, "001,005")

    with Desk("6000002", tmp_path) as desk:
        assert desk.serial() == twin.serial


def test_two_bodies_and_no_name_ask_for_one(
    bus: UsbBus, camera: VirtualCamera, twin: VirtualCamera, tmp_path: Path
) -> None:
    bus.plug(camera, "001,004")
    bus.plug(twin, "001,005")

    with Desk(None, tmp_path) as desk:
        desk.wait_for(lambda status: "There are 2 cameras" in status.message)


def test_a_second_body_does_not_take_the_first_ones_place(
    desk: Desk, bus: UsbBus, camera: VirtualCamera, twin: VirtualCamera
) -> None:
    bus.plug(twin, "001,002")  # before the first on the bus

    bus.unplug(camera)
    bus.plug(camera, "001,011")
    desk.next(msg.BodyLost)

    assert desk.serial() == camera.serial


def test_a_serial_that_nobody_has_is_told(bus: UsbBus, camera: VirtualCamera, tmp_path: Path) -> None:
    bus.plug(camera)

    with Desk("4711-0815", tmp_path) as desk:
        desk.wait_for(lambda status: "No camera is called “4711-0815”" in status.message)
        assert isinstance(desk.client.error, NoCameraError)


# Held by another


def test_a_camera_that_is_held_says_how_to_free_it_and_connects_once_freed(
    bus: UsbBus, camera: VirtualCamera, tmp_path: Path
) -> None:
    bus.plug(camera)
    with Desk(None, tmp_path) as desk:
        with held(camera):
            told = desk.next(msg.Trouble)
            status = desk.wait_for(lambda now: "holds the camera" in now.message)

        assert isinstance(told.error, CameraHeldError)
        assert "gio mount" in told.error.hint
        assert not status.state.is_connected
        assert desk.serial() == camera.serial


def test_a_camera_that_stays_held_is_told_once(bus: UsbBus, camera: VirtualCamera, tmp_path: Path) -> None:
    bus.plug(camera)
    before = camera.state()["refused"]
    with Desk(None, tmp_path) as desk:
        with held(camera):
            camera.wait_for(lambda state: state["refused"] >= before + 3)
        desk.ready()

        told = []
        while not desk.events.empty():
            told.append(desk.events.get())
        assert len([one for one in told if isinstance(one, msg.Trouble)]) == 1


# What is no camera


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("001,004.old", "04b0 0443 1\n"),
        ("1,4", "04b0 0443 1\n"),
        ("001-004", "04b0 0443 1\n"),
        ("001,004", ""),
        ("001,004", "04b0\n"),
        ("001,004", "04b0 0443 99999\n"),
        ("001,004", "x" * 10_000),
    ],
)
def test_what_makes_no_sense_on_the_bus_is_no_camera(
    bus: UsbBus, tmp_path: Path, name: str, content: str
) -> None:
    (bus.folder / name).write_text(content)

    assert hub.find_cameras(tmp_path / "driver") == ()


def test_a_camera_that_vanishes_between_finding_and_opening_is_told(
    bus: UsbBus, camera: VirtualCamera, tmp_path: Path
) -> None:
    bus.plug(camera)
    (bus.folder / "001,005").write_text("04b0 0443 9\n")  # nobody listens there

    found = hub.examine_cameras(tmp_path / "driver")

    assert [(info.serial, type(error)) for info, error in found] == [
        (camera.serial, type(None)),
        ("", NoCameraError),
    ]

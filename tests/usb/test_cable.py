"""A camera at work over USB, and trouble on the cable."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from groundglass.camera import messages as msg
from groundglass.errors import CameraLostError
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from usb_bridge import UsbBus
from usb_desk import PATIENCE_S, Desk
from virtual_camera import VirtualCamera


def test_settings_are_set_and_read_back(desk: Desk) -> None:
    assert desk.set(SettingId.SHUTTER, "1/250") == "1/250"
    assert desk.set(SettingId.IMAGE_FORMAT, "raw+jpeg") == "RAW + JPEG fine"
    assert desk.set(SettingId.IMAGE_FORMAT, "jpeg fine") == "JPEG fine"


def test_a_raw_and_jpeg_pair_arrives_whole(desk: Desk, camera: VirtualCamera) -> None:
    desk.set(SettingId.IMAGE_FORMAT, "raw+jpeg")

    desk.ask(msg.Release(1))
    files = [desk.next(msg.FileArrived), desk.next(msg.FileArrived)]

    made = {one["sha256"] for one in camera.state()["files"]}
    assert {one.sha256 for one in files} <= made
    desk.set(SettingId.IMAGE_FORMAT, "jpeg fine")


def test_live_frames_come(desk: Desk) -> None:
    desk.client.want_live(True).result(PATIENCE_S)

    frames = [desk.client.take_frame(PATIENCE_S) for _ in range(5)]

    assert all(frame is not None and frame.jpeg.startswith(b"\xff\xd8") for frame in frames)
    desk.client.want_live(False).result(PATIENCE_S)


@pytest.mark.parametrize("how", ["closed", "reset"])
def test_a_link_lost_in_the_middle_of_a_file_is_told_and_mended(
    desk: Desk, camera: VirtualCamera, how: str
) -> None:
    camera.do("fault", kind="drop", operation="GetPartialObject", how=how, after_bytes=20_000)

    desk.ask(msg.Release(2))
    lost = desk.next(msg.BodyLost)

    assert isinstance(lost.error, CameraLostError)
    assert desk.ready().message == ""


def test_a_silent_camera_is_given_up_and_found_again(desk: Desk, camera: VirtualCamera) -> None:
    camera.do("fault", kind="drop", operation="NikonGetEvent", how="silent", when="request")

    desk.wait_for(lambda status: status.state is CameraState.UNRESPONSIVE)

    assert desk.ready().message == ""


def test_a_slow_link_shows_how_far_a_file_is(desk: Desk, camera: VirtualCamera) -> None:
    camera.do("fault", kind="slow", operation="GetPartialObject", bytes_per_second=4_000_000)

    desk.ask(msg.Release(3))

    desk.wait_for(lambda status: status.transfer is not None)
    assert desk.next(msg.FileArrived).size_bytes > 0


def test_a_damaged_frame_does_not_end_the_live_view(desk: Desk, camera: VirtualCamera) -> None:
    desk.client.want_live(True).result(PATIENCE_S)
    camera.do("fault", kind="frame_damaged", how="corrupt")

    frames = [desk.client.take_frame(PATIENCE_S) for _ in range(5)]

    assert None not in frames
    desk.client.want_live(False).result(PATIENCE_S)


def test_a_body_that_never_reports_does_not_hold_up_the_live_view(
    bus: UsbBus, camera: VirtualCamera, tmp_path: Path
) -> None:
    # libgphoto2 waits 0.3 s for each event that does not come, until a Nikon has reported once.
    camera.do("fault", kind="event_lost", event="PropertyChanged", count=None)
    bus.plug(camera)
    with Desk(None, tmp_path) as desk:
        desk.ready()
        desk.client.want_live(True).result(PATIENCE_S)
        assert desk.client.take_frame(PATIENCE_S) is not None

        started = time.monotonic()
        frames = [desk.client.take_frame(PATIENCE_S) for _ in range(60)]
        took_s = time.monotonic() - started

        assert None not in frames
        assert took_s < 6.0  # 18 s if it looked between any two
    camera.do("clear")


def test_a_setting_is_set_and_read_back_while_the_photographer_watches(desk: Desk) -> None:
    took_s = []
    for text in ("1/125", "1/250") * 5:
        started = time.monotonic()
        desk.set(SettingId.SHUTTER, text)
        took_s.append(time.monotonic() - started)

    assert sorted(took_s)[5] < 0.15

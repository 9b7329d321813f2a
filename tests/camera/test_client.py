"""A camera's process against the virtual camera, through the real libgphoto2."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_desk import PATIENCE_S, Desk
from groundglass.camera import messages as msg
from groundglass.errors import (
    CameraError,
    CardFullError,
    FocusMissedError,
    NoCameraError,
    SettingRefusedError,
)
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from virtual_camera import VirtualCamera


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


@pytest.fixture
def desk(camera: VirtualCamera, tmp_path: Path) -> Iterator[Desk]:
    camera.do("clear")
    desk = Desk(camera.address, tmp_path)
    desk.ready()
    yield desk
    desk.client.close()
    camera.do("clear")


def test_it_says_who_the_camera_is_and_what_it_offers(desk: Desk, camera: VirtualCamera) -> None:
    status = desk.client.status

    assert status.info is not None
    assert status.info.serial == camera.serial
    iso = status.setting(SettingId.ISO)
    assert iso is not None
    assert "ISO 400" in [one.label for one in iso.choices]


def test_a_driver_that_can_not_be_started_is_told_and_tried_again(
    camera: VirtualCamera, tmp_path: Path
) -> None:
    (tmp_path / "driver").write_text("where its settings should lie")
    desk = Desk(camera.address, tmp_path)
    try:
        desk.wait_for(lambda status: "driver can not be started" in status.message)
        (tmp_path / "driver").unlink()
        desk.ready()
    finally:
        desk.client.close()


def test_a_setting_is_what_the_camera_kept(desk: Desk) -> None:
    kept = [
        desk.set(SettingId.SHUTTER, "1/125").label,
        desk.set(SettingId.APERTURE, "f/8").label,
        desk.set(SettingId.ISO, "800").label,
    ]

    assert kept == ["1/125", "f/8", "ISO 800"]


def test_a_setting_that_the_camera_ignores_is_told_with_the_value_it_kept(
    desk: Desk, camera: VirtualCamera
) -> None:
    desk.set(SettingId.ISO, "200")
    camera.do("fault", kind="setting_ignored")

    with pytest.raises(SettingRefusedError, match="kept ISO at ISO 200 instead of ISO 1600"):
        desk.set(SettingId.ISO, "1600")


def test_a_release_gives_both_files_whole(desk: Desk, camera: VirtualCamera) -> None:
    desk.set(SettingId.IMAGE_FORMAT, "raw+jpeg")

    desk.client.ask(msg.Release(7)).result(PATIENCE_S)
    files = [desk.next(msg.FileArrived), desk.next(msg.FileArrived)]
    ended = desk.next(msg.ExposureEnded)

    made = {one["sha256"] for one in camera.state()["files"]}
    assert {one.sha256 for one in files} <= made
    assert [one.release_id for one in files] == [7, 7]
    assert ended == msg.ExposureEnded(7)
    assert sorted(path.stat().st_size for path in desk.incoming.iterdir()) == sorted(
        one.size_bytes for one in files
    )


def test_a_release_into_the_cameras_memory_arrives_too(desk: Desk, camera: VirtualCamera) -> None:
    desk.set(SettingId.CAPTURE_TARGET, "Internal RAM")
    desk.set(SettingId.IMAGE_FORMAT, "jpeg fine")

    desk.client.ask(msg.Release(8)).result(PATIENCE_S)
    file = desk.next(msg.FileArrived)

    assert isinstance(file, msg.FileArrived)
    assert file.sha256 in {one["sha256"] for one in camera.state()["files"]}
    desk.set(SettingId.CAPTURE_TARGET, "Memory card")


def test_what_is_shot_on_the_body_arrives(desk: Desk, camera: VirtualCamera) -> None:
    desk.set(SettingId.IMAGE_FORMAT, "jpeg fine")

    camera.do("shutter")
    file = desk.next(msg.FileArrived)

    assert isinstance(file, msg.FileArrived)
    assert file.release_id is None


def test_a_dial_turned_on_the_body_shows(desk: Desk, camera: VirtualCamera) -> None:
    camera.do("dial", setting="iso", value="3200")

    status = desk.wait_for(
        lambda now: (one := now.setting(SettingId.ISO)) is not None and one.label == "ISO 3200"
    )

    assert status.state.is_connected


def test_live_frames_come_and_survive_a_release(desk: Desk) -> None:
    desk.client.want_live(True).result(PATIENCE_S)
    before = desk.client.take_frame(PATIENCE_S)
    desk.client.ask(msg.Release(9)).result(PATIENCE_S)
    desk.next(msg.ExposureEnded)

    after = desk.client.take_frame(PATIENCE_S)

    assert before is not None
    assert after is not None
    assert after.jpeg.startswith(b"\xff\xd8")
    desk.client.want_live(False).result(PATIENCE_S)


def test_a_missed_focus_and_a_full_card_are_called_by_their_names(desk: Desk, camera: VirtualCamera) -> None:
    camera.do("fault", kind="focus_missed")
    with pytest.raises(FocusMissedError):
        desk.client.ask(msg.Release(10)).result(PATIENCE_S)
    camera.do("clear")

    camera.do("card", shots_left=0)
    with pytest.raises(CardFullError):
        desk.client.ask(msg.Release(11)).result(PATIENCE_S)
    camera.do("card", shots_left=500)


def test_a_crashed_driver_is_replaced_and_the_live_view_goes_on(desk: Desk, camera: VirtualCamera) -> None:
    desk.client.want_live(True).result(PATIENCE_S)
    worker = desk.client._worker
    assert worker is not None

    os.kill(worker.process.pid, signal.SIGSEGV)
    lost = desk.next(msg.BodyLost)
    desk.ready()

    assert isinstance(lost, msg.BodyLost)
    assert desk.client.take_frame(PATIENCE_S) is not None
    desk.client.want_live(False).result(PATIENCE_S)


def test_a_camera_that_stops_answering_is_told_and_comes_back(desk: Desk, camera: VirtualCamera) -> None:
    with camera.frozen():
        desk.wait_for(lambda status: not status.state.is_connected and bool(status.message))
        with pytest.raises(CameraError):
            desk.client.ask(msg.Release(12)).result(PATIENCE_S)

    assert desk.ready().message == ""


def test_no_camera_at_the_address_is_told_and_tried_again(tmp_path: Path) -> None:
    desk = Desk("ptpip:127.0.0.1:9", tmp_path)
    try:
        status = desk.wait_for(lambda now: bool(now.message))

        assert status.state is CameraState.ABSENT
        assert isinstance(desk.client.error, NoCameraError)
    finally:
        desk.client.close()

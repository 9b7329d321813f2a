"""A camera's process against the virtual camera, through the real libgphoto2."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_desk import PATIENCE_S, Desk
from groundglass.camera import messages as msg
from groundglass.camera import process
from groundglass.camera.client import CameraClient
from groundglass.errors import (
    CameraBusyError,
    CameraError,
    CameraLostError,
    CaptureError,
    CardFullError,
    FocusMissedError,
    NoCameraError,
    SettingRefusedError,
)
from groundglass.model.camera import CameraState, CameraStatus
from groundglass.model.setting import SettingId
from patience import until
from virtual_camera import VirtualCamera

_SILENCE = {"kind": "stall", "operation": "NikonGetEvent", "seconds": 2.0}
_NO_SERIAL = """
from groundglass.camera import worker
from groundglass.camera.dialects import habits
habits.serial_of = lambda text: ""
worker.main()
"""
# Ends as if it were killed, so the live view stays as it is.
_ENDS_AT_ONCE = """
from groundglass.camera import live_feed, worker
live_feed.LiveFeed.leave = lambda self: None
worker.main()
"""
# On a body that has no counter of frames left.
_NO_COUNTER = """
from groundglass.camera import worker
from groundglass.camera.dialects.settings import WIDGETS
from groundglass.model.setting import SettingId
WIDGETS[SettingId.SHOTS_LEFT] = ()
worker.main()
"""
# On a body that is too busy to list its buffer while a file is there.
_BUSY_BUFFER = """
import os
from groundglass.camera import gphoto, worker
from groundglass.errors import CameraBusyError
def waiting(camera):
    if os.path.exists({flag!r}):
        raise CameraBusyError("The camera is busy.", "Try again.")
    return ()
gphoto.GphotoCamera.waiting = waiting
worker.main()
"""


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
        desk.wait_for(lambda status: "driver cannot be started" in status.message)
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


def test_a_property_without_a_name_that_is_turned_on_the_body_shows(
    desk: Desk, camera: VirtualCamera
) -> None:
    camera.do("dial", setting="color_temperature", value="6200")

    desk.wait_for_setting(SettingId.COLOR_TEMPERATURE, "6200 K")


def test_automatic_iso_is_switched_on_and_off_from_both_sides(desk: Desk, camera: VirtualCamera) -> None:
    def is_automatic() -> bool:
        return bool(camera.state()["settings"]["is_iso_auto"])

    assert desk.set(SettingId.ISO, "auto").label == "Auto ISO"
    assert is_automatic()
    assert desk.set(SettingId.ISO, "400").label == "ISO 400"
    assert not is_automatic()
    assert camera.state()["settings"]["iso"] == 400

    camera.do("dial", setting="iso", value="auto")
    desk.wait_for_setting(SettingId.ISO, "Auto ISO")
    camera.do("dial", setting="iso", value="200")
    desk.wait_for_setting(SettingId.ISO, "ISO 200")


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


def test_a_camera_without_a_card_is_told_so_unless_it_shoots_into_its_memory(
    desk: Desk, camera: VirtualCamera
) -> None:
    camera.do("card", is_in=False)
    try:
        with pytest.raises(CaptureError, match="no memory card"):
            desk.client.ask(msg.Release(12)).result(PATIENCE_S)

        desk.set(SettingId.CAPTURE_TARGET, "Computer")
        camera.do("fault", kind="focus_missed")
        with pytest.raises(FocusMissedError):
            desk.client.ask(msg.Release(13)).result(PATIENCE_S)
    finally:
        camera.do("card", is_in=True)


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


def test_what_is_shot_on_a_body_whose_live_view_a_kill_left_on_goes_to_its_card_again(
    camera: VirtualCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / name for name in ("killed", "next")]
    for folder in folders:
        folder.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(process, "_PROGRAM", ("-P", "-c", _ENDS_AT_ONCE))
        killed = Desk(camera.address, folders[0])
        killed.ready()
        killed.client.want_live(True).result(PATIENCE_S)
        assert killed.client.take_frame(PATIENCE_S) is not None
        killed.client.close()
    camera.do("shutter")
    camera.wait_for(lambda state: not state["is_exposing"] and state["client"] is None)
    assert camera.state()["releases"][-1]["destination"] == "ram"

    desk = Desk(camera.address, folders[1])
    try:
        desk.ready()
        camera.wait_for(lambda state: not state["is_live"])
        camera.do("shutter")
        desk.next(msg.FileArrived)
    finally:
        desk.client.close()

    assert camera.state()["releases"][-1]["destination"] == "card"


def test_a_camera_that_stops_answering_is_told_and_comes_back(desk: Desk, camera: VirtualCamera) -> None:
    with camera.frozen():
        desk.wait_for(lambda status: not status.state.is_connected and bool(status.message))
        with pytest.raises(CameraError):
            desk.client.ask(msg.Release(12)).result(PATIENCE_S)

    assert desk.ready().message == ""


def test_after_a_short_silence_the_same_process_goes_on(desk: Desk, camera: VirtualCamera) -> None:
    worker, before, refused = desk.client._worker, desk.ready(), camera.state()["refused"]

    _fall_silent(desk, camera)
    after = desk.ready()
    desk.set(SettingId.ISO, "400")

    assert desk.client._worker is worker
    assert after.opened_at == before.opened_at
    assert after.message == ""
    assert camera.state()["refused"] == refused
    told = _told(desk)
    assert not [one for one in told if not isinstance(one, CameraStatus)]
    assert not [one for one in told if isinstance(one, CameraStatus) and one.state is CameraState.LOST]


def test_in_a_silence_a_release_is_refused_and_all_else_waits(
    desk: Desk, camera: VirtualCamera, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    _fall_silent(desk, camera)

    release = desk.client.ask(msg.Release(13))
    desk.client.store_in(other).result(PATIENCE_S)
    camera.do("shutter")
    file = desk.next(msg.FileArrived)

    with pytest.raises(NoCameraError, match="does not answer"):
        release.result(0)
    assert file.release_id is None
    assert Path(file.path).parent == other


def test_a_body_that_is_busy_while_the_folder_changes_keeps_no_frame_for_the_one_before(
    camera: VirtualCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag, other = tmp_path / "busy", tmp_path / "other"
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", _BUSY_BUFFER.format(flag=str(flag))))
    other.mkdir()
    desk = Desk(camera.address, tmp_path)
    try:
        desk.ready()
        desk.client.store_in(desk.incoming).result(PATIENCE_S)
        flag.touch()
        with pytest.raises(CameraBusyError):
            desk.client.store_in(other).result(PATIENCE_S)

        camera.do("shutter")
        file = desk.next(msg.FileArrived)

        assert Path(file.path).parent == other
    finally:
        desk.client.close()


def test_a_driver_that_dies_in_a_silence_is_replaced(desk: Desk, camera: VirtualCamera) -> None:
    worker, before = desk.client._worker, desk.ready()
    assert worker is not None
    _fall_silent(desk, camera)

    os.kill(worker.process.pid, signal.SIGKILL)
    desk.next(msg.BodyLost)

    assert desk.ready().opened_at > before.opened_at


def test_a_long_look_at_the_card_is_no_silence_but_later_releases_are_refused(
    desk: Desk, camera: VirtualCamera
) -> None:
    camera.do("shutter")
    desk.next(msg.ExposureEnded)
    desk.wait_for(lambda status: status.state is CameraState.READY)
    camera.do("fault", kind="stall", operation="GetObjectHandles", seconds=2.0, count=3)
    fired = len(camera.state()["releases"])
    listed = desk.client.ask(msg.ListCard(is_fresh=True))
    at_once = desk.client.ask(msg.Release(14))
    camera.wait_for(lambda state: not state["faults"]["waiting"])  # so the first four seconds are over

    later = desk.client.ask(msg.Release(15))
    setting = desk.client.status.setting(SettingId.ISO)
    assert setting is not None
    assert setting.current is not None
    waits = desk.client.ask(msg.Set(SettingId.ISO, setting.current.raw))
    assert not listed.done()
    with pytest.raises(CameraBusyError, match="reading its card"):
        later.result(0)
    at_once.result(PATIENCE_S)
    waits.result(PATIENCE_S)
    assert len(camera.state()["releases"]) == fired + 1
    states = {one.state for one in _told(desk) if isinstance(one, CameraStatus)}

    assert listed.result(0)
    assert not states & {CameraState.UNRESPONSIVE, CameraState.LOST}


def test_the_loss_of_a_body_without_a_serial_number_is_told_too(
    camera: VirtualCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", _NO_SERIAL))
    desk = Desk(camera.address, tmp_path)
    try:
        before = desk.ready()
        assert before.info is not None
        assert before.info.serial == ""

        desk.client.connect_anew(CameraLostError("The computer was asleep."))
        lost = desk.next(msg.BodyLost)

        assert lost.error.message == "The computer was asleep."
        desk.wait_for(lambda status: status.state.is_connected and status.opened_at > before.opened_at)
    finally:
        desk.client.close()


def test_a_body_without_a_counter_tells_the_room_on_its_card(
    camera: VirtualCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", _NO_COUNTER))
    camera.do("card", shots_left=33)
    desk = Desk(camera.address, tmp_path)
    try:
        left = desk.ready().setting(SettingId.SHOTS_LEFT)
        assert left is not None
        assert left.label == "33"

        camera.do("card", shots_left=0)
        with pytest.raises(CardFullError):
            desk.client.ask(msg.Release(16)).result(PATIENCE_S)
    finally:
        desk.client.close()
        camera.do("card", shots_left=500)


def test_no_camera_at_the_address_is_told_and_tried_again(tmp_path: Path) -> None:
    desk = Desk("ptpip:127.0.0.1:9", tmp_path)
    try:
        status = desk.wait_for(lambda now: bool(now.message))

        assert status.state is CameraState.ABSENT
        assert isinstance(desk.client.error, NoCameraError)
    finally:
        desk.client.close()


def _told(desk: Desk) -> list[object]:
    """Return all that the client has told and nobody has taken."""
    told: list[object] = []
    while not desk.events.empty():
        told.append(desk.events.get())
    return told


def _fall_silent(desk: Desk, camera: VirtualCamera) -> None:
    desk.client.store_in(desk.incoming).result(PATIENCE_S)  # nothing else is under way then
    camera.do("fault", **_SILENCE)
    desk.wait_for(lambda status: status.state is CameraState.UNRESPONSIVE)


def test_every_status_is_told_on_the_cameras_thread_in_its_order(
    camera: VirtualCamera, tmp_path: Path
) -> None:
    told: list[tuple[str, bool]] = []

    def note(event: object) -> None:
        if isinstance(event, CameraStatus):
            told.append((threading.current_thread().name, event.is_live_wanted))

    (tmp_path / "incoming").mkdir()
    client = CameraClient(camera.address, note, tmp_path / "driver")
    client.store_in(tmp_path / "incoming")
    client.start()
    try:
        until(lambda: client.status.state.is_connected)
        client.want_live(True).result(PATIENCE_S)
        assert client.status.is_live_wanted
        client.want_live(False).result(PATIENCE_S)
        assert not client.status.is_live_wanted
    finally:
        client.close()

    assert {name for name, _ in told} == {"camera"}
    assert True in {is_wanted for _, is_wanted in told}

"""What a photographer expects of a Canon, through the whole device side."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_desk import PATIENCE_S, Desk
from groundglass.camera import messages as msg
from groundglass.errors import CaptureError, UnsupportedError
from groundglass.model.setting import SettingId
from virtual.ptpip_client import Client
from virtual_camera import VirtualCamera

UTC = 0xD17C


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--brand", "canon", "--megapixels", "4") as camera:
        yield camera


@pytest.fixture
def desk(camera: VirtualCamera, tmp_path: Path) -> Iterator[Desk]:
    camera.do("clear")
    camera.do("dial", setting="exposure_mode", value="M")
    camera.do("dial", setting="shutter", value="1/60")
    desk = Desk(camera.address, tmp_path)
    desk.ready()
    yield desk
    desk.client.close()


def _clock(camera: VirtualCamera) -> int:
    with Client(camera.port) as client:
        client.ok("EosSetEventMode", 1)
        client.ok("EosGetEvent")
        client.ok("EosRequestDevicePropValue", UTC)
        size, code, told, seconds = struct.unpack_from("<IIII", client.ok("EosGetEvent"))
        assert (size, code, told) == (16, 0xC189, UTC)
        return int(seconds)


def test_formats_are_told_in_words_of_sizes_and_qualities(desk: Desk) -> None:
    formats = desk.client.status.setting(SettingId.IMAGE_FORMAT)

    assert formats is not None
    labels = {one.raw: one.label for one in formats.choices}
    assert labels["L"] == "JPEG large fine"
    assert labels["RAW + cM"] == "RAW + JPEG medium normal"
    assert labels["cRAW"] == "cRAW"


def test_bulb_sets_the_shutter_by_itself(desk: Desk, camera: VirtualCamera) -> None:
    desk.client.ask(msg.StartBulb(1)).result(PATIENCE_S)
    is_open = camera.state()["is_exposing"]
    desk.client.ask(msg.EndBulb()).result(PATIENCE_S)

    assert is_open
    assert desk.next(msg.FileArrived).release_id == 1


def test_bulb_is_refused_where_the_mode_dial_has_none(desk: Desk, camera: VirtualCamera) -> None:
    camera.do("dial", setting="exposure_mode", value="A")
    desk.wait_for(lambda status: (one := status.setting(SettingId.SHUTTER)) is not None and one.read_only)

    with pytest.raises(UnsupportedError, match="no Bulb in this mode"):
        desk.client.ask(msg.StartBulb(1)).result(PATIENCE_S)


def test_a_refusal_is_not_blamed_on_the_focus_that_was_found(desk: Desk, camera: VirtualCamera) -> None:
    camera.do("fault", kind="refuse", operation="EosRemoteReleaseOn", skip=1)

    with pytest.raises(CaptureError, match="gives no reason"):
        desk.client.ask(msg.Release(1)).result(PATIENCE_S)


@pytest.mark.parametrize("target", ["Memory card", "Internal RAM"])
def test_each_picture_goes_to_who_released_it(desk: Desk, camera: VirtualCamera, target: str) -> None:
    desk.set(SettingId.CAPTURE_TARGET, target)
    desk.set(SettingId.IMAGE_FORMAT, "raw+jpeg")
    taken = len(camera.state()["files"])
    wanted: list[int | None] = [None, 1, None, None, 2, 3, None, 4]
    for release_id in wanted:
        camera.wait_for(lambda state: not state["is_exposing"])
        if release_id is None:
            camera.do("shutter")
        else:
            desk.client.ask(msg.Release(release_id)).result(PATIENCE_S)
    files = [desk.next(msg.FileArrived) for _ in range(2 * len(wanted))]

    made = camera.wait_for(lambda state: len(state["files"]) == taken + len(files))["files"][taken:]
    assert [one.sha256 for one in files] == [one["sha256"] for one in made]
    assert [one.release_id for one in files] == [one for one in wanted for _ in range(2)]


def test_it_gets_the_computers_time(camera: VirtualCamera, tmp_path: Path) -> None:
    with Client(camera.port) as client:
        yesterday = struct.pack("<III", 12, UTC, int(time.time()) - 86_400)
        client.ok("EosSetDevicePropValueEx", data=yesterday)
    camera.wait_for(lambda state: state["client"] is None)
    assert _clock(camera) < time.time() - 80_000

    camera.wait_for(lambda state: state["client"] is None)
    desk = Desk(camera.address, tmp_path)
    desk.ready()
    desk.client.close()

    camera.wait_for(lambda state: state["client"] is None)
    assert _clock(camera) == pytest.approx(time.time(), abs=3)

"""The virtual Fujifilm X: its habits on the wire, and how libgphoto2 sees it."""

from __future__ import annotations

import hashlib
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from other_clients import Debian, read_config
from virtual.ptpip_client import Client
from virtual_camera import VirtualCamera

OK, BUSY, DENIED, INVALID_OBJECT, STORE_FULL = 0x2001, 0x2019, 0x200F, 0x2009, 0x200C
EVERYWHERE, STILLS, LIVE = 0xFFFFFFFF, 0x10000001, 0x80000001
PRIORITY, ORDER, FOCUS_STATUS, MEDIA, BUFFER_LEFT, CHANGES = 0xD207, 0xD208, 0xD209, 0xD20C, 0xD20E, 0xD212
SHUTTER, ISO, FORMAT, POSITION = 0x500D, 0x500F, 0xD018, 0xD171
SHOOT, FOCUS, UNFOCUS, OPEN_BULB, CLOSE_BULB = 0x0304, 0x0200, 0x0004, 0x0500, 0x000C
NO_CARD, WITH_CARD = 4, 1


class Tether:
    """A client in USB tether shooting that has the say."""

    def __init__(self, client: Client) -> None:
        self.client = client
        assert client.set(PRIORITY, "<H", 2) == OK

    def order(self, code: int) -> int:
        assert self.client.set(ORDER, "<H", code) == OK
        return self.client.do("InitiateCapture", 0, 0)[0]

    def focus(self) -> int:
        """Focus, and return how that ended."""
        assert self.order(FOCUS) == OK
        deadline = time.monotonic() + 10
        while (status := self.client.get(FOCUS_STATUS, "<H")) == 1:
            assert time.monotonic() < deadline
        return status

    def release(self) -> int:
        self.focus()
        return self.order(SHOOT)

    def buffer(self) -> list[int]:
        body = self.client.ok("GetObjectHandles", EVERYWHERE, 0, 0)
        return [handle for (handle,) in struct.iter_unpack("<I", body[4:]) if handle != LIVE]

    def wait_for_pictures(self, count: int) -> list[int]:
        deadline = time.monotonic() + 10
        while len(handles := self.buffer()) < count:
            assert time.monotonic() < deadline, handles
            time.sleep(0.01)
        return handles

    def empty(self) -> None:
        for handle in self.buffer():
            self.client.ok("DeleteObject", handle, 0)


@pytest.fixture(scope="module")
def running() -> Iterator[VirtualCamera]:
    with VirtualCamera("--brand", "fuji", "--megapixels", "4", "--live-size", "512x340") as camera:
        yield camera


@pytest.fixture
def tether(camera: VirtualCamera) -> Iterator[Tether]:
    with Client(camera.port) as client:
        tether = Tether(client)
        assert client.set(MEDIA, "<H", NO_CARD) == OK
        yield tether
        client.do("TerminateOpenCapture", 0)
        camera.wait_for(lambda state: not state["is_exposing"])
        tether.empty()


# Who has the say


def test_it_obeys_only_a_client_that_has_the_say(tether: Tether) -> None:
    tether.client.set(PRIORITY, "<H", 1)

    assert tether.client.set(ISO, "<i", 800) == DENIED
    assert tether.order(FOCUS) == BUSY


def test_it_does_not_take_the_say_back_while_a_picture_waits(tether: Tether) -> None:
    assert tether.release() == OK
    tether.wait_for_pictures(1)
    assert tether.client.set(PRIORITY, "<H", 1) == BUSY

    tether.empty()

    assert tether.client.set(PRIORITY, "<H", 1) == OK


def test_three_programmes_of_automatic_iso(tether: Tether, camera: VirtualCamera) -> None:
    for programme in (-1, -2, -3):
        assert tether.client.set(ISO, "<i", programme) == OK
        assert tether.client.get(ISO, "<i") == programme
    assert camera.state()["settings"]["is_iso_auto"]


def test_a_shutter_of_minutes_has_a_code_of_its_own(tether: Tether, camera: VirtualCamera) -> None:
    assert tether.client.set(SHUTTER, "<I", 64_000_030) == OK

    assert camera.state()["settings"]["shutter"]["seconds"] == 120


def test_a_dial_is_pushed_and_noted(tether: Tether, camera: VirtualCamera) -> None:
    tether.client.ok("GetDevicePropValue", CHANGES)

    camera.do("dial", setting="iso", value="800")

    assert tether.client.pushed() == (0x4006, ISO)
    body = tether.client.ok("GetDevicePropValue", CHANGES)
    assert body == struct.pack("<HHI", 1, ISO, 800)
    assert tether.client.ok("GetDevicePropValue", CHANGES) == b"\0\0"


# Pictures


def test_pictures_lie_in_the_buffer_until_deleted(tether: Tether, camera: VirtualCamera) -> None:
    assert tether.client.set(FORMAT, "<H", 4) == OK
    assert tether.release() == OK

    handles = tether.wait_for_pictures(2)
    hashes = [hashlib.sha256(tether.client.ok("GetObject", handle)).hexdigest() for handle in handles]

    assert hashes == [file["sha256"] for file in camera.state()["files"][-2:]]
    assert tether.client.get(BUFFER_LEFT, "<H") == 25
    tether.empty()
    assert tether.client.get(BUFFER_LEFT, "<H") == 27
    assert tether.client.do("GetObject", handles[0])[0] == INVALID_OBJECT


def test_the_buffer_outlives_the_link(camera: VirtualCamera) -> None:
    with Client(camera.port) as client:
        assert Tether(client).release() == OK

    with Client(camera.port) as client:
        tether = Tether(client)
        assert len(tether.wait_for_pictures(1)) == 1
        tether.empty()


def test_a_copy_goes_to_the_card_if_it_is_told_to(tether: Tether, camera: VirtualCamera) -> None:
    assert tether.client.set(MEDIA, "<H", WITH_CARD) == OK

    tether.release()
    tether.wait_for_pictures(1)

    card, buffer = camera.state()["files"][-2:]
    assert (card["destination"], buffer["destination"]) == ("card", "ram")
    assert card["sha256"] == buffer["sha256"]


def test_a_full_card_counts_only_if_the_card_is_to_have_it(tether: Tether, camera: VirtualCamera) -> None:
    camera.do("card", shots_left=0)
    assert tether.client.set(MEDIA, "<H", WITH_CARD) == OK
    assert tether.release() == STORE_FULL

    assert tether.client.set(MEDIA, "<H", NO_CARD) == OK
    assert tether.release() == OK
    tether.wait_for_pictures(1)


# Orders


def test_without_focus_it_does_not_release(tether: Tether, camera: VirtualCamera) -> None:
    camera.do("fault", kind="focus_missed")

    assert tether.focus() == 3
    assert tether.order(SHOOT) == BUSY
    assert tether.order(UNFOCUS) == OK
    assert tether.focus() == 2


def test_bulb_is_open_between_two_orders(tether: Tether, camera: VirtualCamera) -> None:
    assert tether.client.set(SHUTTER, "<I", 0xFFFFFFFF) == OK
    tether.focus()
    assert tether.order(OPEN_BULB) == OK
    assert camera.state()["is_exposing"]

    assert tether.order(CLOSE_BULB) == OK

    tether.wait_for_pictures(1)


def test_the_lens_is_moved_to_a_place(tether: Tether, camera: VirtualCamera) -> None:
    assert tether.client.set(POSITION, "<h", 100) == DENIED
    camera.do("dial", setting="focus_mode", value="manual")

    assert tether.client.set(POSITION, "<h", 0) == OK

    assert camera.state()["focus_m"] == 0.4


# Live view


def test_a_picture_in_the_buffer_blocks_the_live_view(tether: Tether, camera: VirtualCamera) -> None:
    tether.client.ok("InitiateOpenCapture", 0, 0)
    assert tether.client.ok("GetObject", LIVE)[:2] == b"\xff\xd8"

    camera.do("shutter")
    tether.wait_for_pictures(1)
    assert tether.client.do("GetObject", LIVE)[0] == INVALID_OBJECT

    tether.empty()
    assert tether.client.ok("GetObject", LIVE)[:2] == b"\xff\xd8"


def test_live_view_does_not_begin_while_a_picture_waits(tether: Tether) -> None:
    tether.release()
    tether.wait_for_pictures(1)

    assert tether.client.do("InitiateOpenCapture", 0, 0)[0] == BUSY


def test_while_live_it_accepts_settings_and_forgets_them(tether: Tether) -> None:
    tether.client.ok("InitiateOpenCapture", 0, 0)

    assert tether.client.set(ISO, "<i", 800) == OK
    assert tether.client.get(ISO, "<i") == 100
    assert tether.order(FOCUS) == BUSY


# libgphoto2


@pytest.fixture(scope="module")
def config(running: VirtualCamera, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    running.wait_for(lambda state: state["client"] is None)
    return read_config(running.address, tmp_path_factory.mktemp("gphoto"))


def test_the_menus_are_named_as_on_an_x_body(config: dict[str, dict[str, Any]]) -> None:
    formats = ["RAW", "JPEG Fine", "JPEG Normal", "RAW + JPEG Fine", "RAW + JPEG Normal"]
    assert config["imageformat"]["choices"] == formats
    assert config["focusmode"]["choices"] == ["Manual", "Single-Servo AF", "Continuous-Servo AF"]
    assert config["whitebalance"]["choices"][:3] == ["Automatic", "Daylight", "Tungsten"]
    assert config["filmsimulation"]["choices"][0] == "PROVIA/Standard"
    assert config["iso"]["choices"][-3:] == ["-1", "-2", "-3"]
    assert config["availableshots"]["value"] == 27


def test_the_dials_have_all_their_thirds(config: dict[str, dict[str, Any]]) -> None:
    shutter = config["shutterspeed"]["choices"]

    assert {"1/100", "1/125", "0.4s", "1.3s", "30s", "60s", "2m", "60m", "bulb"} <= set(shutter)
    assert not [text for text in shutter if "Unknown" in text]
    assert config["exposurecompensation"]["choices"][:2] == ["-5", "-4.667"]


@pytest.fixture
def debian(camera: VirtualCamera, tmp_path: Path) -> Debian:
    camera.wait_for(lambda state: state["client"] is None)
    return Debian(camera.address, tmp_path)


def test_debian_captures_raw_and_jpeg(debian: Debian, camera: VirtualCamera) -> None:
    debian.run("--set-config", "imageformat=RAW + JPEG Fine")
    debian.run("--capture-image-and-download")

    made = [file for file in camera.state()["files"][-4:] if file["destination"] == "ram"][-2:]
    assert debian.sizes() == sorted(file["size_bytes"] for file in made)
    assert all(file["deleted"] for file in made)


def test_debian_pulls_a_movie(debian: Debian) -> None:
    assert debian.run("--capture-movie=1s", "--stdout").count(b"\xff\xd8\xff") > 2


def test_debian_tethers(debian: Debian, camera: VirtualCamera) -> None:
    before = camera.state()
    asked = before["operations"].get("GetObjectHandles", 0)
    with debian.tethered():
        camera.wait_for(lambda state: state["operations"].get("GetObjectHandles", 0) > asked + 6)
        camera.do("shutter")
        made = camera.wait_for(
            lambda state: len(state["files"]) > len(before["files"]) and state["files"][-1]["deleted"]
        )
        camera.wait_for(lambda _: made["files"][-1]["size_bytes"] in debian.sizes())

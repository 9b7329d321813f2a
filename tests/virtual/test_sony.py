"""The virtual Sony Alpha: its habits on the wire, and how libgphoto2 sees it."""

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

OK, DENIED, INVALID_OBJECT, STORE_FULL = 0x2001, 0x200F, 0x2009, 0x200C
IN_MEMORY, LIVE = 0xFFFFC001, 0xFFFFC002
FOCUS, WAITING, TARGET, POSITION = 0xD213, 0xD215, 0xD222, 0xD24C
HALF, FULL, ONE_SHOT, BY_HAND = 0xD2C1, 0xD2C2, 0xD2C7, 0xD2D1
SHUTTER, ISO, FOCUS_MODE = 0xD20D, 0xD21E, 0x500A
ADDED, CHANGED, CAPTURED = 0xC201, 0xC203, 0xC206
FORMS = {1: "<b", 2: "<B", 3: "<h", 4: "<H", 6: "<I", 8: "<Q"}


class Remote:
    """A client in PC Remote."""

    def __init__(self, client: Client, version: int = 300) -> None:
        self.client = client
        self._lists = 2 if version >= 300 else 1
        client.ok("SonyConnect", 1, 0, 0)
        client.ok("SonyConnect", 2, 0, 0)
        self.version = struct.unpack_from("<H", client.ok("SonyGetExtDeviceInfo", version, 1))[0]
        client.ok("SonyConnect", 3, 0, 0)

    def properties(self) -> dict[int, tuple[int, list[int]]]:
        """Return each property's value and choices."""
        body = self.client.ok("SonyGetAllProperties")
        count, at, found = struct.unpack_from("<I", body)[0], 8, {}
        for _ in range(count):
            code, kind, _, _ = struct.unpack_from("<HHBB", body, at)
            form, size = FORMS[kind], struct.calcsize(FORMS[kind])
            value = struct.unpack_from(form, body, at + 6 + size)[0]
            at += 6 + 2 * size
            shape, at, choices = body[at], at + 1, []
            if shape == 1:
                at += 3 * size
            elif shape == 2:
                for _ in range(self._lists):
                    length = struct.unpack_from("<H", body, at)[0]
                    choices = [
                        struct.unpack_from(form, body, at + 2 + place * size)[0] for place in range(length)
                    ]
                    at += 2 + length * size
            found[code] = (value, choices)
        assert at == len(body)
        return found

    def value(self, code: int) -> int:
        return self.properties()[code][0]

    def set(self, code: int, form: str, value: int) -> int:
        return self.client.do("SonySetProperty", code, data=struct.pack(form, value))[0]

    def press(self, button: int, *, is_down: bool) -> int:
        return self.client.do("SonyControl", button, data=struct.pack("<H", 2 if is_down else 1))[0]

    def release(self) -> int:
        self.press(HALF, is_down=True)
        response = self.press(FULL, is_down=True)
        self.press(FULL, is_down=False)
        self.press(HALF, is_down=False)
        return response

    def wait_for(self, code: int, wanted: int) -> None:
        deadline = time.monotonic() + 10
        while self.value(code) != wanted:
            assert time.monotonic() < deadline, f"{code:04x} is {self.value(code):x}"
            time.sleep(0.01)

    def take_all(self) -> None:
        """Empty the memory, once what is being recorded is there."""
        deadline = time.monotonic() + 10
        while waiting := self.value(WAITING):
            assert time.monotonic() < deadline
            if waiting < 0x8000:
                time.sleep(0.01)
            else:
                self.take()

    def take(self) -> tuple[str, bytes]:
        """Take the picture that waits: its name and bytes."""
        info = self.client.ok("GetObjectInfo", IN_MEMORY)
        length = info[52]
        return info[53 : 51 + 2 * length].decode("utf-16-le"), self.client.ok("GetObject", IN_MEMORY)

    def events(self, until: tuple[int, int]) -> list[tuple[int, int]]:
        """Read the event connection until an event comes."""
        found: list[tuple[int, int]] = []
        while until not in found:
            found.append(self.client.pushed())
        return found


@pytest.fixture(scope="module")
def running() -> Iterator[VirtualCamera]:
    with VirtualCamera("--brand", "sony", "--megapixels", "4", "--live-size", "512x340") as camera:
        yield camera


@pytest.fixture
def remote(camera: VirtualCamera) -> Iterator[Remote]:
    with Client(camera.port) as client:
        remote = Remote(client)
        assert remote.set(TARGET, "<H", 1) == OK
        remote.take_all()
        yield remote
        camera.wait_for(lambda state: not state["is_exposing"])
        remote.take_all()


# Connecting


def test_it_tells_nothing_before_the_three_steps(camera: VirtualCamera) -> None:
    with Client(camera.port) as client:
        client.ok("SonyConnect", 1, 0, 0)

        assert client.do("SonyGetAllProperties")[0] == DENIED


def test_the_client_chooses_the_protocol(camera: VirtualCamera) -> None:
    with Client(camera.port) as client:
        old = Remote(client, 200)
        assert (old.version, 0x5004 in old.properties()) == (200, True)
    with Client(camera.port) as client:
        new = Remote(client, 300)
        assert (new.version, 0xD253 in new.properties()) == (300, True)


def test_an_old_protocol_steps_through_its_lists(camera: VirtualCamera) -> None:
    with Client(camera.port) as client:
        old = Remote(client, 200)
        client.ok("SonyControl", ISO, data=b"\x03")
        client.ok("SonyControl", SHUTTER, data=b"\xff")

        assert old.value(ISO) == 200
        assert old.value(SHUTTER) == 1 << 16 | 50
        assert old.set(ISO, "<I", 800) == OK
        assert old.value(ISO) == 200


# Settings


def test_bulb_is_set_but_never_listed(remote: Remote, camera: VirtualCamera) -> None:
    assert 0 not in remote.properties()[SHUTTER][1]
    assert remote.set(SHUTTER, "<I", 0) == OK
    assert camera.state()["settings"]["shutter"]["label"] == "Bulb"


def test_automatic_iso_follows_the_light(remote: Remote, camera: VirtualCamera) -> None:
    assert remote.set(ISO, "<I", 0xFFFFFF) == OK
    assert remote.set(SHUTTER, "<I", 1 << 16 | 250) == OK

    settings = camera.state()["settings"]
    assert (settings["is_iso_auto"], settings["iso"]) == (True, 400)
    assert remote.value(ISO) == 0xFFFFFF


def test_a_dial_is_pushed_on_the_event_connection(remote: Remote, camera: VirtualCamera) -> None:
    camera.do("dial", setting="iso", value="800")

    assert (CHANGED, ISO) in remote.events((CHANGED, ISO))


def test_a_battery_that_runs_down_is_pushed(remote: Remote, camera: VirtualCamera) -> None:
    camera.do("battery", percent=9)

    remote.events((CHANGED, 0xD218))
    assert remote.value(0xD218) == 9
    camera.do("battery", percent=87)


# Pictures


def test_pictures_wait_in_memory_in_order_and_are_gone_once_taken(
    remote: Remote, camera: VirtualCamera
) -> None:
    camera.do("dial", setting="image_format", value="raw+jpeg")
    assert remote.release() == OK
    remote.wait_for(WAITING, 0x8002)
    camera.do("shutter")
    remote.wait_for(WAITING, 0x8004)

    taken = [remote.take() for _ in range(4)]

    made = camera.state()["files"][-4:]
    assert [name for name, _ in taken] == [file["name"] for file in made]
    assert [hashlib.sha256(data).hexdigest() for _, data in taken] == [file["sha256"] for file in made]
    assert [name.rsplit(".")[1] for name, _ in taken] == ["JPG", "ARW", "JPG", "ARW"]
    assert remote.value(WAITING) == 0
    assert remote.client.do("GetObject", IN_MEMORY)[0] == INVALID_OBJECT


def test_a_picture_survives_the_link_that_should_have_carried_it(camera: VirtualCamera) -> None:
    with Client(camera.port) as client:
        remote = Remote(client)
        remote.release()
        remote.wait_for(WAITING, 0x8001)
        camera.do("fault", kind="drop", operation="GetObject", after_bytes=1000)
        with pytest.raises(ConnectionError):
            remote.take()

    with Client(camera.port) as client:
        name, data = Remote(client).take()

    assert hashlib.sha256(data).hexdigest() == camera.state()["files"][-1]["sha256"]
    assert name.startswith("DSC")


def test_with_both_targets_the_card_has_a_copy(remote: Remote, camera: VirtualCamera) -> None:
    remote.set(TARGET, "<H", 0x11)
    left = camera.state()["shots_left"]

    remote.release()
    remote.wait_for(WAITING, 0x8001)

    card, memory = camera.state()["files"][-2:]
    assert (card["destination"], memory["destination"]) == ("card", "ram")
    assert card["sha256"] == memory["sha256"]
    assert camera.state()["shots_left"] == left - 1


def test_what_goes_to_the_card_alone_never_reaches_the_client(remote: Remote) -> None:
    remote.set(TARGET, "<H", 0x10)

    remote.release()
    events = remote.events((CAPTURED, 1))

    assert ADDED not in [code for code, _ in events]
    assert remote.value(WAITING) == 0


def test_a_full_card_refuses_the_release_only_if_the_card_is_to_have_it(
    remote: Remote, camera: VirtualCamera
) -> None:
    camera.do("card", shots_left=0)
    remote.set(TARGET, "<H", 0x11)
    assert remote.release() == STORE_FULL

    remote.set(TARGET, "<H", 1)
    assert remote.release() == OK


def test_a_button_held_in_a_burst_makes_several_shots(remote: Remote, camera: VirtualCamera) -> None:
    camera.do("dial", setting="drive", value="burst")
    before = len(camera.state()["releases"])

    remote.press(HALF, is_down=True)
    remote.press(FULL, is_down=True)
    try:
        camera.wait_for(lambda state: len(state["releases"]) >= before + 3)
    finally:
        remote.press(FULL, is_down=False)
        remote.press(HALF, is_down=False)

    made = len(camera.state()["releases"])
    remote.wait_for(WAITING, 0x8000 + made - before)
    assert len(camera.state()["releases"]) == made


# Buttons


def test_half_pressed_it_focuses_and_indicates_so(remote: Remote) -> None:
    remote.press(HALF, is_down=True)
    assert remote.value(FOCUS) == 2

    remote.press(HALF, is_down=False)
    assert remote.value(FOCUS) == 1


def test_without_focus_it_does_not_release_and_says_nothing(remote: Remote, camera: VirtualCamera) -> None:
    camera.do("fault", kind="focus_missed")
    before = len(camera.state()["releases"])

    assert remote.press(HALF, is_down=True) == OK
    assert remote.value(FOCUS) == 3
    assert remote.press(FULL, is_down=True) == OK

    assert len(camera.state()["releases"]) == before


def test_continuous_autofocus_releases_all_the_same(remote: Remote, camera: VirtualCamera) -> None:
    camera.do("dial", setting="focus_mode", value="af-c")
    camera.do("fault", kind="focus_missed")

    remote.release()

    remote.wait_for(WAITING, 0x8001)


def test_bulb_is_open_until_the_button_is_let_go(remote: Remote, camera: VirtualCamera) -> None:
    remote.set(SHUTTER, "<I", 0)
    remote.press(ONE_SHOT, is_down=True)
    assert camera.state()["is_exposing"]

    remote.press(FULL, is_down=False)

    remote.wait_for(WAITING, 0x8001)


def test_the_lens_moves_by_hand_only_and_stops_at_its_ends(remote: Remote, camera: VirtualCamera) -> None:
    def drive(steps: int) -> int:
        return remote.client.do("SonyControl", BY_HAND, data=struct.pack("<h", steps))[0]

    assert drive(1) == DENIED
    camera.do("dial", setting="focus_mode", value="manual")

    positions = []
    for steps in (7, 7, 7, 7, 7, -7, -7, -7, -7, -7):
        assert drive(steps) == OK
        positions.append(remote.value(POSITION))
    assert positions[4] == 100
    assert positions[-1] == 0


# Live view


def test_a_live_frame_stands_behind_an_offset(remote: Remote) -> None:
    body = remote.client.ok("GetObject", LIVE)

    offset = struct.unpack_from("<I", body)[0]
    assert body[offset : offset + 2] == b"\xff\xd8"
    assert body[-2:] == b"\xff\xd9"


def test_live_view_can_be_prohibited(remote: Remote, camera: VirtualCamera) -> None:
    camera.do("fault", kind="live_view_prohibited", count=1)

    assert remote.client.do("GetObject", LIVE)[0] == DENIED
    assert remote.client.do("GetObject", LIVE)[0] == OK


# libgphoto2


@pytest.fixture(scope="module")
def config(running: VirtualCamera, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    running.wait_for(lambda state: state["client"] is None)
    return read_config(running.address, tmp_path_factory.mktemp("gphoto"))


def test_the_menus_are_named_as_on_an_alpha(config: dict[str, dict[str, Any]]) -> None:
    assert config["imagequality"]["choices"] == ["RAW", "RAW+JPEG", "JPEG"]
    assert config["jpegquality"]["choices"] == ["Fine", "Std", "Light"]
    assert config["capturetarget"]["choices"] == ["sdram", "card+sdram", "card"]
    assert config["focusmode"]["choices"] == ["Automatic", "AF-C", "Manual"]
    assert config["expprogram"]["choices"] == ["M", "P", "A", "S"]
    assert config["exposuremetermode"]["choices"] == ["Multi", "Center", "Spot Standard"]
    assert config["focusindication"]["value"] == "Unlock"
    assert config["batterylevel"]["value"] == "87%"
    assert config["manualfocus"]["range"] == [-7.0, 7.0, 1.0]
    texts = [text for setting in config.values() for text in setting.get("choices", ())]
    assert not [text for text in texts if "Unknown" in text]


def test_the_dials_have_all_their_thirds(config: dict[str, dict[str, Any]]) -> None:
    shutter, iso = config["shutterspeed"]["choices"], config["iso"]["choices"]

    assert (shutter[0], shutter[-2], shutter[-1], len(shutter)) == ("30", "1/8000", "Bulb", 56)
    assert shutter[9:21] == [
        "4",
        "32/10",
        "25/10",
        "2",
        "16/10",
        "13/10",
        "1",
        "8/10",
        "6/10",
        "5/10",
        "4/10",
        "1/3",
    ]
    assert (iso[0], iso[1], iso[-1], len(iso)) == ("Auto ISO", "64", "25600", 28)
    assert config["exposurecompensation"]["choices"][:3] == ["0", "5", "4.7"]
    assert config["f-number"]["choices"][0] == "f/1.8"


@pytest.fixture
def debian(camera: VirtualCamera, tmp_path: Path) -> Debian:
    camera.wait_for(lambda state: state["client"] is None)
    return Debian(camera.address, tmp_path)


def test_debian_steps_to_a_setting(debian: Debian) -> None:
    debian.run("--set-config", "iso=800", "--set-config", "f-number=f/8")

    assert debian.value_of("iso") == "800"
    assert debian.value_of("f-number") == "f/8"


def test_debian_captures_raw_and_jpeg(debian: Debian, camera: VirtualCamera) -> None:
    debian.run("--set-config", "imagequality=RAW+JPEG (Fine)")
    debian.run("--capture-image-and-download")

    made = camera.wait_for(lambda state: state["client"] is None)["files"][-2:]
    # Its own capture() returns with the first file, and leaves the second behind now and then.
    assert debian.sizes()
    assert set(debian.sizes()) <= {file["size_bytes"] for file in made}


def test_debian_pulls_a_movie(debian: Debian) -> None:
    assert debian.run("--capture-movie=1s", "--stdout").count(b"\xff\xd8\xff") > 2


def test_debian_tethers(debian: Debian, camera: VirtualCamera) -> None:
    before = camera.state()
    asked = before["operations"]["SonyGetAllProperties"]
    with debian.tethered():
        camera.wait_for(lambda state: state["operations"]["SonyGetAllProperties"] > asked + 6)
        camera.do("shutter")
        made = camera.wait_for(lambda state: len(state["files"]) > len(before["files"]))["files"][-1]
        camera.wait_for(lambda _: made["size_bytes"] in debian.sizes())

"""What a Canon does on the wire: its event stream, its locked lists, its button, its memory."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import cv2
import numpy as np
import pytest

from groundglass.virtual import canon_dials
from groundglass.virtual.canon_events import OLC_VERSION, TERMINATOR, Record
from groundglass.virtual.exposure import APERTURES, AUTO_ISO, ISOS, SHUTTERS
from groundglass.virtual.settings import Settings
from virtual.ptpip_client import Client
from virtual_camera import VirtualCamera

OK, BUSY, FULL, REFUSED, INVALID, NOT_READY = 0x2001, 0x2019, 0x200C, 0x2002, 0x201C, 0xA102
SHUTTER, ISO, COMPENSATION, APERTURE = 0xD102, 0xD103, 0xD104, 0xD101
SHOTS_LEFT, DESTINATION, OUTPUT, UTC = 0xD11B, 0xD11C, 0xD1B0, 0xD17C
BULB = 0x0C


class Told(NamedTuple):
    """One record of the event stream."""

    code: int
    body: bytes

    @property
    def numbers(self) -> tuple[int, ...]:
        return struct.unpack(f"<{len(self.body) // 4}I", self.body[: len(self.body) // 4 * 4])


class Eos(Client):
    """A client that speaks as libgphoto2 does to an EOS."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.ok("EosSetRemoteMode", 1)
        self.ok("EosSetEventMode", 1)
        self.first = self.told()

    def told(self) -> list[Told]:
        stream = self.ok("EosGetEvent")
        records: list[Told] = []
        while True:
            size, code = struct.unpack_from("<II", stream)
            if (size, code) == (8, 0):
                assert stream == TERMINATOR
                return records
            records.append(Told(code, stream[8:size]))
            stream = stream[size:]

    def wait(self, is_wanted: Callable[[Told], object], timeout_s: float = 30.0) -> list[Told]:
        """Collect records until one is wanted; it is the last."""
        found: list[Told] = []
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for record in self.told():
                found.append(record)
                if is_wanted(record):
                    return found
            time.sleep(0.01)  # leaves the camera the processor that it draws with
        raise TimeoutError(f"only {found}")

    def put(self, code: int, value: int) -> int:
        return int(self.do("EosSetDevicePropValueEx", data=struct.pack("<III", 12, code, value))[0])

    def to_computer(self) -> None:
        assert self.put(DESTINATION, 4) == OK
        self.ok("EosPCHDDCapacity", 0x0FFFFFFF, 0x1000, 1)

    def start_live(self) -> None:
        assert self.put(OUTPUT, 2) == OK
        deadline = time.monotonic() + 5
        while self.do("EosGetViewFinderData", 0x200000, 0, 0)[0] == NOT_READY:
            assert time.monotonic() < deadline

    def live_picture(self) -> np.ndarray:
        body = self.ok("EosGetViewFinderData", 0x200000, 0, 0)
        size, kind = struct.unpack_from("<II", body)
        assert kind == 1
        picture = cv2.imdecode(np.frombuffer(body[8:size], np.uint8), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        return picture


def values(records: list[Told], code: int) -> list[int]:
    """The values that were told of a property."""
    return [one.numbers[1] for one in records if one.code == Record.PROPERTY_VALUE and one.numbers[0] == code]


def lists(records: list[Told], code: int) -> list[tuple[int, ...]]:
    """The lists of choices that were told of a property."""
    return [one.numbers[3:] for one in records if one.code == Record.PROPERTY_LIST and one.numbers[0] == code]


def focus_reports(records: list[Told]) -> list[str]:
    """What was told of the autofocus."""
    focus = [one.body for one in records if one.code == Record.OLC and one.body[4:6] == b"\0\1"]
    return [body[8:14].hex() for body in focus]


def is_complete(record: Told) -> bool:
    return record.code == Record.CAMERA_STATUS and record.numbers == (0,)


@pytest.fixture(scope="module")
def running() -> Iterator[VirtualCamera]:
    with VirtualCamera("--brand", "canon", "--megapixels", "4", "--live-size", "480x320") as camera:
        yield camera


@pytest.fixture
def eos(camera: VirtualCamera) -> Iterator[Eos]:
    with Eos(camera.port) as connected:
        yield connected


# Codes, as in libgphoto2's tables


def test_exposure_is_coded_in_eighths_of_a_stop() -> None:
    dials = {dial.settings[0]: dial for dial in canon_dials.DIALS}

    def code(name: str, value: object) -> int:
        settings = Settings().changed(name, value)
        return int.from_bytes(dials[name].encode(settings), "little")

    shutters = {one.label: one for one in SHUTTERS}
    assert [code("shutter", shutters[label]) for label in ("1/8000", "1/160", "1/6", "1", "30")] == [
        0xA0,
        0x73,
        0x4D,
        0x38,
        0x10,
    ]
    assert [code("aperture", one) for one in (APERTURES[0], APERTURES[4], APERTURES[-1])] == [
        0x15,
        0x20,
        0x50,
    ]
    assert [code("iso", one) for one in (AUTO_ISO, ISOS[2], ISOS[-1])] == [0x00, 0x48, 0x88]


def test_every_choice_comes_back_from_its_code() -> None:
    for dial in canon_dials.DIALS:
        codes = [code for code, _ in dial.choices]
        assert len(set(codes)) == len(codes)
        for code, meaning in dial.choices:
            assert dial.decode(code) == meaning


# The event stream


def test_the_stream_is_closed_even_when_nothing_is_told(eos: Eos) -> None:
    assert eos.ok("EosGetEvent") == TERMINATOR


def test_it_begins_with_all_values_and_then_the_lists(eos: Eos) -> None:
    kinds = [one.code for one in eos.first]

    assert set(kinds) == {Record.PROPERTY_VALUE, Record.PROPERTY_LIST}
    assert kinds == sorted(kinds)
    assert values(eos.first, 0xD199) == [OLC_VERSION]
    for code in (APERTURE, SHUTTER, ISO, COMPENSATION):
        (current,), (choices,) = values(eos.first, code), lists(eos.first, code)
        assert current in choices


def test_nothing_is_told_to_a_client_that_does_not_listen(camera: VirtualCamera) -> None:
    with Client(camera.port) as client:
        camera.do("dial", setting="iso", value="800")

        assert client.ok("EosGetEvent") == TERMINATOR


def test_its_third_list_is_not_empty(eos: Eos) -> None:
    body = eos.ok("EosGetDeviceInfoEx")
    counts, at = [], 4
    while at < len(body):
        (count,) = struct.unpack_from("<I", body, at)
        counts.append(count)
        at += 4 + 4 * count

    assert len(counts) == 3
    assert all(counts)


def test_a_set_is_echoed_and_a_dial_on_the_body_is_told(eos: Eos, camera: VirtualCamera) -> None:
    assert eos.put(ISO, 0x58) == OK
    echoed = values(eos.told(), ISO)
    camera.do("dial", setting="iso", value="800")

    assert echoed == [0x58]
    assert values(eos.told(), ISO) == [0x60]


def test_a_setting_that_is_ignored_is_told_as_it_stayed(eos: Eos, camera: VirtualCamera) -> None:
    camera.do("fault", kind="setting_ignored")

    assert eos.put(ISO, 0x58) == OK
    assert values(eos.told(), ISO) == [0x48]


def test_an_unknown_value_is_refused(eos: Eos) -> None:
    assert eos.put(ISO, 0x49) == INVALID
    assert eos.put(COMPENSATION, 0xFD) == INVALID  # nothing to compensate in M
    assert eos.put(SHOTS_LEFT, 5) == INVALID


# The mode dial


@pytest.mark.parametrize(
    ("mode", "locked"),
    [("A", {SHUTTER}), ("S", {APERTURE}), ("P", {SHUTTER, APERTURE}), ("M", {COMPENSATION})],
)
def test_the_mode_dial_leaves_one_entry_in_what_it_holds(
    eos: Eos, camera: VirtualCamera, mode: str, locked: set[int]
) -> None:
    camera.do("dial", setting="exposure_mode", value=mode)
    eos.ok("EosSetEventMode", 1)
    told = eos.told()

    single = {
        code for code in (APERTURE, SHUTTER, COMPENSATION) for one in lists(told, code) if len(one) == 1
    }
    assert single == locked


def test_turning_the_mode_dial_tells_the_lists_that_change(eos: Eos, camera: VirtualCamera) -> None:
    camera.do("dial", setting="exposure_mode", value="A")
    told = eos.told()

    assert values(told, 0xD105) == [2]
    assert lists(told, SHUTTER) == [(0x68,)]
    assert [len(one) for one in lists(told, COMPENSATION)] == [19]


def test_automatic_iso_brings_compensation_to_m(eos: Eos, camera: VirtualCamera) -> None:
    camera.do("dial", setting="iso", value="auto")
    told = eos.told()

    assert values(told, ISO) == [0]
    assert [len(one) for one in lists(told, COMPENSATION)] == [19]


def test_the_body_has_no_values_of_other_brands(camera: VirtualCamera) -> None:
    for setting, value in (("image_format", "jpeg basic"), ("exposure_compensation", "5"), ("iso", "64")):
        assert "has no" in camera.control({"do": "dial", "setting": setting, "value": value})["error"]


def test_raw_size_and_compression_are_one_setting(eos: Eos, camera: VirtualCamera) -> None:
    craw_and_small = struct.pack("<9I", 2, 0x10, 6, 0, 3, 0x10, 1, 0x0E, 2)
    code, *_ = eos.do("EosSetDevicePropValueEx", data=struct.pack("<II", 44, 0xD120) + craw_and_small)

    settings = camera.state()["settings"]
    assert code == OK
    assert settings["image_format"] == "raw+jpeg normal"
    assert settings["image_size"] == "small"
    assert settings["raw_compression"] == "compressed"


# The button


def test_half_a_press_focuses_and_the_whole_releases_without_focusing_again(
    eos: Eos, camera: VirtualCamera
) -> None:
    camera.do("fault", kind="focus_missed", skip=1)
    eos.told()

    eos.ok("EosRemoteReleaseOn", 1, 0)
    assert focus_reports(eos.told()) == ["000000000001", "000000000101"]
    eos.ok("EosRemoteReleaseOn", 3, 0)
    told = eos.wait(is_complete)
    eos.ok("EosRemoteReleaseOff", 3)

    assert focus_reports(told) == []
    assert [one.code for one in told if one.code in {Record.CAMERA_STATUS, Record.OBJECT_ADDED}] == [
        Record.CAMERA_STATUS,
        Record.OBJECT_ADDED,
        Record.CAMERA_STATUS,
    ]


def test_without_focus_it_does_not_release(eos: Eos, camera: VirtualCamera) -> None:
    camera.do("fault", kind="focus_missed")
    before = len(camera.state()["releases"])

    eos.ok("EosRemoteReleaseOn", 3, 0)
    told = eos.told()
    eos.ok("EosRemoteReleaseOff", 3)

    assert focus_reports(told) == ["000000000001", "000000000200"]
    assert len(camera.state()["releases"]) == before


def test_a_press_that_leaves_the_focus_alone_releases_at_once(eos: Eos, camera: VirtualCamera) -> None:
    camera.do("fault", kind="focus_missed")
    eos.ok("EosRemoteReleaseOn", 3, 1)

    assert focus_reports(eos.wait(is_complete)) == []


def test_the_button_holds_the_shutter_open_in_bulb(eos: Eos, camera: VirtualCamera) -> None:
    assert eos.put(SHUTTER, BULB) == OK

    eos.ok("EosRemoteReleaseOn", 3, 1)
    assert camera.state()["is_exposing"]
    assert eos.put(ISO, 0x58) == BUSY
    eos.ok("EosRemoteReleaseOff", 3)

    assert any(one.code == Record.OBJECT_ADDED for one in eos.wait(is_complete))


# Where pictures go


def test_a_file_on_the_card_is_told_with_its_place(eos: Eos, camera: VirtualCamera) -> None:
    camera.do("shutter")
    told = eos.wait(is_complete)

    (body,) = [one.body for one in told if one.code == Record.OBJECT_ADDED]
    handle, storage, form = struct.unpack_from("<IIH", body)
    size, parent = struct.unpack_from("<II", body, 0x14)
    made = camera.state()["files"][-1]
    assert (storage, form, size) == (0x10001, 0x3801, made["size_bytes"])
    assert body[0x20:].rstrip(b"\0").decode() == made["name"]
    assert made["folder"] == "DCIM/100CANON"
    assert made["name"].startswith("IMG_")
    assert len(eos.ok("GetObject", handle)) == size
    assert struct.unpack_from("<I", eos.ok("GetObjectInfo", handle), 38)[0] == parent


def test_it_shoots_into_its_memory_only_when_the_computer_has_room(eos: Eos, camera: VirtualCamera) -> None:
    assert eos.put(DESTINATION, 4) == OK
    eos.ok("EosPCHDDCapacity", 0, 0x1000, 1)
    assert values(eos.told(), SHOTS_LEFT)[-1] == 0
    assert eos.do("EosRemoteReleaseOn", 3, 1)[0] == FULL

    eos.ok("EosPCHDDCapacity", 0x0FFFFFFF, 0x1000, 1)
    assert values(eos.told(), SHOTS_LEFT)[-1] > 30_000
    assert eos.do("EosRemoteReleaseOn", 3, 1)[0] == OK
    told = eos.wait(is_complete)

    (body,) = [one.body for one in told if one.code == Record.OBJECT_TRANSFER]
    handle, form = struct.unpack_from("<IH", body)
    (size,) = struct.unpack_from("<I", body, 0x0C)
    assert form == 0x3801
    assert body[0x14:].startswith(b"IMG_")
    assert eos.ok("GetPartialObject", handle, 0, size)[:2] == b"\xff\xd8"
    eos.ok("EosTransferComplete", handle)
    assert camera.state()["files"][-1]["deleted"]


def test_a_full_card_refuses_and_says_so(eos: Eos, camera: VirtualCamera) -> None:
    camera.do("fault", kind="card_full")
    eos.told()

    assert eos.do("EosRemoteReleaseOn", 3, 1)[0] == FULL
    assert values(eos.told(), SHOTS_LEFT) == [0]


def test_it_is_an_ordinary_camera_again_when_the_client_is_gone(camera: VirtualCamera) -> None:
    with Eos(camera.port) as eos:
        eos.to_computer()
        eos.ok("EosSetUILock")
        assert not camera.control({"do": "shutter"})["ok"]
    camera.wait_for(lambda state: state["client"] is None)

    camera.do("shutter")
    state = camera.wait_for(lambda state: not state["is_exposing"])
    assert state["releases"][-1]["destination"] == "card"


# Live view, lens, clock


def test_the_live_view_is_not_ready_until_it_is_sent_to_the_computer(eos: Eos) -> None:
    assert eos.do("EosGetViewFinderData", 0x200000, 0, 0)[0] == NOT_READY
    eos.start_live()

    assert eos.live_picture().shape == (320, 480)


def test_a_smaller_live_view_is_smaller(eos: Eos) -> None:
    assert eos.put(OUTPUT, 8) == OK
    eos.start_live()
    assert eos.put(OUTPUT, 8) == OK

    assert eos.live_picture().shape == (107, 160)


def test_the_magnifier_shows_a_part_and_focuses_there(eos: Eos, camera: VirtualCamera) -> None:
    eos.start_live()
    whole = eos.live_picture()
    assert eos.do("EosZoom", 5)[0] == OK
    eos.ok("EosZoomPosition", 5472 * 2 // 5, 3648 * 2 // 5)

    enlarged = cv2.resize(eos.live_picture(), (96, 64), interpolation=cv2.INTER_AREA)
    assert np.abs(enlarged.astype(int) - whole[128:192, 192:288]).mean() < 12
    assert eos.do("EosZoom", 7)[0] != OK
    eos.ok("EosDoAf")
    assert camera.state()["focus_m"] == pytest.approx(1.2, abs=0.05)


def test_the_lens_moves_in_three_sizes_while_live(eos: Eos, camera: VirtualCamera) -> None:
    assert eos.do("EosDriveLens", 1)[0] == REFUSED
    eos.start_live()
    at = [camera.state()["focus_m"]]
    for step in (2, 3, 0x8003):
        eos.ok("EosDriveLens", step)
        at.append(camera.state()["focus_m"])

    assert at[2] < at[1] < at[0]
    assert at[3] == pytest.approx(at[1], abs=0.01)
    assert eos.do("EosDriveLens", 4)[0] != OK


def test_live_view_is_refused_when_it_is_prohibited(eos: Eos, camera: VirtualCamera) -> None:
    camera.do("fault", kind="live_view_prohibited")

    assert eos.put(OUTPUT, 2) == 0x200F


def test_its_clock_can_be_set(eos: Eos) -> None:
    eos.told()
    wanted = int(time.time()) - 86_400

    assert eos.put(UTC, wanted) == OK
    assert values(eos.told(), UTC)[0] == pytest.approx(wanted, abs=3)

"""The camera as a client on the wire and a hand on the control port know it."""

from __future__ import annotations

import contextlib
import hashlib
import io
import signal
import socket
import struct
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from virtual.ptpip_client import Client, RefusedError
from virtual_camera import VirtualCamera

ISO, APERTURE, SHUTTER, SHUTTER_FRACTION, MODE, FORMAT = 0x500F, 0x5007, 0x500D, 0xD100, 0x500E, 0x5004
ADDED, CHANGED, COMPLETE, RAM_ADDED, RAM_COMPLETE = 0x4002, 0x4006, 0x400D, 0xC101, 0xC102
OK, BUSY, DENIED, STORE_FULL, INVALID = 0x2001, 0x2019, 0x200F, 0x200C, 0x201C
AUTO_ISO = 0xD054
AUTOFOCUS, NO_AUTOFOCUS = 0xFFFFFFFE, 0xFFFFFFFF


def handles(events: list[tuple[int, int]], code: int) -> list[int]:
    return [param for event, param in events if event == code]


def capture(client: Client, *, to_ram: bool) -> list[int]:
    assert client.do("NikonCapture", NO_AUTOFOCUS, int(to_ram))[0] == OK
    done, added = (RAM_COMPLETE, RAM_ADDED) if to_ram else (COMPLETE, ADDED)
    return handles(client.wait_events(lambda events: handles(events, done)), added)


def brightness(frame: bytes) -> float:
    return float(cv2.imdecode(np.frombuffer(frame, np.uint8), cv2.IMREAD_COLOR).mean())


# Life


def test_sigterm_ends_it_cleanly() -> None:
    with VirtualCamera("--megapixels", "4") as camera:
        camera.process.send_signal(signal.SIGTERM)

        assert camera.process.wait(10) == 0

    assert camera.stderr_lines == []


def test_it_ends_with_whoever_started_it() -> None:
    with VirtualCamera("--megapixels", "4") as camera, Client(camera.port) as client:
        client.start_live()
        assert camera.process.stdin is not None
        camera.process.stdin.close()

        assert camera.process.wait(10) == 0


def test_a_taken_port_is_told_in_one_sentence(camera: VirtualCamera) -> None:
    with pytest.raises(RuntimeError, match=r"Error: .*port"):
        VirtualCamera("--port", str(camera.port))


def test_a_second_client_is_refused(camera: VirtualCamera, client: Client) -> None:
    with pytest.raises(RefusedError):
        Client(camera.port)

    assert client.do("NikonDeviceReady")[0] == OK


def test_a_client_that_comes_back_gets_in_at_once(camera: VirtualCamera) -> None:
    for _ in range(5):
        with Client(camera.port) as client:
            client.ok("GetDeviceInfo")


def test_a_client_gets_in_after_the_camera_slept_through_the_old_one(camera: VirtualCamera) -> None:
    old = Client(camera.port)
    with camera.frozen():
        # The old client asks, loses patience and leaves; nobody reads what it said.
        old.commands.sendall(struct.pack("<IIIHI", 18, 6, 1, 0x90C8, 99))
        old.close()

    with Client(camera.port) as client:
        assert client.do("NikonDeviceReady")[0] == OK


@pytest.mark.parametrize(
    "garbage",
    [
        b"\0" * 8,
        b"\xff" * 64,
        struct.pack("<II", 9, 77) + b"x",
        struct.pack("<II", 12, 1) + b"abcd",
        b"GET / HTTP\r\n\r\n",
    ],
)
def test_garbage_ends_the_connection_and_nothing_else(camera: VirtualCamera, garbage: bytes) -> None:
    with socket.create_connection(("127.0.0.1", camera.port), 10) as connection:
        connection.sendall(garbage)
        with contextlib.suppress(OSError):  # it may have hung up already
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                continue

    with Client(camera.port) as client:
        client.ok("GetDeviceInfo")


def test_a_short_operation_packet_ends_that_client_alone(camera: VirtualCamera) -> None:
    with Client(camera.port) as client:
        client.commands.sendall(struct.pack("<IIH", 10, 6, 1))
        assert client.commands.recv(10) == b""

    with Client(camera.port) as client:
        client.ok("GetDeviceInfo")


def test_missing_parameters_are_answered(client: Client) -> None:
    assert client.do("GetObject")[0] == 0x201D
    assert client.do("GetPartialObject", 1)[0] == 0x201D


# The control port


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[]",
        b"{}",
        b'{"do": "dance"}',
        b'{"do": "dial"}',
        b'{"do": "card", "shots_left": -1}',
        b'{"do": "card", "is_in": 0}',
        b"\xff\xfe",
        b'{"do": "battery", "percent": true}',
        b'{"do": "fault"}',
        b'{"do": "dial", "setting": "iso", "value": "7"}',
    ],
)
def test_nonsense_on_the_control_port_is_answered(camera: VirtualCamera, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", camera.control_port), 10) as connection:
        connection.sendall(line + b"\n")
        reply = connection.makefile().readline()

    assert reply.startswith('{"ok": false, "error": "')


def test_a_dial_on_the_body_is_told_to_the_client(camera: VirtualCamera, client: Client) -> None:
    camera.do("dial", setting="iso", value="800")

    assert handles(client.wait_events(len), CHANGED) == [ISO]
    assert client.get(ISO, "<H") == 800
    assert camera.state()["dials"][-1]["setting"] == "iso"


def test_automatic_iso_is_a_switch_beside_the_number(camera: VirtualCamera, client: Client) -> None:
    client.set(ISO, "<H", 200)
    client.set(AUTO_ISO, "<B", 1)
    assert client.set(ISO, "<H", 800) == OK  # kept for later
    assert camera.state()["settings"]["is_iso_auto"]

    camera.do("dial", setting="iso", value="100")
    assert AUTO_ISO in handles(client.wait_events(len), CHANGED)
    client.set(AUTO_ISO, "<B", 1)
    client.set(AUTO_ISO, "<B", 0)

    assert camera.state()["settings"]["iso"] == client.get(ISO, "<H") == 100


def test_battery_and_card_are_told_to_the_client(camera: VirtualCamera, client: Client) -> None:
    camera.do("battery", percent=12)
    camera.do("card", shots_left=3)

    assert handles(client.wait_events(lambda events: len(events) == 2), CHANGED) == [0x5001, 0xD1F1]
    assert client.get(0x5001, "<B") == 12
    assert client.get(0xD1F1, "<I") == 3


def test_the_state_counts_operations_by_name(camera: VirtualCamera, client: Client) -> None:
    before = camera.state()["operations"].get("NikonDeviceReady", 0)

    client.ok("NikonDeviceReady")

    state = camera.state()
    assert state["operations"]["NikonDeviceReady"] == before + 1
    assert state["client"] == "test"
    assert abs(state["monotonic"] - time.monotonic()) < 5


# Settings


def test_both_shutter_properties_turn_together(client: Client) -> None:
    assert client.set(SHUTTER, "<I", 80) == OK
    assert client.get(SHUTTER_FRACTION, "<I") == 1 << 16 | 125
    assert SHUTTER_FRACTION in handles(client.take_events(), CHANGED)

    assert client.set(SHUTTER_FRACTION, "<I", 0xFFFFFFFF) == OK
    assert client.get(SHUTTER, "<I") == 0xFFFFFFFF


@pytest.mark.parametrize(
    ("mode", "held", "free"),
    [(3, {SHUTTER, SHUTTER_FRACTION}, {APERTURE}), (4, {APERTURE}, {SHUTTER, SHUTTER_FRACTION})],
)
def test_a_metered_mode_holds_its_settings(client: Client, mode: int, held: set[int], free: set[int]) -> None:
    assert client.set(MODE, "<H", mode) == OK

    assert not any(client.is_writable(code) for code in held)
    assert all(client.is_writable(code) for code in free)
    assert client.set(min(held), "<I" if mode == 3 else "<H", 100) == DENIED
    assert held <= set(handles(client.take_events(), CHANGED))


def test_the_meter_tells_what_it_chose(client: Client) -> None:
    client.set(MODE, "<H", 3)
    client.take_events()

    client.set(APERTURE, "<H", 280)

    assert client.get(SHUTTER_FRACTION, "<I") == 1 << 16 | 250
    assert set(handles(client.take_events(), CHANGED)) == {SHUTTER, SHUTTER_FRACTION}


def test_a_value_that_the_camera_lacks_is_refused(client: Client) -> None:
    assert client.set(ISO, "<H", 123) == INVALID
    assert client.do("SetDevicePropValue", ISO, data=b"")[0] == INVALID
    assert client.do("SetDevicePropValue", 0x5FFF, data=b"\0")[0] == 0x200A
    assert client.get(ISO, "<H") == 100


# Live view


def test_the_next_live_frame_shows_a_new_setting(client: Client) -> None:
    client.start_live()
    before = brightness(client.live_frame())

    client.set(ISO, "<H", 400)

    assert brightness(client.live_frame()) > 1.4 * before


def test_live_frames_come_no_faster_than_their_rate(client: Client) -> None:
    client.start_live()
    client.live_frame()
    started = time.monotonic()

    for _ in range(30):
        client.live_frame()

    assert time.monotonic() - started > 0.4  # 60 a second; how much later a busy machine decides


def test_a_frame_is_one_plain_jpeg(client: Client) -> None:
    client.start_live()
    frame = client.live_frame()

    assert frame.startswith(b"\xff\xd8")
    assert frame.index(b"\xff\xd9") == len(frame) - 2
    with Image.open(io.BytesIO(frame)) as picture:
        assert picture.size == (512, 340)


def test_no_live_view_no_frame_and_no_focus_drive(client: Client) -> None:
    assert client.do("NikonGetLiveViewImage")[0] == 0xA00B
    assert client.do("NikonMfDrive", 1, 10)[0] == 0xA00B


def test_the_lens_moves_to_its_end_stop(camera: VirtualCamera, client: Client) -> None:
    client.start_live()
    before = camera.state()["focus_m"]
    client.ok("NikonMfDrive", 1, 500)
    assert client.wait_ready() == OK
    nearer = camera.state()["focus_m"]

    client.ok("NikonMfDrive", 1, 32767)

    assert client.wait_ready() == 0xA00C
    assert client.wait_ready() == OK
    assert camera.state()["focus_m"] == 0.4 < nearer < before


def test_autofocus_finds_what_lies_under_the_point(camera: VirtualCamera, client: Client) -> None:
    client.start_live()
    for x, y, distance_m in ((0.905, 0.80, 0.8), (0.15, 0.45, 1.45), (0.5, 0.5, 1.2)):
        client.ok("NikonChangeAfArea", round(x * 2464), round(y * 1640))
        client.ok("NikonAfDrive")
        assert client.wait_ready() == OK
        assert camera.state()["focus_m"] == pytest.approx(distance_m, rel=0.02)


# Release


def test_a_shot_to_the_card_is_what_the_camera_says_it_made(camera: VirtualCamera, client: Client) -> None:
    client.set(FORMAT, "<B", 7)
    jpeg, raw = capture(client, to_ram=False)

    made = camera.state()["files"][-2:]
    assert [file["name"].partition(".")[2] for file in made] == ["JPG", "DNG"]
    assert made[0]["folder"] == "DCIM/100GGLAB"
    for handle, file in zip((jpeg, raw), made, strict=True):
        data = client.ok("GetObject", handle)
        assert len(data) == file["size_bytes"]
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
        assert client.ok("GetThumb", handle).startswith(b"\xff\xd8")


def test_a_file_can_be_read_in_parts_and_deleted(camera: VirtualCamera, client: Client) -> None:
    (handle,) = capture(client, to_ram=False)
    whole = client.ok("GetObject", handle)
    left = camera.state()["shots_left"]

    code, part, params = client.do("GetPartialObject", handle, 1000, 5000)

    assert (code, part, params) == (OK, whole[1000:6000], (5000,))
    assert client.do("DeleteObject", handle)[0] == OK
    assert client.do("GetObject", handle)[0] == 0x2009
    assert camera.state()["files"][-1]["deleted"]
    assert camera.state()["shots_left"] == left + 1


def test_a_shot_to_ram_lies_outside_the_card(camera: VirtualCamera, client: Client) -> None:
    left = camera.state()["shots_left"]

    (handle,) = capture(client, to_ram=True)

    assert handle >= 0xFFFF0001
    info = client.ok("GetObjectInfo", handle)
    assert struct.unpack_from("<I", info) == (0,)
    assert struct.unpack_from("<I", info, 38) == (0,)
    assert camera.state()["shots_left"] == left
    assert client.do("DeleteObject", handle)[0] == OK


def test_the_camera_is_busy_while_the_shutter_is_open(client: Client) -> None:
    client.set(SHUTTER_FRACTION, "<I", 1 << 16 | 1)
    started = time.monotonic()
    client.ok("NikonCapture", NO_AUTOFOCUS, 1)

    assert client.do("NikonDeviceReady")[0] == BUSY
    assert client.set(ISO, "<H", 200) == BUSY
    assert client.do("NikonCapture", NO_AUTOFOCUS, 1)[0] == BUSY
    assert client.wait_ready() == OK
    assert time.monotonic() - started >= 0.95
    client.wait_events(lambda events: handles(events, RAM_COMPLETE))


def test_the_button_on_the_body_makes_a_file(camera: VirtualCamera, client: Client) -> None:
    camera.do("shutter")

    events = client.wait_events(lambda events: handles(events, COMPLETE))

    assert len(handles(events, ADDED)) == 1
    assert camera.state()["releases"][-1]["by"] == "body"


def test_bulb_stays_open_until_it_is_closed(camera: VirtualCamera, client: Client) -> None:
    client.set(SHUTTER, "<I", 0xFFFFFFFF)
    client.ok("NikonCapture", NO_AUTOFOCUS, 1)
    assert client.do("NikonDeviceReady")[0] == 0xA200
    assert camera.state()["is_exposing"]

    client.ok("NikonTerminateCapture", 0, 0)

    (handle,) = handles(client.wait_events(lambda events: handles(events, RAM_COMPLETE)), RAM_ADDED)
    with Image.open(io.BytesIO(client.ok("GetObject", handle))) as picture:
        assert 0 < picture.getexif().get_ifd(0x8769)[33434] < 5


def test_a_burst_makes_several_shots(client: Client) -> None:
    client.set(0x5013, "<H", 2)
    client.set(0x5018, "<H", 3)
    client.ok("NikonCapture", NO_AUTOFOCUS, 0)

    events = client.wait_events(lambda events: len(handles(events, COMPLETE)) == 3)

    assert len(handles(events, ADDED)) == 3
    assert client.set(0x5018, "<H", 1) == OK


def test_a_full_card_refuses(camera: VirtualCamera, client: Client) -> None:
    camera.do("card", shots_left=0)

    assert client.do("NikonCapture", NO_AUTOFOCUS, 0)[0] == STORE_FULL
    assert not camera.control({"do": "shutter"})["ok"]


def test_photos_of_a_folder_are_served_in_turn(tmp_path: Path) -> None:
    for name, level in (("a", 60), ("b", 180)):
        cv2.imwrite(str(tmp_path / f"{name}.jpg"), np.full((300, 450, 3), level, np.uint8))
    with VirtualCamera("--photos", str(tmp_path)) as camera, Client(camera.port) as client:
        client.start_live()
        assert brightness(client.live_frame()) == pytest.approx(60, abs=2)

        served = [client.ok("GetObject", *capture(client, to_ram=True)) for _ in range(3)]

        assert brightness(client.live_frame()) == pytest.approx(180, abs=2)
    originals = [(tmp_path / f"{name}.jpg").read_bytes() for name in "aba"]
    assert served == originals


# Faults


def test_busy_as_often_as_asked(camera: VirtualCamera, client: Client) -> None:
    camera.do("fault", kind="busy", operation="GetStorageIDs", count=2)

    assert [client.do("GetStorageIDs")[0] for _ in range(3)] == [BUSY, BUSY, OK]


def test_a_refusal_with_a_code(camera: VirtualCamera, client: Client) -> None:
    camera.do("fault", kind="refuse", operation="0x1004", code="0x2008", skip=1)

    assert [client.do("GetStorageIDs")[0] for _ in range(3)] == [OK, 0x2008, OK]


def test_a_stall(camera: VirtualCamera, client: Client) -> None:
    camera.do("fault", kind="stall", operation="GetStorageIDs", seconds=0.3)
    started = time.monotonic()

    assert client.do("GetStorageIDs")[0] == OK
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize("how", ["closed", "reset"])
def test_a_drop_in_mid_transfer(camera: VirtualCamera, how: str) -> None:
    with Client(camera.port) as client:
        (handle,) = capture(client, to_ram=False)
        camera.do("fault", kind="drop", operation="GetObject", after_bytes=1000, how=how)
        with pytest.raises(ConnectionError):
            client.do("GetObject", handle)

    with Client(camera.port) as client:
        assert len(client.ok("GetObject", handle)) == camera.state()["files"][-1]["size_bytes"]


def test_a_link_that_falls_silent(camera: VirtualCamera) -> None:
    with Client(camera.port) as client:
        (handle,) = capture(client, to_ram=False)
        camera.do("fault", kind="drop", operation="GetObject", after_bytes=1000, how="silent")
        client.commands.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.do("GetObject", handle)

    with Client(camera.port) as client:
        client.ok("GetObject", handle)


@pytest.mark.parametrize(("when", "happened"), [("request", 0), ("response", 1)])
def test_a_drop_before_or_after_the_effect(camera: VirtualCamera, when: str, happened: int) -> None:
    made = len(camera.state()["releases"])
    with Client(camera.port) as client:
        camera.do("fault", kind="drop", operation="NikonCapture", when=when)
        with pytest.raises(ConnectionError):
            client.do("NikonCapture", NO_AUTOFOCUS, 0)

    assert len(camera.state()["releases"]) == made + happened


def test_a_slow_link(camera: VirtualCamera, client: Client) -> None:
    (handle,) = capture(client, to_ram=False)
    camera.do("fault", kind="slow", operation="GetPartialObject", bytes_per_second=200_000)
    started = time.monotonic()

    client.ok("GetPartialObject", handle, 0, 100_000)

    assert time.monotonic() - started > 0.4  # 60 a second; how much later a busy machine decides


def test_focus_missed(camera: VirtualCamera, client: Client) -> None:
    camera.do("fault", kind="focus_missed")

    assert client.do("NikonCapture", AUTOFOCUS, 1)[0] == 0xA002
    assert client.do("NikonCapture", AUTOFOCUS, 1)[0] == OK
    client.wait_events(lambda events: handles(events, RAM_COMPLETE))


def test_live_view_prohibited(camera: VirtualCamera, client: Client) -> None:
    camera.do("fault", kind="live_view_prohibited", mask=1 << 8)

    assert client.get(0xD1A4, "<I") == 1 << 8
    assert client.do("NikonStartLiveView")[0] == 0xA004

    camera.do("clear")
    assert client.do("NikonStartLiveView")[0] == OK


@pytest.mark.parametrize(("kind", "times"), [("event_lost", 0), ("event_doubled", 2)])
def test_an_event_is_lost_or_doubled(camera: VirtualCamera, client: Client, kind: str, times: int) -> None:
    camera.do("fault", kind=kind, event="ObjectAdded")

    client.ok("NikonCapture", NO_AUTOFOCUS, 0)
    events = client.wait_events(lambda events: handles(events, COMPLETE))

    assert len(handles(events, ADDED)) == times


def test_an_event_is_late(camera: VirtualCamera, client: Client) -> None:
    camera.do("fault", kind="event_late", event="PropertyChanged", seconds=0.3)
    started = time.monotonic()
    camera.do("dial", setting="iso", value="800")

    client.wait_events(len)

    assert time.monotonic() - started >= 0.3


def test_a_setting_is_accepted_and_ignored(camera: VirtualCamera, client: Client) -> None:
    camera.do("fault", kind="setting_ignored", setting="iso")

    assert client.set(ISO, "<H", 800) == OK
    assert client.get(ISO, "<H") == 100
    assert client.set(ISO, "<H", 800) == OK
    assert client.get(ISO, "<H") == 800


def test_a_live_frame_is_damaged(camera: VirtualCamera, client: Client) -> None:
    client.start_live()
    camera.do("fault", kind="frame_damaged", how="truncated")

    damaged, whole = client.live_frame(), client.live_frame()

    assert not damaged.endswith(b"\xff\xd9")
    assert whole.endswith(b"\xff\xd9")


def test_the_process_is_still_one_and_tidy(running: VirtualCamera) -> None:
    tasks = Path(f"/proc/{running.process.pid}/task")
    threads = len(list(tasks.iterdir())) if tasks.is_dir() else 0

    assert threads < 20
    assert running.stderr_lines == []

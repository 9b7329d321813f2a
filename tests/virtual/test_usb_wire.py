"""The camera's end of the USB bridge, byte by byte; needs no compiler."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest

from groundglass.virtual import ptp
from virtual_camera import VirtualCamera

_ISO = 0x500F


class Cable:
    """A client on the bridge; a context manager."""

    def __init__(self, camera: VirtualCamera, purpose: bytes = b"B") -> None:
        self._socket = socket.create_connection(("127.0.0.1", camera.announcement["usb"]["port"]), 10.0)
        self._transaction = 0
        self._socket.sendall(purpose)
        self.verdict = self._socket.recv(1)

    def __enter__(self) -> Cable:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, *transfers: bytes) -> None:
        self._socket.sendall(b"".join(struct.pack("<I", len(one)) + one for one in transfers))

    def read(self, size: int) -> bytes:
        received = b""
        while len(received) < size:
            part = self._socket.recv(size - len(received))
            if not part:
                raise ConnectionAbortedError
            received += part
        return received

    def transfer(self) -> bytes:
        """Read one transfer."""
        (size,) = struct.unpack("<I", self.read(4))
        return self.read(size)

    def command(self, name: str, *params: int) -> None:
        self._transaction += 1
        self.send(self.container(1, ptp.operation_code(name), struct.pack(f"<{len(params)}I", *params)))

    def container(self, kind: int, code: int, body: bytes) -> bytes:
        return struct.pack("<IHHI", 12 + len(body), kind, code, self._transaction) + body

    def ask(self, name: str, *params: int) -> tuple[bytes, int]:
        """Send a command; returns the data, empty if there is none, and the response's code."""
        self.command(name, *params)
        data = b""
        while True:
            container = self.transfer()
            if not container:
                continue
            size, kind, code, transaction = struct.unpack_from("<IHHI", container)
            assert (size, transaction) == (len(container), self._transaction)
            if kind == 3:
                return data, code
            data = container[12:]

    def opened(self) -> Cable:
        assert self.ask("OpenSession", 1)[1] == ptp.Response.OK
        return self


@pytest.fixture(scope="module")
def running() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4", "--usb-port", "0") as camera:
        yield camera


@pytest.fixture
def camera(running: VirtualCamera) -> VirtualCamera:
    running.do("clear")
    running.wait_for(lambda state: state["client"] is None)
    return running


def iso_of(cable: Cable) -> int:
    return int.from_bytes(cable.ask("GetDevicePropValue", _ISO)[0], "little")


def test_the_announcement_says_who_it_is_on_the_bus(camera: VirtualCamera) -> None:
    usb = camera.announcement["usb"]

    assert (usb["vendor"], usb["product"]) == ("04b0", "0443")


def test_a_session_is_opened_and_the_serial_told(camera: VirtualCamera) -> None:
    with Cable(camera) as cable:
        data, code = cable.opened().ask("GetDeviceInfo")

    assert code == ptp.Response.OK
    assert camera.serial.encode("utf-16-le") in data


def test_only_one_client_is_let_in_whichever_cable_it_comes_by(camera: VirtualCamera) -> None:
    before = camera.state()["refused"]
    with Cable(camera) as first:
        with Cable(camera) as second:
            verdicts = (first.verdict, second.verdict)
        network = socket.create_connection(("127.0.0.1", camera.port), 10.0)
        with network:
            body = bytes(16) + "other".encode("utf-16-le") + b"\0\0" + struct.pack("<HH", 0, 1)
            network.sendall(struct.pack("<II", len(body) + 8, 1) + body)
            kind = struct.unpack("<II", network.recv(8))[1]

    assert verdicts == (b"Y", b"N")
    assert kind == 5  # refused
    assert camera.state()["refused"] == before + 2


def test_who_comes_after_the_first_has_gone_is_let_in(camera: VirtualCamera) -> None:
    with Cable(camera):
        pass

    with Cable(camera) as second:
        assert second.verdict == b"Y"


@pytest.mark.parametrize("cut", [0, 12, 13])
def test_data_may_come_in_several_transfers(camera: VirtualCamera, cut: int) -> None:
    with Cable(camera) as cable:
        cable.opened().command("SetDevicePropValue", _ISO)
        data = cable.container(2, 0x1016, struct.pack("<H", 800))
        cable.send(data[:cut], data[cut:])
        response = cable.transfer()

        assert struct.unpack_from("<H", response, 6)[0] == ptp.Response.OK
        assert iso_of(cable) == 800


def test_the_empty_packet_behind_whole_packets_is_no_container(camera: VirtualCamera) -> None:
    with Cable(camera) as cable:
        cable.opened().send(b"")

        assert iso_of(cable) > 0


def test_data_of_whole_packets_ends_with_an_empty_one(camera: VirtualCamera) -> None:
    camera.do("shutter")
    made = camera.wait_for(lambda state: state["files"])["files"][-1]
    with Cable(camera) as cable:
        handles = cable.opened().ask("GetObjectHandles", 0xFFFFFFFF, 0, 0)[0]
        handle = struct.unpack(f"<{len(handles) // 4}I", handles)[-1]
        for size, ends_empty in ((1024 - 12, True), (1024 - 13, False)):
            assert made["size_bytes"] > size
            cable.command("GetPartialObject", handle, 0, size)

            data, after = cable.transfer(), cable.transfer()
            assert len(data) == size + 12
            assert (after == b"") is ends_empty
            if ends_empty:
                cable.transfer()


def test_interrupts_need_a_client(camera: VirtualCamera) -> None:
    with Cable(camera, b"I") as cable:
        assert cable.verdict == b""


@pytest.mark.parametrize(
    "nonsense",
    [struct.pack("<I", 0xFFFFFFFF), struct.pack("<I", 5) + b"short", struct.pack("<II", 12, 3) + bytes(8)],
    ids=["endless", "short", "its own length too small"],
)
def test_nonsense_ends_the_connection_and_not_the_camera(camera: VirtualCamera, nonsense: bytes) -> None:
    with Cable(camera) as cable:
        cable._socket.sendall(nonsense)
        assert cable._socket.recv(1) == b""

    with Cable(camera) as next_one:
        assert next_one.verdict == b"Y"


def test_unplugging_hangs_up_and_the_next_client_may_come(camera: VirtualCamera) -> None:
    with Cable(camera) as cable:
        camera.do("unplug")
        assert cable._socket.recv(1) == b""

    with Cable(camera) as next_one:
        assert next_one.verdict == b"Y"


@pytest.mark.parametrize("how", ["closed", "reset"])
def test_a_drop_in_the_data_sends_so_many_bytes_and_no_more(camera: VirtualCamera, how: str) -> None:
    camera.do("fault", kind="drop", operation="GetDeviceInfo", how=how, after_bytes=40)
    with Cable(camera) as cable:
        cable.command("GetDeviceInfo")
        (size,) = struct.unpack("<I", cable.read(4))
        if how == "closed":
            assert len(cable.read(12 + 40)) < size

        with pytest.raises((ConnectionAbortedError, ConnectionResetError)):
            cable.read(size)


def test_busy_and_refused_are_answered_over_usb_too(camera: VirtualCamera) -> None:
    camera.do("fault", kind="busy", operation="GetDeviceInfo")
    camera.do("fault", kind="refuse", operation="GetStorageIDs", code="ACCESS_DENIED")
    with Cable(camera) as cable:
        cable.opened()

        assert cable.ask("GetDeviceInfo") == (b"", ptp.Response.DEVICE_BUSY)
        assert cable.ask("GetStorageIDs") == (b"", ptp.Response.ACCESS_DENIED)

"""A camera that another program holds is freed by the studio, without root."""

from __future__ import annotations

import queue
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from computer_records import Records
from groundglass.camera import hub
from groundglass.errors import CameraHeldError
from groundglass.studio.doctor import Finding, Report, Verdict, examine
from groundglass.studio.events import Event, Problem, ProblemSolved
from groundglass.studio.studio import Studio
from usb_bridge import UsbBus
from usb_desk import PATIENCE_S
from virtual_camera import VirtualCamera

_HOLD = (
    "import socket, sys; link = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); "
    "link.sendall(b'B'); print(link.recv(1)); sys.stdout.flush(); link.recv(1)"
)


@pytest.fixture
def holder(bus: UsbBus, camera: VirtualCamera) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has claimed the camera, as a file manager does."""
    bus.plug(camera)
    camera.wait_for(lambda state: state["client"] is None)
    port = str(camera.announcement["usb"]["port"])
    with subprocess.Popen([sys.executable, "-c", _HOLD, port], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"b'Y'\n"
        yield process
        process.kill()


@pytest.fixture
def records(tmp_path: Path, holder: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch) -> Records:
    """A computer on which that process is gvfs, and `gio` ends it."""
    records = Records(tmp_path / "records")
    records.program(holder.pid, "gvfsd-gphoto2")
    records.command("gio", f"test $1 = mount && kill {holder.pid}", monkeypatch)
    return records


class Told:
    """A studio with its events; a context manager."""

    def __init__(self, folder: Path, records: Records) -> None:
        self.studio = Studio(folder / "driver", records.computer)
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.studio.subscribe(self._events.put)

    def __enter__(self) -> Told:
        return self

    def __exit__(self, *_: object) -> None:
        self.studio.close()

    def next(self, kind: type) -> Event:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            event = self._events.get(timeout=max(0.01, deadline - time.monotonic()))
            if isinstance(event, kind):
                return event


def test_the_studio_frees_the_camera_and_connects(tmp_path: Path, records: Records) -> None:
    with Told(tmp_path, records) as told:
        told.studio.connect(None).result(PATIENCE_S)
        problem = told.next(Problem)

        told.studio.free_camera().result(PATIENCE_S)
        told.next(ProblemSolved)

        assert isinstance(problem, Problem)
        assert isinstance(problem.error, CameraHeldError)
        assert told.studio.status.state.is_connected


def test_a_holder_that_can_not_be_made_to_let_go_is_named(
    tmp_path: Path, holder: subprocess.Popen[bytes]
) -> None:
    records = Records(tmp_path / "records")
    records.program(holder.pid, "darktable")
    with Told(tmp_path, records) as told:
        told.studio.connect(None).result(PATIENCE_S)
        told.next(Problem)

        with pytest.raises(CameraHeldError, match="may be held by darktable"):
            told.studio.free_camera().result(PATIENCE_S)


def test_doctor_names_the_holder_and_the_command(tmp_path: Path, records: Records) -> None:
    report = examine(tmp_path / "driver", tmp_path, records.computer)

    (access,) = [one for one in report.findings if one.item == "Nikon Z6, usb:001,004"]
    assert access.verdict is Verdict.STOP
    assert access.told == "Most likely held by the file manager (gvfs)."
    assert access.command == "gio mount -s gphoto2"


def test_doctor_tells_the_link_of_a_camera_that_answers(
    tmp_path: Path, bus: UsbBus, camera: VirtualCamera
) -> None:
    bus.plug(camera)
    camera.wait_for(lambda state: state["client"] is None)
    records = Records(tmp_path / "records")
    records.device(1, 4, 5000)

    report = examine(tmp_path / "driver", tmp_path, records.computer)

    assert report.is_fit
    assert [(one.info.serial, one.speed_mbit) for one in report.cameras] == [(camera.serial, 5000)]


def test_doctor_looks_at_the_camera_that_is_named(
    tmp_path: Path, bus: UsbBus, camera: VirtualCamera, twin: VirtualCamera
) -> None:
    bus.plug(camera, "001,004")
    bus.plug(twin, "001,005")
    computer = Records(tmp_path / "records").computer

    by_serial = examine(tmp_path / "driver", tmp_path, computer, twin.serial)
    by_model = examine(tmp_path / "driver", tmp_path, computer, "z6")
    unknown = examine(tmp_path / "driver", tmp_path, computer, "EOS")
    bus.unplug(twin, "001,005")
    alone = examine(tmp_path / "driver", tmp_path, computer, "z6")

    assert [one.info.serial for one in by_serial.cameras] == [twin.serial]
    assert ["could be more than one" in one.told for one in _stops(by_model)] == [True]
    assert [one.told for one in _stops(unknown)] == ["No camera is called “EOS”."]
    assert [one.info.serial for one in alone.cameras] == [camera.serial]
    assert (by_serial.is_fit, alone.is_fit) == (True, True)


def _stops(report: Report) -> list[Finding]:
    return [one for one in report.findings if one.verdict is Verdict.STOP]


def test_what_is_asked_of_a_camera_leaves_it_free(tmp_path: Path, bus: UsbBus, camera: VirtualCamera) -> None:
    bus.plug(camera)

    hub.examine_cameras(tmp_path / "driver")

    # The camera hears of it a moment later.
    assert camera.wait_for(lambda state: state["client"] is None)["client"] is None

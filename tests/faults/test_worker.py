"""The camera's process dies, hangs or runs out of memory in the middle of a transfer."""

from __future__ import annotations

import os
import resource
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundglass.camera import process
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.session.recover import check
from groundglass.studio.events import Event, Problem
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from virtual_camera import VirtualCamera

_ROOM_BYTES = 200_000  # far less than a picture
# Takes a transfer for a hang after four seconds without a byte, not fifteen.
_IMPATIENT = "import groundglass.camera.worker as worker; worker._TRANSFER_LIMIT_S = 4.0; worker.main()"


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


@pytest.fixture
def problems() -> list[str]:
    return []


@pytest.fixture
def studio(
    camera: VirtualCamera, tmp_path: Path, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Studio]:
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", _IMPATIENT))

    def note(event: Event) -> None:
        if isinstance(event, Problem):
            problems.append(str(event.error))

    camera.do("clear")
    studio = Studio(tmp_path / "driver")
    studio.subscribe(note)
    studio.open_session(tmp_path / "S")
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    yield studio
    studio.close()
    camera.do("clear")


def _worker() -> int:
    for listed in Path("/proc/self/task").glob("*/children"):
        for pid in listed.read_text().split():
            if b"groundglass.camera.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
    raise AssertionError("the camera has no process")


def _made(camera: VirtualCamera, before: int) -> set[str]:
    return {one["sha256"] for one in camera.state()["files"][before:]}


def _stored(studio: Studio) -> list[str]:
    return [file.sha256 for shot in studio.shots for file in shot.files]


def _crash(pid: int) -> None:
    os.kill(pid, signal.SIGSEGV)


def _hang(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)


def _starve(pid: int) -> None:
    used = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.prlimit(pid, resource.RLIMIT_AS, (used + _ROOM_BYTES, used + _ROOM_BYTES))


@pytest.mark.parametrize("harm", [_crash, _hang])
def test_a_frame_in_transfer_is_fetched_again(
    harm: Callable[[int], None], studio: Studio, camera: VirtualCamera, problems: list[str], tmp_path: Path
) -> None:
    before = len(camera.state()["files"])
    camera.do("fault", kind="slow", operation="GetPartialObject", bytes_per_second=400_000)
    camera.do("shutter")
    until(lambda: studio.status.state is CameraState.TRANSFERRING)

    harm(_worker())
    camera.do("clear")
    until(lambda: set(_stored(studio)) >= _made(camera, before) != set())
    until(lambda: problems and studio.status.state is CameraState.READY)

    assert studio.release().result(PATIENCE_S).files
    assert max(Counter(_stored(studio)).values()) == 1
    assert check(tmp_path / "S").is_clean


def test_a_driver_without_memory_is_replaced_and_no_frame_is_lost(
    studio: Studio, camera: VirtualCamera, problems: list[str], tmp_path: Path
) -> None:
    before = len(camera.state()["files"])
    first = _worker()

    _starve(first)
    camera.do("shutter")
    until(lambda: problems)
    until(lambda: studio.status.state is CameraState.READY and _worker() != first)
    until(lambda: set(_stored(studio)) >= _made(camera, before) != set())

    assert studio.release().result(PATIENCE_S).files
    assert max(Counter(_stored(studio)).values()) == 1
    assert check(tmp_path / "S").is_clean


def test_a_frame_that_was_in_the_cameras_memory_only_is_named_as_lost(
    studio: Studio, camera: VirtualCamera, problems: list[str]
) -> None:
    studio.set(SettingId.CAPTURE_TARGET, "Computer").result(PATIENCE_S)
    camera.do("fault", kind="drop", operation="GetObject", how="reset", after_bytes=200_000)

    release = studio.release()
    assert release.exception(PATIENCE_S) is not None
    until(lambda: studio.status.state is CameraState.READY)

    assert problems
    assert studio.release().result(PATIENCE_S).files

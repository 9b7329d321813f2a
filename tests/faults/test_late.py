"""Pictures that come late, or slowly, from a body that is well."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groundglass.camera import process
from groundglass.errors import CameraLostError, CaptureError
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.studio.events import Event, Problem, StatusChanged
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from virtual_camera import VirtualCamera

_LATE = "The picture is late. Waiting for it."
_QUICK = """
from groundglass.camera import exposures, worker
exposures.GRACE_S, exposures.LATE_S = 1.0, {late_s}
worker.main()
"""


@pytest.fixture
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


class _Told:
    """What the photographer is told."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.states: list[tuple[CameraState, str]] = []

    def note(self, event: Event) -> None:
        if isinstance(event, Problem):
            self.words.append(str(event.error))
        elif isinstance(event, StatusChanged):
            self.states.append((event.status.state, event.status.message))
            if event.status.message:
                self.words.append(event.status.message)


@pytest.fixture
def told() -> _Told:
    return _Told()


@pytest.fixture
def late_s(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """Let a picture count as late after a second, and as none after so many more."""
    late_s = float(request.param)
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", _QUICK.format(late_s=late_s)))
    return late_s


@pytest.fixture
def studio(camera: VirtualCamera, tmp_path: Path, told: _Told, late_s: float) -> Iterator[Studio]:
    assert late_s
    studio = Studio(tmp_path / "driver")
    studio.open_session(tmp_path / "S")
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    studio.subscribe(told.note)
    yield studio
    studio.close()


def _stored(studio: Studio) -> list[str]:
    return [file.sha256 for shot in studio.shots for file in shot.files]


@pytest.mark.parametrize("late_s", [20.0], indirect=True)
def test_a_picture_that_is_announced_late_is_told_and_stored_once(
    studio: Studio, camera: VirtualCamera, told: _Told
) -> None:
    studio.start_live().result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.LIVE)
    camera.do("fault", kind="event_late", event="ObjectAdded", seconds=2.5)

    shot = studio.release().result(PATIENCE_S)
    time.sleep(2.0)  # until it is announced, should it have been found on the card before
    assert studio.finish_storing(PATIENCE_S)

    # Told while the body is at rest for the window, so that the live view goes on.
    assert {state for state, words in told.states if words == _LATE} & {CameraState.LIVE, CameraState.READY}
    assert [file.sha256 for file in shot.files] == _stored(studio) == [camera.state()["files"][-1]["sha256"]]
    until(lambda: studio.status.state is CameraState.LIVE)
    assert studio.status.message == ""


@pytest.mark.parametrize("late_s", [1.0], indirect=True)
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "event_lost", "event": "ObjectAdded"},
        # The driver remembers the card, and not this one, for as long as the body is open.
        {"kind": "short", "operation": "GetObjectInfo"},
    ],
    ids=["never announced", "not described"],
)
def test_a_picture_that_the_driver_does_not_know_is_told_and_found_on_the_card(
    studio: Studio, camera: VirtualCamera, told: _Told, fault: dict[str, Any]
) -> None:
    # Painted once, the next picture is on the card before it is late; the first may be late by itself.
    studio.release().exception(PATIENCE_S)
    until(lambda: len(studio.shots) == 1)
    camera.do("fault", **fault)

    error = studio.release().exception(PATIENCE_S)
    until(lambda: len(studio.shots) == 2)

    # With luck the first look at the card finds it while it is waited for.
    assert error is None or isinstance(error, CaptureError | CameraLostError)
    assert error is None or str(error) in told.words
    assert _stored(studio) == [one["sha256"] for one in camera.state()["files"]]
    until(lambda: studio.status.state is CameraState.READY)
    assert studio.status.message == ""
    assert studio.release().result(PATIENCE_S).files


def test_a_slow_picture_out_of_the_cameras_memory_is_taken_for_no_hang(tmp_path: Path, told: _Told) -> None:
    """As its memory tells nothing until the whole picture is over."""
    with VirtualCamera("--megapixels", "4", "--brand", "sony") as camera:
        studio = Studio(tmp_path / "driver")
        try:
            studio.open_session(tmp_path / "S")
            studio.connect(camera.address).result(PATIENCE_S)
            until(lambda: studio.status.state is CameraState.READY)
            target = studio.status.setting(SettingId.CAPTURE_TARGET)
            assert target is not None
            assert "computer" in target.label
            time.sleep(1.0)  # until the body has told its settings
            studio.subscribe(told.note)
            camera.do("fault", kind="slow", operation="GetObject", bytes_per_second=130_000)
            client = studio._connection._client
            assert client is not None
            client._limit_s = 2.0  # and the picture takes four seconds

            camera.do("shutter")
            until(lambda: studio.shots)
        finally:
            studio.close()

    assert told.words == []
    states = {state for state, _ in told.states}
    assert CameraState.TRANSFERRING in states
    assert not states & {CameraState.UNRESPONSIVE, CameraState.LOST}

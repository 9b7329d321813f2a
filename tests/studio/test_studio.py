"""The whole way on the virtual camera: connect, set, live, release, store."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from groundglass.errors import NoCameraError, UsageError
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.model.shot import FileRole, Shot
from groundglass.session.recover import check
from groundglass.studio.events import Event, Problem, ProblemSolved, ShotStored
from groundglass.studio.studio import Studio
from virtual_camera import VirtualCamera

_PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


class Desk:
    """A studio with its events."""

    def __init__(self, folder: Path) -> None:
        self.studio = Studio(folder / "driver")
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.studio.subscribe(self.events.put)

    def wait_until(self, claim: Callable[[], object]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not claim():
            assert time.monotonic() < deadline, self.studio.status
            time.sleep(0.002)

    def next(self, kind: type) -> Event:
        while True:
            event = self.events.get(timeout=_PATIENCE_S)
            if isinstance(event, kind):
                return event

    def set(self, setting_id: SettingId, text: str) -> str:
        return self.studio.set(setting_id, text).result(_PATIENCE_S).label

    def release(self) -> Shot:
        return self.studio.release().result(_PATIENCE_S)


@pytest.fixture
def desk(camera: VirtualCamera, tmp_path: Path) -> Iterator[Desk]:
    camera.do("clear")
    desk = Desk(tmp_path)
    desk.studio.open_session(tmp_path / "still life")
    desk.studio.connect(camera.address)
    desk.wait_until(lambda: desk.studio.status.state is CameraState.READY)
    yield desk
    desk.studio.close()
    camera.do("clear")


def test_every_file_that_the_camera_made_is_in_the_session_once(desk: Desk, camera: VirtualCamera) -> None:
    before = len(camera.state()["files"])
    desk.set(SettingId.IMAGE_FORMAT, "raw+jpeg")

    shots = [desk.release() for _ in range(2)]
    camera.do("shutter")
    stored = desk.next(ShotStored)
    while not (isinstance(stored, ShotStored) and stored.shot.number == 3 and stored.is_complete):
        stored = desk.next(ShotStored)

    made = sorted(one["sha256"] for one in camera.state()["files"][before:])
    assert sorted(one.sha256 for shot in desk.studio.shots for one in shot.files) == made
    assert [{one.role for one in shot.files} for shot in (*shots, stored.shot)] == [
        {FileRole.JPEG, FileRole.RAW}
    ] * 3
    assert desk.studio.session_path is not None
    assert check(desk.studio.session_path).is_clean


def test_the_next_name_is_the_one_that_is_given(desk: Desk) -> None:
    desk.set(SettingId.IMAGE_FORMAT, "jpeg")
    announced = desk.studio.next_name

    shot = desk.release()

    assert shot.files[0].path == f"{announced}.jpg"


def test_the_live_picture_gets_brighter_by_the_stop_that_is_set(desk: Desk) -> None:
    desk.set(SettingId.SHUTTER, "1/125")
    desk.studio.start_live().result(_PATIENCE_S)
    desk.wait_until(desk.studio.live.latest)
    dark = desk.studio.live.latest()
    assert dark is not None

    desk.set(SettingId.SHUTTER, "1/60")
    desk.wait_until(lambda: (now := desk.studio.live.latest()) is not None and now.number > dark.number + 8)

    bright = desk.studio.live.latest()
    assert bright is not None
    assert float(np.mean(bright.image)) > float(np.mean(dark.image)) * 1.1
    assert int(bright.histogram.luma.sum()) == bright.image.shape[0] * bright.image.shape[1]


def test_a_bulb_exposure_lasts_from_start_to_end(desk: Desk, camera: VirtualCamera) -> None:
    desk.set(SettingId.IMAGE_FORMAT, "jpeg")
    desk.set(SettingId.SHUTTER, "bulb")
    with pytest.raises(UsageError, match="Bulb"):
        desk.release()

    opened = desk.studio.start_bulb()
    desk.wait_until(lambda: desk.studio.status.state is CameraState.EXPOSING)
    shot = desk.studio.end_bulb().result(_PATIENCE_S)

    assert opened.result(_PATIENCE_S) == shot
    desk.set(SettingId.SHUTTER, "1/60")


def test_a_pulled_cable_is_told_and_mended_and_the_next_shot_works(desk: Desk, camera: VirtualCamera) -> None:
    desk.set(SettingId.IMAGE_FORMAT, "jpeg")
    camera.do("fault", kind="drop", operation="NikonGetEvent", how="reset")

    problem = desk.next(Problem)
    desk.next(ProblemSolved)

    assert isinstance(problem, Problem)
    assert problem.error.hint
    assert len(desk.release().files) == 1


def test_a_setting_without_a_camera_is_refused_in_words(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    try:
        with pytest.raises(NoCameraError):
            desk.studio.set(SettingId.ISO, "400").result(_PATIENCE_S)
    finally:
        desk.studio.close()


@pytest.mark.parametrize("how", ["truncated", "corrupt"])
def test_the_live_picture_goes_on_behind_damaged_frames(desk: Desk, camera: VirtualCamera, how: str) -> None:
    desk.studio.start_live().result(_PATIENCE_S)
    desk.wait_until(desk.studio.live.latest)

    camera.do("fault", kind="frame_damaged", how=how, count=3)
    camera.wait_for(lambda state: not state["faults"]["waiting"])
    last = desk.studio.live.latest()

    assert last is not None
    desk.wait_until(lambda: (now := desk.studio.live.latest()) is not None and now.number > last.number + 5)
    assert desk.studio.status.state is CameraState.LIVE

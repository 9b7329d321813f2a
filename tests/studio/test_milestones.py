from __future__ import annotations

import logging
from pathlib import Path

import pytest

from groundglass.model.camera import CameraState
from groundglass.studio.events import ShotsTrashed
from groundglass.studio.milestones import Milestones
from groundglass.studio.studio import Studio
from patience import until
from virtual_camera import VirtualCamera


def test_a_job_can_be_read_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "groundglass")
    studio = Studio(tmp_path / "driver")
    try:
        with VirtualCamera("--megapixels", "4") as camera:
            studio.open_session(tmp_path / "look")
            studio.connect(camera.address).result(30)
            until(lambda: studio.status.state is CameraState.READY)
            studio.release().result(30)
            studio.trash.throw_away([1]).result(30)
            studio.undo().result(30)
            camera.do("unplug")
            until(lambda: not studio.status.state.is_connected)
    finally:
        studio.close()

    lines = [one.getMessage() for one in caplog.records if one.name == "groundglass.studio.announcer"]
    assert lines[0] == "The session look is open."
    assert lines[1].startswith("Connected: Z Virtual, serial number ")
    assert lines[2].startswith("Stored: look_0001.jpg (")
    assert lines[3:5] == ["Into the trash: 1 shot.", "Back from the trash: 1 shot."]
    assert lines[5].startswith("No longer connected: Z Virtual.")


def test_several_shots_are_counted() -> None:
    assert Milestones().line(ShotsTrashed((1, 2))) == "Into the trash: 2 shots."

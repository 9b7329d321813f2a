"""The private virtual camera when its process ends by itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundglass.errors import NoCameraError
from groundglass.model.camera import CameraState
from groundglass.studio.events import Event, Problem
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path / "driver")
    yield studio
    studio.close()


def test_one_that_is_killed_is_told_as_such_and_started_again_alike(studio: Studio) -> None:
    told: list[Event] = []
    studio.connect("virtual:canon", virtual_options=("--megapixels", "4")).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    model, first = studio.status.info, studio._connection._virtual
    assert model is not None
    assert first is not None
    studio.start_live().result(PATIENCE_S)
    studio.subscribe(told.append)

    os.kill(first._process.pid, signal.SIGKILL)
    until(lambda: any(isinstance(one, Problem) for one in told))

    assert studio.status.state is CameraState.ABSENT
    assert not studio.status.is_live_wanted
    assert studio._connection._virtual is None
    studio.start_virtual_camera().result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    assert studio.status.info is not None
    assert studio.status.info.model == model.model
    problems = [one.error for one in told if isinstance(one, Problem)]
    assert [type(one) for one in problems] == [NoCameraError]
    assert "virtual camera has ended" in problems[0].message


def test_one_that_is_let_go_is_not_told_to_have_ended(studio: Studio) -> None:
    told: list[Event] = []
    studio.connect("virtual:nikon", virtual_options=("--megapixels", "4")).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    studio.subscribe(told.append)

    studio.disconnect().result(PATIENCE_S)

    assert not [one for one in told if isinstance(one, Problem)]

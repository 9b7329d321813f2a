"""The private virtual camera when its process ends by itself."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundglass.errors import NoCameraError
from groundglass.model.camera import CameraState
from groundglass.studio.events import Event, Problem
from groundglass.studio.studio import Studio

_PATIENCE_S = 60.0


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path / "driver")
    yield studio
    studio.close()


def _until(claim: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_one_that_is_killed_is_told_as_such_and_started_again_alike(studio: Studio) -> None:
    told: list[Event] = []
    studio.connect("virtual:canon", virtual_options=("--megapixels", "4")).result(_PATIENCE_S)
    _until(lambda: studio.status.state is CameraState.READY)
    model, first = studio.status.info, studio._connection._virtual
    assert model is not None
    assert first is not None
    studio.start_live().result(_PATIENCE_S)
    studio.subscribe(told.append)

    os.kill(first.pid, signal.SIGKILL)
    _until(lambda: any(isinstance(one, Problem) for one in told))

    assert studio.status.state is CameraState.ABSENT
    assert not studio.status.is_live_wanted
    assert studio.virtual_control_port is None
    studio.start_virtual_camera().result(_PATIENCE_S)
    _until(lambda: studio.status.state is CameraState.READY)
    assert studio.status.info is not None
    assert studio.status.info.model == model.model
    problems = [one.error for one in told if isinstance(one, Problem)]
    assert [type(one) for one in problems] == [NoCameraError]
    assert "virtual camera has ended" in problems[0].message


def test_one_that_is_let_go_is_not_told_to_have_ended(studio: Studio) -> None:
    told: list[Event] = []
    studio.connect("virtual:nikon", virtual_options=("--megapixels", "4")).result(_PATIENCE_S)
    _until(lambda: studio.status.state is CameraState.READY)
    studio.subscribe(told.append)

    studio.disconnect().result(_PATIENCE_S)

    assert not [one for one in told if isinstance(one, Problem)]

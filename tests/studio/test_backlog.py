"""What was shot while nobody listened, on the virtual camera's card."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from groundglass.errors import SessionHeldError
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.session.recover import check
from groundglass.session.store import SessionStore
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from virtual_camera import VirtualCamera


@pytest.fixture
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


@pytest.fixture
def studio(camera: VirtualCamera, tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path / "driver")
    yield studio
    studio.close()


def _connect(studio: Studio, camera: VirtualCamera) -> None:
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)


def _shoot_on_body(camera: VirtualCamera, count: int, files: int = 1) -> None:
    for _ in range(count):
        made = len(camera.state()["files"]) + files
        until(lambda: camera.control({"do": "shutter"})["ok"])
        camera.wait_for(lambda state, made=made: len(state["files"]) == made and not state["is_exposing"])


def _stored(studio: Studio) -> list[str]:
    return sorted(file.sha256 for shot in studio.shots for file in shot.files)


def _made(camera: VirtualCamera) -> list[str]:
    return sorted(one["sha256"] for one in camera.state()["files"])


def test_what_is_shot_while_the_camera_is_away_is_fetched_once_and_in_pairs(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    studio.open_session(tmp_path / "S")
    _connect(studio, camera)
    studio.set(SettingId.IMAGE_FORMAT, "raw+jpeg").result(PATIENCE_S)
    studio.release().result(PATIENCE_S)
    studio.disconnect().result(PATIENCE_S)
    _shoot_on_body(camera, 2, files=2)

    _connect(studio, camera)

    until(lambda: _stored(studio) == _made(camera))
    assert [len(shot.files) for shot in studio.shots] == [2, 2, 2]
    assert check(tmp_path / "S").is_clean


def test_a_pulled_cable_brings_what_was_shot_meanwhile_even_in_a_new_session(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    studio.open_session(tmp_path / "S")
    _connect(studio, camera)
    studio.set(SettingId.IMAGE_FORMAT, "jpeg").result(PATIENCE_S)
    camera.do("fault", kind="refuse", operation="OpenSession", count=2)
    camera.do("fault", kind="drop", operation="NikonGetEvent", how="reset")
    until(lambda: not studio.status.state.is_connected)

    _shoot_on_body(camera, 1)

    until(lambda: _stored(studio) == _made(camera))


def test_what_is_shot_while_a_session_is_refused_comes_into_the_next(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    with closing(SessionStore.open(tmp_path / "held")), pytest.raises(SessionHeldError):
        studio.open_session(tmp_path / "held")
    _connect(studio, camera)
    _shoot_on_body(camera, 2)

    studio.open_session(tmp_path / "S")

    until(lambda: _stored(studio) == _made(camera))


def test_pictures_older_than_the_session_stay_until_they_are_asked_for(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    _shoot_on_body(camera, 2)
    studio.open_session(tmp_path / "S")
    _connect(studio, camera)
    assert _stored(studio) == []

    count = studio.fetch().result(PATIENCE_S)

    assert count == 2
    until(lambda: _stored(studio) == _made(camera))
    assert studio.fetch().result(PATIENCE_S) == 0

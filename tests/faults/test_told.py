"""What is told of a picture that was on its way when the camera lost power: each brand, in these words."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundglass.errors import GroundglassError, PictureLostError
from groundglass.model.camera import CameraState
from groundglass.model.matching import find_choice
from groundglass.model.setting import SettingId
from groundglass.session.store import SessionStore
from groundglass.studio.events import Event, Problem, ProblemSolved
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from virtual_camera import VirtualCamera

_IN_MEMORY = (
    "A picture was in the camera's memory only when the connection was lost. "
    "It is lost, unless it still arrives."
)
_ALSO_ON_CARD = (
    "A picture was on its way from the camera's memory when the connection was lost. "
    "If it does not arrive now, the cable does not bring it again."
)
_READS = ("GetObject", "GetPartialObject")


def _reads(camera: VirtualCamera) -> int:
    operations = camera.state()["operations"]
    return sum(operations.get(one, 0) for one in _READS)


def _lose_power(brand: str, target: str, folder: Path) -> tuple[list[str], GroundglassError]:
    """Shoot once and switch the camera off in mid-transfer; return what was told, and the release's error."""
    told: list[str] = []
    telling = told

    def note(event: Event) -> None:
        if isinstance(event, Problem):
            telling.append(event.error.message)
        elif isinstance(event, ProblemSolved):
            telling.append("solved")

    studio = Studio(folder / "driver")
    try:
        with VirtualCamera("--megapixels", "4", "--brand", brand) as camera:
            studio.open_session(folder / "S")
            studio.connect(camera.address).result(PATIENCE_S)
            until(lambda: studio.status.state is CameraState.READY)
            setting = studio.status.setting(SettingId.CAPTURE_TARGET)
            assert setting is not None
            if setting.label != target:
                studio.set(SettingId.CAPTURE_TARGET, find_choice(setting, target)).result(PATIENCE_S)
            studio.subscribe(note)
            for operation in _READS:
                camera.do("fault", kind="slow", operation=operation, bytes_per_second=200_000)
            before = _reads(camera)
            release = studio.release()
            until(lambda: _reads(camera) > before)
            made = [one["sha256"] for one in camera.state()["files"]]
            port = camera.port
        error = release.exception(PATIENCE_S)
        assert isinstance(error, GroundglassError)
        with VirtualCamera("--megapixels", "4", "--brand", brand, "--port", str(port)):
            until(lambda: studio.status.state.is_connected and "solved" in told)
            assert studio.finish_storing(PATIENCE_S)
            told = told.copy()  # the camera is switched off again below
    finally:
        studio.close()
    stored = [file.sha256 for shot in SessionStore.read(folder / "S").shots for file in shot.files]
    assert stored == [], made  # what had come of it is no picture
    return told, error


@pytest.mark.parametrize("brand", ["nikon", "canon"])
def test_a_picture_in_memory_only_is_told_to_be_lost(brand: str, tmp_path: Path) -> None:
    told, error = _lose_power(brand, "Computer", tmp_path)

    assert isinstance(error, PictureLostError)
    assert error.message == _IN_MEMORY
    assert told[1:] == ["solved", _IN_MEMORY]


@pytest.mark.parametrize("brand", ["sony", "fuji"])
def test_a_picture_that_is_also_on_a_card_out_of_reach_is_told_to_be_there(
    brand: str, tmp_path: Path
) -> None:
    told, error = _lose_power(brand, "Card + computer", tmp_path)

    # A Fujifilm's transfer may be the first that fails.
    assert isinstance(error, PictureLostError) or (brand == "fuji" and error.message in told)
    assert told[-2:] == ["solved", _ALSO_ON_CARD]


def test_of_a_picture_on_the_card_nothing_is_told_to_be_lost(tmp_path: Path) -> None:
    told, error = _lose_power("nikon", "Card", tmp_path)

    assert not isinstance(error, PictureLostError)
    assert told[-1] == "solved"

"""What a changed preference does at once, in a studio that runs."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundglass.errors import FocusMissedError
from groundglass.model.camera import CameraState
from groundglass.model.places import CardPolicy
from groundglass.model.setting import SettingId
from groundglass.session.backup import BackupState
from groundglass.studio.chosen import Chosen
from groundglass.studio.events import CardChanged, Event, Problem, Warned
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from virtual_camera import VirtualCamera


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    studio.open_session(tmp_path / "S")
    yield studio
    studio.close()


@pytest.fixture
def second(tmp_path: Path) -> Path:
    folder = tmp_path / "second"
    folder.mkdir()
    return folder


def test_a_folder_for_the_second_copy_is_used_at_once_and_left_at_once(studio: Studio, second: Path) -> None:
    studio.chosen.change(backup=str(second))
    until(lambda: studio.backup is not None and studio.backup.state is BackupState.SAFE)
    assert (second / "S").is_dir()

    studio.chosen.change(backup="")

    until(lambda: studio.backup is None)


def test_a_folder_below_the_home_is_found(
    studio: Studio, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(second.parent))

    studio.chosen.change(backup="~/second")

    until(lambda: studio.backup is not None and studio.backup.state is BackupState.SAFE)
    assert (second / "S").is_dir()


def test_the_card_is_cleared_from_now_on_where_there_is_a_second_copy(studio: Studio, second: Path) -> None:
    studio.chosen.change(backup=str(second), card_policy=CardPolicy.DELETE_AFTER_BACKUP)
    until(lambda: studio.card.policy is CardPolicy.DELETE_AFTER_BACKUP)

    studio.chosen.change(backup="")

    until(lambda: studio.card.policy is CardPolicy.KEEP)


def test_without_a_second_copy_the_card_is_kept_and_that_is_known(studio: Studio) -> None:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    studio.subscribe(events.put)
    assert not studio.is_card_kept_for_now

    studio.chosen.change(card_policy=CardPolicy.DELETE_AFTER_BACKUP)

    assert isinstance(events.get(timeout=PATIENCE_S), CardChanged)
    assert studio.card.policy is CardPolicy.KEEP
    assert studio.is_card_kept_for_now


def test_the_wish_to_clear_the_card_comes_true_with_a_second_copy_and_is_told(
    studio: Studio, second: Path
) -> None:
    studio.chosen.change(card_policy=CardPolicy.DELETE_AFTER_BACKUP)
    studio.find_cameras().result(PATIENCE_S)  # behind what the change asks for
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    studio.subscribe(lambda event: events.put(event) if isinstance(event, Warned) else None)

    studio.chosen.change(backup=str(second))

    told = events.get(timeout=PATIENCE_S)
    assert isinstance(told, Warned)
    assert "From now on a frame's copy on the card is deleted" in str(told.error)
    assert studio.card.policy is CardPolicy.DELETE_AFTER_BACKUP
    assert not studio.is_card_kept_for_now


def test_a_wish_that_could_come_true_at_once_is_not_told_again(studio: Studio, second: Path) -> None:
    studio.chosen.change(backup=str(second))
    studio.find_cameras().result(PATIENCE_S)
    events: list[Event] = []
    studio.subscribe(events.append)

    studio.chosen.change(card_policy=CardPolicy.DELETE_AFTER_BACKUP)
    until(lambda: studio.card.policy is CardPolicy.DELETE_AFTER_BACKUP)
    studio.find_cameras().result(PATIENCE_S)

    assert not any(isinstance(one, Warned) for one in events)


def test_without_its_second_copy_the_wish_waits_again(studio: Studio, second: Path) -> None:
    studio.chosen.change(backup=str(second), card_policy=CardPolicy.DELETE_AFTER_BACKUP)
    until(lambda: studio.card.policy is CardPolicy.DELETE_AFTER_BACKUP)

    studio.chosen.change(backup="")

    until(lambda: studio.is_card_kept_for_now)
    until(lambda: studio.card.policy is CardPolicy.KEEP)


def test_a_change_of_something_else_leaves_the_second_copy_alone(studio: Studio, second: Path) -> None:
    studio.chosen.change(backup=str(second))
    until(lambda: studio.backup is not None and studio.backup.state is BackupState.SAFE)
    running = studio._keeping.backup

    studio.chosen.change(sounds=True, creator="Ada")
    studio.find_cameras().result(PATIENCE_S)  # behind whatever the change would have asked for

    assert studio._keeping.backup is running


# ---- the preference "focus first", at a release


@pytest.fixture
def focusing(studio: Studio) -> Iterator[tuple[Studio, VirtualCamera]]:
    with VirtualCamera("--megapixels", "4") as camera:
        studio.connect(camera.address)
        until(lambda: studio.status.state is CameraState.READY)
        studio.set(SettingId.FOCUS_MODE, "AF-S").result(PATIENCE_S)
        camera.do("fault", kind="focus_missed")
        yield studio, camera
        studio.disconnect().result(PATIENCE_S)


def test_a_release_focuses_first_as_is_preferred(focusing: tuple[Studio, VirtualCamera]) -> None:
    studio, _ = focusing

    with pytest.raises(FocusMissedError):
        studio.release().result(PATIENCE_S)


def test_a_release_does_not_focus_if_that_is_not_wanted(focusing: tuple[Studio, VirtualCamera]) -> None:
    studio, _ = focusing
    studio.chosen.change(autofocus=False)

    assert studio.release().result(PATIENCE_S).files


def test_what_is_asked_for_at_a_release_goes_before_the_preference(
    focusing: tuple[Studio, VirtualCamera],
) -> None:
    studio, _ = focusing
    studio.chosen.change(autofocus=False)

    with pytest.raises(FocusMissedError):
        studio.release(with_autofocus=True).result(PATIENCE_S)


# ---- the preference "connect to"


@pytest.fixture
def two() -> Iterator[tuple[VirtualCamera, VirtualCamera]]:
    size = ("--megapixels", "4")
    with VirtualCamera(*size) as one, VirtualCamera(*size, "--seed", "9") as other:
        yield one, other


def _connect(studio: Studio, camera: VirtualCamera) -> None:
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: _is(studio, camera) and studio.status.state is CameraState.READY)


def _is(studio: Studio, camera: VirtualCamera) -> bool:
    """Tell whether this is the camera that is connected."""
    return studio.status.info is not None and studio.status.info.has_serial(camera.serial)


def test_another_camera_is_connected_at_once_and_its_live_view_goes_on(
    studio: Studio, two: tuple[VirtualCamera, VirtualCamera]
) -> None:
    one, other = two
    _connect(studio, one)
    studio.start_live().result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.LIVE)

    studio.chosen.change(camera=other.address)

    until(lambda: _is(studio, other) and studio.status.state is CameraState.LIVE)


def test_a_picture_that_is_on_its_way_comes_before_another_camera(
    studio: Studio, two: tuple[VirtualCamera, VirtualCamera]
) -> None:
    one, other = two
    _connect(studio, one)
    studio.set(SettingId.IMAGE_FORMAT, "raw+jpeg").result(PATIENCE_S)
    one.do("fault", kind="slow", operation="GetPartialObject", bytes_per_second=2_000_000)
    shot = studio.release()
    until(lambda: studio.status.state is CameraState.TRANSFERRING)

    studio.chosen.change(camera=other.address)

    assert len(shot.result(PATIENCE_S).files) == 2
    until(lambda: _is(studio, other))
    assert len(studio.shots) == 1


def test_an_address_that_can_not_be_one_is_told_and_the_camera_stays(
    studio: Studio, two: tuple[VirtualCamera, VirtualCamera]
) -> None:
    _connect(studio, two[0])
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    studio.subscribe(lambda event: events.put(event) if isinstance(event, Problem) else None)

    studio.chosen.change(camera="ptpip:192.168.1.20:many")

    told = events.get(timeout=PATIENCE_S)
    assert isinstance(told, Problem)
    assert "no camera address" in str(told.error)
    assert studio.status.state is CameraState.READY

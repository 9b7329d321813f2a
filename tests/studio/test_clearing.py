"""What becomes of the card's copies, on the virtual camera's card."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from groundglass.errors import UsageError
from groundglass.model.camera import CameraState
from groundglass.model.places import CardPolicy, Place
from groundglass.model.setting import SettingId
from groundglass.session.recover import check
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from virtual_camera import VirtualCamera


@pytest.fixture(scope="module", params=["nikon", "canon"])  # over the cable no card is seen on the others
def camera(request: pytest.FixtureRequest) -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4", "--brand", request.param) as camera:
        yield camera


@pytest.fixture(scope="module")
def nikon() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    (tmp_path / "other disk").mkdir()
    studio = Studio(tmp_path / "driver")
    studio.use_backup(tmp_path / "other disk")
    yield studio
    studio.close()


def _begin(studio: Studio, camera: VirtualCamera, folder: Path, policy: CardPolicy) -> None:
    studio.use_card_policy(policy)
    studio.open_session(folder / "S")
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    if studio.status.setting(SettingId.CAPTURE_TARGET):
        studio.set(SettingId.CAPTURE_TARGET, "card").result(PATIENCE_S)


def _card(camera: VirtualCamera, since: int = 0) -> list[dict[str, Any]]:
    return [one for one in camera.state()["files"][since:] if one["destination"] == "card"]


def test_a_cards_copy_goes_after_both_copies_are_read_again(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    before = len(camera.state()["files"])
    _begin(studio, camera, tmp_path, CardPolicy.DELETE_AFTER_BACKUP)
    studio.release().result(PATIENCE_S)
    studio.release().result(PATIENCE_S)
    assert studio.finish_storing(PATIENCE_S)

    assert studio.card.kept == ()
    assert [one["deleted"] for one in _card(camera, before)] == [True, True]
    assert [studio.places(shot) for shot in studio.shots] == [{Place.DISK, Place.BACKUP}] * 2
    assert check(tmp_path / "S").is_clean
    assert studio.release().result(PATIENCE_S).number == 3


def test_a_frame_out_of_a_fujis_buffer_is_not_said_to_be_on_the_card(studio: Studio, tmp_path: Path) -> None:
    with VirtualCamera("--megapixels", "4", "--brand", "fuji") as camera:
        _begin(studio, camera, tmp_path, CardPolicy.DELETE_AFTER_BACKUP)

        shot = studio.release().result(PATIENCE_S)
        assert studio.finish_storing(PATIENCE_S)
        studio.disconnect().result(PATIENCE_S)

    assert studio.places(shot) == {Place.DISK, Place.BACKUP, Place.UNSEEN_CARD}
    assert studio.card.due == 0


def test_by_default_the_card_keeps_its_copy(studio: Studio, nikon: VirtualCamera, tmp_path: Path) -> None:
    before = len(nikon.state()["files"])
    _begin(studio, nikon, tmp_path, CardPolicy.KEEP)

    shot = studio.release().result(PATIENCE_S)
    assert studio.finish_storing(PATIENCE_S)

    assert [one["deleted"] for one in _card(nikon, before)] == [False]
    assert studio.places(shot) == {Place.CARD, Place.DISK, Place.BACKUP}


def test_nothing_is_deleted_without_a_backup(studio: Studio) -> None:
    studio.use_backup(None)

    with pytest.raises(UsageError, match="no backup"):
        studio.use_card_policy(CardPolicy.DELETE_AFTER_BACKUP)


def test_giving_up_the_backup_keeps_the_cards_copies(studio: Studio) -> None:
    studio.use_card_policy(CardPolicy.DELETE_AFTER_BACKUP)

    studio.use_backup(None)

    with pytest.raises(UsageError):
        studio.use_card_policy(CardPolicy.DELETE_AFTER_BACKUP)
    assert studio.card.policy is CardPolicy.KEEP


def test_a_frame_that_the_camera_does_not_delete_is_kept_and_told(
    studio: Studio, nikon: VirtualCamera, tmp_path: Path
) -> None:
    before = len(nikon.state()["files"])
    nikon.do("fault", kind="refuse", operation="DeleteObject", code="200D")
    _begin(studio, nikon, tmp_path, CardPolicy.DELETE_AFTER_BACKUP)

    kept, gone = studio.release().result(PATIENCE_S), studio.release().result(PATIENCE_S)
    assert studio.finish_storing(PATIENCE_S)

    assert [one["deleted"] for one in _card(nikon, before)] == [False, True]
    assert [Place.CARD in studio.places(shot) for shot in (kept, gone)] == [True, False]
    assert kept.files[0].original in studio.card.kept[0]


def test_a_frame_that_was_changed_on_the_disk_stays_on_the_card(
    studio: Studio, nikon: VirtualCamera, tmp_path: Path
) -> None:
    before = len(nikon.state()["files"])
    _begin(studio, nikon, tmp_path, CardPolicy.KEEP)
    studio.release().result(PATIENCE_S)
    studio.use_card_policy(CardPolicy.DELETE_AFTER_BACKUP)
    shot = studio.release().result(PATIENCE_S)
    until(lambda: Place.BACKUP in studio.places(shot))
    path = tmp_path / "S" / shot.files[0].path

    with path.open("r+b") as file:  # before the camera has rested for a moment
        file.seek(-1, os.SEEK_END)
        file.write(b"!")
    assert studio.finish_storing(PATIENCE_S)

    assert [one["deleted"] for one in _card(nikon, before)] == [False, False]
    assert "not in the session as it was stored" in studio.card.kept[0]


def test_what_was_due_when_the_program_ended_goes_at_the_next_start(
    nikon: VirtualCamera, tmp_path: Path
) -> None:
    before = len(nikon.state()["files"])
    (tmp_path / "other disk").mkdir()
    for wanted in ([False, False], [True, True]):
        studio = Studio(tmp_path / "driver")
        studio.use_backup(tmp_path / "other disk")
        _begin(studio, nikon, tmp_path, CardPolicy.DELETE_AFTER_BACKUP)
        if wanted == [False, False]:
            studio.release().result(PATIENCE_S)
            studio.release().result(PATIENCE_S)
        else:
            assert studio.finish_storing(PATIENCE_S)
        studio.close()

        assert [one["deleted"] for one in _card(nikon, before)] == wanted


def test_a_frame_in_the_trash_keeps_its_cards_copy_until_it_is_taken_back(
    studio: Studio, nikon: VirtualCamera, tmp_path: Path
) -> None:
    nikon.do("clear")
    before = len(nikon.state()["files"])
    _begin(studio, nikon, tmp_path, CardPolicy.DELETE_AFTER_BACKUP)
    away = tmp_path / "other disk"
    away.rename(tmp_path / "unplugged")
    first = studio.release().result(PATIENCE_S)
    second = studio.release().result(PATIENCE_S)
    assert studio.trash.throw_away([first.number, second.number]).result(PATIENCE_S)
    (tmp_path / "unplugged").rename(away)
    third = studio.release().result(PATIENCE_S)
    until(lambda: _card(nikon, before)[-1]["deleted"])
    while_away = [one["deleted"] for one in _card(nikon, before)]

    assert studio.undo().result(PATIENCE_S)
    until(lambda: all(one["deleted"] for one in _card(nikon, before)))

    assert while_away == [False, False, True]
    assert studio.card.kept == ()
    assert [shot.number for shot in studio.shots] == [first.number, second.number, third.number]
    until(lambda: all(studio.places(shot) == {Place.DISK, Place.BACKUP} for shot in studio.shots))
    assert check(tmp_path / "S").is_clean


def test_a_frame_that_is_deleted_for_good_before_its_second_copy_stays_on_the_card_untold(
    studio: Studio, nikon: VirtualCamera, tmp_path: Path
) -> None:
    nikon.do("clear")
    before = len(nikon.state()["files"])
    _begin(studio, nikon, tmp_path, CardPolicy.DELETE_AFTER_BACKUP)
    (tmp_path / "other disk").rename(tmp_path / "unplugged")
    shot = studio.release().result(PATIENCE_S)
    assert studio.trash.throw_away([shot.number]).result(PATIENCE_S)
    contents = studio.trash.contents
    assert contents is not None
    assert studio.trash.empty(contents).result(PATIENCE_S) == 1
    (tmp_path / "unplugged").rename(tmp_path / "other disk")
    studio.release().result(PATIENCE_S)
    until(lambda: _card(nikon, before)[-1]["deleted"])
    studio.fetch(datetime.now().astimezone() - timedelta(seconds=5)).result(PATIENCE_S)
    assert studio.finish_storing(PATIENCE_S)

    assert [one["deleted"] for one in _card(nikon, before)] == [False, True]
    stored = {file.sha256 for one in studio.shots for file in one.files}
    assert _card(nikon, before)[0]["sha256"] not in stored  # what was thrown away is not brought back
    assert (studio.card.due, studio.card.kept) == (0, ())
    assert check(tmp_path / "S").is_clean


def test_a_frame_whose_cards_copy_is_gone_comes_back_from_the_trash(
    studio: Studio, nikon: VirtualCamera, tmp_path: Path
) -> None:
    nikon.do("clear")
    _begin(studio, nikon, tmp_path, CardPolicy.DELETE_AFTER_BACKUP)
    shot = studio.release().result(PATIENCE_S)
    until(lambda: studio.places(shot) == {Place.DISK, Place.BACKUP})

    assert studio.trash.throw_away([shot.number]).result(PATIENCE_S)
    (back,) = studio.trash.restore().result(PATIENCE_S)
    assert studio.finish_storing(PATIENCE_S)

    assert back.files == shot.files
    assert studio.places(back) == {Place.DISK, Place.BACKUP}
    assert check(tmp_path / "S").is_clean


@pytest.mark.parametrize("disk", ["other disk", "S"])
def test_a_disk_that_is_away_for_a_moment_is_waited_for(
    studio: Studio, nikon: VirtualCamera, tmp_path: Path, disk: str
) -> None:
    before = len(nikon.state()["files"])
    _begin(studio, nikon, tmp_path, CardPolicy.DELETE_AFTER_BACKUP)
    shot = studio.release().result(PATIENCE_S)
    until(lambda: Place.BACKUP in studio.places(shot))

    (tmp_path / disk).rename(tmp_path / "unplugged")  # before the camera has rested for a moment
    assert studio.finish_storing(PATIENCE_S)
    while_away = [one["deleted"] for one in _card(nikon, before)]
    (tmp_path / "unplugged").rename(tmp_path / disk)
    until(lambda: _card(nikon, before)[0]["deleted"])

    assert while_away == [False]
    assert studio.card.kept == ()

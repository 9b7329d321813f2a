"""What Groundglass does about the habits of a Sony and of a Fujifilm, through the real libgphoto2."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client_desk import PATIENCE_S, Desk
from groundglass.camera import messages as msg
from groundglass.errors import CameraError, FocusMissedError, UnsupportedError
from groundglass.model.camera import CameraStatus
from groundglass.model.matching import find_choice
from groundglass.model.setting import SettingId
from virtual_camera import VirtualCamera


@pytest.fixture(scope="module")
def alpha() -> Iterator[VirtualCamera]:
    with VirtualCamera("--brand", "sony", "--megapixels", "4") as camera:
        yield camera


@pytest.fixture(scope="module")
def x_body() -> Iterator[VirtualCamera]:
    with VirtualCamera("--brand", "fuji", "--megapixels", "4") as camera:
        yield camera


def opened(camera: VirtualCamera, folder: Path) -> Iterator[Desk]:
    camera.do("clear")
    camera.do("dial", setting="focus_mode", value="af-s")
    desk = Desk(camera.address, folder)
    desk.ready()
    yield desk
    desk.client.close()


@pytest.fixture
def sony(alpha: VirtualCamera, tmp_path: Path) -> Iterator[Desk]:
    yield from opened(alpha, tmp_path)


@pytest.fixture
def fuji(x_body: VirtualCamera, tmp_path: Path) -> Iterator[Desk]:
    yield from opened(x_body, tmp_path)


def label(desk: Desk, setting_id: SettingId) -> str:
    setting = desk.client.status.setting(setting_id)
    return "" if setting is None else setting.label


def drive_nearer(desk: Desk) -> None:
    """Move the focus by more than the whole way."""
    for _ in range(12):
        desk.client.ask(msg.DriveFocus(-3)).result(PATIENCE_S)


# Sony


def test_a_sony_keeps_a_copy_on_its_card(sony: Desk) -> None:
    assert label(sony, SettingId.CAPTURE_TARGET) == "Card + computer"


def test_a_sony_has_its_jpeg_quality_apart_from_its_format(sony: Desk, alpha: VirtualCamera) -> None:
    sony.set(SettingId.IMAGE_FORMAT, "raw+jpeg")
    sony.wait_for(lambda status: not _is_held(status, SettingId.JPEG_QUALITY))

    kept = sony.set(SettingId.JPEG_QUALITY, "standard")

    assert kept.label == "Standard"
    assert alpha.state()["settings"]["image_format"] == "raw+jpeg normal"
    sony.set(SettingId.IMAGE_FORMAT, "raw")
    sony.wait_for(lambda status: _is_held(status, SettingId.JPEG_QUALITY))
    sony.set(SettingId.IMAGE_FORMAT, "jpeg")
    sony.wait_for(lambda status: not _is_held(status, SettingId.JPEG_QUALITY))
    sony.set(SettingId.JPEG_QUALITY, "fine")


def test_a_sony_that_steps_through_its_list_has_time(sony: Desk, alpha: VirtualCamera) -> None:
    alpha.do("fault", kind="stall", operation="SonySetProperty", seconds=0.5)
    setting = sony.client.status.setting(SettingId.ISO)
    assert setting is not None
    sony.wait_for(lambda _: sony.client._limit_s < 30.0)  # as while it is opened

    asked = sony.client.ask(msg.Set(SettingId.ISO, find_choice(setting, "400").raw))
    sony.wait_for(lambda _: sony.client._limit_s == 30.0)

    assert asked.result(PATIENCE_S)


def _is_held(status: CameraStatus, setting_id: SettingId) -> bool:
    setting = status.setting(setting_id)
    return setting is not None and setting.read_only


def test_a_shot_that_stays_on_a_sonys_card_ends_without_a_file(sony: Desk) -> None:
    sony.set(SettingId.CAPTURE_TARGET, "Card")

    sony.client.ask(msg.Release(1)).result(PATIENCE_S)

    assert sony.next(msg.ExposureEnded) == msg.ExposureEnded(1)
    assert list(sony.incoming.iterdir()) == []


def test_a_sony_that_says_nothing_of_a_missed_focus_is_seen_through(sony: Desk, alpha: VirtualCamera) -> None:
    alpha.do("fault", kind="focus_missed", count=2)
    before = len(alpha.state()["releases"])

    with pytest.raises(FocusMissedError):
        sony.client.ask(msg.Release(2)).result(PATIENCE_S)
    with pytest.raises(FocusMissedError):
        sony.client.ask(msg.Autofocus()).result(PATIENCE_S)

    assert len(alpha.state()["releases"]) == before


def test_the_end_of_a_sonys_lens_is_told(sony: Desk) -> None:
    sony.set(SettingId.FOCUS_MODE, "MF")

    with pytest.raises(CameraError, match="nearest"):
        drive_nearer(sony)


def test_autofocus_in_manual_focus_is_refused_with_the_reason(sony: Desk) -> None:
    sony.set(SettingId.FOCUS_MODE, "MF")

    with pytest.raises(UnsupportedError, match="manual focus"):
        sony.client.ask(msg.Autofocus()).result(PATIENCE_S)


# Fujifilm


def test_what_lies_in_a_fujis_buffer_is_taken_over_at_connect(x_body: VirtualCamera, tmp_path: Path) -> None:
    x_body.do("shutter")
    made = x_body.wait_for(lambda state: state["files"])["files"][-1]

    desk = Desk(x_body.address, tmp_path)
    try:
        file = desk.next(msg.FileArrived)
        x_body.wait_for(lambda state: state["files"][-1]["deleted"])
    finally:
        desk.client.close()

    assert file.sha256 == made["sha256"]


def test_a_fujis_live_view_goes_on_after_a_picture(fuji: Desk, x_body: VirtualCamera) -> None:
    fuji.client.want_live(True).result(PATIENCE_S)
    assert fuji.client.take_frame(PATIENCE_S) is not None

    x_body.do("shutter")
    fuji.next(msg.ExposureEnded)
    fuji.client.take_frame(PATIENCE_S)  # may have waited

    assert fuji.client.take_frame(PATIENCE_S) is not None
    fuji.client.ask(msg.Release(3)).result(PATIENCE_S)
    assert fuji.next(msg.ExposureEnded) == msg.ExposureEnded(3)
    assert fuji.client.take_frame(PATIENCE_S) is not None
    fuji.client.want_live(False).result(PATIENCE_S)


def test_a_fuji_takes_a_setting_while_live_view_runs(fuji: Desk, x_body: VirtualCamera) -> None:
    fuji.client.want_live(True).result(PATIENCE_S)
    assert fuji.client.take_frame(PATIENCE_S) is not None

    fuji.set(SettingId.ISO, "1600")

    assert x_body.state()["settings"]["iso"] == 1600
    fuji.client.want_live(False).result(PATIENCE_S)


def test_a_fujis_program_and_target_have_names(fuji: Desk) -> None:
    mode = fuji.client.status.setting(SettingId.EXPOSURE_MODE)

    assert mode is not None
    assert [one.label for one in mode.choices] == ["M", "A", "S", "P"]
    assert label(fuji, SettingId.CAPTURE_TARGET) == "Card + computer"


def test_a_fujis_lens_goes_from_place_to_place(fuji: Desk, x_body: VirtualCamera) -> None:
    fuji.set(SettingId.FOCUS_MODE, "MF")
    before = x_body.state()["focus_m"]

    fuji.client.ask(msg.DriveFocus(-2)).result(PATIENCE_S)
    assert x_body.state()["focus_m"] < before

    with pytest.raises(CameraError, match="nearest"):
        drive_nearer(fuji)

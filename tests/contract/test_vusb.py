"""The part of the contract that applies to the camera in python-gphoto2's own wheel.

It is a fixed body without live view, whose files can only be had as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from client_desk import PATIENCE_S, Desk
from groundglass.camera import messages as msg
from groundglass.model.setting import SettingId
from groundglass.model.shot import FileRole


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    card = tmp_path / "card" / "DCIM" / "100NIKON"
    card.mkdir(parents=True)
    Image.new("RGB", (320, 213), (120, 90, 60)).save(card / "DSC_0001.JPG")
    monkeypatch.setenv("VCAMERADIR", str(tmp_path / "card"))
    desk = Desk(None, tmp_path)
    yield desk
    desk.client.close()


def test_it_is_found_by_itself_and_named(desk: Desk) -> None:
    info = desk.ready().info

    assert info is not None
    assert info.address.startswith("usb:")
    assert info.model


def test_its_exposure_is_understood(desk: Desk) -> None:
    status = desk.ready()

    for setting_id in (SettingId.SHUTTER, SettingId.APERTURE, SettingId.EXPOSURE_COMPENSATION):
        setting = status.setting(setting_id)
        assert setting is not None
        assert setting.current is not None
        assert setting.current.number is not None, setting


def test_a_release_brings_a_picture(desk: Desk) -> None:
    desk.ready()

    desk.client.ask(msg.Release(1)).result(PATIENCE_S)
    file = desk.next(msg.FileArrived)

    assert FileRole.of(file.name) is FileRole.JPEG
    assert file.size_bytes > 0

"""How bodies are released, through the whole device side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client_desk import PATIENCE_S, Desk
from groundglass.camera import messages as msg
from groundglass.errors import FocusMissedError
from groundglass.model.setting import SettingId
from virtual_camera import VirtualCamera


@pytest.fixture
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


@pytest.fixture
def desk(camera: VirtualCamera, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(camera.address, tmp_path)
    desk.ready()
    yield desk
    desk.client.close()


def test_a_release_without_autofocus_stays_one_after_the_body_was_opened_anew(
    desk: Desk, camera: VirtualCamera
) -> None:
    desk.set(SettingId.FOCUS_MODE, "AF-S")
    desk.client.ask(msg.Release(1, with_autofocus=False)).result(PATIENCE_S)
    desk.next(msg.ExposureEnded)
    desk.client.ask(msg.ListCard(is_fresh=True)).result(PATIENCE_S)
    camera.do("fault", kind="focus_missed")

    desk.client.ask(msg.Release(2, with_autofocus=False)).result(PATIENCE_S)

    assert desk.next(msg.ExposureEnded).error is None
    with pytest.raises(FocusMissedError):
        desk.client.ask(msg.Release(3, with_autofocus=True)).result(PATIENCE_S)

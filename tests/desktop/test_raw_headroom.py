from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from dng_samples import BAYERS, dng
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.raw_headroom import RawHeadroom
from groundglass.model.camera import CameraState
from groundglass.studio.events import ShotStored
from scripted_desk import ScriptedDesk, shot, status

BLACK, WHITE = 512, 4095


class Meter:
    """A headroom on a bridge of its own, and all that it said."""

    def __init__(self) -> None:
        self.bridge = Bridge()
        self.headroom = RawHeadroom(self.bridge)
        self.said: list[tuple[str, str]] = []
        self.headroom.said.connect(lambda words, why: self.said.append((words, why)))

    @property
    def words(self) -> str:
        return self.said[-1][0] if self.said else ""

    def close(self) -> None:
        self.bridge.close()
        self.headroom.close()


@pytest.fixture
def meter(app: object) -> Iterator[Meter]:
    made = Meter()
    yield made
    made.close()


def _raw(path: Path, stops_below: float) -> None:
    """Write a RAW whose green is so far below saturation, red and blue two stops more."""
    light = np.full((64, 96), (WHITE - BLACK) / 2 ** (stops_below + 2))
    light[0::2, 1::2] *= 4
    light[1::2, 0::2] *= 4
    path.write_bytes(dng(np.round(light + BLACK).astype(np.uint16), BAYERS["RGGB"], BLACK, WHITE))


def test_the_headroom_of_a_raw_is_said_in_words(meter: Meter, qtbot: QtBot, tmp_path: Path) -> None:
    _raw(tmp_path / "a.dng", 1.3)

    meter.headroom.show(tmp_path, shot(1, "a.jpg", "a.dng"))
    qtbot.waitUntil(lambda: bool(meter.words))

    assert meter.words == "RAW +1.3 EV before green clips"


def test_nothing_is_said_of_a_shot_without_a_raw(meter: Meter, qtbot: QtBot, tmp_path: Path) -> None:
    _raw(tmp_path / "a.dng", 1.3)
    meter.headroom.show(tmp_path, shot(1, "a.dng"))
    qtbot.waitUntil(lambda: bool(meter.words))

    meter.headroom.show(tmp_path, shot(2, "b.jpg"))

    assert meter.said[-1] == ("", "")


def test_of_many_wishes_only_the_newest_is_said(meter: Meter, qtbot: QtBot, tmp_path: Path) -> None:
    for number in range(6):
        _raw(tmp_path / f"{number}.dng", 1.0 + number / 2)

    for number in range(6):
        meter.headroom.show(tmp_path, shot(number, f"{number}.dng"))
    qtbot.waitUntil(lambda: bool(meter.words))

    assert [words for words, _ in meter.said if words] == ["RAW +3.5 EV before green clips"]


def test_a_raw_that_can_not_be_read_is_said_to_be_so(meter: Meter, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "a.nef").write_bytes(b"no picture at all")

    meter.headroom.show(tmp_path, shot(1, "a.nef"))
    qtbot.waitUntil(lambda: bool(meter.words))

    assert meter.said[-1][0] == "RAW not readable"
    assert "a.nef" in meter.said[-1][1]


def test_a_raw_that_comes_after_its_jpeg_is_measured_though_the_shot_is_held(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, stored_jpeg: bytes
) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.jpg").write_bytes(stored_jpeg)
        desk.announce(ShotStored(shot(number, f"{number}.jpg"), is_complete=number == 2))
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 2)
    window.filmstrip.step(-1)
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 1)
    assert window.panel.headroom.text() == ""

    _raw(tmp_path / "1.dng", 2.0)
    desk.announce(ShotStored(shot(1, "1.jpg", "1.dng"), is_complete=True))
    qtbot.waitUntil(lambda: bool(window.panel.headroom.text()))

    assert window.panel.headroom.text() == "RAW +2.0 EV before green clips"
    assert window.viewing.shot is not None
    assert window.viewing.shot.number == 1


def test_the_live_picture_bears_no_headroom_of_an_older_raw(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _raw(tmp_path / "1.dng", 2.0)
    desk.announce(ShotStored(shot(1, "1.dng"), is_complete=True))
    qtbot.waitUntil(lambda: bool(window.panel.headroom.text()))

    desk.say(status(CameraState.LIVE, is_live_wanted=True))
    qtbot.waitUntil(lambda: window.viewing.shows_live)

    assert window.panel.headroom.text() == ""


@pytest.fixture
def stored_jpeg() -> bytes:
    return cv2.imencode(".jpg", np.full((200, 300, 3), 90, np.uint8))[1].tobytes()

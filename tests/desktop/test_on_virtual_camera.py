"""The whole way once: the real window on the real studio, the real driver and a virtual camera."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.models.filmstrip_model import FilmRole
from groundglass.desktop.theme import DARK
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.studio.compose import build_studio
from virtual_camera import VirtualCamera

_WAIT_MS = 20_000
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class Set:
    """A photographer's set: the camera and the window on it."""

    def __init__(self, camera: VirtualCamera, window: MainWindow, session: Path) -> None:
        self.camera = camera
        self.window = window
        self.session = session

    def dial(self, setting_id: SettingId) -> str:
        return self.window.panel.exposure.dial(setting_id).shown


@pytest.fixture
def studio_set(app: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Set]:
    with VirtualCamera("--megapixels", "4") as camera:
        studio = build_studio(tmp_path / "driver")
        try:
            studio.open_session(tmp_path / "session")
            window = MainWindow(studio, DARK)
            qtbot.addWidget(window)
            window.resize(1280, 800)
            window.show()
            studio.connect(camera.address)
            qtbot.waitUntil(lambda: window.status.state is CameraState.READY, timeout=_WAIT_MS)
            yield Set(camera, window, tmp_path / "session")
            window.close()
        finally:
            studio.close()


def test_a_photographer_sets_looks_and_shoots(studio_set: Set, qtbot: QtBot) -> None:
    window, camera = studio_set.window, studio_set.camera

    qtbot.keyClick(window, Qt.Key.Key_I)
    dial = window.panel.exposure.dial(SettingId.ISO)
    qtbot.keyClick(dial, Qt.Key.Key_4)
    assert dial.editor is not None
    qtbot.keyClicks(dial.editor, "00")
    qtbot.keyClick(dial.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dial.is_pending, timeout=_WAIT_MS)
    assert dial.shown == "ISO 400"

    qtbot.keyClick(window, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: window.viewing.frames_shown > 10, timeout=_WAIT_MS)
    qtbot.waitUntil(lambda: window.picture.notice is None, timeout=_WAIT_MS)
    assert window.panel.histogram.histogram is not None

    qtbot.keyClick(window.picture, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(window.film.shots) == 1, timeout=_WAIT_MS)
    qtbot.waitUntil(lambda: window.film.index(0).data(FilmRole.THUMBNAIL) is not None, timeout=_WAIT_MS)
    stored = studio_set.session / window.film.shots[0].files[0].path
    assert stored.is_file()
    assert len(camera.state()["files"]) == 1

    qtbot.keyClick(window, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.picture.has_picture, timeout=_WAIT_MS)
    assert window.picture.caption.startswith(stored.stem)


def test_the_body_turns_a_dial_and_fires_and_the_window_follows(studio_set: Set, qtbot: QtBot) -> None:
    studio_set.camera.do("dial", setting="iso", value="800")
    qtbot.waitUntil(lambda: studio_set.dial(SettingId.ISO) == "ISO 800", timeout=_WAIT_MS)

    studio_set.camera.do("shutter")

    qtbot.waitUntil(lambda: studio_set.window.viewing.shot is not None, timeout=_WAIT_MS)
    qtbot.waitUntil(lambda: studio_set.window.picture.has_picture, timeout=_WAIT_MS)


def test_a_camera_that_stalls_is_dimmed_told_and_comes_back(studio_set: Set, qtbot: QtBot) -> None:
    window = studio_set.window
    qtbot.keyClick(window, Qt.Key.Key_L)
    qtbot.waitUntil(
        lambda: window.viewing.frames_shown > 10 and window.picture.notice is None, timeout=_WAIT_MS
    )
    beats: list[float] = []
    heart = QTimer(window)
    heart.timeout.connect(lambda: beats.append(time.monotonic()))
    heart.start(5)

    with studio_set.camera.frozen():
        frozen_at = time.monotonic()
        qtbot.waitUntil(lambda: window.panel.histogram.is_dimmed, timeout=_WAIT_MS)
        assert not window.banner.isVisible()
        qtbot.waitUntil(window.banner.isVisible, timeout=_WAIT_MS)
        frozen_s = time.monotonic() - frozen_at
    qtbot.waitUntil(lambda: window.picture.notice is None and not window.banner.isVisible(), timeout=_WAIT_MS)
    heart.stop()

    # libgphoto2 says nothing for 2.5 s and more. How fast the window is, the benchmarks tell.
    assert max(later - earlier for earlier, later in itertools.pairwise(beats)) < frozen_s / 2


def test_a_drag_with_the_exposure_kept_leaves_it_as_it_was(studio_set: Set, qtbot: QtBot) -> None:
    window = studio_set.window
    window.handling._keep_exposure(True)

    def light() -> float:
        values = [
            window.status.setting(one) for one in (SettingId.SHUTTER, SettingId.APERTURE, SettingId.ISO)
        ]
        time_s, f_number, iso = (one.current.number for one in values if one and one.current)
        assert time_s is not None
        assert f_number is not None
        assert iso is not None
        return math.log2(time_s * iso / f_number**2)

    dial = window.panel.exposure.dial(SettingId.SHUTTER)
    before, began = dial.shown, light()
    middle = QPointF(dial.rect().center())
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * 90, QEvent.Type.MouseButtonRelease]
    for moved, kind in enumerate(kinds):
        at = middle + QPointF(0, moved)
        is_held = kind is not QEvent.Type.MouseButtonRelease
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button = none if kind is QEvent.Type.MouseMove else left
        event = QMouseEvent(
            kind, at, QPointF(dial.mapToGlobal(at)), button, left if is_held else none, _NO_MODIFIER
        )
        QApplication.sendEvent(dial, event)
        QApplication.processEvents()

    qtbot.waitUntil(lambda: not dial.is_pending, timeout=_WAIT_MS)
    assert dial.shown != before
    qtbot.waitUntil(lambda: abs(light() - began) < 0.2, timeout=_WAIT_MS)

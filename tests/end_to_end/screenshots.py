"""Make the pictures of the documentation from the real window on a virtual camera.

    xvfb-run -s "-screen 0 2560x1600x24" .venv/bin/python tests/end_to_end/screenshots.py docs/images

The window is the program's own, driven by keys as a photographer would, and photographed from the screen.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "xcb")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from groundglass.desktop.app import application
from groundglass.desktop.client_window import ClientShows
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.studio.studio import Studio
from virtual_camera import VirtualCamera

_SIZE = (1440, 900)
_PATIENCE_S = 30.0
_QUALITY = 88


class Photographer:
    """Waits, presses keys, and takes the pictures."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window = window
        self._folder = folder

    def see(self, claim: Callable[[], object]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not claim():
            if time.monotonic() > deadline:
                raise TimeoutError("the window never showed it")
            QApplication.processEvents()
            time.sleep(0.002)

    def rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self.see(lambda: time.monotonic() >= end)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key)

    def shoot(self) -> None:
        count = len(self.window.film.shots)
        self.press(Qt.Key.Key_Space)
        self.see(lambda: len(self.window.film.shots) > count)
        self.see(lambda: self.window.status.state in (CameraState.READY, CameraState.LIVE))

    def picture(self, name: str) -> None:
        """Photograph the screen, for another window may lie over the first."""
        path = self._folder / f"{name}.jpg"
        if not self.window.screen().grabWindow(0, 0, 0, *_SIZE).save(str(path), quality=_QUALITY):
            raise OSError(f"{path} could not be written")


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    application()
    with VirtualCamera("--megapixels", "12") as camera, tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CONFIG_HOME"] = scratch
        studio = Studio(Path(scratch) / "driver")
        studio.open_session(Path(scratch) / "Spring lookbook")
        window = MainWindow(studio, DARK)
        window.resize(*_SIZE)
        window.show()
        window.activateWindow()  # a bare X server has no window manager to do it
        hands = Photographer(window, folder)
        hands.rest(1.0)
        hands.picture("empty")
        studio.connect(camera.address)
        hands.see(lambda: window.status.state is CameraState.READY)
        hands.press(Qt.Key.Key_L)
        hands.see(lambda: window.viewing.shows_live and window.picture.has_picture)
        _shoot(hands, studio)
        _review(hands)
        _judge(hands)
        _trouble(hands, camera)
        _look(hands, studio)
        window.close()
        studio.close()


def _shoot(hands: Photographer, studio: Studio) -> None:
    studio.set(SettingId.IMAGE_FORMAT, "raw+jpeg").result()
    hands.rest(6.0)
    for shutter in ("1/60", "1/80", "1/60", "1/50", "1/60"):
        studio.set(SettingId.SHUTTER, shutter).result()
        hands.shoot()
        hands.rest(1.5)
    hands.rest(2.0)
    hands.picture("desktop")


def _review(hands: Photographer) -> None:
    hands.press(Qt.Key.Key_Left)
    hands.rest(1.0)
    for key in (Qt.Key.Key_4, Qt.Key.Key_Left, Qt.Key.Key_5, Qt.Key.Key_8, Qt.Key.Key_Left, Qt.Key.Key_X):
        hands.press(key)
        hands.rest(0.3)
    hands.press(Qt.Key.Key_Right)
    hands.press(Qt.Key.Key_H)
    hands.rest(4.0)
    hands.picture("review")
    hands.press(Qt.Key.Key_H)
    hands.press(Qt.Key.Key_B)
    hands.rest(3.0)
    hands.picture("compare")
    for _ in range(4):
        hands.press(Qt.Key.Key_Escape)
        hands.rest(0.3)


def _judge(hands: Photographer) -> None:
    hands.see(lambda: hands.window.viewing.shows_live)
    for key in (Qt.Key.Key_P, Qt.Key.Key_G, Qt.Key.Key_O):
        hands.press(key)
    hands.rest(1.5)
    hands.picture("peaking")
    for key in (Qt.Key.Key_P, Qt.Key.Key_P, Qt.Key.Key_P, Qt.Key.Key_O):
        hands.press(key)
    QTest.keyClick(hands.window, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    hands.rest(1.5)
    hands.picture("false-colour")
    QTest.keyClick(hands.window, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)


def _trouble(hands: Photographer, camera: VirtualCamera) -> None:
    window = hands.window
    with camera.frozen():
        hands.see(lambda: window.banner.error is not None)
        hands.rest(0.5)
        hands.picture("lost")
    hands.see(lambda: window.status.state is CameraState.LIVE)
    hands.rest(1.0)


def _look(hands: Photographer, studio: Studio) -> None:
    hands.press(Qt.Key.Key_D)
    hands.rest(1.0)
    hands.picture("distance")
    hands.press(Qt.Key.Key_D)
    hands.press(Qt.Key.Key_Question)
    hands.rest(0.5)
    hands.picture("keys")
    hands.press(Qt.Key.Key_Escape)
    QTest.keyClick(hands.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    hands.rest(1.5)
    hands.picture("client")
    hands.window.client.show(ClientShows.NOTHING)
    studio.chosen.change(theme="light")
    hands.rest(1.5)
    hands.picture("light")


if __name__ == "__main__":
    main()

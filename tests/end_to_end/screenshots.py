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
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK
from groundglass.model.camera import CameraState
from groundglass.studio.studio import Studio
from virtual_camera import VirtualCamera

_SIZE = (1440, 900)
_PATIENCE_S = 30.0


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
        screen = self.window.screen()
        shot = screen.grabWindow(self.window.winId())
        path = self._folder / f"{name}.png"
        if not shot.save(str(path)):
            raise OSError(f"{path} could not be written")


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    application()
    with VirtualCamera() as camera, tempfile.TemporaryDirectory() as scratch:
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
        hands.rest(6.0)
        for _ in range(5):
            hands.shoot()
            hands.rest(1.0)
        hands.rest(3.0)
        hands.picture("desktop")
        hands.press(Qt.Key.Key_Left)
        hands.rest(2.0)
        hands.picture("review")
        hands.press(Qt.Key.Key_Escape)
        with camera.frozen():
            hands.see(lambda: window.banner.error is not None)
            hands.rest(0.5)
            hands.picture("lost")
        hands.see(lambda: window.status.state is CameraState.LIVE)
        hands.press(Qt.Key.Key_P)
        hands.press(Qt.Key.Key_G)
        hands.rest(1.0)
        hands.picture("peaking")
        hands.press(Qt.Key.Key_Question)
        hands.rest(0.5)
        hands.picture("keys")
        window.close()
        studio.close()


if __name__ == "__main__":
    main()

"""Make the pictures of the documentation from the real window on a virtual camera.

    .venv/bin/python tests/end_to_end/screenshots.py docs/images
    .venv/bin/python tests/end_to_end/screenshots.py --all FOLDER

The window is the program's own, driven by keys as a photographer would, and photographed from the screen of
an X server of its own (Xvfb). With --all: every state, in every theme, in every size, to be looked at.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cv2
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
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
from x_screen import Screen, screen_pixels

_PATIENCE_S = 60.0
_QUALITY = 85
_SCREEN_PX = (3840, 2160)  # of every size, so that a client's window finds its place
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_NONE = Qt.KeyboardModifier.NoModifier


_SIZES = {"1440x900": (1440, 900, 1), "1280x800": (1280, 800, 1), "3840x2160": (1920, 1080, 2)}
_THEMES = ("dark", "light", "mid")
# What is kept in the documentation; the guide shows the first size.
_KEPT = {
    "1440x900": [
        "empty",
        "desktop",
        "review",
        "compare",
        "table",
        "client",
        "lost",
        "overlay",
        "frozen",
        "peaking",
        "false-colour",
        "level",
        "distance",
        "keys",
        "preferences",
        "preferences-keys",
        "list",
        "desktop-light",
        "review-light",
        "desktop-mid",
        "review-mid",
    ],
    "1280x800": ["desktop", "review", "table", "preferences-light"],
    "3840x2160": ["desktop", "review-light"],
}


class Photographer:
    """Waits, presses keys, and takes the pictures."""

    def __init__(
        self,
        window: MainWindow,
        studio: Studio,
        frames: Path,
        folder: Path,
        size: tuple[int, int],
        kept: Collection[str],
    ) -> None:
        """size: of the window in device pixels.  kept: names of pictures; empty: all."""
        self.window = window
        self._studio = studio
        self._frames = frames
        self._folder = folder
        self._size = size
        self._kept = kept

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

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def leave_dialog(self) -> None:
        """Close what lies over the window; without a window manager nobody gives the keys back."""
        self.press(Qt.Key.Key_Escape)
        self.window.activateWindow()
        self.see(self.window.isActiveWindow)

    def shoot(self) -> None:
        count = len(self.window.film.shots)
        self.press(Qt.Key.Key_Space)
        self.see(lambda: len(self.window.film.shots) > count)
        self.see(lambda: self.window.status.state in (CameraState.READY, CameraState.LIVE))

    def picture(self, state: str) -> None:
        """Photograph the screen in each theme, for another window may lie over the first."""
        for theme in _THEMES:
            name = state if theme == "dark" else f"{state}-{theme}"
            if self._kept and name not in self._kept:
                continue
            self._studio.chosen.change(theme=theme)
            self.see(lambda theme=theme: self.window.theme.name == theme)
            self.rest(0.8)
            if self.window.status.state is CameraState.LIVE:  # a busy machine is no state to be shown
                self._see_live()
            width, height = self._size
            seen = screen_pixels(self._frames)[:height, :width, :3]
            if not cv2.imwrite(str(self._folder / f"{name}.jpg"), seen, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]):
                raise OSError(f"{name}.jpg could not be written")
        self._studio.chosen.change(theme="dark")
        self.see(lambda: self.window.theme.name == "dark")
        self.rest(0.2)

    def _see_live(self) -> None:
        """Wait until the picture that is on the screen is one that is live."""
        viewing = self.window.viewing
        if not viewing.shows_live:
            return
        self.see(lambda: not viewing.is_stale)
        frames, paints = viewing.frames_shown, self.window.picture.paints
        self.see(lambda: viewing.frames_shown > frames + 1 and self.window.picture.paints > paints + 1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--all", action="store_true", help="every state, theme and size")
    options.add_argument("--size", choices=_SIZES, help="one size alone")
    options.add_argument("--on-screen", help=argparse.SUPPRESS)
    told = options.parse_args()
    if told.on_screen:
        _walk(told.folder, told.size, Path(told.on_screen), () if told.all else _KEPT[told.size])
        return
    for size in (told.size,) if told.size else _SIZES:
        _in_a_screen(told.folder if size == "1440x900" else told.folder / size, size, is_all=told.all)


def _in_a_screen(folder: Path, size: str, *, is_all: bool) -> None:
    """Walk in a process of its own: the scale and the home of a program hold from its start."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        home, frames = Path(scratch) / "home", Path(scratch) / "screen"
        home.mkdir()
        frames.mkdir()
        with Screen(frames, *_SCREEN_PX) as screen:
            environment = {
                **os.environ,
                "DISPLAY": screen.name,
                "QT_QPA_PLATFORM": "xcb",
                "QT_SCALE_FACTOR": str(_SIZES[size][2]),
                "HOME": str(home),
                "XDG_CONFIG_HOME": str(home / ".config"),
                "XDG_DATA_HOME": str(home / ".local/share"),
                "XDG_STATE_HOME": str(home / ".local/state"),
                "XDG_CACHE_HOME": str(home / ".cache"),
            }
            words = [sys.executable, __file__, str(folder), "--size", size, "--on-screen", str(frames)]
            subprocess.run([*words, "--all"] if is_all else words, env=environment, check=True, timeout=900)


def _walk(folder: Path, size: str, frames: Path, kept: Collection[str]) -> None:
    width, height, scale = _SIZES[size]
    application()
    # A name without the machine's own folders: what is shown begins with the home.
    sessions = Path.home() / "Pictures/Groundglass"
    sessions.mkdir(parents=True)
    with VirtualCamera("--megapixels", "12") as camera:
        studio = Studio(Path.home() / ".cache/driver")
        studio.open_session(sessions / "Spring lookbook")
        window = MainWindow(studio, DARK)
        window.resize(width, height)
        window.show()
        window.activateWindow()  # a bare X server has no window manager to do it
        QCursor.setPos(window.screen().geometry().bottomRight())
        hands = Photographer(window, studio, frames, folder, (width * scale, height * scale), kept)
        hands.rest(1.0)
        hands.picture("empty")
        studio.connect(camera.address)
        hands.see(lambda: window.status.state is CameraState.READY)
        hands.press(Qt.Key.Key_L)
        hands.see(lambda: window.viewing.shows_live and window.picture.has_picture)
        _shoot(hands, studio)
        _match(hands)
        _review(hands)
        _judge(hands)
        _trouble(hands, camera)
        _look(hands)
        window.leave()
        studio.close()


def _shoot(hands: Photographer, studio: Studio) -> None:
    studio.set(SettingId.IMAGE_FORMAT, "raw+jpeg").result()
    hands.rest(4.0)
    for shutter in ("1/60", "1/80", "1/60", "1/50", "1/60", "1/40", "1/60"):
        studio.set(SettingId.SHUTTER, shutter).result()
        hands.shoot()
        hands.rest(1.0)
    hands.rest(3.0)
    hands.picture("desktop")


def _match(hands: Photographer) -> None:
    hands.press(Qt.Key.Key_Y)
    hands.see(lambda: hands.window.picture.framing.ghost is not None)
    for key, modifier in ((Qt.Key.Key_Right, _CTRL), (Qt.Key.Key_Down, _CTRL)) * 3:
        hands.press(key, modifier)
    hands.press(Qt.Key.Key_Y, _SHIFT)
    hands.press(Qt.Key.Key_I, _SHIFT)
    hands.window.side.section("Framing").set_folded(False)
    hands.rest(1.0)
    hands.picture("overlay")
    hands.window.side.section("Framing").set_folded(True)
    hands.press(Qt.Key.Key_Y)
    hands.press(Qt.Key.Key_I, _SHIFT)
    for _ in range(2):
        hands.press(Qt.Key.Key_F, _SHIFT)
        hands.rest(0.5)
    hands.picture("frozen")
    hands.press(Qt.Key.Key_F, _SHIFT)


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
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_G, _SHIFT)
    hands.rest(2.0)
    hands.picture("table")
    hands.press(Qt.Key.Key_G, _SHIFT)
    hands.press(Qt.Key.Key_E, _CTRL)
    hands.rest(1.0)
    hands.picture("export")
    hands.leave_dialog()
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
    while hands.window.picture.has_grid:
        hands.press(Qt.Key.Key_G)
    hands.press(Qt.Key.Key_C, _SHIFT)
    hands.rest(1.5)
    hands.picture("false-colour")
    hands.press(Qt.Key.Key_C, _SHIFT)
    hands.press(Qt.Key.Key_G)
    for _ in range(4):
        hands.press(Qt.Key.Key_Greater)
    for _ in range(2):
        hands.press(Qt.Key.Key_Comma)
    hands.rest(1.5)
    hands.picture("level")
    hands.press(Qt.Key.Key_Period, _CTRL)
    while hands.window.picture.has_grid:
        hands.press(Qt.Key.Key_G)


def _trouble(hands: Photographer, camera: VirtualCamera) -> None:
    window = hands.window
    with camera.frozen():
        hands.see(lambda: window.banner.error is not None)
        hands.rest(0.5)
        hands.picture("lost")
    hands.see(lambda: window.status.state is CameraState.LIVE)
    hands.rest(1.0)


def _look(hands: Photographer) -> None:
    hands.press(Qt.Key.Key_D)
    hands.rest(1.0)
    hands.picture("distance")
    hands.press(Qt.Key.Key_D)
    hands.press(Qt.Key.Key_Question)
    hands.rest(0.5)
    hands.picture("keys")
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_Comma, _CTRL)
    hands.rest(0.5)
    hands.picture("preferences")
    hands.press(Qt.Key.Key_Tab, _CTRL)
    hands.rest(0.5)
    hands.picture("preferences-keys")
    hands.leave_dialog()
    hands.press(Qt.Key.Key_S)
    hands.press(Qt.Key.Key_Return)
    hands.rest(0.5)
    hands.picture("list")
    hands.leave_dialog()
    hands.window.picture.setFocus()
    hands.press(Qt.Key.Key_N, _CTRL)
    hands.rest(0.5)
    hands.picture("new-session")
    hands.leave_dialog()
    QTest.keyClick(hands.window, Qt.Key.Key_2, _CTRL)
    hands.rest(1.5)
    hands.picture("client")
    hands.window.client.show(ClientShows.NOTHING)
    hands.press(Qt.Key.Key_F)
    hands.rest(1.0)
    hands.picture("picture-only")


if __name__ == "__main__":
    main()

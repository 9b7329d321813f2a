"""A screen of memory with hands and eyes: Xvfb, xdotool, and what is to be seen on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

NEEDED = ("Xvfb", "xdotool")
_PATIENCE_S = 30.0
_FRAME = "Xvfb_screen0"
_HAND_S = 0.05  # between two keys, as a quick hand


def missing() -> str:
    """Return what is not installed, in words; empty if all is."""
    return ", ".join(name for name in NEEDED if shutil.which(name) is None)


class Screen:
    """An X server of its own; a context manager that ends it.

    Real key and mouse events reach whatever window is there, as from a keyboard and a mouse.
    """

    def __init__(self, folder: Path, width: int = 1280, height: int = 800) -> None:
        read, write = os.pipe()
        self.width, self.height = width, height
        self._frame = folder / _FRAME
        self._server = subprocess.Popen(
            [
                "Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24",
                "-fbdir", str(folder), "-noreset",  # else it is away for a moment after the last window
            ],
            pass_fds=(write,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number}"

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as xdotool names them: space, ctrl+e, Left."""
        for key in keys:
            self._xdotool("key", "--clearmodifiers", key)
            time.sleep(_HAND_S)

    def type(self, text: str) -> None:
        self._xdotool("type", "--delay", "30", text)

    def click(self, x: int, y: int) -> None:
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def turn_wheel(self, x: int, y: int, *, up: bool) -> None:
        self._xdotool("mousemove", str(x), str(y), "click", "4" if up else "5")

    def focus(self, title: str) -> None:
        """Give the keys to the window of this title, as a window manager does when another one closes."""
        self._xdotool("search", "--onlyvisible", "--name", title, "windowfocus", "--sync")

    def focused(self) -> str:
        """Return the title of the window that gets the keys; empty if there is none."""
        return self._xdotool("getwindowfocus", "getwindowname", check=False).strip()

    def titles(self) -> str:
        """Return the titles of all windows."""
        found = self._xdotool("search", "--onlyvisible", "--name", ".", check=False).split()
        return "\n".join(self._xdotool("getwindowname", one, check=False) for one in found)

    def pixels(self) -> NDArray[np.uint8]:
        """Return what is on the screen now: (height, width, 4) BGRX."""
        return screen_pixels(self._frame.parent)

    def share_of(self, bgr: tuple[int, int, int]) -> float:
        """Return how much of the screen has exactly this colour."""
        return float(np.mean(np.all(self.pixels()[:, :, :3] == bgr, axis=2)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.terminate()
        self._server.wait(10)

    def _xdotool(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env={**os.environ, "DISPLAY": self.name},
            capture_output=True,
            text=True,
            check=check,
            timeout=30,
        )
        return done.stdout


def screen_pixels(folder: Path) -> NDArray[np.uint8]:
    """Return what is on the screen that keeps its memory in a folder: (height, width, 4) BGRX."""
    dump = (folder / _FRAME).read_bytes()  # an xwd file: a header of big-endian words, colours, pixels
    words = np.frombuffer(dump, ">u4", 25)
    header, width, height, pitch, colors = (int(words[at]) for at in (0, 4, 5, 12, 19))
    start = header + 12 * colors
    rows = np.frombuffer(dump, np.uint8, pitch * height, start).reshape(height, pitch)
    return rows[:, : 4 * width].reshape(height, width, 4)


def see(claim: Callable[[], object], what: str, timeout_s: float = _PATIENCE_S) -> None:
    """Wait until a claim holds; what: for the failure."""
    deadline = time.monotonic() + timeout_s
    while not claim():
        if time.monotonic() > deadline:
            raise AssertionError(f"never seen: {what}")
        time.sleep(0.05)

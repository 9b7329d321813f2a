"""What the sensor recorded of the shot that is shown: its RAW, measured in the background and remembered."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from groundglass.desktop import pictures
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.model.shot import Shot

if TYPE_CHECKING:
    from groundglass.imaging.raw_light import RawLight

# 5 KB each: a day's work stays.
_REMEMBERED = 1000


class RawHeadroom(QObject):
    """Measures one RAW at a time; the newest wish wins. User-interface thread."""

    said = Signal(str, str)  # one line, empty if there is nothing to say; what to know about it
    measured = Signal(object, str)  # RawLight or None; without one, why

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._asked: tuple[Path | None, bool] | None = None  # the path, and whether there is a shot
        self._remembered: OrderedDict[Path, RawLight] = OrderedDict()
        self._background = Background(1, "raw-headroom", bridge.call)

    def show(self, session: Path | None, shot: Shot | None) -> None:
        """Measure the RAW of a shot, or say that there is none."""
        path = pictures.raw_path(session, shot) if session is not None and shot is not None else None
        asked = (path, shot is not None)
        if asked == self._asked:
            return
        self._path, self._asked = path, asked
        self.said.emit("", "")  # what was said is of another picture
        if path is None:
            self._background.forget("headroom")
            self.measured.emit(None, "No RAW of this picture" if shot is not None else "No RAW on screen")
            return
        if (known := self._remembered.get(path)) is not None:
            self._tell(path, known)
            return
        self.measured.emit(None, "Counting the RAW\N{HORIZONTAL ELLIPSIS}")
        self._background.run(
            "headroom",
            lambda: pictures.raw_light(path),
            lambda light: self._tell(path, light),
            lambda error: self._refuse(path, f"{error}"),
        )

    def close(self) -> None:
        """End the thread."""
        self._background.close()

    def _tell(self, path: Path, light: RawLight) -> None:
        self._remembered[path] = light
        self._remembered.move_to_end(path)
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        if path == self._path:
            words = light.headroom.words
            self.measured.emit(light, "")
            self.said.emit(f"RAW {words[:1].lower()}{words[1:]}", "")

    def _refuse(self, path: Path, why: str) -> None:
        if path == self._path:
            self.measured.emit(None, "This RAW cannot be counted")
            self.said.emit("RAW not readable", why)

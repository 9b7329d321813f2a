"""What the sensor recorded of the shot that is shown: the headroom of its RAW, measured in the background."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from groundglass.desktop import pictures
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.model.shot import Shot


class RawHeadroom(QObject):
    """Measures one RAW at a time; the newest wish wins. User-interface thread."""

    said = Signal(str, str)  # one line, empty if there is nothing to say; what to know about it

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._background = Background(1, "raw-headroom", bridge.call)

    def show(self, session: Path | None, shot: Shot | None) -> None:
        """Measure the RAW of a shot; without one nothing is said."""
        path = pictures.raw_path(session, shot) if session is not None and shot is not None else None
        if path == self._path:
            return
        self._path = path
        self.said.emit("", "")  # what was said is of another picture
        if path is None:
            self._background.forget("headroom")
            return
        self._background.run(
            "headroom",
            lambda: pictures.raw_headroom(path),
            lambda words: self._say(path, words),
            lambda error: self._say(path, "not readable", f"{error}"),
        )

    def close(self) -> None:
        """End the thread."""
        self._background.close()

    def _say(self, path: Path, words: str, explanation: str = "") -> None:
        if path == self._path:
            self.said.emit(f"RAW {words[:1].lower()}{words[1:]}", explanation)

"""The course of a job in the log: what was opened, connected, stored and thrown away."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from groundglass.model.camera import CameraInfo
from groundglass.model.words import counted, size_words
from groundglass.studio.events import (
    Event,
    SessionOpened,
    ShotsRestored,
    ShotStored,
    ShotsTrashed,
    StatusChanged,
)


class Milestones:
    """Turns events into lines. Any thread; of two at the same time the lines may cross."""

    def __init__(self) -> None:
        self._connected: CameraInfo | None = None

    def line(self, event: Event) -> str:
        """Return what is to be noted of an event; empty: nothing."""
        match event:
            case SessionOpened():
                return f"The session {Path(event.path).name} is open."
            case ShotStored() if event.is_complete:
                names = ", ".join(PurePosixPath(one.path).name for one in event.shot.files)
                size = sum(one.size_bytes for one in event.shot.files)
                return f"Stored: {names} ({size_words(size)})."
            case ShotsTrashed():
                return f"Into the trash: {counted(len(event.numbers), 'shot')}."
            case ShotsRestored():
                return f"Back from the trash: {counted(len(event.shots), 'shot')}."
            case StatusChanged():
                return self._connection(event)
        return ""

    def _connection(self, event: StatusChanged) -> str:
        info = event.status.info if event.status.state.is_connected else None
        before, self._connected = self._connected, info
        if info is not None and info != before:
            serial = f", serial number {info.serial}" if info.serial else ""
            return f"Connected: {info.model}{serial}, at {info.address}."
        if info is None and before is not None:
            why = f" {event.status.message}" if event.status.message else ""
            return f"No longer connected: {before.model}.{why}"
        return ""

"""What a part of the window may answer: keys, events of the studio, and the camera's state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from groundglass.desktop.actions import ActionId
from groundglass.model.camera import CameraStatus
from groundglass.studio.events import Event

Deeds = dict[ActionId, Callable[[], object]]


class Part(QObject):
    """One capability in the window; the window asks every part in turn. User-interface thread.

    A part gets the widgets that it fills and the desk that it asks; it knows no other part.
    """

    def deeds(self) -> Deeds:
        """Return what the keys of this part do."""
        return {}

    def take_event(self, event: Event) -> None:
        """Take in what the studio tells."""

    def show_status(self, status: CameraStatus) -> None:
        """Take in what the camera is doing and what it offers."""

    def go_back(self) -> bool:
        """Leave what this part has laid over the picture; tell whether there was anything."""
        return False

    def close(self) -> None:
        """End timers and threads; the window is going."""

"""The hand on the picture: a click as long as it stays, a drag once it moves."""

from __future__ import annotations

from PySide6.QtCore import QPoint

# A hand that clicks moves that much.
_CLICK_PX = 4


class Press:
    """A button that is held down over a widget. Window pixels."""

    def __init__(self) -> None:
        self._began: QPoint | None = None
        self._last = QPoint()
        self._is_drag = False

    @property
    def is_held(self) -> bool:
        return self._began is not None

    def begin(self, at: QPoint) -> None:
        self._began = self._last = at
        self._is_drag = False

    def drag_to(self, at: QPoint) -> QPoint | None:
        """Return how far it was dragged since the last time; None while it may become a click."""
        moved = at - self._last
        if not self.is_held or (not self._is_drag and moved.manhattanLength() <= _CLICK_PX):
            return None
        self._last, self._is_drag = at, True
        return moved

    def end(self, at: QPoint) -> bool:
        """Let it go; tell whether it was a click."""
        began, self._began = self._began, None
        return began is not None and not self._is_drag and (at - began).manhattanLength() <= _CLICK_PX

    def cancel(self) -> None:
        self._began = None

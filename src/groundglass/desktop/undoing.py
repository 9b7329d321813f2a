"""Ctrl+Z: what was done last is taken back; a word over the picture says what that was, and what can be."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

from groundglass.desktop.actions import ActionId
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.keys import Keys
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.widgets.picture_chip import PictureChip
from groundglass.errors import GroundglassError
from groundglass.studio.events import Event, SessionOpened

_TOLD_MS = 4000


class Undoing(Part):
    """Asks the studio, which knows what was done and what others did since. User-interface thread."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        chip: PictureChip,
        keys: Keys,
        tell: Callable[[GroundglassError], None],
    ) -> None:
        super().__init__(chip)
        self._desk, self._bridge, self._keys, self._tell = desk, bridge, keys, tell
        self.chip = chip
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.setInterval(_TOLD_MS)
        self._told.timeout.connect(lambda: chip.say(""))

    def deeds(self) -> Deeds:
        return {ActionId.UNDO: lambda: self._bridge.watch(self._desk.undo(), self._say, self._fail)}

    def say_gone(self, what: str, count: int = 1) -> None:
        """Say what went just now, and with which key it comes back."""
        back = f" {self._keys.label(ActionId.UNDO)} brings {'it' if count == 1 else 'them'} back."
        self._say(f"{what}.{back if self._keys.key(ActionId.UNDO) else ''}")

    def take_event(self, event: Event) -> None:
        if isinstance(event, SessionOpened):
            self.chip.say("")

    def close(self) -> None:
        self._told.stop()

    def _fail(self, error: GroundglassError) -> None:
        self.chip.say("")  # of the time before
        self._tell(error)

    def _say(self, words: str) -> None:
        self.chip.say(words)
        self.chip.raise_()  # over a comparison and the light table, too
        self._told.start()

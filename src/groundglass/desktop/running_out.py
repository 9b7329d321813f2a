"""What runs out: its warning tells the present figure, and goes when there is enough again."""

from __future__ import annotations

from PySide6.QtCore import QObject

from groundglass.desktop.part import Part
from groundglass.desktop.widgets.banner import Banner
from groundglass.errors import GroundglassError
from groundglass.studio.events import Event, Supply, SupplyChanged, Warned


class RunningOut(Part):
    """Keeps the banner's warning true; one that was dismissed or replaced stays away."""

    def __init__(self, banner: Banner, parent: QObject) -> None:
        super().__init__(parent)
        self._banner = banner
        self._told: dict[Supply, GroundglassError] = {}

    def take_event(self, event: Event) -> None:
        match event:
            case Warned(error, Supply() as about):
                if (before := self._told.get(about)) is not None:
                    self._banner.take_back(before)
                self._told[about] = error
            case SupplyChanged(about, now) if (before := self._told.get(about)) in self._banner.errors:
                assert before is not None
                if now is None:
                    self._banner.take_back(before)
                else:
                    self._told[about] = now
                    self._banner.renew(before, now)

"""The sensor's own light in the window: its histogram in the histogram's place, and the next setting."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import Keys
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.raw_headroom import RawHeadroom
from groundglass.desktop.widgets.camera_panel import CameraPanel
from groundglass.errors import GroundglassError, UsageError
from groundglass.model.camera import CameraStatus
from groundglass.model.exposure import ExposureCompensation
from groundglass.model.next_exposure import Proposal, offered_settings
from groundglass.model.setting import Choice, SettingId
from groundglass.model.words import with_minus

if TYPE_CHECKING:
    from groundglass.imaging.raw_light import RawLight


class RawJudging(Part):
    """Shows what the RAW of the shot on screen holds, and offers what to set next. User-interface thread.

    set_setting: sets a dial of the camera, for another exposure though that be locked, and says when the
    camera refuses.
    """

    def __init__(
        self,
        headroom: RawHeadroom,
        panel: CameraPanel,
        set_setting: Callable[[SettingId, Choice], None],
        keys: Keys,
        tell: Callable[[GroundglassError], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel, self._tell = panel, tell
        self._set = set_setting
        self._keys = keys
        keys.changed.connect(self._show_offer)
        self._status = CameraStatus()
        self._light: RawLight | None = None
        self._offers: tuple[Proposal, ...] = ()
        self._dial: SettingId | None = None
        headroom.measured.connect(self._take)
        panel.offer.clicked.connect(self.use_offer)

    @property
    def offer(self) -> Proposal | None:
        """Return the setting that is offered now."""
        wanted = (one for one in self._offers if one.setting is self._dial)
        return next(wanted, next(iter(self._offers), None))

    def deeds(self) -> Deeds:
        return {
            ActionId.RAW_HISTOGRAM: self._panel.toggle_raw_histogram,
            ActionId.USE_OFFER: self.use_offer,
            ActionId.OTHER_OFFER: self.offer_another_dial,
        }

    def show_status(self, status: CameraStatus) -> None:
        if status.settings != self._status.settings or status.state != self._status.state:
            self._status = status
            self._find_offers()

    def use_offer(self) -> None:
        """Set what is offered."""
        if (offer := self._offer_or_why()) is not None:
            self._set(offer.setting, offer.choice)

    def offer_another_dial(self) -> None:
        """Offer the next dial from now on: under flash the shutter speed changes nothing."""
        if (offer := self._offer_or_why()) is not None:
            dials = [one.setting for one in self._offers]
            self._dial = dials[(dials.index(offer.setting) + 1) % len(dials)]
            self._show_offer()

    def _offer_or_why(self) -> Proposal | None:
        if self.offer is None:
            why = "Show a RAW that could take another exposure, with the camera on M."
            self._tell(UsageError("No setting is offered.", why))
        return self.offer

    def _take(self, light: RawLight | None, why: str) -> None:
        self._light = light
        self._panel.raw_histogram.show_light(light, why)
        self._find_offers()

    def _find_offers(self) -> None:
        self._offers = ()
        if self._light is not None and self._status.state.is_connected:
            light = self._light
            self._offers = offered_settings(light.headroom.ev, light.taken_with, self._status.settings)
        self._show_offer()

    def _show_offer(self) -> None:
        offer, button = self.offer, self._panel.offer
        if offer is None:
            if button.isEnabled():  # asked for at each picture and each status
                button.setEnabled(False)
                button.setText("")
                button.setToolTip("")
            return
        button.setEnabled(True)
        ev = ExposureCompensation(Fraction(offer.ev).limit_denominator(6)).label
        button.setText(with_minus(f"Use {offer.choice.label}: {ev}"))
        others = self._keys.with_key("Another dial", ActionId.OTHER_OFFER) if len(self._offers) > 1 else ""
        told = self._keys.with_key(f"Set {offer.words}", ActionId.USE_OFFER)
        button.setToolTip(f"{told}\n{others}".strip())

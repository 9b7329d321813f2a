"""The dials of the exposure: what they show, and the keys that lead to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from groundglass.desktop.actions import ActionId
from groundglass.desktop.dial_setting import DialSetting
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.widgets.dial import Dial
from groundglass.desktop.widgets.exposure_panel import ExposurePanel
from groundglass.model.camera import CameraStatus
from groundglass.model.setting import Choice, SettingId


class Exposing(Part):
    """Keeps the panel in line with the camera. User-interface thread."""

    def __init__(
        self,
        panel: ExposurePanel,
        setter: DialSetting,
        show_panels: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """show_panels: where a dial's key is pressed while they are hidden."""
        super().__init__(parent)
        self._panel, self._setter, self._show_panels = panel, setter, show_panels
        for dial in panel.dials():
            setter.serve(dial)

    def deeds(self) -> Deeds:
        return {ActionId(dial.setting_id.value): partial(self._reach, dial) for dial in self._panel.dials()}

    def show_status(self, status: CameraStatus) -> None:
        self._panel.show_status(status)

    def set_alone(self, setting_id: SettingId, wanted: Choice | str) -> None:
        """Ask the camera for a value, as if its dial wanted it, and for another exposure by it."""
        self._setter.set(self._panel.dial(setting_id), wanted, keeps_exposure=False)

    def _reach(self, dial: Dial) -> None:
        if not dial.isVisible():
            self._show_panels()
        dial.take_key()

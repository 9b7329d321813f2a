"""The dials of the exposure: what they show, and what they ask the camera for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from groundglass.desktop.actions import ActionId
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.widgets.banner import Banner
from groundglass.desktop.widgets.dial import Dial
from groundglass.desktop.widgets.exposure_panel import ExposurePanel
from groundglass.errors import GroundglassError, SettingRefusedError, UsageError
from groundglass.model.camera import CameraStatus
from groundglass.model.setting import Choice, Setting, SettingId


class Exposing(Part):
    """Sets what a dial wants; what the camera answers stands. User-interface thread."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        panel: ExposurePanel,
        banner: Banner,
        tell: Callable[[GroundglassError], None],
        show_panels: Callable[[], None],
        give_keys: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """show_panels: where a dial's key is pressed while they are hidden.  give_keys: a dial is done."""
        super().__init__(parent)
        self._desk, self._bridge, self._tell = desk, bridge, tell
        self._show_panels = show_panels
        self._panel, self._banner = panel, banner
        panel.wanted.connect(self.set)
        for dial in panel.dials():
            dial.done.connect(give_keys)

    def deeds(self) -> Deeds:
        return {ActionId(dial.setting_id.value): partial(self._reach, dial) for dial in self._panel.dials()}

    def _reach(self, dial: Dial) -> None:
        if not dial.isVisible():
            self._show_panels()
        dial.take_key()

    def show_status(self, status: CameraStatus) -> None:
        self._panel.show_status(status)

    def set(self, setting_id: SettingId, wanted: Choice | str) -> None:
        """Ask the camera for a value; a refusal is told, and a success takes an older one back."""

        def kept(setting: Setting) -> None:
            self._panel.settle(setting_id, setting)
            if isinstance(self._banner.error, (SettingRefusedError, UsageError)):
                self._banner.dismiss()

        def refused(error: GroundglassError) -> None:
            self._panel.settle(setting_id, None)
            self._tell(error)

        self._bridge.watch(self._desk.set(setting_id, wanted), kept, refused)

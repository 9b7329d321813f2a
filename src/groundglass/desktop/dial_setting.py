"""What is wanted of a dial: the camera is asked for it, and what it answers stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.widgets.banner import Banner
from groundglass.desktop.widgets.dial import Dial
from groundglass.errors import GroundglassError, SettingRefusedError, UsageError
from groundglass.model.setting import Choice, Setting


class DialSetting(QObject):
    """Serves the dials of the exposure and of the section "Camera" alike. User-interface thread."""

    done = Signal()  # a dial is done with the keys

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        banner: Banner,
        tell: Callable[[GroundglassError], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._banner, self._tell = desk, bridge, banner, tell

    def serve(self, dial: Dial) -> None:
        """Set what this dial wants from now on, and say why it is held when a hand tries it."""
        dial.wanted.connect(lambda _id, wanted: self.set(dial, wanted))
        dial.held.connect(self._tell)
        dial.done.connect(self.done)

    def set(self, dial: Dial, wanted: Choice | str, *, keeps_exposure: bool | None = None) -> None:
        """Ask the camera for a value; a refusal is told, and a success takes an older one back.

        keeps_exposure: another value makes up for it; None: if the photographer locked the exposure.
        """

        def kept(setting: Setting) -> None:
            dial.settle(setting)
            for error in self._banner.errors:
                if isinstance(error, SettingRefusedError | UsageError):
                    self._banner.take_back(error)

        def refused(error: GroundglassError) -> None:
            dial.settle(None)
            self._tell(error)

        asked = self._desk.set(dial.setting_id, wanted, keeps_exposure=keeps_exposure)
        self._bridge.watch(asked, kept, refused)

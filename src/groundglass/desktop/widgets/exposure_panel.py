"""The dials of the exposure, in the order of a camera's top plate."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from groundglass.desktop.actions import ActionId, key_label
from groundglass.desktop.keys import Keys, tell_key
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.buttons import IconButton
from groundglass.desktop.widgets.dial import Dial
from groundglass.desktop.widgets.dial_face import DialFace
from groundglass.desktop.widgets.lines import Line
from groundglass.model.camera import CameraStatus
from groundglass.model.equivalent import TRIANGLE
from groundglass.model.setting import SettingId

_FACES = (
    (ActionId.SHUTTER, "Shutter speed", "Shutter", True),
    (ActionId.APERTURE, "Aperture", "Aperture", True),
    (ActionId.ISO, "ISO", "", True),
    (ActionId.COMPENSATION, "Exposure compensation", "Comp.", True),
    (ActionId.WHITE_BALANCE, "White balance", "White bal.", False),
    (ActionId.TEMPERATURE, "Colour temperature", "Kelvin", False),
    (ActionId.FORMAT, "Image format", "Format", False),
    (ActionId.MODE, "Exposure mode", "Mode", False),
)
_PICK_EDGE_PX = 4  # so that its icon ends where the locks do


class ExposurePanel(QWidget):
    """All dials; each keeps its place whether the camera offers its setting or not."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._dials: dict[SettingId, Dial] = {}
        self.pick = IconButton("Kelvin from a neutral spot", "pipette", theme)
        tell_key(self.pick, "Kelvin from a neutral spot", ActionId.PICK_WHITE)
        was_large = True
        for action_id, words, label, is_large in _FACES:
            if was_large and not is_large:
                column.addSpacing(8)
                column.addWidget(Line(theme))
                column.addSpacing(8)
            was_large = is_large
            # An action that turns to a dial has the name of its setting.
            setting_id = SettingId(action_id.value)
            dial = Dial(DialFace(setting_id, words, label, "", is_large), theme)
            self._dials[setting_id] = dial
            if action_id is ActionId.TEMPERATURE:
                row = QHBoxLayout()
                row.setContentsMargins(0, 0, _PICK_EDGE_PX, 0)
                row.addWidget(dial, 1)
                row.addWidget(self.pick)
                column.addLayout(row)
            else:
                column.addWidget(dial)

    def dial(self, setting_id: SettingId) -> Dial:
        return self._dials[setting_id]

    def dials(self) -> tuple[Dial, ...]:
        return tuple(self._dials.values())

    def show_keys(self, keys: Keys) -> None:
        """Name the keys that bring each dial the focus."""
        for setting_id, dial in self._dials.items():
            dial.show_key(key_label(keys.key(ActionId(setting_id.value))))

    def show_status(self, status: CameraStatus) -> None:
        """Show the settings as the camera offers them now; without a camera every dial rests."""
        self.pick.setEnabled(status.state.is_connected)
        for setting_id, dial in self._dials.items():
            dial.show_setting(status.setting(setting_id) if status.state.is_connected else None)

    def show_linked(self, is_linked: bool) -> None:
        """Say whether shutter, aperture and ISO make up for each other."""
        for setting_id in TRIANGLE:
            self._dials[setting_id].show_linked(is_linked)

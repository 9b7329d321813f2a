"""The status line: what is connected, where the pictures go, what is left. States, no buttons."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from groundglass.desktop import icons
from groundglass.desktop.notices import is_waiting
from groundglass.desktop.theme import MARGIN_PX, STATUS_HEIGHT_PX, Role, Theme
from groundglass.desktop.widgets.lines import Words
from groundglass.model.camera import CameraState, CameraStatus
from groundglass.model.setting import Setting, SettingId
from groundglass.session.backup import BackupState, BackupStatus

_NOTHING = "\N{EN DASH}"
_STATE_WORDS = {
    CameraState.ABSENT: "no camera",
    CameraState.CONNECTING: "connecting",
    CameraState.READY: "connected",
    CameraState.LIVE: "live",
    CameraState.EXPOSING: "exposing",
    CameraState.TRANSFERRING: "transferring",
    CameraState.UNRESPONSIVE: "not answering",
    CameraState.LOST: "connection lost",
}
LOW_BATTERY_SHARE = 0.15
LOW_SHOTS = 10
LOW_DISK_BYTES = 2_000_000_000


class Lamp(QWidget):
    """A dot for the state of the connection: hollow, filled, amber when live, red when lost."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = CameraState.ABSENT
        self.setFixedSize(12, 12)

    def show_state(self, state: CameraState) -> None:
        self._state = state
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self._theme.text)
        if self._state in (CameraState.LOST, CameraState.UNRESPONSIVE):
            colour = QColor(self._theme.danger)
        elif self._state is CameraState.LIVE:
            colour = QColor(self._theme.accent)
        elif not self._state.is_connected:
            colour = QColor(self._theme.quiet)
        is_hollow = self._state in (CameraState.ABSENT, CameraState.CONNECTING)
        painter.setPen(QPen(colour, 1.25))
        painter.setBrush(Qt.BrushStyle.NoBrush if is_hollow else colour)
        painter.drawEllipse(QRectF(2, 2, 8, 8))
        painter.end()


class Icon(QWidget):
    """A small picture before a word."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name, self._share = name, 0.0
        self._role: Role = "quiet"
        self.setFixedSize(icons.SIZE_PX, icons.SIZE_PX)

    def show_share(self, share: float, role: Role) -> None:
        self._share, self._role = share, role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.draw(painter, self._name, 0, 0, self._theme.colour(self._role), self._share)
        painter.end()


class StatusLine(QWidget):
    """One line, 32 px; every word has its place and keeps it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("window")
        self.setFixedHeight(STATUS_HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Status")
        self.camera = self._words("Camera")
        self.lamp = Lamp(theme)
        self.state = self._words("Connection", quiet=True)
        self.session = self._words("Session and next name", align=Qt.AlignmentFlag.AlignCenter)
        self._battery_icon = Icon("battery", theme)
        self.battery = self._words("Battery", width=64)
        self.shots_left = self._words("Shots left", width=84, align=Qt.AlignmentFlag.AlignRight)
        self.backup = self._words("Second copy", align=Qt.AlignmentFlag.AlignRight)
        self.disk = self._words("Disk space", width=96, align=Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 0)
        row.setSpacing(8)
        left = QHBoxLayout()
        left.setSpacing(8)
        left.addWidget(Icon("camera", theme))
        left.addWidget(self.camera, 2)
        left.addSpacing(8)
        left.addWidget(self.lamp)
        left.addWidget(self.state, 3)
        right = QHBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.backup, 1)
        right.addWidget(self._battery_icon)
        right.addWidget(self.battery)
        right.addWidget(self.shots_left)
        right.addWidget(self.disk)
        row.addLayout(left, 6)
        row.addWidget(self.session, 4)
        row.addLayout(right, 5)

    def show_status(self, status: CameraStatus) -> None:
        """Show the camera: its name and lens, its state, its battery and its card."""
        lens = status.setting(SettingId.LENS)
        name = status.info.model if status.info else "No camera"
        lens_name = lens.current.label if lens and lens.current else ""
        self.camera.say(f"{name} \N{MIDDLE DOT} {lens_name}" if lens_name and status.info else name)
        is_bad = status.state in (CameraState.LOST, CameraState.UNRESPONSIVE)
        # While none is found, every look for a camera is a short CONNECTING: that must not flicker.
        is_looking = is_waiting(status) and bool(status.message)
        state = CameraState.ABSENT if is_looking else status.state
        self.lamp.show_state(state)
        words = _STATE_WORDS[state] if is_looking else status.message or _STATE_WORDS[state]
        self.state.say(words, "danger" if is_bad else "quiet")
        self._show_battery(status.setting(SettingId.BATTERY) if status.state.is_connected else None)
        self._show_shots_left(status.setting(SettingId.SHOTS_LEFT) if status.state.is_connected else None)

    def show_session(self, session: str, next_name: str) -> None:
        """Show where the next picture goes."""
        if not session:
            self.session.say("no session", "quiet")
            return
        arrow = f"{session}  \N{BLACK RIGHT-POINTING SMALL TRIANGLE}  {next_name}" if next_name else session
        self.session.say(arrow, "text")

    def show_disk(self, free_bytes: int | None) -> None:
        """Show the room on the session's disk."""
        if free_bytes is None:
            self.disk.say("")
            return
        role: Role = "danger" if free_bytes < LOW_DISK_BYTES else "text"
        self.disk.say(f"{size_label(free_bytes)} free", role)

    def show_backup(self, status: BackupStatus | None) -> None:
        """Show how the second copy stands; nothing if there is none."""
        if status is None or status.state is BackupState.CLOSED:
            self.backup.say("")
        elif status.state is BackupState.SAFE:
            self.backup.say("2 copies", "quiet")
        elif status.state is BackupState.CATCHING_UP:
            self.backup.say(f"{status.pending_files} to copy", "quiet")
        else:
            self.backup.say(f"backup {status.state.value}", "danger")
        self.backup.setToolTip(status.message if status else "")

    def show_backlog(self, left: int) -> None:
        """Show that pictures are fetched which were shot while the camera was away."""
        if left:
            self.state.say(f"fetching {left} from the card", "quiet")

    def sizeHint(self) -> QSize:
        return QSize(800, STATUS_HEIGHT_PX)

    def _show_battery(self, battery: Setting | None) -> None:
        share = percent(battery)
        self._battery_icon.setVisible(battery is not None)
        if battery is None or battery.current is None:
            self.battery.say("")
            return
        is_low = share is not None and share < LOW_BATTERY_SHARE
        role: Role = "danger" if is_low else "text"
        self._battery_icon.show_share(share or 0.0, role)
        self.battery.say(f"{share * 100:.0f} %" if share is not None else battery.current.label, role)

    def _show_shots_left(self, left: Setting | None) -> None:
        if left is None or left.current is None:
            self.shots_left.say("")
            return
        count = left.current.label
        is_low = count.isdigit() and int(count) < LOW_SHOTS
        self.shots_left.say(f"{count} left", "danger" if is_low else "text")

    def _words(
        self,
        name: str,
        *,
        width: int | None = None,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        quiet: bool = False,
    ) -> Words:
        words = Words(self._theme, align=align, quiet=quiet)
        words.setAccessibleName(name)
        if width is not None:
            words.setFixedWidth(width)
            words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        return words


def percent(setting: Setting | None) -> float | None:
    """Return what a camera says about its battery as a share; None if it is no percentage."""
    if setting is None or setting.current is None:
        return None
    digits = setting.current.label.rstrip(" %")
    # A body was seen to report 253 %.
    return min(int(digits) / 100, 1.0) if digits.isdigit() else None


def size_label(size_bytes: int) -> str:
    """Return a size as disks are sold: `2.1 TB`, `48 GB`."""
    for unit, one in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size_bytes >= one:
            amount = size_bytes / one
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"
    return f"{size_bytes / 1e3:.0f} kB"

"""The status line: what is connected, where the pictures go, what is left. States, no buttons.

Longer than most modules by the signs that only it paints: its lamp, its icons and the bar of a transfer.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from groundglass.desktop import icons
from groundglass.desktop.notices import is_waiting
from groundglass.desktop.theme import MARGIN_PX, STATUS_HEIGHT_PX, Role, Theme
from groundglass.desktop.widgets.lines import Words
from groundglass.model.camera import CameraState, CameraStatus
from groundglass.model.setting import Setting, SettingId, battery_share
from groundglass.studio.copies import Copies
from groundglass.studio.link import Link
from groundglass.studio.transfers import TransferPace
from groundglass.studio.warnings import BATTERY_PERCENT, CARD_SHOTS

_DOT = "\N{MIDDLE DOT}"
_STATE_WORDS = {
    CameraState.ABSENT: "not connected",
    CameraState.CONNECTING: "connecting",
    CameraState.READY: "connected",
    CameraState.LIVE: "live",
    CameraState.EXPOSING: "exposing",
    CameraState.TRANSFERRING: "transferring",
    CameraState.UNRESPONSIVE: "not answering",
    CameraState.LOST: "connection lost",
}
_ARROW = "  \N{BLACK RIGHT-POINTING SMALL TRIANGLE}  "
_LEAST_SESSION_PX = 48  # of its name; with less it says nothing
_STATE_PX = 120
_GROUP_PX = 16  # between different things, beside the spacing of all
LOW_DISK_BYTES = 2_000_000_000


class Lamp(QWidget):
    """A dot for the state of the connection: hollow, filled, amber when live, red when lost."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = CameraState.ABSENT
        self.setFixedSize(12, 12)

    def show_state(self, state: CameraState) -> None:
        if state is not self._state:
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
        if (share, role) != (self._share, self._role):
            self._share, self._role = share, role
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.draw(painter, self._name, 0, 0, self._theme.colour(self._role), self._share)
        painter.end()


class SessionWords(Words):
    """The session and, behind an arrow, the name of the next picture; the session's is cut first."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        # The number of the next picture stands at the end.
        super().__init__(theme, parent, align=Qt.AlignmentFlag.AlignCenter, cut=Qt.TextElideMode.ElideMiddle)
        self.setAccessibleName("Session and next name")

    @property
    def shown(self) -> str:
        session, arrow, following = self.text.rpartition(_ARROW)
        figures = self.fontMetrics()
        room = self.width() - figures.horizontalAdvance(arrow + following)
        if not arrow or room >= figures.horizontalAdvance(session):
            return super().shown
        if room >= _LEAST_SESSION_PX:
            return figures.elidedText(session, Qt.TextElideMode.ElideRight, room) + arrow + following
        return figures.elidedText(arrow.lstrip() + following, Qt.TextElideMode.ElideMiddle, self.width())


class StatusLine(QWidget):
    """One line, 32 px; every word has its place and keeps it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._copies = Copies()
        self._export = ("", "")  # how it stands, and more of it for the tooltip
        self.setObjectName("window")
        self.setFixedHeight(STATUS_HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Status")
        self.camera = self._words("Camera")
        # The camera takes what its name needs; the state stands behind it and keeps enough for a transfer.
        self.camera.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.lamp = Lamp(theme)
        self.state = self._words("Connection", quiet=True)
        self.state.setMinimumWidth(_STATE_PX)
        self.session = SessionWords(theme)
        self._battery_icon = Icon("battery", theme)
        kept = self._battery_icon.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # nothing moves when a camera comes or goes
        self._battery_icon.setSizePolicy(kept)
        self.battery = self._words("Battery", widest="100 %")
        self.shots_left = self._words("Shots left", widest="99999 left", align=Qt.AlignmentFlag.AlignRight)
        self.copies = self._words("Where the frames live", align=Qt.AlignmentFlag.AlignRight)
        self.disk = self._words("Disk space", widest="1000 MB free", align=Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 0)
        row.setSpacing(8)
        left = QHBoxLayout()
        left.setSpacing(8)
        left.addWidget(Icon("camera", theme))
        left.addWidget(self.camera)
        left.addSpacing(8)
        left.addWidget(self.lamp)
        left.addWidget(self.state, 1)
        right = QHBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.copies, 1)
        right.addSpacing(_GROUP_PX)
        right.addWidget(self._battery_icon)
        right.addWidget(self.battery)
        right.addSpacing(_GROUP_PX)
        right.addWidget(self.shots_left)
        right.addSpacing(_GROUP_PX)
        right.addWidget(self.disk)
        row.addLayout(left, 6)
        row.addWidget(self.session, 4)
        row.addLayout(right, 6)

    def show_status(
        self,
        status: CameraStatus,
        link: Link | None = None,
        pace: TransferPace | None = None,
        left: int = 0,
    ) -> None:
        """Show the camera: its name and lens, its state, its battery and its card.

        left: how many pictures are still fetched that were shot while the camera was away.
        """
        lens = status.setting(SettingId.LENS)
        name = status.info.model if status.info else "No camera"
        lens_name = lens.current.label if lens and lens.current else ""
        camera = f"{name} {_DOT} {lens_name}" if lens_name and status.info else name
        if camera != self.camera.text:
            self.camera.say(camera)
            self.camera.updateGeometry()
        is_bad = status.state in (CameraState.LOST, CameraState.UNRESPONSIVE)
        # While none is found, every look for a camera is a short CONNECTING: that must not flicker.
        is_looking = is_waiting(status) and bool(status.message)
        state = CameraState.ABSENT if is_looking else status.state
        self.lamp.show_state(state)
        words = _STATE_WORDS[state] if is_looking else status.message or _STATE_WORDS[state]
        if left and state.is_connected:
            where = "from the card"
            words = f"fetching {pace.told(where) if pace else f'{left} {where}'}"
        elif pace is not None and not status.message:
            words = f"{words} {pace.words}"
        elif link is not None and not status.message:
            words = f"{words} {_DOT} {link.words}"
        is_slow = link is not None and link.is_slow
        self.state.say(words, "danger" if is_bad or is_slow else "quiet")
        self._show_battery(status.setting(SettingId.BATTERY) if status.state.is_connected else None)
        self._show_shots_left(status.setting(SettingId.SHOTS_LEFT) if status.state.is_connected else None)

    def show_session(self, session: str, next_name: str) -> None:
        """Show where the next picture goes."""
        if not session:
            self.session.say("no session", "quiet")
            return
        self.session.say(f"{session}{_ARROW}{next_name}" if next_name else session, "text")

    def show_disk(self, free_bytes: int | None) -> None:
        """Show the room on the session's disk."""
        if free_bytes is None:
            self.disk.say("")
            return
        role: Role = "danger" if free_bytes < LOW_DISK_BYTES else "text"
        self.disk.say(f"{size_label(free_bytes)} free", role)

    def show_copies(self, copies: Copies) -> None:
        """Show the places that hold every frame, or what is still on its way there."""
        self._copies = copies
        self._say_copies()

    def show_export(self, words: str, why: str = "") -> None:
        """Show how an export stands, in the place of the copies unless these are in trouble; empty: none."""
        self._export = (words, why)
        self._say_copies()

    def _say_copies(self) -> None:
        copies = self._copies
        words, role = _copies_words(copies)
        why = copies.backup.message if copies.backup is not None else ""
        if self._export[0] and role != "danger":
            self.copies.say(self._export[0], "quiet", self._export[1])
        else:
            self.copies.say(words, role, why)

    def sizeHint(self) -> QSize:
        return QSize(800, STATUS_HEIGHT_PX)

    def _show_battery(self, battery: Setting | None) -> None:
        share = battery_share(battery)
        self._battery_icon.setVisible(battery is not None)
        if battery is None or battery.current is None:
            self.battery.say("")
            return
        is_low = share is not None and share <= BATTERY_PERCENT[0] / 100
        role: Role = "danger" if is_low else "text"
        self._battery_icon.show_share(min(share or 0.0, 1.0), role)
        # On mains a body was seen to report 253 %.
        self.battery.say("100 %" if share is not None and share > 1 else battery.current.label, role)

    def _show_shots_left(self, left: Setting | None) -> None:
        if left is None or left.current is None:
            self.shots_left.say("")
            return
        count = left.current.label
        is_low = count.isdigit() and int(count) <= CARD_SHOTS[0]
        self.shots_left.say(f"{count} left", "danger" if is_low else "text")

    def _words(
        self,
        name: str,
        *,
        widest: str = "",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        quiet: bool = False,
    ) -> Words:
        words = Words(self._theme, align=align, quiet=quiet)
        words.setAccessibleName(name)
        if widest:
            words.setFixedWidth(words.width_of(widest))
            words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        return words


class TransferBar(QWidget):
    """The line under the status line, over which is drawn what has come of a file; its height stays."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share: float | None = None
        self.setFixedHeight(2)
        self.setAccessibleName("Transfer")

    @property
    def share(self) -> float | None:
        return self._share

    def show_pace(self, pace: TransferPace | None) -> None:
        """Draw what has come of this file; None: nothing is on its way."""
        share = pace.share if pace is not None else None
        if share != self._share:
            self._share = share
            said = f"{pace.name}, {share * 100:.0f} %" if pace and share is not None else ""
            self.setAccessibleDescription(said)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.window))
        painter.fillRect(0, 0, self.width(), 1, QColor(self._theme.line))
        if self._share is not None:
            width = round(self.width() * min(self._share, 1.0))
            painter.fillRect(0, 0, width, 2, QColor(self._theme.quiet))
        painter.end()


def _copies_words(copies: Copies) -> tuple[str, Role]:
    if copies.is_disk_short:
        return copies.missing_words, "danger"
    if copies.is_backup_in_trouble:
        return f"backup {copies.backup_words}", "danger"
    if copies.on_disk < copies.shots:
        return f"disk {copies.on_disk} of {copies.shots}", "danger"
    if copies.backup is not None and copies.backup.pending_files:
        return f"backup {copies.backup_words}", "quiet"
    return f" {_DOT} ".join(copies.places), "quiet"


def size_label(size_bytes: int) -> str:
    """Return a size as disks are sold: `2.1 TB`, `48 GB`."""
    for unit, one in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size_bytes >= one:
            amount = size_bytes / one
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"
    return f"{size_bytes / 1e3:.0f} kB"

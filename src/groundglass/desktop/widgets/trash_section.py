"""The trash in the right panel: how much lies in it, the way back, and its end."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import tell_key
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.lines import Words
from groundglass.model.words import counted


class TrashSection(QWidget):
    """Buttons that are there for as long as there is something to do."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = Words(theme, self, quiet=True)
        self.restore = Button("Restore all", theme, self, height_px=28)
        tell_key(self.restore, "Bring all back; the last change alone", ActionId.UNDO)
        self.empty = Button("Empty\N{HORIZONTAL ELLIPSIS}", theme, self, height_px=28)
        self.empty.setToolTip("Delete them for good; asks first")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.restore, 1)
        row.addWidget(self.empty, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.count)
        column.addLayout(row)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Say how many shots lie in the trash."""
        self.count.say(counted(count, "shot") if count else "Nothing in the trash")
        self.restore.setEnabled(count > 0)
        self.empty.setEnabled(count > 0)

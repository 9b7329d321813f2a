"""Where the frames of the session live, in the right panel: card, disk, second copy, and the link."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from groundglass.desktop.theme import Role, Theme
from groundglass.desktop.widgets.lines import Heading, Words
from groundglass.studio.copies import Copies
from groundglass.studio.link import Link

ROWS = (
    ("Disk", "On the disk"),
    ("Card", "On the card"),
    ("", "The card's copies"),
    ("Backup", "In the second copy"),
    ("", "Second copy"),
    ("Link", "Link"),
)
_NOTHING = "\N{EN DASH}"


class CopiesSection(QWidget):
    """A line for each place; every line keeps its place, told or not."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: dict[str, Words] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 72)
        for row, (label, name) in enumerate(ROWS):
            told = self._words[name] = Words(theme)
            told.setAccessibleName(name)
            grid.addWidget(Heading(label), row, 0)
            grid.addWidget(told, row, 1)
            self._say(name, "")

    def told(self, name: str) -> str:
        return self._words[name].text

    def show_copies(self, copies: Copies) -> None:
        """Show how many shots each place holds, and what is still to be done."""
        shots, has_backup = copies.shots, copies.backup is not None
        is_disk_short = copies.on_disk < shots
        self._say("On the disk", _of(copies.on_disk, shots), "danger" if is_disk_short else "text")
        self._say("On the card", _of(copies.on_card, shots))
        kept = copies.card.kept
        self._say("The card's copies", copies.policy_words, "danger" if kept else "quiet", "\n".join(kept))
        self._say("In the second copy", _of(copies.in_backup, shots) if has_backup else "")
        trouble: Role = "danger" if copies.is_backup_in_trouble else "quiet"
        why = copies.backup.message if copies.backup is not None else ""
        self._say("Second copy", copies.backup_words, trouble, why)

    def show_link(self, link: Link | None) -> None:
        """Show how the camera is connected."""
        self._say("Link", link.told if link else "", "danger" if link and link.is_slow else "text")

    def _say(self, name: str, text: str, role: Role = "text", why: str = "") -> None:
        words = self._words[name]
        words.say(text or _NOTHING, role)
        if why:
            words.setToolTip(why)
            words.setAccessibleDescription(f"{text}. {why}")


def _of(count: int, shots: int) -> str:
    return f"{count} of {shots}" if shots else ""

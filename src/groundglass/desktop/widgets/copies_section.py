"""Where the frames of the session live, in the right panel: card, disk, second copy, and the link."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from groundglass.desktop.theme import Role, Theme
from groundglass.desktop.widgets.lines import Heading, Words
from groundglass.model.words import counted
from groundglass.studio.copies import Copies
from groundglass.studio.link import Link

ROWS = (
    ("Disk", "On the disk"),
    ("Card", "On the card"),
    ("", "The card's copies"),
    ("Backup", "In the backup"),
    ("", "State of the backup"),
    ("Link", "Link"),
)
_SECOND = tuple(name for label, name in ROWS if not label)  # more about the line above
_NOTHING = "\N{EN DASH}"
_MISSING = "What the disk did not take is still on the card. It is fetched when there is room for two shots."
_UNSEEN = "This camera does not show its card over the cable. Look at the card in the camera."


class CopiesSection(QWidget):
    """A line for each place, told or not; one more for a second copy that is wanted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: dict[str, Words] = {}
        self._headings: dict[str, Heading] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 72)
        for row, (label, name) in enumerate(ROWS):
            told = self._words[name] = Words(theme)
            told.setAccessibleName(name)
            heading = self._headings[name] = Heading(label)
            grid.addWidget(heading, row, 0)
            grid.addWidget(told, row, 1)
            self._say(name, "")
        self._show_second_copy(False)

    def told(self, name: str) -> str:
        return self._words[name].text

    def show_copies(self, copies: Copies) -> None:
        """Show how many shots each place holds, and what is still to be done."""
        shots, has_backup = copies.shots, copies.backup is not None
        is_disk_short = copies.is_disk_short or copies.on_disk < shots
        on_disk = ", ".join(filter(None, (_of(copies.on_disk, shots), _missing(copies))))
        missing = _MISSING if copies.is_disk_short else ""
        self._say("On the disk", on_disk, "danger" if is_disk_short else "text", missing)
        unseen = copies.on_unseen_card
        self._say("On the card", _on_card(copies), "quiet" if unseen else "text", _UNSEEN if unseen else "")
        kept = copies.card.kept
        self._say("The card's copies", copies.policy_words, "danger" if kept else "quiet", "\n".join(kept))
        in_backup = _of(copies.in_backup, shots) if has_backup else copies.backup_words
        self._say("In the backup", in_backup)
        trouble: Role = "danger" if copies.is_backup_in_trouble else "quiet"
        why = copies.backup.message if copies.backup is not None else ""
        self._say("State of the backup", copies.backup_words if has_backup else "", trouble, why)

        self._show_second_copy(has_backup)

    def _show_second_copy(self, is_there: bool) -> None:
        """Leave no empty line where there is nothing to tell."""
        self._words["State of the backup"].setVisible(is_there)
        self._headings["State of the backup"].setVisible(is_there)

    def show_link(self, link: Link | None) -> None:
        """Show how the camera is connected."""
        self._say("Link", link.told if link else "", "danger" if link and link.is_slow else "text")

    def _say(self, name: str, text: str, role: Role = "text", why: str = "") -> None:
        self._words[name].say(text or ("" if name in _SECOND else _NOTHING), role, why)


def _on_card(copies: Copies) -> str:
    if not copies.on_unseen_card:
        return _of(copies.on_card, copies.shots)
    if not copies.on_card:
        return "not known"
    return f"{copies.on_card} known of {copies.shots}"


def _missing(copies: Copies) -> str:
    if not copies.is_disk_short:
        return ""
    return f"{counted(copies.missing_files, 'file')} not" if copies.missing_files else "not all"


def _of(count: int, shots: int) -> str:
    return f"{count} of {shots}" if shots else ""

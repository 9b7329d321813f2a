"""How the shown picture was taken and where it lives, in the right panel."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.lines import Heading, Words, WrappedWords

ROWS = (
    "Files",
    "Size",
    "Taken",
    "Camera",
    "Lens",
    "Shutter",
    "Aperture",
    "ISO",
    "Comp.",
    "Kelvin",
    "Said",
    "Lives on",
)
_CUT = {"Files": Qt.TextElideMode.ElideMiddle}  # a name keeps its number
_LENS_LINES = 2  # its f-number stands at the end
_TO_THE_MINUTE = len("2026-11-22 13:19")  # with the seconds it would be cut
_NOTHING = "\N{EN DASH}"


class DetailsSection(QWidget):
    """A line for each detail; every line keeps its place, told or not."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: dict[str, Words | WrappedWords] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 72)
        for row, name in enumerate(ROWS):
            told: Words | WrappedWords
            if name == "Lens":
                told = WrappedWords(theme, _LENS_LINES, cut=Qt.TextElideMode.ElideMiddle)
                heading_at = Qt.AlignmentFlag.AlignTop
            else:
                told = Words(theme, cut=_CUT.get(name, Qt.TextElideMode.ElideRight))
                heading_at = Qt.AlignmentFlag.AlignVCenter
            self._words[name] = told
            told.setAccessibleName(name)
            grid.addWidget(Heading(name), row, 0, heading_at)
            grid.addWidget(told, row, 1)
        self.show_details({})

    def told(self, name: str) -> str:
        return self._words[name].text

    def show_details(self, details: Mapping[str, str]) -> None:
        """Show these; a dash for what is not among them."""
        for name, words in self._words.items():
            whole = details.get(name) or _NOTHING
            if name == "Taken" and isinstance(words, Words):
                words.say(whole[:_TO_THE_MINUTE], why=whole)
            else:
                words.say(whole)

"""The keywords of the chosen shots, in the right panel."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.fields import Field, Labelled
from groundglass.desktop.widgets.lines import Words


class KeywordsSection(QWidget):
    """One field with commas between the keywords; those that only some of the shots have stand below."""

    kept = Signal(str)  # the text, by hand

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = Field("Keywords", "coat, red")
        self._known = QStringListModel(self)
        self.completer = _LastWordCompleter(self._known, self.field)
        self.field.setCompleter(self.completer)
        self.field.kept.connect(self.kept)
        self._label = Labelled("Of the chosen", self.field)
        self.others = Words(theme, quiet=True)
        self.others.setAccessibleName("On some of the chosen")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._label)
        column.addWidget(self.others)
        self.show_keywords((), (), 0)

    @property
    def is_typed_in(self) -> bool:
        """Tell whether something stands there that was not kept yet."""
        return self.field.hasFocus() and self.field.isModified()

    def show_keywords(self, shared: Iterable[str], others: Iterable[str], shots: int) -> None:
        """Show what all of the chosen shots have, and what only some have."""
        self.field.setEnabled(shots > 0)
        self.field.show_text(", ".join(shared))
        self.field.setModified(False)
        words = ", ".join(others)
        several = f"{shots} shots" if shots > 1 else ""
        self.others.say(f"{several}; some: {words}" if words else several)

    def show_known(self, words: Iterable[str]) -> None:
        """Offer these while a word is typed."""
        known = sorted(words, key=str.casefold)
        if known != self._known.stringList():
            self._known.setStringList(known)


class _LastWordCompleter(QCompleter):
    """Completes the word behind the last comma."""

    def __init__(self, words: QStringListModel, field: QLineEdit) -> None:
        super().__init__(words, field)
        self._field = field
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = self.popup()
        assert popup is not None
        popup.setAccessibleName("Keywords of this session")

    def splitPath(self, path: str) -> list[str]:
        return [path.rpartition(",")[2].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        before, comma, _ = self._field.text().rpartition(",")
        word = str(index.data())
        return f"{before.strip()}, {word}" if comma else word

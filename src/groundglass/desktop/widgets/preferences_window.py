"""All preferences on two pages; each is applied as soon as it is changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from groundglass.desktop.keys import Keys
from groundglass.desktop.paths import nearest_folder, with_home
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.fields import Field, Rounds, Switch
from groundglass.desktop.widgets.keys_page import KeysPage
from groundglass.desktop.widgets.lines import Heading, Line, WrappedWords
from groundglass.errors import GroundglassError
from groundglass.model.naming import DEFAULT_TEMPLATE
from groundglass.model.places import CardPolicy
from groundglass.studio.preferences import Preferences, ThemeName, sessions_folder

_WIDTH_PX, _LABEL_PX = 600, 168
_POLICIES = {
    CardPolicy.KEEP.value: "Keep them",
    CardPolicy.DELETE_AFTER_BACKUP.value: "Delete once disk and backup are proven",
}
_THEMES = {one.value: one.value.capitalize() for one in ThemeName}


class PreferencesWindow(QDialog):
    """Modeless, so that what a change does is seen at once. Esc closes it."""

    changed = Signal(str, object)  # name, value

    def __init__(self, theme: Theme, keys: Keys, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self.setFixedWidth(_WIDTH_PX)
        self._theme = theme
        self._note = ""
        self._row = 0
        self.controls: dict[str, QWidget] = {}
        self.choosers: dict[str, Button] = {}
        self.dialog: QFileDialog | None = None  # the one that was opened last
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnMinimumWidth(0, _LABEL_PX)
        self._grid.setColumnStretch(1, 1)
        self._group("Sessions")
        self._folder("sessions_folder", "New sessions go to", with_home(sessions_folder()))
        self._text("template", "Names in new sessions", DEFAULT_TEMPLATE)
        self._folder("backup", "Backup goes to", "no backup")
        self._rounds("card_policy", "Copies on the card", _POLICIES)
        self._group("Camera")
        self._text("camera", "Connect to", "the only one, or: model, serial number, ptpip:…")
        self._switch("autofocus", "Release", "Focus first, where body and lens are set to it")
        self._group("Look")
        self._rounds("theme", "Theme", _THEMES)
        self._switch("sounds", "Sounds", "A tone for a stored frame, another one for trouble")
        self.told = WrappedWords(theme, 2)
        self.told.setAccessibleName("Message")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        general = QWidget()
        inset = QVBoxLayout(general)
        inset.setContentsMargins(0, 12, 0, 0)
        inset.addLayout(self._grid)
        inset.addStretch(1)
        self.keys = KeysPage(keys, theme)
        self.keys.wanted.connect(lambda changes: self._tell("keys", changes))
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.setAccessibleName("Pages")
        self.pages.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its bar takes the keys
        self.pages.tabBar().setDrawBase(False)
        self.pages.tabBar().setAccessibleName("Pages")
        self.pages.addTab(general, "General")
        self.pages.addTab(self.keys, "Keys")
        column.addWidget(self.pages)
        column.addWidget(self.told)

    def show_chosen(self, preferences: Preferences) -> None:
        """Show what is chosen now."""
        for name, control in self.controls.items():
            value = getattr(preferences, name)
            if isinstance(control, Field):
                control.show_text(str(value))
            elif isinstance(control, Switch):
                control.show_on(bool(value))
            elif isinstance(control, Rounds):
                control.show_choice(str(value))

    def show_fault(self, error: GroundglassError | None) -> None:
        """Say what could not be done; None: nothing, so that the note stands again."""
        if error is not None:
            self.told.say(str(error), "danger")
        else:
            self.told.say(self._note)

    def show_note(self, words: str) -> None:
        """Say what has to be known about what is chosen; empty: nothing."""
        if words != self._note:
            self._note = words
            self.told.say(words)

    def _group(self, title: str) -> None:
        if self._row:
            self._grid.addWidget(Line(self._theme), self._row, 0, 1, 3)
            self._row += 1
        self._grid.addWidget(Heading(title), self._row, 0, 1, 3)
        self._row += 1

    def _add(self, words: str, control: QWidget, columns: int = 2) -> None:
        label = QLabel(words)
        label.setBuddy(control)
        self._grid.addWidget(label, self._row, 0)
        self._grid.addWidget(control, self._row, 1, 1, columns)
        self._row += 1

    def _text(self, name: str, words: str, placeholder: str, columns: int = 2) -> None:
        field = Field(words, placeholder)
        field.kept.connect(lambda text: self._tell(name, text))
        self.controls[name] = field
        self._add(words, field, columns)

    def _folder(self, name: str, words: str, placeholder: str) -> None:
        """Give a line for a folder a button that shows the folders that there are."""
        self._text(name, words, placeholder, columns=1)
        button = Button("Choose\N{HORIZONTAL ELLIPSIS}", self._theme, height_px=28)
        button.setAccessibleName(f"{words}: choose a folder")
        button.clicked.connect(lambda: self._browse(name, words))
        self.choosers[name] = button
        self._grid.addWidget(button, self._row - 1, 2)

    def _browse(self, name: str, words: str) -> None:
        field = self.controls[name]
        assert isinstance(field, Field)
        asked = Path(field.text().strip() or field.placeholderText()).expanduser()
        self.dialog = dialog = QFileDialog(self, words, str(nearest_folder(asked)))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self._tell(name, path))
        dialog.open()

    def _rounds(self, name: str, words: str, choices: dict[str, str]) -> None:
        rounds = Rounds(words, choices, self._theme)
        rounds.chosen.connect(lambda value: self._tell(name, value))
        self.controls[name] = rounds
        self._add(words, rounds)

    def _switch(self, name: str, words: str, says: str) -> None:
        switch = Switch(says, self._theme)
        switch.turned.connect(lambda is_on: self._tell(name, is_on))
        self.controls[name] = switch
        self._add(words, switch)

    def _tell(self, name: str, value: Any) -> None:
        self.show_fault(None)
        self.changed.emit(name, value)

"""Asks for the name of a new session and for the folder that holds the sessions."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from groundglass.desktop.paths import with_home
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.fields import Field, Labelled
from groundglass.desktop.widgets.lines import Heading, WrappedWords
from groundglass.errors import GroundglassError

_WIDTH_PX = 480
_TITLE = "Begin a session"


class NewSession(QDialog):
    """Two lines and a button; Enter begins, Esc leaves it."""

    wanted = Signal(str, Path)  # name, folder of the sessions

    def __init__(
        self, name: str, folder: Path, theme: Theme, parent: QWidget, *, is_first: bool = False
    ) -> None:
        super().__init__(parent)
        self.is_first = is_first
        self.setWindowTitle(_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.setFixedWidth(_WIDTH_PX)
        self.name = Field("Name of the session")
        self.name.setText(name)
        self.name.selectAll()
        self.folder = Field("Folder of the sessions")
        self.folder.setText(with_home(folder))
        self.fault = WrappedWords(theme, 2)
        browse = Button("Choose\N{HORIZONTAL ELLIPSIS}", theme, height_px=28)
        browse.clicked.connect(self._browse)
        self.begin = Button("Begin", theme)
        self.begin.clicked.connect(self._begin)
        leave = Button("Cancel", theme)
        leave.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(Heading(_TITLE))
        if is_first:
            column.addWidget(QLabel("Where do your pictures go? Everything else has a sensible default."))
        column.addWidget(Labelled("Name", self.name))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(browse)
        held = QWidget()
        row.setContentsMargins(0, 0, 0, 0)
        held.setLayout(row)
        column.addWidget(Labelled("In the folder", held))
        column.addWidget(self.fault)
        last = QHBoxLayout()
        last.addStretch(1)
        last.setSpacing(8)
        last.addWidget(leave)
        last.addWidget(self.begin)
        column.addLayout(last)
        for field in (self.name, self.folder):
            field.entered.connect(self._begin)
        self.name.setFocus()

    def show_fault(self, error: GroundglassError) -> None:
        """Say why it cannot begin there."""
        self.fault.say(f"{error.message} {error.hint}", "danger")

    def _begin(self) -> None:
        self.fault.say("")
        self.wanted.emit(self.name.text(), Path(self.folder.text().strip()).expanduser())

    def _browse(self) -> None:
        here = str(Path(self.folder.text()).expanduser())
        chooser = QFileDialog(self, "Folder of the sessions", here)
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.fileSelected.connect(self.folder.setText)
        chooser.open()

"""The session in the right panel: which one it is, and how its next picture is called."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import tell_key
from groundglass.desktop.paths import with_home
from groundglass.desktop.theme import Theme, small_font
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.fields import Field, Labelled
from groundglass.desktop.widgets.lines import Words, WrappedWords
from groundglass.errors import GroundglassError
from groundglass.model.naming import TOKENS, holds_subject, with_subject
from groundglass.studio.sessions import Naming

_TOKENS_A_ROW = 4


class SessionSection(QWidget):
    """Asks by signals; what it shows comes from the studio."""

    new_wanted = Signal()
    open_wanted = Signal()
    recent_wanted = Signal()
    typed = Signal(str, str)  # template and subject as they stand there now
    named = Signal(object, object, object)  # template, subject, next number; None: as it was

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Words(theme, cut=Qt.TextElideMode.ElideMiddle)
        self.name.setAccessibleName("Session")
        self.folder = Words(theme, cut=Qt.TextElideMode.ElideMiddle, quiet=True)
        self.folder.setAccessibleName("Folder")
        self.new = _button("New", "Begin a session", ActionId.NEW_SESSION, theme)
        self.open = _button("Open", "Open a session", ActionId.OPEN_SESSION, theme)
        self.recent = _button("Recent", "Recent sessions", ActionId.RECENT_SESSIONS, theme)
        self.new.clicked.connect(self.new_wanted)
        self.open.clicked.connect(self.open_wanted)
        self.recent.clicked.connect(self.recent_wanted)
        self.subject = Field("Subject", "what is shot")
        self.subject_hint = Words(theme, quiet=True)
        self.add_subject = Button("Add", theme, height_px=24)
        self.add_subject.setAccessibleName("Add {subject} to the names")
        self.add_subject.setToolTip("Add {subject} to the names, before the counter")
        self.add_subject.clicked.connect(self._add_subject)
        stays = self.add_subject.sizePolicy()
        stays.setRetainSizeWhenHidden(True)  # nothing below moves
        self.add_subject.setSizePolicy(stays)
        self.template = Field("Names of pictures")
        self.tokens = tuple(TokenButton(token, theme) for token in TOKENS)
        for token in self.tokens:
            token.clicked.connect(partial(self._insert, token.token))
        self.preview = WrappedWords(theme, 2, cut=Qt.TextElideMode.ElideMiddle)
        self.preview.setAccessibleName("Next picture")
        self.number = Field("Next number")
        self.number.setValidator(QIntValidator(1, 999_999_999, self))
        self.number.setFixedWidth(72)
        self.subject.textEdited.connect(self._tell_typed)
        self.template.textEdited.connect(self._tell_typed)
        self.subject.kept.connect(lambda text: self.named.emit(None, text, None))
        self.template.kept.connect(lambda text: self.named.emit(text, None, None))
        self.number.kept.connect(lambda text: self.named.emit(None, None, int(text)) if text else None)
        self._lay_out()
        self._hint_at_subject()

    def show_session(self, path: Path | None) -> None:
        """Show which session is open."""
        self.name.say(path.name if path else "No session")
        self.folder.say(with_home(path.parent) if path else "New or Open begins one.")
        for control in (self.subject, self.template, self.number, *self.tokens):
            control.setEnabled(path is not None)

    def show_naming(self, naming: Naming) -> None:
        """Show how the next picture is called, and what the name is made of."""
        self.template.show_text(naming.template)
        self.subject.show_text(naming.subject)
        self.number.show_text(str(naming.next_number))
        self.show_preview(naming.next_name)
        self._hint_at_subject()

    def show_preview(self, name: str) -> None:
        """Show what the next picture would be called with what is typed."""
        self.template.show_wrong(False)
        self.preview.say(name, "text")

    def show_fault(self, error: GroundglassError) -> None:
        """Say what is wrong with the template, where it stands."""
        self.template.show_wrong(True)
        self.preview.say(f"{error.message} {error.hint}", "danger")

    def _tell_typed(self) -> None:
        self._hint_at_subject()
        self.typed.emit(self.template.text(), self.subject.text())

    def _hint_at_subject(self) -> None:
        """Say that a subject is in no name, as long as it is not."""
        is_lost = bool(self.subject.text().strip()) and not holds_subject(self.template.text())
        why = "The names do not hold {subject}." if is_lost else ""
        self.subject_hint.say("Not in the names" if is_lost else "", why=why)
        self.add_subject.setVisible(is_lost)

    def _add_subject(self) -> None:
        self.named.emit(with_subject(self.template.text()), None, None)

    def _insert(self, token: str) -> None:
        self.template.insert(token)
        self.template.setFocus()
        self._tell_typed()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.name)
        column.addWidget(self.folder)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for button in (self.new, self.open, self.recent):
            buttons.addWidget(button, 1)
        column.addSpacing(4)
        column.addLayout(buttons)
        column.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Labelled("Subject", self.subject), 1)
        row.addWidget(Labelled("Next", self.number))
        column.addLayout(row)
        hint = QHBoxLayout()
        hint.setSpacing(8)
        hint.addWidget(self.subject_hint, 1)
        hint.addWidget(self.add_subject)
        column.addLayout(hint)
        column.addWidget(Labelled("Names", self.template))
        grid = QGridLayout()
        grid.setSpacing(4)
        for place, token in enumerate(self.tokens):
            grid.addWidget(token, place // _TOKENS_A_ROW, place % _TOKENS_A_ROW)
        column.addLayout(grid)
        column.addSpacing(4)
        column.addWidget(Labelled("Next picture", self.preview))


class TokenButton(Button):
    """Puts a token into the template where the cursor is."""

    def __init__(self, token: str, theme: Theme) -> None:
        super().__init__(token.strip("{}").partition(":")[0], theme, height_px=24)
        self.token = token
        self.setFont(small_font())
        self.setToolTip(f"Insert {token}")
        self.setAccessibleName(f"Insert {token}")

    def sizeHint(self) -> QSize:
        return QSize(50, 24)


def _button(words: str, tip: str, action_id: ActionId, theme: Theme) -> Button:
    button = Button(words, theme, height_px=28)
    tell_key(button, tip, action_id)
    return button

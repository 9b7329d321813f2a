"""What is said of every next frame, in the right panel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.fields import Field, Labelled
from groundglass.desktop.widgets.lines import WrappedWords
from groundglass.errors import GroundglassError
from groundglass.studio.preferences import Preferences

_FIELDS = (
    ("creator", "Creator", "who takes the pictures"),
    ("copyright", "Copyright", "whose they are"),
    ("keywords", "Keywords", "coat, red"),
    ("job", "Job", "the order's number"),
    ("lens", "Lens without electronics", "Helios 44-2 58 mm f/2"),
)


class NextFramesSection(QWidget):
    """Five fields; what stands in them goes into each sidecar from now on."""

    kept = Signal(str, str)  # name of the preference, text

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for name, words, placeholder in _FIELDS:
            field = Field(words, placeholder)
            field.kept.connect(lambda text, name=name: self.kept.emit(name, text))
            field.textEdited.connect(lambda _text, name=name: self._clear_fault(name))
            self.fields[name] = field
            column.addWidget(Labelled(words, field))
        self.fault = WrappedWords(theme, 3)
        self.fault.setAccessibleName("What is wrong")
        self.fault.hide()
        column.addWidget(self.fault)

    def show_chosen(self, preferences: Preferences) -> None:
        """Show what goes into the sidecars now."""
        for name, field in self.fields.items():
            field.show_text(getattr(preferences, name))

    def show_fault(self, name: str, error: GroundglassError) -> None:
        """Say below the fields what cannot be kept."""
        self.fields[name].show_wrong(True)
        self.fault.say(f"{error.message} {error.hint}", "danger")
        self.fault.show()

    def _clear_fault(self, name: str) -> None:
        self.fields[name].show_wrong(False)
        self.fault.hide()

"""What is set on the camera more seldom than the exposure: focus, drive, metering, target, presets."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import tell_key
from groundglass.desktop.theme import MARGIN_PX, Theme
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.dial import Dial
from groundglass.desktop.widgets.dial_face import DialFace
from groundglass.desktop.widgets.fields import Field, Labelled, Switch
from groundglass.desktop.widgets.lines import Heading
from groundglass.model.setting import SettingId

_FACES = (
    (SettingId.FOCUS_MODE, "Focus mode", "Focus"),
    (SettingId.DRIVE, "Drive", "Drive"),
    (SettingId.BURST_COUNT, "Frames of a burst", "Burst"),
    (SettingId.METERING, "Metering", "Metering"),
    (SettingId.CAPTURE_TARGET, "Where the camera writes", "Target"),
)
_STEPS = ((-3, "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}" * 3, "Nearer, a large step"),
    (-2, "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}" * 2, "Nearer, a step"),
    (-1, "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", "Nearer, a small step"),
    (1, "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", "Farther, a small step"),
    (2, "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}" * 2, "Farther, a step"),
    (3, "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}" * 3, "Farther, a large step"),
)  # fmt: skip

_NOT_DRIVEN = "This camera cannot move the focus over the cable. Turn the ring on the lens."


class CameraSection(QWidget):
    """Asks by signals; what it shows comes from the studio. Its dials reach from edge to edge."""

    focus_wanted = Signal(int)  # -3 to 3, as the studio drives it
    save_wanted = Signal(str)
    preset_wanted = Signal(str)
    forget_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.dials = {one: Dial(DialFace(one, words, label, ""), theme) for one, words, label in _FACES}
        self.steps = {step: _StepButton(mark, words, theme) for step, mark, words in _STEPS}
        for step, button in self.steps.items():
            button.clicked.connect(partial(self.focus_wanted.emit, step))
        self.autofocus = Switch("Focus before each release", theme)
        self.keep = Switch("Keep the exposure", theme)
        tell_key(self.keep, "Shutter, aperture and ISO make up for each other", ActionId.KEEP_EXPOSURE)
        self.name = Field("Name of a preset", "flash, ambient")
        self.save = Button("Save", theme, height_px=28)
        self.save.setToolTip("Keep the exposure that is set now under this name")
        self.save.clicked.connect(self._save)
        self.name.entered.connect(self._save)
        self.presets: dict[str, Button] = {}
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._lay_out()

    def show_focus(self, is_there: bool, is_driven: bool) -> None:
        """Offer the steps of the focus; is_driven: the body that is there moves its lens over the cable."""
        why = _NOT_DRIVEN if is_there and not is_driven else ""
        for step, _mark, words in _STEPS:
            self.steps[step].setEnabled(is_there and is_driven)
            self.steps[step].setToolTip(f"{words}\n{why}".strip())
            self.steps[step].setAccessibleDescription(why)

    def show_presets(self, presets: dict[str, str]) -> None:
        """Show the exposures that have a name, each to be set by one press."""
        for row in [self._rows.takeAt(0) for _ in range(self._rows.count())]:
            widget = row.widget() if row is not None else None
            if widget is not None:
                widget.deleteLater()
        self.presets = {}
        for name, words in presets.items():
            row_widget = QWidget()
            line = QHBoxLayout(row_widget)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(4)
            button = Button(name, self._theme, height_px=28)
            button.setToolTip(words.replace("; ", "\n"))
            button.clicked.connect(partial(self.preset_wanted.emit, name))
            forget = Button("Forget", self._theme, height_px=28)
            forget.setAccessibleName(f"Forget {name}")
            forget.clicked.connect(partial(self.forget_wanted.emit, name))
            line.addWidget(button, 1)
            line.addWidget(forget)
            self.presets[name] = button
            self._rows.addWidget(row_widget)

    def _save(self) -> None:
        self.save_wanted.emit(self.name.text())
        self.name.show_text("")
        self.name.clear()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for dial in self.dials.values():
            whole.addWidget(dial)
        whole.addSpacing(4)
        column = QVBoxLayout()
        column.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 0)
        column.setSpacing(4)
        whole.addLayout(column)
        column.addWidget(Heading("Focus: nearer, farther"))
        steps = QHBoxLayout()
        steps.setSpacing(4)
        for button in self.steps.values():
            steps.addWidget(button, 1)
        column.addLayout(steps)
        column.addWidget(self.autofocus)
        column.addWidget(self.keep)
        column.addSpacing(4)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.name, 1)
        row.addWidget(self.save)
        held = QWidget()
        held.setLayout(row)
        column.addWidget(Labelled("Exposures with a name", held))
        column.addLayout(self._rows)


class _StepButton(Button):
    def __init__(self, mark: str, words: str, theme: Theme) -> None:
        super().__init__(mark, theme, height_px=28)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setAutoRepeat(True)

    def sizeHint(self) -> QSize:
        return QSize(28, 28)

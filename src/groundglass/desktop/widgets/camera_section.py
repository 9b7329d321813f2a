"""What is set on the camera more seldom than the exposure: focus, drive, metering, target, presets."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
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

_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_NOT_DRIVEN = "This camera cannot move the focus over the cable. Turn the ring on the lens."


class CameraSection(QWidget):
    """Asks by signals; what it shows comes from the studio. Its dials reach from edge to edge."""

    focus_wanted = Signal(int)  # -3 to 3, as the studio drives it
    save_wanted = Signal(str)
    preset_wanted = Signal(str)
    forget_wanted = Signal(str)
    reached = Signal(QWidget)  # by an arrow: it may lie out of sight
    done = Signal()  # a preset is forgotten: the keys may go back to where they were

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
        self.name = _NameField("Name of a preset", "flash, ambient")
        self.save = Button("Save", theme, height_px=28)
        self.save.setToolTip("Keep the exposure that is set now under this name")
        self.save.clicked.connect(self._save)
        self.name.entered.connect(self._save)
        self.name.stepped.connect(lambda: self._go_to(1))
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
        for place, (name, words) in enumerate(presets.items(), 1):
            row_widget = QWidget()
            line = QHBoxLayout(row_widget)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(4)
            button = _PresetButton(name, self._theme, height_px=28)
            button.setToolTip(words.replace("; ", "\n"))
            button.clicked.connect(partial(self.preset_wanted.emit, name))
            forget = _PresetButton("Forget", self._theme, height_px=28)
            forget.setAccessibleName(f"Forget {name}")
            forget.clicked.connect(partial(self._forget, name))
            for one in (button, forget):
                one.stepped.connect(partial(self._step, place))
            line.addWidget(button, 1)
            line.addWidget(forget)
            self.presets[name] = button
            self._rows.addWidget(row_widget)

    def _save(self) -> None:
        self.save_wanted.emit(self.name.text())
        self.name.show_text("")
        self.name.clear()

    def _forget(self, name: str) -> None:
        self.forget_wanted.emit(name)
        self.done.emit()

    def _step(self, place: int, by: int) -> None:
        self._go_to(place + by)

    def _go_to(self, place: int) -> None:
        """Give the keys to the name, 0, or to one of the presets below it, as far as there are any."""
        stops = (self.name, *self.presets.values())
        stop = stops[min(place, len(stops) - 1)]
        stop.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reached.emit(stop)

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


class _NameField(Field):
    stepped = Signal()  # down

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.stepped.emit()
        else:
            super().keyPressEvent(event)


class _PresetButton(Button):
    """Up and Down go from preset to preset, Tab to what forgets one; elsewhere Tab hides the panels."""

    stepped = Signal(int)  # 1: down, -1: up

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in _TABS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            super().keyPressEvent(event)


class _StepButton(Button):
    def __init__(self, mark: str, words: str, theme: Theme) -> None:
        super().__init__(mark, theme, height_px=28)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setAutoRepeat(True)

    def sizeHint(self) -> QSize:
        return QSize(28, 28)

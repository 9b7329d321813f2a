"""What is typed and chosen in panels and in the preferences: fields, switches, choices, with their labels.

A long module of short classes: together they are all that a form is made of.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QRegularExpression, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QIntValidator,
    QKeyEvent,
    QPainter,
    QPen,
    QPolygonF,
    QRegularExpressionValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from groundglass.desktop.going_round import after
from groundglass.desktop.theme import Theme, body_font
from groundglass.desktop.turning import COARSE_DEGREES, FINE_DEGREES, MOST_DEGREES
from groundglass.desktop.widgets.buttons import Button, RoundButton
from groundglass.desktop.widgets.lines import Heading
from groundglass.model.words import signed

_HEIGHT_PX = 28
_BOX_PX = 13  # of a switch; odd, so that its middle is a pixel
_OWN_KEYS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)


class Field(QLineEdit):
    """A line that is typed in: Enter or leaving it keeps what is there, Esc takes it back.

    Tab goes to the next field here; elsewhere in the window it hides the panels.
    """

    kept = Signal(str)  # another text than before, by hand
    entered = Signal()
    done = Signal()  # entered or taken back: the keys may go back to where they were

    def __init__(self, words: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self.setObjectName("field")
        self.setAccessibleName(words)
        self.setPlaceholderText(placeholder)
        self.setFont(body_font())
        self.setFixedHeight(_HEIGHT_PX)

    def show_text(self, text: str) -> None:
        """Show what is kept now, unless something else is being typed."""
        if self.hasFocus() and self.text() != self._kept:
            return
        self._kept = text
        if text != self.text():
            self.setText(text)

    def show_wrong(self, is_wrong: bool) -> None:
        """Frame what cannot be kept; the reason stands beside it in words."""
        if bool(self.property("wrong")) != is_wrong:
            self.setProperty("wrong", is_wrong)
            self.style().unpolish(self)
            self.style().polish(self)

    def take_back(self) -> None:
        """Show again what was kept last."""
        self.setText(self._kept)
        self.textEdited.emit(self._kept)

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep()
            self.entered.emit()
            if not self.property("wrong"):  # else it is to be mended here
                self.done.emit()
        elif event.key() == Qt.Key.Key_Escape and isinstance(self.window(), QDialog):
            event.ignore()  # the dialog closes
        elif event.key() == Qt.Key.Key_Escape:
            self.take_back()
            self.clearFocus()
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._keep()

    def _keep(self) -> None:
        if self.text() != self._kept and not self.property("wrong"):
            self._kept = self.text()
            self.kept.emit(self._kept)


class SteppedField(Field):
    """A number that Up, Down and the wheel step too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(event.key() == Qt.Key.Key_Up, event.modifiers())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus() and event.angleDelta().y():
            self._step(event.angleDelta().y() > 0, event.modifiers())
        else:
            event.ignore()  # the panel scrolls

    def _step(self, is_up: bool, modifiers: Qt.KeyboardModifier) -> None:
        raise NotImplementedError


class PercentField(SteppedField):
    """A whole number of percent; Shift steps by one."""

    def __init__(self, words: str, low: int, high: int, now: int, parent: QWidget | None = None) -> None:
        super().__init__(words, parent=parent)
        self._low, self._high = low, high
        self.setValidator(QIntValidator(low, high, self))
        self.show_text(str(now))

    @property
    def percent(self) -> int:
        """Return what is there, within its limits; half a number that is being typed counts as the least."""
        text = self.text()
        return min(max(int(text) if text.isdigit() else self._low, self._low), self._high)

    def show_percent(self, percent: float) -> None:
        self.show_text(f"{percent:.0f}")

    def _step(self, is_up: bool, modifiers: Qt.KeyboardModifier) -> None:
        by = 1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 5
        self.setText(str(min(max(self.percent + (by if is_up else -by), self._low), self._high)))
        self._keep()


class DegreesField(SteppedField):
    """A fine angle by tenths of a degree, clockwise; Shift steps by whole ones."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent=parent)
        form = QRegularExpression("[+\\-\N{MINUS SIGN}]?[0-9]{0,2}([.,][0-9]?)?")
        self.setValidator(QRegularExpressionValidator(form, self))
        self.show_degrees(0.0)

    @property
    def degrees(self) -> float:
        """Return what is there, within its limits; half a number that is being typed counts as 0."""
        try:
            typed = float(self.text().replace(",", ".").replace("\N{MINUS SIGN}", "-"))
        except ValueError:
            return 0.0
        return min(max(typed, -MOST_DEGREES), MOST_DEGREES) + 0.0  # no -0.0

    def show_degrees(self, degrees: float) -> None:
        self.show_text(signed(degrees))

    def _step(self, is_up: bool, modifiers: Qt.KeyboardModifier) -> None:
        by = COARSE_DEGREES if modifiers & Qt.KeyboardModifier.ShiftModifier else FINE_DEGREES
        self.setText(signed(self.degrees + (by if is_up else -by)))
        self._keep()

    def _keep(self) -> None:
        self.setText(signed(self.degrees))  # as it counts, not as it was typed
        super()._keep()


class Switch(Button):
    """A word with a box that is ticked or not; Enter and a click turn it."""

    turned = Signal(bool)  # by hand

    def __init__(self, words: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(words, theme, parent, height_px=_HEIGHT_PX)
        self.setCheckable(True)
        self.clicked.connect(self.turned)

    def show_on(self, is_on: bool) -> None:
        """Tick the box or not, without telling."""
        self.setChecked(is_on)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 32, _HEIGHT_PX)

    def paint_face(self, painter: QPainter) -> None:
        """Draw the box where other controls begin; pointer and keys show around the words."""
        colour = QColor(self._theme.text if self.isEnabled() else self._theme.quiet)
        words = self.fontMetrics().horizontalAdvance(self.text())
        around = QRectF(_BOX_PX + 4.5, 2.5, min(words + 8, self.width() - _BOX_PX - 5), self.height() - 5)
        is_under = self.underMouse() and self.isEnabled()
        painter.setPen(QColor(self._theme.focus) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.raised) if is_under else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(around, 2, 2)
        top = (self.height() - _BOX_PX) // 2 + 0.5
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1))
        painter.drawRoundedRect(QRectF(0.5, top, _BOX_PX - 1, _BOX_PX - 1), 1.5, 1.5)
        if self.isChecked():
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            corners = [QPointF(3, top + 6), QPointF(5.5, top + 8.5), QPointF(10, top + 3.5)]
            painter.drawPolyline(QPolygonF(corners))
        painter.setPen(colour)
        painter.setFont(self.font())
        place = QRectF(_BOX_PX + 8, 0, self.width() - _BOX_PX - 8, self.height())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), self.text())

    def _ground(self) -> str:
        return self._theme.panel

    def _frame(self) -> str:
        return ""


class Rounds(RoundButton):
    """A choice of few: each click or Enter goes on to the next; a dial would be too much."""

    chosen = Signal(str)

    def __init__(
        self, words: str, choices: dict[str, str], theme: Theme, parent: QWidget | None = None
    ) -> None:
        """choices: what is stored, and the words for it."""
        super().__init__(next(iter(choices.values())), theme, parent, height_px=_HEIGHT_PX)
        self._words, self._choices = words, choices
        self._now = next(iter(choices))
        self.clicked.connect(self._go_on)
        self.show_choice(self._now)

    @property
    def now(self) -> str:
        return self._now

    def show_choice(self, now: str) -> None:
        """Show a choice, without telling."""
        self._now = now if now in self._choices else next(iter(self._choices))
        self.setText(self._choices[self._now])
        self.setAccessibleName(f"{self._words}: {self.text()}")

    def sizeHint(self) -> QSize:
        widest = max(self.fontMetrics().horizontalAdvance(words) for words in self._choices.values())
        return QSize(widest + 32, _HEIGHT_PX)

    def _go_on(self) -> None:
        self.show_choice(after(self._now, self._choices))
        self.chosen.emit(self._now)


class Labelled(QWidget):
    """A small label above a control."""

    def __init__(self, words: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Heading(words))
        column.addWidget(control)

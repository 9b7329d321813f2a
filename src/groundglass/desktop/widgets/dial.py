"""One setting of the camera on one line.

A click, Enter or the dial's own key opens the list, in which letters choose; the wheel, Up/Down and a drag up
or down step; digits begin to type; Shift makes it a full stop. Outside of the list letters stay the window's
keys: with the focus left on a dial, L starts the live view all the same. What was asked for shows dimmed
until the camera has answered; then its own value stands. It is long because mouse, wheel, keys and the typed
value all turn the one value that waits.
"""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from groundglass.desktop.models.dial_steps import in_dial_order, step
from groundglass.desktop.theme import MARGIN_PX, Theme, body_font, value_font
from groundglass.desktop.widgets.choice_list import ChoiceList
from groundglass.desktop.widgets.dial_face import PENDING_OPACITY, DialFace
from groundglass.errors import UsageError
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.model.words import with_minus

_WHEEL_CLICK = 120
_NO_VALUE = "\N{EN DASH}"
_TYPED = "0123456789+-.,"
_DRAG_PX = 14  # a step: a hand's width of the mouse pad goes through three stops


class Dial(QWidget):
    """Shows a setting, and asks for another value; never shows as set what the camera did not keep."""

    wanted = Signal(object, object)  # SettingId, Choice | str
    held = Signal(object)  # UsageError: why it cannot be set, as a hand has tried to
    done = Signal()  # the hand is done with it, and the keys may go back to where they were

    def __init__(self, face: DialFace, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._theme = theme
        self._setting: Setting | None = None
        self._asked: Choice | str | None = None
        self._next: Choice | str | None = None
        self._turned = 0
        self._pressed_at: float | None = None  # where the button went down, or the last step of a drag was
        self._is_dragged = False
        self._list: ChoiceList | None = None
        self._editor: QLineEdit | None = None
        self._offered: tuple[Choice, ...] = ()
        self._is_linked = False
        self._is_lent = False  # the focus came by the dial's key or the mouse, not by Tab
        self.setFixedHeight(face.height_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setObjectName(f"dial-{face.setting_id.value}")
        self._describe()

    @property
    def setting_id(self) -> SettingId:
        return self._face.setting_id

    @property
    def is_pending(self) -> bool:
        return self._asked is not None

    @property
    def is_settable(self) -> bool:
        held = self._setting
        return held is not None and not held.read_only and bool(held.choices or held.range)

    @property
    def shown(self) -> str:
        """Return the text of the value as it stands there."""
        pending = self._next if self._next is not None else self._asked
        if isinstance(pending, Choice):
            return pending.label
        if pending is not None:
            return pending
        return self._setting.label if self._setting else _NO_VALUE

    @property
    def editor(self) -> QLineEdit | None:
        return self._editor

    @property
    def list(self) -> ChoiceList | None:
        return self._list

    def show_setting(self, setting: Setting | None) -> None:
        """Show what the camera has now; None: it does not have this."""
        if setting == self._setting:
            return
        self._setting = setting
        if not self.is_settable:
            self._end_drag()
            self._close_editor()
            if self._list is not None:
                self._list.hide()
        self._describe()
        self.update()

    def show_key(self, key: str) -> None:
        """Name the key that brings the focus here; empty: there is none."""
        self._face = replace(self._face, key=key)
        self._describe()

    def show_linked(self, is_linked: bool) -> None:
        """Say that turning this turns another dial too."""
        if is_linked != self._is_linked:
            self._is_linked = is_linked
            self._describe()
            self.update()

    def settle(self, kept: Setting | None) -> None:
        """Take the camera's answer to what was asked; None: refused, so the old value comes back."""
        following, self._next, self._asked = self._next, None, None
        if kept is not None:
            self.show_setting(kept)
            if following is not None:
                self._ask(following)
        self._describe()
        self.update()

    def turn(self, up: bool, full_stop: bool = False) -> None:
        """Step towards brighter (up) or darker from the value that is wanted last."""
        if not self.is_settable or self._setting is None:
            return
        start = self._next if self._next is not None else self._asked
        wanted = step(self._setting, start if start is not None else self._setting.current, up, full_stop)
        if wanted is not None:
            self._ask(wanted)

    def take_key(self) -> None:
        """Answer the key that is the dial's own: it brings the focus here, and again opens the list."""
        self._is_lent = True
        if self.hasFocus():
            self.open_list()
        else:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_list(self) -> None:
        """Open the list at the current value; a stepless setting is typed."""
        if not self.is_settable or self._setting is None:
            self._tell_held()
            return
        self._offered = in_dial_order(self._setting.choices)
        if not self._offered:
            self.edit("")
            return
        if self._list is None:
            self._list = ChoiceList(self._face.words, self)
            self._list.chosen.connect(self._take_row)
            self._list.closed.connect(self._leave_list)
        now = self._setting.current
        current = next((at for at, one in enumerate(self._offered) if one == now), None)
        place = QRect(self.mapToGlobal(QPoint(0, 0)), self.size())
        self._list.open_over([with_minus(one.label) for one in self._offered], current, place)

    def edit(self, first: str) -> None:
        """Open the line to type in, with what was typed already."""
        if not self.is_settable:
            return
        if self._editor is None:
            self._editor = QLineEdit(self)
            self._editor.setFont(value_font() if self._face.is_large else body_font())
            self._editor.setAccessibleName(f"{self._face.words}, type a value")
            self._editor.installEventFilter(self)
        self._editor.setGeometry(self.rect().adjusted(MARGIN_PX, 2, -MARGIN_PX, -2))
        self._editor.setText(first)
        self._editor.show()
        self._editor.setFocus()

    def sizeHint(self) -> QSize:
        return QSize(240, self._face.height_px)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self._editor and self._editor is not None:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    typed = self._editor.text().strip()
                    self._close_editor()
                    if typed:
                        self._ask(typed)
                    self._give_back()
                    return True
                if event.key() == Qt.Key.Key_Escape:
                    self._close_editor()
                    self._give_back()
                    return True
            elif event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # while a value is typed, every key belongs to it
                return True
            elif event.type() == QEvent.Type.FocusOut:
                self._close_editor()
        return False

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        full_stop = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case _ if _is_own(event) and not self.is_settable:
                self._tell_held()
            case Qt.Key.Key_Up:
                self.turn(True, full_stop)
            case Qt.Key.Key_Down:
                self.turn(False, full_stop)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.open_list()
            case _ if _is_typed(event):
                self.edit(event.text())
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_lent = True
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.is_settable:
            self._pressed_at, self._is_dragged = event.globalPosition().y(), False
        else:
            self._tell_held()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Step as the hand goes up or down, wherever it goes, until the button is let go."""
        if self._pressed_at is None:
            return
        full_stop = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        while abs(moved := self._pressed_at - event.globalPosition().y()) >= _DRAG_PX:
            up = moved > 0
            self._pressed_at -= _DRAG_PX if up else -_DRAG_PX
            if not self._is_dragged:
                self._is_dragged = True
                self.setCursor(Qt.CursorShape.SizeVerCursor)
            self.turn(up, full_stop)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        is_within = self.rect().contains(event.position().toPoint())
        is_click = self._pressed_at is not None and not self._is_dragged and is_within
        if event.buttons() & Qt.MouseButton.LeftButton:
            return  # it was another button
        self._end_drag()
        if is_click:
            self.open_list()
        else:
            self._give_back()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._describe()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._end_drag()

    def _end_drag(self) -> None:
        self._pressed_at, self._is_dragged = None, False
        self.unsetCursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Some systems turn the wheel sideways while Shift is held.
        self._turned += event.angleDelta().y() or event.angleDelta().x()
        full_stop = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        while abs(self._turned) >= _WHEEL_CLICK:
            up = self._turned > 0
            self._turned -= _WHEEL_CLICK if up else -_WHEEL_CLICK
            self.turn(up, full_stop)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._is_lent = False
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        is_raised = self.is_settable and (self.underMouse() or self.hasFocus())
        if is_raised:
            painter.fillRect(self.rect(), QColor(theme.raised))
        if self.hasFocus():
            painter.fillRect(QRectF(0, 0, 2, self.height()), QColor(theme.accent))
        if self._editor is None or not self._editor.isVisible():
            share = PENDING_OPACITY if self.is_pending else 1.0
            room = QRectF(self.rect())
            face = replace(self._face, label="Linked") if self._is_linked else self._face
            face.paint(painter, theme, room, self.shown, self._setting, self.is_settable, share, is_raised)
        painter.end()

    def _take_row(self, row: int) -> None:
        if row < len(self._offered):
            self._ask(self._offered[row])

    def _leave_list(self) -> None:
        self.update()
        self._give_back()

    def _give_back(self) -> None:
        """Say that the dial is done with the keys, if it only had them for this value."""
        if self._is_lent:
            self._is_lent = False
            self.done.emit()

    def _tell_held(self) -> None:
        self.held.emit(UsageError(f"{self._face.words} cannot be set.", self._why_held))

    @property
    def _why_held(self) -> str:
        if self._setting is None:
            return "The camera does not offer this now."
        return self._setting.reason or "The camera holds this value."

    def _ask(self, wanted: Choice | str) -> None:
        """Ask for a value, or keep it for when the one under way is settled: the newest wins."""
        if self._asked is not None:
            self._next = wanted
        else:
            self._asked = wanted
            self.wanted.emit(self._face.setting_id, wanted)
        self.update()

    def _close_editor(self) -> None:
        if self._editor is not None and self._editor.isVisible():
            had_focus = self._editor.hasFocus()
            self._editor.hide()
            if had_focus:
                self.setFocus()
            self.update()

    def _describe(self) -> None:
        words = f"{self._face.words}  ({self._face.key})" if self._face.key else self._face.words
        is_held = self._setting is not None and not self.is_settable
        if self._face.cuts(self.shown, self.width(), is_held):
            words = f"{words}\n{self.shown}"
        self.setToolTip(words if self.is_settable else f"{words}\n{self._why_held}")
        self.setAccessibleName(self._face.words)
        held = ", held by the camera" if is_held else ""
        linked = ", another value makes up for it" if self._is_linked else ""
        self.setAccessibleDescription(f"{self.shown}{held}{linked}")


def _is_own(event: QKeyEvent) -> bool:
    """Tell whether a key belongs to the dial and not to the window's shortcuts."""
    return _is_typed(event) or event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)


def _is_typed(event: QKeyEvent) -> bool:
    """Tell whether a key begins a value; with Ctrl or Alt it is a shortcut of the window."""
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return bool(event.text()) and event.text() in _TYPED and not event.modifiers() & held

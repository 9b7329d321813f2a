"""All actions with their keys: searched, changed, and given back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from groundglass.desktop.actions import GROUPS, Action, ActionId, key_label
from groundglass.desktop.keys import RESERVED, Keys, canonical
from groundglass.desktop.theme import Theme, body_font
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.fields import Field, Labelled
from groundglass.desktop.widgets.lines import WrappedWords

_ROW_PX, _KEY_PX, _GROUP_PX = 24, 208, 84
_ID = Qt.ItemDataRole.UserRole + 1


class KeysPage(QWidget):
    """Changes nothing itself: it tells which keys are wanted, and shows those that are."""

    wanted = Signal(object)  # dict[str, str]: every key that differs from the table

    def __init__(self, keys: Keys, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._taken = ""  # the key that another action has, while that is told
        self.search = Field("Search", "what it does, or a key")
        self.table = self._make_table()
        self.recorder = QKeySequenceEdit()
        self.recorder.setMaximumSequenceLength(1)
        self.recorder.setAccessibleName("New key: press it")
        self.recorder.setFont(body_font())
        # The widget is a line inside; it is named and dressed as a field.
        for line in self.recorder.findChildren(QLineEdit):
            line.setObjectName("field")
            line.setAccessibleName("New key: press it")
            line.setPlaceholderText("Press the new key")
            line.setFixedHeight(28)
            line.installEventFilter(self)
        self.use_here = Button("Use it here", theme, height_px=28)
        self.none = Button("No key", theme, height_px=28)
        self.reset = Button("Reset", theme, height_px=28)
        self.reset_all = Button("Reset all", theme, height_px=28)
        self.told = WrappedWords(theme, 2)
        self.told.setAccessibleName("About the key")
        self.search.textEdited.connect(self._filter)
        self.table.itemSelectionChanged.connect(self._show_chosen)
        self.table.itemActivated.connect(lambda _item: self.recorder.setFocus())
        self.recorder.keySequenceChanged.connect(self._record)
        self.use_here.clicked.connect(self._take_over)
        self.none.clicked.connect(lambda: self._want(""))
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(lambda: self.wanted.emit(keys.foreign))
        keys.changed.connect(self._fill)
        self._lay_out()
        self._fill()
        self._filter("")

    @property
    def chosen(self) -> Action | None:
        """Return the action whose row is chosen."""
        row = self.table.currentRow()
        item = self.table.item(row, 0) if row >= 0 and not self.table.isRowHidden(row) else None
        return _action(item) if item is not None else None

    def choose(self, action_id: ActionId) -> None:
        """Choose the row of an action."""
        for row in range(self.table.rowCount()):
            item = self.table.item(row, 0)
            if item is not None and item.data(_ID).id is action_id:
                self.table.setCurrentCell(row, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Esc leave the recorder; as a key of its own it goes back, and stays that."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self.table.setFocus()
            return True
        return super().eventFilter(watched, event)

    # ---- changes

    def _record(self, sequence: QKeySequence) -> None:
        key = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        chosen = self.chosen
        if chosen is None or not canonical(key) or canonical(key) == self._keys.key(chosen.id):
            return
        other = self._keys.holder(key)
        if canonical(key) in RESERVED:
            self._tell(f"{key_label(key)} works the controls. Choose another key.", "danger")
        elif other is not None:
            self._taken = canonical(key)
            self._tell(f"{key_label(key)} is the key of “{other.told}”.", "danger")
        else:
            self._want(key)
        self._show_buttons()

    def _take_over(self) -> None:
        other = self._keys.holder(self._taken)
        if other is not None and self.chosen is not None:
            self._want(self._taken, {other.id.value: ""})

    def _want(self, key: str, others: dict[str, str] | None = None) -> None:
        if self.chosen is not None:
            self.wanted.emit({**self._keys.changes, **(others or {}), self.chosen.id.value: key})

    def _reset(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        other = self._keys.holder(chosen.key)
        if other is not None and other is not chosen:
            self._taken = canonical(chosen.key)
            self._tell(f"{key_label(chosen.key)} is the key of “{other.told}” now.", "danger")
            self._show_buttons()
        else:
            self._want(chosen.key)

    # ---- what is shown

    def _fill(self) -> None:
        for row in range(self.table.rowCount()):
            item, shown = self.table.item(row, 1), self.table.item(row, 2)
            assert item is not None
            assert shown is not None
            one = _action(item)
            is_changed = self._keys.key(one.id) != one.key
            label = self._keys.label(one.id)
            font = QFont(body_font())
            font.setBold(is_changed)
            shown.setFont(font)
            shown.setText(f"{label}  (was {key_label(one.key)})" if is_changed else label)
        self._show_chosen()

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row in range(self.table.rowCount()):
            items = [self.table.item(row, column) for column in range(3)]
            words = " ".join(item.text() for item in items if item is not None).casefold()
            self.table.setRowHidden(row, wanted not in words)
        first = next((row for row in range(self.table.rowCount()) if not self.table.isRowHidden(row)), None)
        if self.chosen is None and first is not None:
            self.table.setCurrentCell(first, 0)
        self._show_chosen()

    def _show_chosen(self) -> None:
        self._taken = ""
        self._tell("")
        chosen = self.chosen
        key = self._keys.key(chosen.id) if chosen is not None else ""
        self.recorder.blockSignals(True)
        self.recorder.setKeySequence(QKeySequence(key))
        self.recorder.blockSignals(False)
        self._show_buttons()

    def _show_buttons(self) -> None:
        chosen = self.chosen
        self.recorder.setEnabled(chosen is not None)
        self.use_here.setEnabled(bool(self._taken))
        self.none.setEnabled(chosen is not None and bool(self._keys.key(chosen.id)))
        self.reset.setEnabled(chosen is not None and self._keys.key(chosen.id) != chosen.key)
        self.reset_all.setEnabled(self._keys.changes != self._keys.foreign)

    def _tell(self, words: str, role: str = "text") -> None:
        self.told.say(words, "danger" if role == "danger" else "text")

    # ---- how it is laid out

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setAccessibleName("Actions and keys")
        table.setFont(body_font())
        table.setHorizontalHeaderLabels(["Part", "What it does", "Key"])
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        table.setColumnWidth(0, _GROUP_PX)
        table.setColumnWidth(2, _KEY_PX)
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)  # Tab goes on to the recorder
        for title, group in GROUPS:
            for one in group:
                row = table.rowCount()
                table.insertRow(row)
                for column, text in enumerate((title, one.told, "")):
                    item = QTableWidgetItem(text)
                    item.setData(_ID, one)
                    table.setItem(row, column, item)
        return table

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(Labelled("Search", self.search))
        column.addWidget(self.table, 1)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self.recorder, 0, 0)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for button in (self.use_here, self.none, self.reset, self.reset_all):
            buttons.addWidget(button)
        grid.addLayout(buttons, 0, 1)
        held = QWidget()
        held.setLayout(grid)
        column.addWidget(Labelled("Key of the chosen row", held))
        column.addWidget(self.told)


def _action(item: QTableWidgetItem) -> Action:
    one = item.data(_ID)
    assert isinstance(one, Action)
    return one

"""What happened, in a window of its own, and the report that is made of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.lines import Heading, Words
from groundglass.errors import GroundglassError
from groundglass.studio.logbook import LogLine

_SIZE_PX = (880, 480)
_TYPE_PX = 12
_MOST_LINES = 2000


class LogKeeping(Part):
    """Opens the log; while it is closed nothing is spent on it. User-interface thread."""

    def __init__(self, desk: Desk, bridge: Bridge, theme: Callable[[], Theme], window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._bridge, self._theme, self._window = desk, bridge, theme, window
        self._unsubscribe: Callable[[], None] | None = None
        self.page: LogPage | None = None

    def deeds(self) -> Deeds:
        return {ActionId.LOG: self.open}

    def open(self) -> None:
        """Show the log as it is now, and what comes."""
        if self.page is None:
            self.page = page = LogPage(self._theme(), self._window)
            page.save.clicked.connect(self._choose)
            page.finished.connect(self._forget)
            for line in self._desk.log.lines:
                page.add(line)
            self._unsubscribe = self._desk.log.subscribe(self._take)
        self.page.show()
        self.page.activateWindow()

    def close(self) -> None:
        if self.page is not None:
            self.page.close()

    def save_to(self, target: Path) -> None:
        """Write the report, and say where it is."""
        page = self.page
        if page is None:
            return
        page.save.setEnabled(False)
        page.told.say("Looking at the computer\N{HORIZONTAL ELLIPSIS}")

        def end(words: str) -> None:
            if self.page is page:
                page.save.setEnabled(True)
                page.told.say(words)

        def failed(error: GroundglassError) -> None:
            end(str(error))

        self._bridge.watch(self._desk.save_report(target), lambda _: end(f"The report is {target}."), failed)

    def _take(self, line: LogLine) -> None:
        """Any thread."""
        self._bridge.call(lambda: self.page.add(line) if self.page is not None else None)

    def _choose(self) -> None:
        name = f"Groundglass report {date.today().isoformat()}.txt"
        chosen, _ = QFileDialog.getSaveFileName(self.page, "Save a report", str(Path.home() / name))
        if chosen:
            self.save_to(Path(chosen))

    def _forget(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
        if self.page is not None:
            self.page.deleteLater()
        self._unsubscribe = self.page = None


class LogPage(QDialog):
    """Lines of text, newest at the end. Modeless; Esc closes it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("What happened")
        self.resize(*_SIZE_PX)
        self.text = QPlainTextEdit()
        self.text.setObjectName("field")
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(_MOST_LINES)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setAccessibleName("What happened")
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(_TYPE_PX)
        font.setWeight(QFont.Weight.Normal)
        self.text.setFont(font)
        self.told = Words(theme, quiet=True)
        self.told.say("A report holds this, versions, the disk and the camera's settings.")
        copy = Button("Copy", theme)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.save = Button("Save a report\N{HORIZONTAL ELLIPSIS}", theme)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.told, 1)
        below.addWidget(copy)
        below.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(Heading("What happened"))
        column.addWidget(self.text, 1)
        column.addLayout(below)

    def add(self, line: LogLine) -> None:
        """Put a line at the end; the view follows unless it was scrolled back."""
        self.text.appendPlainText(line.words)

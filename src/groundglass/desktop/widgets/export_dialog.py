"""The dialog of an export: where to, and whether there is a contact sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from groundglass.desktop.paths import with_home
from groundglass.desktop.theme import MARGIN_PX, Theme
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.fields import Rounds, Switch
from groundglass.desktop.widgets.lines import Heading
from groundglass.model.shot import FileChoice

_WIDTH_PX = 520
_FIELD_PX = 28
_RESULT_LINES = 7  # what is told of a whole export; of one with faults, the rest is scrolled to
_BEGIN, _AGAIN, _MOVE = "Export", "Export again", "Move"
_GOES_ON = "Closed, it goes on: the line at the top tells how far it is."
_COLUMNS = (4, 5, 6, 8, 10, 1, 2, 3)
_FILES = {FileChoice.ALL: "All files", FileChoice.JPEG: "JPEG, no RAW", FileChoice.RAW: "RAW only"}
_FILES_WHY = "HEIF and TIFF go along with JPEG. Of a shot that is moved all files have to be exported."
_PAPERS = {"a4": "A4", "a3": "A3", "letter": "Letter"}


class ExportWish(Struct, frozen=True):
    """What the photographer asked for."""

    into: Path
    sheet: Path | None
    columns: int
    paper: str
    moves: bool = False  # out of the session, into its trash
    files: FileChoice = FileChoice.ALL  # of each shot


class ExportDialog(QDialog):
    """Asks, shows how far it is, and tells what came of it. Its button stops what it has begun."""

    wanted = Signal(object)  # ExportWish
    stop_wanted = Signal()

    def __init__(
        self, session: Path, count: int, which: str, theme: Theme, parent: QWidget | None = None
    ) -> None:
        """count, which: how many shots, and how many and which these are, in words."""
        super().__init__(parent)
        self.setObjectName("panel")
        self.setWindowTitle("Export")
        self.setFixedWidth(_WIDTH_PX)
        self._theme = theme
        self._session = session
        self.what = QLabel(f"{which}, with sidecars.")
        self.folder = QLineEdit(with_home(session.parent / f"{session.name} selects"))
        self.folder.setObjectName("field")
        self.folder.setAccessibleName("Folder")
        self.folder.setFixedHeight(_FIELD_PX)
        self.folder.returnPressed.connect(self._begin)
        choose = Button("Choose\N{HORIZONTAL ELLIPSIS}", theme, height_px=_FIELD_PX)
        choose.clicked.connect(self._choose)
        self.files = Rounds("Files", {one.value: words for one, words in _FILES.items()}, theme)
        self.files.setToolTip(_FILES_WHY)
        self.moves = Switch("Move: put the originals in the session's trash", theme)
        self.moves.setToolTip("The backup's copies stay. Until the trash is emptied, all can be taken back.")
        self.sheet = Switch("Contact sheet as PDF", theme)
        columns = {str(one): f"{one} columns" if one > 1 else "1 column" for one in _COLUMNS}
        self.columns = Rounds("Columns", columns, theme)
        self.paper = Rounds("Paper", _PAPERS, theme)
        for one in (self.columns, self.paper):
            one.setEnabled(False)
            self.sheet.toggled.connect(one.setEnabled)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        kept = self._bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # nothing moves when it comes
        self._bar.setSizePolicy(kept)
        self._bar.hide()
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._result = QScrollArea()
        self._result.setAccessibleName("What came of it")
        self._result.setFrameShape(QFrame.Shape.NoFrame)
        self._result.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._result.setWidgetResizable(True)
        self._result.setWidget(self.told)
        for ground in (self._result.viewport(), self.told):
            ground.setAutoFillBackground(False)  # the dialog's own
        self._result.setFixedHeight(_RESULT_LINES * self.told.fontMetrics().lineSpacing())
        self.export = Button(_BEGIN, theme)
        # As wide as its longest words: neither it nor what stands beside it moves when they change.
        widths = (Button(words, theme).sizeHint().width() for words in (_BEGIN, _AGAIN, _MOVE))
        self.export.setFixedWidth(max(widths))
        self.export.setEnabled(count > 0)
        self.export.clicked.connect(self._begin)
        self.moves.toggled.connect(lambda moves: self._name(_MOVE if moves else _BEGIN))
        self.stop = Button("Stop", theme)
        self.stop.setEnabled(False)
        self.stop.clicked.connect(self._stop)
        self.reveal = Button("Show the folder", theme)
        self.reveal.setEnabled(False)
        self.reveal.clicked.connect(self._reveal)
        self._into: Path | None = None  # where the last export went
        self.leave = Button("Close", theme)
        self.leave.clicked.connect(self.reject)
        self._asks = (self.folder, choose, self.files, self.moves, self.sheet, self.columns, self.paper)
        self._lay_out(choose)

    def show_still_running(self) -> None:
        """Tell whoever wants another export why this one is shown."""
        self.told.setText(f"This export is under way: the next one can begin behind it. {_GOES_ON}")

    def show_progress(self, done: int, total: int) -> None:
        self._bar.show()
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)

    def show_done(self, sentences: Sequence[str], is_whole: bool) -> None:
        """Tell what came of it, and allow another one."""
        self._show_running(False)
        self.told.setText("\n".join(sentences))
        self.told.setStyleSheet("" if is_whole else f"color: {self._theme.danger}")
        self._name(_MOVE if self.moves.isChecked() else _AGAIN)
        self.leave.setFocus()

    def _show_running(self, is_running: bool) -> None:
        for one in self._asks:
            one.setEnabled(not is_running)
        for one in (self.columns, self.paper):
            one.setEnabled(not is_running and self.sheet.isChecked())
        self.export.setEnabled(not is_running)
        self.reveal.setEnabled(not is_running and self._into is not None)
        self.stop.setEnabled(is_running)

    def _name(self, words: str) -> None:
        self.export.setText(words)
        self.export.setAccessibleName(words)

    def _lay_out(self, choose: Button) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * MARGIN_PX, 2 * MARGIN_PX, 2 * MARGIN_PX, 2 * MARGIN_PX)
        column.setSpacing(8)
        column.addWidget(Heading("Export"))
        column.addWidget(self.what)
        column.addSpacing(8)
        column.addWidget(Heading("Folder"))
        column.addLayout(_row(self.folder, choose, stretched=0))
        column.addLayout(_row(self.moves, self.files, stretched=0))
        column.addSpacing(8)
        column.addLayout(_row(self.sheet, self.columns, self.paper, stretched=0))
        column.addSpacing(8)
        column.addWidget(self._bar)
        column.addWidget(self._result)
        buttons = _row(self.reveal, self.stop, self.leave, self.export)
        buttons.insertStretch(1, 1)
        column.addLayout(buttons)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, "Export into", str(Path(self.folder.text()).expanduser())
        )
        if folder:
            self.folder.setText(with_home(Path(folder)))

    def _reveal(self) -> None:
        if self._into is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._into))):
            self.told.setText(f"No file manager answers. The files are in {self._into}.")

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.told.setText("It stops behind the file that is being copied.")
        self.leave.setFocus()
        self.stop_wanted.emit()

    def _begin(self) -> None:
        if not self.export.isEnabled():
            return
        into = Path(self.folder.text().strip()).expanduser()
        self._into = None
        if not self.folder.text().strip() or not into.is_absolute():
            self.show_done(("Write the whole path of a folder, or choose one.",), False)
            return
        self._into = into
        self._show_running(True)
        self.leave.setFocus()
        self.told.setStyleSheet("")
        self.told.setText(_GOES_ON)
        self._bar.setValue(0)
        sheet = _free(into, self._session.name) if self.sheet.isChecked() else None
        self.wanted.emit(
            ExportWish(
                into,
                sheet,
                int(self.columns.now),
                self.paper.now,
                self.moves.isChecked(),
                FileChoice(self.files.now),
            )
        )


def _free(folder: Path, name: str) -> Path:
    """Return a name for the sheet that is not taken."""
    number, path = 1, folder / f"{name}.pdf"
    while path.exists():
        number += 1
        path = folder / f"{name} ({number}).pdf"
    return path


def _row(*widgets: QWidget, stretched: int | None = None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for number, widget in enumerate(widgets):
        row.addWidget(widget, 1 if number == stretched else 0)
    return row

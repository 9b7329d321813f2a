"""What stands there before there is a picture: three lines that teach, and a way to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from groundglass.desktop.theme import Theme, body_font, value_font
from groundglass.desktop.widgets.buttons import Button

_LINES = (
    "Connect the camera by its cable and switch it on.",
    "If the body asks for a USB mode, choose PTP or PC Remote.",
    "It appears here by itself: there is nothing to press.",
)


class EmptyState(QWidget):
    """Shown while no camera is there."""

    virtual_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        title = QLabel("No camera yet")
        title.setFont(value_font())
        self.button = Button("Start the virtual camera", theme)
        self.button.clicked.connect(self.virtual_wanted)
        self.button.setToolTip("A camera of its own that needs no cable: to try everything, and to learn")
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(title, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(16)
        for number, line in enumerate(_LINES, 1):
            words = QLabel(f"{number}   {line}")
            words.setFont(body_font())
            words.setProperty("quiet", True)
            words.setFixedWidth(430)
            column.addWidget(words, alignment=Qt.AlignmentFlag.AlignHCenter)
            column.addSpacing(8)
        column.addSpacing(16)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.button)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(16)
        self._doing = QLabel("")
        self._doing.setFont(body_font())
        self._doing.setProperty("quiet", True)
        # Of one size, as wide as the whole: new words need no new layout, before which they would be cut.
        self._doing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._doing.setFixedHeight(self._doing.fontMetrics().height())
        column.addWidget(self._doing)
        column.addStretch(1)
        self.setAccessibleName("No camera")
        self.setAccessibleDescription(" ".join(_LINES))

    def say(self, words: str) -> None:
        """Tell what is being done to find a camera, or why none was found. Its line is always there."""
        self._doing.setText(words)

    def show_starting(self, starting: bool) -> None:
        """Tell that the virtual camera is on its way."""
        self.button.setEnabled(not starting)
        self.button.setText("Starting the virtual camera" if starting else "Start the virtual camera")

"""A line of words that lies over a picture, and stays in its place when the picture changes its size."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from groundglass.desktop.theme import Theme


class OverPicture(QWidget):
    """Hidden while there are no words. Clicks go through."""

    def __init__(self, theme: Theme, picture: QWidget) -> None:
        super().__init__(picture)
        self._theme, self._picture = theme, picture
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.installEventFilter(self)
        self.hide()

    def place(self) -> None:
        """Take the place that belongs to it now."""
        raise NotImplementedError

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def _show_words(self, words: str) -> None:
        self._words = words
        self.place()
        self.setVisible(bool(words))
        self.update()

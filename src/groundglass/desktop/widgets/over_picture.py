"""A line of words that lies over a picture, and stays in its place when the picture changes its size."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.picture_view import PictureView


class OverPicture(QWidget):
    """Hidden while there are no words. Clicks go through."""

    def __init__(self, theme: Theme, picture: PictureView) -> None:
        super().__init__(picture)
        self._theme, self._picture = theme, picture
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.resized.connect(self.place)
        self.hide()

    def place(self) -> None:
        """Take the place that belongs to it now."""
        raise NotImplementedError

    def _show_words(self, words: str) -> None:
        self._words = words
        self.place()
        self.setVisible(bool(words))
        self.update()

"""The light table: all pictures that pass the filter, in rows, over the picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.models.filmstrip_model import FilmRole, FilmstripModel
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.film_view import FilmView
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.model.shot import Shot

_OWN_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home)


class LightTable(FilmView):
    """Shares the film's pictures and its selection; the arrows walk, Enter looks at one."""

    opened = Signal()  # the current picture shall be looked at
    chosen = Signal(object)  # Shot
    laid = Signal()  # it lies over all else now

    def __init__(self, model: FilmstripModel, film: Filmstrip, theme: Theme, parent: QWidget) -> None:
        words = "The session's pictures appear here."
        super().__init__(model, theme, model.sizes.table, words, parent, wraps=True, ground="surround")
        self.setObjectName("lightTable")
        self.setAccessibleName("Light table")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there, so that the rows never change their length.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._strip = film
        film.share(self)
        self.hide()

    def open(self) -> None:
        """Lie over the whole parent, with the current picture in sight."""
        parent = self.parentWidget()
        assert parent is not None
        self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.laid.emit()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.scrollTo(self.currentIndex())
        self.is_scrolled_back = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() in _OWN_KEYS:
            super().keyPressEvent(event)
            self._choose(self.currentIndex().data(FilmRole.SHOT))
        else:
            event.ignore()  # letters are the window's; nothing here jumps to a name

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._choose(self._strip.pressed_shot(self.indexAt(event.position().toPoint())))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit()

    def _choose(self, shot: Shot | None) -> None:
        if shot is not None:
            self._strip.stand_at(shot)  # a picture that comes does not take the place of this one
            self.chosen.emit(shot)

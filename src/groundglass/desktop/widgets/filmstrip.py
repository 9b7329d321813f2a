"""The filmstrip: the session's pictures, newest at the end; it follows unless an older one was chosen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.models.filmstrip_model import FilmRole, FilmstripModel, runs
from groundglass.desktop.soon import soon
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.film_view import FilmView
from groundglass.model.shot import Shot

_BAR_PX = 16  # below the cells, for the scroll bar
_FADE_EVERY_MS = 60


class Filmstrip(FilmView):
    """One row of thumbnails."""

    chosen = Signal(object)  # Shot, by the photographer's hand
    done = Signal()  # the mouse is done with it, and the keys may go back to where they were

    def __init__(self, model: FilmstripModel, theme: Theme, parent: QWidget | None = None) -> None:
        words = "The session's pictures appear here, the newest at the right."
        super().__init__(model, theme, model.sizes.film, words, parent, wraps=False, ground="window")
        self._model = model
        self._follows = True
        self._marked: Shot | None = None  # what is shown, though the filter keep it from the film
        self._together: frozenset[int] = frozenset()  # with those that left by what was said of them
        self._again: frozenset[int] = frozenset()  # while the film is ordered anew
        self._views: list[FilmView] = [self]  # of what is selected here
        self._in_sight: list[tuple[FilmView, Shot, QPoint]] = []  # while many go or come back
        self._follow_soon = soon(self._follow, self)  # behind the paint of what replaces the picture
        self.setObjectName("filmstrip")
        self.setAccessibleName("Filmstrip")
        self.setMouseTracking(False)
        self.setFixedHeight(self._cell_px.height() + _BAR_PX)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        model.rowsInserted.connect(self._stay_or_follow)
        model.modelReset.connect(self._follow)
        model.reordering.connect(self._note_selected)
        model.reordered.connect(self._select_again)
        model.exchanging.connect(self._note_place)
        model.exchanged.connect(self._stay)
        self.selectionModel().selectionChanged.connect(self._part)
        model.dataChanged.connect(self._start_fading)
        self._fading = QTimer(self)
        self._fading.setInterval(_FADE_EVERY_MS)
        self._fading.timeout.connect(self._fade)

    def show_thumbs(self, thumb_px: tuple[int, int]) -> None:
        super().show_thumbs(thumb_px)
        self.setFixedHeight(self._cell_px.height() + _BAR_PX)
        self._follow()

    def share(self, view: FilmView) -> None:
        """Let another view of the film have what is selected here."""
        view.setSelectionModel(self.selectionModel())
        self._views.append(view)

    @property
    def follows(self) -> bool:
        """Tell whether the picture goes along with new ones; one that comes deselects no others."""
        return self._follows and not self.has_several

    @property
    def has_several(self) -> bool:
        """Tell whether more than one picture is selected."""
        # Not by counting: thousands of ranges are asked for at each change.
        selection = self.selectionModel().selection()
        return selection.size() > 1 or (not selection.isEmpty() and selection.at(0).height() > 1)

    @property
    def selected_count(self) -> int:
        selection = self.selectionModel().selection()
        return sum(selection.at(number).height() for number in range(selection.size()))

    @property
    def shot(self) -> Shot | None:
        """Return the selected shot; of several, the one that was chosen last."""
        rows = self.selectionModel().selectedIndexes()
        current = self.currentIndex()
        row = current if current in rows else rows[0] if rows else None
        return row.data(FilmRole.SHOT) if row is not None else None

    @property
    def selected(self) -> tuple[Shot, ...]:
        """Return all selected shots, in the order of the film."""
        # By ranges: an index for each of 20,000 shots took a third of a second.
        selection, shots = self.selectionModel().selection(), self._model.shots
        ranges = (selection.at(number) for number in range(selection.size()))
        rows = {row for one in ranges for row in range(one.top(), one.bottom() + 1)}
        return tuple(shots[row] for row in sorted(rows) if row < len(shots))

    def is_selected(self, shot: Shot) -> bool:
        """Tell whether a shot is selected, alone or with others."""
        row = self._model.row_of(shot.number)
        return row is not None and self.selectionModel().isSelected(self._model.index(row))

    def selects_others_than(self, shown: Shot | None) -> bool:
        """Tell whether anything else is selected than the picture that is shown."""
        if self.has_several:
            return True
        return self.selectionModel().hasSelection() and (shown is None or not self.is_selected(shown))

    def select_all(self) -> None:
        """Select every picture that is shown; the current one stays it."""
        model, flag = self._model, QItemSelectionModel.SelectionFlag
        if model.shots:
            every = QItemSelection(model.index(0), model.index(len(model.shots) - 1))
            self.selectionModel().select(every, flag.ClearAndSelect)

    def select_alone(self, shot: Shot | None) -> None:
        """Mark one shot and no others, or none, without telling anyone."""
        self.clearSelection()
        self.select(shot)

    def step(self, by: int) -> None:
        """Choose the next (1) or previous (-1) picture; without a selection, the newest."""
        last = len(self._model.shots) - 1
        if last < 0:
            return
        current = self.currentIndex()
        if current.isValid():
            row = min(max(current.row() + by, 0), last)
        elif self._marked is not None:  # its neighbours are still there
            row = min(max(self._model.place_of(self._marked) + min(by, 0), 0), last)
        else:
            row = last
        self.choose_row(row)

    def choose_row(self, row: int) -> None:
        """Choose as the photographer's hand does."""
        shot = self._model.index(row).data(FilmRole.SHOT)
        if shot is None:
            return
        flag = QItemSelectionModel.SelectionFlag
        self._marked = shot
        index = self._model.index(row)
        if index == self.currentIndex():
            self.scrollTo(index)  # Qt does it where another becomes the current one
        self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect)
        self._choose(shot)

    def choose_newest(self) -> None:
        """Choose the newest picture, though the filter keep it from the film, and follow from now on."""
        newest = self._model.newest
        if newest is None:
            return
        row = self._model.row_of(newest.number)
        if row is not None:
            self.choose_row(row)
        else:
            self.follow()
            self.select_newest()
            self.chosen.emit(newest)

    def select_newest(self) -> None:
        """Mark the newest picture without telling anyone."""
        for view in self._views:
            view.setAutoScroll(not view.is_scrolled_back)
        self.select(self._model.newest)
        for view in self._views:
            view.setAutoScroll(True)

    def pressed_shot(self, pressed: QModelIndex) -> Shot | None:
        """Return what a press, on the film or the light table, wants to be shown; None: nothing else.

        What the press took out of the selection gives way to the nearest of those left.
        """
        shot: Shot | None = pressed.data(FilmRole.SHOT) if pressed.isValid() else None
        if shot is None or self.selectionModel().isSelected(pressed):
            return shot
        if self._marked is None or shot.number != self._marked.number:
            return None
        place_of = self._model.place_of
        return min(self.selected, key=lambda one: abs(place_of(one) - pressed.row()), default=None)

    def stand_at(self, shot: Shot) -> None:
        """Go along with new pictures from here on if this is the newest, and else not."""
        newest = self._model.newest
        self._follows = newest is not None and shot.number == newest.number
        self._forget_scroll()

    def _choose(self, shot: Shot) -> None:
        self.stand_at(shot)
        self.chosen.emit(shot)

    def select(self, shot: Shot | None) -> None:
        """Mark a shot, or none, without telling anyone."""
        self._marked = shot
        self._part()
        row = self._model.row_of(shot.number) if shot is not None else None
        if row is None:
            self.clearSelection()
            self.selectionModel().clearCurrentIndex()
        else:
            index = self._model.index(row)
            is_one_of_several = self.selectionModel().isSelected(index)
            if is_one_of_several and index == self.currentIndex():
                return
            # One of several that are selected becomes the current one; the others stay.
            flag = QItemSelectionModel.SelectionFlag
            wanted = flag.NoUpdate if is_one_of_several else flag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, wanted)

    def follow(self) -> None:
        """Go along with new pictures from now on."""
        self._follows = True
        self._forget_scroll()
        self._follow_soon()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        shot = self.pressed_shot(self.indexAt(event.position().toPoint()))
        if shot is not None:
            self.scrollTo(self._model.index(self._model.place_of(shot)))
            self._choose(shot)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.done.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Arrows are the window's; nothing here may take letters to jump to a name.
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow()

    def wheelEvent(self, event: QWheelEvent) -> None:
        bar = self.horizontalScrollBar()
        turned = event.angleDelta().y() or event.angleDelta().x()
        bar.setValue(bar.value() - turned * self._cell_px.width() // 120)
        self._note_scroll()
        event.accept()

    def _forget_scroll(self) -> None:
        for view in self._views:
            view.is_scrolled_back = False

    def _stay_or_follow(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Keep what is in sight in its place when rows come before it, unless it goes along with them."""
        bar, width = self.horizontalScrollBar(), self._cell_px.width()
        if first * width < bar.value():
            moved = bar.value() + (last - first + 1) * width
            if moved > bar.maximum():  # not at every one of many runs
                self.updateGeometries()
            bar.setValue(moved)
        self._follow()

    def _follow(self) -> None:
        if self._follows and not self.is_scrolled_back:
            self.scrollTo(self._model.index(self._model.newest_row))

    def _note_place(self) -> None:
        """Remember where the first picture in sight stands, and what is selected."""
        self._note_selected()
        for view in self._views:
            first = view.first_in_sight
            shot = first.data(FilmRole.SHOT) if first.isValid() else None
            if shot is not None:
                self._in_sight.append((view, shot, view.visualRect(first).topLeft()))

    def _stay(self) -> None:
        """Leave selected and in its place what stayed, as when few go or come back."""
        self._select_again(is_by_words=False)
        for view, shot, corner in self._in_sight:
            view.bring_to(self._model.index(self._model.place_of(shot)), corner)
        self._in_sight.clear()
        self._follow()

    def _note_selected(self) -> None:
        selected = (one.number for one in self.selected) if self.has_several else ()
        self._again = self._together or frozenset(selected)

    def _select_again(self, is_by_words: bool) -> None:
        """Select several again, wherever they are now.

        is_by_words: the film changed by what was said of shots. What left it so comes back selected when that
        is taken back, unless anything else was chosen since.
        """
        again, self._again = self._again, frozenset()
        rows = (self._model.row_of(number) for number in again)
        chosen, flag = QItemSelection(), QItemSelectionModel.SelectionFlag
        for first, last in runs(sorted(row for row in rows if row is not None)):
            chosen.select(self._model.index(first), self._model.index(last))
        if chosen.size():
            self.selectionModel().select(chosen, flag.ClearAndSelect)
        self._together = again if is_by_words else frozenset()

    def _part(self) -> None:
        self._together = frozenset()

    def _start_fading(self) -> None:
        if self._model.has_ticks and not self._fading.isActive():
            self._fading.start()

    def _fade(self) -> None:
        self._model.fade()
        if not self._model.has_ticks:
            self._fading.stop()

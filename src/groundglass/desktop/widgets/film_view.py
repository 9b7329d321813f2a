"""Cells of one size in a line or in rows, whatever their number: only those in sight are looked at.

Qt's own list lays every row out again at each change, and asks the model for each: 45 ms at 20,000 rows
(2026-11). Selection, keys, drag and accessibility stay Qt's: for them, this long module answers
all that Qt's list asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.soon import soon
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.film_cells import CellPainter, Ground

_Index = QModelIndex | QPersistentModelIndex
_Move = QAbstractItemView.CursorAction
_Hint = QAbstractItemView.ScrollHint


class FilmView(QListView):
    """Paints the cells of a film by arithmetic."""

    def __init__(
        self,
        model: FilmstripModel,
        theme: Theme,
        thumb_px: tuple[int, int],
        words: str,
        parent: QWidget | None = None,
        *,
        wraps: bool,
        ground: Ground,
    ) -> None:
        """words: what stands there while the session is empty.  wraps: rows, scrolled downwards."""
        super().__init__(parent)
        self._film = model
        self._theme = theme
        self._words = words
        self._wraps = wraps
        self._ground = ground
        self._cells = CellPainter(theme, thumb_px, ground)
        self._cell_px = self._cells.size
        self._bars_stand_for = (-1, self._cell_px)  # how many rows of which cells
        self.is_scrolled_back = False  # by hand: it stays there, whatever comes
        self._draw_ahead_soon = soon(self._draw_ahead, self)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(wraps)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # So that Qt moves what it has when it scrolls, and asks for what comes into sight alone.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setModel(model)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.actionTriggered.connect(self._note_scroll)  # by a hand alone

    def show_thumbs(self, thumb_px: tuple[int, int]) -> None:
        """Paint thumbnails of another size; the current one, or the first in sight, stays in sight."""
        seen = self._rows_in(self.viewport().rect())
        current = self.currentIndex()
        kept = current if current.isValid() and current.row() in seen else self._film.index(seen.start)
        self._cells = CellPainter(self._theme, thumb_px, self._ground)
        self._cell_px = self._cells.size
        self.updateGeometries()
        self.scrollTo(kept)
        self.viewport().update()

    @property
    def empty_words(self) -> str:
        """Return what stands there instead of pictures."""
        return "No picture passes the filter." if self._film.count else self._words

    @property
    def columns(self) -> int:
        """Return how many cells stand side by side."""
        if not self._wraps:
            return max(self._film.rowCount(), 1)
        return max(self.viewport().width() // self._cell_px.width(), 1)

    # ---- where a cell is

    def visualRect(self, index: _Index) -> QRect:
        if not index.isValid():
            return QRect()
        return QRect(self._corner(index.row(), self.columns, self._offset()), self._cell_px)

    def indexAt(self, point: QPoint) -> QModelIndex:
        column = (point.x() + self.horizontalOffset()) // self._cell_px.width()
        line = (point.y() + self.verticalOffset()) // self._cell_px.height()
        columns = self.columns
        if line < 0 or not 0 <= column < columns:
            return QModelIndex()
        return self._film.index(line * columns + column)

    def horizontalOffset(self) -> int:
        return self.horizontalScrollBar().value() - self._edge_px

    @property
    def _edge_px(self) -> int:
        """Return what is left free before each line of a table, so that as much is free behind it."""
        free = self.viewport().width() - self.columns * self._cell_px.width() if self._wraps else 0
        return max(free // 2, 0)

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def scrollTo(self, index: _Index, hint: _Hint = _Hint.EnsureVisible) -> None:
        if not index.isValid():
            return
        if (self._film.rowCount(), self._cell_px) != self._bars_stand_for:
            self.updateGeometries()
        place, room = self.visualRect(index), self.viewport().rect()
        for bar, low, high, end in (
            (self.horizontalScrollBar(), place.left(), place.right(), room.right()),
            (self.verticalScrollBar(), place.top(), place.bottom(), room.bottom()),
        ):
            if hint is _Hint.PositionAtCenter:
                bar.setValue(bar.value() + (low + high - end) // 2)
            elif low < 0 or hint is _Hint.PositionAtTop:
                bar.setValue(bar.value() + low)
            elif high > end or hint is _Hint.PositionAtBottom:
                bar.setValue(bar.value() + high - end)

    @property
    def first_in_sight(self) -> QModelIndex:
        """Return the first cell of which anything is to be seen; not valid: there is none."""
        return self._film.index(self._rows_in(self.viewport().rect()).start)

    def bring_to(self, index: _Index, corner: QPoint) -> None:
        """Scroll until a cell has its upper left corner here, as far as there is room."""
        self.updateGeometries()
        by = self.visualRect(index).topLeft() - corner
        for bar, by_px in ((self.horizontalScrollBar(), by.x()), (self.verticalScrollBar(), by.y())):
            bar.setValue(bar.value() + by_px)

    def _note_scroll(self) -> None:
        """Remember whether a hand left the newest picture out of sight, or most of it."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        # A bar tells of a hand before it moves.
        ahead = QPoint(across.value() - across.sliderPosition(), down.value() - down.sliderPosition())
        place = self.visualRect(self._film.index(self._film.newest_row)).translated(ahead)
        seen = place.intersected(self.viewport().rect())
        self.is_scrolled_back = 2 * seen.width() * seen.height() < place.width() * place.height()

    def updateGeometries(self) -> None:
        QAbstractItemView.updateGeometries(self)
        columns, room, cell = self.columns, self.viewport().size(), self._cell_px
        rows = self._film.rowCount()
        self._bars_stand_for = (rows, cell)
        lines = -(-rows // columns)
        for bar, length, visible, step in (
            (self.horizontalScrollBar(), columns * cell.width(), room.width(), cell.width()),
            (self.verticalScrollBar(), lines * cell.height(), room.height(), cell.height()),
        ):
            is_turned = (bar is self.verticalScrollBar()) == self._wraps
            bar.setSingleStep(step)
            bar.setPageStep(visible)
            bar.setRange(0, max(length - visible, 0) if is_turned else 0)
            bar.setEnabled(bar.maximum() > 0)  # a handle that cannot be moved is not drawn

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        QAbstractItemView.resizeEvent(self, event)
        self.updateGeometries()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)

    def rowsInserted(self, parent: _Index, first: int, last: int) -> None:
        QAbstractItemView.rowsInserted(self, parent, first, last)
        # Not Qt's own, which paints all anew: most come at the end, often out of sight.
        self.updateGeometries()
        behind = self.viewport().rect()
        place = self.visualRect(self._film.index(first))
        if self._wraps:
            behind.setTop(max(place.top(), 0))
        else:
            behind.setLeft(max(place.left(), 0))
        self.viewport().update(behind)

    def dataChanged(self, first: _Index, last: _Index, roles: Sequence[int] = ()) -> None:
        if not self._wraps and first.row() == last.row():
            self._draw_early(first.row())
        QAbstractItemView.dataChanged(self, first, last, list(roles))

    # ---- what is chosen

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Qt's own makes the first picture the current one, and Left would go on from there.
        QWidget.focusInEvent(self, event)
        self.viewport().update()

    def moveCursor(self, action: _Move, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        last = self._film.rowCount() - 1
        current = self.currentIndex()
        if last < 0:
            return QModelIndex()
        if not current.isValid():
            return self._film.index(0)
        columns = self.columns
        page = max(self.viewport().height() // self._cell_px.height(), 1)
        by = {
            _Move.MoveLeft: -1,
            _Move.MovePrevious: -1,
            _Move.MoveRight: 1,
            _Move.MoveNext: 1,
            _Move.MoveUp: -columns,
            _Move.MoveDown: columns,
            _Move.MovePageUp: -columns * page,
            _Move.MovePageDown: columns * page,
            _Move.MoveHome: -last,
            _Move.MoveEnd: last,
        }[action]
        row = current.row()
        wanted = row + by
        if abs(by) == columns and wanted < 0:
            wanted = row  # there is no line above
        elif by == columns and wanted > last and row // columns == last // columns:
            wanted = row  # nor below
        return self._film.index(min(max(wanted, 0), last))

    def setSelection(self, area: QRect, command: object) -> None:
        # Qt gives the corners between which was dragged, or two cells with Shift: all between them.
        begun, ended = self._nearest_row(area.topLeft()), self._nearest_row(area.bottomRight())
        chosen = QItemSelection()
        is_click = area.width() == 1 and area.height() == 1
        if not (is_click and not self.indexAt(area.topLeft()).isValid()) and self._film.rowCount():
            chosen.select(self._film.index(min(begun, ended)), self._film.index(max(begun, ended)))
        self.selectionModel().select(chosen, command)  # type: ignore[call-overload]

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        if selection.isEmpty():  # at each step, as one is selected and another is not
            return region
        columns, offset = self.columns, self._offset()
        seen = self._rows_in(self.viewport().rect())
        if selection.size() > len(seen):  # painting what is in sight costs less than to look at each
            return QRegion(self.viewport().rect())
        for number in range(selection.size()):
            chosen = selection.at(number)
            for row in range(max(chosen.top(), seen.start), min(chosen.bottom() + 1, seen.stop)):
                region += QRect(self._corner(row, columns, offset), self._cell_px)
        return region

    # ---- paint

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if self._wraps:  # too many cells to keep, and as large as the window
            painter.fillRect(event.rect(), self._cells.ground)
            for row, corner in self._changed_cells(event):
                cell = self._film.cell(row)
                self._cells.paint(painter, corner, cell, is_selected=self._is_selected(row))
        else:
            self._paint_strip(painter, event)
        if self._film.rowCount() == 0:
            painter.setPen(QColor(self._theme.quiet))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self.empty_words)
        painter.end()

    def _paint_strip(self, painter: QPainter, event: QPaintEvent) -> None:
        ratio, has_selected = self.devicePixelRatioF(), self.selectionModel().hasSelection()
        seen = self._rows_in(self.viewport().rect())
        cells = self.visualRect(self._film.index(seen.start)) if seen else QRect()
        cells.setWidth(cells.width() * len(seen))
        if not cells.contains(event.rect()):  # else each cell brings its ground
            painter.fillRect(event.rect(), self._cells.ground)
        self._cells.most_cells = len(seen)
        for row, corner in self._changed_cells(event):
            is_selected = has_selected and self._is_selected(row)
            self._cells.paint_kept(painter, corner, self._film.cell(row), ratio, is_selected=is_selected)
        self._draw_ahead_soon()

    def _changed_cells(self, event: QPaintEvent) -> Iterator[tuple[int, QPoint]]:
        """Yield the rows that a paint is about, and where their cells have their upper left corners."""
        changed = event.region()  # apart from each other: the rectangle around them may be all there is
        is_all = not self._wraps and changed.rectCount() == 1
        columns, offset = self.columns, self._offset()
        for row in self._rows_in(event.rect()):
            corner = self._corner(row, columns, offset)
            if is_all or changed.intersects(QRect(corner, self._cell_px)):
                yield row, corner

    def _is_selected(self, row: int) -> bool:
        return self.selectionModel().isSelected(self._film.index(row))

    def _draw_early(self, row: int) -> None:
        """Draw a cell that looks different from now on, so that the paint of all there is copies it."""
        if self.isVisible() and row in self._rows_in(self.viewport().rect()):
            is_selected = self._is_selected(row)
            self._cells.keep(self._film.cell(row), self.devicePixelRatioF(), is_selected=is_selected)

    def _draw_ahead(self) -> None:
        """Draw the other look of what is in sight, one cell a turn: a step chooses another at once."""
        ratio = self.devicePixelRatioF()
        seen = self._rows_in(self.viewport().rect())
        # More may be in sight than were painted last: without room for all it would never end.
        self._cells.most_cells = len(seen)
        for row in seen:
            is_selected = self._is_selected(row)
            cell = self._film.cell(row)
            self._cells.keep(cell, ratio, is_selected=is_selected)
            if self._cells.keep(cell, ratio, is_selected=not is_selected):
                self._draw_ahead_soon()
                return

    def _offset(self) -> QPoint:
        return QPoint(self.horizontalOffset(), self.verticalOffset())

    def _corner(self, row: int, columns: int, offset: QPoint) -> QPoint:
        line, column = divmod(row, columns)
        return QPoint(column * self._cell_px.width(), line * self._cell_px.height()) - offset

    def _rows_in(self, area: QRect) -> range:
        """Return the rows of the model that an area of the viewport may touch."""
        count, columns = self._film.rowCount(), self.columns
        if self._wraps:
            first = max((area.top() + self.verticalOffset()) // self._cell_px.height(), 0)
            last = (area.bottom() + self.verticalOffset()) // self._cell_px.height()
            return range(min(first * columns, count), min((last + 1) * columns, count))
        first = max((area.left() + self.horizontalOffset()) // self._cell_px.width(), 0)
        last = (area.right() + self.horizontalOffset()) // self._cell_px.width()
        return range(min(first, count), min(last + 1, count))

    def _nearest_row(self, point: QPoint) -> int:
        columns = self.columns
        column = (point.x() + self.horizontalOffset()) // self._cell_px.width()
        line = max((point.y() + self.verticalOffset()) // self._cell_px.height(), 0) if self._wraps else 0
        row: int = line * columns + min(max(column, 0), columns - 1)
        return min(max(row, 0), max(self._film.rowCount() - 1, 0))

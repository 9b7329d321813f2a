"""The filmstrip: the session's pictures, newest at the end; it follows unless it is held."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from groundglass.desktop import icons
from groundglass.desktop.models.filmstrip_model import FilmRole, FilmstripModel
from groundglass.desktop.pixels import as_image
from groundglass.desktop.theme import Theme, small_font
from groundglass.desktop.widgets.review_marks import paint_marks
from groundglass.model.shot import Shot

THUMB_PX = (120, 80)
_CELL_PX = (128, 108)
HEIGHT_PX = 124
_FADE_EVERY_MS = 60

_Index = QModelIndex | QPersistentModelIndex


class FilmDelegate(QStyledItemDelegate):
    """Paints a thumbnail, its name, its marks, its progress or its tick."""

    def __init__(self, theme: Theme, parent: QWidget, thumb_px: tuple[int, int] = THUMB_PX) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumb_px = thumb_px

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(self._thumb_px[0] + 8, self._thumb_px[1] + 28)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        place = QRect(cell.left() + 4, cell.top() + 4, *self._thumb_px)
        painter.save()
        painter.fillRect(place, QColor(self._theme.surround))
        self._paint_picture(painter, place, index)
        review = index.data(FilmRole.REVIEW)
        if review is not None:
            paint_marks(painter, place, review, self._theme)
        self._paint_progress(painter, place, index)
        self._paint_tick(painter, place, float(index.data(FilmRole.TICK) or 0.0))
        painter.setFont(small_font())
        painter.setPen(QColor(self._theme.accent if selected else self._theme.quiet))
        name = painter.fontMetrics().elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideLeft, place.width()
        )
        below = QRect(place.left(), place.bottom() + 1, place.width(), 20)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name)
        if selected:
            painter.fillRect(
                QRect(place.left(), place.top() - 4, place.width(), 2), QColor(self._theme.accent)
            )
        painter.restore()

    def _paint_picture(self, painter: QPainter, place: QRect, index: _Index) -> None:
        pixels = index.data(FilmRole.THUMBNAIL)
        if pixels is None:
            if index.data(FilmRole.IS_BROKEN):
                corner = place.center() - QPoint(icons.SIZE_PX // 2, icons.SIZE_PX // 2)
                icons.draw(painter, "broken", corner.x(), corner.y(), self._theme.quiet)
            return
        image = as_image(pixels)
        size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(QPoint(0, 0), size)
        target.moveCenter(place.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image)

    def _paint_progress(self, painter: QPainter, place: QRect, index: _Index) -> None:
        share = index.data(FilmRole.SHARE)
        if share is None:
            return
        bar = QRectF(place.left() + 12, place.center().y() - 1, place.width() - 24, 3)
        painter.fillRect(bar, QColor(self._theme.line))
        bar.setWidth(bar.width() * min(max(float(share), 0.0), 1.0))
        painter.fillRect(bar, QColor(self._theme.accent))

    def _paint_tick(self, painter: QPainter, place: QRect, strength: float) -> None:
        if strength <= 0:
            return
        painter.setOpacity(strength)
        corner = QRect(place.right() - 23, place.bottom() - 23, 24, 24)
        painter.fillRect(corner, QColor(self._theme.surround))
        icons.draw(painter, "tick", corner.left() + 4, corner.top() + 4, self._theme.stored)
        painter.setOpacity(1.0)


class Filmstrip(QListView):
    """One row of thumbnails."""

    chosen = Signal(object)  # Shot, by the photographer's hand

    def __init__(self, model: FilmstripModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        self._follows = True
        self._lost_row: int | None = None  # where the shown shot was, in case it goes
        self.setObjectName("filmstrip")
        self.setAccessibleName("Filmstrip")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(False)
        self.setFixedHeight(HEIGHT_PX)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(FilmDelegate(theme, self))
        self.setModel(model)
        self.horizontalScrollBar().setSingleStep(_CELL_PX[0])
        self.horizontalScrollBar().sliderMoved.connect(self._hold_if_away)
        model.rowsInserted.connect(self._follow)
        model.modelReset.connect(self._follow)
        model.dataChanged.connect(self._start_fading)
        self._fading = QTimer(self)
        self._fading.setInterval(_FADE_EVERY_MS)
        self._fading.timeout.connect(self._fade)

    @property
    def follows(self) -> bool:
        """Tell whether the strip goes along with new pictures."""
        return self._follows

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
        rows = sorted(self.selectionModel().selectedIndexes(), key=lambda one: one.row())
        shots = (one.data(FilmRole.SHOT) for one in rows)
        return tuple(one for one in shots if one is not None)

    def step(self, by: int) -> None:
        """Choose the next (1) or previous (-1) picture; without a selection, the newest."""
        last = len(self._model.shots) - 1
        if last < 0:
            return
        current = self.currentIndex()
        if current.isValid():
            row = min(max(current.row() + by, 0), last)
        elif self._lost_row is not None:  # the one that was shown went; its neighbours are still there
            row = min(max(self._lost_row + min(by, 0), 0), last)
        else:
            row = last
        self.choose_row(row)

    def choose_row(self, row: int) -> None:
        """Choose as the photographer's hand does."""
        shot = self._model.index(row).data(FilmRole.SHOT)
        if shot is None:
            return
        self.clearSelection()
        self.select(shot)
        self._choose(row, shot)

    def _choose(self, row: int, shot: Shot) -> None:
        self._follows = row == len(self._model.shots) - 1
        self.scrollTo(self._model.index(row))
        self.chosen.emit(shot)

    def select(self, shot: Shot | None) -> None:
        """Mark a shot, or none, without telling anyone."""
        row = self._model.row_of(shot.number) if shot is not None else None
        if row is None:
            if shot is None:
                self._lost_row = None
            self.clearSelection()
            self.selectionModel().clearCurrentIndex()
        else:
            self._lost_row = row
            index = self._model.index(row)
            is_one_of_several = self.selectionModel().isSelected(index)
            # One of several that are selected becomes the current one; the others stay.
            flag = QItemSelectionModel.SelectionFlag
            wanted = flag.NoUpdate if is_one_of_several else flag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, wanted)

    def follow(self) -> None:
        """Go along with new pictures from now on."""
        self._follows = True
        self._follow()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._model.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(self._theme.quiet))
            words = "The session's pictures appear here, the newest at the right."
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, words)
            painter.end()

    def dataChanged(self, first: _Index, last: _Index, _roles: Sequence[int] = ()) -> None:
        # Qt's own lays all rows out anew, 40 ms for 20,000; here they never change their size.
        area = self.visualRect(first)
        self.viewport().update(area if first == last else self.viewport().rect())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        pressed = self.indexAt(event.position().toPoint())
        shot = pressed.data(FilmRole.SHOT) if pressed.isValid() else None
        if shot is not None and self.selectionModel().isSelected(pressed):
            self._choose(pressed.row(), shot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Arrows are the window's; nothing here may take letters to jump to a name.
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        bar = self.horizontalScrollBar()
        turned = event.angleDelta().y() or event.angleDelta().x()
        bar.setValue(bar.value() - turned * _CELL_PX[0] // 120)
        self._hold_if_away()
        event.accept()

    def _hold_if_away(self) -> None:
        bar = self.horizontalScrollBar()
        self._follows = bar.value() >= bar.maximum() - _CELL_PX[0] // 2

    def _follow(self) -> None:
        if self._follows and self._model.rowCount():
            self.scrollTo(self._model.index(self._model.rowCount() - 1))

    def _start_fading(self) -> None:
        if self._model.has_ticks and not self._fading.isActive():
            self._fading.start()

    def _fade(self) -> None:
        self._model.fade()
        if not self._model.has_ticks:
            self._fading.stop()

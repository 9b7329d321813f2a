"""One picture of the film: its thumbnail, name, marks, and what is on its way."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap

from groundglass.desktop import icons
from groundglass.desktop.models.filmstrip_model import FilmCell
from groundglass.desktop.pixels import as_image
from groundglass.desktop.theme import Theme, small_font
from groundglass.desktop.widgets.review_marks import paint_marks

_NAME_PX = 20
_EDGE_PX = 4
_NAME_EDGE_PX = 4
_MOST_NAMES = 1000
_LOOKS = 2  # of a cell: chosen, and not
_SPARE = 4  # cells kept above those in sight: one that changes would push out what stays

Ground = Literal["window", "surround"]  # which of the theme's colours lies behind the cells
_Look = tuple[bool, tuple[object, ...]]  # whether it is chosen, and the rest


class CellPainter:
    """Paints cells of one size; thumbnails come at their size in device pixels, so that they are copied."""

    def __init__(self, theme: Theme, thumb_px: tuple[int, int], ground: Ground) -> None:
        self._theme = theme
        self._ground = ground
        self.most_cells = 0  # in sight, of which both looks are kept
        self._thumb_px = thumb_px
        self._font = small_font()
        self._names: dict[str, str] = {}  # cut to the width of a cell; as many as were painted last
        self._metrics = QFontMetrics(self._font)
        self._kept: dict[_Look, QPixmap] = {}  # the one painted last at the end

    @property
    def size(self) -> QSize:
        return QSize(self._thumb_px[0] + 2 * _EDGE_PX, self._thumb_px[1] + 2 * _EDGE_PX + _NAME_PX)

    def paint_kept(
        self, painter: QPainter, corner: QPoint, cell: FilmCell, ratio: float, *, is_selected: bool
    ) -> None:
        """Paint a cell on its ground, copied as it was drawn when it looked the same.

        Drawn anew it takes ten times as long, and a film that follows moves all of them (2026-11).
        """
        if not _can_copy(ratio):
            painter.fillRect(QRect(corner, self.size), self.ground)
            self.paint(painter, corner, cell, is_selected=is_selected)
            return
        painter.drawPixmap(corner, self._drawn(cell, ratio, self._look(cell, ratio, is_selected)))
        if cell.share is not None or cell.tick > 0:
            self._paint_moving(painter, self._place(corner), cell)

    def keep(self, cell: FilmCell, ratio: float, *, is_selected: bool) -> bool:
        """Keep how a cell looks without what moves, to be copied later; tell whether it had to be drawn."""
        if not _can_copy(ratio):
            return False
        look = self._look(cell, ratio, is_selected)
        is_new = look not in self._kept
        self._drawn(cell, ratio, look)
        return is_new

    @property
    def ground(self) -> QColor:
        """Return what lies behind cells now: the theme may have become another."""
        return QColor(getattr(self._theme, self._ground))

    def _look(self, cell: FilmCell, ratio: float, is_selected: bool) -> _Look:
        """Return all that the look of a cell depends on."""
        theme = self._theme
        of_cell = (cell.name, cell.thumbnail, cell.is_broken, cell.review)
        return is_selected, (*of_cell, theme.name, getattr(theme, self._ground), ratio)

    def _drawn(self, cell: FilmCell, ratio: float, look: _Look) -> QPixmap:
        """Return a cell as it looks, drawn now if it is not kept; it is the last one to be dropped."""
        pixmap = self._kept.pop(look, None)
        if pixmap is None:
            pixmap = QPixmap(self.size * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(self.ground)
            painter = QPainter(pixmap)
            self.paint(painter, QPoint(0, 0), replace(cell, tick=0.0, share=None), is_selected=look[0])
            painter.end()
        while len(self._kept) >= (self.most_cells + _SPARE) * _LOOKS:
            del self._kept[next(iter(self._kept))]
        self._kept[look] = pixmap
        return pixmap

    def paint(self, painter: QPainter, corner: QPoint, cell: FilmCell, *, is_selected: bool) -> None:
        """Paint a cell with its top left corner at a point."""
        place = self._place(corner)
        painter.fillRect(place, QColor(self._theme.surround))
        self._paint_picture(painter, place, cell)
        if cell.review is not None:
            paint_marks(painter, place, cell.review, self._theme)
        self._paint_moving(painter, place, cell)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.accent if is_selected else self._theme.quiet))
        name = self._names.get(cell.name) or self._cut(cell.name)
        # A little wider than the picture: names may come nearer to each other than pictures.
        left = place.left() - (_NAME_EDGE_PX // 2)
        below = QRect(left, place.bottom() + 1, place.width() + _NAME_EDGE_PX, _NAME_PX)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name)
        if is_selected:
            top = QRect(place.left(), place.top() - _EDGE_PX, place.width(), 2)
            painter.fillRect(top, QColor(self._theme.accent))

    def _place(self, corner: QPoint) -> QRect:
        """Return where the picture lies in a cell."""
        return QRect(corner.x() + _EDGE_PX, corner.y() + _EDGE_PX, *self._thumb_px)

    def _paint_moving(self, painter: QPainter, place: QRect, cell: FilmCell) -> None:
        """Paint what changes by the moment, and is not kept."""
        if cell.share is not None:
            self._paint_progress(painter, place, cell.share)
        if cell.tick > 0:
            self._paint_tick(painter, place, cell.tick)

    def _cut(self, name: str) -> str:
        if len(self._names) >= _MOST_NAMES:
            self._names.clear()
        cut = self._metrics.elidedText(name, Qt.TextElideMode.ElideLeft, self._thumb_px[0] + _NAME_EDGE_PX)
        self._names[name] = cut
        return cut

    def _paint_picture(self, painter: QPainter, place: QRect, cell: FilmCell) -> None:
        if cell.thumbnail is None:
            if cell.is_broken:
                corner = place.center() - QPoint(icons.SIZE_PX // 2, icons.SIZE_PX // 2)
                icons.draw(painter, "broken", corner.x(), corner.y(), self._theme.quiet)
            return
        ratio = painter.device().devicePixelRatioF()
        # Device pixels, as only the identity is copied without resampling.
        room = QSize(round(place.width() * ratio), round(place.height() * ratio))
        image = as_image(cell.thumbnail.in_film)
        if not _touches(image.size(), room):
            image = as_image(cell.thumbnail.on_table)
        if not _touches(image.size(), room):
            image = as_image(cell.thumbnail.largest)
        size = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(QPoint(0, 0), size)
        target.moveCenter(QRect(QPoint(0, 0), room).center())
        target.translate(round(place.left() * ratio), round(place.top() * ratio))
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        if size == image.size():
            painter.drawImage(target.topLeft(), image)
        else:  # made for another size or screen; a better one is on its way
            painter.drawImage(target, image)
        painter.restore()

    def _paint_progress(self, painter: QPainter, place: QRect, share: float) -> None:
        bar = QRectF(place.left() + 12, place.center().y() - 1, place.width() - 24, 3)
        painter.fillRect(bar, QColor(self._theme.line))
        bar.setWidth(bar.width() * min(max(share, 0.0), 1.0))
        painter.fillRect(bar, QColor(self._theme.accent))

    def _paint_tick(self, painter: QPainter, place: QRect, strength: float) -> None:
        painter.save()
        painter.setOpacity(strength)
        corner = QRect(place.right() - 23, place.bottom() - 23, 24, 24)
        painter.fillRect(corner, QColor(self._theme.surround))
        icons.draw(painter, "tick", corner.left() + 4, corner.top() + 4, self._theme.stored)
        painter.restore()


def _can_copy(ratio: float) -> bool:
    """Tell whether a cell lies on whole pixels of the screen; else a copy would be resampled."""
    return ratio == int(ratio)


def _touches(size: QSize, room: QSize) -> bool:
    """Tell whether a picture is as large as it can be in a place, and no larger."""
    fits = size.width() <= room.width() and size.height() <= room.height()
    return fits and (size.width() == room.width() or size.height() == room.height())

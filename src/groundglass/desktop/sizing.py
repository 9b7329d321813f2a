"""What a hand may make larger or smaller: thumbnails, and the panels at the sides."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.models.thumbnails import ThumbnailSizes
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.theme import PANEL_WIDTH_PX
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.desktop.widgets.filter_section import FilterSection
from groundglass.desktop.widgets.grip import REACH_PX, Grip
from groundglass.desktop.widgets.light_table import LightTable

# Heights of thumbnails, as wide as three to two.
FILM_PX, TABLE_PX = range(60, 161, 10), range(80, 241, 20)
PANEL_PX = range(PANEL_WIDTH_PX, 2 * PANEL_WIDTH_PX + 1, 20)


class Sizing(Part):
    """Keys, two buttons and three edges. User-interface thread."""

    def __init__(
        self,
        film: FilmstripModel,
        filmstrip: Filmstrip,
        table: LightTable,
        left: QWidget,
        right: QWidget,
        buttons: FilterSection,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._film, self._filmstrip, self._table = film, filmstrip, table
        self._left, self._right = left, right
        self._begun_px = 0  # where a drag began
        self._film_edge = Grip("Size of the thumbnails", window, upright=False)
        self._film_edge.taken.connect(self._take_film)
        self._film_edge.dragged.connect(self._drag_film)
        self._left_edge = Grip("Width of the left panel", window, upright=True)
        self._left_edge.taken.connect(lambda: self._take(left))
        self._left_edge.dragged.connect(lambda px: _widen(left, self._begun_px + px))
        self._right_edge = Grip("Width of the right panel", window, upright=True)
        self._right_edge.taken.connect(lambda: self._take(right))
        self._right_edge.dragged.connect(lambda px: _widen(right, self._begun_px - px))
        buttons.larger.clicked.connect(lambda: self._step_thumbs(1))
        buttons.smaller.clicked.connect(lambda: self._step_thumbs(-1))
        for part in (filmstrip, left, right):
            part.installEventFilter(self)

    def deeds(self) -> Deeds:
        return {
            ActionId.THUMBS_LARGER: lambda: self._step_thumbs(1),
            ActionId.THUMBS_SMALLER: lambda: self._step_thumbs(-1),
            ActionId.LEFT_WIDER: lambda: _step(self._left, 1),
            ActionId.LEFT_NARROWER: lambda: _step(self._left, -1),
            ActionId.RIGHT_WIDER: lambda: _step(self._right, 1),
            ActionId.RIGHT_NARROWER: lambda: _step(self._right, -1),
        }

    @property
    def now(self) -> dict[str, int]:
        """Return the heights of the thumbnails and the widths of the panels, in pixels."""
        sizes = self._film.sizes
        return {
            "film": sizes.film[1],
            "table": sizes.table[1],
            "left": self._left.width(),
            "right": self._right.width(),
        }

    def use(self, told: Any) -> None:
        """Take sizes as `now` gives them; raises ValueError, TypeError or KeyError for others."""
        film, table, left, right = (int(told[name]) for name in ("film", "table", "left", "right"))
        if film not in FILM_PX or table not in TABLE_PX or not {left, right} <= set(PANEL_PX):
            raise ValueError(told)
        self._show(ThumbnailSizes(_size(film), _size(table)))
        _widen(self._left, left)
        _widen(self._right, right)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)
        if event.type() in kinds:
            self._lay_edge(watched, is_there=event.type() is not QEvent.Type.Hide)
        return False

    # ---- within

    def _lay_edge(self, part: QObject, *, is_there: bool) -> None:
        """Lay the edge of a part where that is now."""
        for one, edge in (
            (self._filmstrip, self._film_edge),
            (self._left, self._left_edge),
            (self._right, self._right_edge),
        ):
            if one is part:
                edge.setGeometry(self._reach_of(one))
                edge.setVisible(is_there and one.isVisible())

    def _reach_of(self, part: QWidget) -> QRect:
        """Return where a part's edge is caught, in the window: above the film, and in a panel with its line.

        Never over the film: when that is scrolled, Qt copies only what nothing lies over.
        """
        place = QRect(part.mapTo(part.window(), QPoint()), part.size())
        if part is self._filmstrip:
            return QRect(place.left(), place.top() - REACH_PX, place.width(), REACH_PX)
        left = place.right() + 2 - REACH_PX if part is self._left else place.left() - 1
        return QRect(left, place.top(), REACH_PX, place.height())

    def _step_thumbs(self, by: int) -> None:
        """Make the thumbnails larger or smaller: those of the light table if it is open, else the film's."""
        sizes = self._film.sizes
        if self._table.isVisible():
            self._show(replace(sizes, table=_size(_nearest(TABLE_PX, sizes.table[1] + by * TABLE_PX.step))))
        else:
            self._show(replace(sizes, film=_size(_nearest(FILM_PX, sizes.film[1] + by * FILM_PX.step))))

    def _take_film(self) -> None:
        self._begun_px = self._film.sizes.film[1]

    def _drag_film(self, down_px: int) -> None:
        self._show(replace(self._film.sizes, film=_size(_nearest(FILM_PX, self._begun_px - down_px))))

    def _take(self, panel: QWidget) -> None:
        self._begun_px = panel.width()

    def _show(self, sizes: ThumbnailSizes) -> None:
        before = self._film.sizes
        self._film.use_sizes(sizes)
        if sizes.film != before.film:
            self._filmstrip.show_thumbs(sizes.film)
        if sizes.table != before.table:
            self._table.show_thumbs(sizes.table)


def _step(panel: QWidget, by: int) -> None:
    _widen(panel, panel.width() + by * PANEL_PX.step)


def _widen(panel: QWidget, width_px: int) -> None:
    panel.setFixedWidth(_nearest(PANEL_PX, width_px))


def _size(height_px: int) -> tuple[int, int]:
    return height_px * 3 // 2, height_px


def _nearest(sizes: range, wanted: int) -> int:
    return min(sizes, key=lambda one: abs(one - wanted))

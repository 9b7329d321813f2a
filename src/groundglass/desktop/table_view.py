"""The light table's key, its place over the picture, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject

from groundglass.desktop.actions import ActionId
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.desktop.widgets.light_table import LightTable


class TableView(Part):
    """Opens and closes the light table."""

    def __init__(
        self, table: LightTable, filmstrip: Filmstrip, viewing: Viewing, end_comparison: Callable[[], bool]
    ) -> None:
        """end_comparison: take it off the picture and the table; tells whether there was one."""
        super().__init__()
        self._table, self._viewing = table, viewing
        self._end_comparison = end_comparison
        table.opened.connect(self.toggle)
        filmstrip.chosen.connect(self._keep_in_sight)
        viewing.changed.connect(self._leave_to_live)
        parent = table.parentWidget()
        assert parent is not None
        self._place = parent
        parent.installEventFilter(self)

    def deeds(self) -> Deeds:
        return {ActionId.LIGHT_TABLE: self.toggle}

    def go_back(self) -> bool:
        return self.end()

    def end(self) -> bool:
        """Take the table off the picture; tell whether it lay there."""
        was_open = self._table.isVisible()
        if was_open:
            self._table.hide()
            self._place.setFocus()
        return was_open

    def toggle(self) -> None:
        """Lay the pictures out, or look at the current one."""
        was_covered = self._end_comparison()
        if not self._table.isVisible():
            self._table.open()
        elif not was_covered:
            self.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._place and event.type() == QEvent.Type.Resize and self._table.isVisible():
            self._table.setGeometry(self._place.rect())
        return False

    def _leave_to_live(self) -> None:
        if self._viewing.shows_live:
            self.end()  # else the live picture would begin unseen, and the next press end it

    def _keep_in_sight(self) -> None:
        if self._table.isVisible():
            self._table.scrollTo(self._table.currentIndex())

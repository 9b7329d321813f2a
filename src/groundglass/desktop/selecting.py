"""All that the film shows, selected at once, how many are, and the way back to one."""

from __future__ import annotations

from groundglass.desktop.actions import ActionId
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.soon import soon
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.filmstrip import Filmstrip


class Selecting(Part):
    """Selects on film and light table, which share what is selected. User-interface thread.

    Keys speak of all that are selected, those out of sight too: so their number stands under the picture,
    unless it is the shown one alone.
    """

    def __init__(self, filmstrip: Filmstrip, viewing: Viewing) -> None:
        super().__init__(filmstrip)
        self._filmstrip, self._viewing = filmstrip, viewing
        say_soon = soon(self._say, self)  # a step changes the one before the other
        filmstrip.selectionModel().selectionChanged.connect(say_soon)
        filmstrip.model().modelReset.connect(say_soon)
        viewing.changed.connect(say_soon)

    def deeds(self) -> Deeds:
        return {ActionId.SELECT_ALL: self._filmstrip.select_all}

    def go_back(self) -> bool:
        shown = self._viewing.shot
        had_others = self._filmstrip.selects_others_than(shown)
        if had_others:
            self._filmstrip.select_alone(shown)
        return had_others

    def _say(self) -> None:
        is_told = self._filmstrip.selects_others_than(self._viewing.shot)
        news = f"{self._filmstrip.selected_count:,} selected" if is_told else ""
        self._viewing.show_news(news, "selecting")

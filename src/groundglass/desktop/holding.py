"""Follow or hold: a pinned picture stays while new ones arrive, with a quiet word how many."""

from __future__ import annotations

from PySide6.QtCore import Signal

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import Keys
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.studio.events import Event, SessionOpened, ShotStored


class Holding(Part):
    """Counts what came while the picture did not follow."""

    released = Signal()  # the newest picture is wanted again

    def __init__(self, filmstrip: Filmstrip, viewing: Viewing, keys: Keys) -> None:
        super().__init__()
        self._keys = keys
        keys.changed.connect(self._say)
        self._filmstrip = filmstrip
        self._viewing = viewing
        self._is_held = False
        self._came: set[int] = set()
        self._hidden = 0
        viewing.changed.connect(self._follow_picture)

    @property
    def is_held(self) -> bool:
        """Tell whether the picture stays, whatever comes."""
        return self._is_held

    def deeds(self) -> Deeds:
        return {ActionId.HOLD: self.toggle}

    def show_hidden(self, count: int) -> None:
        """Say also how many came that the filter keeps from the film."""
        self._hidden = count
        self._say()

    def toggle(self) -> None:
        """Hold the picture that is shown, or follow the newest again."""
        if self._is_held:
            self.release()
            self.released.emit()
        elif not self._viewing.is_empty:
            self._is_held = True
            self._came.clear()
            self._say()

    def release(self) -> None:
        """Follow from now on."""
        self._is_held = False
        self._came.clear()
        self._say()

    def take_event(self, event: Event) -> None:
        if isinstance(event, SessionOpened):
            self.release()
        elif isinstance(event, ShotStored) and (self._is_held or not self._filmstrip.follows):
            shown = self._viewing.shot
            if shown is None or event.shot.number != shown.number:
                self._came.add(event.shot.number)
            self._say()

    def _follow_picture(self) -> None:
        if self._viewing.is_empty:
            self._is_held = False  # there is nothing to be held
        if self._viewing.shot is not None:
            self._came.discard(self._viewing.shot.number)
        self._say()

    def _say(self) -> None:
        # Behind the live picture the film follows again, but not yet while that is being told.
        if not self._is_held and (self._filmstrip.follows or self._viewing.shot is None):
            self._came.clear()
        label, came = self._keys.label, f"{len(self._came):,} new" if self._came else ""
        count = f"{self._hidden:,}"
        hidden = f"{count} hidden by the filter" if self._hidden else ""
        if self._is_held:
            said = [f"Held{', ' if came else ''}{came}", f"{label(ActionId.HOLD)}: follow", hidden]
        elif came:
            said = [came, f"{label(ActionId.NEWEST)}: newest", hidden]
        elif hidden:
            said = [f"{count} new hidden by the filter", f"{label(ActionId.SHOW_ALL)}: show all"]
        else:
            said = []
        self._viewing.show_news("   ".join(one for one in said if one), "holding")

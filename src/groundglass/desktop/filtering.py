"""The filter at work: what passes is found on a thread, and the film shows it."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace
from PySide6.QtCore import Signal

from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.filter_section import FilterSection
from groundglass.model.shot import Shot
from groundglass.model.shot_filter import EVERYTHING, Rejected, ShotFilter
from groundglass.studio.events import Event, SessionOpened, ShotsReviewed, ShotStored


class Filtering(Part):
    """Connects the filter section, its keys and the film; counts what came and was never seen there."""

    hidden_changed = Signal(int)  # so many new ones are not in the film

    def __init__(
        self, bridge: Bridge, film: FilmstripModel, section: FilterSection, viewing: Viewing
    ) -> None:
        super().__init__()
        self._viewing = viewing
        self._film = film
        self._section = section
        self._hidden: set[int] = set()
        self._background = Background(1, "filter", bridge.call)
        self._since_step = 0
        section.changed.connect(self._sift)
        section.since_stepped.connect(self._step_since)
        film.modelReset.connect(self._count)
        film.counted.connect(self._count)
        self._count()

    def deeds(self) -> Deeds:
        def show(stars: int) -> None:
            self._section.use(replace(self._section.filter, least_stars=stars))

        stars = {ActionId(f"show_{number}"): lambda number=number: show(number) for number in range(1, 6)}
        return {
            **stars,
            ActionId.SHOW_ALL: lambda: self._section.use(EVERYTHING),
            ActionId.HIDE_REJECTED: self._toggle_rejected,
        }

    def take_event(self, event: Event) -> None:
        if isinstance(event, SessionOpened):
            self._section.reset()
            self._hidden.clear()
        elif isinstance(event, ShotStored) and not self._film.has(event.shot.number):
            self._hidden.add(event.shot.number)  # the film, which takes it in next, drops what it shows
        elif isinstance(event, ShotsReviewed) and self._section.filter != EVERYTHING:
            self._sift(self._section.filter)

    def close(self) -> None:
        self._background.close()

    def _toggle_rejected(self) -> None:
        now = self._section.filter
        is_hidden = now.rejected is Rejected.HIDDEN
        self._section.use(replace(now, rejected=Rejected.SHOWN if is_hidden else Rejected.HIDDEN))

    def _step_since(self) -> None:
        """Go on from all times to the last hour, today, the shown picture, and back to all."""
        now, shown = datetime.now().astimezone(), self._viewing.shot
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        times = [None, now - timedelta(hours=1), midnight, *([shown.taken_at] if shown is not None else ())]
        step = self._since_step + 1 if self._section.filter.since is not None else 1
        self._since_step = step % len(times)
        self._section.use(replace(self._section.filter, since=times[self._since_step]))

    def _sift(self, wanted: ShotFilter) -> None:
        shots, reviews = self._film.all_shots, self._film.reviews
        newest = shots[-1].number if shots else 0

        def show(order: list[Shot]) -> None:
            if wanted == self._section.filter:
                self._film.show_order(order, wanted, newest)
                self._count()

        self._background.run("sift", lambda: wanted.sift(shots, reviews), show)

    def _count(self) -> None:
        film = self._film
        passed, every = len(film.shots), film.count
        self._section.show_count(passed, every)
        self._section.show_cameras(film.cameras)
        is_sifted = not self._section.filter.lets_all_pass
        self._viewing.show_news(f"{passed:,} of {every:,} shown" if is_sifted else "", "filtering")
        self._hidden = {one for one in self._hidden if film.has(one) and film.row_of(one) is None}
        self._section.show_hidden(len(self._hidden))
        self.hidden_changed.emit(len(self._hidden))

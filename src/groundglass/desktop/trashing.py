"""Delete: shots go into the session's trash, and the film closes up; it opens when they come back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.models.filmstrip_model import FilmstripModel, shot_name
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.banner import Banner
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.desktop.widgets.trash_section import TrashSection
from groundglass.errors import GroundglassError, UsageError
from groundglass.model.shot import Shot
from groundglass.model.words import counted
from groundglass.studio.events import Event, SessionOpened, ShotsRestored, ShotsTrashed, TrashChanged
from groundglass.studio.trash import TrashContents


class Trashing(Part):
    """Throws away what the keys speak of; the same shots that a rating would go to.

    The question before the trash is emptied is about the shots that it counted: it goes with their session,
    and when some of them are taken back.
    """

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        film: FilmstripModel,
        filmstrip: Filmstrip,
        viewing: Viewing,
        section: TrashSection,
        banner: Banner,
        spoken_of: Callable[[], tuple[Shot, ...]],
        session: Callable[[], Path | None],
        say_gone: Callable[[str, int], None],
        tell: Callable[[GroundglassError], None],
    ) -> None:
        """say_gone: says what can be taken back, and of how many things."""
        super().__init__()
        self._desk = desk
        self._bridge = bridge
        self._film = film
        self._filmstrip = filmstrip
        self._viewing = viewing
        self._section, self._banner = section, banner
        self._spoken_of, self._session, self._say_gone = spoken_of, session, say_gone
        self._tell = tell
        self._question: GroundglassError | None = None
        self._background = Background(1, "trash-count", bridge.call)
        section.restore.clicked.connect(lambda: self._watch(desk.trash.restore()))
        section.empty.clicked.connect(self._look_to_empty)
        self._count()

    def deeds(self) -> Deeds:
        return {ActionId.THROW_AWAY: self._throw_away}

    def take_event(self, event: Event) -> None:
        match event:
            case ShotsTrashed():
                self._take_away(event.numbers)
            case ShotsRestored():
                self._withdraw()
                self._bring_back(event.shots)
            case TrashChanged():
                self._section.show_count(event.count)
            case SessionOpened():
                self._withdraw()
                self._count()

    def close(self) -> None:
        self._background.close()

    def _count(self) -> None:
        self._background.run("count", lambda: self._desk.trash.count, self._section.show_count)

    def _throw_away(self) -> None:
        shots = self._spoken_of()
        if not shots:
            self._tell(UsageError("No picture is chosen.", "Choose one in the film, then press the key."))
            return
        # Numbers are a session's own: another one may be open by now.
        gone = self._desk.trash.throw_away([one.number for one in shots], self._session())
        self._bridge.watch(gone, self._say_thrown, self._tell)

    def _say_thrown(self, shots: tuple[Shot, ...]) -> None:
        if shots:
            what = shot_name(shots[0]) if len(shots) == 1 else counted(len(shots), "shot")
            self._say_gone(f"{what} in the trash", len(shots))

    def _look_to_empty(self) -> None:
        self._background.run("look", lambda: self._desk.trash.contents, self._ask_to_empty)

    def _ask_to_empty(self, contents: TrashContents | None) -> None:
        if contents is None or not contents.numbers:
            return
        what = counted(len(contents.numbers), "shot")
        self._question = UsageError(f"{what} will be deleted for good.", "Copies on the backup disk stay.")
        self._banner.tell(
            self._question,
            "Delete for good",
            lambda: self._watch(self._desk.trash.empty(contents)),
            is_small=True,
        )

    def _withdraw(self) -> None:
        """Take the question back: it does not hold any more."""
        if self._question is not None:
            self._banner.take_back(self._question)
        self._question = None

    def _watch(self, future: Future[Any]) -> None:
        self._bridge.watch(future, failed=self._tell)

    def _take_away(self, numbers: tuple[int, ...]) -> None:
        """Close the gap in the film; what was shown gives way to the next one that is left."""
        shown, gone = self._viewing.shot, frozenset(numbers)
        if shown is None or shown.number not in gone:
            self._film.remove(numbers)
            return
        following = self._film.next_left(shown, gone)
        self._film.remove(numbers)
        row = self._film.row_of(following.number) if following is not None else None
        if row is not None:
            self._filmstrip.choose_row(row)
        else:
            self._viewing.leave_shot()

    def _bring_back(self, shots: tuple[Shot, ...]) -> None:
        self._film.bring_back(shots)
        last = self._film.row_of(shots[-1].number) if shots else None
        if last is not None and not self._viewing.shows_live:
            self._filmstrip.choose_row(last)

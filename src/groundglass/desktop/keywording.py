"""Keywords for the chosen shots: typed in the right panel, written into sidecars as ratings are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.desk import Desk
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.soon import soon
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.desktop.widgets.keywords_section import KeywordsSection
from groundglass.errors import GroundglassError, UsageError
from groundglass.model.review import NOTHING_SAID, ReviewChange
from groundglass.model.shot import Shot
from groundglass.studio.events import Event, SessionOpened, ShotsReviewed
from groundglass.studio.next_frames import split_keywords


class Keywording(Part):
    """Keeps the field in line with what is chosen. User-interface thread."""

    def __init__(
        self,
        desk: Desk,
        film: FilmstripModel,
        filmstrip: Filmstrip,
        viewing: Viewing,
        fields: KeywordsSection,
        bring: Callable[[QWidget], None],
        shots: Callable[[], tuple[Shot, ...]],
        tell: Callable[[GroundglassError], None],
    ) -> None:
        """bring: shows a part of the section, whatever hides it.  shots: those that a key speaks of."""
        super().__init__(fields)
        self._desk, self._film, self._fields, self._bring = desk, film, fields, bring
        self._shots, self._tell = shots, tell
        self._numbers: tuple[int, ...] = ()  # of the shots whose keywords stand in the field
        self._shared: tuple[str, ...] = ()
        self._known: dict[str, None] = {}
        self._knows_all = False  # what was said before this window listened is asked for once
        fields.kept.connect(self._keep)
        self._show_soon = soon(self._show, self)
        viewing.changed.connect(self._show_soon)
        film.modelReset.connect(self._show_soon)
        filmstrip.selectionModel().selectionChanged.connect(self._show_soon)

    def deeds(self) -> Deeds:
        return {ActionId.KEYWORDS: self.go_there}

    def go_there(self) -> None:
        """Bring the keys into the field."""
        self._bring(self._fields.field)
        self._show()
        if not self._numbers:
            self._tell(UsageError("No picture is chosen.", "Choose one in the film, then press the key."))
        self._fields.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._fields.field.end(False)

    def take_event(self, event: Event) -> None:
        if isinstance(event, SessionOpened):
            self._known.clear()
            self._knows_all = False
        elif isinstance(event, ShotsReviewed):
            self._known |= {word: None for _, review in event.reviews for word in review.keywords}
            self._fields.show_known(self._known)
            self._show_soon()

    def _show(self) -> None:
        if self._fields.is_typed_in:
            return  # what is typed is for the shots that were chosen then
        self._numbers = tuple(shot.number for shot in self._shots())
        said = self._said()
        every = dict.fromkeys(word for words in said for word in words)
        self._shared = tuple(word for word in every if all(word in words for words in said))
        others = [word for word in every if word not in self._shared]
        self._fields.show_keywords(self._shared, others, len(self._numbers))
        if not self._knows_all:
            self._knows_all = True
            said_before = self._desk.reviews.all.values()
            self._known |= {word: None for review in said_before for word in review.keywords}
            self._fields.show_known(self._known)

    def _said(self) -> list[tuple[str, ...]]:
        """Return the keywords of each shot, asked for at once: 20,000 may be chosen."""
        every = self._desk.reviews.all
        return [every.get(number, NOTHING_SAID).keywords for number in self._numbers]

    def _keep(self, text: str) -> None:
        typed = split_keywords(text, (*self._known, *self._shared))
        change = ReviewChange(
            add_keywords=tuple(word for word in typed if word not in self._shared),
            remove_keywords=tuple(word for word in self._shared if word not in typed),
        )
        self._fields.field.setModified(False)
        if self._numbers and (change.add_keywords or change.remove_keywords):
            self._desk.reviews.change(self._numbers, change)
        self._show()

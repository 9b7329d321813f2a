"""Stars, labels and rejected: what the keys say of the shot that is shown, or of those selected."""

from __future__ import annotations

from collections.abc import Callable

from groundglass.desktop.actions import ActionId
from groundglass.desktop.desk import Desk
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.errors import GroundglassError, UsageError
from groundglass.model.review import (
    NOTHING_SAID,
    ColorLabel,
    Review,
    ReviewChange,
    labelling,
    rejecting,
)
from groundglass.model.shot import Shot
from groundglass.studio.events import Event, ShotsReviewed

_LABEL_KEYS = {
    ActionId.LABEL_RED: ColorLabel.RED,
    ActionId.LABEL_YELLOW: ColorLabel.YELLOW,
    ActionId.LABEL_GREEN: ColorLabel.GREEN,
    ActionId.LABEL_BLUE: ColorLabel.BLUE,
}
_STAR_KEYS = (
    ActionId.NO_STARS,
    ActionId.STAR_1,
    ActionId.STAR_2,
    ActionId.STAR_3,
    ActionId.STAR_4,
    ActionId.STAR_5,
)


class Reviewing(Part):
    """Passes on what is said of shots, and shows what is said of them now."""

    def __init__(
        self,
        desk: Desk,
        film: FilmstripModel,
        filmstrip: Filmstrip,
        viewing: Viewing,
        tell: Callable[[GroundglassError], None],
        framed: Callable[[], Shot | None],
    ) -> None:
        """`framed` gives the one of several compared pictures that the keys speak of."""
        super().__init__()
        self._framed = framed
        self._desk = desk
        self._film = film
        self._filmstrip = filmstrip
        self._viewing = viewing
        self._tell = tell
        viewing.changed.connect(self._show_marks)
        film.modelReset.connect(self._select_shown)

    def deeds(self) -> Deeds:
        stars = {key: self._rater(number) for number, key in enumerate(_STAR_KEYS)}
        labels = {key: self._labeller(label) for key, label in _LABEL_KEYS.items()}
        return {**stars, **labels, ActionId.REJECT: lambda: self._say(rejecting)}

    def take_event(self, event: Event) -> None:
        if isinstance(event, ShotsReviewed):
            self._film.take_reviews(event.reviews)
            self._show_marks()

    def shots(self) -> tuple[Shot, ...]:
        """Return the shots that a key speaks of: those selected, else the one that is shown."""
        framed = self._framed()
        if framed is not None:
            return (framed,)
        shown = self._viewing.shot
        if shown is None or self._filmstrip.selects_others_than(shown):
            return self._filmstrip.selected
        return (shown,)

    def fetch(self) -> None:
        """Take in all that is said of the session that was loaded."""
        known = self._desk.reviews.all
        if known:
            self._film.take_reviews(tuple(known.items()))
        self._show_marks()

    def _select_shown(self) -> None:
        """Mark the shown shot again in a film that was filtered or sorted anew."""
        if (shown := self._viewing.shot) is not None:
            self._filmstrip.select(shown)
            self._filmstrip.scrollTo(self._filmstrip.currentIndex())

    def _rater(self, stars: int) -> Callable[[], None]:
        return lambda: self._say(lambda _before: ReviewChange(rating=stars))

    def _labeller(self, label: ColorLabel) -> Callable[[], None]:
        return lambda: self._say(lambda before: labelling(before, label))

    def _say(self, change: Callable[[tuple[Review, ...]], ReviewChange]) -> None:
        numbers = [shot.number for shot in self.shots()]
        if not numbers:
            self._tell(UsageError("No picture is chosen.", "Choose one in the film, then press the key."))
            return
        every = self._desk.reviews.all
        before = tuple(every.get(number, NOTHING_SAID) for number in numbers)
        self._desk.reviews.change(numbers, change(before))

    def _show_marks(self) -> None:
        shown = self._viewing.shot
        self._viewing.show_marks(self._film.review_of(shown.number).marks if shown is not None else "")

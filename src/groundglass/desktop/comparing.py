"""Compare: two to four pictures over the one, until one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, Qt, Signal

from groundglass.desktop import pictures
from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.models.filmstrip_model import FilmRole, FilmstripModel, shot_name
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.turning import UPRIGHT, Turn
from groundglass.desktop.widgets.compare_view import MOST, CompareView
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.desktop.widgets.grid import Framing
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.desktop.widgets.picture_words import Notice
from groundglass.desktop.widgets.zoomed_picture import ZoomedPart
from groundglass.errors import GroundglassError, ImageError, UsageError
from groundglass.model.shot import Shot
from groundglass.studio.events import Event, SessionOpened, ShotsTrashed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from groundglass.imaging.decode import Picture


class _Pane(Struct, frozen=True, eq=False):
    """A picture for a pane. whole: only while it is zoomed; a few whole pictures would fill the memory."""

    fitted: NDArray[np.uint8]
    size: tuple[int, int]  # width and height before it was turned
    turn: Turn
    whole: Picture | None
    exposure: str  # in words; empty: the file tells none


class Comparing(Part):
    """Two to four selected pictures beside each other, under the keys of the one picture."""

    chosen = Signal(object)  # Shot: the one in the frame
    ended = Signal()

    def __init__(
        self,
        bridge: Bridge,
        film: FilmstripModel,
        filmstrip: Filmstrip,
        view: CompareView,
        session: Callable[[], Path | None],
        tell: Callable[[GroundglassError], None],
    ) -> None:
        super().__init__()
        self._film = film
        self._filmstrip = filmstrip
        self._view = view
        self._session = session
        self._tell = tell
        self._shots: tuple[Shot, ...] = ()
        self._exposures: dict[int, str] = {}  # by the number of the shot, as far as they are read
        self._left_out = 0  # so many are selected, and not compared
        self._turn, self._ground = UPRIGHT, 0
        self._background = Background(2, "compare", bridge.call)
        film.dataChanged.connect(self._caption)  # the film learns behind the parts what is said of a shot
        # A press on the film that chooses nothing selects otherwise all the same.
        filmstrip.pressed.connect(lambda _index: self.end())
        filmstrip.chosen.connect(lambda _shot: self.end())
        view.chosen.connect(self.choose)
        view.scaled.connect(self._scale)
        for number, pane in enumerate(view.panes):
            pane.size_changed.connect(lambda _w, _h, number=number: self._load(number))
            pane.part_wanted.connect(partial(self._make_part, number))
        parent = view.parentWidget()
        assert parent is not None
        self._place = parent
        parent.installEventFilter(self)

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Return what is compared, in the order of the panes; empty while nothing is."""
        return self._shots

    @property
    def shot(self) -> Shot | None:
        """Return the one in the frame; None while nothing is compared."""
        return self._shots[self._view.chosen_pane] if self._shots else None

    @property
    def framed_pane(self) -> PictureView | None:
        """Return what holds the one in the frame; None while nothing is compared."""
        return self._view.panes[self._view.chosen_pane] if self._shots else None

    def deeds(self) -> Deeds:
        return {ActionId.COMPARE: self.toggle}

    def take_event(self, event: Event) -> None:
        match event:
            case SessionOpened():
                self.end()
            case ShotsTrashed():
                self._take_away(event.numbers)

    def go_back(self) -> bool:
        if not self._shots:
            return False
        if self._view.panes[0].scale:
            self._scale(0)
        else:
            self.end()
        return True

    def close(self) -> None:
        self._background.close()

    def toggle(self) -> None:
        """Compare what is selected, of more than four those around the current one; or end that.

        One alone is compared with its neighbour.
        """
        if self._shots:
            self.end()
            return
        selected, current = self._filmstrip.selected, self._filmstrip.shot
        at = next((place for place, one in enumerate(selected) if one == current), 0)
        first = max(min(at - 1, len(selected) - MOST), 0)
        shots = selected[first : first + MOST]
        self._left_out = len(selected) - len(shots)
        if len(shots) == 1:
            row = self._film.row_of(shots[0].number) or 0
            beside = self._film.index(row - 1 if row else 1).data(FilmRole.SHOT)
            shots = (beside, *shots) if row and beside else (*shots, beside) if beside else shots
        if len(shots) < 2:
            self._tell(UsageError("There are no two pictures to compare.", "Select two to four in the film."))
            return
        self._view.open()
        self._lay_out(shots)
        self.choose(shots.index(current) if current in shots else 0)

    def end(self) -> bool:
        """Take the comparison off the picture; tell whether there was one."""
        if not self._shots:
            return False
        self._shots = ()
        self._exposures.clear()
        self._view.hide()
        for number in range(MOST):
            self._clear(number)
        self.ended.emit()
        return True

    def turn(self, turn: Turn, ground: int) -> None:
        """Turn all of them as the one picture is; ground: the grey around that, 0 to 255."""
        self._turn, self._ground = turn, ground
        for number, pane in enumerate(self._view.panes):
            pane.show_framing(Framing(turn=turn))
            self._load(number)

    def choose(self, pane: int) -> None:
        """Put the frame round a picture: keys speak of it from now on."""
        if 0 <= pane < len(self._shots):
            self._view.choose(pane)
            self._view.panes[pane].setFocus(Qt.FocusReason.OtherFocusReason)
            self._caption()
            self.chosen.emit(self._shots[pane])

    def step(self, by: int) -> None:
        """Choose the next or the previous one of them."""
        self.choose((self._view.chosen_pane + by) % len(self._shots))

    def cycle_zoom(self) -> None:
        self._scale((self._view.panes[0].scale + 1) % 3)

    def zoom(self, by: int) -> None:
        self._scale(min(max(self._view.panes[0].scale + by, 0), 2))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._place and event.type() == QEvent.Type.Resize and self._shots:
            self._view.setGeometry(self._place.rect())
        return False

    def _take_away(self, numbers: Sequence[int]) -> None:
        """Close up behind what went to the trash and frame the next one; a single one is shown alone."""
        left = tuple(one for one in self._shots if one.number not in numbers)
        if len(left) == len(self._shots):
            return
        behind = [one for one in self._shots[self._view.chosen_pane :] if one in left]
        if len(left) < 2:
            self.end()
            if left:
                self.chosen.emit(left[0])
            return
        self._lay_out(left)
        self.choose(left.index((*behind, left[-1])[0]))

    def _lay_out(self, shots: tuple[Shot, ...]) -> None:
        """Give each of these a pane; one that holds another picture lets go of it first."""
        before, self._shots = self._shots, shots
        for number in range(MOST):
            if before[number : number + 1] != shots[number : number + 1]:
                self._clear(number)
        self._view.show_count(len(shots))
        for number in range(len(shots)):
            self._load(number)

    def _clear(self, number: int) -> None:
        pane = self._view.panes[number]
        self._background.forget(("part", number))  # it holds a whole picture
        pane.show_notice(None)
        pane.show_image(None)
        pane.show_full(None)

    def _scale(self, scale: int) -> None:
        self._view.set_scale(scale)
        for number in range(len(self._shots)):
            self._load(number)

    def _load(self, number: int) -> None:
        session = self._session()
        if number >= len(self._shots) or session is None:
            return
        shot, pane = self._shots[number], self._view.panes[number]
        path = pictures.shown_path(session, shot)
        if path is None:
            pane.show_notice(Notice("No picture", "This file cannot be shown here."))
            return
        room, needs_whole = pane.device_size, pane.scale > 0 and not pane.has_whole
        turn, ground = self._turn, self._ground

        def read() -> _Pane:
            fitted, size = pictures.fitted_picture(path, (room.width(), room.height()), turn, ground)
            whole = pictures.all_pixels(path) if needs_whole else None
            try:
                exposure = pictures.details_of(path).exposure
            except ImageError:
                exposure = ""  # the picture counts
            return _Pane(fitted, size, turn, whole, exposure)

        def show(loaded: _Pane) -> None:
            if number < len(self._shots) and self._shots[number] == shot:
                pane.show_notice(None)
                pane.show_image(loaded.fitted, loaded.turn, loaded.size)
                if loaded.whole is not None:
                    pane.show_full(loaded.whole.image, loaded.whole.profile)
                elif not pane.scale:
                    pane.show_full(None)
                if self._exposures.get(shot.number) != loaded.exposure:
                    self._exposures[shot.number] = loaded.exposure
                    self._caption()

        def fail(error: GroundglassError) -> None:
            if number < len(self._shots) and self._shots[number] == shot:
                pane.show_image(None)
                pane.show_notice(Notice("No picture", error.message))

        self._background.run(number, read, show, fail)

    def _make_part(self, number: int, part: ZoomedPart) -> None:
        pane = self._view.panes[number]
        self._background.run(("part", number), part.make, lambda pixels: pane.show_part(part, pixels))

    def _caption(self) -> None:
        count = f"{len(self._shots)} of {len(self._shots) + self._left_out:,} selected"
        for number, shot in enumerate(self._shots):
            is_told = self._left_out and number == self._view.chosen_pane
            marks, exposure = self._film.review_of(shot.number).marks, self._exposures.get(shot.number, "")
            words = (shot_name(shot), marks, exposure, count if is_told else "")
            self._view.panes[number].show_caption("   ".join(one for one in words if one))

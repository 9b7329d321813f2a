"""Which shot is shown: the newest as it comes, the one that was chosen, or the live picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from groundglass.desktop.actions import ActionId
from groundglass.desktop.comparing import Comparing
from groundglass.desktop.holding import Holding
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.raw_headroom import RawHeadroom
from groundglass.desktop.session_film import SessionFilm
from groundglass.desktop.soon import soon
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.desktop.widgets.light_table import LightTable
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.model.camera import CameraStatus
from groundglass.model.shot import Shot
from groundglass.studio.events import Event, SessionOpened, ShotStored


class Following(Part):
    """Keeps the film, the picture and the RAW histogram on one shot. User-interface thread."""

    def __init__(
        self,
        session: SessionFilm,
        film: FilmstripModel,
        filmstrip: Filmstrip,
        light_table: LightTable,
        viewing: Viewing,
        picture: PictureView,
        headroom: RawHeadroom,
        comparing: Comparing,
        holding: Holding,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._film, self._filmstrip = session, film, filmstrip
        self._viewing, self._picture, self._headroom = viewing, picture, headroom
        self._comparing, self._holding = comparing, holding
        self._status = CameraStatus()
        self._look_around_soon = soon(self._look_around, self)
        filmstrip.chosen.connect(self._show)
        light_table.chosen.connect(self._show)
        viewing.changed.connect(self._follow_picture)
        session.loaded.connect(self._show_newest_if_followed)
        comparing.chosen.connect(self._show_framed)
        holding.released.connect(self._show_newest)

    def deeds(self) -> Deeds:
        return {
            ActionId.PREVIOUS: lambda: self._step(-1),
            ActionId.NEXT: lambda: self._step(1),
            ActionId.PREVIOUS_ALWAYS: lambda: self._step(-1),
            ActionId.NEXT_ALWAYS: lambda: self._step(1),
            ActionId.FIRST: self._show_first,
            ActionId.NEWEST: self._show_newest,
            ActionId.ZOOM: lambda: self._zoomed().cycle_zoom(),
            ActionId.ZOOM_IN: lambda: self._zoomed().zoom(1),
            ActionId.ZOOM_OUT: lambda: self._zoomed().zoom(-1),
        }

    def take_event(self, event: Event) -> None:
        match event:
            case ShotStored():
                self._session.put(event.shot, is_complete=event.is_complete)
                if self._viewing.shot is not None and self._viewing.shot.number == event.shot.number:
                    self._show(event.shot)  # one more file of it: the RAW behind its JPEG
                self._show_newest_if_followed()
            case SessionOpened():
                if Path(event.path) != self._session.path:
                    self._filmstrip.follow()
                    self._viewing.leave_session()
                    self._session.begin(Path(event.path))
                self._session.fetch()

    def show_status(self, status: CameraStatus) -> None:
        before, self._status = self._status, status
        if before.is_live_wanted and self._viewing.is_empty:
            self._show_newest_if_followed()
        if status.info != before.info:
            self._session.fetch_facts()

    def go_on(self) -> None:
        """Go back to the live picture, or to the newest shot if there is none."""
        if self._status.is_live_wanted:
            self._viewing.show_live()
        else:
            self._filmstrip.follow()
            self._show_newest_if_followed()

    def _show(self, shot: Shot) -> None:
        if self._session.path is not None:
            self._viewing.show_shot(self._session.path, shot)
            self._look_around_soon()

    def _show_newest_if_followed(self) -> None:
        """Show a picture that has just come, unless the live picture or an older one is looked at."""
        newest = self._film.newest
        is_free = self._filmstrip.follows and not self._holding.is_held and not self._comparing.shots
        if newest is None or self._viewing.shows_live:
            return
        if is_free:
            self._filmstrip.select_newest()
        if is_free or self._viewing.is_empty:
            self._show(newest)

    def _show_first(self) -> None:
        """Choose what the film begins with."""
        self._comparing.end()
        self._filmstrip.choose_row(0)

    def _show_newest(self) -> None:
        """Choose the newest picture, and follow from now on."""
        self._comparing.end()
        self._holding.release()
        self._filmstrip.choose_newest()

    def _show_framed(self, shot: Shot) -> None:
        """Show the picture in the frame of the comparison below it, with its histogram."""
        self._filmstrip.select(shot)
        self._show(shot)

    def _follow_picture(self) -> None:
        shot = self._viewing.shot
        if shot is None or not self._filmstrip.has_several or self._filmstrip.is_selected(shot):
            self._filmstrip.select(shot)  # else it came while others are selected, and they stay so
        if shot is None:
            self._filmstrip.follow()
        if self._viewing.shows_live:
            self._comparing.end()  # keys would speak of a picture while the live one is wanted
        if shot is None:
            self._look_around()  # at once: no RAW stands beside a picture that has none
        else:
            self._look_around_soon()

    def _look_around(self) -> None:
        """Measure the RAW of the shot that is shown, and read what lies beside it."""
        path, shot = self._session.path, self._viewing.shot
        self._headroom.show(path, shot)
        if path is not None and shot is not None:
            self._viewing.read_ahead(path, self._film.neighbours(shot))

    def _step(self, by: int) -> None:
        if self._comparing.shots:
            self._comparing.step(by)
        else:
            self._filmstrip.step(by)

    def _zoomed(self) -> PictureView | Comparing:
        return self._comparing if self._comparing.shots else self._picture

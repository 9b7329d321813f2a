"""Brings the details of the shown picture into their section, read on a thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from groundglass.desktop import pictures
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.part import Part
from groundglass.desktop.soon import soon
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.details_section import DetailsSection
from groundglass.model.details import CaptureDetails
from groundglass.model.places import Place
from groundglass.model.shot import Shot
from groundglass.model.words import size_words, with_minus
from groundglass.studio.events import BackupChanged, CardChanged, Event, ShotsReviewed, ShotStored


class Detailing(Part):
    """Tells of one shot at a time: names and places at once, what is in the file as it is read.

    Its exposure stands under the picture too, where the dials beside it are the camera's.
    """

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        film: FilmstripModel,
        viewing: Viewing,
        section: DetailsSection,
        session: Callable[[], Path | None],
    ) -> None:
        super().__init__(section)
        self._desk = desk
        self._film = film
        self._viewing = viewing
        self._section = section
        self._session = session
        self._read: tuple[Shot, CaptureDetails] | None = None
        self._background = Background(1, "details", bridge.call)
        self._follow_soon, self._show_soon = soon(self._follow, self), soon(self._show, self)
        viewing.changed.connect(self._unsay)
        viewing.changed.connect(self._follow_soon)

    def take_event(self, event: Event) -> None:
        if isinstance(event, ShotStored):
            self._follow_soon()
        elif isinstance(event, ShotsReviewed | BackupChanged | CardChanged):
            self._show_soon()

    def close(self) -> None:
        self._background.close()

    def _unsay(self) -> None:
        """Take back at once what was said of another shot; the rest may take its turn."""
        if self._read is not None and self._read[0] != self._viewing.shot:
            self._viewing.show_news("", "exposure")

    def _follow(self) -> None:
        shot, session = self._viewing.shot, self._session()
        self._show()
        if shot is None or session is None or (self._read is not None and self._read[0] == shot):
            return
        path = pictures.shown_path(session, shot)
        if path is None:
            return

        def take(details: CaptureDetails) -> None:
            if self._viewing.shot == shot:
                self._read = (shot, details)
                self._show()

        self._background.run("details", lambda: pictures.details_of(path), take)

    def _show(self) -> None:
        shot = self._viewing.shot
        is_read = self._read is not None and self._read[0] == shot
        read = self._read[1] if self._read is not None and is_read else CaptureDetails()
        self._viewing.show_news(read.exposure, "exposure")
        if shot is None:
            self._section.show_details({})
            return
        size = sum(one.size_bytes for one in shot.files)
        lives = self._desk.places(shot)
        self._section.show_details(
            {
                "Files": ", ".join(PurePosixPath(one.path).name for one in shot.files),
                "Size": size_words(size),
                "Taken": read.taken_at or f"{shot.taken_at.astimezone():%Y-%m-%d %H:%M:%S}",
                "Camera": read.camera or shot.camera,
                "Lens": read.lens or read.focal_label,
                "Shutter": read.shutter.label if read.shutter else "",
                "Aperture": read.aperture.label if read.aperture else "",
                "ISO": str(read.iso.speed) if read.iso else "",
                "Comp.": with_minus(read.compensation.label) if read.compensation else "",
                "Kelvin": read.temperature.label if read.temperature else "",
                "Said": self._film.review_of(shot.number).words,
                "Lives on": ", ".join(one for one in Place if one in lives),
            }
        )

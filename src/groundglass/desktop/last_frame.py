"""The last frame in the corner of the live picture, to match the next one to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from groundglass.desktop import pictures
from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.models.filmstrip_model import FilmstripModel, shot_name
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.turning import UPRIGHT, Turn
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.inset import Inset
from groundglass.errors import GroundglassError
from groundglass.studio.events import Event, ShotsRestored, ShotStored, ShotsTrashed

_NONE_YET = "No frame yet"


class LastFrame(Part):
    """Keeps the inset on the newest shot while the live picture is shown. User-interface thread."""

    def __init__(
        self,
        bridge: Bridge,
        film: FilmstripModel,
        session: Callable[[], Path | None],
        viewing: Viewing,
        inset: Inset,
    ) -> None:
        super().__init__(inset)
        self._film, self._session, self._viewing, self._inset = film, session, viewing, inset
        self._is_wanted = False
        self._turn, self._ground = UPRIGHT, 0
        self._background = Background(1, "last-frame", bridge.call)
        viewing.changed.connect(self._show_if_live)
        film.modelReset.connect(self._load)
        inset.size_changed.connect(self._load)

    @property
    def is_wanted(self) -> bool:
        return self._is_wanted

    def deeds(self) -> Deeds:
        return {ActionId.LAST_FRAME: lambda: self.show(not self._is_wanted)}

    def take_event(self, event: Event) -> None:
        if isinstance(event, (ShotStored, ShotsTrashed, ShotsRestored)):
            # The film takes it in behind the parts.
            self._background.run("wait", lambda: None, lambda _: self._load())

    def close(self) -> None:
        self._background.close()

    def show(self, is_wanted: bool) -> None:
        """Show the last frame in the corner of the live picture, or no more."""
        self._is_wanted = is_wanted
        self._load()
        self._show_if_live()

    def turn(self, turn: Turn, ground: int) -> None:
        """Turn it as the live picture is; ground: the grey around that, 0 to 255."""
        self._turn, self._ground = turn, ground
        self._load()

    def _show_if_live(self) -> None:
        self._inset.setVisible(self._is_wanted and self._viewing.shows_live)
        self._inset.raise_()

    def _load(self) -> None:
        if not self._is_wanted:
            return
        shot, session = self._film.newest, self._session()
        turn, ground = self._turn, self._ground
        path = pictures.shown_path(session, shot) if shot is not None and session is not None else None
        if shot is None:
            self._inset.show_picture(None, _NONE_YET)
            return
        name, size = f"Last frame: {shot_name(shot)}", self._inset.device_size
        if path is None:
            self._inset.show_picture(None, name)
            return

        def fail(_error: GroundglassError) -> None:
            self._inset.show_picture(None, f"{name}, cannot be shown")

        self._background.run(
            "picture",
            lambda: pictures.small_shown(path, size.width(), size.height(), turn, ground),
            lambda pixels: self._inset.show_picture(pixels, name),
            fail,
        )

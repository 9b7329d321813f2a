"""The open session beside the picture: its shots, their thumbnails, its name and the room on its disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from groundglass.desktop import pictures
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.models.thumbnails import Thumbnail
from groundglass.model.shot import Shot

_FACTS_EVERY_MS = 5000
_THUMBNAIL = "thumbnail"


class SessionFacts(Struct, frozen=True):
    """What is said about the session. The studio may touch the disk for it."""

    path: Path | None
    next_name: str
    disk_free_bytes: int | None


class SessionFilm(QObject):
    """Fills the filmstrip away from the user-interface thread."""

    facts_changed = Signal(object)  # SessionFacts
    loaded = Signal()  # the shots of the session are there

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        film: FilmstripModel,
        ratio: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        """`ratio` gives how many pixels of the screen there are to one of the window's."""
        super().__init__(parent)
        self._desk = desk
        self._film = film
        self._ratio = ratio
        self._path: Path | None = None
        self._background = Background(2, "desk", bridge.call)
        self._timer = QTimer(self)
        self._timer.setInterval(_FACTS_EVERY_MS)
        self._timer.timeout.connect(self.fetch_facts)
        self._fetches = 0
        self._came: set[int] = set()  # numbers of the shots put since the last of them
        self._wanted: list[Shot] = []
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(0)
        self._asking.timeout.connect(self._fetch_thumbnails)
        film.thumbnail_wanted.connect(self._want_thumbnail)

    @property
    def path(self) -> Path | None:
        return self._path

    def start(self) -> None:
        """Fetch what there is, and look at the disk from time to time."""
        self.fetch()
        self._timer.start()

    def begin(self, path: Path) -> None:
        """Show nothing of the session before any more: what is said of a shot now is said in this one."""
        self._take_shots(path, ())

    def fetch(self) -> None:
        """Fetch the shots of the session that is open now."""
        self._fetches += 1
        self._came.clear()
        number = self._fetches

        def take(found: tuple[Path | None, tuple[Shot, ...]]) -> None:
            if number == self._fetches:  # else what was asked later is on its way
                path, shots = found
                self._take_shots(path, self._with_those_that_came(shots))
                self.loaded.emit()

        self._background.run("shots", lambda: (self._desk.session_path, self._desk.shots), take)
        self.fetch_facts()

    def fetch_facts(self) -> None:
        def ask() -> SessionFacts:
            desk = self._desk
            return SessionFacts(desk.session_path, desk.next_name, desk.disk_free_bytes)

        self._background.run("facts", ask, self.facts_changed.emit)

    def put(self, shot: Shot, *, is_complete: bool) -> None:
        """Take in a shot of which a file was stored."""
        if self._path is None:
            self._path = self._desk.session_path
        self._came.add(shot.number)
        self._film.put(shot, is_complete=is_complete)
        self.fetch_facts()

    def close(self) -> None:
        self._timer.stop()
        self._asking.stop()
        self._background.close()

    def _with_those_that_came(self, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
        """Return the shots that were fetched, and what came and is still there since they were asked for."""
        since = {one.number: one for one in self._film.all_shots if one.number in self._came}
        if not since:  # 20,000 are not sorted for nothing
            return shots
        every = {one.number: one for one in shots} | since
        return tuple(every[number] for number in sorted(every))

    def _take_shots(self, path: Path | None, shots: tuple[Shot, ...]) -> None:
        self._path = path
        # Its shots may bear the numbers of those before.
        self._wanted.clear()
        self._background.forget_where(_is_thumbnail)
        self._film.show_shots(shots)

    def _want_thumbnail(self, shot: Shot) -> None:
        # Not within the paint that asks: a thread that is woken takes the interpreter from it.
        self._wanted.append(shot)
        if not self._asking.isActive():
            self._asking.start()

    def _fetch_thumbnails(self) -> None:
        wanted, self._wanted = self._wanted, []
        for shot in reversed(wanted):  # the newest job runs first, and the first cell shall be it
            self._fetch_thumbnail(shot)

    def _fetch_thumbnail(self, shot: Shot) -> None:
        path, sizes, ratio = self._path, self._film.sizes, self._ratio()
        if path is None:
            return

        def take(found: Thumbnail | None) -> None:
            # Else it is asked for anew, if it is of this session at all.
            if (path, sizes, ratio) == (self._path, self._film.sizes, self._ratio()):
                self._film.take_thumbnail(shot.number, found)

        self._background.run(
            (_THUMBNAIL, shot.number),
            lambda: pictures.thumbnail_of(path, shot, sizes, ratio),
            take,
            lambda _: take(None),
        )


def _is_thumbnail(key: object) -> bool:
    return isinstance(key, tuple) and key[0] == _THUMBNAIL

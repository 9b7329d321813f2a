"""Sessions as the photographer handles them: begin, open, go back, and name what comes next."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from groundglass.errors import NoSessionError, SessionError, UsageError
from groundglass.model.camera import CameraState
from groundglass.model.naming import NamingTemplate
from groundglass.session.store import SessionStore
from groundglass.studio import preferences
from groundglass.studio.events import Event, NamesChanged
from groundglass.studio.jobs import Jobs
from groundglass.studio.known_sessions import KnownSessions

if TYPE_CHECKING:
    from groundglass.studio.studio import Studio

_MOST_RECENT = 12
_SAME_SHOOT = timedelta(hours=4)  # one that goes on past midnight
_BUSY = (CameraState.EXPOSING, CameraState.TRANSFERRING)


@dataclass(frozen=True, slots=True)
class Naming:
    """How the next picture is called, and what the name is made of."""

    template: str
    subject: str
    next_number: int
    next_name: str


def rename(store: SessionStore, template: str | None, subject: str | None, next_number: int | None) -> None:
    """Name the next pictures of an open session otherwise; see Sessions.rename. Blocks on the disk."""
    if template is not None and template != store.template.text:
        store.template = NamingTemplate.parse(template)
    if next_number is not None and next_number != store.next_number:
        store.count_from(next_number)
    if subject is not None and subject.strip() != store.subject:
        store.subject = subject.strip()


class Sessions:
    """Any thread may call; what touches the disk gives a Future, of one thread of its own."""

    def __init__(
        self,
        studio: Studio,
        store: Callable[[], SessionStore | None],
        announce: Callable[[Event], None],
        known: KnownSessions,
    ) -> None:
        self._studio = studio
        self._known = known
        self._store = store
        self._announce = announce
        self.is_remembered = True  # what was open, for the next start and for others; not so in a demo
        self._jobs = Jobs("sessions")

    @property
    def recent(self) -> tuple[Path, ...]:
        """Return the sessions that were open last, the newest first; some may be gone."""
        return tuple(Path(one) for one in self._studio.chosen.now.recent_sessions)

    def others(self) -> tuple[Path, ...]:
        """Return the sessions that may have pictures of a card: the recent, and what any program opened.

        Some may be gone, and the open one is among them.  Touches the disk.
        """
        return tuple(dict.fromkeys((*self.recent, *self._known.all())))

    def note(self, path: Path) -> None:
        """Let the other sessions know of this one, and no start follow it; touches the disk."""
        self._known.note(path.absolute())

    @property
    def folder(self) -> Path:
        """Return where new sessions begin: beside the open one, else the preferred folder."""
        path = self._studio.session_path
        return path.parent if path is not None else preferences.sessions_folder(self._studio.chosen.now)

    def to_go_on(self, now: datetime) -> Path | None:
        """Return the session that was open last, if that was today or some hours ago; None: a new one is due.

        now: in local time.  Touches the disk.
        """
        for path in self.recent[:1]:
            used_at = SessionStore.used_at(path)
            if used_at is not None and (used_at.date() == now.date() or now - used_at <= _SAME_SHOOT):
                return path
        return None

    def open(self, path: Path) -> Future[Path]:
        """Open the session in a folder.

        The Future fails with NoSessionError if none was begun there, and a recent one is forgotten then; with
        SessionError if it cannot be opened.
        """
        return self._jobs.submit(self._open, path)

    def open_or_begin(self, path: Path, template: str | None = None) -> Future[Path]:
        """Open the session in this very folder, or begin one there.

        The Future fails with SessionError or TemplateError.
        """
        return self._jobs.submit(self._open_or_begin, path, template)

    def begin(self, name: str, folder: Path | None = None) -> Future[Path]:
        """Begin a session of this name in a folder; the Future fails with SessionError if it is there."""
        return self._jobs.submit(self._begin, name, folder or self.folder)

    def naming(self) -> Future[Naming | None]:
        """Tell how the next picture is called; None without a session."""
        return self._jobs.submit(self._naming)

    def preview(self, template: str, subject: str = "", next_number: int | None = None) -> Future[str]:
        """Tell what the next picture would be called; the Future fails with TemplateError."""
        return self._jobs.submit(self._preview, template, subject, next_number)

    def rename(
        self, *, template: str | None = None, subject: str | None = None, next_number: int | None = None
    ) -> Future[Naming]:
        """Name the next pictures otherwise; what is None stays.

        The Future fails with TemplateError, with SessionError for a number that was given before.
        """
        return self._jobs.submit(self._rename, template, subject, next_number)

    def close(self, limit_s: float) -> bool:
        """Tell whether what was asked for was done in this time."""
        return self._jobs.close(limit_s)

    def _open(self, path: Path) -> Path:
        path = path.expanduser().absolute()
        if not SessionStore.is_at(path):
            raise self._none_at(path)
        return self._open_or_begin(path, None)

    def _none_at(self, path: Path) -> NoSessionError:
        recent = self._studio.chosen.now.recent_sessions
        if str(path) not in recent:
            return NoSessionError(
                f"There is no session in the folder “{path.name}”.",
                "Choose a session's own folder, or begin one here.",
            )
        self._remember(tuple(one for one in recent if one != str(path)))
        return NoSessionError(
            f"The session “{path.name}” is not there any more.",
            "It was moved, renamed or deleted, or its disk is away.",
        )

    def _open_or_begin(self, path: Path, template: str | None) -> Path:
        if self._studio.status.state in _BUSY or self._studio.is_fetching:
            raise SessionError("A picture is on its way into this session.", "Wait until it is stored.")
        path = path.expanduser().absolute()
        if path != self._studio.session_path:
            self._studio.open_session(path, template)
        if self.is_remembered:
            self.note(path)
        others = [one for one in self._studio.chosen.now.recent_sessions if one != str(path)]
        self._remember((str(path), *others)[:_MOST_RECENT])
        return path

    def _remember(self, recent: tuple[str, ...]) -> None:
        if self.is_remembered:
            self._studio.chosen.change(recent_sessions=recent)
        else:
            self._studio.chosen.hold(recent_sessions=recent)

    def _begin(self, name: str, folder: Path) -> Path:
        name = name.strip()
        if not name or name != Path(name).name or name.startswith("."):
            raise UsageError(f"“{name}” is no name for a session.", "Use letters, digits, spaces, - and _.")
        path = folder / name
        if SessionStore.is_at(path):
            raise SessionError(
                f"There is a session “{name}” in {folder}.", "Open it, or choose another name."
            )
        return self._open_or_begin(path, None)

    def _naming(self) -> Naming | None:
        store = self._store()
        if store is None:
            return None
        return Naming(store.template.text, store.subject, store.next_number, self._studio.next_name)

    def _preview(self, template: str, subject: str, next_number: int | None) -> str:
        parsed, info = NamingTemplate.parse(template), self._studio.status.info
        return self._need().next_stem(
            datetime.now().astimezone(),
            camera=info.model if info else "",
            serial=info.serial if info else "",
            template=parsed,
            subject=subject,
            number=next_number,
        )

    def _rename(self, template: str | None, subject: str | None, next_number: int | None) -> Naming:
        rename(self._need(), template, subject, next_number)
        self._announce(NamesChanged())
        told = self._naming()
        assert told is not None
        return told

    def _need(self) -> SessionStore:
        store = self._store()
        if store is None:
            raise SessionError("No session is open.", "Open a session folder first.")
        return store

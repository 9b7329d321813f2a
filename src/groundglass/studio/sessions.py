"""Sessions as the photographer handles them: begin, open, go back, and name what comes next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from groundglass.errors import GroundglassError, NoOpenSessionError, NoSessionError, SessionError, UsageError
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
_SLOW_S = 0.5  # whoever wishes another session then does not wait for this one's disk


class Naming(Struct, frozen=True):
    """How the next picture is called, and what the name is made of."""

    template: str
    subject: str
    next_number: int
    next_name: str


class _Wish:
    """One wish for a session, until its disk has answered, or a wish for another overtakes it."""

    def __init__(self) -> None:
        self.asked_at, self._since = datetime.now().astimezone(), time.monotonic()
        self.path: Path | None = None  # whose disk has not answered yet
        self.is_dropped = False

    @property
    def is_slow(self) -> bool:
        return time.monotonic() - self._since > _SLOW_S


def rename(store: SessionStore, template: str | None, subject: str | None, next_number: int | None) -> None:
    """Name the next pictures of an open session otherwise; see Sessions.rename. Blocks on the disk."""
    if template is not None and template != store.template.text:
        store.template = NamingTemplate.parse(template)
    if next_number is not None and next_number != store.next_number:
        store.count_from(next_number)
    if subject is not None and subject.strip() != store.subject:
        store.subject = subject.strip()


class Sessions:
    """Any thread may call; what touches the disk gives a Future, of one thread of its own.

    A disk that hangs keeps no other session from being opened: the wish for that overtakes. The Future of the
    one before ends with CancelledError if its disk answers after all.
    """

    def __init__(
        self,
        studio: Studio,
        store: Callable[[], SessionStore | None],
        announce: Callable[[Event], None],
        known: KnownSessions,
        lacks: Callable[[datetime], None],
    ) -> None:
        """lacks: told since when pictures are wanted, if a session's disk holds that up."""
        self._studio = studio
        self._lacks = lacks
        self._known = known
        self._store = store
        self._announce = announce
        self.is_remembered = True  # what was open, for the next start and for others; not so in a demo
        self._jobs = Jobs("sessions")
        self._lock = threading.Lock()
        self._waits: _Wish | None = None

    @property
    def awaited(self) -> Path | None:
        """Return the session that is to be opened and whose disk has not answered yet."""
        waits = self._waits
        return waits.path if waits is not None else None

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
        return self._wish(path, lambda wish: self._open(wish, path))

    def open_or_begin(self, path: Path, template: str | None = None) -> Future[Path]:
        """Open the session in this very folder, or begin one there.

        The Future fails with SessionError or TemplateError.
        """
        return self._wish(path, lambda wish: self._open_or_begin(wish, path, template))

    def go_on(self, template: str | None = None) -> Future[Path]:
        """Open the session of a start that names none: as preferred, else `to_go_on`, else one for the day.

        The Future fails with SessionError or TemplateError.
        """
        return self._wish(None, lambda wish: self._go_on(wish, template))

    def begin(self, name: str, folder: Path | None = None) -> Future[Path]:
        """Begin a session of this name in a folder; the Future fails with SessionError if it is there."""
        folder = folder or self.folder
        return self._wish(folder / name.strip(), lambda wish: self._begin(wish, name, folder))

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
        """Tell whether what was asked for was done in this time; a disk that hangs is left at once."""
        if not self._jobs.close(min(limit_s, _SLOW_S)):
            self._drop(None)
        return self._jobs.close(limit_s)

    def _wish(self, path: Path | None, work: Callable[[_Wish], Path]) -> Future[Path]:
        def fulfil() -> Path:
            wish = _Wish()
            with self._lock:
                self._waits = wish
            try:
                return work(wish)
            except GroundglassError:
                if wish.is_dropped:
                    raise CancelledError from None
                raise
            finally:
                with self._lock:
                    self._waits = None if self._waits is wish else self._waits

        self._drop(_whole(path) if path is not None else None)
        return self._jobs.submit(fulfil)

    def _drop(self, path: Path | None) -> None:
        """Wait no more for another session than this, if its disk does not answer."""
        with self._lock:
            waits = self._waits
            if waits is None or not waits.is_slow or path == waits.path:
                return
            waits.is_dropped, self._waits = True, None
            self._lacks(waits.asked_at)
            self._jobs.leave_running()

    def _wait_for(self, wish: _Wish, path: Path) -> None:
        with self._lock:
            if wish.is_dropped:
                raise CancelledError
            wish.path = path

    def _is_wanted(self, wish: _Wish) -> bool:
        """Tell whether a session whose disk has answered is to be opened; nothing overtakes it then."""
        with self._lock:
            if wish.is_dropped:
                return False
            self._waits = None
        if wish.is_slow:  # the camera was at work meanwhile
            self._lacks(wish.asked_at)
        return True

    def _open(self, wish: _Wish, path: Path) -> Path:
        path = _whole(path)
        self._wait_for(wish, path)
        if not SessionStore.is_at(path):
            raise self._none_at(path)
        return self._open_or_begin(wish, path, None)

    def _go_on(self, wish: _Wish, template: str | None) -> Path:
        chosen = self._studio.chosen.now
        if chosen.session:
            return self._open_or_begin(wish, Path(chosen.session), template)
        for last in self.recent[:1]:
            self._wait_for(wish, last)
        path = self.to_go_on(datetime.now().astimezone())
        if path is None:
            path = preferences.default_session(date.today().isoformat(), chosen)
        return self._open_or_begin(wish, path, template)

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

    def _open_or_begin(self, wish: _Wish, path: Path, template: str | None) -> Path:
        is_busy = self._studio.status.state in _BUSY or self._studio.is_fetching
        if is_busy and self._studio.session_path is not None:
            raise SessionError("A picture is on its way into this session.", "Wait until it is stored.")
        path = _whole(path)
        self._wait_for(wish, path)
        if path != self._studio.session_path:
            self._studio.open_session(path, template, lambda: self._is_wanted(wish))
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

    def _begin(self, wish: _Wish, name: str, folder: Path) -> Path:
        name = name.strip()
        if not name or name != Path(name).name or name.startswith("."):
            raise UsageError(f"“{name}” is no name for a session.", "Use letters, digits, spaces, - and _.")
        path = _whole(folder / name)
        self._wait_for(wish, path)
        if SessionStore.is_at(path):
            raise SessionError(
                f"There is a session “{name}” in {folder}.", "Open it, or choose another name."
            )
        return self._open_or_begin(wish, path, None)

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
            raise NoOpenSessionError
        return store


def _whole(path: Path) -> Path:
    return path.expanduser().absolute()

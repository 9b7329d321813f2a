"""The session by hand: begin, open, go back to one, name what comes next, say what goes with it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.paths import nearest_folder, with_home
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.new_session import NewSession
from groundglass.desktop.widgets.next_frames_section import NextFramesSection
from groundglass.desktop.widgets.session_section import SessionSection
from groundglass.errors import GroundglassError, NoSessionError, SessionError, UsageError
from groundglass.model.shot import ManualLens
from groundglass.studio.events import Event, NamesChanged, SessionOpened, ShotStored
from groundglass.studio.sessions import Naming

_SILENT_MS = 1500  # a slow disk has opened a large session by then


class SessionKeeping(Part):
    """Fills the sections "Session" and "Next frames". User-interface thread.

    offer_folder: says why no session is opened, and offers another; take_back: ends that.
    """

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        section: SessionSection,
        next_frames: NextFramesSection,
        theme: Theme,
        tell: Callable[[GroundglassError], None],
        tell_with: Callable[[GroundglassError, str, Callable[[], None]], None],
        offer_folder: Callable[[SessionError], None],
        take_back: Callable[[GroundglassError], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._desk, self._bridge = desk, bridge
        self._tell, self._tell_with, self._offer_folder = tell, tell_with, offer_folder
        self._take_back = take_back
        self._silent: SessionError | None = None  # of a disk that does not answer
        self._section, self._next_frames = section, next_frames
        self._theme, self._window = theme, window
        self.new: NewSession | None = None
        self.chooser: QFileDialog | None = None
        self.menu: QMenu | None = None
        section.new_wanted.connect(self.ask_for_name)
        section.open_wanted.connect(self.ask_for_folder)
        section.recent_wanted.connect(self.show_recent)
        section.typed.connect(self._preview)
        section.named.connect(self._rename)
        next_frames.kept.connect(self._say_of_next)
        next_frames.show_chosen(desk.chosen.now)
        self._show_session()

    def deeds(self) -> Deeds:
        return {
            ActionId.NEW_SESSION: self.ask_for_name,
            ActionId.OPEN_SESSION: self.ask_for_folder,
            ActionId.RECENT_SESSIONS: self.show_recent,
        }

    def take_event(self, event: Event) -> None:
        match event:
            case SessionOpened():
                self._show_session()
            case NamesChanged() | ShotStored(is_complete=True):
                self._fetch_naming()

    def ask_for_name(self, *, is_first: bool = False) -> None:
        """Ask how a new session is called. is_first: no session was ever begun here."""
        folder = self._desk.sessions.folder
        self.new = NewSession(date.today().isoformat(), folder, self._theme, self._window, is_first=is_first)
        self.new.wanted.connect(self._begin)
        self.new.open()

    def ask_for_folder(self) -> None:
        """Ask which session to open."""
        begun = nearest_folder(self._desk.sessions.folder)  # else it begins anywhere
        chooser = QFileDialog(self._window, "Open a session", str(begun))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.fileSelected.connect(lambda path: self._open_chosen(Path(path)))
        self.chooser = chooser
        chooser.open()

    def ask_instead(self, unanswered: Callable[[], None]) -> None:
        """Ask for another folder than the one that was refused.  unanswered: none was chosen."""
        self.ask_for_folder()
        if self.chooser is not None:
            self.chooser.rejected.connect(unanswered)

    def watch_opening(
        self,
        opening: Future[Path],
        done: Callable[[Path], None] | None = None,
        failed: Callable[[GroundglassError], None] | None = None,
        silent: Callable[[SessionError], None] | None = None,
    ) -> None:
        """Hand on what became of a wish for a session; silent: told if its disk does not answer."""
        self._forget_silent()  # that one is wished no more

        def look() -> None:
            path = self._desk.sessions.awaited
            if path is not None and not opening.done():
                self._silent = SessionError(
                    f"The disk of the session {with_home(path)} does not answer.",
                    "It is opened as soon as it does, unless you choose another.",
                )
                (silent or self._offer_folder)(self._silent)

        def refused(error: GroundglassError) -> None:
            self._forget_silent()
            (failed or self._tell)(error)

        self._bridge.watch(opening, done, refused)
        QTimer.singleShot(_SILENT_MS, self, look)

    def show_recent(self) -> None:
        """Offer the sessions that were open last, under the button."""
        self.menu = menu = QMenu(self._window)
        menu.setAccessibleName("Recent sessions")
        now = self._desk.session_path
        for number, path in enumerate((one for one in self._desk.sessions.recent if one != now), 1):
            name, folder = (text.replace("&", "&&") for text in (path.name, with_home(path.parent)))
            # Behind the tab stands what a menu has in a column of its own.
            menu.addAction(f"&{number}   {name}\t{folder}", partial(self._open_recent, path))
        if menu.isEmpty():
            menu.addAction("No other session yet").setEnabled(False)
        button = self._section.recent
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def close(self) -> None:
        for shown in (self.new, self.chooser, self.menu):
            if shown is not None:
                shown.close()

    def _forget_silent(self) -> None:
        if self._silent is not None:
            self._take_back(self._silent)

    def _begin(self, name: str, folder: Path) -> None:
        sessions, new = self._desk.sessions, self.new
        if new is None:
            return

        def begun(path: Path) -> None:
            new.accept()
            if new.is_first:
                self._watch(self._desk.chosen.change(sessions_folder=str(path.parent)))

        self.watch_opening(sessions.begin(name, folder), begun, new.show_fault, new.show_fault)

    def _open_chosen(self, path: Path) -> None:
        """Open the session in a folder; where there is none, offer to begin one."""
        self._open(path, "Begin one here", lambda: self._begin_in(path))

    def _begin_in(self, path: Path) -> None:
        self.watch_opening(self._desk.sessions.open_or_begin(path))

    def _open_recent(self, path: Path) -> None:
        self._open(path, "Open another", self.ask_for_folder)

    def _open(self, path: Path, words: str, instead: Callable[[], None]) -> None:
        """Open a session; where there is none, offer to do something else."""

        def refused(error: GroundglassError) -> None:
            if isinstance(error, NoSessionError):
                self._tell_with(error, words, instead)
            else:
                self._tell(error)

        self.watch_opening(self._desk.sessions.open(path), failed=refused)

    def _show_session(self) -> None:
        self._section.show_session(self._desk.session_path)
        self._fetch_naming()

    def _fetch_naming(self) -> None:
        def show(naming: Naming | None) -> None:
            if naming is not None:
                self._section.show_naming(naming)

        self._bridge.watch(self._desk.sessions.naming(), show, self._tell)

    def _preview(self, template: str, subject: str) -> None:
        preview = self._desk.sessions.preview(template, subject)
        self._bridge.watch(preview, self._section.show_preview, self._section.show_fault)

    def _rename(self, template: str | None, subject: str | None, next_number: int | None) -> None:
        def refused(error: GroundglassError) -> None:
            if template is not None:
                self._section.show_fault(error)
            else:
                self._tell(error)
                self._fetch_naming()

        wanted = self._desk.sessions.rename(template=template, subject=subject, next_number=next_number)
        self._bridge.watch(wanted, self._section.show_naming, refused)

    def _say_of_next(self, name: str, text: str) -> None:
        try:
            if name == "lens" and text.strip():
                ManualLens.parse(text)
        except UsageError as error:
            self._next_frames.show_fault(name, error)
            return
        self._watch(self._desk.chosen.change(**{name: text}))

    def _watch(self, future: Any) -> None:
        self._bridge.watch(future, failed=self._tell)

"""The session by hand: begin, open, go back to one, name what comes next, say what goes with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
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
from groundglass.errors import GroundglassError, NoSessionError, UsageError
from groundglass.model.shot import ManualLens
from groundglass.studio.events import Event, NamesChanged, SessionOpened, ShotStored
from groundglass.studio.sessions import Naming


class SessionKeeping(Part):
    """Fills the sections "Session" and "Next frames". User-interface thread."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        section: SessionSection,
        next_frames: NextFramesSection,
        theme: Theme,
        tell: Callable[[GroundglassError], None],
        tell_with: Callable[[GroundglassError, str, Callable[[], None]], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._desk, self._bridge = desk, bridge
        self._tell, self._tell_with = tell, tell_with
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

    def _begin(self, name: str, folder: Path) -> None:
        sessions, new = self._desk.sessions, self.new
        if new is None:
            return

        def begun(path: Path) -> None:
            new.accept()
            if new.is_first:
                self._watch(self._desk.chosen.change(sessions_folder=str(path.parent)))

        self._bridge.watch(sessions.begin(name, folder), begun, new.show_fault)

    def _open_chosen(self, path: Path) -> None:
        """Open the session in a folder; where there is none, offer to begin one."""
        self._open(path, "Begin one here", lambda: self._watch(self._desk.sessions.open_or_begin(path)))

    def _open_recent(self, path: Path) -> None:
        self._open(path, "Open another", self.ask_for_folder)

    def _open(self, path: Path, words: str, instead: Callable[[], None]) -> None:
        """Open a session; where there is none, offer to do something else."""

        def refused(error: GroundglassError) -> None:
            if isinstance(error, NoSessionError):
                self._tell_with(error, words, instead)
            else:
                self._tell(error)

        self._bridge.watch(self._desk.sessions.open(path), failed=refused)

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

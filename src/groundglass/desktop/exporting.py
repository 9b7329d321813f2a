"""Export from the window: a dialog, and the work behind it, which goes on when the dialog is closed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.export_run import ExportOutcome, ExportRun
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.banner import Banner
from groundglass.desktop.widgets.export_dialog import ExportDialog, ExportWish
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.desktop.widgets.status_line import StatusLine
from groundglass.errors import GroundglassError, SessionError
from groundglass.model.shot import Shot
from groundglass.model.words import counted
from groundglass.studio.events import Event, SessionOpened

_log = logging.getLogger(__name__)

_TOLD_MS = 10_000


class Exporting(Part):
    """Exports what is selected on the film, or else all that the film shows; one export at a time.

    While its dialog is closed, the status line tells how far it is and what came of it, the banner what went
    wrong. User-interface thread.
    """

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        film: FilmstripModel,
        filmstrip: Filmstrip,
        status_line: StatusLine,
        banner: Banner,
        session: Callable[[], Path | None],
        theme: Callable[[], Theme],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._desk, self._bridge = desk, bridge
        self._film = film
        self._filmstrip = filmstrip
        self._status_line, self._banner = status_line, banner
        self._session = session
        self._theme = theme
        self._window = window
        self._run: ExportRun | None = None
        self._failed: GroundglassError | None = None  # what the banner tells of the last one
        self._is_closed = False
        self._background = Background(1, "export", bridge.call)
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.setInterval(_TOLD_MS)
        self._told.timeout.connect(lambda: status_line.show_export(""))
        self.dialog: ExportDialog | None = None  # of what is asked for, under way, or failed unseen

    def deeds(self) -> Deeds:
        return {ActionId.EXPORT: self.ask}

    def take_event(self, event: Event) -> None:
        if isinstance(event, SessionOpened):
            self._take_failure_back()
            if self._run is None:
                self._forget()  # it speaks of another session's shots

    def ask(self) -> None:
        """Open the dialog for the shots that are chosen now; that of the export under way, if one is."""
        if self._is_shown():
            return
        if self._run is not None and self.dialog is not None:
            self.dialog.show_still_running()
            self.dialog.open()
            return
        if self._failed is not None and self.dialog is not None:
            self._show_again()
            return
        self._forget()
        session = self._session()
        if session is None:
            return
        selected = self._filmstrip.selected
        shots = selected if len(selected) > 1 else tuple(self._film.shots)
        words = _which(len(shots), self._film.count, is_selected=len(selected) > 1)
        self.dialog = dialog = ExportDialog(session, len(shots), words, self._theme(), self._window)
        dialog.wanted.connect(lambda wish: self._begin(session, shots, wish))
        dialog.stop_wanted.connect(self._stop)
        dialog.finished.connect(self._leave)
        dialog.open()

    def leaving(self) -> tuple[str, ...]:
        """Return, in sentences, what would be cut short if the window went now."""
        if self._run is None:
            return ()
        share = f"{self._run.share * 100:.0f} %"
        return (f"An export is under way: {share}. “Quit now” stops it behind the file that it copies.",)

    def close(self) -> None:
        """Stop behind the file that is being copied; what was copied is moved, if it should be."""
        self._is_closed = True
        self._stop()
        self._told.stop()
        if self.dialog is not None:
            self.dialog.close()
        self._background.close()

    # ---- within

    def _is_shown(self) -> bool:
        return self.dialog is not None and self.dialog.isVisible()

    def _leave(self) -> None:
        if self._run is None:
            self._forget()

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _show_again(self) -> None:
        """Show the export that failed, as it was asked for."""
        self._take_failure_back()
        if self.dialog is not None and self._run is None:
            self.dialog.open()
        else:
            self.ask()

    def _take_failure_back(self) -> None:
        failed, self._failed = self._failed, None
        if failed is not None:
            self._banner.take_back(failed)

    def _stop(self) -> None:
        if self._run is not None:
            self._run.stop.set()

    def _begin(self, session: Path, shots: Sequence[Shot], wish: ExportWish) -> None:
        self._take_failure_back()
        run = self._run = ExportRun(session, shots, self._film.reviews, wish)
        self._show_progress(run, 0, 1)

        def step(done: int, total: int) -> None:
            self._bridge.call(lambda: self._show_progress(run, done, total))

        trash = self._desk.trash
        self._background.run(
            "export", lambda: run.work(trash, step, lambda: self._is_closed), self._take, self._fail
        )

    def _show_progress(self, run: ExportRun, done: int, total: int) -> None:
        if run is not self._run:
            return
        run.share = done / max(total, 1)
        self._told.stop()
        self._status_line.show_export(f"exporting {run.share * 100:.0f} %")
        if self.dialog is not None:
            self.dialog.show_progress(done, total)

    def _take(self, outcome: ExportOutcome) -> None:
        self._end(outcome.sentences, outcome.words, outcome.error, is_whole=outcome.is_whole)

    def _fail(self, error: GroundglassError) -> None:
        told = SessionError(f"The export has ended early. {error.message}", error.hint)
        self._end((str(error),), "", told, is_whole=False)

    def _end(
        self, sentences: Sequence[str], words: str, error: GroundglassError | None, *, is_whole: bool
    ) -> None:
        """Tell what came of it where it is seen: in the dialog, else in the window."""
        _log.info("Export: %s", " ".join(sentences))
        self._run = None
        self._status_line.show_export("")
        is_shown = self._is_shown()
        if self.dialog is not None:
            self.dialog.show_done(sentences, is_whole)
        if is_shown:
            return
        if error is not None:
            self._failed = error
            self._banner.tell(error, "Show the export", self._show_again)
            return
        self._status_line.show_export(words, "\n".join(sentences))
        self._told.start()
        self._forget()


def _which(count: int, of: int, *, is_selected: bool) -> str:
    """Say which shots will be taken; a filter that is forgotten must not pass unseen."""
    shots = counted(of, "shot")
    if is_selected:
        return f"{count:,} of {shots}, selected on the film"
    if count < of:
        return f"{count:,} of {shots}, as the filter lets them pass"
    return f"All {shots} of the session" if count > 1 else f"{shots} of the session"

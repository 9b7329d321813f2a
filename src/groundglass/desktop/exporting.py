"""Export from the window: a dialog, and the work behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.export_dialog import ExportDialog, ExportWish
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.errors import GroundglassError
from groundglass.model.shot import Shot

if TYPE_CHECKING:
    from groundglass.studio.export import Exported


class Exporting(Part):
    """Exports what is selected on the film, or else all that the film shows. User-interface thread."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        film: FilmstripModel,
        filmstrip: Filmstrip,
        session: Callable[[], Path | None],
        theme: Callable[[], Theme],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._desk, self._bridge = desk, bridge
        self._film = film
        self._filmstrip = filmstrip
        self._session = session
        self._theme = theme
        self._window = window
        self._background = Background(1, "export", bridge.call)
        self.dialog: ExportDialog | None = None

    def deeds(self) -> Deeds:
        return {ActionId.EXPORT: self.ask}

    def ask(self) -> None:
        """Open the dialog for the shots that are chosen now."""
        session = self._session()
        if session is None or self.dialog is not None:
            return
        selected = self._filmstrip.selected
        shots = selected if len(selected) > 1 else tuple(self._film.shots)
        words = _which(len(shots), self._film.count, is_selected=len(selected) > 1)
        self.dialog = dialog = ExportDialog(session, len(shots), words, self._theme(), self._window)
        dialog.wanted.connect(lambda wish: self._export(session, shots, wish))
        dialog.finished.connect(self._forget)
        dialog.open()

    def close(self) -> None:
        if self.dialog is not None:
            self.dialog.close()
        self._background.close()

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _export(self, session: Path, shots: Sequence[Shot], wish: ExportWish) -> None:
        reviews = self._film.reviews

        def work() -> Exported:
            from groundglass.studio.export import Sheet, export  # loads numpy

            sheet = Sheet(wish.sheet, wish.columns, wish.paper) if wish.sheet is not None else None
            return export(session, shots, reviews, into=wish.into, sheet=sheet, on_step=self._progress)

        self._background.run(
            "export",
            work,
            lambda done: self._take_out(done, wish) if wish.moves else self._tell(done, wish),
            self._fail,
        )

    def _take_out(self, done: Exported, wish: ExportWish) -> None:
        """Lay what was copied whole into the trash; the copies are proven by now."""

        def failed(error: GroundglassError) -> None:
            self._say((*done.sentences(wish.into, wish.sheet), str(error)), False)

        self._bridge.watch(
            self._desk.trash.throw_away(done.copied_shots),
            lambda shots: self._tell(done, wish, len(shots)),
            failed,
        )

    def _tell(self, done: Exported, wish: ExportWish, moved: int | None = None) -> None:
        self._say(done.sentences(wish.into, wish.sheet, moved), done.is_whole)

    def _progress(self, done: int, total: int) -> None:
        """Any thread."""
        self._bridge.call(lambda: self.dialog.show_progress(done, total) if self.dialog else None)

    def _say(self, sentences: Sequence[str], is_whole: bool) -> None:
        if self.dialog is not None:
            self.dialog.show_done(sentences, is_whole)

    def _fail(self, error: GroundglassError) -> None:
        self._say((str(error),), False)


def _which(count: int, of: int, *, is_selected: bool) -> str:
    """Say which shots will be taken; a filter that is forgotten must not pass unseen."""
    shots = "1 shot" if of == 1 else f"{of:,} shots"
    if is_selected:
        return f"{count:,} of {shots}, selected on the film"
    if count < of:
        return f"{count:,} of {shots}, as the filter lets them pass"
    return f"All {shots} of the session" if count > 1 else f"{shots} of the session"

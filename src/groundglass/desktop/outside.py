"""The ways from a picture to other programs: open it, show it in its folder, copy its path."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QProcess, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from groundglass.desktop import pictures
from groundglass.desktop.actions import ActionId, action
from groundglass.desktop.keys import Keys
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.viewing import Viewing
from groundglass.errors import GroundglassError

# Programs that develop pictures, as their commands are called.
_PROGRAMS = (("darktable", "darktable"), ("RawTherapee", "rawtherapee"), ("digiKam", "showfoto"))


class Outside(Part):
    """Passes the shown shot on. User-interface thread."""

    def __init__(
        self,
        viewing: Viewing,
        session: Callable[[], Path | None],
        tell: Callable[[GroundglassError], None],
        places: tuple[QWidget, ...],
        keys: Keys,
    ) -> None:
        """`places` get the menu under the right button of the mouse."""
        super().__init__(viewing)
        self._viewing = viewing
        self._session = session
        self._tell = tell
        self._places, self._keys = places, keys
        for place in places:
            place.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            place.customContextMenuRequested.connect(
                lambda at, place=place: self._show_menu(place.mapToGlobal(at))
            )

    def deeds(self) -> Deeds:
        return {
            ActionId.OPEN: self.open,
            ActionId.REVEAL: self.reveal,
            ActionId.COPY_PATH: self.copy_path,
        }

    def path(self) -> Path | None:
        """Return the file to pass on: the RAW of the shown shot, else what is shown of it."""
        session, shot = self._session(), self._viewing.shot
        if session is None or shot is None:
            return None
        return pictures.raw_path(session, shot) or pictures.shown_path(session, shot)

    def open(self) -> None:
        """Open the picture in the program that the desktop has for its kind."""
        self._with_path(self._open)

    def reveal(self) -> None:
        """Show the picture in its folder."""
        self._with_path(self._reveal)

    def copy_path(self) -> None:
        """Put the picture's path on the clipboard."""
        self._with_path(lambda path: QGuiApplication.clipboard().setText(str(path)))

    def menu(self, parent: QWidget | None = None) -> QMenu:
        """Return what can be done with the shown shot; all is off while there is none."""
        menu = QMenu(parent)
        menu.setToolTipsVisible(True)
        for name, program in _PROGRAMS:
            if shutil.which(program):
                menu.addAction(f"Open in {name}", partial(self._open_in, program))
        for action_id, deed in self.deeds().items():
            menu.addAction(f"{action(action_id).words}\t{self._keys.label(action_id)}", deed)
        for entry in menu.actions():
            entry.setEnabled(self.path() is not None)
        return menu

    def _show_menu(self, at: QPoint) -> None:
        menu = self.menu(self._places[0])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _with_path(self, deed: Callable[[Path], object]) -> None:
        path = self.path()
        if path is None:
            self._tell(GroundglassError("No picture is chosen.", "Choose one on the film first."))
        elif not path.exists():
            self._tell(GroundglassError(f"“{path.name}” is not there any more.", "Look into its folder."))
        else:
            deed(path)

    def _open(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._tell(GroundglassError(f"No program opens “{path.name}”.", "Open it from its folder."))

    def _open_in(self, program: str) -> None:
        def start(path: Path) -> None:
            if not QProcess.startDetached(program, [str(path)])[0]:
                self._tell(
                    GroundglassError(f"{program} does not start.", "Open the picture from its folder.")
                )

        self._with_path(start)

    def _reveal(self, path: Path) -> None:
        if sys.platform == "darwin":
            QProcess.startDetached("open", ["-R", str(path)])
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))):
            self._tell(GroundglassError("No file manager answers.", f"The picture is in {path.parent}."))

"""The preferences in the window: shown, changed, and obeyed at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.keys import Keys
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.theme import THEMES, Theme, palette, style_sheet
from groundglass.desktop.widgets.preferences_window import PreferencesWindow
from groundglass.errors import GroundglassError, UsageError
from groundglass.studio import preferences
from groundglass.studio.events import CardChanged, Event
from groundglass.studio.preferences import Preferences

_CARD_IS_KEPT = "The copies on the card are kept until there is a folder for the backup."


class Preferring(Part):
    """Opens the preferences, and keeps the window dressed as they say. User-interface thread."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        theme: Theme,
        keys: Keys,
        tell: Callable[[GroundglassError], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._desk, self._bridge, self._tell = desk, bridge, tell
        self._theme, self._keys, self._window = theme, keys, window
        self.page: PreferencesWindow | None = None
        self._background = Background(1, "folders", bridge.call)
        self._looked_for: dict[str, str] = {}  # folders that are kept once it is known whether they are there
        keys.use(desk.chosen.now.keys)
        self._unsubscribe = desk.chosen.subscribe(lambda now: bridge.call(lambda: self._obey(now)))

    def deeds(self) -> Deeds:
        return {ActionId.PREFERENCES: self.open}

    def open(self) -> None:
        """Show the preferences."""
        if self.page is None:
            self.page = PreferencesWindow(self._theme, self._keys, self._window)
            self.page.changed.connect(self._change)
        self._show_note()
        self.page.show_fault(None)
        self.page.show_chosen(self._desk.chosen.now)
        self.page.show()
        self.page.activateWindow()

    def take_event(self, event: Event) -> None:
        if isinstance(event, CardChanged):
            self._show_note()

    def close(self) -> None:
        self._background.close()
        for name, folder in tuple(self._looked_for.items()):
            self._keep(name, folder)
        self._unsubscribe()
        if self.page is not None:
            self.page.close()

    def _change(self, name: str, value: Any) -> None:
        if name not in preferences.FOLDERS or not str(value).strip():
            self._looked_for.pop(name, None)
            self._keep(name, value)
            return
        folder = str(value).strip()
        if not preferences.is_whole_path(folder):
            self._looked_for.pop(name, None)
            self._fault(
                UsageError(f"“{folder}” is no whole path.", "Write it from / or ~ on, or choose one.")
            )
            return
        self._looked_for[name] = folder
        self._background.run(
            name,
            lambda: preferences.make_folder(folder),
            lambda _: self._looked(name, folder, None),
            lambda error: self._looked(name, folder, error),
        )

    def _looked(self, name: str, folder: str, error: GroundglassError | None) -> None:
        """Keep a folder; one that is not there is told, and may come with its disk."""
        if self._looked_for.get(name) != folder:
            return  # something else was chosen meanwhile
        self._keep(name, folder)
        if error is not None:
            self._fault(error)

    def _fault(self, error: GroundglassError) -> None:
        if self.page is not None:
            self.page.show_fault(error)

    def _keep(self, name: str, value: Any) -> None:
        assert self.page is not None
        self._looked_for.pop(name, None)
        try:
            written = self._desk.chosen.change(**{name: value})
        except UsageError as error:
            self.page.show_fault(error)
            return
        self._bridge.watch(written, failed=self.page.show_fault)

    def _show_note(self) -> None:
        if self.page is not None:
            self.page.show_note(_CARD_IS_KEPT if self._desk.is_card_kept_for_now else "")

    def _obey(self, now: Preferences) -> None:
        if self.page is not None:
            self.page.show_chosen(now)
        self._keys.use(now.keys)
        if self._theme.name != now.theme:
            self.wear(THEMES[now.theme])

    def wear(self, theme: Theme) -> None:
        """Dress every window in a theme."""
        self._theme.become(theme)
        running = QApplication.instance()
        assert isinstance(running, QApplication)
        running.setPalette(palette(theme))
        running.setStyleSheet(style_sheet(theme))
        for widget in running.allWidgets():
            widget.update()

"""A second window for whoever looks on: the picture alone, on another screen where there is one.

It never takes the keys, so that Space releases whatever was clicked last. It is turned and masked as the
photographer sees it, and frozen; the tools, the grid and what is laid over are not painted into it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Frames
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.theme import MARGIN_PX, Theme
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.grid import Framing
from groundglass.desktop.widgets.histogram_view import HistogramView
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.model.camera import CameraStatus

if TYPE_CHECKING:
    from groundglass.studio.live_frame import LiveFrame

_WINDOW_PX = QSize(960, 640)


class ClientShows(IntEnum):
    """What the second window holds, in the order in which the key goes round."""

    NOTHING = 0
    PICTURE = 1
    HISTOGRAM = 2  # with the picture


class ClientWindow(Part):
    """Opens the second window and keeps it on what the first one shows. User-interface thread."""

    screen_lost = Signal()  # the window's screen was taken away, and the window is closed

    def __init__(
        self,
        frames: Frames,
        bridge: Bridge,
        followed: Viewing,
        session: Callable[[], Path | None],
        theme: Callable[[], Theme],
        window: QWidget,
    ) -> None:
        """`followed` chooses the picture; it is on the screen of `window`."""
        super().__init__(window)
        self._frames = frames
        self._bridge = bridge
        self._followed = followed
        self._session = session
        self._theme = theme
        self._window = window
        self._status = CameraStatus()
        self._framing = Framing()
        self._shows = ClientShows.NOTHING
        self._screen = ""  # the name of the one that it fills; empty: a window on the photographer's own
        self._away: dict[str, str] | None = None  # what its screen took away with it
        self._glass: _Glass | None = None
        self._viewing: Viewing | None = None
        followed.changed.connect(self._follow)
        followed.froze.connect(self._follow)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenRemoved.connect(self._lose_screen)

    @property
    def shows(self) -> ClientShows:
        return self._shows

    @property
    def picture(self) -> PictureView | None:
        """Return the picture of the second window; None while that is closed."""
        return self._glass.picture if self._glass is not None else None

    @property
    def kept(self) -> dict[str, str]:
        """Return what the client sees, and on which screen, as `use` takes it; or would, were that here."""
        return self._away or {"shows": self._shows.name.lower(), "screen": self._screen}

    def use(self, kept: Mapping[str, object]) -> None:
        """Open or close the window as it was; nothing changes while its screen is away, or this window's.

        Raises KeyError for what makes no sense.
        """
        shows, screen = ClientShows[str(kept["shows"]).upper()], str(kept["screen"])
        if shows is ClientShows.NOTHING or screen in ("", *self._places()):
            self.show(shows, screen)
        elif self._shows is ClientShows.NOTHING:
            self._away = {"shows": shows.name.lower(), "screen": screen}

    def deeds(self) -> Deeds:
        return {ActionId.CLIENT_WINDOW: self._step}

    def show_status(self, status: CameraStatus) -> None:
        self._status = status
        if self._viewing is not None:
            self._viewing.show_status(status)
            self._follow()

    def show(self, wanted: ClientShows, screen: str = "") -> None:
        """Open, change or close the window.

        screen: the name of the one that it fills; empty: a window on the photographer's own.
        """
        if wanted is ClientShows.NOTHING or screen != self._screen:
            self._shut()
        self._away = None
        self._shows, self._screen = wanted, screen
        if wanted is ClientShows.NOTHING:
            return
        if self._glass is None:
            self._open()
        assert self._glass is not None
        self._glass.histogram.setVisible(wanted is ClientShows.HISTOGRAM)

    def show_framing(self, framing: Framing) -> None:
        """Turn and mask the picture as the photographer's is."""
        self._framing = Framing(aspect=framing.aspect, turn=framing.turn)
        if self._glass is not None:
            self._glass.picture.show_framing(self._framing)

    def close(self) -> None:
        self._shut()  # what it showed is kept for the next start

    def _step(self) -> None:
        """Go on to the picture, to its histogram too, to the next screen, and off."""
        places = self._places()
        if self._shows is ClientShows.PICTURE:
            self.show(ClientShows.HISTOGRAM, self._screen)
            return
        is_there = self._shows is ClientShows.HISTOGRAM and self._screen in places
        following = places[places.index(self._screen) + 1 :] if is_there else places
        if following:
            self.show(ClientShows.PICTURE, following[0])
        else:
            self.show(ClientShows.NOTHING)

    def _places(self) -> tuple[str, ...]:
        """Return the names of the other screens; an empty one if there is only the photographer's own."""
        here = QGuiApplication.screenAt(self._window.geometry().center()) or self._window.screen()
        return tuple(one.name() for one in screens() if one is not here) or ("",)

    def _open(self) -> None:
        self._glass = glass = _Glass(self._theme())
        glass.closed.connect(lambda: self.show(ClientShows.NOTHING))
        glass.picture.show_framing(self._framing)
        self._viewing = Viewing(self._frames, self._bridge, glass.picture, glass.histogram, self)
        self._viewing.show_status(self._status)
        self._follow()
        other = next((one for one in screens() if self._screen and one.name() == self._screen), None)
        if other is None:
            glass.resize(_WINDOW_PX.boundedTo(self._window.screen().availableSize()))
            glass.show()
        else:
            glass.setGeometry(other.geometry())
            glass.showFullScreen()

    def _shut(self) -> None:
        viewing, self._viewing = self._viewing, None
        if viewing is not None:
            viewing.close()
            viewing.deleteLater()
        glass, self._glass = self._glass, None
        if glass is not None:
            glass.blockSignals(True)
            glass.close()
            glass.deleteLater()

    def _follow(self) -> None:
        if self._viewing is None:
            return
        session, shot = self._session(), self._followed.shot
        if self._followed.shows_live:
            if not self._viewing.shows_live:
                self._viewing.show_live()
            self._freeze(self._followed.frozen)
        elif shot is not None and session is not None:
            self._viewing.show_shot(session, shot)
        elif not self._viewing.is_empty:
            self._viewing.show_nothing()
        self._viewing.show_news("Frozen" if self._viewing.is_frozen else "", "freezing")

    def _freeze(self, frame: LiveFrame | None) -> None:
        """Hold the frame that the photographer holds; None: none is held."""
        if self._viewing is None or frame is self._viewing.frozen:
            return
        if frame is None:
            self._viewing.thaw()
        else:
            self._viewing.hold(frame)

    def _lose_screen(self, screen: QScreen) -> None:
        # Qt would put it over the photographer's own window, full screen.
        if self._glass is not None and self._glass.isFullScreen() and self._glass.screen() is screen:
            lost = self.kept
            self.show(ClientShows.NOTHING)
            self._away = lost
            self.screen_lost.emit()


def screens() -> Sequence[QScreen]:
    """Return the screens that there are now, the main one first."""
    return QGuiApplication.screens()


class _Glass(QWidget):
    """The window itself: a picture, and a histogram in its corner."""

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setObjectName("window")
        self.setWindowTitle("Client \N{EN DASH} Groundglass")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.picture = PictureView(theme, names_level=False)
        self.picture.setAccessibleName("Picture for the client")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picture)
        self.histogram = HistogramView(theme, self)
        self.histogram.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.histogram.move(
            self.width() - self.histogram.width() - MARGIN_PX,
            self.height() - self.histogram.height() - MARGIN_PX,
        )
        self.histogram.raise_()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

"""The window as it was left, for each session: what is folded, which tools are on, where it stands.

A little longer than most modules: what is kept of each part stands beside how it is brought back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace
from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.part import Part
from groundglass.desktop.picture_tools import Peaking, PeakingInk, PictureTools, Scope
from groundglass.desktop.turning import MOST_DEGREES, Turn
from groundglass.desktop.widgets.framing_section import MOST_LINES, FramingSection
from groundglass.desktop.widgets.grid import ASPECTS, Framing, Grid
from groundglass.desktop.widgets.overlay import Blend, Look
from groundglass.studio import arrangement

if TYPE_CHECKING:
    from groundglass.desktop.main_window import MainWindow

_log = logging.getLogger(__name__)

_LOOK_EVERY_MS = 3000
# How one job's picture is framed, turned and levelled; the grid is a habit, and goes along to a new one.
_UNFRAMED = {"aspect": Framing().aspect, "mirrored": False, "turns": 0, "level": 0.0}
_WITH_PLACE = ("place", "client")
_LAID_OVER = ("laid_over", "laid_picture")
_FRAME_PX = QSize(24, 72)  # left and right, title and foot, of the largest usual ones
_LEAST_SEEN_PX = 120  # so much of the window each way has to be on a screen, or nobody can catch it

Name = TypeVar("Name", bound=StrEnum)


class Kept(Struct, frozen=True):
    """One thing that is remembered.

    now: as JSON.  use: takes that; raises ValueError, TypeError or KeyError for what makes no sense.
    """

    name: str
    now: Callable[[], Any]
    use: Callable[[Any], None]


class Arranging(Part):
    """Remembers and restores. User-interface thread; files are written on a thread of its own."""

    def __init__(self, desk: Desk, bridge: Bridge, window: MainWindow, framing: FramingSection) -> None:
        super().__init__(window)
        self._desk, self._window, self._framing = desk, window, framing
        self._last = desk.chosen.path.with_name("window.json")
        self._session: Path | None = None  # whose layout the window has
        self._coming: Path | None = None  # whose it is to get as soon as that is read
        self._written: dict[str, Any] | None = None
        self._place: Any = None
        self._client: Any = None
        self._background = Background(1, "arranging", bridge.call)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.keep)
        self._kept = self._what_is_kept()

    def begin(self) -> None:
        """Lay the window out as it was left in the open session; reads one small file.

        Its place, and the client's window, come with `place_window`.
        """
        self._session = self._desk.session_path
        self._use(*arrangement.load(self._session, self._last))
        self._timer.start()

    def place_window(self) -> None:
        """Put the window where it stood, or where it can be seen, before it is shown; then the client's."""
        try:
            left, top, width, height = (int(one) for one in self._place["at"])
            screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
            self._window.setGeometry(on_screen(QRect(left, top, width, height), screens))
            if self._place.get("maximized") is True:
                self._window.setWindowState(Qt.WindowState.WindowMaximized)
        except (ValueError, TypeError, KeyError, AttributeError):
            if self._place is not None:
                _log.warning("The window's place was passed over: “%s” is none", self._place)
        self._show_client()

    def follow(self) -> None:
        """Lay the window out anew if another session is open now; it stays where it is."""
        session = self._window.session.path
        if session is None or session == (self._coming or self._session):
            return
        before, now = self._session, self._now()
        self._coming = session
        self._background.forget("save")

        def change() -> tuple[arrangement.Arrangement, bool]:
            arrangement.save(now, before, self._last)  # first, for a new session takes its habits over
            return arrangement.load(session, self._last)

        self._background.run("change", change, lambda found: self._take(session, *found))

    def keep(self) -> None:
        """Write what has changed since it was last written."""
        now = self._now()
        if now != self._written:
            self._written = now
            session = self._session
            self._background.run("save", lambda: arrangement.save(now, session, self._last), lambda _: None)

    def close(self) -> None:
        self._timer.stop()
        self._background.close()
        self._write()
        if self._coming is not None:
            self._take(self._coming, *arrangement.load(self._coming, self._last))
            self._write()

    def _write(self) -> None:
        now = self._now()
        if now != self._written:
            arrangement.save(now, self._session, self._last)

    # ---- within

    def _take(self, session: Path, found: arrangement.Arrangement, is_own: bool) -> None:
        if session == self._coming:
            self._session, self._coming, self._written = session, None, None
            self._begin_anew()  # whatever is not found there, for an older version knew less
            self._use(found, is_own)
            self._show_client()

    def _begin_anew(self) -> None:
        """Take off what belongs to the picture of one job."""
        self._use_framing({**self._framing_now(), **_UNFRAMED})
        self._window.framing.lay_nothing()
        self._window.framing.use_look(Look())

    def _now(self) -> dict[str, Any]:
        return {one.name: one.now() for one in self._kept}

    def _use(self, found: arrangement.Arrangement, is_own: bool) -> None:
        if not is_own:
            found = _habits(found)
        self._place, self._client = found.get("place", self._place), found.get("client")
        for one in self._kept:
            if one.name in found and one.name not in _WITH_PLACE:
                _try(one, found[one.name])

    def _show_client(self) -> None:
        """Open the client's window as it was left, now that it is known on which screen this one stands."""
        if self._client is not None:
            _try(next(one for one in self._kept if one.name == "client"), self._client)

    def _what_is_kept(self) -> tuple[Kept, ...]:
        window, panel = self._window, self._window.panel
        return (
            Kept("place", self._place_now, lambda _place: None),
            Kept("panels", lambda: window.has_panels, lambda shown: window.show_panels(_truth(shown))),
            Kept("folded", lambda: list(window.side.folded_titles()), self._fold),
            Kept("sizes", lambda: window.sizing.now, window.sizing.use),
            Kept("tools", self._tools_now, self._use_tools),
            Kept(
                "scope",
                lambda: window.light_judging.scope.value,
                lambda name: window.light_judging.show_scope(Scope(name)),
            ),
            Kept(
                "logarithmic",
                lambda: panel.histogram.is_logarithmic,
                lambda is_on: panel.set_logarithmic(_truth(is_on)),
            ),
            Kept("raw_histogram", lambda: panel.shows_raw, self._show_raw),
            Kept("framing", self._framing_now, self._use_framing),
            Kept("laid_over", self._look_now, self._use_look),
            Kept("laid_picture", self._laid_now, self._lay),
            Kept(
                "last_frame",
                lambda: window.last_frame.is_wanted,
                lambda is_on: window.last_frame.show(_truth(is_on)),
            ),
            Kept("client", lambda: window.client.kept, window.client.use),
        )

    def _place_now(self) -> dict[str, Any]:
        window = self._window
        is_large = window.isMaximized() or window.isFullScreen()
        at = window.normalGeometry() if is_large and window.normalGeometry().isValid() else window.geometry()
        return {"at": [at.x(), at.y(), at.width(), at.height()], "maximized": window.isMaximized()}

    def _fold(self, titles: Any) -> None:
        if not isinstance(titles, list):
            raise TypeError(titles)
        self._window.side.fold(tuple(str(one) for one in titles))

    def _tools_now(self) -> dict[str, Any]:
        tools = self._window.tools
        return {
            "clipping": tools.clipping,
            "peaking": tools.peaking.value,
            "false_color": tools.false_color,
            "ink": tools.ink.value,
            "low": tools.low,
            "high": tools.high,
        }

    def _use_tools(self, told: Any) -> None:
        low, high = int(told["low"]), int(told["high"])
        if not 0 <= low < high <= 255:
            raise ValueError(told)
        self._window.use_tools(
            PictureTools(
                clipping=_truth(told["clipping"]),
                peaking=Peaking(told["peaking"]),
                false_color=_truth(told["false_color"]),
                ink=PeakingInk(told["ink"]),
                low=low,
                high=high,
            )
        )

    def _show_raw(self, is_raw: Any) -> None:
        if _truth(is_raw) != self._window.panel.shows_raw:
            self._window.panel.toggle_raw_histogram()

    def _framing_now(self) -> dict[str, Any]:
        framing = self._window.picture.framing
        return {
            "grid": framing.grid.value,
            "columns": framing.columns,
            "rows": framing.rows,
            "aspect": framing.aspect,
            "mirrored": framing.turn.is_mirrored,
            "turns": framing.turn.quarter_turns,
            "level": framing.turn.degrees,
        }

    def _use_framing(self, told: Any) -> None:
        columns, rows, turns = int(told["columns"]), int(told["rows"]), int(told["turns"])
        level = float(told.get("level", 0.0))  # an older version knew none
        is_possible = (
            abs(level) <= MOST_DEGREES
            and 0 < columns <= MOST_LINES
            and 0 < rows <= MOST_LINES
            and 0 <= turns < 4
        )
        if not is_possible or told["aspect"] not in ASPECTS:
            raise ValueError(told)
        turn = Turn(turns, _truth(told["mirrored"]), round(level, 1) + 0.0)
        framing = Framing(Grid(told["grid"]), columns, rows, told["aspect"], turn)
        picture = self._window.picture
        picture.show_framing(replace(framing, ghost=picture.framing.ghost, frozen=picture.framing.frozen))
        self._framing.show_framing(framing)
        self._framing.columns.show_text(str(columns))
        self._framing.rows.show_text(str(rows))

    def _look_now(self) -> dict[str, Any]:
        return asdict(self._window.framing.look)

    def _use_look(self, told: Any) -> None:
        shares = {name: float(told[name]) for name in ("opacity", "scale", "across", "down")}
        look = Look(**shares, blend=Blend(told["blend"]))
        if look != look.bounded:
            raise ValueError(told)
        self._window.framing.use_look(look)

    def _laid_now(self) -> dict[str, Any] | None:
        laid, session = self._window.framing.wanted, self._session
        if laid is None:
            return None
        path, is_frame = laid
        # Within the session's own folder, so that it may be moved.
        is_within = session is not None and path.is_relative_to(session)
        return {"path": str(path.relative_to(session) if is_within and session else path), "frame": is_frame}

    def _lay(self, told: Any) -> None:
        if told is not None:
            path = (self._session or Path()) / str(told["path"])
            self._window.framing.lay_again(path, is_frame=_truth(told["frame"]))


def _try(kept: Kept, told: Any) -> None:
    try:
        kept.use(told)
    except (ValueError, TypeError, KeyError):
        _log.warning("In the window's layout %s was passed over: “%s”", kept.name, told)


def _habits(found: arrangement.Arrangement) -> arrangement.Arrangement:
    """Return what of another session's arrangement a photographer wants in a new one."""
    habits = {name: kept for name, kept in found.items() if name not in _LAID_OVER}
    framing = habits.get("framing")
    return {**habits, "framing": {**framing, **_UNFRAMED}} if isinstance(framing, dict) else habits


def room_on(screen: QSize) -> QSize:
    """Return how large a window may be on a screen, so that its frame and its title fit there too.

    They are the window manager's, and not known before the window is shown.
    """
    return screen - _FRAME_PX


def on_screen(wanted: QRect, screens: list[QRect]) -> QRect:
    """Return the place of a window, moved and shrunk onto a screen if too little of it could be seen.

    screens: what is free on each; the first is the main one.
    """
    for screen in screens:
        seen = screen.intersected(wanted)
        is_caught = wanted.top() >= screen.top()  # the title is what a hand takes hold of
        if seen.width() >= _LEAST_SEEN_PX and seen.height() >= _LEAST_SEEN_PX and is_caught:
            return wanted
    size = wanted.size().boundedTo(room_on(screens[0].size()))
    place = QRect(screens[0].topLeft(), size)
    place.moveCenter(screens[0].center())
    return place


def _truth(told: Any) -> bool:
    if not isinstance(told, bool):
        raise TypeError(told)
    return told

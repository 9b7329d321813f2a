"""Before the window goes: what is under way is told, and the window goes by itself when it is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from groundglass.desktop.desk import Desk
from groundglass.desktop.part import Part
from groundglass.desktop.widgets.banner import Banner
from groundglass.errors import GroundglassError, SessionError

_LOOK_EVERY_MS = 250


class Leaving(Part):
    """Holds the window back while something would be left, and says what. User-interface thread.

    The wish to quit stands until the banner that tells it is dismissed, or something goes wrong.
    """

    def __init__(
        self,
        desk: Desk,
        banner: Banner,
        close: Callable[[], object],
        window_leaving: Callable[[], tuple[str, ...]],
        parent: QObject,
    ) -> None:
        """window_leaving: what is under way in the window itself, in sentences."""
        super().__init__(parent)
        self._desk, self._banner, self._close = desk, banner, close
        self._window_leaving = window_leaving
        self._told: GroundglassError | None = None
        self._is_answered = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_wanted(self) -> bool:
        """Tell whether the photographer has asked to quit and what is under way is waited for."""
        return self._told is not None and self._banner.trouble is self._told

    def may_go(self) -> bool:
        """Tell whether the window may close now; if not, the banner says why. A second time is an answer."""
        if self._is_answered or self.is_wanted:
            return True
        left = self._left()
        if not left:
            return True
        self._tell(left)
        self._timer.start()
        return False

    def answer(self) -> None:
        """Close without asking; what is on its way is finished by the studio's own close."""
        self._is_answered = True
        self._close()

    def close(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        if not self.is_wanted:
            self._timer.stop()
            if self._told is not None:
                self._banner.take_back(self._told)
            self._told = None
            return
        left = self._left()
        if left:
            self._tell(left)
        else:
            self.answer()

    def _left(self) -> tuple[str, ...]:
        return (*self._desk.leaving(), *self._window_leaving())

    def _tell(self, left: tuple[str, ...]) -> None:
        words, before = " ".join(left), self._told if self.is_wanted else None
        if before is not None and before.message == words:
            return
        self._told = now = SessionError(words, "Groundglass quits when this is done.")
        if before is not None:
            self._banner.renew(before, now)
        else:
            self._banner.tell(now, "Quit now", self.answer)

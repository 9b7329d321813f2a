"""Before the window goes: what is under way is told, and the window goes by itself when it is done.

What waits for room, a disk or the camera does not end by itself: it is told once, and not waited for.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from groundglass.desktop.desk import Desk
from groundglass.desktop.part import Part
from groundglass.desktop.widgets.banner import Banner
from groundglass.errors import GroundglassError, SessionError
from groundglass.studio.events import BacklogChanged, BackupChanged, CardChanged, Event, ProblemSolved
from groundglass.studio.leaving import Remaining

_FREED = (BacklogChanged, BackupChanged, CardChanged, ProblemSolved)  # what may end a waiting
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
        self._waits = 0  # so many things were told that are not waited for
        self._is_answered = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_wanted(self) -> bool:
        """Tell whether the photographer has asked to quit, and reads what would be left."""
        return self._told is not None and self._banner.trouble is self._told

    def may_go(self) -> bool:
        """Tell whether the window may close now; if not, the banner says why. A second time is an answer."""
        if self._is_answered or (self.is_wanted and self._timer.isActive()):
            return True
        left = self._left()
        if not left.under_way and (not left.waits or self.is_wanted):
            return True
        self._tell(left)
        return False

    def take_event(self, event: Event) -> None:
        """Say no more of what waited, once it is done."""
        may_be_done = isinstance(event, _FREED) and self._told is not None and not self._timer.isActive()
        if may_be_done and not self._left().sentences:
            self._take_back()

    def answer(self) -> None:
        """Close without asking; what is on its way is finished by the studio's own close."""
        self._is_answered = True
        self._close()

    def close(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        if not self.is_wanted:
            self._timer.stop()
            self._take_back()
            return
        left = self._left()
        if left.under_way or len(left.waits) > self._waits:  # what came to a halt was not told as such
            self._tell(left)
        else:
            self.answer()

    def _left(self) -> Remaining:
        left = self._desk.leaving()
        return Remaining((*left.under_way, *self._window_leaving()), left.waits)

    def _take_back(self) -> None:
        if self._told is not None:
            self._banner.take_back(self._told)
        self._told = None

    def _tell(self, left: Remaining) -> None:
        """Tell it, and look for the end of what has one."""
        waits = " ".join(left.waits)
        now = SessionError(waits)
        if left.under_way:
            now = SessionError(
                " ".join(left.under_way), f"Groundglass quits when this is done. {waits}".strip()
            )
            self._timer.start()
        else:
            self._timer.stop()
        self._waits = len(left.waits)
        before = self._told if self.is_wanted else None
        if before is not None and str(before) == str(now):
            return
        if before is None:
            self._take_back()
        self._told = now
        if before is not None:
            self._banner.renew(before, now)
        else:
            self._banner.tell(now, "Quit now", self.answer)

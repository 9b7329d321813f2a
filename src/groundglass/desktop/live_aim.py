"""Where the body focuses, and how far it magnifies its own live picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.part import Part
from groundglass.errors import GroundglassError, UnsupportedError, UsageError
from groundglass.model.camera import CameraInfo, CameraStatus, Capability, LiveZoom

Point = tuple[float, float]
_WHOLE = LiveZoom((1.0,))


class LiveAim(Part):
    """Asks the body, one wish at a time; a newer wish takes the place of one that waits.

    User-interface thread. Points are of the live picture as it comes, 0 to 1 each way.
    """

    moved = Signal(object, object)  # LiveZoom before and now
    refused = Signal()  # the body does not magnify, though it said it could
    pointed = Signal()  # the body focuses elsewhere

    def __init__(self, desk: Desk, bridge: Bridge, tell: Callable[[GroundglassError], None]) -> None:
        super().__init__()
        self._desk, self._bridge, self._tell = desk, bridge, tell
        self._status = CameraStatus()
        self._refuses: CameraInfo | None = None
        self._waiting: tuple[float, float, float] | None = None
        self._is_asking = False

    @property
    def magnifies(self) -> bool:
        """Tell whether the body does; else the picture is magnified here."""
        status = self._status
        is_able = Capability.LIVE_ZOOM in status.capabilities and status.live_zoom is not None
        return is_able and status.info != self._refuses

    @property
    def is_busy(self) -> bool:
        return self._is_asking

    @property
    def now(self) -> LiveZoom:
        """Return which part of the frame the live picture shows."""
        return self._status.live_zoom or _WHOLE

    @property
    def focus_point(self) -> Point | None:
        """Return where the body focuses in the live picture; None if that is not known or not in it."""
        return None if self._status.focus_point is None else in_picture(self.now, self._status.focus_point)

    def magnify(self, step: int, around: Point | None) -> None:
        """Show the whole picture (0), a part of it (1), or the smallest part (2).

        around: what is to be in the middle; None: what is there now.
        """
        power = power_of(self.now, step)
        at = self.now.in_frame(*around) if around is not None else (self.now.x, self.now.y)
        if power != self.now.power or self._is_asking:
            self._want(power, *at)

    def pan(self, across: float, down: float) -> None:
        """Move the magnified part by shares of itself."""
        size = self.now.part[2]
        x, y = self._waiting[1:] if self._waiting else (self.now.x, self.now.y)
        half = size / 2
        middle = (x + across * size, y + down * size)
        self._want(self.now.power, *(min(max(one, half), 1 - half) for one in middle))

    def focus_at(self, point: Point | None) -> None:
        """Put the focus point there, and focus; None: it is no live picture that is shown."""
        if point is None:
            self._tell(UsageError("There is no live picture to focus in.", "Start the live view."))
            return
        if Capability.AF_POINT not in self._status.capabilities:
            self._tell(
                UnsupportedError("This camera takes no focus point over the cable.", "Choose it on the body.")
            )
            return
        self._bridge.watch(self._desk.focus_at(*self.now.in_frame(*point)), failed=self._tell)

    def show_status(self, status: CameraStatus) -> None:
        before, self._status = self._status, status
        if status.info is None:
            self._refuses = None
        if status.live_zoom != before.live_zoom:
            self.moved.emit(before.live_zoom or _WHOLE, self.now)
        if status.focus_point != before.focus_point:
            self.pointed.emit()

    def _want(self, power: float, x: float, y: float) -> None:
        self._waiting = (power, x, y)
        if not self._is_asking:
            self._ask()

    def _ask(self) -> None:
        wanted, self._waiting = self._waiting, None
        self._is_asking = wanted is not None
        if wanted is not None:
            self._bridge.watch(self._desk.zoom_live(*wanted), lambda _: self._ask(), self._refuse)

    def _refuse(self, error: GroundglassError) -> None:
        self._waiting, self._is_asking = None, False
        if isinstance(error, UnsupportedError):
            self._refuses = self._status.info
        self._tell(error)
        self.refused.emit()


def power_of(zoom: LiveZoom, step: int) -> float:
    """Return how many times a body magnifies at a step: not at all, in between, as much as it can."""
    if step <= 0 or len(zoom.powers) < 2:
        return 1.0
    most = zoom.powers[-1]
    return most if step > 1 else min(zoom.powers[1:], key=lambda one: abs(one - most**0.5))


def in_picture(zoom: LiveZoom, point: Point) -> Point | None:
    """Return where in the live picture a point of the frame lies; None outside of it."""
    left, top, width, height = zoom.part
    x, y = (point[0] - left) / width, (point[1] - top) / height
    return (x, y) if 0 <= x <= 1 and 0 <= y <= 1 else None

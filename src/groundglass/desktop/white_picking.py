"""The white balance from something neutral: the spot is laid on it, and the body gets its temperature."""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from groundglass.desktop import pictures
from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.keys import Keys
from groundglass.desktop.light_judging import LightJudging
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.picture_scaler import FittedPicture
from groundglass.desktop.spot_place import PICK_WIDTH, spot_area
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.hint import Hint
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.errors import GroundglassError, ImageError, UsageError
from groundglass.model.camera import CameraStatus
from groundglass.model.setting import Setting, SettingId
from groundglass.model.shot import Shot
from groundglass.studio import white
from groundglass.studio.events import Event, SessionOpened, ShotStored

if TYPE_CHECKING:
    from groundglass.imaging.exposure_tools import Spot
    from groundglass.imaging.white_balance import Pick

_USUAL_K = 5500.0
_NEWS = "white"
_TOLD_MS = 6000
_CHANGES = 64  # of the balance that are remembered; a frame is late by seconds, not by more turns of a dial
_Place = tuple[float, float]


class WhitePicking(Part):
    """Waits for a click or a second press. User-interface thread; RAW files are read on another one."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        viewing: Viewing,
        judging: LightJudging,
        picture: PictureView,
        hint: Hint,
        session: Callable[[], Path | None],
        keys: Keys,
        uncover: Callable[[], bool],
        tell: Callable[[GroundglassError], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """uncover: takes off what lies over the picture; tells whether anything did."""
        super().__init__(viewing)
        self._desk, self._bridge, self._viewing, self._judging = desk, bridge, viewing, judging
        self._hint, self._session, self._keys, self._tell = hint, session, keys, tell
        self._uncover = uncover
        self._status = CameraStatus()
        self._is_armed = False
        self._wanted: _Place | None = None
        self._read: tuple[_Place, Spot, FittedPicture] | None = None  # of the small spot
        self._is_even = True  # that one
        self._clock = clock
        # Since when the body's pictures are balanced for what: a frame is stored later than it is taken.
        self._changes: deque[tuple[float, float | None]] = deque([(-math.inf, None)], _CHANGES)
        # What each shot released here was balanced for, by its session and number.
        self._balanced: dict[tuple[Path | None, int], float | None] = {}
        self._open = desk.session_path  # as of the events, which the film follows later
        self._background = Background(1, "white", bridge.call)
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.setInterval(_TOLD_MS)
        self._told.timeout.connect(self._say_no_more)
        viewing.judged.connect(self._see)
        viewing.changed.connect(self._forget)
        viewing.froze.connect(self._read_anew)
        picture.clicked.connect(self._click)  # behind the spot meter, which has moved the spot by then

    @property
    def is_armed(self) -> bool:
        return self._is_armed

    def deeds(self) -> Deeds:
        return {ActionId.PICK_WHITE: self.pick}

    def pick(self) -> None:
        """Begin to pick, or pick where the spot lies."""
        if self._is_armed and not self._uncover():
            self._pick_at(self._judging.spot)
            return
        try:
            white.check(self._status)
        except GroundglassError as error:
            self._tell(error)
            return
        if self._viewing.is_empty:
            self._tell(UsageError("There is no picture to pick from.", "Start the live view, or release."))
            return
        self._uncover()
        if self._judging.spot is None:
            self._judging.toggle_spot()
        self._arm(True)

    def take_event(self, event: Event) -> None:
        match event:
            case SessionOpened():
                self._open = Path(event.path)
            # Released on the body it may be of yesterday, and fetched now.
            case ShotStored(trigger_to_stored_s=float(late_s)):
                shot = self._open, event.shot.number
                if shot not in self._balanced:
                    self._balanced[shot] = self._balanced_at(self._clock() - late_s)

    def show_status(self, status: CameraStatus) -> None:
        self._status = status
        if (balanced_k := white.balanced_k(status)) != self._changes[-1][1]:
            self._changes.append((self._clock(), balanced_k))
        if self._is_armed and not status.state.is_connected:
            self._arm(False)

    def go_back(self) -> bool:
        was_armed = self._is_armed
        if was_armed or self._wanted is not None:
            self._arm(False)
        return was_armed

    def close(self) -> None:
        self._told.stop()
        self._background.close()

    # ---- within

    def _balanced_at(self, moment: float) -> float | None:
        after = bisect_right(self._changes, moment, key=lambda change: change[0])
        return self._changes[max(after - 1, 0)][1]

    def _arm(self, is_armed: bool) -> None:
        self._is_armed, self._wanted = is_armed, None
        key, back = self._keys.label(ActionId.PICK_WHITE), self._keys.label(ActionId.BACK)
        words = f"Click on something neutral, or move the spot there and press {key}. {back} ends it."
        if self._viewing.shot is None and white.balanced_k(self._status) is None:
            words = (
                "Click twice on something neutral: the first sets the camera to kelvin, the second counts."
                f" {back} ends it."
            )
        self._hint.say(words if is_armed else "")
        self._read = None
        self._judging.narrow_spot(is_armed)

    def _forget(self) -> None:
        self._read = None
        self._say_no_more()

    def _read_anew(self) -> None:
        self._read = None

    def _say_no_more(self) -> None:
        self._viewing.show_news("", _NEWS)

    def _click(self, _x: float, _y: float) -> None:
        if self._is_armed:
            self._pick_at(self._judging.spot)

    def _pick_at(self, place: _Place | None) -> None:
        """Pick as soon as the spot was read there."""
        self._wanted = place
        if self._read is not None and self._read[0] == place:
            self._use(*self._read)

    def _see(self, fitted: FittedPicture) -> None:
        reading = fitted.reading
        if reading is None or reading.spot is None or reading.spot_at is None or not reading.is_pick:
            return
        self._is_even = reading.is_even
        self._read = (reading.spot_at, reading.spot, fitted)
        if self._is_armed and self._wanted == reading.spot_at:
            self._use(*self._read)

    def _use(self, place: _Place, spot: Spot, fitted: FittedPicture) -> None:
        self._wanted = None
        frozen = self._viewing.frozen
        if fitted.frame is None and frozen is None:
            self._use_still(place, spot, fitted.aspect)
            return
        now_k = white.balanced_k(self._status)
        balanced_k = self._balanced_at(frozen.taken_at) if frozen is not None else now_k
        if balanced_k is None:
            self._go_by_kelvin()
            return
        from groundglass.imaging.white_balance import Pick, kelvin_of  # numpy is loaded by now

        try:
            kelvin = kelvin_of(Pick(*spot.light, spot.clipped_share), balanced_k)
        except UsageError as error:
            self._tell(error)
        else:
            self._set(kelvin, self._is_even)

    def _go_by_kelvin(self) -> None:
        """Take the body off its own choice, which nobody knows; the next pick counts."""
        temperature = self._status.setting(SettingId.COLOR_TEMPERATURE)
        now = temperature.current.number if temperature is not None and temperature.current else None
        words = "The camera goes by kelvin now: pick again, from the picture that it shows with it."
        if self._viewing.is_frozen:
            words = (
                f"The camera goes by kelvin now. {self._keys.label(ActionId.FREEZE)}: live; pick again there."
            )
        self._bridge.watch(
            self._desk.use_kelvin(now or _USUAL_K), lambda _: self._hint.say(words), self._tell
        )

    def _use_still(self, place: _Place, spot: Spot, aspect: float) -> None:
        shot, session = self._viewing.shot, self._session()
        if shot is None or session is None:
            return
        from groundglass.imaging.white_balance import Pick  # numpy is loaded by now

        balanced_k = self._balanced.get((session, shot.number))
        pick = Pick(*spot.light, spot.clipped_share, spot.space.from_xyz, is_even=self._is_even)
        self._background.run(
            "pick",
            lambda: _still_kelvin(session, shot, place, pick, aspect, balanced_k),
            lambda found: self._set(*found),
            self._tell,
        )

    def _set(self, kelvin: float, is_even: bool) -> None:
        def kept(setting: Setting) -> None:
            self._arm(False)
            self._hint.say("")
            uneven = "" if is_even else ". The spot is not even: colours of several things"
            self._viewing.show_news(f"White balance: {setting.label}{uneven}", _NEWS)
            self._told.start()

        self._bridge.watch(self._desk.use_kelvin(kelvin), kept, self._tell)


def _still_kelvin(
    session: Path, shot: Shot, place: _Place, pick: Pick, aspect: float, balanced_k: float | None
) -> tuple[float, bool]:
    """Return the temperature of the light on a shot, and whether what was picked is even.

    From its RAW, else from what is shown of it: pick.
    """
    from groundglass.imaging.overlay import Area
    from groundglass.imaging.white_balance import kelvin_of, raw_pick

    raw, shown = pictures.raw_path(session, shot), pictures.shown_path(session, shot)
    # The file knows best. A RAW without a word of it tells by its multipliers.
    balanced_k = _told_k(shown) or balanced_k
    if raw is not None:
        try:
            pick = raw_pick(raw, Area(*spot_area(place, aspect, PICK_WIDTH)), aspect)
        except ImageError:
            if balanced_k is None:
                raise
    return kelvin_of(pick, balanced_k), pick.is_even


def _told_k(path: Path | None) -> float | None:
    """Return for what a file says that it was balanced; None if it does not."""
    if path is None:
        return None
    try:
        told = pictures.details_of(path).temperature
    except ImageError:
        return None
    return told.value if told is not None else None

"""Tell what will stop the shoot before it does: battery, card, disk."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from groundglass.camera.dialects.capture_target import is_in_memory_only
from groundglass.errors import CameraError, DiskFullError, GroundglassError
from groundglass.model.camera import CameraStatus
from groundglass.model.setting import LOW, Setting, SettingId, battery_share
from groundglass.model.words import counted
from groundglass.studio.events import Event, Supply, SupplyChanged, Warned

BATTERY_PERCENT = (20, 10, 5)  # told from these on
CARD_SHOTS = (20, 5, 0)
_DISK_FRAMES = (99, 20, 5)


class _Ladder(Struct):
    """Levels that are told once each on the way down, and again after things were better.

    A fifth more than a level counts as better: what is estimated goes up and down by itself.
    """

    levels: tuple[int, ...]
    told: int | None = None  # the lowest level that was told and not left since
    words: str = ""  # what was told last

    def falls_to(self, value: int) -> bool:
        """Tell whether this value has to be told now."""
        lowest = min((level for level in self.levels if value <= level), default=None)
        is_new = lowest is not None and (self.told is None or lowest < self.told)
        if is_new or (self.told is not None and value > self.told + max(1, self.told // 5)):
            self.told = lowest
        return is_new


class Warnings(Struct):
    """Watches what runs out. Call it from one thread at a time for the camera, and one for the disk."""

    tell: Callable[[Event], None]
    _battery: _Ladder = field(default_factory=lambda: _Ladder(BATTERY_PERCENT))
    _card: _Ladder = field(default_factory=lambda: _Ladder(CARD_SHOTS))
    _disk: _Ladder = field(default_factory=lambda: _Ladder(_DISK_FRAMES))

    def look_at_camera(self, status: CameraStatus) -> None:
        """Warn of a battery or a card that runs out; only of a card that pictures go to."""
        if not status.state.is_connected:
            return
        battery = status.setting(SettingId.BATTERY)
        share = battery_share(battery)
        # Mains adapters report more than a battery can hold.
        if share is not None and share > 1:
            self._end(Supply.BATTERY, self._battery)
        elif battery is not None and share is not None:
            level = "low" if battery.label == LOW else f"at {battery.label}"
            error = CameraError(f"The camera's battery is {level}.", "Change it at the next pause.")
            self._look(Supply.BATTERY, self._battery, round(share * 100), error)
        target = status.setting(SettingId.CAPTURE_TARGET)
        left = _number(status.setting(SettingId.SHOTS_LEFT))
        if is_in_memory_only(target):
            self._end(Supply.CARD, self._card)
        elif left is not None:
            said = (
                "The memory card is full."
                if left == 0
                else f"The memory card has room for {counted(left, 'more shot')}."
            )
            error = CameraError(said, "Put in another card, or capture to the computer only.")
            self._look(Supply.CARD, self._card, left, error)

    def look_at_disk(self, frames: int | None) -> None:
        """Warn of a disk that runs out; frames: how many more shots fit, None if that is not known."""
        if frames is None:
            return
        said = (
            f"The session's disk has room for {counted(frames, 'more shot')}."
            if frames > 0
            else "The session's disk has no room for another shot."
        )
        error = DiskFullError(said, "Make room, or go on in a session on another disk.")
        self._look(Supply.DISK, self._disk, frames, error)

    def _look(self, about: Supply, ladder: _Ladder, value: int, error: GroundglassError) -> None:
        had_told = ladder.told is not None
        if ladder.falls_to(value):
            self.tell(Warned(error, about))
        elif ladder.told is None:
            if had_told:
                self.tell(SupplyChanged(about))
        elif error.message != ladder.words:
            self.tell(SupplyChanged(about, error))
        ladder.words = error.message

    def _end(self, about: Supply, ladder: _Ladder) -> None:
        if ladder.told is not None:
            ladder.told = None
            self.tell(SupplyChanged(about))


def _number(setting: Setting | None) -> int | None:
    if setting is None or setting.current is None or not setting.current.label.isdigit():
        return None
    return int(setting.current.label)

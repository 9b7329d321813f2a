"""Tell what will stop the shoot before it does: battery, card, disk."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from groundglass.errors import CameraError, DiskFullError, GroundglassError
from groundglass.model.camera import CameraStatus
from groundglass.model.setting import Setting, SettingId

_BATTERY_PERCENT = (20, 10, 5)
_CARD_SHOTS = (20, 5, 0)
_DISK_FRAMES = (99, 20, 5)


@dataclass(slots=True)
class _Ladder:
    """Levels that are told once each on the way down, and again after things were better."""

    levels: tuple[int, ...]
    told: int | None = None  # the lowest level that was told

    def falls_to(self, value: int) -> bool:
        """Tell whether this value has to be told now."""
        reached = [level for level in self.levels if value <= level]
        if not reached:
            self.told = None
            return False
        lowest = min(reached)
        is_new = self.told is None or lowest < self.told
        self.told = lowest
        return is_new


@dataclass(slots=True)
class Warnings:
    """Watches what runs out. Call it from one thread at a time."""

    tell: Callable[[GroundglassError], None]
    _battery: _Ladder = field(default_factory=lambda: _Ladder(_BATTERY_PERCENT))
    _card: _Ladder = field(default_factory=lambda: _Ladder(_CARD_SHOTS))
    _disk: _Ladder = field(default_factory=lambda: _Ladder(_DISK_FRAMES))

    def look_at_camera(self, status: CameraStatus) -> None:
        """Warn of a battery or a card that runs out; only of a card that pictures go to."""
        if not status.state.is_connected:
            return
        percent = _number(status.setting(SettingId.BATTERY))
        # Mains adapters report more than a battery can hold.
        if percent is not None and percent <= 100 and self._battery.falls_to(percent):
            self.tell(CameraError(f"The camera's battery is at {percent} %.", "Change it at the next pause."))
        target = status.setting(SettingId.CAPTURE_TARGET)
        to_card = target is None or target.current is None or "card" in target.current.raw.lower()
        left = _number(status.setting(SettingId.SHOTS_LEFT))
        if to_card and left is not None and self._card.falls_to(left):
            said = (
                "The memory card is full." if left == 0 else f"The memory card has room for {_shots(left)}."
            )
            self.tell(CameraError(said, "Put in another card, or capture to the computer only."))

    def look_at_disk(self, free_bytes: int | None, frame_bytes: int) -> None:
        """Warn of a disk that runs out; `frame_bytes` is what one shot has lately taken."""
        if free_bytes is None or frame_bytes <= 0:
            return
        frames = free_bytes // frame_bytes
        if self._disk.falls_to(frames):
            self.tell(
                DiskFullError(
                    f"The session's disk has room for {_shots(frames)}.",
                    "Make room, or go on in a session on another disk.",
                )
            )


def _shots(count: int) -> str:
    return "one more shot" if count == 1 else f"{count} more shots"


def _number(setting: Setting | None) -> int | None:
    if setting is None or setting.current is None:
        return None
    match = re.fullmatch(r"(\d+)\s*%?", setting.current.label)
    return int(match[1]) if match else None

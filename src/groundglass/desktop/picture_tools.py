"""Which tools lie over the picture. Loads nothing heavy: the window knows them before the first picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Peaking(StrEnum):
    """How much is marked as sharp, in the order in which the key goes round."""

    OFF = "off"
    NORMAL = "normal"
    STRONG = "strong"
    WEAK = "weak"

    @property
    def following(self) -> Peaking:
        """Return what the next press of the key brings."""
        steps = list(Peaking)
        return steps[(steps.index(self) + 1) % len(steps)]


@dataclass(frozen=True, slots=True)
class PictureTools:
    """What is painted into the picture before it is shown; all off costs nothing."""

    clipping: bool = False
    peaking: Peaking = Peaking.OFF
    false_color: bool = False

    @property
    def words(self) -> str:
        """Name what no other part of the window tells; empty if nothing is on."""
        return f"Peaking: {self.peaking}" if self.peaking is not Peaking.OFF else ""

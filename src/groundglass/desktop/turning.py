"""How the picture is turned on the screen: quarter turns, a mirror, a fine angle. Pure numbers.

Matrices are a, b, x, c, d, y: a point (u, v) of the picture lands at (a u + b v + x, c u + d v + y).
Lengths are pixels, and a pixel's middle lies half a pixel from its corner.
"""

from __future__ import annotations

import math

from msgspec import Struct

Matrix = tuple[float, float, float, float, float, float]
MOST_DEGREES = 45.0
FINE_DEGREES, COARSE_DEGREES = 0.1, 1.0

_QUARTERS = ((1.0, 0.0, 0.0, 1.0), (0.0, -1.0, 1.0, 0.0), (-1.0, 0.0, 0.0, -1.0), (0.0, 1.0, -1.0, 0.0))


class Turn(Struct, frozen=True):
    """Quarters first, then the mirror, then the fine angle: it is what the eye sees turn."""

    quarter_turns: int = 0  # clockwise, 0 to 3
    is_mirrored: bool = False
    degrees: float = 0.0  # clockwise on the screen, -45 to 45

    @property
    def is_sideways(self) -> bool:
        return self.quarter_turns % 2 == 1

    @property
    def linear(self) -> tuple[float, float, float, float]:
        """Return a, b, c, d of its matrix, without any scale; exact where there is no fine angle."""
        a, b, c, d = _QUARTERS[self.quarter_turns]
        if self.is_mirrored:
            a, b = -a, -b
        if not self.degrees:
            return a, b, c, d
        cos, sin = math.cos(math.radians(self.degrees)), math.sin(math.radians(self.degrees))
        return cos * a - sin * c, cos * b - sin * d, sin * a + cos * c, sin * b + cos * d

    def bounds(self, width: float, height: float) -> tuple[float, float]:
        """Return the width and height of what the whole turned picture covers."""
        a, b, c, d = self.linear
        return abs(a) * width + abs(b) * height, abs(c) * width + abs(d) * height

    def matrix(self, size: tuple[float, float], into: tuple[float, float], scale: float = 1.0) -> Matrix:
        """Return the matrix that turns a picture of this size about its middle, in the middle of a place."""
        a, b, c, d = (scale * one for one in self.linear)
        middle_x, middle_y = size[0] / 2, size[1] / 2
        return (
            a, b, into[0] / 2 - a * middle_x - b * middle_y,
            c, d, into[1] / 2 - c * middle_x - d * middle_y,
        )  # fmt: skip

    def largest_within(self, width: float, height: float, aspect: float = 0.0) -> tuple[float, float]:
        """Return the largest upright rectangle inside the turned picture, about its middle.

        width, height: of the picture before it is turned.  aspect: width by height; 0: as the picture has it,
        on its side if that is how it is turned.
        """
        if self.is_sideways:
            width, height = height, width
        shape = aspect or width / height
        cos, sin = math.cos(math.radians(self.degrees)), abs(math.sin(math.radians(self.degrees)))
        down = min(width / (shape * cos + sin), height / (shape * sin + cos))
        return shape * down, down


UPRIGHT = Turn()


def fitted_size(width: float, height: float, into_width: int, into_height: int) -> tuple[int, int]:
    """Return the largest size of the same shape that fits, at least 1 x 1."""
    scale = min(into_width / width, into_height / height)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def fitted_sizes(
    turn: Turn, width: int, height: int, room: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the sizes of a picture that fits whole into a place: before it is turned, and turned."""
    across, down = turn.bounds(width, height)
    scale = min(room[0] / across, room[1] / down)
    return (
        (max(round(width * scale), 1), max(round(height * scale), 1)),
        fitted_size(across, down, *room),
    )


def levelled(turn: Turn, degrees: float) -> Turn:
    """Return a turn with another fine angle, by tenths; beyond 45 degrees it takes a quarter turn along."""
    quarters = round(degrees / 90)
    rest = round(degrees - 90 * quarters, 1) + 0.0  # no -0.0
    # The mirror lies between the quarters and the fine angle: through it they turn the other way.
    turns = (turn.quarter_turns + (-quarters if turn.is_mirrored else quarters)) % 4
    return Turn(turns, turn.is_mirrored, rest)


def off_level(across: float, down: float) -> float:
    """Return by how many degrees a line is off the level or the upright that it is nearer to; clockwise."""
    return (math.degrees(math.atan2(down, across)) + 45.0) % 90.0 - 45.0

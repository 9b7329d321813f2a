"""Where the spot of the meter lies. Pure numbers: the view draws it without numpy."""

from __future__ import annotations

# Of the picture's width: about 1 % of the picture's area, as the spot meter of a camera.
SPOT_WIDTH = 0.08
PICK_WIDTH = 0.025  # of the white balance: within one patch of a colour chart
FOCUS_WIDTH = 0.06
STEP = 0.02


def spot_area(
    middle: tuple[float, float], aspect: float, width: float = SPOT_WIDTH
) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom, 0 to 1, of a square around a point, whole inside the picture.

    aspect: width by height.  width: of the square, as a share of the picture's.
    """
    across = width / 2
    down = min(across * aspect, 0.5)
    x, y = min(max(middle[0], across), 1 - across), min(max(middle[1], down), 1 - down)
    return (x - across, y - down, x + across, y + down)


def moved(middle: tuple[float, float] | None, across: int, down: int) -> tuple[float, float]:
    """Return the point a step away; without one, the middle of the picture."""
    if middle is None:
        return (0.5, 0.5)
    return (
        min(max(middle[0] + across * STEP, 0.0), 1.0),
        min(max(middle[1] + down * STEP, 0.0), 1.0),
    )

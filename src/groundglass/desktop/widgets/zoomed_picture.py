"""A picture at 100 % or 200 %: all of its pixels, the point in the middle, and the part that is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QTransform

from groundglass.desktop.turning import Matrix, Turn
from groundglass.desktop.widgets.picture_place import Point, as_transform, panned, zoomed_matrix

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_SCALE = 2  # 200 %


class ZoomedPart(Struct, frozen=True, eq=False):
    """What is seen of a whole picture that is zoomed: somebody has to make its pixels."""

    full: NDArray[np.uint8]
    matrix: Matrix  # from its pixels to those of the view
    size: tuple[int, int]  # of the view, device pixels
    ground: int  # grey around the picture

    def make(self) -> NDArray[np.uint8]:
        """Return its pixels, (height, width, 4) BGRX. 1 to 40 ms: not on the user-interface thread."""
        from groundglass.desktop.turned_pixels import turned_part

        return turned_part(self.full, self.matrix, self.size, self.ground)

    def is_like(self, other: ZoomedPart | None) -> bool:
        return (
            other is not None
            and other.full is self.full
            and (other.matrix, other.size, other.ground) == (self.matrix, self.size, self.ground)
        )


class ZoomedPicture:
    """The whole picture and how it is seen; it outlives the picture: the next one is seen alike.

    room: the size of the view, device pixels.  turn: how the picture is to be seen.
    """

    def __init__(self) -> None:
        self._full: NDArray[np.uint8] | None = None
        self._scale = 0  # what is wanted; nothing is zoomed before the whole picture is there
        self._centre: Point = (0.5, 0.5)
        self._asked: ZoomedPart | None = None
        self._made: tuple[ZoomedPart, NDArray[np.uint8]] | None = None

    @property
    def has_whole(self) -> bool:
        return self._full is not None

    @property
    def is_zoomed(self) -> bool:
        return self._scale > 0 and self._full is not None

    @property
    def scale(self) -> int:
        return self._scale

    @property
    def centre(self) -> Point:
        return self._centre

    @property
    def size(self) -> QSize:
        return QSize() if self._full is None else QSize(self._full.shape[1], self._full.shape[0])

    def take_whole(self, image: NDArray[np.uint8] | None) -> None:
        """image: (height, width, 4) BGRX or (height, width, 3) BGR; None: let the one before go."""
        self._full = image
        self._asked = self._made = None

    def take_part(self, part: ZoomedPart, pixels: NDArray[np.uint8]) -> bool:
        """Keep the pixels of a part, unless it is another picture's; tell whether they were kept."""
        if part.full is not self._full:
            return False
        self._made = (part, pixels)
        return True

    def set_scale(self, scale: int) -> None:
        self._scale = min(max(scale, 0), MOST_SCALE)

    def look_at(self, x: float, y: float) -> None:
        self._centre = (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    def pan(self, x_px: float, y_px: float, room: QSize, turn: Turn) -> None:
        """Move the view over the picture by device pixels, not past its edges."""
        self.look_at(*panned(self.size, room, turn, self._scale, self._centre, (x_px, y_px)))

    def transform(self, room: QSize, turn: Turn) -> QTransform:
        """Return how the picture's pixels land in the view."""
        return as_transform(self._matrix(room, turn))

    def part_to_make(self, room: QSize, turn: Turn, ground: int) -> ZoomedPart | None:
        """Return the part that `take_part` has to get before it can be painted; each is told once."""
        if self._full is None:
            return None
        wanted = ZoomedPart(self._full, self._matrix(room, turn), (room.width(), room.height()), ground)
        if wanted.is_like(self._asked):
            return None
        self._asked = wanted
        return wanted

    def part_to_paint(self, room: QSize, turn: Turn) -> tuple[QPoint, NDArray[np.uint8]] | None:
        """Return the part that was made last, and where it lies in the view now; None: none was made yet."""
        if self._made is None:
            return None
        made, pixels = self._made
        was, now = made.matrix, self._matrix(room, turn)
        by = QPoint(0, 0)
        if _linear(was) == _linear(now):
            by = QPoint(round(now[2] - was[2]), round(now[5] - was[5]))
        return by, pixels

    def _matrix(self, room: QSize, turn: Turn) -> Matrix:
        return zoomed_matrix(self.size, room, turn, self._scale, self._centre)


def _linear(matrix: Matrix) -> tuple[float, ...]:
    return matrix[0], matrix[1], matrix[3], matrix[4]

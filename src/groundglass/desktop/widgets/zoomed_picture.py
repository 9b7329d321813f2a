"""A picture at 100 % or 200 %: all of its pixels, the point in the middle, and the part that is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QTransform

from groundglass.desktop.turning import Matrix, Turn
from groundglass.desktop.widgets.picture_place import Point, as_transform, panned, zoomed_matrix

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from groundglass.imaging.color import Profile

MOST_SCALE = 2  # 200 %


class ZoomedPart(Struct, frozen=True, eq=False):
    """What is seen of a whole picture that is zoomed: somebody has to make its pixels."""

    full: NDArray[np.uint8]
    matrix: Matrix  # from its pixels to those of the view
    size: tuple[int, int]  # of the view, device pixels
    ground: int  # grey around the picture
    profile: Profile | None  # of its pixels; None: sRGB
    # Pixels of the part before, and how far they moved to the right and down: what is still seen stays.
    known: tuple[NDArray[np.uint8], tuple[int, int]] | None = None

    def make(self) -> NDArray[np.uint8]:
        """Return its pixels, (height, width, 4) BGRX in the monitor's colours; raises ImageError.

        1 to 40 ms, and 20 a megapixel for other colours: not on the user-interface thread.
        """
        from groundglass.desktop.turned_pixels import moved_part, seen_part

        if self.known is None:
            return seen_part(self.full, self.matrix, self.size, self.ground, self.profile)
        return moved_part(*self.known, self.full, self.matrix, self.ground, self.profile)

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
        self._profile: Profile | None = None
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

    def take_whole(self, image: NDArray[np.uint8] | None, profile: Profile | None) -> None:
        """Take all of a picture, as PictureView.show_full does."""
        self._full, self._profile = image, profile
        self._asked = self._made = None

    def take_part(self, part: ZoomedPart, pixels: NDArray[np.uint8]) -> bool:
        """Keep the pixels of a part, unless it is another picture's or older; tell whether they were kept."""
        has_newest = self._made is not None and self._made[0].is_like(self._asked)
        if part.full is not self._full or (has_newest and not part.is_like(self._asked)):
            return False
        self._made = (replace(part, known=None), pixels)
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
        size = (room.width(), room.height())
        wanted = ZoomedPart(self._full, self._matrix(room, turn), size, ground, self._profile)
        if wanted.is_like(self._asked):
            return None
        self._asked = wanted
        return replace(wanted, known=self._known_of(wanted))

    def _known_of(self, wanted: ZoomedPart) -> tuple[NDArray[np.uint8], tuple[int, int]] | None:
        """Return the part that was made last if all pixels that it shares with another are the same."""
        if self._made is None:
            return None
        made, pixels = self._made
        is_pixel_on_pixel = not wanted.matrix[0] * wanted.matrix[1]
        is_alike = (made.size, made.ground) == (wanted.size, wanted.ground)
        by = _moved_by(made.matrix, wanted.matrix)
        return (pixels, by) if by is not None and is_pixel_on_pixel and is_alike else None

    def part_to_paint(self, room: QSize, turn: Turn) -> tuple[QPoint, NDArray[np.uint8]] | None:
        """Return the part that was made last, and where it lies in the view now; None: none was made yet."""
        if self._made is None:
            return None
        made, pixels = self._made
        by = _moved_by(made.matrix, self._matrix(room, turn))
        return QPoint(*by) if by is not None else QPoint(0, 0), pixels

    def _matrix(self, room: QSize, turn: Turn) -> Matrix:
        return zoomed_matrix(self.size, room, turn, self._scale, self._centre)


def _moved_by(was: Matrix, now: Matrix) -> tuple[int, int] | None:
    """Return how far all moved to the right and down, in pixels; None: it was turned or scaled too."""
    if (was[:2], was[3:5]) != (now[:2], now[3:5]):
        return None
    return round(now[2] - was[2]), round(now[5] - was[5])

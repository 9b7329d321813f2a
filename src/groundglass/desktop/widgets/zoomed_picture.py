"""A picture at 100 % or 200 %: all of its pixels, the point in the middle, and the part that is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QTransform

from groundglass.desktop.pixels import as_image
from groundglass.desktop.turning import UPRIGHT, Matrix, Turn
from groundglass.desktop.widgets.picture_place import Point, as_transform, panned, zoomed_matrix

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_SCALE = 2  # 200 %


class ZoomedPart(Struct, frozen=True, eq=False):
    """What is seen of a whole picture that is turned and zoomed: somebody has to make its pixels."""

    full: NDArray[np.uint8]
    matrix: Matrix  # from its pixels to those of the view
    size: tuple[int, int]  # of the view, device pixels
    ground: int  # grey around the picture

    def make(self) -> NDArray[np.uint8]:
        """Return its pixels, (height, width, 4) BGRX. Some ms: not on the user-interface thread."""
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
        self._copied: tuple[QRect, NDArray[np.uint8]] | None = None  # as last painted
        self._asked: ZoomedPart | None = None
        self._turned: tuple[ZoomedPart, NDArray[np.uint8]] | None = None

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
        self._copied = self._asked = self._turned = None

    def take_part(self, part: ZoomedPart, pixels: NDArray[np.uint8]) -> bool:
        """Keep the pixels of a part, unless it is another picture's; tell whether they were kept."""
        if part.full is not self._full:
            return False
        self._turned = (part, pixels)
        return True

    def set_scale(self, scale: int) -> None:
        self._scale = min(max(scale, 0), MOST_SCALE)

    def look_at(self, x: float, y: float) -> None:
        self._centre = (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    def pan(self, x_px: float, y_px: float, room: QSize, turn: Turn) -> None:
        """Move the view over the picture by device pixels, not past its edges."""
        if turn != UPRIGHT:
            self.look_at(*panned(self.size, room, turn, self._scale, self._centre, (x_px, y_px)))
            return
        x, y = self._centre
        across = _moved(x, x_px / self._scale, self.size.width(), room.width() / self._scale)
        down = _moved(y, y_px / self._scale, self.size.height(), room.height() / self._scale)
        self.look_at(across, down)

    def transform(self, room: QSize, turn: Turn) -> QTransform:
        """Return how the picture's pixels land in the view."""
        if turn != UPRIGHT:
            return as_transform(self._matrix(room, turn))
        source, place = self._seen(room)
        transform = QTransform.fromTranslate(place.left(), place.top())
        transform.scale(self._scale, self._scale)
        transform.translate(-source.left(), -source.top())
        return transform

    def part_to_make(self, room: QSize, turn: Turn, ground: int) -> ZoomedPart | None:
        """Return the part that `take_part` has to get before it can be painted; each is told once."""
        if self._full is None or turn == UPRIGHT:
            return None
        wanted = ZoomedPart(self._full, self._matrix(room, turn), (room.width(), room.height()), ground)
        if wanted.is_like(self._asked):
            return None
        self._asked = wanted
        return wanted

    def paint(self, painter: QPainter, room: QSize, turn: Turn) -> bool:
        """Paint what is seen, in device pixels; False: it is turned, and no part has been made yet."""
        assert self._full is not None
        if turn != UPRIGHT:
            return self._paint_turned(painter, self._matrix(room, turn))
        source, place = self._seen(room)
        # At 200 % each pixel is doubled, nothing is computed: 3 ms for 1920 x 1200 (2026-11).
        if self._full.flags.c_contiguous:
            # OpenCV would share the part among its threads, and spin up to 12 ms for one that has to wait.
            painter.drawImage(place, as_image(self._full), source)
        else:
            painter.drawImage(place, as_image(self._copy(self._full, source)))
        return True

    def _paint_turned(self, painter: QPainter, now: Matrix) -> bool:
        """Paint the part that was made last, where it lies now."""
        if self._turned is None:
            return False
        made, pixels = self._turned
        was, by = made.matrix, QPoint(0, 0)
        if _linear(was) == _linear(now):
            by = QPoint(round(now[2] - was[2]), round(now[5] - was[5]))
        painter.drawImage(by, as_image(pixels))
        return True

    def _matrix(self, room: QSize, turn: Turn) -> Matrix:
        return zoomed_matrix(self.size, room, turn, self._scale, self._centre)

    def _seen(self, room: QSize) -> tuple[QRect, QRect]:
        """Return which pixels of the upright picture are seen, and where."""
        scale = self._scale
        # Rounded up: half a pixel of the picture may be seen at the edge.
        across, down = -(-room.width() // scale), -(-room.height() // scale)
        left = _window(self._centre[0], self.size.width(), across)
        top = _window(self._centre[1], self.size.height(), down)
        source = QRect(max(left, 0), max(top, 0), across, down).intersected(QRect(QPoint(0, 0), self.size))
        return source, QRect(QPoint(max(-left, 0), max(-top, 0)) * scale, source.size() * scale)

    def _copy(self, full: NDArray[np.uint8], source: QRect) -> NDArray[np.uint8]:
        """Return some of the picture's pixels to be painted, BGRX; the last ones are remembered."""
        if self._copied is None or self._copied[0] != source:
            from groundglass.imaging.packed import pixels_of  # loaded by whoever made the picture

            rows, columns = slice(source.top(), source.bottom() + 1), slice(source.left(), source.right() + 1)
            self._copied = QRect(source), pixels_of(full[rows, columns])
        return self._copied[1]


def _linear(matrix: Matrix) -> tuple[float, ...]:
    return matrix[0], matrix[1], matrix[3], matrix[4]


def _moved(centre: float, by_px: float, length: int, room: float) -> float:
    """Return a centre moved by pixels of the picture, so that its edge stays at the window's edge."""
    half = min(room / length / 2, 0.5)
    return min(max(centre + by_px / length, half), 1 - half)


def _window(centre: float, length: int, room: int) -> int:
    """Return where a window of `room` pixels begins on a line; negative if the line is shorter."""
    if length <= room:
        return (length - room) // 2
    return min(max(round(centre * length - room / 2), 0), length - room)

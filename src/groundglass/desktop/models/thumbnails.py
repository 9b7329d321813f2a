"""Thumbnails by the numbers of their shots: those that were looked at last, bounded by their bytes."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# 224 of them at 100 %, more than a light table shows on a 4K screen, and at 200 % more than it does there.
_MOST_BYTES = 28_000_000


class ThumbnailSizes(Struct, frozen=True):
    """How large a thumbnail is painted at most: width and height in pixels of the window."""

    film: tuple[int, int] = (120, 80)
    table: tuple[int, int] = (180, 120)


class Thumbnail(Struct, frozen=True, eq=False):
    """A picture in the two sizes in which it is painted. (height, width, 4) BGRX, device pixels."""

    on_table: NDArray[np.uint8]
    in_film: NDArray[np.uint8]

    @property
    def largest(self) -> NDArray[np.uint8]:
        return max(self.on_table, self.in_film, key=lambda one: one.nbytes)

    @property
    def nbytes(self) -> int:
        return self.on_table.nbytes + self.in_film.nbytes


class Thumbnails:
    """Keeps those that are here, and which were asked for. User-interface thread."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Thumbnail | None] = OrderedDict()  # None: broken
        self._bytes = 0
        self._asked: set[int] = set()
        self._sizes = ThumbnailSizes()
        self._outgrown: set[int] = set()  # they are of another size than is wanted now

    @property
    def sizes(self) -> ThumbnailSizes:
        return self._sizes

    @property
    def nbytes(self) -> int:
        return self._bytes

    def known(self, number: int) -> Thumbnail | None:
        """Return one that is here; None: it is not, or nothing is to be shown of the shot."""
        return self._kept.get(number)

    def is_broken(self, number: int) -> bool:
        """Tell whether nothing is to be shown of a shot."""
        return number in self._kept and self._kept[number] is None

    def look_at(self, number: int) -> bool:
        """Note that one is looked at; tell whether it has to be made, which is told once."""
        is_here = number in self._kept
        if is_here:
            self._kept.move_to_end(number)
        if (is_here and number not in self._outgrown) or number in self._asked:
            return False
        self._asked.add(number)
        return True

    def give_up(self, number: int) -> None:
        """Take it as not asked for: its shot is gone."""
        self._asked.discard(number)

    def keep(self, number: int, thumbnail: Thumbnail | None) -> None:
        """Take what was asked for; None: nothing is to be shown of the shot."""
        self._asked.discard(number)
        self._drop(number)
        self._outgrown.discard(number)
        self._kept[number] = thumbnail
        self._bytes += thumbnail.nbytes if thumbnail is not None else 0
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def try_again(self, number: int) -> None:
        """Let it be asked for anew if it was broken: another file of its shot may be whole."""
        if self.is_broken(number):
            self._drop(number)
            self._asked.discard(number)

    def forget(self) -> None:
        """Let all be asked for anew."""
        self._kept.clear()
        self._outgrown.clear()
        self._bytes = 0
        self._asked.clear()

    def use_sizes(self, sizes: ThumbnailSizes) -> None:
        """Want them in other sizes; those that are here stay until the new ones come."""
        if sizes != self._sizes:
            self._sizes = sizes
            self._asked.clear()
            self._outgrown = {number for number, one in self._kept.items() if one is not None}

    def _drop(self, number: int) -> None:
        gone = self._kept.pop(number, None)
        self._bytes -= gone.nbytes if gone is not None else 0

"""Memory for live frames, used again once nobody looks at it."""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

_OURS_ALONE = 2  # references: the list's and the question's


class FrameRoom:
    """Gives out arrays of the same few pieces of memory. One thread; what it gave may be let go on any.

    New memory for each frame of 3 MB is 800 pages that the system clears, and gives back on the thread that
    lets go of it last, the window's: 2 ms of processor together (2026-11).
    """

    def __init__(self, most: int) -> None:
        """Keep so many pieces: as many as are looked at while the next one is made."""
        self._most = most
        self._pieces: list[NDArray[np.uint8]] = []

    def take(self, width: int, height: int) -> NDArray[np.uint8]:
        """Return (height, width, 4) uint8 with anything in it, which nobody else has."""
        shape = (height, width, 4)
        self._pieces = [one for one in self._pieces if one.shape == shape]
        for at in range(len(self._pieces)):
            # Every array that looks at it, and every image of such an array, holds the piece itself.
            if sys.getrefcount(self._pieces[at]) == _OURS_ALONE:
                return self._pieces[at][:]
        piece = np.empty(shape, np.uint8)
        if len(self._pieces) < self._most:
            self._pieces.append(piece)
        return piece[:]

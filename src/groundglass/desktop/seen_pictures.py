"""Pictures that were seen, or soon will be, at the size of the view: bounded by their bytes."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from groundglass.desktop.pictures import ShownPicture

_MOST_BYTES = 13_000_000  # three at 1440 x 960: the one that is shown and its neighbours
_AT_LEAST = 2  # of any size: the two neighbours that are read ahead


class SeenPictures:
    """Keeps the pictures that were asked for last. User-interface thread."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Path, ShownPicture] = OrderedDict()
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        return self._bytes

    def __contains__(self, path: Path) -> bool:
        return path in self._kept

    def get(self, path: Path) -> ShownPicture | None:
        kept = self._kept.get(path)
        if kept is not None:
            self._kept.move_to_end(path)
        return kept

    def keep(self, path: Path, picture: ShownPicture) -> None:
        self.forget(path)
        self._kept[path] = picture
        self._bytes += picture.image.nbytes
        while self._bytes > self._most_bytes and len(self._kept) > _AT_LEAST:
            self._bytes -= self._kept.popitem(last=False)[1].image.nbytes

    def forget(self, path: Path) -> None:
        known = self._kept.pop(path, None)
        if known is not None:
            self._bytes -= known.image.nbytes

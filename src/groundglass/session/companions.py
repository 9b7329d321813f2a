"""What lies beside a picture and belongs to it: sidecars, and developments of other programs.

A shot has one sidecar under its own name (`S_0001.xmp`). darktable writes one for each file, RawTherapee and
DxO PhotoLab write their developments so too (`S_0001.nef.xmp`, `S_0001.nef.pp3`, `S_0001.nef.dop`). Of each
duplicate darktable keeps one more (`S_0001_01.nef.xmp`), unless a picture of that name is there: then it is
that one's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from pathlib import Path

from groundglass.session.disk import Disk
from groundglass.session.record import stem_of

SIDECAR = ".xmp"
_OF_EACH_FILE = (SIDECAR, ".pp3", ".dop")
ENDINGS = frozenset((*_OF_EACH_FILE, ".cos"))  # Capture One keeps the last one in folders of its own
_OF_A_DUPLICATE = re.compile(r"(.+)_(0[1-9]|[1-9][0-9]{1,3})(\.[^.]+)\.xmp")  # as far as darktable looks


def companions_of(path: str, duplicates: Iterable[str] = ()) -> tuple[str, ...]:
    """Return every path where something of a picture's can be, whether it is there or not.

    duplicates: their numbers (`01`), see `Folders`.  In the same order for every picture: those of its copy
    stand at the same places.
    """
    beside = (f"{path}{ending}" for ending in _OF_EACH_FILE)
    return (
        f"{stem_of(path)}{SIDECAR}",
        *beside,
        *(f"{duplicate_of(path, one)}{SIDECAR}" for one in duplicates),
    )


def duplicate_of(path: str, number: str) -> str:
    """Return what darktable calls a duplicate of a picture; no such file is there."""
    stem = stem_of(path)
    return f"{stem}_{number}{path.removeprefix(stem)}"


class Folders:
    """What is below a folder. Each folder in it is listed once, when it is asked for: SessionError."""

    def __init__(
        self, root: Path, disk: Disk, pictures: Callable[[], Container[str]] = frozenset[str]
    ) -> None:
        """pictures: gives paths of some that may be elsewhere now; what is called after them is theirs."""
        self._root = root
        self._disk = disk
        self._pictures = pictures
        self._names: dict[str, frozenset[str]] = {}
        self._duplicates: dict[str, dict[str, list[str]]] = {}  # by folder and path of the picture

    def __contains__(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return name in self._in(folder)

    def duplicates(self, path: str) -> tuple[str, ...]:
        """Return the numbers of a picture's duplicates that have a sidecar here, ascending."""
        folder = path.rpartition("/")[0]
        if folder not in self._duplicates:
            self._duplicates[folder] = self._find_duplicates(folder)
        return tuple(self._duplicates[folder].get(path, ()))

    def _find_duplicates(self, folder: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        names = self._in(folder)
        before = f"{folder}/" if folder else ""
        for name in names:
            if name.endswith(SIDECAR) and (parts := _OF_A_DUPLICATE.fullmatch(name)) is not None:
                own = name.removesuffix(SIDECAR)
                if own not in names and f"{before}{own}" not in self._pictures():
                    found.setdefault(f"{before}{parts[1]}{parts[3]}", []).append(parts[2])
        for numbers in found.values():
            numbers.sort(key=int)
        return found

    def _in(self, folder: str) -> frozenset[str]:
        if folder not in self._names:
            self._names[folder] = self._disk.names(self._root / folder)
        return self._names[folder]

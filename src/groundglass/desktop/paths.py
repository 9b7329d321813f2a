"""Paths as people read them, and where a dialog of folders begins."""

from __future__ import annotations

from pathlib import Path

from groundglass.session.disk import Disk
from groundglass.studio.jobs import aside

_PATIENCE_S = 0.2  # a disk that is there answers in milliseconds


def with_home(path: Path) -> str:
    """Return a path that begins with ~ where it lies in the home; `Path.expanduser` takes it back."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def nearest_folder(asked: Path) -> Path:
    """Return a folder, or the nearest above it that is there; the home if its disk does not answer at once.

    User-interface thread: on a network disk that hangs, the look itself would never end.
    """
    disk = Disk()

    def look() -> Path:
        there = (one for one in (asked, *asked.parents) if one.is_absolute() and disk.is_folder(one))
        return next(there, Path.home())

    try:
        return aside("nearest folder", look).result(_PATIENCE_S)
    except TimeoutError:
        return Path.home()

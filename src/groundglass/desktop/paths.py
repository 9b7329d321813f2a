"""Paths as people read them."""

from __future__ import annotations

from pathlib import Path


def with_home(path: Path) -> str:
    """Return a path that begins with ~ where it lies in the home; `Path.expanduser` takes it back."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)

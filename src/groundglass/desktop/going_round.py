"""Keys and buttons that go round a few choices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def after(now: T, choices: Iterable[T]) -> T:
    """Return what the next press brings: the choice behind this one, or the first."""
    every = tuple(choices)
    return every[(every.index(now) + 1) % len(every)]

"""Who is told of something."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Listeners(Generic[P]):
    """The ones that want to be told what P says. Any thread may subscribe, and look who there is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: tuple[Callable[P, None], ...] = ()

    @property
    def now(self) -> tuple[Callable[P, None], ...]:
        return self._all

    def subscribe(self, listener: Callable[P, None]) -> Callable[[], None]:
        """Tell this one too; returns the way to end that."""
        with self._lock:
            self._all = (*self._all, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._all = tuple(one for one in self._all if one is not listener)

        return unsubscribe

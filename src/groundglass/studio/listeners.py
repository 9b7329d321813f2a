"""Who is told of something."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")
_log = logging.getLogger(__name__)


class Listeners(Generic[P]):
    """The ones that want to be told what P says. Any thread may subscribe and tell."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: tuple[Callable[P, None], ...] = ()

    def subscribe(self, listener: Callable[P, None]) -> Callable[[], None]:
        """Tell this one too; returns the way to end that."""
        with self._lock:
            self._all = (*self._all, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._all = tuple(one for one in self._all if one is not listener)

        return unsubscribe

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call each on this thread; one that fails is logged, and stops neither the others nor the caller."""
        for listener in self._all:
            try:
                listener(*args, **kwargs)
            except Exception:  # noqa: BLE001 - one client's fault must not stop the others or the store
                _log.exception("A listener failed")

"""The border between the studio's threads and the user-interface thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from groundglass.desktop.own_faults import as_told
from groundglass.desktop.soon import soon
from groundglass.errors import GroundglassError
from groundglass.studio.events import Event, Listener, StatusChanged

T = TypeVar("T")


class Bridge(QObject):
    """Brings events, results and calls of any thread to the user-interface thread, in their order.

    What waits is kept in one queue, and each gets a turn of its own, behind the paint of what changed before:
    a burst of them becomes no long handler, and no long paint. Of several status reports in a row the newest
    counts.
    After `close` everything that still arrives is dropped.
    """

    happened = Signal(object)  # studio.events.Event
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: deque[Event | Callable[[], None]] = deque()
        self._is_closed = False
        self._unsubscribe: list[Callable[[], None]] = []
        self._deliver_soon = soon(self._deliver, self)
        self._wake.connect(self._awake, Qt.ConnectionType.QueuedConnection)

    def listen(self, subscribe: Callable[[Listener], Callable[[], None]]) -> None:
        """Pass on the events of a studio until this bridge is closed."""
        self._unsubscribe.append(subscribe(self._put))

    def call(self, function: Callable[[], None]) -> None:
        """Run a function on the user-interface thread, soon. Any thread."""
        self._put(function)

    def watch(
        self,
        future: Future[T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[GroundglassError], None] | None = None,
    ) -> None:
        """Hand a future's result, or its error, to the user-interface thread."""

        def report(finished: Future[T]) -> None:
            try:
                result = finished.result()
            except CancelledError:
                return
            except Exception as error:  # noqa: BLE001 - a future of ours: the border where bugs become visible
                told = as_told(error, "A request of the window")
                if failed is not None:
                    self.call(_bound(failed, told))
            else:
                if done is not None:
                    self.call(_bound(done, result))

        future.add_done_callback(report)

    def close(self) -> None:
        """Stop listening and drop what is under way. User-interface thread."""
        with self._lock:
            self._is_closed = True
            self._waiting.clear()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()

    def _put(self, what: Event | Callable[[], None]) -> None:
        with self._lock:
            if self._is_closed:
                return
            is_first = not self._waiting
            if (
                isinstance(what, StatusChanged)
                and self._waiting
                and isinstance(self._waiting[-1], StatusChanged)
            ):
                self._waiting[-1] = what
            else:
                self._waiting.append(what)
            if is_first:
                # Under the lock, so that the object cannot be closed and deleted in between.
                self._wake.emit()

    @Slot()
    def _awake(self) -> None:
        self._deliver_soon()  # may be asked for on this thread alone

    def _deliver(self) -> None:
        with self._lock:
            if not self._waiting:
                return  # closed meanwhile
            what = self._waiting.popleft()
            if self._waiting:
                self._deliver_soon()  # before this one, whose fault must not cost what was told behind it
        if callable(what):
            what()
        else:
            self.happened.emit(what)


def _bound(function: Callable[[Any], None], value: object) -> Callable[[], None]:
    return lambda: function(value)

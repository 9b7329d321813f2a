"""The live picture: decoded and measured off the user-interface thread, in a mailbox with one slot."""

from __future__ import annotations

import collections
import logging
import statistics
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from groundglass.camera.messages import Frame
from groundglass.errors import ImageError
from groundglass.priority import give_way
from groundglass.studio.listeners import Listeners

if TYPE_CHECKING:
    from groundglass.studio.live_frame import LiveFrame

_log = logging.getLogger(__name__)

_WINDOW_S = 2.0
_MOST_AGES = 2000


class LiveFigures(Struct, frozen=True):
    """How the live view runs. Ages: milliseconds from the camera's process to the mailbox."""

    frames: int
    broken: int  # frames that were no whole JPEG, and dropped
    fps: float  # over the last two seconds
    width: int
    height: int
    age_median_ms: float
    age_p99_ms: float


class LiveView:
    """Takes frames from a camera, one thread, the newest only."""

    def __init__(self) -> None:
        self._latest: LiveFrame | None = None
        self._listeners: Listeners[[]] = Listeners()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._ending: list[threading.Thread] = []
        self._times: collections.deque[float] = collections.deque(maxlen=1000)
        self._ages_s: collections.deque[float] = collections.deque(maxlen=_MOST_AGES)
        self._frames = 0
        self._broken = 0

    def start(self, take: Callable[[float], Frame | None]) -> None:
        """Begin to pull frames; `take` blocks for the seconds that it is given at most."""
        self.stop()
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(take, self._stop), name="live view", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Forget the last frame and let the thread end by itself; returns at once."""
        thread, self._thread = self._thread, None
        self._ending = [one for one in self._ending if one.is_alive()]
        if thread is not None:
            self._stop.set()
            self._ending.append(thread)
        self._latest = None

    def close(self) -> None:
        """Stop, and wait until the thread has ended: 0.1 s at most."""
        self.stop()
        for thread in self._ending:
            thread.join()

    def latest(self) -> LiveFrame | None:
        """Return the newest frame; None if there was none since the start."""
        return self._latest

    def subscribe(self, on_frame: Callable[[], None]) -> Callable[[], None]:
        """Call this on the live view's thread for each new frame; returns the way to end that."""
        return self._listeners.subscribe(on_frame)

    def figures(self) -> LiveFigures:
        now = time.monotonic()
        recent = [at for at in list(self._times) if now - at <= _WINDOW_S]
        ages = sorted(self._ages_s) or [0.0]
        latest = self._latest
        span_s = recent[-1] - recent[0] if len(recent) > 1 else 0.0
        return LiveFigures(
            frames=self._frames,
            broken=self._broken,
            fps=(len(recent) - 1) / span_s if span_s else 0.0,
            width=latest.image.shape[1] if latest else 0,
            height=latest.image.shape[0] if latest else 0,
            age_median_ms=statistics.median(ages) * 1000,
            age_p99_ms=ages[min(len(ages) - 1, int(len(ages) * 0.99))] * 1000,
        )

    def _run(self, take: Callable[[float], Frame | None], stop: threading.Event) -> None:
        from groundglass.studio.live_frame import Pulse, new_room, read_frame  # numpy and OpenCV: 0.2 s

        give_way()
        pulse, room = Pulse(), new_room()
        while not stop.is_set():
            frame = take(0.1)
            if frame is None:
                continue
            try:
                live = read_frame(frame, pulse, room)
            except ImageError as err:
                self._broken += 1
                _log.info("Live frame %d was dropped: %s", frame.number, err)
                continue
            now = time.monotonic()
            self._frames += 1
            self._times.append(now)
            self._ages_s.append(now - frame.taken_at)
            if stop.is_set():
                return
            self._latest = live
            self._listeners.tell()

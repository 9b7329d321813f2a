"""The computer's releases that have not given all of their files yet."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from msgspec import Struct

from groundglass.camera import messages as msg
from groundglass.errors import GroundglassError, UsageError
from groundglass.model.shot import Shot


class Release(Struct, frozen=True):
    """One of them. asked_at: time.monotonic()."""

    future: Future[Shot]
    asked_at: float
    taken_at: datetime


class Releases:
    """Any thread may call; each release ends once, with its shot or with the reason why there is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next_id = 1
        self._waiting: dict[int, Release] = {}  # by id, oldest first

    def fire(
        self,
        ask: Callable[[msg.Request], Future[object]],
        *,
        bulb: bool = False,
        hold: bool = False,
        with_autofocus: bool = True,
    ) -> Future[Shot]:
        """Fire through `ask`; the Future fails if the camera refuses, else it ends by `end` or `fail`."""
        release = Release(Future(), time.monotonic(), datetime.now().astimezone())
        with self._lock:
            release_id = self._next_id
            self._next_id += 1
            self._waiting[release_id] = release
        request: msg.Request = msg.Release(release_id, with_autofocus)
        if bulb:
            request = msg.StartBulb(release_id)
        elif hold:
            request = msg.HoldButton(release_id, with_autofocus)

        def answered(answer: Future[object]) -> None:
            error = answer.exception()
            if error is not None:
                self.fail(release_id, error)

        ask(request).add_done_callback(answered)
        return release.future

    def get(self, release_id: int | None) -> Release | None:
        """Return a release that still waits; None for one of the body's own button."""
        with self._lock:
            return self._waiting.get(release_id) if release_id is not None else None

    def end_bulb(self, ask: Callable[[msg.Request], Future[object]]) -> Future[Shot]:
        """Close the shutter through `ask`; gives the shot of the newest release that waits."""
        with self._lock:
            waiting = next((one.future for one in reversed(self._waiting.values())), None)
        result: Future[Shot] = Future()

        def closed(answer: Future[object]) -> None:
            error = answer.exception()
            if error is not None or waiting is None:
                result.set_exception(error or UsageError("No bulb exposure is running.", "Start one first."))
            else:
                waiting.add_done_callback(lambda done: _pass_on(done, result))

        ask(msg.EndBulb()).add_done_callback(closed)
        return result

    def end(self, release_id: int, shot: Shot) -> None:
        """Give a release its shot, of which all files are stored."""
        release = self._take(release_id)
        if release is not None and not release.future.done():
            release.future.set_result(shot)

    def fail(self, release_id: int | None, error: BaseException) -> None:
        """End a release without a picture; None: it was made on the body, and nobody waits."""
        release = self._take(release_id)
        if release is not None and not release.future.done():
            release.future.set_exception(error)

    def fail_all(self, error: GroundglassError) -> None:
        """End every release that waits: their pictures cannot come any more."""
        with self._lock:
            lost = tuple(self._waiting.values())
            self._waiting.clear()
        for release in lost:
            if not release.future.done():
                release.future.set_exception(error)

    def _take(self, release_id: int | None) -> Release | None:
        with self._lock:
            return self._waiting.pop(release_id, None) if release_id is not None else None


def _pass_on(done: Future[Shot], result: Future[Shot]) -> None:
    error = done.exception()
    if error is not None:
        result.set_exception(error)
    else:
        result.set_result(done.result())

"""Fetch what was shot while nobody listened: after a lost cable, a crash, a restart.

The card is compared with the journal. Pictures older than the session stay where they are unless they are
asked for, and so do those that another session has or was open for (docs/decisions/0005-whose-pictures.md).
New releases go first: each file is a request of its own, and requests are served in turn.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import PurePosixPath
from typing import cast

from msgspec import Struct

from groundglass.camera import messages as msg
from groundglass.errors import (
    CameraLostError,
    FetchStoppedError,
    GroundglassError,
    NoCameraError,
    SessionError,
)
from groundglass.model.camera import RemoteFile
from groundglass.model.shot import FileRole
from groundglass.model.words import counted
from groundglass.session.other_sessions import OtherSessions
from groundglass.session.store import SessionStore
from groundglass.studio.events import BacklogChanged, Event, Problem, Warned
from groundglass.studio.shooting import Shooting

_log = logging.getLogger(__name__)

# Cameras keep local time to the second or two, and drift.
_CLOCK_SLACK_S = 60.0
# A body may be busy with what just went wrong.
_AGAIN_S = (1.0, 3.0, 10.0)


class Source(Struct, frozen=True):
    """Where a backlog comes from and goes to."""

    ask: Callable[[msg.Request], Future[object]]
    store: SessionStore
    serial: str
    since: datetime | None  # None: everything on the card
    is_missed: bool = False  # something is expected: if nothing is found, it is looked for twice
    # Gives the other sessions that can have pictures of a time, in seconds since 1970, or later; None: what
    # they have is fetched all the same.
    others: Callable[[float], OtherSessions] | None = None


class Backlog:
    """One comparison of the card with the journal, on a thread of its own."""

    def __init__(self, source: Source, shooting: Shooting, announce: Callable[[Event], None]) -> None:
        self.source = source
        self._shooting = shooting
        self._announce = announce
        self._stopped = threading.Event()
        self._fetched = 0
        self.done: Future[int] = Future()  # how many files were fetched
        self._thread = threading.Thread(target=self._run, name="backlog", daemon=True)

    @property
    def is_over(self) -> bool:
        """Tell whether it has ended, or is about to because it was stopped."""
        return self._stopped.is_set() or self.done.done()

    def start(self) -> None:
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """End behind the file that is under way, with FetchStoppedError if more are left; does not wait."""
        self._stopped.set()

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _run(self) -> None:
        for pause_s in (*_AGAIN_S, None):
            try:
                self._fetch_all()
            except GroundglassError as err:
                _log.info("The card was not fetched to its end: %s", err)
                self._announce(BacklogChanged(0, 0))
                # A camera that comes back is looked at anew, and so is a disk that has room again.
                is_over = isinstance(err, CameraLostError | NoCameraError | SessionError)
                if is_over or pause_s is None or self._stopped.wait(pause_s):
                    is_for_nobody = isinstance(err, FetchStoppedError)
                    if (pause_s is None or isinstance(err, SessionError)) and not is_for_nobody:
                        self._announce(Problem(err))
                    self.done.set_exception(err)
                    return
            except Exception as err:  # noqa: BLE001 - whoever waits for the end must not wait for ever
                _log.exception("The look at the card failed")
                self._announce(BacklogChanged(0, 0))
                told = SessionError(f"The card could not be looked through: {err}.", "Fetch again.")
                self._announce(Problem(told))
                self.done.set_exception(told)
                return
            else:
                self.done.set_result(self._fetched)
                return

    def _fetch_all(self) -> None:
        """Fetch what is wanted; one file that fails holds up no other. Raises the last error.

        Raises FetchStoppedError if it was stopped before it had looked at all of them.
        """
        failed: GroundglassError | None = None
        wanted = self._wanted(msg.ListCard())
        if not wanted and self.source.is_missed and not self._fetched:
            self._go_on()
            wanted = self._wanted(msg.ListCard(is_fresh=True))
        left = len(wanted)
        for _, files in itertools.groupby(wanted, key=_stem):
            for file in files:
                self._go_on()
                left -= 1
                # It may have come by itself since the card was listed.
                if self._shooting.has_arrived(file):
                    continue
                self._announce(BacklogChanged(left + 1, len(wanted)))
                try:
                    self.source.ask(msg.Fetch(file, str(self.source.store.incoming))).result()
                except (CameraLostError, NoCameraError, SessionError):
                    raise
                except GroundglassError as err:
                    _log.info("%s was not fetched: %s", file.path, err)
                    failed = err
                else:
                    self._fetched += 1
            self._shooting.exposure_ended(msg.ExposureEnded(None))
        if wanted:
            self._announce(BacklogChanged(0, len(wanted)))
        if failed is not None:
            raise failed

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise FetchStoppedError(
                "Fetching from the card was interrupted.", "Fetch again for what is still there."
            )

    def _wanted(self, request: msg.ListCard) -> list[RemoteFile]:
        listed = cast("tuple[RemoteFile, ...]", self.source.ask(request).result())
        return sorted(self._without_others([one for one in listed if self._is_wanted(one)]), key=_age)

    def _without_others(self, files: list[RemoteFile]) -> list[RemoteFile]:
        """Leave out what another session has, and what was shot for one; of that it is told."""
        source = self.source
        if source.others is None or not files:
            return files
        others = source.others(min(one.modified_s for one in files))
        mine: list[RemoteFile] = []
        elsewhere: set[str] = set()
        for file in files:
            if others.hold(source.serial, file):
                continue
            is_mine = source.store.may_have_been_open(file.modified_s, _CLOCK_SLACK_S)
            if is_mine or not others.were_open(source.serial, file.modified_s):
                mine.append(file)
            else:
                elsewhere.add(_stem(file))
        if elsewhere:
            self._announce(Warned(_shot_for_others(len(elsewhere))))
        return mine

    def _is_wanted(self, file: RemoteFile) -> bool:
        if FileRole.of(file.name) is FileRole.OTHER or self._shooting.has_arrived(file):
            return False
        since = self.source.since
        if since is not None and file.modified_s + _CLOCK_SLACK_S < since.timestamp():
            return False
        modified = datetime.fromtimestamp(file.modified_s).astimezone() if file.modified_s else None
        return not self.source.store.has_card_file(self.source.serial, file.path, file.size_bytes, modified)


def _shot_for_others(count: int) -> SessionError:
    said = counted(count, "picture on the card was", "pictures on the card were")
    there = "it is" if count == 1 else "they are"
    return SessionError(
        f"{said} shot while another session was open.", f"Open that session, and {there} fetched into it."
    )


def _age(file: RemoteFile) -> tuple[float, str]:
    return file.modified_s, file.path


def _stem(file: RemoteFile) -> str:
    return f"{file.folder}/{PurePosixPath(file.name).stem}"

"""What the status line and the section "Copies" tell: camera, link, transfer, and where the frames live."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.part import Part
from groundglass.desktop.session_film import SessionFacts
from groundglass.desktop.widgets.copies_section import CopiesSection
from groundglass.desktop.widgets.status_line import StatusLine, TransferBar
from groundglass.model.camera import CameraStatus
from groundglass.studio.copies import Copies
from groundglass.studio.events import (
    BacklogChanged,
    BackupChanged,
    CardChanged,
    Event,
    Problem,
    ProblemSolved,
    SessionOpened,
    ShotsRestored,
    ShotStored,
    ShotsTrashed,
)
from groundglass.studio.link import Link
from groundglass.studio.transfers import TransferMeter

_COUNTED = (
    *(BackupChanged, CardChanged, SessionOpened, ShotsRestored, ShotsTrashed, ShotStored),
    *(BacklogChanged, Problem, ProblemSolved),
)
# Events come in bursts, and counting thousands of shots takes a while.
_COUNT_BEHIND_MS = 150
_COUNT_SHARE = 20  # so many times as long as a count took, it rests: 20,000 shots take 75 ms


class AtAGlance(Part):
    """Shows states, asks nothing of the camera. User-interface thread; counts on a thread of its own."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        line: StatusLine,
        bar: TransferBar,
        section: CopiesSection,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._desk, self._line, self._bar, self._section = desk, line, bar, section
        self._clock = clock
        self._status = CameraStatus()
        self._link: Link | None = None
        self._meter = TransferMeter()
        self._left = 0
        self._background = Background(1, "glance", bridge.call)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_COUNT_BEHIND_MS)
        self._soon.timeout.connect(self._count)
        self._soon.start()

    def take_event(self, event: Event) -> None:
        if isinstance(event, BacklogChanged):
            self._left = event.left
            self._meter.note_backlog(event.left, event.total)
            self._show()
        if isinstance(event, _COUNTED) and not self._soon.isActive():
            self._soon.start()

    def show_status(self, status: CameraStatus) -> None:
        before, self._status = self._status, status
        is_there = status.state.is_connected
        if not is_there:
            self._take_link(None)
        elif status.info != before.info or not before.state.is_connected:
            self._background.run("link", self._desk.link, self._take_link)
        self._show()

    def show_facts(self, facts: SessionFacts) -> None:
        """Show where the next picture goes, and the room for it."""
        self._line.show_session(facts.path.name if facts.path else "", facts.next_name)
        self._line.show_disk(facts.disk_free_bytes)

    def close(self) -> None:
        self._soon.stop()
        self._background.close()

    def _show(self) -> None:
        pace = self._meter.take(self._status, self._clock())
        self._line.show_status(self._status, self._link, pace, self._left)
        self._bar.show_pace(pace)

    def _take_link(self, link: Link | None) -> None:
        if link != self._link:
            self._link = link
            self._section.show_link(link)
            self._show()

    def _count(self) -> None:
        def count() -> tuple[Copies, float]:
            begun = time.monotonic()
            return self._desk.copies(), time.monotonic() - begun

        self._background.run("copies", count, lambda counted: self._take_copies(*counted))

    def _take_copies(self, copies: Copies, took_s: float) -> None:
        self._soon.setInterval(max(_COUNT_BEHIND_MS, round(took_s * 1000 * _COUNT_SHARE)))
        self._line.show_copies(copies)
        self._section.show_copies(copies)

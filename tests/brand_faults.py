"""Let the n-th operation of a short shoot fail on a virtual camera, and look at every frame that it made.

The shoot: connect, live view, a setting, a release from the computer, one on the body, and let go. What fails
is counted over all of it; afterwards the camera is well again, and all that it made must be in the session.
"""

from __future__ import annotations

import dataclasses
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from groundglass.errors import GroundglassError
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.session.recover import check
from groundglass.session.store import SessionStore
from groundglass.studio.events import Event, Problem, ShotStored, StatusChanged
from groundglass.studio.studio import Studio
from virtual_camera import VirtualCamera

BRANDS = ("nikon", "canon", "sony", "fuji")
FAULTS: dict[str, dict[str, Any]] = {
    "busy": {"kind": "busy"},
    "refuse": {"kind": "refuse"},
    "stall": {"kind": "stall", "seconds": 1.5},
    "drop before": {"kind": "drop", "when": "request", "how": "closed"},
    "drop in data": {"kind": "drop", "when": "data", "how": "reset", "after_bytes": 10},
    "drop after": {"kind": "drop", "when": "response", "how": "reset"},
    "garbage": {"kind": "garbage"},
    "garbled": {"kind": "garbled"},
    "short": {"kind": "short"},
}
# Each costs a deadline: only in the long run.
LONG_FAULTS: dict[str, dict[str, Any]] = {
    "stall for good": {"kind": "stall", "seconds": 40},
    "silent": {"kind": "drop", "when": "request", "how": "silent"},
}
FETCHED = "fetched when asked for"
_PATIENCE_S = 60.0
_ARMED = (CameraState.READY, CameraState.LIVE)
_MOST_OPERATIONS = 1500
_STEP_S = 8.0  # a step of the shoot that does not come to its end is given up


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """How a run went on: what the fault struck, and what the photographer was told."""

    is_struck: bool
    operations: int
    problems: tuple[str, ...]
    failures: tuple[str, ...]


class Run:
    """One shoot with one fault."""

    def __init__(self, camera: VirtualCamera, folder: Path, target: str = "card") -> None:
        self._camera = camera
        self._target = target
        self._session = folder / "S"
        self._studio = Studio(folder / "driver")
        self._begun_at = datetime.now().astimezone()
        self._changed = threading.Event()
        self._problems: list[str] = []
        self._messages: list[str] = []
        self._failures: list[str] = []
        self._was_cut_untold = False
        self._studio.subscribe(self._note)

    def go(self, fault: dict[str, Any]) -> Told:
        """Shoot with the fault; raise AssertionError if a frame is lost, doubled, changed or untold."""
        camera, studio = self._camera, self._studio
        before = camera.state()
        try:
            studio.open_session(self._session)
            camera.do("fault", **fault)
            self._shoot()
            state = camera.state()
            is_struck = not state["faults"]["waiting"]
            operations = sum(state["operations"].values()) - sum(before["operations"].values())
            camera.do("clear")
            self._go_on(len(before["files"]))
        finally:
            camera.do("clear")
            studio.close()
        self._prove(len(before["files"]))
        return Told(is_struck, operations, tuple(self._problems), tuple(self._failures))

    def _shoot(self) -> None:
        studio = self._studio
        self._try(lambda: studio.connect(self._camera.address).result(_STEP_S))
        self._wait(lambda: studio.status.state.is_connected, _STEP_S)
        if self._target == "ram":  # else as each body is: its card, and the computer where it can
            self._try(lambda: studio.set(SettingId.CAPTURE_TARGET, "Computer").result(_STEP_S))
        self._try(lambda: studio.start_live().result(_STEP_S))
        self._wait(studio.live.latest, 1.0)
        self._try(lambda: studio.set(SettingId.ISO, "200").result(_STEP_S))
        self._try(lambda: studio.release().result(_STEP_S))
        made = len(self._camera.state()["files"])
        if self._camera.control({"do": "shutter"})["ok"]:
            self._wait(lambda: len(self._camera.state()["files"]) > made, 5.0)
            self._wait(lambda: self._has_all(made), 3.0)
        self._try(lambda: studio.stop_live().result(_STEP_S))

    def _go_on(self, before: int) -> None:
        """The camera is well again: it is connected, the next capture works, and all that it made comes."""
        studio = self._studio
        is_armed = self._wait(lambda: studio.status.state in _ARMED, _PATIENCE_S)
        assert is_armed, (studio.status.state, studio.status.message, studio.connection_error)
        # A worker may still be finding out that its camera is gone.
        assert self._wait(self._releases, _PATIENCE_S), f"the next capture fails: {self._failures}"
        if not self._wait(lambda: self._has_all(before), 8.0):
            self._wait(lambda: studio.status.state in _ARMED, _PATIENCE_S)
            self._failures.append(FETCHED)
            studio.fetch(self._begun_at).result(_PATIENCE_S)
        assert studio.finish_storing(_PATIENCE_S)

    def _releases(self) -> bool:
        failures = len(self._failures)
        self._try(lambda: self._studio.release().result(_PATIENCE_S))
        return len(self._failures) == failures

    def _prove(self, before: int) -> None:
        known = self._camera.state()["files"]
        made = known[before:]
        stored = Counter(
            file.sha256 for shot in SessionStore.read(self._session).shots for file in shot.files
        )
        told = self._problems + self._failures + self._messages
        # A Sony and a Fuji make two of each: one in their memory, one on a card that the cable cannot reach.
        passed_on = {one["sha256"] for one in made if one["destination"] == "ram"}
        for one in {one["sha256"]: one for one in made}.values():
            times = stored.pop(one["sha256"], 0)
            # What was in the camera's memory only can be lost, but never silently.
            may_lack = one["sha256"] in passed_on and told
            assert times == 1 or (times == 0 and may_lack), (one["name"], one["destination"], times, told)
        # A camera's clock is not trusted to the minute, so frames of the run before may come along.
        changed = set(stored) - {one["sha256"] for one in known}
        # Half a picture out of the memory, of which the camera says that it is whole.
        incomplete = sum("came incomplete" in one for one in self._problems)
        assert len(changed) <= incomplete, "a frame that the camera never made"
        assert all(times == 1 for times in stored.values()), "a frame came twice"
        # What arrived in part, out of the memory too, is kept aside by the next start.
        SessionStore.open(self._session).close()
        report = check(self._session)
        assert report.is_clean, report
        assert report.unknown == (), report
        assert not self._was_cut_untold

    def _has_all(self, before: int) -> bool:
        files = self._camera.state()["files"][before:]
        # What was in the camera's memory only may be lost, and is looked at in the end.
        lossy = {one["sha256"] for one in files if one["destination"] == "ram"}
        made = {one["sha256"] for one in files} - (lossy if self._problems or self._failures else set())
        return made <= {file.sha256 for shot in self._studio.shots for file in shot.files}

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except GroundglassError as err:
            self._failures.append(str(err))
        except TimeoutError:
            self._failures.append("a step did not end")

    def _wait(self, claim: Callable[[], object], limit_s: float) -> bool:
        deadline = time.monotonic() + limit_s
        while not claim():
            if time.monotonic() > deadline:
                return False
            self._changed.wait(0.05)
            self._changed.clear()
        return True

    def _note(self, event: Event) -> None:
        if isinstance(event, Problem):
            self._problems.append(str(event.error))
        elif isinstance(event, StatusChanged):
            status = event.status
            if status.message:
                self._messages.append(status.message)
            is_away = status.state in (CameraState.LOST, CameraState.UNRESPONSIVE)
            self._was_cut_untold |= is_away and not status.message
        if isinstance(event, StatusChanged | ShotStored):
            self._changed.set()


def count(
    camera: VirtualCamera, fault: dict[str, Any], *, target: str = "card", first: int = 1, stride: int = 1
) -> Iterator[tuple[int, Told | AssertionError]]:
    """Let operation `first`, `first + stride` and so on fail, until a shoot has fewer operations."""
    place = first
    while True:
        told: Told | AssertionError
        with tempfile.TemporaryDirectory() as folder:
            try:
                told = Run(camera, Path(folder), target).go({**fault, "skip": place - 1})
            except (AssertionError, GroundglassError, TimeoutError) as err:
                told = AssertionError(f"{type(err).__name__}: {err}")
        yield place, told
        if isinstance(told, Told) and not told.is_struck:
            return
        assert place < _MOST_OPERATIONS, "the shoot has no end"
        place += stride


def settle(camera: VirtualCamera) -> None:
    """Make the camera forget a client that a fault left behind."""
    with suppress(AssertionError):
        camera.do("clear")
        camera.do("unplug")

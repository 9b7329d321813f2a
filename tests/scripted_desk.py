"""A desk for the window's tests: it says what a test lets it say, and keeps what was asked of it.

The values are the real ones; nothing stands in for a class of ours but the studio behind the protocol.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace

from groundglass.errors import SessionError
from groundglass.imaging.exposure_tools import clipping
from groundglass.imaging.histogram import rgb_histogram
from groundglass.model.camera import CameraInfo, CameraState, CameraStatus, Capability
from groundglass.model.exposure import (
    Aperture,
    ColorTemperature,
    ExposureCompensation,
    Iso,
    ShutterSpeed,
    Special,
)
from groundglass.model.places import Place
from groundglass.model.review import NOTHING_SAID, Review, ReviewChange
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.model.shot import FileRole, Shot, ShotFile
from groundglass.session.backup import BackupStatus
from groundglass.studio.chosen import Chosen
from groundglass.studio.clearing import CardStatus
from groundglass.studio.copies import Copies, count_copies
from groundglass.studio.events import (
    Event,
    Listener,
    ShotsRestored,
    ShotsReviewed,
    ShotStored,
    ShotsTrashed,
    StatusChanged,
    TrashChanged,
)
from groundglass.studio.history import History
from groundglass.studio.leaving import Remaining
from groundglass.studio.link import Link
from groundglass.studio.live_frame import LiveFrame
from groundglass.studio.logbook import Logbook
from groundglass.studio.sessions import Naming
from groundglass.studio.trash import TrashContents

_SHUTTERS = (
    "30",
    "15",
    "8",
    "4",
    "2",
    "1",
    *(f"1/{n}" for n in (2, 4, 8, 15, 30, 60, 80, 100, 125, 160, 200)),
)
_SHUTTERS += ("1/250", "1/500", "1/1000")
_APERTURES = ["2.8", "3.2", "3.5", "4", "4.5", "5", "5.6", "6.3", "7.1", "8", "9", "10", "11", "16"]
_ISOS = ["100", "125", "160", "200", "250", "320", "400", "500", "640", "800", "1600", "3200"]
_BIASES = ["-1", "-2/3", "-1/3", "0", "1/3", "2/3", "1"]


def shutter(current: str = "1/125", **changes: Any) -> Setting:
    numbers = [_choice(text, ShutterSpeed.parse(text)) for text in _SHUTTERS]
    choices = (*sorted(numbers, key=lambda one: one.number or 0), Choice("Bulb", "Bulb", Special.BULB))
    return _setting(SettingId.SHUTTER, choices, current, **changes)


def aperture(current: str = "8", **changes: Any) -> Setting:
    choices = tuple(_choice(text, Aperture.parse(text)) for text in _APERTURES)
    return _setting(SettingId.APERTURE, choices, current, **changes)


def iso(current: str = "400", **changes: Any) -> Setting:
    choices = (Choice("Auto", "Auto ISO", Special.AUTO), *(_choice(text, Iso.parse(text)) for text in _ISOS))
    return _setting(SettingId.ISO, choices, current, **changes)


def compensation(current: str = "0", **changes: Any) -> Setting:
    choices = tuple(_choice(text, ExposureCompensation.parse(text)) for text in _BIASES)
    return _setting(SettingId.EXPOSURE_COMPENSATION, choices, current, **changes)


def words(setting_id: SettingId, current: str, *others: str, **changes: Any) -> Setting:
    choices = tuple(Choice(text, text) for text in (current, *others))
    return _setting(setting_id, choices, current, **changes)


def kelvin(current: str = "5600", **changes: Any) -> Setting:
    choices = tuple(_choice(str(value), ColorTemperature(value)) for value in range(2500, 10001, 100))
    return _setting(SettingId.COLOR_TEMPERATURE, choices, current, **changes)


def status(state: CameraState = CameraState.READY, **changes: Any) -> CameraStatus:
    """Return a camera at rest with the settings of an ordinary body."""
    settings = (
        shutter(),
        aperture(),
        iso(),
        compensation(),
        words(SettingId.WHITE_BALANCE, "Daylight", "Auto", "Tungsten"),
        kelvin(),
        words(SettingId.IMAGE_FORMAT, "RAW + JPEG fine", "RAW", "JPEG fine"),
        words(SettingId.EXPOSURE_MODE, "M", read_only=True, reason="Turn the mode dial on the camera."),
        words(SettingId.BATTERY, "71 %"),
        words(SettingId.SHOTS_LEFT, "412"),
        words(SettingId.LENS, "50 mm f/1.8"),
    )
    info = CameraInfo("usb:001,004", "Nikon Z 6II", "6001234")
    base = CameraStatus(state, info, settings, Capability.FOCUS_DRIVE)
    return replace(base, **changes)


def with_setting(before: CameraStatus, setting: Setting) -> CameraStatus:
    """Return the status with one setting changed."""
    kept = tuple(setting if one.id is setting.id else one for one in before.settings)
    return replace(before, settings=kept)


def shot(number: int, *names: str) -> Shot:
    files = tuple(ShotFile(name, FileRole.of(name), 1000, "0" * 64) for name in names)
    return Shot(number, files, datetime(2026, 11, 22, 12, tzinfo=UTC), "Nikon Z 6II", "6001234")


def live_frame(
    number: int = 1, level: int = 100, age_s: float = 0.0, size: tuple[int, int] = (96, 64)
) -> LiveFrame:
    """Return a grey frame; size: width and height."""
    image = np.full((size[1], size[0], 4), level, np.uint8)
    counts = rgb_histogram(image)
    return LiveFrame(number, image, counts, clipping(counts), time.monotonic() - age_s)


class ScriptedFrames:
    """A live view that gives the frames which a test puts in."""

    def __init__(self) -> None:
        self._latest: LiveFrame | None = None
        self._listeners: list[Callable[[], None]] = []

    def latest(self) -> LiveFrame | None:
        return self._latest

    def subscribe(self, on_frame: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(on_frame)
        return lambda: self._listeners.remove(on_frame)

    def push(self, frame: LiveFrame) -> None:
        self._latest = frame
        for listener in list(self._listeners):
            listener()


class ScriptedReviews:
    """What is said of the shots, kept in memory only."""

    def __init__(self, announce: Callable[[Event], None], history: History) -> None:
        self._announce, self._history = announce, history
        self._said: dict[int, Review] = {}

    @property
    def all(self) -> Mapping[int, Review]:
        return dict(self._said)

    def of(self, number: int) -> Review:
        return self._said.get(number, NOTHING_SAID)

    def change(self, numbers: Iterable[int], change: ReviewChange) -> None:
        before = {number: self.of(number) for number in numbers}
        self._history.note(lambda: self._undo(change, before))
        self._say({number: change.of(was) for number, was in before.items()})

    def _undo(self, change: ReviewChange, before: Mapping[int, Review]) -> Future[str]:
        self._say(before)
        return _told(f"Taken back: {change.words}")

    def _say(self, said: Mapping[int, Review]) -> None:
        self._said.update(said)
        self._announce(ShotsReviewed(tuple(said.items())))


class ScriptedSessions:
    """Sessions that begin and open when the test says so."""

    def __init__(self, ask: Callable[..., Future[Any]], folder: Path) -> None:
        self._ask = ask
        self.folder = folder
        self.recent: tuple[Path, ...] = ()
        self.awaited: Path | None = None

    def open(self, path: Path) -> Future[Path]:
        return self._ask("open_session", path)

    def open_or_begin(self, path: Path) -> Future[Path]:
        return self._ask("open_or_begin", path)

    def begin(self, name: str, folder: Path | None = None) -> Future[Path]:
        return self._ask("begin_session", name, folder)

    def naming(self) -> Future[Naming | None]:
        told: Future[Naming | None] = Future()
        told.set_result(Naming("{session}_{counter:04}", "", 1, "job_0001"))
        return told

    def preview(self, template: str, subject: str) -> Future[str]:
        return self._ask("preview", template, subject)

    def rename(self, **changes: Any) -> Future[Naming]:
        return self._ask("rename", changes)


class ScriptedTrash:
    """A trash that is a list of what was thrown away."""

    def __init__(self, desk: ScriptedDesk, history: History) -> None:
        self._desk, self._history = desk, history
        self._thrown: list[tuple[Shot, ...]] = []

    @property
    def count(self) -> int:
        return sum(map(len, self._thrown))

    @property
    def contents(self) -> TrashContents | None:
        session = self._desk.session_path
        numbers = tuple(shot.number for shots in self._thrown for shot in shots)
        return TrashContents(session, numbers) if session is not None else None

    def throw_away(self, numbers: Iterable[int], session: Path | None = None) -> Future[tuple[Shot, ...]]:
        if session not in (None, self._desk.session_path):
            refused: Future[tuple[Shot, ...]] = Future()
            refused.set_exception(SessionError("That session is no longer open.", "Open it to go on."))
            return refused
        gone = set(numbers)
        shots = tuple(one for one in self._desk.shots if one.number in gone)
        self._desk.shots = tuple(one for one in self._desk.shots if one.number not in gone)
        self._thrown.append(shots)
        self._history.note(self._undo)
        self._desk.announce(ShotsTrashed(tuple(one.number for one in shots)))
        return self._told(shots)

    def _undo(self) -> Future[str] | None:
        if not self._thrown:
            return None
        shots = self._thrown.pop()
        self._desk.announce(ShotsRestored(shots))
        return self._told(f"Back from the trash: {len(shots)}")

    def restore(self) -> Future[tuple[Shot, ...]]:
        shots = tuple(shot for shots in self._thrown for shot in shots)
        self._thrown.clear()
        self._desk.announce(ShotsRestored(shots))
        return self._told(shots)

    def empty(self, agreed: TrashContents) -> Future[int]:
        count = self.count
        kept = (tuple(one for one in shots if one.number not in agreed.numbers) for shots in self._thrown)
        self._thrown = [shots for shots in kept if shots]
        return self._told(count - self.count)

    def _told(self, result: Any) -> Future[Any]:
        self._desk.announce(TrashChanged(self.count))
        return _told(result)


class ScriptedPresets:
    """Presets of which a test says what they hold."""

    def __init__(
        self, ask: Callable[..., Future[Any]], history: History, changed: Callable[[], object]
    ) -> None:
        self._ask, self._history, self._changed = ask, history, changed
        self.all: dict[str, str] = {}
        self.written: list[Future[None]] = []

    def save(self, name: str) -> Future[None]:
        self.all[name] = "shutter=1/125"
        return self._write()

    def remove(self, name: str) -> Future[None]:
        before = dict(self.all)
        self._history.note(lambda: self._undo(before, name))
        del self.all[name]
        return self._write()

    def _undo(self, before: dict[str, str], name: str) -> Future[str]:
        self.all = before
        self._changed()
        return _told(f"Back: preset “{name}”")

    def _write(self) -> Future[None]:
        self.written.append(Future())
        return self.written[-1]

    def apply(self, name: str) -> Future[tuple[str, ...]]:
        return self._ask("preset", name)


class ScriptedDesk:
    """Everything that is asked of it becomes a line in `asked` and a Future that the test ends."""

    def __init__(self, session_path: Path | None = None) -> None:
        self.status = CameraStatus()
        self.shots: tuple[Shot, ...] = ()
        self.session_path = session_path
        self.recovered: tuple[str, ...] = ()
        self.next_name = "job_0001"
        self.disk_free_bytes: int | None = 84_000_000_000
        self.live = ScriptedFrames()
        self.log = Logbook()
        self._history = History()
        self.reviews = ScriptedReviews(self.announce, self._history)
        self.trash = ScriptedTrash(self, self._history)
        self.left: tuple[str, ...] = ()  # under way
        self.waits: tuple[str, ...] = ()
        self.missing_files, self.is_disk_short = 0, False
        self.places_of: dict[int, frozenset[Place]] = {}
        self.card = CardStatus()
        self.backup: BackupStatus | None = None
        self.linked: Link | None = None
        self.is_card_kept_for_now = False
        self.asked: list[tuple[Any, ...]] = []
        self.futures: list[Future[Any]] = []
        self.listeners: list[Listener] = []
        folder = session_path or Path("/nowhere")
        self.presets = ScriptedPresets(self._ask, self._history, self._tell_chosen)
        self.keeps_exposure = False
        self.sessions = ScriptedSessions(self._ask, folder.parent)
        self.chosen = Chosen(folder / "preferences" / "preferences.json")

    def _tell_chosen(self) -> None:
        self.chosen.hold()

    def places(self, shot: Shot) -> frozenset[Place]:
        return self.places_of.get(shot.number, frozenset((Place.DISK,)))

    def copies(self) -> Copies:
        copies = count_copies(self.shots, self.places, self.card, self.backup)
        return replace(copies, missing_files=self.missing_files, is_disk_short=self.is_disk_short)

    def link(self) -> Link | None:
        return self.linked

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def announce(self, event: Event) -> None:
        if isinstance(event, StatusChanged):
            self.status = event.status
        if isinstance(event, ShotStored):
            others = tuple(one for one in self.shots if one.number != event.shot.number)
            self.shots = (*others, event.shot)
        for listener in list(self.listeners):
            listener(event)

    def say(self, now: CameraStatus) -> None:
        self.announce(StatusChanged(now))

    def connect(self, address: str | None = None) -> None:
        self.asked.append(("connect", address))

    def free_camera(self) -> Future[Any]:
        return self._ask("free_camera")

    def start_virtual_camera(self) -> Future[Any]:
        return self._ask("start_virtual_camera")

    def set(
        self, setting_id: SettingId, wanted: Choice | str, *, keeps_exposure: bool | None = None
    ) -> Future[Setting]:
        return self._ask("set", setting_id, wanted, *(() if keeps_exposure is None else (keeps_exposure,)))

    def keep_exposure(self, keeps: bool) -> None:
        self.keeps_exposure = keeps

    def release(self) -> Future[Shot]:
        return self._ask("release")

    def hold_shutter(self) -> Future[Shot]:
        return self._ask("hold_shutter")

    def let_go(self) -> Future[None]:
        return self._ask("let_go")

    def start_bulb(self) -> Future[Any]:
        return self._ask("start_bulb")

    def end_bulb(self) -> Future[Shot]:
        return self._ask("end_bulb")

    def start_live(self) -> Future[Any]:
        return self._ask("start_live")

    def stop_live(self) -> Future[Any]:
        return self._ask("stop_live")

    def use_kelvin(self, kelvin: float) -> Future[Setting]:
        return self._ask("use_kelvin", kelvin)

    def drive_focus(self, step: int) -> Future[Any]:
        return self._ask("drive_focus", step)

    def undo(self) -> Future[str]:
        return self._history.undo()

    def leaving(self) -> Remaining:
        return Remaining(self.left, self.waits)

    def finish_pictures(self, limit_s: float) -> None:
        self.asked.append(("finish_pictures", limit_s))

    def save_report(self, target: Path) -> Future[Any]:
        return self._ask("save_report", target)

    def autofocus(self) -> Future[Any]:
        return self._ask("autofocus")

    def focus_at(self, x: float, y: float) -> Future[Any]:
        return self._ask("focus_at", x, y)

    def zoom_live(self, power: float, x: float, y: float) -> Future[Any]:
        return self._ask("zoom_live", power, x, y)

    def _ask(self, *what: Any) -> Future[Any]:
        self.asked.append(what)
        self.futures.append(Future())
        return self.futures[-1]


def _told(result: Any) -> Future[Any]:
    told: Future[Any] = Future()
    told.set_result(result)
    return told


def _choice(raw: str, value: Any) -> Choice:
    return Choice(raw, value.label, value)


def _setting(setting_id: SettingId, choices: tuple[Choice, ...], current: str, **changes: Any) -> Setting:
    now = next(one for one in choices if one.raw == current)
    return replace(Setting(setting_id, now, choices), **changes)

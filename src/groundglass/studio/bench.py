"""Measure the photographer's own camera, cable, computer and disk, and say which of them limits.

Only what is measured is judged; a part that the camera does not offer is told as such.
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from groundglass.errors import CaptureError, GroundglassError
from groundglass.imaging.decode import load_picture
from groundglass.imaging.histogram import rgb_histogram
from groundglass.imaging.thumbnail import quick_look
from groundglass.model.camera import CameraState
from groundglass.model.places import CardPolicy, Place
from groundglass.model.setting import SettingId
from groundglass.model.shot import FileRole, Shot
from groundglass.model.words import counted
from groundglass.session.record import Layout
from groundglass.session.store import SessionStore
from groundglass.studio.doctor import DiskCheck, check_disk
from groundglass.studio.events import Event, StatusChanged
from groundglass.studio.liveview import LiveFigures
from groundglass.studio.studio import Studio

_SHOT_S = 60.0  # beyond the exposure
_FIRST_FRAME_S = 10.0
_FINISH_S = 30.0
_LOOK_S = 0.02
_SCREEN_ROLES = (FileRole.JPEG, FileRole.RAW)

# What these links carry of pictures at best, bytes a second; above the first it is no USB 2.
_USB2_BYTES_S = 40e6
_USB2_MBIT = 480
_NEAR = 0.6  # of a limit: whoever reaches that much is held by it
_SMOOTH_FPS = 15.0

T = TypeVar("T")


class ShotTimes(Struct, frozen=True):
    """One release. Seconds; to_camera_s: from the release to the first byte, without the exposure."""

    to_camera_s: float
    transfer_s: float
    stored_s: float  # from the release until every file is safe
    size_bytes: int

    @property
    def bytes_per_second(self) -> float:
        return self.size_bytes / self.transfer_s


class ScreenTimes(Struct, frozen=True):
    """From the file to pixels and histogram, medians in seconds; preview_s None: it carries no preview."""

    preview_s: float | None
    whole_s: float
    megapixels: float


class Bench(Struct, frozen=True):
    """All that was measured; None where it could not be, for the reason in `missing`."""

    live: LiveFigures | None
    shots: tuple[ShotTimes, ...]
    screen: ScreenTimes | None
    disk: DiskCheck
    link_mbit: float | None
    missing: tuple[str, ...]

    @property
    def transfer_bytes_s(self) -> float | None:
        """Return the median speed from the camera into the session, synced."""
        return statistics.median(one.bytes_per_second for one in self.shots) if self.shots else None

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Say what limits, in sentences."""
        return (*_judge_transfer(self), *_judge_live(self), *_judge_screen(self))


@contextmanager
def own_session(studio: Studio, folder: Path, released: Sequence[Shot]) -> Iterator[None]:
    """Shoot into a session in this folder; in the end, delete from the card what `measure` has `released`.

    That is done as for any frame whose card's copy is given up: only with two proven copies, and only if the
    file on the card is that very one; and nothing at all is deleted if somebody else's frame came as well.
    `left_on_card` tells what stayed.  Blocks for some seconds at the end.
    """
    second = folder / "second"  # not there yet, so nothing is copied while it is measured
    studio.use_backup(second)
    studio.use_card_policy(CardPolicy.DELETE_AFTER_BACKUP)
    studio.open_session(folder / "bench")
    try:
        yield
    finally:
        studio.finish_pictures(_FINISH_S)
        if not _others(studio.shots, released):
            with contextlib.suppress(OSError):  # then nothing is copied, so nothing deleted
                second.mkdir()
            studio.use_backup(second)
            studio.finish_storing(_FINISH_S)


def has_others(folder: Path, released: Sequence[Shot]) -> bool:
    """Tell whether frames came into the folder's session that `measure` did not release.

    From the body's button, out of its memory, or off its card. Touches the disk.
    """
    session = folder / "bench"
    if not SessionStore.is_at(session):
        return False
    shots = SessionStore.read(session).shots
    return bool(_others(shots, released)) or any(Layout(session).incoming.iterdir())


def _others(shots: Sequence[Shot], released: Sequence[Shot]) -> set[int]:
    return {shot.number for shot in shots} - {shot.number for shot in released}


def left_on_card(studio: Studio, released: Sequence[Shot]) -> str:
    """Return, in a sentence, which test frames are on the card still; empty: none."""
    left = studio.card.due + len(studio.card.kept)
    if left and _others(studio.shots, released):
        stays = counted(left, "file stays", "files stay")
        return f"{stays} on the card, as more pictures came than were asked for."
    if left:
        files = counted(left, "test frame is", "test frames are")
        return f"{files} on the card still: a session that is opened today may fetch them. Delete them there."
    if any(Place.UNSEEN_CARD in studio.places(shot) for shot in studio.shots):
        return "The camera does not show its card, which may have the test frames still. Delete them there."
    return ""


def measure(
    studio: Studio, released: list[Shot], *, releases: int, live_s: float, link_mbit: float | None
) -> Bench:
    """Measure a connected studio within `own_session`; blocks for some seconds.

    released: gets the shots that are made.  releases: at least 1.  live_s: 0 leaves the live view out.
    """
    missing: list[str] = []
    session = studio.session_path
    assert session is not None
    live = _told(missing, "Live view", lambda: _measure_live(studio, live_s)) if live_s > 0 else None
    taken: list[tuple[Shot, ShotTimes]] = []
    for _ in range(releases):
        one = _told(missing, "Release", lambda: _measure_shot(studio))
        if one is None:
            break
        taken.append(one)
        released.append(one[0])
    screen = None
    if taken:
        shots = [shot for shot, _ in taken]
        screen = _told(missing, "Screen", lambda: _measure_screen(session, shots))
    return Bench(
        live, tuple(times for _, times in taken), screen, check_disk(session), link_mbit, tuple(missing)
    )


def _told(missing: list[str], part: str, work: Callable[[], T]) -> T | None:
    try:
        return work()
    except GroundglassError as err:
        missing.append(f"{part}: {err}")
        return None


# ---- the parts


def _measure_live(studio: Studio, seconds: float) -> LiveFigures:
    studio.start_live().result()
    try:
        _wait(lambda: studio.live.latest() is not None, _FIRST_FRAME_S, "The camera gave no live picture.")
        time.sleep(seconds)
        return studio.live.figures()
    finally:
        studio.stop_live().exception()
        _wait(lambda: studio.status.state is CameraState.READY, _FIRST_FRAME_S, "The live view did not end.")


def _measure_shot(studio: Studio) -> tuple[Shot, ShotTimes]:
    shutter = studio.status.setting(SettingId.SHUTTER)
    exposure_s = (shutter.current.number or 0.0) if shutter and shutter.current else 0.0
    transfers: list[float] = []

    def note(event: Event) -> None:
        if isinstance(event, StatusChanged) and event.status.state is CameraState.TRANSFERRING:
            transfers.append(time.monotonic())

    unsubscribe = studio.subscribe(note)
    try:
        asked_at = time.monotonic()
        shot = studio.release().result(exposure_s + _SHOT_S)
        stored_at = time.monotonic()
    except TimeoutError as err:
        raise CaptureError("No picture came.", "Look at the camera's display.") from err
    finally:
        unsubscribe()
    begun_at = transfers[0] if transfers else asked_at
    return shot, ShotTimes(
        to_camera_s=max(begun_at - asked_at - exposure_s, 0.0),
        transfer_s=max(stored_at - begun_at, 1e-6),
        stored_s=stored_at - asked_at,
        size_bytes=sum(file.size_bytes for file in shot.files),
    )


def _measure_screen(session: Path, shots: list[Shot]) -> ScreenTimes:
    files = [next((shot.file(role) for role in _SCREEN_ROLES if shot.file(role)), None) for shot in shots]
    paths = [session / file.path for file in files if file is not None]
    if not paths:
        raise CaptureError("No file of the test can be shown.", "Choose a format with JPEG.")
    previews, wholes, megapixels = [], [], 0.0
    for path in paths:
        begun = time.monotonic()
        preview = quick_look(path)
        if preview is not None:
            rgb_histogram(preview.image)
            previews.append(time.monotonic() - begun)
        begun = time.monotonic()
        picture = load_picture(path).image
        rgb_histogram(picture)
        wholes.append(time.monotonic() - begun)
        megapixels = picture.shape[0] * picture.shape[1] / 1e6
    return ScreenTimes(
        statistics.median(previews) if previews else None, statistics.median(wholes), megapixels
    )


def _wait(claim: Callable[[], bool], timeout_s: float, told: str) -> None:
    deadline = time.monotonic() + timeout_s
    while not claim():
        if time.monotonic() > deadline:
            raise CaptureError(told, "Check its mode, its lens cap and its display.")
        time.sleep(_LOOK_S)


# ---- the verdict


def _judge_transfer(bench: Bench) -> tuple[str, ...]:
    speed, disk = bench.transfer_bytes_s, bench.disk.bytes_per_second
    if speed is None:
        return ()
    told = f"Pictures come with {speed / 1e6:.0f} MB/s: "
    if disk is not None and speed >= _NEAR * disk:
        return (f"{told}the session's disk limits ({disk / 1e6:.0f} MB/s). Use a faster one.",)
    if bench.link_mbit is not None and bench.link_mbit <= _USB2_MBIT and speed >= _NEAR * _USB2_BYTES_S:
        return (f"{told}the USB 2 link limits. Use a USB 3 cable and port if the camera has USB 3.",)
    if bench.link_mbit is not None and bench.link_mbit <= _USB2_MBIT:
        return (f"{told}the camera limits, over a USB 2 link.",)
    return (f"{told}the camera or its link limits, not this computer.",)


def _judge_live(bench: Bench) -> tuple[str, ...]:
    live = bench.live
    if live is None or live.frames == 0:
        return ()
    told = f"Live view at {live.fps:.0f} frames/s"
    if live.fps and live.age_median_ms > 1000 / live.fps:
        return (f"{told}: this computer limits, it needs {live.age_median_ms:.0f} ms a frame.",)
    if live.fps < _SMOOTH_FPS:
        return (f"{told}: the camera or its link limits. A smaller live view is quicker.",)
    return (f"{told}: smooth.",)


def _judge_screen(bench: Bench) -> tuple[str, ...]:
    if bench.screen is None or not bench.shots:
        return ()
    stored_s = statistics.median(one.stored_s for one in bench.shots)
    seen_s = stored_s + (bench.screen.preview_s or bench.screen.whole_s)
    slowest = "the way from the camera" if stored_s > bench.screen.whole_s else "decoding on this computer"
    return (f"A picture is on screen {seen_s:.1f} s after the release; most of it is {slowest}.",)

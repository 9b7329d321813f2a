"""A session's disk that is full or slow while a camera shoots on."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from groundglass.camera import process
from groundglass.errors import CameraLostError, DiskFailedError, DiskFullError
from groundglass.model.camera import CameraState
from groundglass.model.matching import find_choice
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.session.disk import Disk
from groundglass.session.recover import check
from groundglass.session.store import SessionStore
from groundglass.studio import missed_pictures, shooting
from groundglass.studio.at_risk import nowhere_to_go
from groundglass.studio.events import Event, Problem, ProblemSolved, Warned
from groundglass.studio.missed_pictures import MissedPictures
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from virtual_camera import VirtualCamera

# The camera's process, on a disk that has no room while a file is there.
_FULL = """
import errno, os
import groundglass.camera.worker as worker
real = os.fsync
def fsync(handle):
    if os.path.exists({flag!r}):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    real(handle)
os.fsync = fsync
worker.main()
"""
# And on one that takes a picture at once, and three seconds to have it; two without a word are a hang.
_SLOW = """
import os, stat, time
import groundglass.camera.worker as worker
worker._TRANSFER_LIMIT_S = 2.0
real = os.fsync
def fsync(handle):
    if stat.S_ISREG(os.fstat(handle).st_mode):
        time.sleep(3.0)
    real(handle)
os.fsync = fsync
worker.main()
"""


# And on one that the system has made read-only: there even the removal of nothing is refused.
_READ_ONLY = """
import errno, os
from pathlib import Path
import groundglass.camera.worker as worker
def refuse(real):
    def call(path, *args, **options):
        if os.path.exists({flag!r}) and str(path).startswith({session!r}):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(path, *args, **options)
    return call
Path.open, Path.unlink = refuse(Path.open), refuse(Path.unlink)
worker.main()
"""


@pytest.fixture
def read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """While this file is there, the disk of the session S is read-only."""
    flag, session = tmp_path / "read-only", tmp_path / "S"
    program = _READ_ONLY.format(flag=str(flag), session=str(session))
    real = Disk.is_writable
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", program))
    monkeypatch.setattr(
        Disk,
        "is_writable",
        lambda disk, folder: not (flag.exists() and folder.is_relative_to(session)) and real(disk, folder),
    )
    return flag


@pytest.fixture
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


def _begin(camera: VirtualCamera, folder: Path, note: Callable[[Event], None]) -> Studio:
    studio = Studio(folder / "driver")
    studio.open_session(folder / "S")
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    studio.subscribe(note)
    return studio


def _stored(studio: Studio) -> list[str]:
    return [file.sha256 for shot in studio.shots for file in shot.files]


def _made(camera: VirtualCamera) -> list[str]:
    return [one["sha256"] for one in camera.state()["files"]]


def test_on_a_full_disk_shooting_goes_on_to_the_card_and_all_comes_when_there_is_room(
    camera: VirtualCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = tmp_path / "full"
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", _FULL.format(flag=str(flag))))
    events: list[Event] = []
    studio = _begin(camera, tmp_path, events.append)
    try:
        flag.touch()
        for _ in range(2):
            error = studio.release().exception(PATIENCE_S)
            assert isinstance(error, DiskFullError)
            assert "It is on the card, and fetched when there is room for two shots." in error.hint
        assert _stored(studio) == []
        assert list((tmp_path / "S/.groundglass/incoming").iterdir()) == []
        told = [one for one in events if isinstance(one, Problem)]
        assert any("still on the card" in one for one in studio.leaving().sentences)
        assert studio.copies().missing_words == "not all on disk"
        flag.unlink()
        until(lambda: len(studio.shots) == 2)
        until(lambda: not studio.leaving().sentences)
        until(lambda: not studio.copies().is_disk_short)

        assert any(isinstance(one.error, DiskFullError) for one in told)
        assert any(isinstance(one, ProblemSolved) for one in events)
        assert sorted(_stored(studio)) == sorted(_made(camera))
        assert studio.release().result(PATIENCE_S).files
    finally:
        studio.close()
    assert check(tmp_path / "S").is_clean


def test_room_for_some_frames_is_room_on_a_small_disk_too(
    camera: VirtualCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = tmp_path / "full"
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", _FULL.format(flag=str(flag))))
    monkeypatch.setattr(shooting, "_DISK_EVERY_S", 0.2)
    free = [50_000_000]
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=free[0]))
    studio = _begin(camera, tmp_path, lambda _: None)
    try:
        shot = studio.release().result(PATIENCE_S)
        flag.touch()
        free[0] = 0
        assert isinstance(studio.release().exception(PATIENCE_S), DiskFullError)
        flag.unlink()
        free[0] = 2 * sum(file.size_bytes for file in shot.files) + 1000

        until(lambda: len(studio.shots) == 2)
        assert sorted(_stored(studio)) == sorted(_made(camera))
    finally:
        studio.close()


def test_a_disk_that_only_looks_as_if_it_had_room_is_tried_ever_more_rarely(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    monkeypatch.setattr(missed_pictures.time, "monotonic", lambda: now[0])
    events: list[Event] = []
    connection = Mock()
    connection.status.info = None
    missed = MissedPictures(connection, Mock(), Mock(disk_free_bytes=10**9), lambda: (), events.append)
    tried_at = []

    for _ in range(120):
        if not missed.lacks_room:
            missed.note_trouble(DiskFullError("The disk is full.", "Make room."))
        missed.look_for_room(frames_left=20)
        if events:
            tried_at.append(now[0] - 1000)
            events.clear()
        now[0] += 5

    assert tried_at == [0, 15, 40, 85, 170, 335]


@pytest.mark.parametrize("bulb", [False, True])
def test_what_would_be_in_the_memory_only_is_not_released_while_the_disk_takes_nothing(
    camera: VirtualCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bulb: bool
) -> None:
    flag = tmp_path / "full"
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", _FULL.format(flag=str(flag))))
    monkeypatch.setattr(shooting, "_DISK_EVERY_S", 0.2)
    events: list[Event] = []
    studio = _begin(camera, tmp_path, events.append)
    try:
        target = studio.status.setting(SettingId.CAPTURE_TARGET)
        assert target is not None
        studio.set(SettingId.CAPTURE_TARGET, find_choice(target, "Computer")).result(PATIENCE_S)
        flag.touch()
        assert isinstance(studio.release().exception(PATIENCE_S), DiskFullError)  # nobody could know
        fired = len(camera.state()["releases"])

        refused = (studio.start_bulb if bulb else studio.release)().exception(PATIENCE_S)

        assert isinstance(refused, DiskFullError)
        assert "the camera keeps none" in refused.message
        assert refused in [one.error for one in events if isinstance(one, Problem)]
        assert len(camera.state()["releases"]) == fired
        flag.unlink()
        until(lambda: ProblemSolved(of_disk=True) in events)
        assert studio.release().result(PATIENCE_S).files
    finally:
        studio.close()
    assert len(SessionStore.read(tmp_path / "S").shots) == 1


@pytest.mark.parametrize(
    ("label", "frames_left", "free_bytes", "is_refused"),
    [
        ("Computer", 0, 30_000_000, True),
        ("Computer", 1, 30_000_000, False),
        ("Computer", None, 30_000_000, True),
        ("Computer", None, 10**9, False),
        ("Computer", None, None, False),
        ("Card", 0, 0, False),
        ("Card + computer", 0, 0, False),
    ],
)
def test_only_a_picture_that_has_no_place_at_all_is_refused(
    label: str, frames_left: int | None, free_bytes: int | None, is_refused: bool
) -> None:
    target = Setting(SettingId.CAPTURE_TARGET, Choice(label, label))

    error = nowhere_to_go(target, is_disk_out=False, frames_left=frames_left, free_bytes=free_bytes)

    assert (error is not None) is is_refused


def test_a_slow_disk_is_taken_for_no_hang(
    camera: VirtualCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", _SLOW))
    events: list[Event] = []
    studio = _begin(camera, tmp_path, events.append)
    try:
        shot = studio.release().result(PATIENCE_S)
    finally:
        studio.close()

    assert [file.sha256 for file in shot.files] == _made(camera)
    assert not [one for one in events if isinstance(one, Problem)]
    assert check(tmp_path / "S").is_clean


def test_on_a_read_only_disk_shooting_goes_on_to_the_card_and_all_comes_when_it_can_be_written(
    camera: VirtualCamera, tmp_path: Path, read_only: Path
) -> None:
    events: list[Event] = []
    studio = _begin(camera, tmp_path, events.append)
    try:
        read_only.touch()
        for _ in range(2):
            error = studio.release().exception(PATIENCE_S)
            assert isinstance(error, DiskFailedError)
            assert "It is on the card, and fetched when it can be written again." in error.hint
        told = [one.error for one in events if isinstance(one, Problem)]
        assert not any(isinstance(one, CameraLostError) for one in told)  # the camera's process lives
        assert any("still on the card" in one for one in studio.leaving().sentences)
        read_only.unlink()
        until(lambda: len(studio.shots) == 2)
        until(lambda: not studio.leaving().sentences)

        assert ProblemSolved(of_disk=True) in events
        assert sorted(_stored(studio)) == sorted(_made(camera))
    finally:
        studio.close()
    assert check(tmp_path / "S").is_clean


def test_what_a_read_only_disk_did_not_take_comes_into_the_session_that_is_opened_instead(
    camera: VirtualCamera, tmp_path: Path, read_only: Path
) -> None:
    studio = _begin(camera, tmp_path, lambda _: None)
    try:
        studio.release().result(PATIENCE_S)
        read_only.touch()
        assert isinstance(studio.release().exception(PATIENCE_S), DiskFailedError)

        studio.open_session(tmp_path / "T")

        until(lambda: len(studio.shots) == 1)
        assert _stored(studio) == _made(camera)[1:]
        until(lambda: not studio.leaving().sentences)
    finally:
        studio.close()
    assert len(SessionStore.read(tmp_path / "S").shots) == 1


def test_what_waits_in_a_buffer_comes_into_the_session_that_is_opened_instead(
    tmp_path: Path, read_only: Path
) -> None:
    with VirtualCamera("--megapixels", "4", "--brand", "fuji") as camera:
        events: list[Event] = []
        studio = _begin(camera, tmp_path, events.append)
        try:
            studio.release().result(PATIENCE_S)
            before = set(_made(camera))
            read_only.touch()
            assert isinstance(studio.release().exception(PATIENCE_S), DiskFailedError)
            told = sum(isinstance(one, Problem) for one in events)

            studio.open_session(tmp_path / "T")

            until(lambda: len(studio.shots) == 1)
            assert set(_stored(studio)) == set(_made(camera)) - before
            assert sum(isinstance(one, Problem) for one in events) == told
            assert studio.release().result(PATIENCE_S).files
        finally:
            studio.close()
    assert len(SessionStore.read(tmp_path / "S").shots) == 1


def test_a_disk_that_becomes_read_only_is_told_before_the_next_release_and_once(
    camera: VirtualCamera, tmp_path: Path, read_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shooting, "_DISK_EVERY_S", 0.1)
    events: list[Event] = []
    studio = _begin(camera, tmp_path, events.append)
    try:
        read_only.touch()
        until(lambda: any(isinstance(one, Warned) for one in events))
        time.sleep(0.5)
        read_only.unlink()
        until(lambda: ProblemSolved(of_disk=True) in events)
    finally:
        studio.close()

    (told,) = [one for one in events if isinstance(one, Warned)]
    assert isinstance(told.error, DiskFailedError)

"""The film of a session that takes the place of another."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from groundglass.desktop import pictures
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.models.thumbnails import Thumbnail, ThumbnailSizes
from groundglass.model.shot import Shot
from groundglass.studio.events import SessionOpened, ShotStored
from scripted_desk import ScriptedDesk, shot

_DARK, _BRIGHT = 40, 200


def _session(folder: Path, level: int) -> tuple[Shot, ...]:
    """Make a session of some grey pictures."""
    folder.mkdir()
    grey = cv2.imencode(".jpg", np.full((200, 300, 3), level, np.uint8))[1].tobytes()
    shots = tuple(shot(number, f"S_{number:04}.jpg") for number in range(1, 5))
    for one in shots:
        (folder / one.files[0].path).write_bytes(grey)
    return shots


def _open(desk: ScriptedDesk, folder: Path, shots: tuple[Shot, ...]) -> None:
    desk.session_path, desk.shots = folder, shots
    desk.announce(SessionOpened(str(folder)))


def _level(window: MainWindow, number: int) -> float | None:
    found = window.film.known_thumbnail(number)
    return float(found.in_film[..., :3].mean()) if found is not None else None


@pytest.mark.parametrize("is_broken", [False, True])
def test_a_thumbnail_of_the_session_before_comes_too_late(
    window: MainWindow,
    desk: ScriptedDesk,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_broken: bool,
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    let_go, ended, held = threading.Event(), threading.Event(), threading.Lock()
    made = pictures.thumbnail_of

    def slow(session: Path, one: Shot, sizes: ThumbnailSizes, ratio: float) -> Thumbnail:
        if session != before or not held.acquire(blocking=False):
            return made(session, one, sizes, ratio)
        let_go.wait(20)
        if is_broken:
            (before / one.files[0].path).write_bytes(b"no picture")
        try:
            return made(session, one, sizes, ratio)
        finally:
            ended.set()

    monkeypatch.setattr(pictures, "thumbnail_of", slow)
    _open(desk, before, _session(before, _DARK))
    qtbot.waitUntil(held.locked)

    _open(desk, after, _session(after, _BRIGHT))
    qtbot.waitUntil(lambda: all(_level(window, number) for number in range(1, 5)))
    let_go.set()
    qtbot.waitUntil(ended.is_set)
    qtbot.wait(50)  # for what it delivers

    levels = [_level(window, number) for number in range(1, 5)]
    assert levels == pytest.approx([_BRIGHT] * 4, abs=3)


class _HeldFetches:
    """Holds up whoever asks for the shots of a session, once there are some, until `let_go` is set."""

    def __init__(self, desk: ScriptedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()
        self._shots = desk.shots
        monkeypatch.setattr(ScriptedDesk, "shots", property(self._get, self._put), raising=False)

    def _get(self, _desk: ScriptedDesk) -> tuple[Shot, ...]:
        found = self._shots
        if found:
            self.asked.set()
            self.let_go.wait(20)
        return found

    def _put(self, _desk: ScriptedDesk, shots: tuple[Shot, ...]) -> None:
        self._shots = shots


def _store(desk: ScriptedDesk, shot: Shot) -> None:
    """Tell of a shot, without a look at the others."""
    for listener in list(desk.listeners):
        listener(ShotStored(shot, is_complete=True))


def test_nothing_of_the_session_before_is_shown_while_another_is_fetched(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open(desk, tmp_path / "before", _session(tmp_path / "before", _DARK))
    qtbot.waitUntil(lambda: window.film.count == 4)
    fetches = _HeldFetches(desk, monkeypatch)
    after = tmp_path / "after"
    *old, new = _session(after, _BRIGHT)

    _open(desk, after, tuple(old))
    _store(desk, new)

    qtbot.waitUntil(lambda: window.film.all_shots == (new,))
    assert window.session.path == after
    fetches.let_go.set()
    qtbot.waitUntil(lambda: window.film.count == 4)


def test_a_shot_that_comes_while_the_others_are_fetched_stays(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetches = _HeldFetches(desk, monkeypatch)
    folder = tmp_path / "job"
    *old, new = _session(folder, _DARK)
    _open(desk, folder, tuple(old))
    qtbot.waitUntil(fetches.asked.is_set)

    _store(desk, new)
    qtbot.waitUntil(lambda: window.film.count == 1)
    fetches.let_go.set()

    qtbot.waitUntil(lambda: window.film.count == 4)
    qtbot.waitUntil(lambda: window.viewing.shot == new)

"""The disk of the session that is to be opened does not answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from datetime import datetime
from pathlib import Path

import pytest

from groundglass.errors import SessionError
from groundglass.model.camera import CameraState
from groundglass.model.places import CardPolicy
from groundglass.session.store import SessionStore
from groundglass.studio import sessions
from groundglass.studio.chosen import Chosen
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from silent_disk import SilentSession
from virtual_camera import VirtualCamera


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setattr(sessions, "_SLOW_S", 0.1)
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    yield studio
    studio.close()


def _until_slow(studio: Studio, path: Path) -> None:
    until(lambda: studio.sessions.awaited == path)
    time.sleep(0.2)


def test_it_is_opened_when_its_disk_answers(studio: Studio, tmp_path: Path) -> None:
    silent = SilentSession(tmp_path / "A")
    opening = studio.sessions.open_or_begin(tmp_path / "A")
    _until_slow(studio, tmp_path / "A")
    assert studio.session_path is None

    silent.answer()

    assert opening.result(PATIENCE_S) == studio.session_path == tmp_path / "A"
    assert studio.sessions.awaited is None
    assert studio.sessions.recent == (tmp_path / "A",)


@pytest.mark.parametrize("is_open_before", [False, True])
def test_another_one_is_opened_meanwhile_and_stays(
    studio: Studio, tmp_path: Path, is_open_before: bool
) -> None:
    if is_open_before:
        studio.sessions.open_or_begin(tmp_path / "S").result(PATIENCE_S)
    silent = SilentSession(tmp_path / "A")
    first = studio.sessions.open_or_begin(tmp_path / "A")
    _until_slow(studio, tmp_path / "A")
    studio.use_card_policy(CardPolicy.KEEP)  # nor does this wait for that disk
    naming = studio.sessions.naming()

    second = studio.sessions.open_or_begin(tmp_path / "B")

    assert second.result(PATIENCE_S) == studio.session_path == tmp_path / "B"
    named = naming.result(PATIENCE_S)  # asked before, so of the session before
    assert (named.next_name if named else None) == ("S_0001" if is_open_before else None)
    silent.answer()
    with pytest.raises(CancelledError):
        first.result(PATIENCE_S)
    assert studio.session_path == tmp_path / "B"
    assert tmp_path / "A" not in studio.sessions.recent
    SessionStore.open(tmp_path / "A").close()  # nobody holds it


def test_one_that_can_not_be_opened_is_told_unless_another_was_chosen(studio: Studio, tmp_path: Path) -> None:
    silent = SilentSession(tmp_path / "A")
    first = studio.sessions.open_or_begin(tmp_path / "A")
    _until_slow(studio, tmp_path / "A")
    studio.sessions.open_or_begin(tmp_path / "B").result(PATIENCE_S)
    (tmp_path / "A/.groundglass/journal.jsonl").mkdir()

    silent.answer()

    with pytest.raises(CancelledError):
        first.result(PATIENCE_S)
    with pytest.raises(SessionError):
        studio.sessions.open_or_begin(tmp_path / "A").result(PATIENCE_S)


def test_the_same_one_again_waits_behind_it(studio: Studio, tmp_path: Path) -> None:
    silent = SilentSession(tmp_path / "A")
    first = studio.sessions.open_or_begin(tmp_path / "A")
    _until_slow(studio, tmp_path / "A")

    second = studio.sessions.open_or_begin(tmp_path / "A")
    silent.answer()

    assert first.result(PATIENCE_S) == second.result(PATIENCE_S) == tmp_path / "A"


def test_a_start_that_only_looks_at_the_last_session_can_be_overtaken(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.chosen.hold(recent_sessions=(str(tmp_path / "far" / "A"),), sessions_folder=str(tmp_path / "jobs"))
    answers = threading.Event()

    def look(_path: Path) -> datetime | None:
        answers.wait(PATIENCE_S)
        return None

    monkeypatch.setattr(SessionStore, "used_at", look)
    start = studio.sessions.go_on()
    _until_slow(studio, tmp_path / "far" / "A")
    studio.sessions.open_or_begin(tmp_path / "B").result(PATIENCE_S)

    answers.set()

    with pytest.raises(CancelledError):
        start.result(PATIENCE_S)
    assert studio.session_path == tmp_path / "B"
    assert not (tmp_path / "jobs").exists()


def _answer(silent: SilentSession, _studio: Studio, _folder: Path) -> None:
    silent.answer()


def _choose_another(silent: SilentSession, studio: Studio, folder: Path) -> None:
    studio.sessions.open_or_begin(folder / "B").result(PATIENCE_S)
    silent.answer()


@pytest.mark.parametrize("end", [_answer, _choose_another])
def test_what_is_shot_meanwhile_comes_into_the_session_that_is_opened(
    studio: Studio, tmp_path: Path, end: Callable[[SilentSession, Studio, Path], None]
) -> None:
    silent = SilentSession(tmp_path / "A")
    studio.sessions.open_or_begin(tmp_path / "A")
    _until_slow(studio, tmp_path / "A")
    with VirtualCamera() as camera:
        studio.connect(camera.address).result(PATIENCE_S)
        until(lambda: studio.status.state is CameraState.READY)
        with pytest.raises(SessionError, match="No session is open"):
            studio.release().result(PATIENCE_S)
        for count in (1, 2):
            until(lambda: camera.control({"do": "shutter"})["ok"])
            camera.wait_for(lambda told, count=count: len(told["files"]) == count and not told["is_exposing"])

        end(silent, studio, tmp_path)

        until(lambda: len(studio.shots) == 2)


def test_the_program_ends_at_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    silent = SilentSession(tmp_path / "A")
    studio.sessions.open_or_begin(tmp_path / "A")
    until(lambda: studio.sessions.awaited == tmp_path / "A")

    begun = time.monotonic()
    studio.close()

    assert time.monotonic() - begun < 10
    assert "hangs" not in caplog.text
    silent.answer()

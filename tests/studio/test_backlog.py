"""What was shot while nobody listened, on the virtual camera's card."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest

from groundglass.camera import process
from groundglass.errors import FetchStoppedError, SessionError, SessionHeldError
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.session import other_sessions
from groundglass.session.recover import check
from groundglass.session.store import SessionStore
from groundglass.studio import backlog
from groundglass.studio.chosen import Chosen
from groundglass.studio.events import BacklogChanged, Event, Problem, Warned
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from virtual_camera import VirtualCamera

# The camera's process, for a body whose clock cannot be set.
_CLOCK_STAYS = """
from groundglass.camera import dials, worker
dials.Dials._set_clock = lambda self: None
worker.main()
"""


@pytest.fixture
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


@pytest.fixture
def studio(camera: VirtualCamera, tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    yield studio
    studio.close()


def _connect(studio: Studio, camera: VirtualCamera) -> None:
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)


def _shoot_on_body(camera: VirtualCamera, count: int, files: int = 1) -> None:
    for _ in range(count):
        made = len(camera.state()["files"]) + files
        until(lambda: camera.control({"do": "shutter"})["ok"])
        camera.wait_for(lambda state, made=made: len(state["files"]) == made and not state["is_exposing"])


def _pull_cable(studio: Studio, camera: VirtualCamera) -> None:
    camera.do("fault", kind="refuse", operation="OpenSession", count=2)
    camera.do("fault", kind="drop", operation="NikonGetEvent", how="reset")
    until(lambda: not studio.status.state.is_connected)


def _release(studio: Studio) -> None:
    studio.release().result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)


def _let_pass(seconds: float) -> None:
    """Cards tell the time in whole seconds."""
    begun_at = time.monotonic()
    until(lambda: time.monotonic() - begun_at > seconds)


def _stored(studio: Studio) -> list[str]:
    return sorted(file.sha256 for shot in studio.shots for file in shot.files)


def _made(camera: VirtualCamera) -> list[str]:
    return sorted(one["sha256"] for one in camera.state()["files"])


def test_what_is_shot_while_the_camera_is_away_is_fetched_once_and_in_pairs(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    studio.open_session(tmp_path / "S")
    _connect(studio, camera)
    studio.set(SettingId.IMAGE_FORMAT, "raw+jpeg").result(PATIENCE_S)
    studio.release().result(PATIENCE_S)
    studio.disconnect().result(PATIENCE_S)
    _shoot_on_body(camera, 2, files=2)

    _connect(studio, camera)

    until(lambda: _stored(studio) == _made(camera))
    assert [len(shot.files) for shot in studio.shots] == [2, 2, 2]
    assert check(tmp_path / "S").is_clean


def test_a_pulled_cable_brings_what_was_shot_meanwhile_even_in_a_new_session(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    studio.open_session(tmp_path / "S")
    _connect(studio, camera)
    studio.set(SettingId.IMAGE_FORMAT, "jpeg").result(PATIENCE_S)
    _pull_cable(studio, camera)

    _shoot_on_body(camera, 1)

    until(lambda: _stored(studio) == _made(camera))


def test_what_is_shot_while_a_session_is_refused_comes_into_the_next(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    with closing(SessionStore.open(tmp_path / "held")), pytest.raises(SessionHeldError):
        studio.open_session(tmp_path / "held")
    _connect(studio, camera)
    _shoot_on_body(camera, 2)

    studio.open_session(tmp_path / "S")

    until(lambda: _stored(studio) == _made(camera))


def test_pictures_older_than_the_session_stay_until_they_are_asked_for(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    _shoot_on_body(camera, 2)
    studio.open_session(tmp_path / "S")
    _connect(studio, camera)
    assert _stored(studio) == []

    count = studio.fetch().result(PATIENCE_S)

    assert count == 2
    until(lambda: _stored(studio) == _made(camera))
    assert studio.fetch().result(PATIENCE_S) == 0


@pytest.mark.parametrize("folder", ["", "elsewhere"])
def test_frames_of_one_session_are_not_fetched_into_another(
    studio: Studio, camera: VirtualCamera, tmp_path: Path, folder: str
) -> None:
    first, second = tmp_path / "A", tmp_path / folder / "B"
    studio.sessions.open_or_begin(first).result(PATIENCE_S)
    _connect(studio, camera)
    studio.set(SettingId.IMAGE_FORMAT, "jpeg").result(PATIENCE_S)
    _release(studio)
    studio.sessions.open_or_begin(second).result(PATIENCE_S)
    _release(studio)
    _release(studio)
    studio.sessions.open(first).result(PATIENCE_S)

    _pull_cable(studio, camera)
    _shoot_on_body(camera, 1)

    until(lambda: len(studio.shots) > 1)
    until(lambda: not studio.is_fetching)
    made = [one["sha256"] for one in camera.state()["files"]]
    assert _stored(studio) == sorted((made[0], made[3]))
    assert len(SessionStore.read(second).shots) == 2


def test_an_older_session_gets_what_no_session_has(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    before = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "others.json"))
    before.open_session(tmp_path / "A")
    _connect(before, camera)
    before.set(SettingId.IMAGE_FORMAT, "jpeg").result(PATIENCE_S)
    _release(before)
    before.open_session(tmp_path / "B")
    _release(before)
    before.close()
    _shoot_on_body(camera, 1)

    studio.open_session(tmp_path / "A")
    _connect(studio, camera)

    until(lambda: len(studio.shots) > 1)
    until(lambda: not studio.is_fetching)
    made = [one["sha256"] for one in camera.state()["files"]]
    assert _stored(studio) == sorted((made[0], made[2]))


def test_a_session_that_was_left_before_its_first_frame_gets_what_was_shot_meanwhile(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    before = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "others.json"))
    before.open_session(tmp_path / "A")
    before.close()
    _shoot_on_body(camera, 1)

    studio.open_session(tmp_path / "A")
    _connect(studio, camera)

    until(lambda: _stored(studio) == _made(camera))


def test_what_one_session_missed_waits_for_it_and_that_is_told_once(
    studio: Studio, camera: VirtualCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "_CLOCK_SLACK_S", 0.5)
    events: list[Event] = []
    studio.subscribe(events.append)
    studio.open_session(tmp_path / "A")
    _connect(studio, camera)
    studio.set(SettingId.IMAGE_FORMAT, "raw+jpeg").result(PATIENCE_S)
    _release(studio)
    studio.open_session(tmp_path / "B")
    _let_pass(2.0)
    _release(studio)
    studio.disconnect().result(PATIENCE_S)
    _shoot_on_body(camera, 1, files=2)
    _let_pass(1.5)

    studio.open_session(tmp_path / "A")
    _connect(studio, camera)
    until(lambda: [one for one in events if isinstance(one, Warned)])
    fetched = studio.fetch(of_session=True).result(PATIENCE_S)
    in_first = _stored(studio)
    studio.open_session(tmp_path / "B")

    until(lambda: sorted(in_first + _stored(studio)) == _made(camera))
    assert (len(in_first), fetched) == (2, 0)
    (told,) = [one.error for one in events if isinstance(one, Warned)]
    assert told.message == "1 picture on the card was shot while another session was open."


def test_what_a_wrong_clock_puts_into_another_session_is_fetched_all_the_same(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "_CLOCK_SLACK_S", 0.5)
    monkeypatch.setattr(other_sessions, "_RIGHT_CLOCK_S", 3.0)
    monkeypatch.setattr(process, "_PROGRAM", ("-P", "-c", _CLOCK_STAYS))
    with monkeypatch.context() as slow:
        slow.setenv("TZ", "SLOW+00:00:06")
        camera = VirtualCamera("--megapixels", "4")
    with camera:
        studio.open_session(tmp_path / "A")
        studio.open_session(tmp_path / "B")
        _connect(studio, camera)
        studio.set(SettingId.IMAGE_FORMAT, "jpeg").result(PATIENCE_S)
        _let_pass(5.0)
        _release(studio)
        _let_pass(3.0)
        studio.open_session(tmp_path / "A")
        studio.disconnect().result(PATIENCE_S)
        _shoot_on_body(camera, 1)
        made = [one["sha256"] for one in camera.state()["files"]]

        _connect(studio, camera)

        until(lambda: _stored(studio) == made[1:])


def test_a_session_that_is_opened_again_gets_what_it_missed_from_a_camera_that_is_there(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    studio.open_session(tmp_path / "A")
    _connect(studio, camera)
    _release(studio)
    studio.disconnect().result(PATIENCE_S)
    _shoot_on_body(camera, 1)
    studio.open_session(tmp_path / "B")
    _connect(studio, camera)

    studio.open_session(tmp_path / "A")

    until(lambda: _stored(studio) == _made(camera))


def test_no_session_is_left_while_pictures_come_into_it(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    refused: list[BaseException | None] = []

    def leave(event: Event) -> None:
        """Between two files, when the camera seems to rest."""
        if isinstance(event, BacklogChanged) and event.left == 1:
            until(lambda: studio.status.state is CameraState.READY)
            refused.append(studio.sessions.open_or_begin(tmp_path / "B").exception(PATIENCE_S))

    studio.open_session(tmp_path / "A")
    _connect(studio, camera)
    studio.set(SettingId.IMAGE_FORMAT, "jpeg").result(PATIENCE_S)
    _release(studio)
    studio.disconnect().result(PATIENCE_S)
    _shoot_on_body(camera, 2)
    studio.subscribe(leave)
    _connect(studio, camera)

    until(lambda: _stored(studio) == _made(camera))
    assert [type(one) for one in refused] == [SessionError]
    assert studio.session_path == tmp_path / "A"


def _begin_to_fetch(studio: Studio, camera: VirtualCamera, folder: Path) -> Future[int]:
    """Fetch three older pictures slowly; returns while the first one is on its way."""
    _shoot_on_body(camera, 3)
    studio.open_session(folder)
    _connect(studio, camera)
    camera.do("fault", kind="slow", operation="GetPartialObject", bytes_per_second=1_000_000)
    fetching = studio.fetch()
    until(lambda: studio.status.state is CameraState.TRANSFERRING)
    return fetching


def test_a_look_that_nobody_asked_for_waits_for_a_fetch_that_was(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    fetching = _begin_to_fetch(studio, camera, tmp_path / "S")
    before = camera.state()["operations"]["GetObjectHandles"]

    studio._missed.look_again()

    assert fetching.result(PATIENCE_S) == 3
    until(lambda: _stored(studio) == _made(camera))
    until(lambda: camera.state()["operations"]["GetObjectHandles"] > before)


def test_a_fetch_in_place_of_another_fetches_the_rest_and_the_other_says_so(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    first = _begin_to_fetch(studio, camera, tmp_path / "S")

    second = studio.fetch()

    with pytest.raises(FetchStoppedError, match="interrupted"):
        first.result(PATIENCE_S)
    assert second.result(PATIENCE_S) == 2
    until(lambda: _stored(studio) == _made(camera))
    assert studio._missed.left == 0


def test_a_fetch_ends_with_its_session_and_nothing_of_it_comes_into_the_next(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    events: list[Event] = []
    studio.subscribe(events.append)
    fetching = _begin_to_fetch(studio, camera, tmp_path / "S")

    studio.open_session(tmp_path / "T")

    with pytest.raises(FetchStoppedError):
        fetching.result(PATIENCE_S)
    assert studio.finish_storing(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    assert studio.shots == ()
    assert len(SessionStore.read(tmp_path / "S").shots) == 1
    assert check(tmp_path / "S").is_clean
    until(lambda: studio.leaving().sentences == ())
    assert [one.left for one in events if isinstance(one, BacklogChanged)][-1] == 0
    assert not [one for one in events if isinstance(one, Problem)]


def test_a_short_silence_is_no_new_connection(studio: Studio, camera: VirtualCamera, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    _connect(studio, camera)
    studio.release().result(PATIENCE_S)
    studio.fetch().result(PATIENCE_S)
    looked = studio._missed._backlog

    camera.do("fault", kind="stall", operation="NikonGetEvent", seconds=2.0)
    until(lambda: studio.status.state is CameraState.UNRESPONSIVE)
    until(lambda: studio.status.state is CameraState.READY)
    studio.release().result(PATIENCE_S)

    assert studio._missed._backlog is looked
    assert _stored(studio) == _made(camera)


def test_a_fault_of_ours_ends_a_fetch_with_a_word(
    studio: Studio, camera: VirtualCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Event] = []
    studio.subscribe(events.append)
    studio.open_session(tmp_path / "S")
    _connect(studio, camera)
    _shoot_on_body(camera, 1)
    until(lambda: _stored(studio) == _made(camera))

    with monkeypatch.context() as broken:
        broken.setattr(backlog, "_age", lambda _: 1 / 0)
        broken.setattr(studio._shooting, "has_arrived", lambda _: False)
        broken.setattr(SessionStore, "has_card_file", lambda *_: False)
        with pytest.raises(SessionError, match="division by zero"):
            studio.fetch().result(PATIENCE_S)

    assert [type(one.error) for one in events if isinstance(one, Problem)] == [SessionError]
    assert studio.fetch().result(PATIENCE_S) == 0


def test_what_is_being_fetched_is_no_loss_of_the_disk(
    studio: Studio, camera: VirtualCamera, tmp_path: Path
) -> None:
    fetching = _begin_to_fetch(studio, camera, tmp_path / "S")
    until(lambda: studio._missed.left > 0)
    copies = studio.copies()

    fetching.result(PATIENCE_S)

    assert not copies.is_disk_short
    assert copies.missing_words == ""


def test_a_try_that_found_nothing_is_over(studio: Studio, camera: VirtualCamera, tmp_path: Path) -> None:
    studio.open_session(tmp_path / "S")
    _connect(studio, camera)
    studio._missed._is_trying = True

    assert studio.fetch().result(PATIENCE_S) == 0

    until(lambda: not studio._missed._is_trying)

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundglass.errors import NoSessionError, SessionError, TemplateError, UsageError
from groundglass.session.store import SessionStore
from groundglass.studio.chosen import Chosen
from groundglass.studio.events import NamesChanged, SessionOpened
from groundglass.studio.studio import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    yield studio
    studio.close()


def test_a_session_begins_in_the_folder_of_the_one_before(studio: Studio, tmp_path: Path) -> None:
    studio.sessions.open_or_begin(tmp_path / "jobs" / "Spring").result()

    begun = studio.sessions.begin("Summer").result()

    assert begun == studio.session_path == tmp_path / "jobs" / "Summer"
    assert studio.sessions.recent == (begun, tmp_path / "jobs" / "Spring")


def test_a_name_that_is_taken_or_none_is_refused_and_the_session_stays(
    studio: Studio, tmp_path: Path
) -> None:
    studio.sessions.open_or_begin(tmp_path / "Spring").result()

    with pytest.raises(SessionError, match="Spring"):
        studio.sessions.begin("Spring").result()
    for name in ("", "  ", "../x", "a/b", ".hidden"):
        with pytest.raises(UsageError):
            studio.sessions.begin(name).result()

    assert studio.session_path == tmp_path / "Spring"


def test_a_session_that_can_not_be_opened_leaves_the_one_that_is(studio: Studio, tmp_path: Path) -> None:
    studio.sessions.open_or_begin(tmp_path / "Spring").result()
    held = SessionStore.open(tmp_path / "held")

    with pytest.raises(SessionError):
        studio.sessions.open(tmp_path / "held").result()

    held.close()
    assert studio.session_path == tmp_path / "Spring"
    assert studio.sessions.recent == (tmp_path / "Spring",)


def test_the_preview_is_the_name_that_the_rename_gives(studio: Studio, tmp_path: Path) -> None:
    studio.sessions.open_or_begin(tmp_path / "Spring").result()

    preview = studio.sessions.preview("{subject}/{session}-{counter:03}", "Red coat", 12).result()
    named = studio.sessions.rename(
        template="{subject}/{session}-{counter:03}", subject="Red coat", next_number=12
    ).result()

    assert preview == named.next_name == studio.next_name == "Red coat/Spring-012"


def test_a_wrong_template_is_told_and_changes_nothing(studio: Studio, tmp_path: Path) -> None:
    studio.sessions.open_or_begin(tmp_path / "Spring").result()

    for attempt in (studio.sessions.preview("{date}"), studio.sessions.rename(template="{date}")):
        with pytest.raises(TemplateError):
            attempt.result()

    assert studio.next_name == "Spring_0001"


def test_a_change_of_names_is_announced(studio: Studio, tmp_path: Path) -> None:
    events: list[object] = []
    studio.subscribe(events.append)

    studio.sessions.open_or_begin(tmp_path / "Spring").result()
    studio.sessions.rename(subject="Hat").result()

    assert events == [SessionOpened(str(tmp_path / "Spring")), NamesChanged()]


def test_without_a_session_there_are_no_names(studio: Studio) -> None:
    assert studio.sessions.naming().result() is None
    with pytest.raises(SessionError):
        studio.sessions.rename(subject="Hat").result()


def test_a_folder_without_a_session_does_not_become_one_by_being_opened(
    studio: Studio, tmp_path: Path
) -> None:
    studio.sessions.open_or_begin(tmp_path / "jobs" / "Spring").result()

    with pytest.raises(NoSessionError, match="no session in the folder “jobs”"):
        studio.sessions.open(tmp_path / "jobs").result()

    assert studio.session_path == tmp_path / "jobs" / "Spring"
    assert not SessionStore.is_at(tmp_path / "jobs")
    assert studio.sessions.recent == (tmp_path / "jobs" / "Spring",)


def test_a_session_that_is_gone_is_said_to_be_and_forgotten(studio: Studio, tmp_path: Path) -> None:
    studio.sessions.open_or_begin(tmp_path / "Spring").result()
    studio.sessions.open_or_begin(tmp_path / "Summer").result()
    shutil.rmtree(tmp_path / "Spring")

    with pytest.raises(NoSessionError, match="“Spring” is not there any more"):
        studio.sessions.open(tmp_path / "Spring").result()

    assert not (tmp_path / "Spring").exists()
    assert studio.sessions.recent == (tmp_path / "Summer",)


@pytest.mark.parametrize(
    ("hours", "goes_on"),
    [(0.0, True), (1.4, True), (3.9, True), (4.1, False), (20.0, False), (-15.0, True)],
)
def test_a_start_goes_on_with_the_last_session_of_the_day_or_of_the_same_night(
    studio: Studio, tmp_path: Path, hours: float, goes_on: bool
) -> None:
    used_at = datetime(2026, 11, 26, 22, 30).astimezone()
    for name in ("Spring", "Lookbook"):
        studio.sessions.open_or_begin(tmp_path / name).result()
    os.utime(tmp_path / "Lookbook/.groundglass/journal.jsonl", (used_at.timestamp(), used_at.timestamp()))

    path = studio.sessions.to_go_on(used_at + timedelta(hours=hours))

    assert path == (tmp_path / "Lookbook" if goes_on else None)


def test_a_start_does_not_go_on_with_a_session_that_is_gone(studio: Studio, tmp_path: Path) -> None:
    studio.sessions.open_or_begin(tmp_path / "Lookbook").result()
    shutil.rmtree(tmp_path / "Lookbook")

    assert studio.sessions.to_go_on(datetime.now().astimezone()) is None

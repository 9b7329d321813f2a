from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from groundglass.session.record import Layout
from groundglass.studio import arrangement


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "look"
    Layout(path).hidden.mkdir(parents=True)
    return path


@pytest.fixture
def last(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "window.json"


def test_a_session_keeps_its_own_and_a_new_one_takes_the_last(session: Path, last: Path) -> None:
    arrangement.save({"panels": False}, session, last)
    arrangement.save({"panels": True}, None, last)

    assert arrangement.load(session, last) == ({"panels": False}, True)
    assert arrangement.load(session.parent / "new", last) == ({"panels": True}, False)


def test_without_any_file_there_is_nothing(session: Path, last: Path) -> None:
    assert arrangement.load(session, last) == ({}, False)


@pytest.mark.parametrize("text", ["{", "[]", '"x"', '{"version": "a"}', "\0"])
def test_a_broken_file_is_logged_and_the_last_one_used(
    session: Path, last: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    arrangement.save({"panels": True}, None, last)
    Layout(session).window.write_text(text)

    with caplog.at_level(logging.WARNING):
        found = arrangement.load(session, last)

    assert found == ({"panels": True}, False)
    assert "is passed over" in caplog.text


def test_a_file_of_a_newer_version_is_passed_over_and_left_alone(
    session: Path, last: Path, caplog: pytest.LogCaptureFixture
) -> None:
    newer = json.dumps({"version": 99, "panels": "holographic"})
    Layout(session).window.write_text(newer)

    with caplog.at_level(logging.WARNING):
        found = arrangement.load(session, last)
    arrangement.save({"panels": True}, session, last)

    assert found == ({}, False)
    assert "newer version" in caplog.text
    assert Layout(session).window.read_text() == newer


def test_a_session_folder_that_vanished_is_not_made_anew(session: Path, last: Path) -> None:
    gone = session.parent / "gone"

    arrangement.save({"panels": True}, gone, last)

    assert not gone.exists()
    assert last.exists()


def test_a_disk_that_refuses_is_logged_and_leaves_no_scrap(
    session: Path, last: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrangement.save({"panels": True}, session, last)

    def refuse(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("groundglass.studio.whole_file.os.fsync", refuse)
    with caplog.at_level(logging.INFO):
        arrangement.save({"panels": False}, session, last)

    assert "No space left" in caplog.text
    assert arrangement.load(session, last) == ({"panels": True}, True)
    assert [one.name for one in Layout(session).hidden.iterdir()] == ["window.json"]

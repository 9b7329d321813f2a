from __future__ import annotations

import wave
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.sounds import PLAYERS
from groundglass.errors import SessionError
from groundglass.studio.events import Problem, ShotStored
from scripted_desk import ScriptedDesk, shot


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a player first on the path that only notes what it is asked to play."""
    notes = tmp_path / "played"
    notes.touch()
    player = tmp_path / "bin" / PLAYERS[0][0]
    player.parent.mkdir()
    player.write_text(f'#!/bin/sh\necho "$(basename "$1") $(wc -c < "$1")" >> "{notes}"\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{player.parent}:/usr/bin:/bin")
    return notes


def test_a_stored_frame_and_trouble_have_tones_of_their_own(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, played: Path
) -> None:
    desk.chosen.change(sounds=True)

    desk.announce(ShotStored(shot(1, "job_0001.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: "stored.wav" in played.read_text())
    desk.announce(Problem(SessionError("The disk is full.", "Make room.")))
    qtbot.waitUntil(lambda: "failed.wav" in played.read_text())

    assert len(played.read_text().splitlines()) == 2


def test_one_trouble_that_is_told_twice_is_heard_once(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, played: Path
) -> None:
    desk.chosen.change(sounds=True)

    for words in ("The cable is out.", "The cable is out.", "The disk is full."):
        desk.announce(Problem(SessionError(words)))
    desk.announce(ShotStored(shot(1, "job_0001.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: "stored.wav" in played.read_text())

    qtbot.wait(300)  # for a third that was on its way
    assert played.read_text().count("failed.wav") == 2


def test_they_are_off_by_default(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, played: Path) -> None:
    desk.announce(ShotStored(shot(1, "job_0001.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.film.count == 1)
    desk.chosen.change(sounds=True)
    desk.announce(ShotStored(shot(2, "job_0002.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: played.read_text() != "")

    assert len(played.read_text().splitlines()) == 1


def test_a_tone_begins_and_ends_in_silence(tmp_path: Path) -> None:
    from groundglass.desktop.sounds import write_tones

    write_tones(tmp_path / "tone.wav", ((440.0, 0.1),))

    with wave.open(str(tmp_path / "tone.wav")) as tone:
        frames = tone.readframes(tone.getnframes())
        assert tone.getnframes() == 4410
    assert frames[:2] == b"\0\0"
    assert max(memoryview(frames).cast("h")) > 4000
    assert abs(memoryview(frames).cast("h")[-1]) < 100

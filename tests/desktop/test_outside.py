"""The ways from a picture to other programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.studio.events import SessionOpened, ShotStored
from scripted_desk import ScriptedDesk, shot

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Opener(QObject):
    """The desktop's way to open a file, which keeps what was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def opener(app: object) -> Iterator[Opener]:
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")
    yield opener
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def job(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> Path:
    """Give a session whose only shot, on screen, has a RAW beside its JPEG."""
    session = tmp_path / "a job"
    session.mkdir()
    desk.session_path = session
    desk.announce(SessionOpened(str(session)))
    grey = cv2.imencode(".jpg", np.full((200, 300, 3), 90, np.uint8))[1].tobytes()
    for name in ("job_0001.jpg", "job_0001.nef"):
        (session / name).write_bytes(grey)
    desk.announce(ShotStored(shot(1, "job_0001.jpg", "job_0001.nef"), is_complete=True))
    qtbot.waitUntil(lambda: window.viewing.shot is not None)
    return session


def test_the_raw_is_opened_in_the_program_of_its_kind(
    window: MainWindow, qtbot: QtBot, job: Path, opener: Opener
) -> None:
    qtbot.keyClick(window.picture, Qt.Key.Key_Return, _CTRL)

    assert opener.opened == [job / "job_0001.nef"]


def test_the_folder_of_the_picture_is_shown(
    window: MainWindow, qtbot: QtBot, job: Path, opener: Opener
) -> None:
    qtbot.keyClick(window.picture, Qt.Key.Key_R, _CTRL | _SHIFT)

    assert opener.opened == [job]


@pytest.mark.parametrize(
    ("program", "words"), [("darktable", "Open in darktable"), ("rawtherapee", "Open in RawTherapee")]
)
def test_a_program_that_is_installed_is_offered_and_gets_the_raw(
    window: MainWindow,
    qtbot: QtBot,
    job: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    words: str,
) -> None:
    given, folder = tmp_path / "given", tmp_path / "bin"
    folder.mkdir()
    (folder / program).write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "{given}.part" && mv "{given}.part" "{given}"\n'
    )
    (folder / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    (entry,) = (one for one in window.outside.menu(window).actions() if one.text() == words)
    entry.trigger()

    qtbot.waitUntil(given.exists)
    assert given.read_text() == f"{job / 'job_0001.nef'}\n"


def test_a_program_that_is_not_installed_is_not_offered(
    window: MainWindow, job: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert not [one.text() for one in window.outside.menu(window).actions() if "Open in d" in one.text()]

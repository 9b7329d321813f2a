from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.widgets.export_dialog import ExportDialog
from groundglass.model.review import ReviewChange
from groundglass.studio.events import SessionOpened, ShotStored
from scripted_desk import ScriptedDesk, shot, status

_CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def job(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> Path:
    """Give a session of two shots, the second on screen."""
    session = tmp_path / "job"
    session.mkdir()
    desk.session_path = session
    desk.announce(SessionOpened(str(session)))
    desk.say(status())
    grey = cv2.imencode(".jpg", np.full((200, 300, 3), 90, np.uint8))[1].tobytes()
    for number in (1, 2):
        (session / f"job_{number:04}.jpg").write_bytes(grey)
        desk.announce(ShotStored(shot(number, f"job_{number:04}.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 2)
    return session


def _dialog(window: MainWindow, qtbot: QtBot) -> ExportDialog:
    qtbot.keyClick(window, Qt.Key.Key_E, _CONTROL)
    assert window.exporting.dialog is not None
    return window.exporting.dialog


def _export(dialog: ExportDialog, qtbot: QtBot) -> str:
    qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.told.text() != "")
    return dialog.told.text()


def test_what_the_film_shows_is_copied_and_printed(
    window: MainWindow, qtbot: QtBot, job: Path, tmp_path: Path
) -> None:
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.sheet.setChecked(True)

    told = _export(dialog, qtbot)

    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "job.pdf",
        "job_0001.jpg",
        "job_0002.jpg",
    ]
    assert told.startswith(f"2 shots selected.\n2 files copied to {tmp_path / 'out'}.")


def test_an_export_that_fails_says_why_and_can_be_tried_again(
    window: MainWindow, qtbot: QtBot, job: Path, tmp_path: Path
) -> None:
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(job / "inside"))
    refused = _export(dialog, qtbot)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.told.clear()

    done = _export(dialog, qtbot)

    assert "within the session itself" in refused
    assert "2 files copied" in done


def test_it_says_which_shots_it_takes(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path
) -> None:
    every = _dialog(window, qtbot)
    assert every.what.text().startswith("All 2 shots of the session, with")
    every.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    desk.reviews.change([1], ReviewChange(rating=3))
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(window.film.shots) == 1)

    filtered = _dialog(window, qtbot)
    assert filtered.what.text().startswith("1 of 2 shots, as the filter lets them pass, with")
    filtered.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(window.film.shots) == 2)
    qtbot.keyClick(window, Qt.Key.Key_A, _CONTROL)

    assert _dialog(window, qtbot).what.text().startswith("2 of 2 shots, selected on the film, with")


def test_nothing_moves_whatever_is_told(window: MainWindow, qtbot: QtBot, job: Path) -> None:
    dialog = _dialog(window, qtbot)
    qtbot.waitExposed(dialog)

    def places() -> list[tuple[int, ...]]:
        every = (dialog, dialog.leave, dialog.export, dialog.moves)
        return [one.geometry().getRect() for one in every]

    before = places()

    for sentences in (["Done."], [f"job_{number:04}.jpg is missing in the session." for number in range(40)]):
        dialog.show_done(sentences, is_whole=False)
        qtbot.wait(20)  # for the layout
        assert places() == before
    dialog.moves.setChecked(True)
    qtbot.wait(20)
    assert places() == before


def test_a_path_that_is_not_whole_is_refused_in_place(window: MainWindow, qtbot: QtBot, job: Path) -> None:
    dialog = _dialog(window, qtbot)
    dialog.folder.setText("selects")

    told = _export(dialog, qtbot)

    assert told == "Write the whole path of a folder, or choose one."


def test_escape_closes_it_and_the_key_opens_it_again(window: MainWindow, qtbot: QtBot, job: Path) -> None:
    dialog = _dialog(window, qtbot)

    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.exporting.dialog is None)
    window.activateWindow()

    assert _dialog(window, qtbot) is not dialog


def test_the_path_of_the_shown_picture_is_copied(window: MainWindow, qtbot: QtBot, job: Path) -> None:
    window.outside.copy_path()

    assert QGuiApplication.clipboard().text() == str(job / "job_0002.jpg")


def test_a_picture_that_is_gone_is_told(window: MainWindow, qtbot: QtBot, job: Path) -> None:
    (job / "job_0002.jpg").unlink()

    window.outside.open()

    assert window.banner.error is not None
    assert "job_0002.jpg” is not there any more" in str(window.banner.error)


def test_the_menu_is_off_while_no_picture_is_chosen(window: MainWindow, desk: ScriptedDesk) -> None:
    menu = window.outside.menu(window)

    assert not any(entry.isEnabled() for entry in menu.actions())


def test_a_move_lays_what_was_copied_into_the_trash(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path, tmp_path: Path
) -> None:
    (job / "job_0001.jpg").unlink()
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.moves.setChecked(True)
    assert dialog.export.text() == "Move"

    told = _export(dialog, qtbot)

    assert desk.trash.count == 1  # the other one is not in the folder, so it stays
    assert [one.number for one in desk.shots] == [1]
    assert "1 shot lies in the session's trash now" in told
    assert "job_0001.jpg is missing" in told


def test_a_move_that_can_not_copy_takes_nothing_out(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path
) -> None:
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(job / "inside"))
    dialog.moves.setChecked(True)

    _export(dialog, qtbot)

    assert desk.trash.count == 0

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop import logging_out
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.widgets.export_dialog import ExportDialog
from groundglass.errors import DiskFullError
from groundglass.model.review import ReviewChange
from groundglass.session.disk import Disk
from groundglass.studio.events import SessionOpened, ShotStored
from scripted_desk import ScriptedDesk, shot, status

_CONTROL = Qt.KeyboardModifier.ControlModifier
_PATIENCE_S = 20.0


class Pace:
    """Lets files be copied one by one, or refuses one."""

    def __init__(self) -> None:
        self.let = threading.Semaphore(0)
        self.begun = 0
        self.error: DiskFullError | None = None


@pytest.fixture
def pace(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pace]:
    """Hold every copy of an export until the test lets it go on."""
    paced = Pace()

    class PacedDisk(Disk):
        def copy(self, source: Path, scratch: Path, pace: object = None) -> str:
            paced.begun += 1
            assert paced.let.acquire(timeout=_PATIENCE_S)
            if paced.error is not None:
                raise paced.error
            return super().copy(source, scratch)

    monkeypatch.setattr("groundglass.session.selects.Disk", PacedDisk)
    yield paced
    paced.let.release(100)


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
    qtbot.waitUntil(dialog.export.isEnabled)
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


def test_a_shot_whose_words_are_left_is_not_moved_and_it_says_why(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/job_0001.xmp").write_bytes(b"said there")
    (job / "job_0001.xmp").write_bytes(b"said here")
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.moves.setChecked(True)

    told = _export(dialog, qtbot)

    assert (
        "job_0001.xmp is there, says something else and was left, and its shot stays in the session." in told
    )
    assert [one.number for one in desk.shots] == [1]


def test_an_export_that_fails_says_why_and_can_be_tried_again(
    window: MainWindow, qtbot: QtBot, job: Path, tmp_path: Path
) -> None:
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(job / "inside"))
    refused = _export(dialog, qtbot)
    dialog.folder.setText(str(tmp_path / "out"))

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


def test_jpegs_alone_are_chosen_by_key_and_a_shot_with_a_raw_is_not_moved(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path, tmp_path: Path
) -> None:
    for name in ("job_0003.nef", "job_0003.jpg"):
        (job / name).write_bytes(name.encode())
    desk.announce(ShotStored(shot(3, "job_0003.nef", "job_0003.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: len(window.film.shots) == 3)
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.moves.setChecked(True)
    assert dialog.files.accessibleName() == "Files: All files"

    qtbot.keyClick(dialog.files, Qt.Key.Key_Return)

    assert dialog.files.accessibleName() == "Files: JPEG, no RAW"
    told = _export(dialog, qtbot)
    assert _names(tmp_path / "out") == ["job_0001.jpg", "job_0002.jpg", "job_0003.jpg"]
    assert "1 shot stays in the session: only the JPEG was copied." in told
    assert [one.number for one in desk.shots] == [3]


def test_the_folder_is_shown_when_it_is_filled(
    window: MainWindow, qtbot: QtBot, job: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(
        "groundglass.desktop.widgets.export_dialog.QDesktopServices.openUrl",
        lambda url: shown.append(url.toLocalFile()) or True,
    )
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(tmp_path / "out"))
    assert not dialog.reveal.isEnabled()

    _export(dialog, qtbot)
    qtbot.mouseClick(dialog.reveal, Qt.MouseButton.LeftButton)

    assert shown == [str(tmp_path / "out")]


def test_a_move_that_can_not_copy_takes_nothing_out(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path
) -> None:
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(job / "inside"))
    dialog.moves.setChecked(True)

    _export(dialog, qtbot)

    assert desk.trash.count == 0


# ---- the dialog is closed, and the export goes on


def _begin(window: MainWindow, qtbot: QtBot, into: Path, *, moves: bool = False) -> ExportDialog:
    """Begin an export and close its dialog."""
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(into))
    dialog.moves.setChecked(moves)
    qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return dialog


def _names(folder: Path) -> list[str]:
    """Return what is whole; scratch files begin with a dot."""
    return sorted(one.name for one in folder.glob("[!.]*")) if folder.exists() else []


def test_an_export_goes_on_behind_its_dialog_and_is_told_quietly(
    window: MainWindow, qtbot: QtBot, job: Path, tmp_path: Path, pace: Pace
) -> None:
    _begin(window, qtbot, tmp_path / "out")
    told = window.status_line.copies
    assert told.text == "exporting 0 %"
    pace.let.release()
    qtbot.waitUntil(lambda: told.text == "exporting 50 %")

    pace.let.release()

    qtbot.waitUntil(lambda: told.text == "2 shots exported")
    assert f"copied to {tmp_path / 'out'}" in told.toolTip()
    assert not window.banner.isVisible()
    assert _names(tmp_path / "out") == ["job_0001.jpg", "job_0002.jpg"]
    fresh = _dialog(window, qtbot)
    assert fresh.told.text() == ""
    window.exporting._told.timeout.emit()  # after some seconds
    assert "exported" not in told.text


def test_a_failure_behind_its_dialog_is_told_with_what_to_do(
    window: MainWindow, qtbot: QtBot, job: Path, tmp_path: Path, pace: Pace
) -> None:
    dialog = _begin(window, qtbot, tmp_path / "out")
    pace.error = DiskFullError("The disk is full.", "Make room.")

    pace.let.release()

    qtbot.waitUntil(window.banner.isVisible)
    assert str(window.banner.error) == "The export has ended early. The disk is full. Make room."
    assert "export" not in window.status_line.copies.text
    pace.error = None
    pace.let.release(2)
    qtbot.mouseClick(window.banner.action_button, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert dialog.told.text() == "The disk is full. Make room."
    assert "2 files copied" in _export(dialog, qtbot)


def test_what_an_export_lacks_is_told_in_the_banner(
    window: MainWindow, qtbot: QtBot, job: Path, tmp_path: Path, pace: Pace
) -> None:
    (job / "job_0001.jpg").unlink()
    _begin(window, qtbot, tmp_path / "out")

    pace.let.release()

    qtbot.waitUntil(window.banner.isVisible)
    assert "not whole. job_0001.jpg is missing in the session." in str(window.banner.error)
    shown = _dialog(window, qtbot)  # by its key: the one that failed
    assert "is missing" in shown.told.text()
    assert not window.banner.isVisible()


def test_what_an_export_lacked_is_not_told_in_another_session(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path, tmp_path: Path, pace: Pace
) -> None:
    (job / "job_0001.jpg").unlink()
    _begin(window, qtbot, tmp_path / "out")
    pace.let.release()
    qtbot.waitUntil(window.banner.isVisible)
    (tmp_path / "other").mkdir()

    desk.session_path = tmp_path / "other"
    desk.announce(SessionOpened(str(tmp_path / "other")))

    qtbot.waitUntil(lambda: window.exporting.dialog is None)
    assert "not whole" not in str(window.banner.errors)


def test_a_second_export_waits_and_says_why(
    window: MainWindow, qtbot: QtBot, job: Path, tmp_path: Path, pace: Pace
) -> None:
    first = _begin(window, qtbot, tmp_path / "out")

    shown = _dialog(window, qtbot)

    assert shown is first
    assert shown.isVisible()
    assert "under way" in shown.told.text()
    assert not shown.export.isEnabled()
    assert not shown.folder.isEnabled()
    pace.let.release(2)
    qtbot.waitUntil(shown.export.isEnabled)
    assert "2 files copied" in shown.told.text()


def test_an_export_is_stopped_between_two_files_and_moves_what_was_copied(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path, tmp_path: Path, pace: Pace
) -> None:
    dialog = _dialog(window, qtbot)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.moves.setChecked(True)
    assert not dialog.stop.isEnabled()
    qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pace.begun == 1)

    qtbot.mouseClick(dialog.stop, Qt.MouseButton.LeftButton)
    pace.let.release(2)

    qtbot.waitUntil(dialog.export.isEnabled)
    assert not dialog.stop.isEnabled()
    assert "It was stopped; what was copied by then is whole." in dialog.told.text()
    assert _names(tmp_path / "out") == ["job_0001.jpg"]
    assert [one.number for one in desk.shots] == [2]


def test_quitting_asks_while_an_export_runs_and_goes_by_itself_behind_it(
    window: MainWindow, qtbot: QtBot, job: Path, tmp_path: Path, pace: Pace
) -> None:
    _begin(window, qtbot, tmp_path / "out")

    qtbot.keyClick(window, Qt.Key.Key_Q, _CONTROL)

    assert window.isVisible()
    assert "An export is under way: 0 %" in str(window.banner.error)
    pace.let.release(2)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert _names(tmp_path / "out") == ["job_0001.jpg", "job_0002.jpg"]


def test_who_quits_all_the_same_keeps_what_was_copied_and_moves_no_more(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path, tmp_path: Path, pace: Pace
) -> None:
    _begin(window, qtbot, tmp_path / "out", moves=True)
    qtbot.waitUntil(lambda: pace.begun == 1)
    qtbot.keyClick(window, Qt.Key.Key_Q, _CONTROL)
    threading.Timer(0.3, pace.let.release, [10]).start()  # while the window waits for the file

    qtbot.mouseClick(window.banner.action_button, Qt.MouseButton.LeftButton)

    assert not window.isVisible()
    assert _names(tmp_path / "out") == ["job_0001.jpg"]  # the one that was under way
    assert [one.number for one in desk.shots] == [2]


def test_logging_out_is_held_off_while_an_export_runs(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path, tmp_path: Path, pace: Pace
) -> None:
    _begin(window, qtbot, tmp_path / "out")
    end = Mock()  # a QSessionManager cannot be made
    end.allowsInteraction.return_value = True

    logging_out.mind(end, window, desk)

    end.cancel.assert_called_once()
    assert "An export is under way" in str(window.banner.error)
    pace.let.release(2)
    qtbot.waitUntil(lambda: not window.isVisible())


def test_a_move_out_of_a_session_that_is_no_longer_open_leaves_the_other_alone(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, job: Path, tmp_path: Path, pace: Pace
) -> None:
    _begin(window, qtbot, tmp_path / "out", moves=True)
    shutil.copytree(job, tmp_path / "other")
    desk.session_path = tmp_path / "other"
    desk.announce(SessionOpened(str(tmp_path / "other")))

    pace.let.release(2)

    qtbot.waitUntil(window.banner.isVisible)
    assert "copied, not moved" in str(window.banner.error)
    assert desk.trash.count == 0


def test_a_bug_leaves_the_dialog_usable(
    window: MainWindow, qtbot: QtBot, job: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("bug")

    monkeypatch.setattr("groundglass.studio.export.export", fail)

    told = _export(_dialog(window, qtbot), qtbot)

    assert told.startswith("Something went wrong inside Groundglass.")

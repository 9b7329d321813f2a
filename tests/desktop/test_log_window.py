from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.log_window import LogPage
from groundglass.desktop.main_window import MainWindow
from groundglass.errors import CameraLostError, SessionError
from groundglass.studio.logbook import Logbook
from scripted_desk import ScriptedDesk

_BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def _open(window: MainWindow, qtbot: QtBot) -> LogPage:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_L, _BOTH)
    page = window.logging.page
    assert page is not None
    qtbot.waitUntil(page.isActiveWindow)
    return page


def test_what_was_told_before_and_after_stands_in_it(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.log.note(CameraLostError("The camera stopped answering.", "Check the cable."))
    page = _open(window, qtbot)

    desk.log.note(SessionError("The disk is full.", "Make room."))

    qtbot.waitUntil(lambda: "The disk is full. Make room." in page.text.toPlainText())
    assert "The camera stopped answering. Check the cable." in page.text.toPlainText()


def test_a_long_line_is_seen_from_its_beginning(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.log.note(SessionError("The disk is full. " * 30, "Make room."))

    window.logging.open()

    text = window.logging.page.text if window.logging.page else None
    assert text is not None
    qtbot.waitUntil(text.isVisible)
    assert text.horizontalScrollBar().maximum() == 0


def test_a_log_that_is_closed_takes_no_lines(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    page = _open(window, qtbot)

    qtbot.keyClick(page, Qt.Key.Key_Escape)
    desk.log.note(SessionError("The disk is full.", "Make room."))

    assert window.logging.page is None
    assert "The disk is full." in _open(window, qtbot).text.toPlainText()


def test_a_report_says_where_it_is_or_why_not(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    page = _open(window, qtbot)

    window.logging.save_to(tmp_path / "report.txt")
    desk.futures[-1].set_exception(SessionError("The report could not be saved.", "Choose another folder."))
    qtbot.waitUntil(lambda: "could not be saved" in page.told.text)
    window.logging.save_to(tmp_path / "report.txt")
    desk.futures[-1].set_result(None)
    qtbot.waitUntil(lambda: page.told.text == f"The report is {tmp_path / 'report.txt'}.")

    assert page.save.isEnabled()


def test_the_whole_text_is_copied(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.log.note(SessionError("The disk is full.", "Make room."))
    page = _open(window, qtbot)

    copy = next(one for one in page.findChildren(type(page.save)) if one.text() == "Copy")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)

    assert "The disk is full. Make room." in QGuiApplication.clipboard().text()


def test_log_records_come_in_words_and_with_their_error() -> None:
    book = Logbook()
    logger = logging.Logger("groundglass.camera.client", logging.DEBUG)
    logger.addHandler(book)

    logger.debug("too small to keep")
    logger.warning("%s is slow", "The disk")
    logger.error("A job failed", exc_info=ValueError("odd"))

    assert [(one.level, one.source, one.text) for one in book.lines] == [
        ("warning", "camera.client", "The disk is slow"),
        ("error", "camera.client", "A job failed: ValueError: odd"),
    ]

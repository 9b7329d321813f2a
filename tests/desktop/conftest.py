"""The dressed application, a desk to script and a window on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.app import application
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK, style_sheet
from scripted_desk import ScriptedDesk


@pytest.fixture(autouse=True)
def _what_is_to_be_deleted_goes() -> Iterator[None]:
    """Delete what a test asked Qt to delete, which waits for an event loop: a window has 290 widgets."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    """Dress the application, unless it is: that styles every widget there is, again for each test."""
    if qapp.styleSheet() != style_sheet(DARK):
        application()
    return qapp


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ScriptedDesk]:
    desk = ScriptedDesk(tmp_path)
    yield desk
    desk.chosen.close()


@pytest.fixture
def window(app: QApplication, qtbot: QtBot, desk: ScriptedDesk) -> Iterator[MainWindow]:
    shown = MainWindow(desk, DARK)
    qtbot.addWidget(shown)
    shown.resize(1280, 800)
    shown.show()
    qtbot.waitExposed(shown)
    shown.activateWindow()
    yield shown
    shown.close()

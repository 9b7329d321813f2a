from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.at_a_glance import AtAGlance
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets.copies_section import CopiesSection
from groundglass.desktop.widgets.details_section import DetailsSection
from groundglass.desktop.widgets.status_line import StatusLine, TransferBar
from groundglass.errors import DiskFullError
from groundglass.model.camera import CameraState, TransferProgress
from groundglass.model.places import CardPolicy, Place
from groundglass.model.setting import SettingId
from groundglass.session.backup import BackupState, BackupStatus
from groundglass.studio.clearing import CardStatus
from groundglass.studio.events import BacklogChanged, BackupChanged, CardChanged, Problem, ShotStored
from groundglass.studio.link import Link
from scripted_desk import ScriptedDesk, shot, status, with_setting, words
from widget_paints import PaintNotes

_DOT = "\N{MIDDLE DOT}"


def _section(window: MainWindow) -> CopiesSection:
    return window.findChildren(CopiesSection)[0]


def test_the_line_and_the_section_tell_where_every_frame_lives(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.places_of[1] = frozenset((Place.DISK, Place.CARD))
    desk.announce(ShotStored(shot(1, "a.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.status_line.copies.text == f"card {_DOT} disk")

    section = _section(window)
    assert section.told("On the disk") == "1 of 1"
    assert section.told("On the card") == "1 of 1"
    assert section.told("The card's copies") == "kept"
    assert section.told("In the backup") == "none"


@pytest.mark.parametrize(
    ("missing", "line", "row"),
    [(0, "not all on disk", "1 of 1, not all"), (1, "1 file not on disk", "1 of 1, 1 file not")],
)
def test_what_the_disk_did_not_take_is_told_until_it_has_come(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, missing: int, line: str, row: str
) -> None:
    desk.places_of[1] = frozenset((Place.DISK, Place.CARD, Place.BACKUP))
    desk.announce(ShotStored(shot(1, "a.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.status_line.copies.text.startswith("card"))
    desk.missing_files, desk.is_disk_short = missing, True

    desk.announce(Problem(DiskFullError("The session's disk is full.", "Make room.")))

    qtbot.waitUntil(lambda: window.status_line.copies.text == line)
    assert window.status_line.copies._role == "danger"
    assert _section(window).told("On the disk") == row
    desk.missing_files, desk.is_disk_short = 0, False
    desk.announce(BacklogChanged(0, 0))
    qtbot.waitUntil(lambda: window.status_line.copies.text.startswith("card"))
    assert _section(window).told("On the disk") == "1 of 1"


def test_a_card_that_the_camera_does_not_show_is_told_as_not_known(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.places_of[1] = frozenset((Place.DISK, Place.UNSEEN_CARD))
    desk.announce(ShotStored(shot(1, "a.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.status_line.copies.text == f"disk {_DOT} card not known")
    assert _section(window).told("On the card") == "not known"
    assert window.findChildren(DetailsSection)[0].told("Lives on") == "disk, card not known"

    desk.places_of[2] = frozenset((Place.DISK, Place.CARD))
    desk.announce(ShotStored(shot(2, "b.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: _section(window).told("On the card") == "1 known of 2")


def test_a_backup_disk_that_is_away_is_told_with_what_waits(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.announce(ShotStored(shot(1, "a.jpg"), is_complete=True))
    desk.backup = BackupStatus(BackupState.AWAY, 3, "Its disk is not there. Plug it in.")
    desk.announce(BackupChanged(desk.backup))
    line = window.status_line
    qtbot.waitUntil(lambda: line.copies.text == "backup away, 3 to copy")

    assert line.copies.accessibleDescription() == "backup away, 3 to copy. Its disk is not there. Plug it in."
    assert line.copies.toolTip() == "Its disk is not there. Plug it in."
    assert _section(window).told("State of the backup") == "away, 3 to copy"

    desk.backup = BackupStatus(BackupState.SAFE)
    desk.places_of[1] = frozenset((Place.CARD, Place.DISK, Place.BACKUP))
    desk.announce(BackupChanged(desk.backup))

    qtbot.waitUntil(lambda: line.copies.text == f"card {_DOT} disk {_DOT} backup")
    assert _section(window).told("State of the backup") == "caught up"


def test_card_copies_that_are_due_and_that_must_stay_are_told(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.card = CardStatus(CardPolicy.DELETE_AFTER_BACKUP, due=2)
    desk.announce(CardChanged(desk.card))
    qtbot.waitUntil(lambda: _section(window).told("The card's copies") == "2 to delete")

    desk.card = CardStatus(CardPolicy.DELETE_AFTER_BACKUP, kept=("DSC_0001.NEF is locked.",))
    desk.announce(CardChanged(desk.card))

    qtbot.waitUntil(lambda: _section(window).told("The card's copies") == "1 must stay")


def test_the_link_stands_behind_the_state(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.linked = Link("USB 3", 5000)
    desk.say(status())

    qtbot.waitUntil(lambda: window.status_line.state.text == f"connected {_DOT} USB 3")
    assert _section(window).told("Link") == "USB 3, 5000 Mbit/s"


def test_a_transfer_draws_a_bar_and_moves_nothing(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(status())
    qtbot.waitUntil(lambda: window.status == desk.status)
    parts = (window.transfer_bar, window.status_line, window.picture, window.side, window.panel)
    places = [part.geometry() for part in parts]

    desk.say(replace(status(CameraState.TRANSFERRING), transfer=TransferProgress("a.nef", 25, 50)))
    qtbot.waitUntil(lambda: window.transfer_bar.share == 0.5)

    assert window.status_line.state.text == "transferring 1 of 2"
    assert window.transfer_bar.accessibleDescription() == "a.nef, 50 %"
    assert [part.geometry() for part in parts] == places
    image = window.transfer_bar.grab().toImage()
    assert image.pixelColor(10, 1) != image.pixelColor(image.width() - 10, 1)

    desk.say(status())
    qtbot.waitUntil(lambda: window.transfer_bar.share is None)


def test_pictures_that_were_shot_meanwhile_are_counted_as_they_come(
    app: object, qtbot: QtBot, desk: ScriptedDesk
) -> None:
    line, bar, bridge = StatusLine(DARK), TransferBar(DARK), Bridge()
    section = CopiesSection(DARK)
    for widget in (line, bar, section):
        qtbot.addWidget(widget)
    at = [10.0]
    glance = AtAGlance(desk, bridge, line, bar, section, clock=lambda: at[0])

    glance.take_event(BacklogChanged(2, 8))
    glance.show_status(
        replace(status(CameraState.TRANSFERRING), transfer=TransferProgress("a", 10**6, 10**8))
    )
    at[0] = 11.0
    glance.show_status(
        replace(status(CameraState.TRANSFERRING), transfer=TransferProgress("a", 43 * 10**6, 10**8))
    )

    assert line.state.text == f"fetching 7 of 8 from the card {_DOT} 42 MB/s"
    glance.take_event(BacklogChanged(0, 8))
    glance.show_status(status())
    assert line.state.text == "connected"
    glance.close()
    bridge.close()


@pytest.mark.parametrize(("percent", "left"), [("100 %", "99999"), ("9 %", "7")])
def test_the_widest_figures_of_the_status_line_are_whole(
    app: object, qtbot: QtBot, percent: str, left: str
) -> None:
    line = StatusLine(DARK)
    qtbot.addWidget(line)
    line.resize(1280, 32)

    full = with_setting(status(), words(SettingId.BATTERY, percent))
    line.show_status(with_setting(full, words(SettingId.SHOTS_LEFT, left)))

    assert line.battery.shown == percent
    assert line.shots_left.shown == f"{left} left"


@pytest.mark.parametrize(
    ("width", "begins"), [(1024, "Spring l"), (840, "\N{BLACK RIGHT-POINTING SMALL TRIANGLE}")]
)
def test_a_session_is_cut_before_the_name_of_the_next_picture(
    app: object, qtbot: QtBot, width: int, begins: str
) -> None:
    line = StatusLine(DARK)
    qtbot.addWidget(line)
    line.resize(width, 32)
    line.show()
    line.show_session("Spring lookbook", "Spring lookbook_0007")

    shown = line.session.shown

    assert shown.startswith(begins)
    assert "\N{BLACK RIGHT-POINTING SMALL TRIANGLE}  Spring" in shown
    assert shown.endswith("_0007")
    assert line.session.fontMetrics().horizontalAdvance(shown) <= line.session.width()
    assert line.session.toolTip() == line.session.text


def test_a_status_that_changes_nothing_there_paints_and_lays_out_nothing(app: object, qtbot: QtBot) -> None:
    line = StatusLine(DARK)
    qtbot.addWidget(line)
    line.resize(1200, 32)
    line.show()
    qtbot.waitExposed(line)
    ready = status(CameraState.READY)
    line.show_status(ready)
    QApplication.processEvents()
    seen = PaintNotes(line, *line.findChildren(QWidget))

    line.show_status(replace(ready))
    QApplication.processEvents()
    assert seen.every == []

    line.show_status(status(CameraState.LIVE))
    QApplication.processEvents()
    assert {type(one).__name__ for one, _ in seen.every} >= {"Lamp", "Words"}

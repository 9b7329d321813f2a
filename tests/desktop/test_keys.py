from __future__ import annotations

import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from groundglass.desktop.actions import ActionId, action
from groundglass.desktop.keys import Keys
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets.keys_page import KeysPage
from groundglass.studio import preferences
from scripted_desk import ScriptedDesk, status


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> KeysPage:
    window.preferring.open()
    assert window.preferring.page is not None
    window.preferring.page.pages.setCurrentIndex(1)
    return window.preferring.page.keys


def _record(page: KeysPage, qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    line = page.recorder.findChildren(QLineEdit)[0]
    page.recorder.setFocus()
    qtbot.keyClick(page.recorder, key, held or Qt.KeyboardModifier.NoModifier)
    assert line is not None


def _shown(page: KeysPage) -> list[str]:
    table = page.table
    rows = [row for row in range(table.rowCount()) if not table.isRowHidden(row)]
    return [item.text() for row in rows if (item := table.item(row, 1)) is not None]


# ---- the map


def test_a_changed_key_holds_and_the_others_stay() -> None:
    keys = Keys()

    keys.use((("live", "f5"), ("scope", "")))

    assert (keys.key(ActionId.LIVE), keys.key(ActionId.SCOPE), keys.key(ActionId.HELP)) == ("F5", "", "?")
    assert keys.changes == {"live": "F5", "scope": ""}
    assert keys.with_key("Live", ActionId.LIVE) == "Live  (F5)"
    assert keys.with_key("Scopes", ActionId.SCOPE) == "Scopes"


def test_two_actions_can_swap_their_keys() -> None:
    keys = Keys()

    keys.use((("live", "Space"), ("release", "L")))

    assert (keys.key(ActionId.LIVE), keys.key(ActionId.RELEASE)) == ("Space", "L")


@pytest.mark.parametrize(
    ("name", "key", "word"),
    [
        ("teleport", "T", "knows no such action"),
        ("live", "Ctrl+Ctrl+", "it is none"),
        ("live", "Ctrl+K, Ctrl+L", "it is none"),
        ("live", "Return", "works the controls"),
        ("live", "Space", "does something else"),
    ],
)
def test_an_entry_that_makes_no_sense_is_passed_over_with_a_word(
    name: str, key: str, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    keys = Keys()

    with caplog.at_level(logging.WARNING):
        keys.use(((name, key), ("help", "F1")))

    assert word in caplog.text
    assert keys.key(ActionId.LIVE) == action(ActionId.LIVE).key
    assert keys.key(ActionId.HELP) == "F1"


def test_what_another_version_chose_stays_in_the_changes() -> None:
    keys = Keys()

    keys.use((("teleport", "T"), ("live", "F5")))

    assert keys.changes == {"teleport": "T", "live": "F5"}


# ---- in the window


def test_a_kept_key_works_after_a_start_and_is_named_everywhere(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.chosen.change(keys={"release": "F5"})
    qtbot.waitUntil(lambda: "F5" in window.panel.release.toolTip())
    desk.say(status())
    qtbot.waitUntil(lambda: window.status == desk.status)

    qtbot.keyClick(window.picture, Qt.Key.Key_Space)
    qtbot.keyClick(window.picture, Qt.Key.Key_F5)

    assert desk.asked == [("release",)]
    assert "F5: Release the shutter" in window.help.accessibleDescription()
    assert "Space: Release" not in window.help.accessibleDescription()


def test_a_dial_names_its_changed_key(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.chosen.change(keys={"iso": "Ctrl+I", "figures": ""})

    dial = next(one for one in window.panel.exposure.dials() if one.setting_id.value == "iso")
    qtbot.waitUntil(lambda: "(Ctrl + I)" in dial.toolTip())


def test_one_changed_key_of_a_row_is_told_and_moves_no_row(app: object) -> None:
    from groundglass.desktop.widgets.help_overlay import columns

    keys, before = Keys(), columns(Keys())

    keys.use((("star_2", "Ctrl+T"),))
    after = columns(keys)

    assert [[len(rows) for _, rows in column] for column in before] == [
        [len(rows) for _, rows in column] for column in after
    ]
    rows = {words: key for column in after for _, rows in column for key, words in rows}
    assert rows["Stars"] == "0, 1, Ctrl + T, 3, 4, 5"


# ---- the page


def test_the_search_finds_words_and_keys(page: KeysPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.search, "waveform")
    assert _shown(page) == ["Waveform, parade, histogram"]

    page.search.clear()
    qtbot.keyClicks(page.search, "ctrl + e")
    assert _shown(page) == ["Export the selects"]

    page.search.clear()
    qtbot.keyClicks(page.search, "nothing like it")
    assert _shown(page) == []
    assert not page.recorder.isEnabled()


def test_a_recorded_key_is_kept_and_works(
    page: KeysPage, window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    page.choose(ActionId.SCOPE)

    _record(page, qtbot, Qt.Key.Key_F9)

    assert desk.chosen.now.keys == (("scope", "F9"),)
    shortcut = next(one for one in window.findChildren(QAction) if one.objectName() == "scope").shortcut()
    qtbot.waitUntil(lambda: window.keys.key(ActionId.SCOPE) == "F9")
    shortcut = next(one for one in window.findChildren(QAction) if one.objectName() == "scope").shortcut()
    assert shortcut.toString() == "F9"
    desk.chosen.close()
    assert preferences.load(desk.chosen.path, {}).keys == (("scope", "F9"),)


def test_a_key_that_is_taken_names_its_action_and_can_be_taken_over(
    page: KeysPage, window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    page.choose(ActionId.SCOPE)

    _record(page, qtbot, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert page.told.text == "Ctrl + E is the key of “Export the selects”."
    assert desk.chosen.now.keys == ()
    qtbot.keyClick(page.use_here, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: window.keys.key(ActionId.SCOPE) == "Ctrl+E")
    assert window.keys.key(ActionId.EXPORT) == ""
    assert not page.use_here.isEnabled()


def test_a_key_that_works_the_controls_is_refused(page: KeysPage, desk: ScriptedDesk, qtbot: QtBot) -> None:
    page.choose(ActionId.SCOPE)

    _record(page, qtbot, Qt.Key.Key_Return)

    assert page.told.text == "Return works the controls. Choose another key."
    assert desk.chosen.now.keys == ()


def test_one_key_and_all_keys_are_given_back(
    page: KeysPage, window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.chosen.change(keys={"scope": "F9", "live": "F5", "teleport": "T"})
    qtbot.waitUntil(lambda: window.keys.key(ActionId.SCOPE) == "F9")
    page.choose(ActionId.SCOPE)

    qtbot.keyClick(page.reset, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.keys.key(ActionId.SCOPE) == "Shift+H")
    assert window.keys.key(ActionId.LIVE) == "F5"
    qtbot.keyClick(page.reset_all, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: window.keys.key(ActionId.LIVE) == "L")
    assert desk.chosen.now.keys == (("teleport", "T"),)  # of a newer version: not ours to forget


def test_an_action_can_be_left_without_a_key(page: KeysPage, window: MainWindow, qtbot: QtBot) -> None:
    page.choose(ActionId.SCOPE)

    qtbot.keyClick(page.none, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: window.keys.key(ActionId.SCOPE) == "")
    assert not page.none.isEnabled()


def test_a_reset_that_another_action_stands_in_the_way_of_says_so(qtbot: QtBot, app: object) -> None:
    keys = Keys()
    keys.use((("scope", "F9"), ("live", "Shift+H")))
    page = KeysPage(keys, DARK)
    qtbot.addWidget(page)
    page.choose(ActionId.SCOPE)

    page.reset.click()

    assert page.told.text == "Shift + H is the key of “Live view on or off” now."


def test_escape_leaves_the_recorder_and_changes_nothing(
    page: KeysPage, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    page.choose(ActionId.SCOPE)
    page.recorder.setFocus()

    qtbot.keyClick(page.recorder.findChildren(QLineEdit)[0], Qt.Key.Key_Escape)

    assert desk.chosen.now.keys == ()
    assert page.isVisible()

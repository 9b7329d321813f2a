from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.app import application
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK, LIGHT, MID
from groundglass.desktop.widgets.copies_section import CopiesSection
from groundglass.desktop.widgets.fields import Field, Rounds, Switch
from groundglass.desktop.widgets.preferences_window import PreferencesWindow
from groundglass.model.places import CardPolicy
from groundglass.studio import preferences
from groundglass.studio.chosen import Chosen
from groundglass.studio.clearing import CardStatus
from groundglass.studio.events import CardChanged
from groundglass.studio.studio import Studio
from scripted_desk import ScriptedDesk, status


@pytest.fixture(autouse=True)
def _dark_again() -> Iterator[None]:
    yield
    application()


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> PreferencesWindow:
    # The test platform knows no Ctrl+comma; under X it was pressed by hand.
    next(one for one in window.actions() if one.objectName() == "preferences").trigger()
    assert window.preferring.page is not None
    return window.preferring.page


def test_a_theme_is_worn_at_once_by_every_widget(
    window: MainWindow, desk: ScriptedDesk, page: PreferencesWindow, qtbot: QtBot
) -> None:
    desk.say(status())
    theme = page.controls["theme"]

    qtbot.keyClick(theme, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.theme == MID)
    qtbot.keyClick(theme, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.theme == LIGHT)

    shown = window.grab().toImage()
    assert shown.pixelColor(4, 4).name() == LIGHT.window
    assert shown.pixelColor(4, window.height() - 4).name() == LIGHT.panel
    assert DARK.name == "dark"
    assert desk.chosen.now.theme == "light"


def test_what_is_changed_is_kept(desk: ScriptedDesk, page: PreferencesWindow, qtbot: QtBot) -> None:
    template, focus, policy = (page.controls[name] for name in ("template", "autofocus", "card_policy"))
    template.setFocus()
    QTest.keyClicks(template, "look {{counter}")
    qtbot.keyClick(template, Qt.Key.Key_Return)
    qtbot.keyClick(focus, Qt.Key.Key_Return)
    qtbot.keyClick(policy, Qt.Key.Key_Return)

    desk.chosen.close()

    kept = preferences.load(desk.chosen.path, {})
    assert (kept.template, kept.autofocus) == ("look {{counter}", False)
    assert kept.card_policy is CardPolicy.DELETE_AFTER_BACKUP


def test_a_file_that_is_broken_is_told_and_left_alone(
    desk: ScriptedDesk, page: PreferencesWindow, qtbot: QtBot
) -> None:
    desk.chosen.path.parent.mkdir(exist_ok=True)
    desk.chosen.path.write_text("{")

    qtbot.keyClick(page.controls["autofocus"], Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: "left alone" in page.told.text)
    assert desk.chosen.path.read_text() == "{"


def test_a_card_that_is_kept_for_now_is_told_on_the_page(
    desk: ScriptedDesk, page: PreferencesWindow, qtbot: QtBot
) -> None:
    desk.is_card_kept_for_now = True
    desk.announce(CardChanged(CardStatus()))
    qtbot.waitUntil(lambda: "kept until there is a folder" in page.told.text)

    qtbot.keyClick(page.controls["sounds"], Qt.Key.Key_Return)
    assert "kept until there is a folder" in page.told.text
    desk.is_card_kept_for_now = False
    desk.announce(CardChanged(CardStatus()))

    qtbot.waitUntil(lambda: page.told.text == "")


def test_the_page_tells_of_the_card_as_soon_as_it_is_opened(
    window: MainWindow, desk: ScriptedDesk, page: PreferencesWindow
) -> None:
    page.close()
    desk.is_card_kept_for_now = True

    window.preferring.open()

    assert "kept until there is a folder" in page.told.text


def test_the_wish_to_clear_the_card_waits_in_sight_for_a_second_copy(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "second").mkdir()
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    try:
        studio.open_session(tmp_path / "S")
        window = MainWindow(studio, DARK)
        qtbot.addWidget(window)
        window.preferring.open()
        page = window.preferring.page
        assert page is not None
        copies = window.findChild(CopiesSection)

        qtbot.keyClick(page.controls["card_policy"], Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "kept until there is a folder" in page.told.text)
        assert copies.told("The card's copies") in ("", "kept")
        backup = page.controls["backup"]
        backup.setFocus()
        QTest.keyClicks(backup, str(tmp_path / "second"))
        qtbot.keyClick(backup, Qt.Key.Key_Return)

        qtbot.waitUntil(lambda: copies.told("The card's copies") == "deleted if proven")
        qtbot.waitUntil(lambda: page.told.text == "")
        assert "From now on a frame's copy on the card is deleted" in str(window.banner.error)
        window.close()
    finally:
        studio.close()


def _type_backup(page: PreferencesWindow, folder: Path, qtbot: QtBot) -> None:
    field = page.controls["backup"]
    assert isinstance(field, Field)
    field.setFocus()
    field.clear()
    QTest.keyClicks(field, str(folder))
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_new_folder_on_a_disk_that_is_there_is_made(
    desk: ScriptedDesk, page: PreferencesWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    _type_backup(page, tmp_path / "copies", qtbot)

    qtbot.waitUntil(lambda: desk.chosen.now.backup == str(tmp_path / "copies"))
    assert (tmp_path / "copies").is_dir()
    assert page.told.text == ""


def test_a_folder_that_is_not_there_is_told_at_once(
    desk: ScriptedDesk, page: PreferencesWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    _type_backup(page, tmp_path / "away" / "copies", qtbot)

    qtbot.waitUntil(lambda: "copies” is not there. Connect its disk" in page.told.text)
    assert desk.chosen.now.backup == str(tmp_path / "away" / "copies")  # its disk may come
    assert not (tmp_path / "away").exists()
    (tmp_path / "file").touch()
    _type_backup(page, tmp_path / "file", qtbot)
    qtbot.waitUntil(lambda: "file” is not a folder" in page.told.text)


def test_a_folder_without_its_whole_path_is_refused(
    desk: ScriptedDesk, page: PreferencesWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    _type_backup(page, Path("copies"), qtbot)

    assert page.told.text.startswith("“copies” is no whole path.")
    assert desk.chosen.now.backup == ""
    assert list(tmp_path.glob("copies")) == []


def test_a_folder_on_a_disk_that_does_not_answer_is_kept_when_the_window_closes(
    desk: ScriptedDesk,
    window: MainWindow,
    page: PreferencesWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = threading.Event()
    monkeypatch.setattr(preferences, "make_folder", lambda _folder: answers.wait(10) and None)
    _type_backup(page, tmp_path / "copies", qtbot)
    assert desk.chosen.now.backup == ""

    threading.Timer(0.1, answers.set).start()
    window.preferring.close()

    assert desk.chosen.now.backup == str(tmp_path / "copies")


@pytest.mark.parametrize("name", ["sessions_folder", "backup"])
def test_a_folder_is_chosen_among_those_that_there_are(
    desk: ScriptedDesk, page: PreferencesWindow, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    desk.chosen.change(**{name: str(tmp_path / "gone")})
    qtbot.waitUntil(lambda: page.controls[name].property("text") == str(tmp_path / "gone"))

    qtbot.keyClick(page.choosers[name], Qt.Key.Key_Return)
    dialog = page.dialog
    assert dialog is not None
    assert Path(dialog.directory().absolutePath()) == tmp_path
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()

    qtbot.waitUntil(lambda: getattr(desk.chosen.now, name) == str(tmp_path))
    qtbot.waitUntil(lambda: page.controls[name].property("text") == str(tmp_path))


def test_every_control_has_a_name_and_answers_the_keys(page: PreferencesWindow) -> None:
    controls = [one for one in page.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]

    assert [one for one in controls if not one.accessibleName()] == []
    assert {type(one) for one in page.controls.values()} == {Field, Rounds, Switch}


def test_every_preference_on_the_page_is_one(page: PreferencesWindow) -> None:
    assert set(page.controls) <= set(preferences.names())


def test_escape_closes_the_page(page: PreferencesWindow, qtbot: QtBot) -> None:
    page.controls["template"].setFocus()

    qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Escape)

    assert not page.isVisible()

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop import session_keeping
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.widgets.fields import Field
from groundglass.desktop.widgets.lines import Heading
from groundglass.desktop.widgets.next_frames_section import NextFramesSection
from groundglass.desktop.widgets.session_section import SessionSection
from groundglass.errors import NoOpenSessionError, NoSessionError, SessionError, TemplateError
from groundglass.studio.events import SessionOpened
from groundglass.studio.sessions import Naming
from scripted_desk import ScriptedDesk, status


def _section(window: MainWindow) -> SessionSection:
    found: SessionSection = window.findChild(SessionSection)
    return found


def _type(qtbot: QtBot, field: Field, text: str, key: Qt.Key | None = Qt.Key.Key_Return) -> None:
    field.setFocus()
    field.selectAll()
    for letter in text:
        QTest.keyClicks(field, letter)
    if key is not None:
        qtbot.keyClick(field, key)


def test_the_panel_names_the_session_and_its_next_picture(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    section = _section(window)

    qtbot.waitUntil(lambda: section.preview.text == "job_0001")
    assert section.name.text == tmp_path.name
    assert section.folder.text == str(tmp_path.parent)
    assert section.template.text() == "{session}_{counter:04}"


def test_without_a_session_the_middle_says_what_comes_first(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.session_path = None
    window.session.fetch()
    desk.say(status())

    qtbot.waitUntil(lambda: window.picture.notice is not None and window.picture.notice.title == "No session")
    assert "Ctrl + N begins one, Ctrl + O opens one" in window.picture.notice.words
    desk.session_path = tmp_path
    desk.announce(SessionOpened(str(tmp_path)))

    qtbot.waitUntil(lambda: window.picture.notice.title == "Ready")
    assert "Space releases the shutter" in window.picture.notice.words


def test_each_letter_of_a_template_shows_the_name_that_it_gives(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    section = _section(window)
    qtbot.waitUntil(lambda: section.template.text() != "")

    _type(qtbot, section.template, "a{counter}", key=None)
    desk.futures[-1].set_result("a1")

    qtbot.waitUntil(lambda: section.preview.text == "a1")
    assert desk.asked[-1] == ("preview", "a{counter}", "")
    assert ("release",) not in desk.asked


def test_a_wrong_template_is_told_in_its_place_and_is_not_kept(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    section = _section(window)
    qtbot.waitUntil(lambda: section.template.text() != "")

    _type(qtbot, section.template, "look", key=None)
    desk.futures[-1].set_exception(TemplateError("It has no {counter}.", "Add {counter:04}."))
    qtbot.waitUntil(lambda: section.preview.text == "It has no {counter}. Add {counter:04}.")
    qtbot.keyClick(section.template, Qt.Key.Key_Return)

    assert [one for one in desk.asked if one[0] == "rename"] == []
    assert window.banner.error is None


def test_a_subject_that_is_in_no_name_is_told_and_added_by_one_press(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    section = _section(window)
    qtbot.waitUntil(lambda: section.template.text() != "")
    place = section.template.y()
    assert (section.subject_hint.text, section.add_subject.isVisible()) == ("", False)

    _type(qtbot, section.subject, "hats")
    assert section.subject_hint.text == section.subject_hint.shown == "Not in the names"
    assert section.subject_hint.toolTip() == "The names do not hold {subject}."
    qtbot.mouseClick(section.add_subject, Qt.MouseButton.LeftButton)
    wanted = "{session}_{subject}_{counter:04}"
    assert desk.asked[-1] == ("rename", {"template": wanted, "subject": None, "next_number": None})
    desk.futures[-1].set_result(Naming(wanted, "hats", 1, "job_hats_0001"))

    qtbot.waitUntil(lambda: section.subject_hint.text == "")
    assert section.template.text() == wanted
    assert section.template.y() == place
    assert not section.add_subject.isVisible()


def test_enter_keeps_what_was_typed_and_escape_takes_it_back(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    section = _section(window)
    qtbot.waitUntil(lambda: section.template.text() != "")

    _type(qtbot, section.subject, "Red coat")
    kept = [one for one in desk.asked if one[0] == "rename"]
    _type(qtbot, section.template, "x", key=Qt.Key.Key_Escape)

    assert kept == [("rename", {"template": None, "subject": "Red coat", "next_number": None})]
    assert section.template.text() == "{session}_{counter:04}"


def test_a_token_is_put_where_the_cursor_is(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    section = _section(window)
    qtbot.waitUntil(lambda: section.template.text() != "")
    section.template.setFocus()
    section.template.setCursorPosition(0)

    subject = next(one for one in section.tokens if one.token == "{subject}")
    qtbot.mouseClick(subject, Qt.MouseButton.LeftButton)

    assert section.template.text() == "{subject}{session}_{counter:04}"


def test_tab_goes_from_field_to_field_and_space_is_a_space_there(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(status())
    qtbot.waitUntil(lambda: window.status == status())
    section = _section(window)
    section.subject.setFocus()

    QTest.keyClicks(section.subject, "a b")
    qtbot.keyClick(section.subject, Qt.Key.Key_Tab)

    assert section.subject.text() == "a b"
    assert window.side.isVisible()
    assert window.focusWidget() is section.number
    assert ("release",) not in desk.asked


def test_a_session_begins_by_keys_alone(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    new = window.keeping.new
    assert new is not None

    QTest.keyClicks(new.name, "Summer")
    qtbot.keyClick(new.name, Qt.Key.Key_Return)
    assert desk.asked[-1] == ("begin_session", "Summer", desk.sessions.folder)
    desk.futures[-1].set_result(desk.sessions.folder / "Summer")

    qtbot.waitUntil(lambda: not new.isVisible())


def test_a_session_that_can_not_begin_is_told_where_it_was_asked_for(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    new = window.keeping.new
    assert new is not None

    qtbot.keyClick(new.name, Qt.Key.Key_Return)
    desk.futures[-1].set_exception(SessionError("It is there.", "Choose another name."))

    qtbot.waitUntil(lambda: new.fault.text == "It is there. Choose another name.")
    assert new.isVisible()


def test_the_dialog_says_what_it_is_for(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    new = window.keeping.new
    assert new is not None

    headings = [one for one in new.findChildren(Heading) if one.isVisible()]

    assert new.windowTitle() == "Begin a session"
    assert min(headings, key=lambda one: one.mapTo(new, QPoint()).y()).text() == "Begin a session"


def test_the_first_run_keeps_the_folder_that_was_chosen(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    window.keeping.ask_for_name(is_first=True)
    new = window.keeping.new
    assert new is not None

    new.folder.setText(str(tmp_path / "jobs"))
    qtbot.keyClick(new.folder, Qt.Key.Key_Return)
    desk.futures[-1].set_result(tmp_path / "jobs" / new.name.text())

    qtbot.waitUntil(lambda: desk.chosen.now.sessions_folder == str(tmp_path / "jobs"))


def test_a_session_of_late_is_opened_from_the_list(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.sessions.recent = (tmp_path, tmp_path / "Coats & hats")

    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    menu = window.keeping.menu
    assert menu is not None
    offered = menu.actions()
    offered[0].trigger()

    assert len(offered) == 1
    assert offered[0].text().startswith("&1   Coats && hats\t")  # one & would be swallowed
    assert desk.asked[-1] == ("open_session", tmp_path / "Coats & hats")


def test_another_session_is_shown_as_soon_as_it_is_open(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.session_path = tmp_path / "Winter"
    desk.announce(SessionOpened(str(desk.session_path)))

    qtbot.waitUntil(lambda: _section(window).name.text == "Winter")


def test_what_is_typed_for_the_next_frames_is_chosen(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    next_frames: NextFramesSection = window.findChild(NextFramesSection)

    _type(qtbot, next_frames.fields["creator"], "Bo")
    _type(qtbot, next_frames.fields["lens"], "Helios 44-2 58 mm f/2")

    assert (desk.chosen.now.creator, desk.chosen.now.lens) == ("Bo", "Helios 44-2 58 mm f/2")


def test_a_lens_that_makes_no_sense_is_told_in_its_place(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    next_frames: NextFramesSection = window.findChild(NextFramesSection)

    _type(qtbot, next_frames.fields["lens"], "a lens")

    assert "is not a lens" in next_frames.fault.text
    assert desk.chosen.now.lens == ""


def test_every_control_of_the_sections_has_a_name(window: MainWindow) -> None:
    sections: list[QWidget] = [_section(window), window.findChild(NextFramesSection)]
    controls = [one for section in sections for one in section.findChildren(QWidget)]

    focusable = [one for one in controls if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert [one for one in focusable if not one.accessibleName()] == []
    assert len(focusable) > 15


def test_the_number_is_shown_as_the_studio_counts(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    section = _section(window)
    section.show_naming(Naming("{counter}", "", 12, "12"))

    _type(qtbot, section.number, "500")

    assert desk.asked[-1] == ("rename", {"template": None, "subject": None, "next_number": 500})


def test_where_no_session_is_one_is_begun_only_at_a_click(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    error = NoSessionError("There is no session in the folder “jobs”.")
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    chooser = window.keeping.chooser
    assert chooser is not None
    chooser.fileSelected.emit(str(tmp_path / "jobs"))
    chooser.close()
    asked = desk.asked[-1]
    desk.futures[-1].set_exception(error)
    qtbot.waitUntil(lambda: window.banner.error is error)

    offered = window.banner.action_button.text()
    qtbot.mouseClick(window.banner.action_button, Qt.MouseButton.LeftButton)

    assert asked == ("open_session", tmp_path / "jobs")
    assert offered == "Begin one here"
    assert desk.asked[-1] == ("open_or_begin", tmp_path / "jobs")


def test_instead_of_a_recent_session_that_is_gone_another_is_offered(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.sessions.recent = (tmp_path / "Spring",)
    error = NoSessionError("The session “Spring” is not there any more.")
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert window.keeping.menu is not None
    window.keeping.menu.actions()[0].trigger()
    desk.futures[-1].set_exception(error)
    qtbot.waitUntil(lambda: window.banner.error is error)

    offered = window.banner.action_button.text()
    qtbot.mouseClick(window.banner.action_button, Qt.MouseButton.LeftButton)

    assert offered == "Open another"
    assert window.keeping.chooser is not None
    assert window.keeping.chooser.isVisible()
    assert not [one for one in desk.asked if one[0] == "open_or_begin"]


def test_a_disk_that_does_not_answer_is_told_until_its_session_is_refused(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_keeping, "_SILENT_MS", 10)
    desk.session_path, desk.sessions.awaited = None, tmp_path / "far"
    window.keeping._open_chosen(tmp_path / "far")
    qtbot.waitUntil(lambda: f"{tmp_path / 'far'} does not answer" in str(window.banner.error))
    assert window.banner.action_button.text() == "Choose a folder"
    silent = window.banner.error

    window.telling.tell(NoOpenSessionError())  # as Space does: it keeps the reason

    assert window.banner.errors == (silent,)
    assert window.banner.action_button.text() == "Choose a folder"

    refused = SessionError("It is broken.", "Choose another.")
    desk.futures[-1].set_exception(refused)

    qtbot.waitUntil(lambda: window.banner.errors == (refused,))


def test_a_disk_that_does_not_answer_is_told_where_a_session_begins(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_keeping, "_SILENT_MS", 10)
    desk.sessions.awaited = tmp_path / "far"
    window.keeping.ask_for_name()
    new = window.keeping.new
    assert new is not None

    qtbot.keyClick(new.name, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: "does not answer" in new.fault.text)
    assert window.banner.error is None


def test_what_was_mended_is_told_of_every_session_that_is_opened(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    window.telling.tell(NoSessionError("The session “Spring” is not there any more."))

    desk.announce(SessionOpened(str(tmp_path / "Summer")))
    qtbot.waitUntil(lambda: window.banner.error is None)
    desk.recovered = ("Finished storing after the last session was cut short: S_0007.",)
    desk.announce(SessionOpened(str(tmp_path / "Winter")))

    qtbot.waitUntil(lambda: str(window.banner.error) == f"{desk.recovered[0]} Nothing was deleted.")
    desk.recovered = ()
    desk.announce(SessionOpened(str(tmp_path / "Summer")))
    qtbot.waitUntil(lambda: window.banner.error is None)


def test_every_reason_why_nothing_is_stored_is_over_with_another_session(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    window.offer_folder(SessionError("The disk does not answer.", "Choose another."))
    window.offer_folder(SessionError("No session is open.", "Open one."))

    desk.announce(SessionOpened(str(tmp_path / "Summer")))

    qtbot.waitUntil(lambda: window.banner.errors == ())

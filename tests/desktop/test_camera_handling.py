from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.widgets.camera_section import CameraSection
from groundglass.errors import SessionError, SettingRefusedError
from groundglass.model.camera import CameraState, Capability
from groundglass.model.setting import SettingId
from scripted_desk import ScriptedDesk, status, words


def _section(window: MainWindow) -> CameraSection:
    found: CameraSection = window.findChild(CameraSection)
    return found


def _connect(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> CameraSection:
    now = status()
    desk.say(status(settings=(*now.settings, words(SettingId.DRIVE, "Single", "Continuous", "Self-timer"))))
    qtbot.waitUntil(lambda: window.status.state.is_connected)
    return _section(window)


def test_a_seldom_setting_is_turned_like_any_other(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    section = _connect(window, desk, qtbot)
    drive = section.dials[SettingId.DRIVE]

    qtbot.keyClick(drive, Qt.Key.Key_Down)
    assert drive.is_pending
    desk.futures[-1].set_result(words(SettingId.DRIVE, "Continuous", "Single"))

    qtbot.waitUntil(lambda: drive.shown == "Continuous" and not drive.is_pending)
    assert section.dials[SettingId.METERING].is_settable is False


def test_a_value_that_is_taken_takes_the_refusal_of_the_one_before_away(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    drive = _connect(window, desk, qtbot).dials[SettingId.DRIVE]
    drive.setFocus()
    qtbot.keyClick(drive, Qt.Key.Key_Down)
    desk.futures[-1].set_exception(SettingRefusedError("The camera kept Single.", "Leave the menu."))
    qtbot.waitUntil(window.banner.isVisible)

    qtbot.keyClick(drive, Qt.Key.Key_Down)
    desk.futures[-1].set_result(words(SettingId.DRIVE, "Continuous", "Single"))

    qtbot.waitUntil(lambda: not window.banner.isVisible())


def test_the_focus_is_driven_in_three_sizes_both_ways(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    section = _connect(window, desk, qtbot)

    for button in section.steps.values():
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert [one[1] for one in desk.asked if one[0] == "drive_focus"] == [-3, -2, -1, 1, 2, 3]


def test_a_body_that_can_not_drive_its_lens_offers_no_steps_and_says_why(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    steps = _connect(window, desk, qtbot).steps.values()
    desk.say(status(capabilities=Capability.NONE))
    qtbot.waitUntil(lambda: not any(one.isEnabled() for one in steps))
    assert all("cannot move the focus over the cable" in one.toolTip() for one in steps)

    desk.say(status(CameraState.LOST))
    qtbot.waitUntil(lambda: not any("cable" in one.toolTip() for one in steps))
    assert not any(one.isEnabled() for one in steps)

    qtbot.keyClick(window.picture, Qt.Key.Key_BracketRight)
    assert desk.asked == [("drive_focus", 1)]  # the key is answered by the camera's own refusal


def test_a_kept_exposure_is_said_by_a_word_on_its_dials(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _connect(window, desk, qtbot)

    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)

    assert desk.keeps_exposure
    assert _section(window).keep.isChecked()
    linked = [
        dial.setting_id
        for dial in window.panel.exposure.dials()
        if "makes up" in dial.accessibleDescription()
    ]
    assert linked == [SettingId.SHUTTER, SettingId.APERTURE, SettingId.ISO]


def test_an_exposure_is_saved_under_a_name_and_set_again(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    section = _connect(window, desk, qtbot)
    QTest.keyClicks(section.name, "flash")
    qtbot.keyClick(section.name, Qt.Key.Key_Return)

    qtbot.mouseClick(section.presets["flash"], Qt.MouseButton.LeftButton)
    desk.futures[-1].set_result(("The ISO was kept at 100.",))

    assert desk.asked[-1] == ("preset", "flash")
    qtbot.waitUntil(lambda: window.banner.error is not None)
    section.forget_wanted.emit("flash")
    assert section.presets == {}


@pytest.mark.parametrize("action", ["save", "forget"])
def test_a_preset_that_could_not_be_written_is_told(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, action: str
) -> None:
    section = _connect(window, desk, qtbot)
    error = SessionError("The preferences could not be saved: Read-only file system.", "Check the folder.")

    section.save_wanted.emit("flash")
    if action == "forget":
        section.forget_wanted.emit("flash")
    desk.presets.written[-1].set_exception(error)

    qtbot.waitUntil(lambda: window.banner.error is error)


@pytest.mark.parametrize("hiding", [None, Qt.Key.Key_Tab, Qt.Key.Key_F])
def test_the_key_of_the_presets_brings_them_whatever_hides_them(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, hiding: Qt.Key | None
) -> None:
    section = _connect(window, desk, qtbot)
    if hiding is not None:
        qtbot.keyClick(window.picture, hiding)
    assert not section.isVisible()  # it is folded at first

    for name in ("rim light 2x", "flash"):
        qtbot.keyClick(window.picture, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        assert window.focusWidget() is section.name
        assert section.name.visibleRegion().boundingRect() == section.name.rect()
        for letter in name:
            qtbot.keyClick(window.focusWidget() or window, letter)
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Return)
        QApplication.processEvents()  # the preset's button appears

    assert list(desk.presets.all) == ["rim light 2x", "flash"]
    assert desk.asked == []


def test_arrows_go_from_preset_to_preset_and_never_to_what_forgets_one(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    section = _connect(window, desk, qtbot)
    for name in ("flash", "ambient"):
        section.save_wanted.emit(name)
    qtbot.keyClick(window.picture, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()  # the presets' buttons appear
    flash, ambient = section.presets.values()

    for key, reached in (
        (Qt.Key.Key_Down, flash),
        (Qt.Key.Key_Right, flash),
        (Qt.Key.Key_Left, flash),
        (Qt.Key.Key_Down, ambient),
        (Qt.Key.Key_Down, ambient),
        (Qt.Key.Key_Up, flash),
        (Qt.Key.Key_Up, section.name),
    ):
        qtbot.keyClick(window.focusWidget(), key)
        assert window.focusWidget() is reached
        assert reached.visibleRegion().boundingRect() == reached.rect()
    qtbot.keyClick(section.name, Qt.Key.Key_Down)
    qtbot.keyClick(flash, Qt.Key.Key_Return)

    assert desk.asked == [("preset", "flash")]
    assert list(desk.presets.all) == ["flash", "ambient"]


def test_a_preset_that_was_forgotten_comes_back(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    section = _connect(window, desk, qtbot)
    for name in ("flash", "ambient"):
        section.save_wanted.emit(name)
    qtbot.keyClick(window.picture, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()  # the presets' buttons appear
    qtbot.keyClick(section.name, Qt.Key.Key_Down)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.focusWidget().accessibleName() == "Forget flash"

    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert list(section.presets) == ["ambient"]
    assert window.undoing.chip.words == "Preset “flash” is forgotten. Ctrl + Z brings it back."
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: list(section.presets) == ["flash", "ambient"])
    qtbot.waitUntil(lambda: window.undoing.chip.words == "Back: preset “flash”")


def test_focus_before_release_is_a_preference(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    section = _connect(window, desk, qtbot)

    qtbot.mouseClick(section.autofocus, Qt.MouseButton.LeftButton)

    assert desk.chosen.now.autofocus is False


def test_every_control_has_a_name(window: MainWindow) -> None:
    controls = [
        one for one in _section(window).findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]

    assert [one for one in controls if not one.accessibleName()] == []
    assert len(controls) > 10

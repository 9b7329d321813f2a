from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.dial import Dial
from groundglass.desktop.widgets.grid import Grid
from groundglass.errors import (
    CameraHeldError,
    CameraLostError,
    CaptureError,
    DiskFailedError,
    DiskFullError,
    FocusMissedError,
    GroundglassError,
    NoCameraError,
    SessionError,
    SettingRefusedError,
)
from groundglass.model.camera import CameraState, CameraStatus, Capability, TransferProgress
from groundglass.model.setting import SettingId
from groundglass.model.shot import Shot
from groundglass.studio.events import Problem, ProblemSolved, SessionOpened, ShotStored
from scripted_desk import ScriptedDesk, iso, live_frame, shot, shutter, status, with_setting, words

LIVE = replace(status(CameraState.LIVE), is_live_wanted=True)


def _say(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, now: CameraStatus) -> None:
    desk.say(now)
    qtbot.waitUntil(lambda: window.status == now)


def _store(desk: ScriptedDesk, tmp_path: Path, number: int) -> Shot:
    name = f"job_{number:04}.jpg"
    image = np.full((200, 300, 3), 40 + number, np.uint8)
    (tmp_path / name).write_bytes(cv2.imencode(".jpg", image)[1].tobytes())
    stored = shot(number, name)
    desk.announce(ShotStored(stored, is_complete=True))
    return stored


def _tell(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, error: GroundglassError) -> None:
    desk.announce(Problem(error))
    qtbot.waitUntil(lambda: window.banner.error is error)


# ---- release


def test_space_releases_wherever_the_keys_are(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    _say(window, desk, qtbot, status())
    places: list[QWidget] = [window.picture, window.panel.live, window.panel.release, window.filmstrip]
    places += window.panel.exposure.dials()
    for place in places:
        place.setFocus()
        qtbot.keyClick(place, Qt.Key.Key_Space)

    assert desk.asked == [("release",)] * len(places)


def test_the_release_button_releases(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    _say(window, desk, qtbot, status())

    qtbot.mouseClick(window.panel.release, Qt.MouseButton.LeftButton)

    assert desk.asked == [("release",)]


@pytest.fixture
def burst(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> CameraStatus:
    """A body whose button can be held, in a continuous drive."""
    ready = status(capabilities=Capability.HOLD)
    drive = words(SettingId.DRIVE, "Continuous high", "Single")
    now = replace(ready, settings=(*ready.settings, drive))
    _say(window, desk, qtbot, now)
    return now


def test_a_held_key_fires_until_it_is_let_go(
    burst: CameraStatus, window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyPress(window.picture, Qt.Key.Key_Space)
    for _ in range(3):  # as a key that is held repeats itself
        for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
            again = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", autorep=True)
            QApplication.sendEvent(window.picture, again)
    assert desk.asked == [("hold_shutter",)]

    qtbot.keyRelease(window.picture, Qt.Key.Key_Space)
    qtbot.keyClick(window.picture, Qt.Key.Key_G)

    assert desk.asked == [("hold_shutter",), ("let_go",)]


def test_the_mouse_holds_the_button_too_and_a_click_of_it_is_no_second_release(
    burst: CameraStatus, window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.mousePress(window.panel.release, Qt.MouseButton.LeftButton)
    assert desk.asked == [("hold_shutter",)]
    qtbot.mouseRelease(window.panel.release, Qt.MouseButton.LeftButton)

    assert desk.asked == [("hold_shutter",), ("let_go",)]


def test_in_single_drive_a_held_button_releases_once(
    burst: CameraStatus, window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, with_setting(burst, words(SettingId.DRIVE, "Single", "Continuous high")))

    qtbot.mousePress(window.panel.release, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(window.panel.release, Qt.MouseButton.LeftButton)
    qtbot.keyPress(window.picture, Qt.Key.Key_Space)
    qtbot.keyRelease(window.picture, Qt.Key.Key_Space)

    assert desk.asked == [("release",), ("release",)]


def test_a_hold_that_misses_the_focus_is_told_once(
    burst: CameraStatus, window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    missed = FocusMissedError("The camera could not focus, so it did not release.")
    qtbot.keyPress(window.picture, Qt.Key.Key_Space)
    qtbot.keyRelease(window.picture, Qt.Key.Key_Space)
    hold, let_go = desk.futures[-2:]

    hold.set_exception(missed)
    let_go.set_exception(CaptureError("No button is held."))
    qtbot.waitUntil(lambda: window.banner.error is missed)
    qtbot.wait(50)

    assert window.banner.error is missed


def test_a_camera_that_is_lost_while_its_button_is_held_is_not_asked_to_let_go(
    burst: CameraStatus, window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyPress(window.picture, Qt.Key.Key_Space)
    _say(window, desk, qtbot, replace(burst, state=CameraState.LOST))

    qtbot.keyRelease(window.picture, Qt.Key.Key_Space)

    assert desk.asked == [("hold_shutter",)]


def test_at_bulb_the_first_press_opens_and_the_second_closes(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    bulb = with_setting(status(), shutter("Bulb"))
    _say(window, desk, qtbot, bulb)

    qtbot.keyClick(window.picture, Qt.Key.Key_Space)
    _say(window, desk, qtbot, replace(bulb, state=CameraState.EXPOSING))
    assert window.panel.release.text().startswith("End exposure")
    qtbot.keyClick(window.picture, Qt.Key.Key_Space)

    assert desk.asked == [("start_bulb",), ("end_bulb",)]


def test_a_long_exposure_counts_down_on_the_button(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, replace(status(CameraState.EXPOSING), exposure_s=8.0))
    assert window.panel.release.text() == "Exposing  8 s"

    _say(window, desk, qtbot, status())

    assert window.panel.release.text() == "Release"


def test_a_missed_focus_offers_to_release_again(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    _say(window, desk, qtbot, status())
    qtbot.keyClick(window.picture, Qt.Key.Key_Space)
    desk.futures[-1].set_exception(FocusMissedError("Autofocus found nothing.", "Aim at an edge."))
    qtbot.waitUntil(window.banner.isVisible)

    qtbot.mouseClick(window.banner.action_button, Qt.MouseButton.LeftButton)

    assert desk.asked == [("release",)] * 2
    assert not window.banner.isVisible()


# ---- settings


def test_a_key_brings_a_dial_the_focus_and_up_sets_the_camera(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())

    qtbot.keyClick(window.picture, Qt.Key.Key_I)
    dial = window.panel.exposure.dial(SettingId.ISO)
    qtbot.keyClick(dial, Qt.Key.Key_Up)

    assert dial.hasFocus()
    assert [(what, wanted.label) for what, _, wanted in desk.asked] == [("set", "ISO 500")]
    desk.futures[-1].set_result(iso("500"))
    qtbot.waitUntil(lambda: not dial.is_pending)
    assert dial.shown == "ISO 500"


def test_a_dial_gives_the_keys_back_once_its_value_is_typed(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    dial = window.panel.exposure.dial(SettingId.ISO)

    qtbot.keyClick(window.picture, Qt.Key.Key_I)
    qtbot.keyClicks(dial, "2")
    assert dial.editor is not None
    qtbot.keyClicks(dial.editor, "00")
    qtbot.keyClick(dial.editor, Qt.Key.Key_Return)

    assert desk.asked == [("set", SettingId.ISO, "200")]
    assert window.picture.hasFocus()


def test_who_walks_through_the_panel_stays_at_the_dial(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    dial = window.panel.exposure.dial(SettingId.ISO)

    dial.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(dial, "4")
    assert dial.editor is not None
    qtbot.keyClick(dial.editor, Qt.Key.Key_Return)

    assert dial.hasFocus()


@pytest.mark.parametrize("hiding", [Qt.Key.Key_F, Qt.Key.Key_Tab])
def test_a_dials_key_brings_hidden_panels_back(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, hiding: Qt.Key
) -> None:
    _say(window, desk, qtbot, status())
    qtbot.keyClick(window.picture, hiding)
    dial = window.panel.exposure.dial(SettingId.ISO)
    assert not dial.isVisible()

    qtbot.keyClick(window.picture, Qt.Key.Key_I)

    assert dial.isVisible()
    assert dial.hasFocus()


def test_a_dials_key_pressed_again_opens_its_list_where_letters_choose(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    dial = window.panel.exposure.dial(SettingId.IMAGE_FORMAT)

    qtbot.keyClick(window.picture, Qt.Key.Key_Q)
    assert dial.list is None
    qtbot.keyClick(dial, Qt.Key.Key_Q)
    assert dial.list is not None
    qtbot.keyClicks(dial.list, "jpeg")
    qtbot.keyClick(dial.list, Qt.Key.Key_Return)

    assert [(what, wanted.label) for what, _, wanted in desk.asked] == [("set", "JPEG fine")]


def test_a_refused_value_goes_back_and_the_reason_stands_in_the_banner(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    dial = window.panel.exposure.dial(SettingId.ISO)
    dial.turn(up=True)
    error = SettingRefusedError("The camera kept ISO 400.", "It is recording a movie.")

    desk.futures[-1].set_exception(error)
    qtbot.waitUntil(lambda: window.banner.error is error)

    assert dial.shown == "ISO 400"
    assert window.banner.isVisible()


def test_a_dial_turned_on_the_body_appears_by_itself(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    _say(window, desk, qtbot, with_setting(status(), iso("800")))

    assert window.panel.exposure.dial(SettingId.ISO).shown == "ISO 800"


def test_without_a_camera_the_dials_rest_and_release_is_off(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    _say(window, desk, qtbot, replace(status(), state=CameraState.LOST))

    assert all(not dial.is_settable for dial in window.panel.exposure.dials())
    assert not window.panel.release.isEnabled()


def test_nothing_moves_when_values_change_their_width(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    parts: list[QWidget] = [*window.panel.exposure.dials(), window.panel.release, window.picture]
    parts += [window.filmstrip, window.status_line.session, window.status_line.battery]
    before = [(part.mapTo(window, part.rect().topLeft()), part.size()) for part in parts]

    changed = with_setting(with_setting(status(CameraState.TRANSFERRING), shutter("30")), iso("Auto"))
    _say(window, desk, qtbot, replace(changed, message="A long message about what is being done here."))
    _tell(window, desk, qtbot, DiskFullError("The disk is full.", "Make room."))

    assert [(part.mapTo(window, part.rect().topLeft()), part.size()) for part in parts] == before


# ---- live and pictures


def test_l_starts_the_live_view_and_l_again_ends_it(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    qtbot.keyClick(window.picture, Qt.Key.Key_L)
    _say(window, desk, qtbot, LIVE)
    assert window.panel.live.isChecked()
    qtbot.keyClick(window.picture, Qt.Key.Key_L)

    assert desk.asked == [("start_live",), ("stop_live",)]


def test_the_film_follows_and_the_newest_picture_is_shown(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _say(window, desk, qtbot, status())
    for number in (1, 2, 3):
        newest = _store(desk, tmp_path, number)

    qtbot.waitUntil(lambda: window.viewing.shot == newest)

    assert window.filmstrip.shot == newest
    assert window.filmstrip.follows


def test_an_older_picture_stays_while_new_ones_arrive(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _say(window, desk, qtbot, status())
    first, second = _store(desk, tmp_path, 1), _store(desk, tmp_path, 2)
    qtbot.waitUntil(lambda: window.viewing.shot == second)

    qtbot.keyClick(window.picture, Qt.Key.Key_Left)
    third = _store(desk, tmp_path, 3)
    qtbot.waitUntil(lambda: window.film.row_of(3) is not None)
    assert window.viewing.shot == first
    qtbot.keyClick(window.picture, Qt.Key.Key_End)

    assert window.viewing.shot == third
    assert window.filmstrip.follows


def test_from_the_live_picture_left_goes_to_the_newest_whatever_has_the_keys(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _say(window, desk, qtbot, LIVE)
    for number in (1, 2, 3):
        newest = _store(desk, tmp_path, number)
    qtbot.waitUntil(lambda: window.film.row_of(3) is not None)
    window.filmstrip.setFocus()
    window.picture.setFocus()
    window.filmstrip.setFocus()  # as after a dialog

    qtbot.keyClick(window.filmstrip, Qt.Key.Key_Left)

    assert window.viewing.shot == newest


def test_the_live_picture_stays_while_shots_arrive_and_ends_on_the_newest(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _say(window, desk, qtbot, LIVE)
    newest = _store(desk, tmp_path, 1)
    qtbot.waitUntil(lambda: window.film.row_of(1) is not None)
    assert window.viewing.shows_live

    _say(window, desk, qtbot, status())

    assert window.viewing.shot == newest


def test_escape_brings_the_live_picture_back(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _say(window, desk, qtbot, LIVE)
    first = _store(desk, tmp_path, 1)
    qtbot.waitUntil(lambda: window.film.row_of(1) is not None)
    qtbot.keyClick(window.picture, Qt.Key.Key_Left)
    assert window.viewing.shot == first
    assert not window.viewing.shows_live

    qtbot.keyClick(window.picture, Qt.Key.Key_Escape)

    assert window.viewing.shows_live
    assert window.filmstrip.shot is None


def test_thumbnails_come_by_themselves(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    from groundglass.desktop.models.filmstrip_model import FilmRole

    _say(window, desk, qtbot, LIVE)
    _store(desk, tmp_path, 1)

    qtbot.waitUntil(lambda: window.film.index(0).data(FilmRole.THUMBNAIL) is not None)


def test_an_opened_session_brings_its_shots(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.shots = (shot(1, "a_0001.mov"), shot(2, "a_0002.mov"))
    desk.announce(SessionOpened(str(tmp_path)))

    qtbot.waitUntil(lambda: window.film.rowCount() == 2)

    assert tmp_path.name in window.status_line.session.text
    assert "job_0001" in window.status_line.session.text


def test_a_transfer_shows_on_the_film(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    transfer = TransferProgress("DSC_0001.JPG", 1, 4)
    _say(window, desk, qtbot, replace(status(CameraState.TRANSFERRING), transfer=transfer))

    assert window.film.rowCount() == 1


# ---- what lies around


def test_tab_hides_the_panels_and_f_leaves_the_picture_alone(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Tab)
    assert not window.panel.isVisible()
    assert not window.filmstrip.isVisible()
    assert window.status_line.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Tab)
    assert window.panel.isVisible()

    qtbot.keyClick(window, Qt.Key.Key_F)
    assert window.isFullScreen()
    assert not window.status_line.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)

    assert not window.isFullScreen()
    assert window.panel.isVisible()


def test_shift_l_switches_the_histogram_to_logarithmic_and_back(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    assert window.panel.histogram.is_logarithmic

    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)

    assert not window.panel.histogram.is_logarithmic


def test_c_stripes_what_is_clipped_in_the_live_picture(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    def brightest_and_darkest() -> tuple[int, int]:
        picture = window.picture.grab().toImage()
        row = [picture.pixelColor(x, picture.height() // 2).lightness() for x in range(300, 340)]
        return max(row), min(row)

    _say(window, desk, qtbot, LIVE)
    desk.live.push(live_frame(level=255))
    qtbot.waitUntil(lambda: window.picture.has_picture and window.picture.notice is None)
    assert brightest_and_darkest() == (255, 255)

    qtbot.keyClick(window, Qt.Key.Key_C)
    desk.live.push(live_frame(level=255))
    qtbot.waitUntil(lambda: window.picture.notice is None and brightest_and_darkest()[1] < 60)

    assert brightest_and_darkest()[0] == 255


def test_the_question_mark_shows_all_keys(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(window, "?")
    assert window.help.isVisible()

    qtbot.keyClick(window, Qt.Key.Key_Escape)

    assert not window.help.isVisible()


def test_f6_walks_over_every_control_and_comes_back(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    met: list[QWidget] = []
    for _ in range(100):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        focused = window.focusWidget()
        if focused in met:
            break
        met.append(focused)

    assert set(window.panel.exposure.dials()) <= set(met)
    assert {window.panel.live, window.panel.release, window.filmstrip} <= set(met)


def test_every_control_has_a_name_for_a_screen_reader(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    controls: list[QWidget] = [*window.findChildren(Dial), window.filmstrip, window.picture]
    controls += [one for one in window.findChildren(Button) if one.isVisible()]

    assert [one for one in controls if not one.accessibleName()] == []


def test_the_status_line_tells_camera_battery_card_and_disk(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    line = window.status_line
    qtbot.waitUntil(lambda: bool(line.disk.text))

    assert line.camera.text == "Nikon Z 6II \N{MIDDLE DOT} 50 mm f/1.8"
    assert line.state.text == "connected"
    assert (line.battery.text, line.shots_left.text, line.disk.text) == ("71 %", "412 left", "84 GB free")


@pytest.mark.parametrize(
    "free_bytes", [500_000, 308_000_000, 999_600_000, 999_600_000_000, 2_100_000_000_000]
)
def test_the_room_on_the_disk_is_never_cut(window: MainWindow, free_bytes: int) -> None:
    shown = window.status_line.disk

    window.status_line.show_disk(free_bytes)

    assert shown.fontMetrics().horizontalAdvance(shown.text) <= shown.width()


# ---- no camera, and trouble


def test_without_a_camera_the_window_teaches_and_starts_the_virtual_one(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    assert window.empty.isVisible()

    qtbot.mouseClick(window.empty.button, Qt.MouseButton.LeftButton)
    assert desk.asked == [("start_virtual_camera",)]
    _say(window, desk, qtbot, status())

    assert not window.empty.isVisible()
    assert desk.asked[-1] == ("start_live",)


def test_looking_for_a_camera_does_not_flicker(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    words = "No camera answers there. Check the cable."
    absent = CameraStatus(CameraState.ABSENT, message=words)
    _say(window, desk, qtbot, absent)
    qtbot.waitUntil(lambda: bool(window.status_line.disk.text))  # it comes by itself, some time
    # What tells of the camera; the session's own fields fill when they fill.
    parts = (window.picture, window.panel, window.status_line)
    before = [part.grab().toImage() for part in parts]

    _say(window, desk, qtbot, replace(absent, state=CameraState.CONNECTING))

    assert window.empty.isVisible()
    assert [part.grab().toImage() for part in parts] == before


def test_trouble_at_the_start_is_told_beside_the_empty_state(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _tell(window, desk, qtbot, NoCameraError("The virtual camera did not start.", "Try again."))

    assert window.empty.isVisible()
    assert window.banner.isVisible()


def test_a_virtual_camera_that_fails_to_start_is_told_and_can_be_tried_again(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.mouseClick(window.empty.button, Qt.MouseButton.LeftButton)
    error = NoCameraError("The virtual camera did not start.", "Try again.")

    desk.futures[-1].set_exception(error)
    qtbot.waitUntil(lambda: window.banner.error is error)

    assert window.empty.button.isEnabled()


def test_a_camera_that_is_held_is_freed_by_the_banners_button(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _tell(window, desk, qtbot, CameraHeldError("Another program holds the camera.", "Close it."))
    button = window.banner.action_button
    assert button.text() == "Free the camera"

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.asked[-1] == ("free_camera",)
    refusal = CameraHeldError("The camera is held by darktable.", "Quit it.")
    desk.futures[-1].set_exception(refusal)
    qtbot.waitUntil(lambda: window.banner.error is refusal)
    desk.announce(ProblemSolved())

    qtbot.waitUntil(lambda: not window.banner.isVisible())


def test_a_lost_camera_is_told_and_the_banner_goes_when_it_is_back(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, LIVE)
    _tell(window, desk, qtbot, CameraLostError("The camera does not answer any more.", "Check the cable."))
    assert window.banner.isVisible()

    desk.announce(ProblemSolved())

    qtbot.waitUntil(lambda: not window.banner.isVisible())


def test_a_full_disk_stays_told_when_the_camera_is_back(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, status())
    error = DiskFullError("The disk is full.", "Make room.")
    _tell(window, desk, qtbot, error)

    desk.announce(ProblemSolved())
    _say(window, desk, qtbot, LIVE)

    assert window.banner.error is error


@pytest.mark.parametrize(
    "error",
    [DiskFailedError("The disk is read-only.", "Use another."), DiskFullError("It is full.", "Make room.")],
)
def test_a_disk_that_fails_offers_another_folder_and_the_banner_goes_when_it_works(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, error: SessionError
) -> None:
    _say(window, desk, qtbot, status())
    qtbot.mouseClick(window.panel.release, Qt.MouseButton.LeftButton)
    _tell(window, desk, qtbot, error)
    desk.futures[-1].set_exception(error)  # the release fails of the same
    with qtbot.waitCallback() as arrived:
        window.bridge.call(arrived)
    assert window.banner.action_button.text() == "Choose a folder"
    assert window.banner.action_button.isVisible()

    desk.announce(ProblemSolved(of_disk=True))

    qtbot.waitUntil(lambda: not window.banner.isVisible())


def test_another_session_takes_the_trouble_of_the_disk_away(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _tell(window, desk, qtbot, DiskFailedError("The disk is read-only.", "Use another."))

    desk.announce(SessionOpened(str(tmp_path)))

    qtbot.waitUntil(lambda: not window.banner.isVisible())


def test_the_banner_can_be_dismissed_by_escape(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    _say(window, desk, qtbot, status())
    _tell(window, desk, qtbot, DiskFullError("The disk is full.", "Make room."))

    qtbot.keyClick(window.picture, Qt.Key.Key_Escape)

    assert not window.banner.isVisible()


def test_a_lost_link_takes_the_life_out_of_the_picture(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, LIVE)
    desk.live.push(live_frame())
    qtbot.waitUntil(lambda: window.picture.has_picture and window.picture.notice is None)

    lost = replace(LIVE, state=CameraState.LOST, message="Looking for the camera.")
    _say(window, desk, qtbot, lost)

    assert window.picture.notice is not None
    assert window.panel.histogram.is_dimmed
    assert "Looking for the camera." in window.windowTitle()


def test_closing_ends_every_thread_and_late_news_are_dropped(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, LIVE)
    window.panel.exposure.dial(SettingId.ISO).turn(up=True)
    window.close()

    desk.say(status())
    desk.live.push(live_frame())
    desk.futures[-1].set_result(iso("500"))

    assert window.status == LIVE
    assert desk.listeners == []


@pytest.mark.parametrize("key", [Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight])
def test_brackets_drive_the_focus(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, key: Qt.Key) -> None:
    _say(window, desk, qtbot, LIVE)

    qtbot.keyClick(window, key)

    assert desk.asked == [("drive_focus", -1 if key is Qt.Key.Key_BracketLeft else 1)]


# ---- tools over the picture


def test_p_goes_through_the_strengths_of_peaking(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    told = []
    for _ in range(4):
        qtbot.keyClick(window.picture, Qt.Key.Key_P)
        told.append(window.picture.tools)

    assert told == ["Peaking: normal", "Peaking: strong", "Peaking: weak", ""]


def test_false_colour_is_explained_while_it_is_to_be_seen(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyClick(window.picture, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    assert not window.legend.isVisible()  # there is no picture

    _say(window, desk, qtbot, LIVE)
    desk.live.push(live_frame(level=255))
    qtbot.waitUntil(lambda: window.picture.has_picture)
    assert window.legend.isVisible()
    white, words = window.legend.rows[0]
    corner = window.picture.grab().toImage().pixelColor(window.picture.width() // 2, 200)
    assert (corner, words) == (white, "White")

    qtbot.keyClick(window.picture, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    assert not window.legend.isVisible()


def test_the_legend_lies_inside_the_smallest_picture(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(window, desk, qtbot, LIVE)
    qtbot.keyClick(window.picture, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)

    window.resize(window.minimumSizeHint())
    qtbot.waitUntil(lambda: window.size() == window.minimumSizeHint())

    assert window.picture.rect().contains(window.legend.geometry())


def test_the_100_percent_view_has_no_legend_for_it_has_no_false_colour(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClick(window.picture, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    _store(desk, tmp_path, 1)
    qtbot.waitUntil(window.legend.isVisible)

    def zoomed() -> bool:
        window.picture.set_zoomed(True)
        return window.picture.is_zoomed

    qtbot.waitUntil(zoomed)
    assert not window.legend.isVisible()

    qtbot.keyClick(window.picture, Qt.Key.Key_Z)  # 200 %
    assert not window.legend.isVisible()
    qtbot.keyClick(window.picture, Qt.Key.Key_Z)
    assert window.legend.isVisible()


def test_g_lays_the_grid_over_the_picture_and_takes_it_off(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window.picture, Qt.Key.Key_G)
    was_on = window.picture.has_grid
    for _ in range(len(Grid) - 1):
        qtbot.keyClick(window.picture, Qt.Key.Key_G)

    assert (was_on, window.picture.has_grid) == (True, False)


@pytest.mark.parametrize(
    ("key", "modifiers", "why"),
    [
        (Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier, "no live picture to freeze"),
        (
            Qt.Key.Key_F,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
            "no live picture to focus in",
        ),
        (Qt.Key.Key_U, Qt.KeyboardModifier.NoModifier, "No setting is offered"),
        (Qt.Key.Key_U, Qt.KeyboardModifier.ShiftModifier, "No setting is offered"),
    ],
)
def test_a_key_that_can_do_nothing_now_says_why(
    window: MainWindow, qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier, why: str
) -> None:
    qtbot.keyClick(window, key, modifiers)

    assert window.banner.error is not None
    assert why in window.banner.error.message

"""The pipette: on a scripted desk for its ways, on a virtual camera for its truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK
from groundglass.imaging.color import ADOBE_RGB, SRGB, Profile, convert
from groundglass.model.camera import CameraState, CameraStatus
from groundglass.model.setting import SettingId
from groundglass.model.shot import Shot
from groundglass.studio.compose import build_studio
from groundglass.studio.events import SessionOpened, ShotStored
from groundglass.studio.studio import Studio
from groundglass.virtual.settings import SCENE_KELVIN
from jpeg_samples import MAKER_KELVIN, with_tags
from scripted_desk import ScriptedDesk, kelvin, live_frame, shot, status, with_setting, words
from virtual_camera import VirtualCamera

_WAIT_MS = 20_000
_GREY = (0.145, 0.56)  # the neutral patches of the scene's colour chart
_SHIFT = Qt.KeyboardModifier.ShiftModifier

_BY_KELVIN = with_setting(
    status(CameraState.LIVE), words(SettingId.WHITE_BALANCE, "Kelvin", "Auto", "Daylight")
)
_LIVE = replace(_BY_KELVIN, is_live_wanted=True)


def _show_live(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, now: CameraStatus, level: int = 100
) -> None:
    desk.say(now)
    qtbot.waitUntil(lambda: window.status == now)
    desk.live.push(live_frame(1, level))
    qtbot.waitUntil(lambda: window.picture.has_picture)


def test_grey_keeps_the_temperature_that_is_set(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    _show_live(window, desk, qtbot, _LIVE)

    qtbot.keyClick(window.picture, Qt.Key.Key_W, _SHIFT)
    assert window.white.is_armed
    assert window.white._hint.text.startswith("Click on something neutral")
    desk.live.push(live_frame(2))
    qtbot.keyClick(window.picture, Qt.Key.Key_W, _SHIFT)

    qtbot.waitUntil(lambda: any(one[0] == "use_kelvin" for one in desk.asked))
    asked = next(one for one in desk.asked if one[0] == "use_kelvin")
    assert asked[1] == pytest.approx(5600, rel=0.002)
    desk.futures[-1].set_result(kelvin("5600"))
    qtbot.waitUntil(lambda: not window.white.is_armed)
    assert window.white._hint.text == ""
    assert window.picture.caption.startswith("White balance: 5600")
    window.white._told.timeout.emit()  # after some seconds
    assert window.picture.caption == ""


def _two_colors(height: int, width: int) -> np.ndarray:
    image = np.full((height, width, 4), 255, np.uint8)
    image[:, : width // 2, :3] = 100, 120, 150
    image[:, width // 2 :, :3] = 150, 120, 100
    return image


def test_the_spot_is_smaller_while_white_is_picked_and_tells_that_it_is_not_even(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _show_live(window, desk, qtbot, _LIVE)
    window.light_judging.toggle_spot()
    frame = replace(live_frame(2, size=(960, 640)), image=_two_colors(640, 960))
    desk.live.push(frame)
    qtbot.waitUntil(lambda: window.viewing._frame is frame)
    usual = window.picture._marks.spot
    assert window.white._read is None  # of the usual size

    qtbot.keyClick(window.picture, Qt.Key.Key_W, _SHIFT)
    qtbot.waitUntil(lambda: window.white._read is not None)
    assert window.white._read[1].pixels <= (0.03 * 960) ** 2
    assert window.picture._marks.spot[2] - window.picture._marks.spot[0] == pytest.approx(0.025, abs=0.001)
    qtbot.keyClick(window.picture, Qt.Key.Key_W, _SHIFT)
    qtbot.waitUntil(lambda: any(one[0] == "use_kelvin" for one in desk.asked))
    desk.futures[-1].set_result(kelvin("5600"))

    qtbot.waitUntil(lambda: "The spot is not even: colours of several things" in window.picture.caption)
    assert window.picture._marks.spot == usual


def test_a_still_tells_that_the_spot_is_not_even(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.say(_BY_KELVIN)
    _store_grey(desk, tmp_path, 0.0, MAKER_KELVIN, picture=_two_colors(400, 600)[..., :3])

    _pick_on_still(window, qtbot)
    qtbot.waitUntil(lambda: any(one[0] == "use_kelvin" for one in desk.asked))
    desk.futures[-1].set_result(kelvin("5200"))

    qtbot.waitUntil(lambda: "The spot is not even" in window.picture.caption)


def test_a_click_picks_where_it_lands(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    _show_live(window, desk, qtbot, _LIVE)
    qtbot.mouseClick(window.panel.exposure.pick, Qt.MouseButton.LeftButton)

    middle = window.picture.rect().center() + QPoint(40, 20)
    qtbot.mouseClick(window.picture, Qt.MouseButton.LeftButton, pos=middle)
    desk.live.push(live_frame(2))

    qtbot.waitUntil(lambda: any(one[0] == "use_kelvin" for one in desk.asked))
    assert window.light_judging.spot is not None
    assert window.light_judging.spot[0] > 0.5


def test_a_body_on_automatic_is_set_to_kelvin_first(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    auto = with_setting(_LIVE, words(SettingId.WHITE_BALANCE, "Auto", "Kelvin"))
    _show_live(window, desk, qtbot, auto)
    qtbot.keyClick(window.picture, Qt.Key.Key_W, _SHIFT)
    assert window.white._hint.text.startswith("Click twice on something neutral: the first sets the camera")
    desk.live.push(live_frame(2))
    qtbot.keyClick(window.picture, Qt.Key.Key_W, _SHIFT)
    qtbot.waitUntil(lambda: ("use_kelvin", 5600.0) in desk.asked)

    desk.futures[-1].set_result(kelvin("5600"))

    qtbot.waitUntil(lambda: "pick again" in window.white._hint.text)
    assert window.white.is_armed


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (CameraStatus(), "No camera"),
        (
            replace(_LIVE, settings=tuple(one for one in _LIVE.settings if "color" not in one.id.value)),
            "no white balance in kelvin",
        ),
        (
            with_setting(
                with_setting(_LIVE, words(SettingId.WHITE_BALANCE, "Auto")),
                kelvin(read_only=True, reason="Turn the dial."),
            ),
            "cannot be set",
        ),
    ],
)
def test_where_it_can_not_be_it_says_why(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, now: CameraStatus, why: str
) -> None:
    desk.say(now)
    qtbot.waitUntil(lambda: window.status == now)

    window.white.pick()

    assert why in str(window.banner.error)
    assert not window.white.is_armed


def test_a_dark_spot_is_refused_and_escape_ends_it(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _show_live(window, desk, qtbot, _LIVE, level=2)
    qtbot.keyClick(window.picture, Qt.Key.Key_W, _SHIFT)
    desk.live.push(live_frame(2, level=2))
    qtbot.keyClick(window.picture, Qt.Key.Key_W, _SHIFT)

    qtbot.waitUntil(lambda: "too dark" in str(window.banner.error))
    qtbot.keyClick(window.picture, Qt.Key.Key_Escape)
    qtbot.keyClick(window.picture, Qt.Key.Key_Escape)

    assert not window.white.is_armed
    assert not any(one[0] == "use_kelvin" for one in desk.asked)


def _pick_on_still(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.viewing.shot is not None and not window.viewing.shows_live)
    if not window.white.is_armed:
        window.white.pick()
    window.light_judging._place((0.5, 0.5))
    qtbot.waitUntil(lambda: window.white._read is not None and window.white._read[0] == (0.5, 0.5))
    window.white.pick()


def test_a_frozen_picture_is_picked_from_by_what_it_was_balanced_for(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _show_live(window, desk, qtbot, _LIVE)
    qtbot.keyClick(window.picture, Qt.Key.Key_F, _SHIFT)
    assert window.viewing.is_frozen
    later = with_setting(_LIVE, kelvin("3500"))
    desk.say(later)
    qtbot.waitUntil(lambda: window.status == later)

    for _ in range(2):
        qtbot.keyClick(window.picture, Qt.Key.Key_W, _SHIFT)

    qtbot.waitUntil(lambda: any(one[0] == "use_kelvin" for one in desk.asked))
    assert desk.asked[-1][1] == pytest.approx(5600, rel=0.002)


def test_a_frozen_picture_of_a_body_on_automatic_says_where_to_pick_again(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _show_live(window, desk, qtbot, with_setting(_LIVE, words(SettingId.WHITE_BALANCE, "Auto", "Kelvin")))
    qtbot.keyClick(window.picture, Qt.Key.Key_F, _SHIFT)
    for _ in range(2):
        qtbot.keyClick(window.picture, Qt.Key.Key_W, _SHIFT)
    qtbot.waitUntil(lambda: ("use_kelvin", 5600.0) in desk.asked)

    desk.futures[-1].set_result(kelvin("5600"))

    qtbot.waitUntil(lambda: "Shift + F: live" in window.white._hint.text)


def test_white_is_picked_on_the_picture_and_not_under_the_light_table(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _show_live(window, desk, qtbot, _LIVE)
    for _ in range(2):  # waiting for it already, and not
        qtbot.keyClick(window.picture, Qt.Key.Key_G, _SHIFT)
        assert window.light_table.isVisible()

        qtbot.keyClick(window.light_table, Qt.Key.Key_W, _SHIFT)

        assert window.white._hint.isVisible()
        assert not window.light_table.isVisible()
    assert not any(one[0] == "use_kelvin" for one in desk.asked)


def test_a_still_is_picked_from_by_what_its_own_session_knows_of_it(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    grey = cv2.imencode(".jpg", np.full((200, 300, 3), 128, np.uint8))[1].tobytes()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "S_0001.jpg").write_bytes(grey)
    _open(desk, tmp_path / "a")
    desk.say(with_setting(_BY_KELVIN, kelvin("3500")))
    desk.announce(ShotStored(shot(1, "S_0001.jpg"), is_complete=True, trigger_to_stored_s=0.0))
    _pick_on_still(window, qtbot)
    qtbot.waitUntil(lambda: any(one[0] == "use_kelvin" for one in desk.asked))
    desk.futures[-1].set_result(kelvin("3500"))
    qtbot.waitUntil(lambda: not window.white.is_armed)
    desk.asked.clear()

    _open(desk, tmp_path / "b", shot(1, "S_0001.jpg"))
    qtbot.waitUntil(lambda: window.session.path == tmp_path / "b")
    _pick_on_still(window, qtbot)

    qtbot.waitUntil(lambda: "does not say for which light" in str(window.banner.error))
    assert not any(one[0] == "use_kelvin" for one in desk.asked)
    _open(desk, tmp_path / "a", shot(1, "S_0001.jpg"))
    qtbot.waitUntil(lambda: window.session.path == tmp_path / "a")
    _pick_on_still(window, qtbot)
    qtbot.waitUntil(lambda: any(one[0] == "use_kelvin" for one in desk.asked))


def _store_grey(
    desk: ScriptedDesk,
    folder: Path,
    late_s: float | None,
    told: dict[str, str],
    bgr: tuple[int, int, int] = (128, 128, 128),
    picture: np.ndarray | None = None,
) -> None:
    _open(desk, folder)
    plain = np.full((200, 300, 3), bgr, np.uint8)
    grey = cv2.imencode(".jpg", plain if picture is None else picture)[1].tobytes()
    (folder / "S_0001.jpg").write_bytes(with_tags(grey, folder, told))
    desk.announce(ShotStored(shot(1, "S_0001.jpg"), is_complete=True, trigger_to_stored_s=late_s))


def test_a_shot_was_balanced_for_what_the_body_showed_at_its_release(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    for second, told in ((100.0, "3500"), (110.0, "8000")):
        window.white._clock = lambda second=second: second
        desk.say(with_setting(_BY_KELVIN, kelvin(told)))
        qtbot.waitUntil(lambda told=told: _kelvin_now(window) == float(told))
    window.white._clock = lambda: 111.0
    _store_grey(desk, tmp_path, 5.0, {})

    _pick_on_still(window, qtbot)

    qtbot.waitUntil(lambda: any(one[0] == "use_kelvin" for one in desk.asked))
    asked = next(one for one in desk.asked if one[0] == "use_kelvin")
    assert asked[1] == pytest.approx(3500, rel=0.01)


def test_what_the_body_shows_now_says_nothing_of_a_shot_that_it_took_alone(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.say(with_setting(_BY_KELVIN, kelvin("3500")))
    _store_grey(desk, tmp_path, None, {})

    _pick_on_still(window, qtbot)

    qtbot.waitUntil(lambda: "does not say for which light" in str(window.banner.error))


def test_what_the_file_says_counts_first(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.say(with_setting(_BY_KELVIN, kelvin("3500")))
    _store_grey(desk, tmp_path, 0.0, MAKER_KELVIN)

    _pick_on_still(window, qtbot)

    qtbot.waitUntil(lambda: any(one[0] == "use_kelvin" for one in desk.asked))
    asked = next(one for one in desk.asked if one[0] == "use_kelvin")
    assert asked[1] == pytest.approx(5200, rel=0.01)


@pytest.mark.parametrize(("space", "profile"), [("1", SRGB), ("2", ADOBE_RGB)])
def test_a_still_tells_the_same_light_in_every_space(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, space: str, profile: Profile
) -> None:
    warm = convert(np.full((1, 1, 4), (95, 120, 145, 255), np.uint8), SRGB, profile)[0, 0]
    desk.say(_BY_KELVIN)
    told = MAKER_KELVIN | {"Exif.Photo.ColorSpace": space}
    _store_grey(desk, tmp_path, 0.0, told, tuple(warm[:3].tolist()))

    _pick_on_still(window, qtbot)

    qtbot.waitUntil(lambda: any(one[0] == "use_kelvin" for one in desk.asked))
    asked = next(one for one in desk.asked if one[0] == "use_kelvin")
    assert asked[1] == pytest.approx(3570, rel=0.02)


def _open(desk: ScriptedDesk, session: Path, *shots: Shot) -> None:
    desk.session_path, desk.shots = session, shots
    desk.announce(SessionOpened(str(session)))


# ---- on a virtual camera, whose scene has a light of 5200 K


@pytest.fixture(params=["nikon", "canon", "sony", "fuji"])
def on_camera(
    app: QApplication, qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[MainWindow, Studio]]:
    with VirtualCamera("--megapixels", "4", "--brand", request.param) as camera:
        studio = build_studio(tmp_path / "driver")
        try:
            studio.open_session(tmp_path / "session")
            window = MainWindow(studio, DARK)
            qtbot.addWidget(window)
            window.resize(1280, 800)
            window.show()
            studio.connect(camera.address)
            qtbot.waitUntil(lambda: window.status.state is CameraState.READY, timeout=_WAIT_MS)
            yield window, studio
            window.close()
        finally:
            studio.close()


def _kelvin_now(window: MainWindow) -> float:
    setting = window.status.setting(SettingId.COLOR_TEMPERATURE)
    assert setting is not None
    assert setting.current is not None
    return setting.current.number or 0.0


def _pick(window: MainWindow, qtbot: QtBot) -> float:
    if not window.white.is_armed:
        window.white.pick()
    window.light_judging._place(_GREY)
    qtbot.waitUntil(
        lambda: window.white._read is not None and window.white._read[0] == _GREY, timeout=_WAIT_MS
    )
    window.white.pick()
    qtbot.waitUntil(lambda: not window.white.is_armed, timeout=_WAIT_MS)
    return _kelvin_now(window)


def test_the_light_of_the_scene_is_found(on_camera: tuple[MainWindow, Studio], qtbot: QtBot) -> None:
    window, studio = on_camera
    studio.use_kelvin(3500).result(20)
    qtbot.waitUntil(lambda: _kelvin_now(window) == 3500, timeout=_WAIT_MS)
    studio.set(SettingId.IMAGE_FORMAT, "raw+jpeg").result(20)
    studio.release().result(60)
    qtbot.waitUntil(lambda: window.viewing.shot is not None, timeout=_WAIT_MS)

    assert _pick(window, qtbot) == pytest.approx(SCENE_KELVIN, rel=0.03)  # from the RAW


def test_the_light_of_the_scene_is_found_live_by_two_picks(
    on_camera: tuple[MainWindow, Studio], qtbot: QtBot
) -> None:
    window, studio = on_camera
    studio.use_kelvin(3500).result(20)
    studio.start_live().result(20)
    qtbot.waitUntil(lambda: window.viewing.frames_shown > 5, timeout=_WAIT_MS)

    first = _pick(window, qtbot)
    seen = window.viewing.frames_shown
    qtbot.waitUntil(lambda: window.viewing.frames_shown > seen + 10, timeout=_WAIT_MS)
    second = _pick(window, qtbot)

    assert first == pytest.approx(SCENE_KELVIN, rel=0.2)
    assert second == pytest.approx(SCENE_KELVIN, rel=0.04)

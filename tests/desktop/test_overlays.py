"""What is laid over the live picture: layouts, blends, the last frame in the corner, a frozen frame."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from groundglass.desktop.layer_reading import read_layer
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK
from groundglass.desktop.turning import Turn
from groundglass.desktop.widgets.framing_section import FramingSection
from groundglass.desktop.widgets.grid import Framing
from groundglass.desktop.widgets.hint import Hint
from groundglass.desktop.widgets.overlay import Blend, Ghost, Layer, Look
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.errors import ImageError, SessionError
from groundglass.model.camera import CameraState, CameraStatus, Capability, LiveZoom
from groundglass.studio.events import Problem, SessionOpened, ShotStored
from scripted_desk import ScriptedDesk, live_frame, shot, status

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def _grey(value: int, width: int = 600, height: int = 400) -> np.ndarray:
    image = np.full((height, width, 4), value, np.uint8)
    image[..., 3] = 255
    return image


@pytest.fixture
def picture(app: object, qtbot: QtBot) -> PictureView:
    view = PictureView(DARK)
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    view.show_image(_grey(100))
    return view


def _value(picture: PictureView, x: int = 300, y: int = 200) -> int:
    return QColor(picture.grab().toImage().pixelColor(x, y)).green()


@pytest.mark.parametrize(
    ("blend", "wanted"),
    [(Blend.NORMAL, 160), (Blend.DIFFERENCE, 60), (Blend.SCREEN, 197), (Blend.MULTIPLY, 63)],
)
def test_each_blend_gives_what_its_name_says(picture: PictureView, blend: Blend, wanted: int) -> None:
    picture.show_framing(Framing(ghost=Ghost(Layer(_grey(160)), Look(1.0, blend=blend))))

    assert abs(_value(picture) - wanted) <= 1


def test_a_difference_of_equal_pictures_is_black(picture: PictureView) -> None:
    picture.show_framing(Framing(ghost=Ghost(Layer(_grey(100)), Look(1.0, blend=Blend.DIFFERENCE))))

    assert _value(picture) == 0


def test_a_layout_with_alpha_lets_the_picture_through_where_it_is_clear(
    picture: PictureView, tmp_path: Path
) -> None:
    cover = np.zeros((400, 600, 4), np.uint8)
    cover[:200] = (0, 255, 0, 255)
    cover[200:, :, 3] = 0
    cv2.imwrite(str(tmp_path / "cover.png"), cover)

    picture.show_framing(Framing(ghost=Ghost(read_layer(tmp_path / "cover.png"), Look(1.0))))

    assert _value(picture, 300, 100) == 255
    assert _value(picture, 300, 300) == 100


def test_what_is_no_picture_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_bytes(b"no picture")

    with pytest.raises(ImageError, match=r"cover\.png"):
        read_layer(tmp_path / "cover.png")


def _press(window: MainWindow, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    qtbot.keyClick(window.picture, key, modifier)


@pytest.fixture
def over(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    cv2.imwrite(str(tmp_path / "a.jpg"), np.full((200, 300, 3), 200, np.uint8))
    desk.announce(ShotStored(shot(1, "a.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.film.newest is not None)
    qtbot.keyClick(window.picture, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: window.picture.framing.ghost is not None)
    qtbot.waitUntil(lambda: window.picture.has_picture)
    return window


def _look(window: MainWindow) -> Look:
    ghost = window.picture.framing.ghost
    assert ghost is not None
    return ghost.look


def test_keys_move_and_size_and_blend_what_is_laid_over_and_the_panel_says_so(
    over: MainWindow, qtbot: QtBot
) -> None:
    section: FramingSection = over.findChild(FramingSection)

    for key, modifier in (
        (Qt.Key.Key_Right, _CTRL),
        (Qt.Key.Key_Right, _CTRL),
        (Qt.Key.Key_Up, _CTRL),
        (Qt.Key.Key_BracketRight, _CTRL),
        (Qt.Key.Key_T, _SHIFT),
        (Qt.Key.Key_Y, _SHIFT),
    ):
        _press(over, qtbot, key, modifier)

    look = _look(over)
    assert look.across == pytest.approx(0.52)
    assert look.down == pytest.approx(0.49)
    assert (look.scale, look.opacity, look.blend) == (pytest.approx(1.05), 0.75, Blend.DIFFERENCE)
    assert (section.across.text(), section.scale.text(), section.opacity.text()) == ("52", "105", "75")
    assert section.blend.now == "difference"
    assert over.picture.corner_words == "Blend: difference"
    for _ in range(3):
        _press(over, qtbot, Qt.Key.Key_Y, _SHIFT)
    assert over.picture.corner_words == ""  # as it is
    _press(over, qtbot, Qt.Key.Key_Y, _SHIFT)
    over.framing.lay_nothing()
    assert over.picture.corner_words == ""


def test_a_drag_moves_what_is_laid_over_and_sets_no_spot(over: MainWindow, qtbot: QtBot) -> None:
    spots: list[float] = []
    over.picture.clicked.connect(lambda x, _y: spots.append(x))
    view, middle = over.picture, over.picture.rect().center()
    before = _look(over)

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(view, middle + QPoint(60, 0))
    qtbot.mouseMove(view, middle + QPoint(80, 30))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(80, 30))

    after = _look(over)
    assert after.across > before.across + 0.05
    assert after.down > before.down + 0.02
    assert spots == []


def test_it_never_leaves_the_picture_altogether(over: MainWindow, qtbot: QtBot) -> None:
    for _ in range(60):
        _press(over, qtbot, Qt.Key.Key_Left, _CTRL)

    assert _look(over).across == 0.0


def test_the_last_frame_lies_where_it_fits_whatever_lay_there_before(over: MainWindow, qtbot: QtBot) -> None:
    over.framing.use_look(Look(0.75, 2.0, 0.1, 0.9, Blend.SCREEN))

    for _ in range(2):
        qtbot.keyClick(over.picture, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: over.picture.framing.ghost is not None)

    assert _look(over) == Look(0.75, 1.0, 0.5, 0.5, Blend.SCREEN)


def test_the_last_frame_over_a_levelled_picture_is_levelled_too_and_a_layout_is_not(
    over: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    over.framing.use_look(Look(1.0))
    over.picture.show_framing(replace(over.picture.framing, turn=Turn(degrees=20.0)))
    qtbot.waitUntil(lambda: over.picture._turn.degrees == 20.0)
    middle = over.picture.rect().center()
    beside = middle + QPoint(0, round(over.picture._flat.height() * 0.45))  # where a cut would take it off
    over.picture.show_image(
        np.zeros_like(over.picture._array), over.picture._turn, over.picture._flat.toTuple()
    )

    qtbot.waitUntil(lambda: abs(_value(over.picture, beside.x(), beside.y()) - 200) < 3)
    cv2.imwrite(str(tmp_path / "cover.png"), np.full((400, 600, 3), 60, np.uint8))
    over.framing.lay_over(tmp_path / "cover.png")

    qtbot.waitUntil(lambda: abs(_value(over.picture, middle.x(), middle.y()) - 60) < 3)
    assert _value(over.picture, beside.x(), beside.y()) == 0


def test_with_nothing_laid_over_the_keys_say_how_to_lay_something(window: MainWindow, qtbot: QtBot) -> None:
    _press(window, qtbot, Qt.Key.Key_Y, _SHIFT)

    assert window.banner.error is not None
    assert "Nothing is laid over" in window.banner.error.message


@pytest.fixture
def live(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> Iterator[MainWindow]:
    desk.say(replace(status(CameraState.LIVE), is_live_wanted=True))
    qtbot.waitUntil(lambda: window.viewing.shows_live)
    desk.live.push(live_frame(1))
    qtbot.waitUntil(lambda: window.picture.has_picture)
    return window


def test_a_frozen_picture_stays_and_says_that_it_is_not_live(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _press(live, qtbot, Qt.Key.Key_F, _SHIFT)
    shown = live.viewing.frames_shown
    desk.live.push(live_frame(2))
    qtbot.wait(400)  # longer than a live picture may look live

    assert live.viewing.frames_shown == shown
    assert "not live" in live.frozen_chip.words
    assert live.frozen_chip.isVisible()
    assert live.picture.notice is None  # bright, to be judged


def test_a_live_picture_that_stands_still_is_not_frozen_but_told(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: live.viewing.is_stale)

    _press(live, qtbot, Qt.Key.Key_F, _SHIFT)

    assert live.freezing.is_beside is live.viewing.is_frozen is False
    assert live.banner.error is not None
    assert "stands still" in live.banner.error.message


def test_no_message_covers_that_a_picture_is_frozen(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _freeze(live, desk, qtbot)
    above = live.frozen_chip.geometry()

    desk.announce(Problem(SessionError("The disk is full.", "Make room.")))
    qtbot.waitUntil(live.banner.isVisible)

    assert live.frozen_chip.isVisible()
    assert not live.frozen_chip.geometry().intersects(live.banner.geometry())
    live.banner.dismiss()
    assert live.frozen_chip.geometry() == above


def test_a_tool_that_waits_leaves_the_words_of_a_frozen_picture_free(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _freeze(live, desk, qtbot)

    live.levelling.draw_line()

    hint = next(one for one in live.picture.findChildren(Hint) if one.isVisible())
    assert live.frozen_chip.isVisible()
    assert not live.frozen_chip.geometry().intersects(hint.geometry())


def test_frozen_stands_beside_live_and_the_key_goes_round(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    for _ in range(2):
        _press(live, qtbot, Qt.Key.Key_F, _SHIFT)
    bright = live_frame(2)
    desk.live.push(replace(bright, image=np.full_like(bright.image, 250)))

    def halves() -> tuple[int, int]:
        x, middle = live.picture.width() // 2, live.picture.height() // 2
        return _value(live.picture, x - 20, middle), _value(live.picture, x + 20, middle)

    # Either may come last: the frame is fitted and the frozen one is turned, each on a thread of its own.
    qtbot.waitUntil(lambda: [one == 250 for one in halves()] == [False, True])
    assert live.freezing.is_beside
    assert "frozen" in live.frozen_chip.words
    _press(live, qtbot, Qt.Key.Key_F, _SHIFT)
    assert live.picture.framing.frozen is None
    assert not live.frozen_chip.isVisible()


_WHOLE = LiveZoom((1.0, 5.0, 10.0))
_MAGNIFYING = replace(
    status(CameraState.LIVE, is_live_wanted=True), capabilities=Capability.LIVE_ZOOM, live_zoom=_WHOLE
)


def _say(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, now: CameraStatus) -> None:
    desk.say(now)
    qtbot.waitUntil(lambda: window.status == now)


def _freeze(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    shown = window.viewing.frames_shown
    desk.live.push(live_frame(1))
    qtbot.waitUntil(lambda: window.viewing.frames_shown > shown)
    _press(window, qtbot, Qt.Key.Key_F, _SHIFT)
    assert window.viewing.is_frozen


def _magnified(desk: ScriptedDesk) -> list[float]:
    return [one[1] for one in desk.asked if one[0] == "zoom_live"]


def test_a_frozen_picture_is_magnified_itself_and_the_live_one_behind_it_is_not(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(live, desk, qtbot, _MAGNIFYING)
    _freeze(live, desk, qtbot)

    qtbot.keyClick(live.picture, Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: live.picture.magnified == "2\N{MULTIPLICATION SIGN} digital")
    assert _magnified(desk) == []

    _press(live, qtbot, Qt.Key.Key_F, _SHIFT)
    shown = live.viewing.frames_shown
    desk.live.push(live_frame(2))
    qtbot.waitUntil(lambda: live.viewing.frames_shown > shown)
    frozen = live.picture.framing.frozen
    assert frozen is not None
    assert frozen.size.toTuple() == (48, 32)  # half of the frame each way, as of the live picture beside it
    assert live.picture.magnified == "2\N{MULTIPLICATION SIGN} digital"
    _press(live, qtbot, Qt.Key.Key_F, _SHIFT)

    assert _magnified(desk) == [5.0]  # the live picture alone is magnified by the body again


def test_a_body_that_magnifies_by_itself_ends_the_halves_of_different_scale(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _say(live, desk, qtbot, _MAGNIFYING)
    _freeze(live, desk, qtbot)
    _press(live, qtbot, Qt.Key.Key_F, _SHIFT)
    assert live.freezing.is_beside

    _say(live, desk, qtbot, replace(_MAGNIFYING, live_zoom=replace(_WHOLE, power=5.0)))
    assert live.picture.framing.frozen is None

    _freeze(live, desk, qtbot)
    _say(live, desk, qtbot, _MAGNIFYING)
    assert live.frozen_chip.words.endswith("Shift + F: live")
    _press(live, qtbot, Qt.Key.Key_F, _SHIFT)

    assert (live.viewing.is_frozen, live.picture.framing.frozen) == (False, None)


def test_another_session_lets_go_of_the_frozen_frame(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    for _ in range(2):
        _press(live, qtbot, Qt.Key.Key_F, _SHIFT)

    desk.announce(SessionOpened(str(tmp_path)))

    qtbot.waitUntil(lambda: live.picture.framing.frozen is None)


def test_escape_and_the_end_of_live_view_both_thaw(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _press(live, qtbot, Qt.Key.Key_F, _SHIFT)
    qtbot.keyClick(live.picture, Qt.Key.Key_Escape)
    assert not live.viewing.is_frozen
    desk.live.push(live_frame(3))
    qtbot.waitUntil(lambda: not live.viewing.is_stale)

    _press(live, qtbot, Qt.Key.Key_F, _SHIFT)
    assert live.viewing.is_frozen
    desk.say(status())
    qtbot.waitUntil(lambda: not live.viewing.shows_live)

    assert not live.frozen_chip.isVisible()
    assert not live.viewing.is_frozen


def test_the_last_frame_stands_in_the_corner_of_the_live_picture_alone(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _press(live, qtbot, Qt.Key.Key_I, _SHIFT)
    assert live.inset.isVisible()
    assert live.inset.name == "No frame yet"

    cv2.imwrite(str(tmp_path / "b_0002.jpg"), np.full((900, 600, 3), 200, np.uint8))
    desk.announce(ShotStored(shot(2, "b_0002.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: live.inset.pixels is not None)
    assert live.inset.pixels is not None
    height = live.inset.device_size.height()
    assert live.inset.pixels.shape[:2] == (height, height * 2 // 3)
    assert "b_0002" in live.inset.accessibleName()

    _press(live, qtbot, Qt.Key.Key_R, _SHIFT)  # as the live picture is turned
    width = live.inset.device_size.width()
    qtbot.waitUntil(lambda: live.inset.pixels is not None and live.inset.pixels.shape[1] == width)
    assert live.inset.pixels.shape[:2] == (width * 2 // 3, width)

    desk.say(status())
    qtbot.waitUntil(lambda: not live.inset.isVisible())


def test_the_last_frame_that_comes_back_from_the_trash_stands_in_the_corner_again(
    live: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    for number in (1, 2):
        cv2.imwrite(str(tmp_path / f"b_{number:04}.jpg"), np.full((200, 300, 3), 200, np.uint8))
        desk.announce(ShotStored(shot(number, f"b_{number:04}.jpg"), is_complete=True))
    _press(live, qtbot, Qt.Key.Key_I, _SHIFT)
    qtbot.waitUntil(lambda: live.inset.name.endswith("b_0002"))
    desk.trash.throw_away([2])
    qtbot.waitUntil(lambda: live.inset.name.endswith("b_0001"))

    _press(live, qtbot, Qt.Key.Key_Z, _CTRL)

    qtbot.waitUntil(lambda: live.inset.name.endswith("b_0002"))

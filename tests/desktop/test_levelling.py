"""Levelling by a fine angle: keys, the panel, a drawn line, and what lies over the turned picture."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK, LIGHT
from groundglass.desktop.turning import Turn
from groundglass.desktop.widgets.framing_section import FramingSection
from groundglass.desktop.widgets.grid import Framing, Grid
from groundglass.desktop.widgets.overlay import Ghost, Layer, Look
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.model.camera import CameraState
from groundglass.studio.events import ShotStored
from scripted_desk import ScriptedDesk, live_frame, shot, status
from turned_view import TurnedView, ground_of

_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_PLAIN = Qt.KeyboardModifier.NoModifier
_LEFT = Qt.MouseButton.LeftButton
_FOOT_PX = 40  # of words


def _degrees(window: MainWindow) -> float:
    return window.picture.framing.turn.degrees


@pytest.fixture
def live(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> MainWindow:
    """Show a live picture with a bar that is tilted by 5 degrees, clockwise."""
    desk.say(replace(status(CameraState.LIVE), is_live_wanted=True))
    qtbot.waitUntil(lambda: window.viewing.shows_live)
    frame = live_frame(1, level=0, size=(600, 400))
    slope = round(math.tan(math.radians(5)) * 200)
    cv2.line(frame.image, (100, 200 - slope), (500, 200 + slope), (255, 255, 255, 0), 5)
    desk.live.push(frame)
    qtbot.waitUntil(lambda: window.picture.has_picture)
    return window


def _tilt(window: MainWindow) -> float:
    """Return by how many degrees what is bright in the picture is tilted, clockwise; NaN: there is none."""
    image = window.picture._array
    assert image is not None
    down, across = np.nonzero(image[..., 1] > 200)
    if len(across) < 50:
        return math.nan
    spread = np.cov(across, down)
    return math.degrees(0.5 * math.atan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1]))


def _draw(window: MainWindow, qtbot: QtBot, across: float, down: float) -> None:
    picture = window.picture
    start = picture.rect().center() - QPoint(round(across / 2), round(down / 2))
    end = start + QPoint(round(across), round(down))
    QTest.mousePress(picture, _LEFT, _PLAIN, start)
    QTest.mouseMove(picture, start + (end - start) / 2)
    QTest.mouseMove(picture, end)
    QTest.mouseRelease(picture, _LEFT, _PLAIN, end)


def test_keys_turn_by_tenths_and_by_degrees_and_the_panel_and_the_corner_say_so(
    live: MainWindow, qtbot: QtBot
) -> None:
    section: FramingSection = live.findChild(FramingSection)
    said = []
    for key, modifier in (
        (Qt.Key.Key_Period, _PLAIN),
        (Qt.Key.Key_Greater, _PLAIN),
        (Qt.Key.Key_Comma, _PLAIN),
        (Qt.Key.Key_Less, _PLAIN),
        (Qt.Key.Key_Comma, _PLAIN),
        (Qt.Key.Key_Period, _CTRL),
    ):
        qtbot.keyClick(live.picture, key, modifier)
        said.append((_degrees(live), section.level.text(), live.picture.corner_words))

    assert said == [
        (0.1, "+0.1", "level +0.1°"),
        (1.1, "+1.1", "level +1.1°"),
        (1.0, "+1.0", "level +1.0°"),
        (0.0, "0.0", ""),
        (-0.1, "\N{MINUS SIGN}0.1", "level \N{MINUS SIGN}0.1°"),
        (0.0, "0.0", ""),
    ]


def test_keys_end_at_45_degrees(live: MainWindow, qtbot: QtBot) -> None:
    for _ in range(47):
        qtbot.keyClick(live.picture, Qt.Key.Key_Less, _PLAIN)

    assert (_degrees(live), live.picture.framing.turn.quarter_turns) == (-45.0, 0)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1.3", 1.3), ("-0,7", -0.7), ("\N{MINUS SIGN}2", -2.0), ("99", 45.0), ("-", 0.0), ("1.26x", 1.2)],
)
def test_an_angle_is_typed_as_people_write_it(
    live: MainWindow, qtbot: QtBot, typed: str, kept: float
) -> None:
    section: FramingSection = live.findChild(FramingSection)
    live.side.section("Framing").set_folded(False)
    section.level.setFocus()
    section.level.selectAll()
    if typed.isascii():
        qtbot.keyClicks(section.level, typed)
    else:  # Qt's own hands know no other keys
        section.level.insert(typed)
    qtbot.keyClick(section.level, Qt.Key.Key_Return)

    assert _degrees(live) == kept
    assert section.level.degrees == kept


def test_the_field_steps_by_tenths_and_with_shift_by_degrees(live: MainWindow, qtbot: QtBot) -> None:
    section: FramingSection = live.findChild(FramingSection)
    live.side.section("Framing").set_folded(False)
    section.level.setFocus()
    for key, modifier in ((Qt.Key.Key_Up, _SHIFT), (Qt.Key.Key_Up, _PLAIN), (Qt.Key.Key_Down, _SHIFT)):
        qtbot.keyClick(section.level, key, modifier)

    assert _degrees(live) == 0.1


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("is_upright", [False, True])
def test_a_line_along_what_should_be_level_or_upright_makes_it_so(
    live: MainWindow, qtbot: QtBot, mirror: bool, is_upright: bool
) -> None:
    if mirror:
        qtbot.keyClick(live.picture, Qt.Key.Key_M, _SHIFT)
        qtbot.waitUntil(lambda: abs(_tilt(live) + 5) < 0.5)
    tilt = math.radians(-5 if mirror else 5)
    along = (-math.sin(tilt), math.cos(tilt)) if is_upright else (math.cos(tilt), math.sin(tilt))

    qtbot.keyClick(live.picture, Qt.Key.Key_R)
    _draw(live, qtbot, along[0] * 300, along[1] * 300)

    assert _degrees(live) == pytest.approx(5 if mirror else -5, abs=0.2)
    qtbot.waitUntil(lambda: abs(_tilt(live)) < 0.3)
    assert not live.picture.draws_line


@pytest.mark.parametrize("to", ["middle", "corner"])
def test_a_line_says_its_angle_while_it_is_drawn(live: MainWindow, qtbot: QtBot, to: str) -> None:
    picture = live.picture
    end = picture.rect().center() if to == "middle" else picture.rect().bottomRight() - QPoint(4, 4)
    qtbot.keyClick(picture, Qt.Key.Key_R)

    QTest.mousePress(picture, _LEFT, _PLAIN, end - QPoint(300, 30))
    QTest.mouseMove(picture, end - QPoint(290, 30))
    too_short = picture.line_words
    QTest.mouseMove(picture, end)

    assert (too_short, picture.line_words) == ("", "+5.7\N{DEGREE SIGN}")
    beside = end + QPoint(18, 18) if to == "middle" else end - QPoint(18, 18)
    assert picture.grab().toImage().pixelColor(beside).name() == live.theme.surround
    QTest.mouseRelease(picture, _LEFT, _PLAIN, end)
    assert picture.line_words == ""


def test_a_second_line_mends_the_first(live: MainWindow, qtbot: QtBot) -> None:
    for across, down in ((300, 30), (300, -12)):
        qtbot.keyClick(live.picture, Qt.Key.Key_R)
        _draw(live, qtbot, across, down)

    assert _degrees(live) == pytest.approx(-5.7 + 2.3, abs=0.05)


def test_a_mirror_keeps_level_what_is_level(live: MainWindow, qtbot: QtBot) -> None:
    section: FramingSection = live.findChild(FramingSection)
    for _ in range(5):
        qtbot.keyClick(live.picture, Qt.Key.Key_Less, _PLAIN)
    qtbot.waitUntil(lambda: abs(_tilt(live)) < 0.3)

    qtbot.keyClick(live.picture, Qt.Key.Key_M, _SHIFT)
    by_key = live.picture.framing.turn
    section.mirror.click()

    assert by_key == Turn(0, True, 5.0)
    assert live.picture.framing.turn == Turn(0, False, -5.0)
    assert section.level.text() == "\N{MINUS SIGN}5.0"


def test_a_short_line_turns_nothing_and_asks_for_a_longer_one(live: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(live.picture, Qt.Key.Key_R)
    _draw(live, qtbot, 12, 5)

    assert _degrees(live) == 0.0
    assert live.picture.draws_line
    assert "longer line" in live.levelling._hint.text


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_R])
def test_escape_or_the_key_leaves_and_the_hand_works_as_before(
    live: MainWindow, qtbot: QtBot, key: Qt.Key
) -> None:
    clicks: list[float] = []
    live.picture.clicked.connect(lambda x, _y: clicks.append(x))
    qtbot.keyClick(live.picture, Qt.Key.Key_R)
    assert live.levelling._hint.isVisible()
    qtbot.mouseClick(live.picture, _LEFT, pos=live.picture.rect().center())
    while_drawing = list(clicks)

    qtbot.keyClick(live.picture, key)
    qtbot.mouseClick(live.picture, _LEFT, pos=live.picture.rect().center())

    assert (while_drawing, len(clicks)) == ([], 1)
    assert not live.levelling._hint.isVisible()
    assert _degrees(live) == 0.0


def test_without_a_picture_there_is_nothing_to_draw_on(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window.picture, Qt.Key.Key_R)

    assert window.banner.error is not None
    assert "no picture to level" in window.banner.error.message
    assert not window.picture.draws_line


def test_the_turned_picture_is_whole_and_touches_the_edge(live: MainWindow, qtbot: QtBot) -> None:
    for _ in range(20):
        qtbot.keyClick(live.picture, Qt.Key.Key_Greater, _PLAIN)
    qtbot.waitUntil(lambda: live.picture._turn.degrees == 20.0)

    image, room = live.picture._array, live.picture.device_size
    assert image is not None
    assert image.shape[0] == room.height() or image.shape[1] == room.width()
    assert image.shape[1] / image.shape[0] == pytest.approx(
        (600 * math.cos(0.349) + 400 * math.sin(0.349)) / (600 * math.sin(0.349) + 400 * math.cos(0.349)),
        rel=0.01,
    )


def test_a_click_on_a_turned_still_measures_what_lies_under_it(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    picture = np.full((600, 900, 3), 20, np.uint8)
    picture[90:150, 700:760] = 240
    cv2.imwrite(str(tmp_path / "a.jpg"), picture)
    desk.announce(ShotStored(shot(1, "a.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.picture.has_whole)
    for _ in range(12):
        qtbot.keyClick(window.picture, Qt.Key.Key_Less, _PLAIN)
    qtbot.waitUntil(lambda: window.picture._turn.degrees == -12.0)
    shown = window.picture.grab().toImage()
    bright = [
        (x, y)
        for x in range(0, shown.width(), 3)
        for y in range(40, shown.height() - 60, 3)
        if shown.pixelColor(x, y).green() > 225
    ]

    middle = np.mean(bright, axis=0)
    qtbot.mouseClick(window.picture, _LEFT, pos=QPoint(round(middle[0]), round(middle[1])))

    assert window.light_judging.spot == (
        pytest.approx(730 / 900, abs=0.01),
        pytest.approx(120 / 600, abs=0.01),
    )


@pytest.fixture
def picture(app: object, qtbot: QtBot) -> TurnedView:
    """Show a white picture in a room of its own shape."""
    view = TurnedView(DARK)
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    view.show_picture(np.full((400, 600, 4), 200, np.uint8))
    return view


def _greens(picture: TurnedView) -> np.ndarray:
    image = picture.grab().toImage().convertToFormat(picture.grab().toImage().Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return pixels[:, : image.width(), 1].copy()


def test_the_grid_keeps_the_axes_of_the_screen(picture: TurnedView) -> None:
    picture.show_framing(Framing(turn=Turn(degrees=7.0)))
    plain = _greens(picture)

    picture.show_framing(Framing(grid=Grid.CENTRE, turn=Turn(degrees=7.0)))

    changed = _greens(picture) != plain
    columns, rows = np.nonzero(changed.any(0))[0], np.nonzero(changed.any(1))[0]
    assert changed[:, 300].sum() > 200
    assert changed[200, :].sum() > 300
    assert changed.sum() < 2 * (len(columns) + len(rows)) + 8  # two lines, two pixels wide, and nothing else


def test_the_mask_is_upright_and_darkens_no_surround(picture: TurnedView) -> None:
    picture.show_framing(Framing(turn=Turn(degrees=10.0)))
    plain = _greens(picture)

    picture.show_framing(Framing(aspect="1:1", turn=Turn(degrees=10.0)))

    masked = _greens(picture)
    kept = (masked == 200) & (plain == 200)
    kept[-40:] = False  # the words in the corner
    rows, columns = np.nonzero(kept)
    height, width = rows.max() - rows.min() + 1, columns.max() - columns.min() + 1
    assert abs(width - height) <= 1
    # Its corners touch the picture's edge.
    assert kept[rows.min() + 2 : rows.max() - 1, columns.min() + 2 : columns.max() - 1].all()
    assert (masked[plain == int(DARK.surround[1:3], 16)] == int(DARK.surround[1:3], 16)).all()
    assert (masked[(plain == 200) & ~kept] < 120).mean() > 0.98


@pytest.mark.parametrize("turn", [Turn(1), Turn(2, True), Turn(0, False, 8.0), Turn(3, True, -20.0)])
def test_the_last_frame_lies_on_the_picture_however_it_is_turned_and_a_layout_is_upright(
    picture: TurnedView, turn: Turn
) -> None:
    frame = np.full((400, 600, 4), 30, np.uint8)
    frame[50:150, 80:200] = 230
    picture.show_picture(frame)
    layer = Layer(frame.copy())
    picture.show_framing(Framing(turn=turn))
    alone = _greens(picture).astype(int)

    picture.show_framing(Framing(turn=turn, ghost=Ghost(layer, Look(1.0), is_turned=True)))
    as_frame = _greens(picture).astype(int)
    picture.show_framing(Framing(turn=turn, ghost=Ghost(layer, Look(1.0))))
    as_layout = _greens(picture).astype(int)

    assert (abs(as_frame - alone) > 40).sum() < 0.2 * (abs(as_layout - alone) > 40).sum()


@pytest.mark.parametrize("turn", [Turn(1), Turn(0, True, 8.0)])
def test_a_layout_is_upright_and_lies_where_the_picture_would_be_cut(picture: TurnedView, turn: Turn) -> None:
    picture.show_picture(np.zeros((400, 600, 4), np.uint8))

    picture.show_framing(
        Framing(turn=turn, ghost=Ghost(Layer(np.full((40, 40, 4), 255, np.uint8)), Look(1.0)))
    )

    rows, columns = np.nonzero(_greens(picture) == 255)
    height, width = rows.max() - rows.min() + 1, columns.max() - columns.min() + 1
    assert abs(width - height) <= 1
    assert len(rows) == width * height
    assert height == pytest.approx(min(turn.largest_within(*picture._flat.toTuple())), abs=2)


@pytest.mark.parametrize("turn", [Turn(1), Turn(0, False, 8.0), Turn(2, True, -30.0)])
def test_what_is_dragged_over_a_turned_picture_follows_the_hand(picture: TurnedView, turn: Turn) -> None:
    layer = Layer(np.full((40, 40, 4), 255, np.uint8))
    look = Look(1.0, scale=0.2)

    def place() -> np.ndarray:
        return np.mean(np.nonzero(_greens(picture) == 255), axis=1)[::-1]

    def move(across: float, down: float) -> None:
        nonlocal look
        look = replace(look, across=look.across + across, down=look.down + down)
        picture.show_framing(Framing(turn=turn, ghost=Ghost(layer, look, is_turned=True)))

    picture.dragged.connect(move)
    move(0, 0)
    before = place()
    QTest.mousePress(picture, _LEFT, _PLAIN, QPoint(300, 200))
    QTest.mouseMove(picture, QPoint(330, 210))
    QTest.mouseRelease(picture, _LEFT, _PLAIN, QPoint(330, 210))

    assert place() - before == pytest.approx((30, 10), abs=2)


def test_the_frozen_half_is_turned_as_the_live_picture_is(picture: TurnedView) -> None:
    frame = np.full((400, 600, 4), 30, np.uint8)
    frame[150:250, 100:500] = 230
    picture.show_picture(frame)
    picture.show_framing(Framing(turn=Turn(degrees=9.0)))
    alone = _greens(picture).astype(int)

    picture.show_framing(Framing(turn=Turn(degrees=9.0), frozen=Layer(frame.copy())))

    assert (abs(_greens(picture).astype(int) - alone) > 40).mean() < 0.02  # the seam, and edges


def test_the_surround_of_a_turned_picture_follows_the_theme(live: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(live.picture, Qt.Key.Key_Greater, _PLAIN)
    live.preferring.wear(LIGHT)

    def corner() -> int:
        image = live.picture._array
        return int(image[0, 0, 0]) if image is not None else -1

    qtbot.waitUntil(lambda: corner() == int(LIGHT.surround[1:3], 16))
    live.preferring.wear(DARK)


def test_a_zoomed_still_is_turned_about_its_middle_and_pixels_come_from_the_whole(
    picture: TurnedView,
) -> None:
    full = np.zeros((2000, 3000, 4), np.uint8)
    full[998:1003, :] = 255  # a level line through the middle
    picture.show_full(full)
    picture.set_scale(1)
    picture.show_framing(Framing(turn=Turn(degrees=10.0)))

    picture.grab()
    lit = _greens(picture) > 230

    across = np.arange(100, 500, 40)
    heights = [np.mean(np.nonzero(lit[:, x])[0]) for x in across]
    assert np.polyfit(across, heights, 1)[0] == pytest.approx(math.tan(math.radians(10)), abs=0.01)
    assert picture.corner_words == "level +10.0°"


@pytest.mark.parametrize("turn", [Turn(), Turn(1), Turn(0, False, 10.0), Turn(3, True, -30.0)])
def test_a_zoomed_picture_moves_with_the_hand_and_not_past_its_edge(picture: TurnedView, turn: Turn) -> None:
    full = np.zeros((2000, 3000, 4), np.uint8)
    full[990:1010, 1490:1510] = 255
    picture.show_full(full)
    picture.set_scale(1)
    picture.show_framing(Framing(turn=turn))

    def dot() -> np.ndarray:
        picture.grab()
        return np.mean(np.nonzero(_greens(picture) > 230), axis=1)[::-1]

    before = dot()
    QTest.mousePress(picture, _LEFT, _PLAIN, QPoint(300, 200))
    QTest.mouseMove(picture, QPoint(350, 180))
    QTest.mouseRelease(picture, _LEFT, _PLAIN, QPoint(350, 180))
    moved = dot() - before
    for _ in range(200):
        QTest.keyClick(picture, Qt.Key.Key_Right)
    picture.grab()
    at_edge = picture.point_under(picture.rect().center().toPointF()), picture.centre
    QTest.keyClick(picture, Qt.Key.Key_Left)

    assert moved == pytest.approx((50, -20), abs=1.5)
    assert at_edge[0] is not None
    assert at_edge[1] == pytest.approx(at_edge[0], abs=0.01)
    assert picture.centre != at_edge[1]


def _bright_middle(view: PictureView) -> QPointF | None:
    """Return where the picture is bright, in the widget; None: nowhere."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    down, across = np.nonzero((pixels[:-_FOOT_PX, : image.width(), :3] > 200).all(2))
    return QPointF(across.mean() + 0.5, down.mean() + 0.5) if len(across) > 50 else None


@pytest.mark.parametrize("is_zoomed", [False, True])
@pytest.mark.parametrize("keys", ["R", "M", ">>>>>>>>", "RRM<<<<"])
def test_what_is_compared_is_turned_as_the_one_picture_is(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, keys: str, is_zoomed: bool
) -> None:
    picture = np.full((600, 900, 3), 30, np.uint8)
    picture[180:240, 510:570] = 240
    for number in (1, 2):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), picture)
        desk.announce(ShotStored(shot(number, f"{number}.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.film.count == 2)
    qtbot.waitUntil(lambda: window.picture.has_whole)
    qtbot.keyClick(window.picture, Qt.Key.Key_B)
    pane = window.compare.panes[0]
    if is_zoomed:
        qtbot.keyClick(pane, Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: pane.has_picture and _bright_middle(pane) is not None)
    before = _bright_middle(pane)

    for key in keys:
        typed = {"R": Qt.Key.Key_R, "M": Qt.Key.Key_M, "<": Qt.Key.Key_Less, ">": Qt.Key.Key_Greater}[key]
        qtbot.keyClick(pane, typed, _SHIFT if key in "RM" else _PLAIN)
    turn = window.picture.framing.turn
    qtbot.waitUntil(lambda: pane._turn == turn, timeout=20_000)

    def is_in_place() -> bool:
        now = _bright_middle(pane)
        under = pane.point_under(now) if now is not None else None
        return under is not None and math.dist(under, (540 / 900, 210 / 600)) < 0.01

    qtbot.waitUntil(is_in_place, timeout=20_000)
    now = _bright_middle(pane)
    assert now is not None
    assert before is not None
    assert (now - before).manhattanLength() > 5
    assert pane.is_zoomed == is_zoomed


def test_a_level_that_was_there_before_holds_for_what_is_compared(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    for number in (1, 2):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), np.full((200, 300, 3), 200, np.uint8))
        desk.announce(ShotStored(shot(number, f"{number}.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.film.count == 2)
    qtbot.waitUntil(lambda: window.picture.has_whole)
    qtbot.keyClick(window.picture, Qt.Key.Key_Greater, _PLAIN)

    qtbot.keyClick(window.picture, Qt.Key.Key_B)

    pane = window.compare.panes[1]
    qtbot.waitUntil(lambda: pane.has_picture)
    assert (pane._turn, pane.corner_words) == (Turn(degrees=1.0), "level +1.0\N{DEGREE SIGN}")
    image = pane._array
    assert image is not None
    assert int(image[0, 0, 0]) == ground_of(DARK)


@pytest.mark.parametrize("key", ["table", "comparison"])
def test_a_line_is_drawn_on_the_picture_and_not_under_what_lies_over_it(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, key: str
) -> None:
    for number in (1, 2):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), np.full((200, 300, 3), 200, np.uint8))
        desk.announce(ShotStored(shot(number, f"{number}.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.film.count == 2)
    qtbot.waitUntil(lambda: window.picture.has_whole)

    for _ in range(2):  # waiting for it already, and not
        _cover(window, qtbot, key)
        qtbot.keyClick(window, Qt.Key.Key_R)
        assert window.picture.draws_line
        assert window.levelling._hint.isVisible()
        assert not window.light_table.isVisible()
        assert not window.compare.isVisible()


def _cover(window: MainWindow, qtbot: QtBot, key: str) -> None:
    if key == "table":
        qtbot.keyClick(window.picture, Qt.Key.Key_G, _SHIFT)
    else:
        qtbot.keyClick(window.picture, Qt.Key.Key_B)
    assert window.light_table.isVisible() or window.compare.isVisible()

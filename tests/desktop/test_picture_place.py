from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.theme import DARK
from groundglass.desktop.turning import Turn
from groundglass.desktop.widgets.grid import Framing
from turned_view import TurnedView
from widget_paints import PaintNotes

ANGLES = (0.0, 1.3, -7.0, 30.0, -45.0)
TURNS = [Turn(*one) for one in product(range(4), (False, True), ANGLES)]
# Beside each angle a way in which it could be told from its mirror and its opposite.
SOME = [
    Turn(),
    Turn(1),
    Turn(2, True),
    Turn(3, True, -7.0),
    Turn(0, False, 1.3),
    Turn(0, True, 30.0),
    Turn(1, False, 45.0),
]


@pytest.fixture
def picture(app: object, qtbot: QtBot) -> TurnedView:
    """Show a picture that is black but for one bright square at a fifth across and three tenths down."""
    view = TurnedView(DARK)
    qtbot.addWidget(view)
    view.resize(640, 400)
    view.show()
    image = np.zeros((400, 600, 4), np.uint8)
    image[110:130, 110:130] = 255
    view.show_picture(image)
    return view


def _bright(picture: TurnedView) -> QPoint:
    """Return the middle of what is bright on the screen."""
    shown = picture.grab().toImage()
    found = [
        (x, y)
        for y in range(0, shown.height(), 2)
        for x in range(0, shown.width(), 2)
        if shown.pixelColor(x, y).lightness() > 230  # the words in the corner are darker
    ]
    return QPoint(round(np.mean([x for x, _ in found])), round(np.mean([y for _, y in found])))


def _is_accent(colour: QColor) -> bool:
    """Tell whether a pixel bears the accent's colour; at the edge of a slanted line a part of it."""
    wanted = QColor(DARK.accent)
    return abs(colour.hue() - wanted.hue()) < 12 and colour.saturation() > 150 and colour.red() > 150


@pytest.mark.parametrize("turn", TURNS)
def test_a_click_finds_the_point_of_the_picture_however_it_is_turned(
    picture: TurnedView, qtbot: QtBot, turn: Turn
) -> None:
    picture.show_framing(Framing(turn=turn))
    clicks: list[tuple[float, float]] = []
    picture.clicked.connect(lambda x, y: clicks.append((x, y)))

    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=_bright(picture))

    assert clicks == [(pytest.approx(0.2, abs=0.01), pytest.approx(0.3, abs=0.01))]


@pytest.mark.parametrize("turn", TURNS)
def test_the_frame_of_the_spot_lies_around_what_it_measures(picture: TurnedView, turn: Turn) -> None:
    picture.show_framing(Framing(turn=turn))
    middle = _bright(picture)

    picture.show_spot((0.15, 0.2, 0.25, 0.4))

    shown = picture.grab().toImage()
    around = [
        middle + QPoint(x, y)
        for x in range(-60, 61)
        for y in range(-60, 61)
        if _is_accent(shown.pixelColor(middle + QPoint(x, y)))
    ]
    assert around
    assert abs(np.mean([one.x() for one in around]) - middle.x()) < 3
    assert abs(np.mean([one.y() for one in around]) - middle.y()) < 3


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("centre", [(0.2, 0.3), (0.22, 0.33), (0.17, 0.28)])
@pytest.mark.parametrize("turn", SOME)
def test_a_click_finds_the_point_of_a_zoomed_picture(
    picture: TurnedView, qtbot: QtBot, scale: int, centre: tuple[float, float], turn: Turn
) -> None:
    picture.show_framing(Framing(turn=turn))
    full = np.zeros((2000, 3000, 4), np.uint8)
    full[580:620, 580:620] = 255
    picture.show_full(full)
    picture.set_scale(scale)
    picture.look_at(*centre)
    picture.grab()
    clicks: list[tuple[float, float]] = []
    picture.clicked.connect(lambda x, y: clicks.append((x, y)))

    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=_bright(picture))

    assert clicks == [(pytest.approx(0.2, abs=0.003), pytest.approx(0.3, abs=0.003))]


def test_a_picture_that_is_moved_by_hand_is_not_clicked(picture: TurnedView, qtbot: QtBot) -> None:
    picture.show_full(np.zeros((2000, 3000, 4), np.uint8))
    picture.set_scale(1)
    clicks: list[float] = []
    picture.clicked.connect(lambda x, _: clicks.append(x))

    qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    qtbot.mouseMove(picture, QPoint(350, 200))
    qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=QPoint(350, 200))

    assert clicks == []


def test_a_click_with_ctrl_asks_for_the_focus_there_and_lays_no_spot(
    picture: TurnedView, qtbot: QtBot
) -> None:
    heard: list[tuple[str, float]] = []
    picture.clicked.connect(lambda x, _: heard.append(("spot", x)))
    picture.focus_wanted.connect(lambda x, _: heard.append(("focus", x)))

    qtbot.mouseClick(
        picture, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, QPoint(320, 200)
    )

    assert heard == [("focus", pytest.approx(0.5, abs=0.01))]


def test_beside_the_picture_there_is_no_point(picture: TurnedView, qtbot: QtBot) -> None:
    clicks: list[float] = []
    picture.clicked.connect(lambda x, _: clicks.append(x))

    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(5, 200))

    assert clicks == []


def test_a_view_without_a_picture_has_no_points(app: object, qtbot: QtBot) -> None:
    view = TurnedView(DARK)
    qtbot.addWidget(view)

    assert view.point_under(QPointF(50, 50)) is None


def test_the_next_frame_is_painted_without_the_ground_beside_it(picture: TurnedView) -> None:
    frame = np.full((300, 640, 4), 90, np.uint8)
    picture.show_image(frame)
    QApplication.processEvents()
    seen = PaintNotes(picture)

    picture.show_image(np.full_like(frame, 160))
    QApplication.processEvents()
    assert seen.rects == [(0, 50, 640, 300)]
    on_screen = picture.screen().grabWindow(picture.winId()).toImage()
    assert on_screen.pixelColor(320, 200).red() == 160

    picture.show_image(np.full((200, 640, 4), 90, np.uint8))  # smaller: what is beside it is ground now
    QApplication.processEvents()
    assert seen.rects[1:] == [(0, 0, 640, 400)]
    on_screen = picture.screen().grabWindow(picture.winId()).toImage()
    assert on_screen.pixelColor(320, 60) == QColor(DARK.surround)

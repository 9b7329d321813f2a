from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from pytestqt.qtbot import QtBot

from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets.grid import Framing
from groundglass.desktop.widgets.picture_place import fitted_transform, point_under
from groundglass.desktop.widgets.picture_view import PictureView

EIGHT = [
    Framing(is_mirrored=mirror, quarter_turns=turns) for mirror, turns in product((False, True), range(4))
]


@pytest.fixture
def picture(app: object, qtbot: QtBot) -> PictureView:
    """Show a picture that is black but for one bright square at a fifth across and three tenths down."""
    view = PictureView(DARK)
    qtbot.addWidget(view)
    view.resize(640, 400)
    view.show()
    image = np.zeros((400, 600, 4), np.uint8)
    image[110:130, 110:130] = 255
    view.show_image(image)
    return view


def _bright(picture: PictureView) -> QPoint:
    """Return the middle of what is bright on the screen."""
    shown = picture.grab().toImage()
    found = [
        (x, y)
        for y in range(0, shown.height(), 2)
        for x in range(0, shown.width(), 2)
        if shown.pixelColor(x, y).lightness() > 200
    ]
    return QPoint(round(np.mean([x for x, _ in found])), round(np.mean([y for _, y in found])))


@pytest.mark.parametrize("framing", EIGHT)
def test_a_click_finds_the_point_of_the_picture_however_it_is_turned(
    picture: PictureView, qtbot: QtBot, framing: Framing
) -> None:
    picture.show_framing(framing)
    clicks: list[tuple[float, float]] = []
    picture.clicked.connect(lambda x, y: clicks.append((x, y)))

    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=_bright(picture))

    assert clicks == [(pytest.approx(0.2, abs=0.01), pytest.approx(0.3, abs=0.01))]


@pytest.mark.parametrize("framing", EIGHT)
def test_the_frame_of_the_spot_lies_around_what_it_measures(picture: PictureView, framing: Framing) -> None:
    picture.show_framing(framing)
    middle = _bright(picture)

    picture.show_spot((0.15, 0.2, 0.25, 0.4))

    shown = picture.grab().toImage()
    around = [
        middle + QPoint(x, y)
        for x in range(-60, 61)
        for y in range(-60, 61)
        if shown.pixelColor(middle + QPoint(x, y)).name().upper() == DARK.accent.upper()
    ]
    assert around
    assert abs(np.mean([one.x() for one in around]) - middle.x()) < 3
    assert abs(np.mean([one.y() for one in around]) - middle.y()) < 3


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("centre", [(0.2, 0.3), (0.22, 0.33), (0.15, 0.27)])
def test_a_click_finds_the_point_of_a_zoomed_picture(
    picture: PictureView, qtbot: QtBot, scale: int, centre: tuple[float, float]
) -> None:
    full = np.zeros((2000, 3000, 4), np.uint8)
    full[580:620, 580:620] = 255
    picture.show_full(full)
    picture.set_scale(scale)
    picture.look_at(*centre)
    clicks: list[tuple[float, float]] = []
    picture.clicked.connect(lambda x, y: clicks.append((x, y)))

    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=_bright(picture))

    assert clicks == [(pytest.approx(0.2, abs=0.003), pytest.approx(0.3, abs=0.003))]


def test_a_picture_that_is_moved_by_hand_is_not_clicked(picture: PictureView, qtbot: QtBot) -> None:
    picture.show_full(np.zeros((2000, 3000, 4), np.uint8))
    picture.set_scale(1)
    clicks: list[float] = []
    picture.clicked.connect(lambda x, _: clicks.append(x))

    qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    qtbot.mouseMove(picture, QPoint(350, 200))
    qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=QPoint(350, 200))

    assert clicks == []


def test_a_click_with_ctrl_asks_for_the_focus_there_and_lays_no_spot(
    picture: PictureView, qtbot: QtBot
) -> None:
    heard: list[tuple[str, float]] = []
    picture.clicked.connect(lambda x, _: heard.append(("spot", x)))
    picture.focus_wanted.connect(lambda x, _: heard.append(("focus", x)))

    qtbot.mouseClick(
        picture, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, QPoint(320, 200)
    )

    assert heard == [("focus", pytest.approx(0.5, abs=0.01))]


def test_beside_the_picture_there_is_no_point(picture: PictureView, qtbot: QtBot) -> None:
    clicks: list[float] = []
    picture.clicked.connect(lambda x, _: clicks.append(x))

    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(5, 200))

    assert clicks == []


def test_a_view_without_a_picture_has_no_points() -> None:
    transform = fitted_transform(QSize(0, 0), QSize(100, 100), Framing())

    assert point_under(QPointF(50, 50), transform, QSize(0, 0)) is None

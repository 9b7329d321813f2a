from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.distance import LargeValues
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK
from groundglass.desktop.turning import Turn
from groundglass.desktop.widgets.framing_section import FramingSection
from groundglass.desktop.widgets.grid import ASPECTS, Framing, Grid
from groundglass.desktop.widgets.lines import Heading
from groundglass.studio.events import ShotStored
from scripted_desk import ScriptedDesk, shot, status
from turned_view import TurnedView


@pytest.fixture
def picture(app: object, qtbot: QtBot) -> TurnedView:
    view = TurnedView(DARK)
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    halves = np.zeros((400, 600, 4), np.uint8)
    halves[:, :300, 2] = 200  # red at the left
    halves[:100, :, 0] = 200  # blue at the top
    view.show_picture(halves)
    return view


def _colour(picture: TurnedView, x: int, y: int) -> QColor:
    return picture.grab().toImage().pixelColor(x, y)


def test_a_mirror_changes_the_sides_and_not_top_and_bottom(picture: TurnedView) -> None:
    picture.show_framing(Framing(turn=Turn(is_mirrored=True)))

    assert _colour(picture, 500, 300).red() == 200
    assert _colour(picture, 100, 300).red() == 0
    assert _colour(picture, 100, 50).blue() == 200


@pytest.mark.parametrize(
    ("turns", "red_at", "blue_at"),
    [(1, (300, 100), (400, 200)), (2, (500, 200), (300, 350)), (3, (300, 300), (200, 200))],
)
def test_the_picture_is_turned_clockwise_and_stays_whole(
    picture: TurnedView, turns: int, red_at: tuple[int, int], blue_at: tuple[int, int]
) -> None:
    picture.show_framing(Framing(turn=Turn(turns)))

    assert _colour(picture, *red_at).red() == 200
    assert _colour(picture, *blue_at).blue() == 200


def test_a_mask_leaves_the_wanted_part_as_it_is_and_darkens_the_rest(picture: TurnedView) -> None:
    picture.show_framing(Framing(aspect="1:1"))

    assert _colour(picture, 120, 300).red() == 200
    assert _colour(picture, 80, 300).red() < 100


@pytest.mark.parametrize("grid", [one for one in Grid if one is not Grid.NONE])
def test_each_grid_draws_something_of_its_own(picture: TurnedView, grid: Grid) -> None:
    plain = picture.grab().toImage()

    picture.show_framing(Framing(grid=grid))

    assert picture.grab().toImage() != plain


def test_the_key_goes_round_the_grids_and_the_panel_says_which(window: MainWindow, qtbot: QtBot) -> None:
    section: FramingSection = window.findChild(FramingSection)
    met = []
    for _ in Grid:
        qtbot.keyClick(window, Qt.Key.Key_G)
        met.append(window.picture.framing.grid)
        assert section.grid.now == met[-1].value

    assert set(met) == set(Grid)
    assert met[-1] is Grid.NONE


def test_the_key_goes_round_the_masks(window: MainWindow, qtbot: QtBot) -> None:
    met = set()
    for _ in ASPECTS:
        qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
        met.add(window.picture.framing.aspect)

    assert met == set(ASPECTS)


def test_a_grid_of_ones_own_has_the_columns_that_were_typed(window: MainWindow, qtbot: QtBot) -> None:
    section: FramingSection = window.findChild(FramingSection)
    section.columns.setText("7")

    qtbot.keyClick(section.columns, Qt.Key.Key_Return)

    assert (window.picture.framing.columns, window.picture.framing.rows) == (7, 4)


def test_the_last_frame_is_laid_over_the_picture_and_taken_away_again(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(cv2.imencode(".jpg", np.full((200, 300, 3), 200, np.uint8))[1].tobytes())
    desk.announce(ShotStored(shot(1, "a.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.film.newest is not None)

    qtbot.keyClick(window, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: window.picture.framing.ghost is not None)
    section: FramingSection = window.findChild(FramingSection)
    section.opacity.setFocus()
    qtbot.keyClick(section.opacity, Qt.Key.Key_Up)
    ghost = window.picture.framing.ghost
    qtbot.keyClick(window, Qt.Key.Key_Y)

    assert ghost is not None
    assert (ghost.layer.size.width(), ghost.layer.size.height(), ghost.look.opacity) == (300, 200, 0.55)
    assert window.picture.framing.ghost is None


def test_without_a_frame_there_is_nothing_to_lay_over_and_that_is_told(
    window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Y)

    assert window.banner.error is not None
    assert "no frame yet" in window.banner.error.message


def test_large_values_are_those_of_the_camera_and_cover_nothing(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(status())
    qtbot.waitUntil(lambda: window.status.state.is_connected)

    qtbot.keyClick(window, Qt.Key.Key_D)

    values = window.distance.values
    assert values.isVisible()
    assert values.labels == ("1/125", "f/8", "ISO 400", "0 EV")
    qtbot.waitUntil(lambda: window.picture.geometry().bottom() < values.geometry().top())
    qtbot.keyClick(window, Qt.Key.Key_D)
    assert not values.isVisible()


@pytest.mark.parametrize("long", ["1/8000", "f/22", "ISO 102400", "-2 2/3 EV", "Auto ISO 6400", "30 min"])
def test_large_values_never_run_into_each_other(app: object, qtbot: QtBot, long: str) -> None:
    values = LargeValues(DARK)
    qtbot.addWidget(values)
    values.resize(960, values.heightForWidth(960))
    values.say(("",) * 3 + (long,))
    values.show()
    image = values.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    grey = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())

    inked = np.flatnonzero((grey[:, :960] != grey[0, 0]).any(axis=0))
    assert inked.min() >= 720
    assert inked.max() < 959


def test_a_large_compensation_has_a_minus_sign(app: object, qtbot: QtBot) -> None:
    values = LargeValues(DARK)
    qtbot.addWidget(values)
    values.resize(960, values.heightForWidth(960))
    values.say(("",) * 3 + ("\N{MINUS SIGN}2/3 EV",))
    meant = values.grab().toImage()

    values.say(("",) * 3 + ("-2/3 EV",))

    assert values.grab().toImage() == meant


def test_every_control_of_the_section_has_a_name(window: MainWindow) -> None:
    section: FramingSection = window.findChild(FramingSection)
    controls = [one for one in section.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]

    assert [one for one in controls if not one.accessibleName()] == []


def test_the_numbers_of_a_grid_say_what_they_are(window: MainWindow) -> None:
    section: FramingSection = window.findChild(FramingSection)
    window.side.section("Framing").set_folded(False)
    QApplication.processEvents()
    between = [one for one in section.findChildren(Heading) if one.text() == "\N{MULTIPLICATION SIGN}"]

    assert len(between) == 1
    assert section.columns.geometry().right() < between[0].x() < section.rows.x()
    assert section.columns.toolTip().startswith("Columns")
    assert section.rows.toolTip().startswith("Rows")

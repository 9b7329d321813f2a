"""Sizes that a hand may change: thumbnails and the right panel."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.sizing import FILM_PX, PANEL_PX, TABLE_PX
from groundglass.desktop.widgets.grip import Grip
from groundglass.studio.events import ShotStored
from scripted_desk import ScriptedDesk, shot
from widget_paints import PaintNotes

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_LARGER, _SMALLER = Qt.Key.Key_Equal, Qt.Key.Key_Minus


@pytest.fixture
def film(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window with one shot, whose thumbnail is there."""
    picture = np.random.default_rng(1).integers(0, 255, (400, 600, 3), np.uint8)
    (tmp_path / "1.jpg").write_bytes(cv2.imencode(".jpg", picture)[1].tobytes())
    desk.announce(ShotStored(shot(1, "1.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: _thumbnail_size(window) == (120, 80))
    return window


def _thumbnail_size(window: MainWindow, on_table: bool = False) -> tuple[int, int] | None:
    """Return the size of the thumbnail that is painted, in pixels of the screen."""
    found = window.film.known_thumbnail(1)
    if found is None:
        return None
    height, width = (found.on_table if on_table else found.in_film).shape[:2]
    return width, height


def _places(window: MainWindow) -> list[tuple[int, int, int, int]]:
    parts: tuple[QWidget, ...] = (window.panel, window.side, window.status_line)
    return [one.geometry().getRect() for one in parts]  # type: ignore[misc]


def _drag(window: MainWindow, words: str, by: QPoint) -> None:
    (grip,) = (one for one in window.findChildren(Grip) if one.accessibleName() == words)
    start = grip.rect().center()
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=start)
    end = grip.mapToGlobal(start) + by
    QTest.mouseMove(grip, grip.mapFromGlobal(end))
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=grip.mapFromGlobal(end))


def test_a_key_makes_the_films_thumbnails_larger_and_they_are_made_anew(
    film: MainWindow, qtbot: QtBot
) -> None:
    places, height = _places(film), film.filmstrip.height()

    qtbot.keyClick(film.picture, _LARGER, CTRL)

    assert film.filmstrip.height() == height + FILM_PX.step
    qtbot.waitUntil(lambda: _thumbnail_size(film) == (135, 90))
    assert _places(film) == places


def test_the_thumbnail_from_before_stays_until_the_new_one_is_there(film: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, _LARGER, CTRL)

    assert _thumbnail_size(film) == (120, 80)


def test_with_the_light_table_open_the_key_changes_its_thumbnails(film: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_G, SHIFT)
    height = film.filmstrip.height()

    qtbot.keyClick(film.light_table, _LARGER, CTRL)

    qtbot.waitUntil(lambda: _thumbnail_size(film, on_table=True) == (210, 140))
    assert film.filmstrip.height() == height
    assert film.light_table.visualRect(film.film.index(0)).width() >= 210


def test_the_buttons_do_what_the_keys_do(film: MainWindow) -> None:
    QTest.mouseClick(film.filter.larger, Qt.MouseButton.LeftButton)
    QTest.mouseClick(film.filter.larger, Qt.MouseButton.LeftButton)
    QTest.mouseClick(film.filter.smaller, Qt.MouseButton.LeftButton)

    assert film.film.sizes.film == (135, 90)


@pytest.mark.parametrize(("key", "sizes"), [(_LARGER, FILM_PX[-1]), (_SMALLER, FILM_PX[0])])
def test_thumbnails_have_a_largest_and_a_smallest_size(
    film: MainWindow, qtbot: QtBot, key: Qt.Key, sizes: int
) -> None:
    for _ in range(len(FILM_PX) + 2):
        qtbot.keyClick(film.picture, key, CTRL)

    assert film.film.sizes.film[1] == sizes


def test_the_films_edge_is_dragged(film: MainWindow, qtbot: QtBot) -> None:
    bottom = film.filmstrip.geometry().bottom()

    _drag(film, "Size of the thumbnails", QPoint(0, -42))

    assert film.film.sizes.film == (180, 120)
    qtbot.waitUntil(lambda: film.filmstrip.geometry().bottom() == bottom)


def test_the_right_panels_edge_is_dragged_within_its_limits(window: MainWindow) -> None:
    _drag(window, "Width of the right panel", QPoint(-83, 0))
    wide = window.side.width()
    _drag(window, "Width of the right panel", QPoint(-900, 0))
    widest = window.side.width()
    _drag(window, "Width of the right panel", QPoint(900, 0))

    assert (wide, widest, window.side.width()) == (320, PANEL_PX[-1], PANEL_PX[0])


def test_keys_widen_the_right_panel_and_the_left_one_stays(window: MainWindow, qtbot: QtBot) -> None:
    left = window.panel.geometry()

    qtbot.keyClick(window.picture, Qt.Key.Key_F8, SHIFT)
    qtbot.keyClick(window.picture, Qt.Key.Key_F8, SHIFT)
    qtbot.keyClick(window.picture, Qt.Key.Key_F7, SHIFT)

    assert window.side.width() == PANEL_PX[0] + PANEL_PX.step
    assert window.panel.geometry() == left


def test_the_left_panel_takes_its_histogram_along(window: MainWindow, qtbot: QtBot) -> None:
    histogram = window.panel.histogram
    place, top_left = histogram.width(), histogram.mapTo(window, QPoint(0, 0))
    right = window.side.geometry()

    _drag(window, "Width of the left panel", QPoint(41, 0))
    qtbot.keyClick(window.picture, Qt.Key.Key_F8)

    assert window.panel.width() == PANEL_PX[0] + 60
    qtbot.waitUntil(lambda: histogram.width() == place + 60)
    assert histogram.mapTo(window, QPoint(0, 0)) == top_left
    assert window.side.geometry() == right


def test_no_edge_keeps_the_film_from_being_copied_when_it_is_scrolled(film: MainWindow, qtbot: QtBot) -> None:
    window = film
    for number in range(2, 21):
        window.film.put(shot(number, f"a_{number:04}.jpg"), is_complete=True)
    qtbot.waitUntil(lambda: not window.film.has_ticks)
    qtbot.wait(50)
    seen = PaintNotes(window.filmstrip.viewport())
    cell_px = window.filmstrip.visualRect(window.film.index(19)).width()

    window.film.put(shot(21, "a_0021.jpg"), is_complete=True)
    qtbot.waitUntil(lambda: bool(seen.rects))
    qtbot.wait(50)

    assert {width for _, _, width, _ in seen.rects} == {cell_px}  # of a film that is many as wide


def test_no_edge_keeps_the_light_table_from_being_copied_when_it_is_scrolled(
    film: MainWindow, qtbot: QtBot
) -> None:
    window = film
    for number in range(2, 201):
        window.film.put(shot(number, f"a_{number:04}.jpg"), is_complete=True)
    window.table.toggle()
    qtbot.waitUntil(lambda: not window.film.has_ticks)
    qtbot.wait(50)
    table, bar = window.light_table, window.light_table.verticalScrollBar()
    seen = PaintNotes(table.viewport())

    bar.setValue(bar.singleStep())
    qtbot.waitUntil(lambda: bool(seen.rects))
    qtbot.wait(50)

    assert {height for *_, height in seen.rects} == {bar.singleStep()}  # a row, of a table of several


def test_an_edge_goes_with_its_part(window: MainWindow, qtbot: QtBot) -> None:
    grips = window.findChildren(Grip)
    assert all(one.isVisible() for one in grips)

    qtbot.keyClick(window.picture, Qt.Key.Key_Tab)

    assert not any(one.isVisible() for one in grips)


@pytest.mark.parametrize(
    "told",
    [{"film": 80, "table": 120}, {"film": 85, "table": 120, "left": 240, "right": 240}, {"film": None}, []],
)
def test_sizes_that_make_no_sense_are_passed_over(window: MainWindow, told: object) -> None:
    before = window.sizing.now

    with pytest.raises((ValueError, TypeError, KeyError)):
        window.sizing.use(told)

    assert window.sizing.now == before


def test_sizes_are_taken_as_they_were_told(window: MainWindow) -> None:
    told = {"film": FILM_PX[-1], "table": TABLE_PX[0], "left": PANEL_PX[1], "right": PANEL_PX[3]}

    window.sizing.use(told)

    assert window.sizing.now == told

"""Zoom, compare, light table, follow or hold: choosing between pictures in the window."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop import pictures
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.models.filmstrip_model import FilmCell, FilmstripModel
from groundglass.desktop.picture_tools import GraphStyle
from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets import histogram_raster
from groundglass.desktop.widgets.film_cells import CellPainter
from groundglass.desktop.widgets.filmstrip import Filmstrip
from groundglass.desktop.widgets.histogram_raster import draw_line
from groundglass.desktop.widgets.keywords_section import KeywordsSection
from groundglass.desktop.widgets.light_table import LightTable
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.desktop.widgets.zoomed_picture import ZoomedPart
from groundglass.imaging.packed import turned
from groundglass.model.camera import CameraState
from groundglass.model.review import REJECTED, Review, ReviewChange
from groundglass.model.shot_filter import Rejected, ShotFilter
from groundglass.studio.events import SessionOpened, ShotStored
from scripted_desk import ScriptedDesk, shot, status
from turned_view import TurnedView

_COUNT = 6


def _picture(folder: Path, number: int) -> None:
    image = np.full((900, 1200, 3), 30 * number, np.uint8)
    image[:, 600:] = 200
    cv2.imwrite(str(folder / f"S_{number:04}.jpg"), image)


@pytest.fixture
def film(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Show a session of six pictures, the last one in the middle, whole."""
    for number in range(1, _COUNT + 1):
        _picture(tmp_path, number)
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in range(1, _COUNT + 1))
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: _shown(window) == _COUNT)
    qtbot.waitUntil(lambda: _is_whole(window))
    return window


def _shown(window: MainWindow) -> int:
    return window.viewing.shot.number if window.viewing.shot is not None else 0


def _is_whole(window: MainWindow) -> bool:
    return window.picture.has_whole and window.picture.has_picture


def _select(window: MainWindow, *rows: int) -> None:
    model = window.filmstrip.selectionModel()
    model.clearSelection()
    for row in rows:
        model.select(window.film.index(row), QItemSelectionModel.SelectionFlag.Select)


def test_z_goes_from_the_whole_picture_over_100_to_200_percent_and_back(
    film: MainWindow, qtbot: QtBot
) -> None:
    scales = []
    for _ in range(3):
        qtbot.keyClick(film.picture, Qt.Key.Key_Z)
        scales.append(film.picture.scale)

    assert scales == [1, 2, 0]


def test_200_percent_shows_each_pixel_twice(film: MainWindow) -> None:
    film.picture.set_scale(2)
    row = film.picture.grab().toImage()
    middle = film.picture.width() // 2

    edge = [
        x for x in range(middle - 40, middle + 40) if row.pixelColor(x, 300) != row.pixelColor(x + 1, 300)
    ]

    assert len({(x + 1 - edge[0]) % 2 for x in edge}) == 1
    assert abs(edge[0] - middle) <= 24


def test_arrows_move_a_zoomed_picture_and_not_past_its_edge(film: MainWindow, qtbot: QtBot) -> None:
    film.picture.set_scale(2)
    film.picture.setFocus()

    qtbot.keyClick(film.picture, Qt.Key.Key_Right)
    moved = film.picture.centre[0]
    for _ in range(40):
        qtbot.keyClick(film.picture, Qt.Key.Key_Right)

    assert moved > 0.5
    assert film.picture.centre[0] == pytest.approx(1 - film.picture.width() / 2 / 2400)
    assert _shown(film) == _COUNT


def test_page_up_goes_to_the_previous_picture_at_the_same_zoom(film: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_Z)

    qtbot.keyClick(film.picture, Qt.Key.Key_PageUp)

    assert _shown(film) == _COUNT - 1
    qtbot.waitUntil(lambda: film.picture.is_zoomed)


def test_home_goes_to_the_first_of_the_film(film: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.reviews.change([3, 5], ReviewChange(rating=2))
    qtbot.keyClick(film.picture, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(film.film.shots) == 2)

    qtbot.keyClick(film.picture, Qt.Key.Key_Home)

    assert _shown(film) == 3
    assert not film.filmstrip.follows


def test_a_step_tells_of_the_new_choice_once(film: MainWindow, qtbot: QtBot) -> None:
    told: list[list[int]] = []
    chosen = film.filmstrip.selectionModel()
    chosen.selectionChanged.connect(lambda: told.append([one.row() for one in chosen.selectedIndexes()]))

    qtbot.keyClick(film, Qt.Key.Key_Left)

    assert told == [[_COUNT - 2]]


def test_ctrl_and_the_wheel_zoom_to_the_point_under_the_pointer(film: MainWindow) -> None:
    picture = film.picture
    at = QPointF(picture.width() * 0.75, picture.height() * 0.5)
    turn = QWheelEvent(
        at, picture.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip

    QApplication.sendEvent(picture, turn)

    assert picture.scale == 1
    assert picture.centre[0] == pytest.approx(0.75, abs=0.05)


def test_b_compares_the_selected_and_zooms_and_moves_them_as_one(film: MainWindow, qtbot: QtBot) -> None:
    _select(film, 1, 2, 4)
    qtbot.keyClick(film.picture, Qt.Key.Key_B)
    panes = film.compare.panes
    qtbot.waitUntil(lambda: all(pane.has_picture for pane in panes[:3]))
    assert [one.number for one in film.comparing.shots] == [2, 3, 5]
    assert [pane.isVisible() for pane in panes] == [True, True, True, False]

    qtbot.keyClick(panes[0], Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: all(pane.is_zoomed for pane in panes[:3]))
    qtbot.keyClick(panes[0], Qt.Key.Key_Right)

    centres = {pane.centre for pane in panes[:3]}
    assert len(centres) == 1
    assert centres.pop()[0] > 0.5


def test_what_is_said_of_a_compared_picture_shows_at_once(film: MainWindow, qtbot: QtBot) -> None:
    _select(film, 1, 2)
    qtbot.keyClick(film.picture, Qt.Key.Key_B)

    qtbot.keyClick(film.compare.panes[0], Qt.Key.Key_4)

    framed = film.compare.chosen_pane
    qtbot.waitUntil(lambda: film.compare.panes[framed].caption.endswith(4 * "\N{BLACK STAR}"))
    assert "\N{BLACK STAR}" not in film.compare.panes[1 - framed].caption


def test_one_alone_is_compared_with_the_one_before(film: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_B)

    assert [one.number for one in film.comparing.shots] == [_COUNT - 1, _COUNT]


def test_keys_speak_of_the_framed_picture_alone(film: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    _select(film, 0, 1)
    qtbot.keyClick(film.picture, Qt.Key.Key_B)
    qtbot.keyClick(film.compare.panes[0], Qt.Key.Key_PageDown)

    qtbot.keyClick(film.compare.panes[1], Qt.Key.Key_4)

    assert desk.reviews.all == {2: Review(4)}
    assert _shown(film) == 2


def test_a_click_puts_the_frame_round_a_picture(film: MainWindow, qtbot: QtBot) -> None:
    _select(film, 0, 1)
    qtbot.keyClick(film.picture, Qt.Key.Key_B)

    qtbot.mouseClick(film.compare.panes[1], Qt.MouseButton.LeftButton)

    assert film.comparing.shot is not None
    assert film.comparing.shot.number == 2


def test_esc_ends_first_the_zoom_and_then_the_comparison(film: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_B)
    qtbot.keyClick(film.compare.panes[0], Qt.Key.Key_Z)

    qtbot.keyClick(film.compare.panes[0], Qt.Key.Key_Escape)
    assert (film.compare.isVisible(), film.compare.panes[0].scale) == (True, 0)
    qtbot.keyClick(film.compare.panes[0], Qt.Key.Key_Escape)

    assert not film.compare.isVisible()


def test_a_picture_that_was_deleted_under_the_window_is_told_in_its_pane(
    film: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "S_0001.jpg").unlink()
    _select(film, 0, 1)

    qtbot.keyClick(film.picture, Qt.Key.Key_B)

    qtbot.waitUntil(lambda: film.compare.panes[0].notice is not None)
    qtbot.waitUntil(lambda: film.compare.panes[1].has_picture)


def test_the_light_table_shares_the_selection_and_enter_looks_at_one(film: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    assert film.light_table.isVisible()

    qtbot.keyClick(film.light_table, Qt.Key.Key_Home)
    qtbot.keyClick(film.light_table, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert [one.number for one in film.filmstrip.selected] == [1, 2]
    qtbot.keyClick(film.light_table, Qt.Key.Key_Return)

    assert not film.light_table.isVisible()
    assert _shown(film) == 2


def test_a_held_picture_stays_and_says_how_many_came(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    for number in (7, 8):
        _picture(tmp_path, number)
        desk.announce(ShotStored(shot(number, f"S_{number:04}.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: "2 new" in film.picture.caption)
    assert _shown(film) == _COUNT

    qtbot.keyClick(film.picture, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: _shown(film) == 8)
    assert "new" not in film.picture.caption


def test_an_older_picture_says_how_many_came_too(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    film.filmstrip.choose_row(1)

    desk.announce(ShotStored(shot(7, "S_0007.jpg"), is_complete=True))

    qtbot.waitUntil(lambda: "1 new" in film.picture.caption)


def test_the_live_picture_says_nothing_of_what_came_beside_an_older_one(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    film.filmstrip.choose_row(1)
    desk.announce(ShotStored(shot(7, "S_0007.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: "1 new" in film.picture.caption)

    desk.say(status(CameraState.LIVE, is_live_wanted=True))

    qtbot.waitUntil(lambda: film.viewing.shows_live)
    assert film.picture.caption == ""


def test_the_arrows_walk_the_lines_of_the_light_table(film: MainWindow, qtbot: QtBot) -> None:
    table = film.light_table
    qtbot.keyClick(film.picture, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    table.resize(2 * 188 + 40, 400)  # two columns
    assert table.columns == 2
    qtbot.keyClick(table, Qt.Key.Key_Home)

    walked = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(table, key)
        walked.append(_shown(film))

    assert walked == [3, 4, 6, 4, 2]


def test_a_drag_over_the_light_table_selects_all_between(film: MainWindow, qtbot: QtBot) -> None:
    table = film.light_table
    qtbot.keyClick(film.picture, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    table.resize(2 * 188 + 40, 400)
    begun, ended = (table.visualRect(film.film.index(row)).center() for row in (3, 1))

    qtbot.mousePress(table.viewport(), Qt.MouseButton.LeftButton, pos=begun)
    qtbot.mouseMove(table.viewport(), ended)
    qtbot.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, pos=ended)

    assert [one.number for one in film.filmstrip.selected] == [2, 3, 4]


def _open_new_session(desk: ScriptedDesk, path: Path) -> None:
    path.mkdir()
    desk.session_path, desk.shots = path, ()
    desk.announce(SessionOpened(str(path)))


def test_a_new_session_begins_without_a_picture_of_the_one_before(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    film.filmstrip.choose_row(1)
    qtbot.waitUntil(lambda: _is_whole(film))
    film.filmstrip.choose_row(2)
    qtbot.waitUntil(lambda: film.panel.histogram.before is not None)

    _open_new_session(desk, new := tmp_path / "new")

    qtbot.waitUntil(lambda: film.session.path == new)
    assert film.viewing.is_empty
    assert film.panel.histogram.before is None
    _picture(new, 1)
    desk.announce(ShotStored(shot(1, "S_0001.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: _shown(film) == 1)
    qtbot.waitUntil(lambda: film.panel.histogram.histogram is not None)
    assert film.panel.histogram.before is None


def test_a_new_session_begins_live_where_live_is_on(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.say(status(CameraState.LIVE, is_live_wanted=True))
    qtbot.waitUntil(lambda: film.viewing.shows_live)
    film.filmstrip.choose_row(1)
    qtbot.waitUntil(lambda: _is_whole(film))
    film.following.go_on()
    qtbot.waitUntil(lambda: film.viewing.shows_live)
    assert film.panel.histogram.before is not None

    film.filmstrip.choose_row(2)
    _open_new_session(desk, tmp_path / "new")

    qtbot.waitUntil(lambda: film.viewing.shows_live)
    assert film.panel.histogram.before is None


def test_the_outline_of_the_picture_before_is_drawn_beside_the_window(
    film: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_by: list[str] = []

    def note(counts: NDArray[np.int64], style: GraphStyle) -> NDArray[np.uint8]:
        drawn_by.append(threading.current_thread().name)
        return draw_line(counts, style)

    monkeypatch.setattr(histogram_raster, "draw_line", note)
    film.filmstrip.choose_row(1)
    qtbot.waitUntil(lambda: _is_whole(film))
    film.filmstrip.choose_row(2)
    qtbot.waitUntil(lambda: film.panel.histogram.before is not None)
    film.panel.histogram.grab()

    assert drawn_by
    assert threading.main_thread().name not in drawn_by


_CONTROL = Qt.KeyboardModifier.ControlModifier


def _selected(window: MainWindow) -> list[int]:
    return [one.number for one in window.filmstrip.selected]


def test_a_film_that_follows_stays_at_its_end_in_a_narrower_window(film: MainWindow, qtbot: QtBot) -> None:
    film.resize(1600, 900)
    strip = film.filmstrip
    qtbot.keyClick(film.picture, Qt.Key.Key_End)

    film.resize(900, 600)

    bar = strip.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert bar.value() == bar.maximum()


def test_the_live_picture_ends_a_comparison(film: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_B)
    assert film.compare.isVisible()

    desk.say(status(CameraState.LIVE, is_live_wanted=True))

    qtbot.waitUntil(lambda: film.viewing.shows_live)
    assert not film.compare.isVisible()
    assert film.comparing.shot is None


def test_turning_a_zoomed_comparison_reads_no_file_whole_again(
    film: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _select(film, 1, 2)
    qtbot.keyClick(film.picture, Qt.Key.Key_B)
    panes = film.compare.panes[:2]
    qtbot.keyClick(panes[0], Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: all(pane.is_zoomed for pane in panes))
    qtbot.waitUntil(lambda: film.picture.has_whole)  # behind the comparison, the same picture
    read: list[Path] = []
    monkeypatch.setattr(pictures, "all_pixels", read.append)

    qtbot.keyClick(panes[0], Qt.Key.Key_Greater)

    qtbot.waitUntil(lambda: all(pane._turn.degrees == 1.0 for pane in panes))
    assert read == []
    assert all(pane.is_zoomed for pane in panes)


def test_all_that_the_film_shows_are_selected_and_rated_at_once(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.reviews.change([2, 3, 5], ReviewChange(rating=3))
    qtbot.keyClick(film.picture, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(film.film.shots) == 3)

    qtbot.keyClick(film.picture, Qt.Key.Key_A, _CONTROL)
    assert _selected(film) == [2, 3, 5]
    qtbot.waitUntil(lambda: film.picture.caption.endswith("   3 of 6 shown   3 selected"))
    qtbot.keyClick(film.picture, Qt.Key.Key_4)

    assert {number: one.rating for number, one in desk.reviews.all.items()} == {2: 4, 3: 4, 5: 4}


def test_escape_takes_back_the_selection_and_then_closes_the_light_table(
    film: MainWindow, qtbot: QtBot
) -> None:
    table = film.light_table
    qtbot.keyClick(film.picture, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_A, _CONTROL)
    assert len(_selected(film)) == _COUNT

    qtbot.keyClick(table, Qt.Key.Key_Escape)

    assert (_selected(film), table.isVisible()) == ([_COUNT], True)
    assert table.hasFocus()
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert not table.isVisible()


def test_a_click_takes_back_the_selection(film: MainWindow, qtbot: QtBot) -> None:
    strip = film.filmstrip
    qtbot.keyClick(film.picture, Qt.Key.Key_A, _CONTROL)
    qtbot.waitUntil(lambda: film.picture.caption.endswith(f"   {_COUNT} selected"))

    place = strip.visualRect(film.film.index(_COUNT - 1)).center()
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert _selected(film) == [_COUNT]
    qtbot.waitUntil(lambda: "selected" not in film.picture.caption)


def test_a_picture_that_comes_leaves_the_selection_as_it_is(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_A, _CONTROL)
    _picture(tmp_path, 7)

    desk.announce(ShotStored(shot(7, "S_0007.jpg"), is_complete=True))

    qtbot.waitUntil(lambda: "1 new   End: newest" in film.picture.caption)
    assert _selected(film) == list(range(1, _COUNT + 1))
    qtbot.keyClick(film.picture, Qt.Key.Key_End)
    assert _selected(film) == [7]


def test_ctrl_a_in_a_field_is_of_its_words(film: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_K, _CONTROL)
    field = film.findChild(KeywordsSection).field
    qtbot.keyClicks(field, "coat")

    qtbot.keyClick(field, Qt.Key.Key_A, _CONTROL)

    assert field.selectedText() == "coat"
    assert _selected(film) == [_COUNT]


def test_ten_thousand_rows_are_not_looked_at_to_show_ten(app: object, qtbot: QtBot) -> None:
    asked = []

    class Counting(FilmstripModel):
        def rowCount(self, parent: object = None) -> int:
            asked.append(1)
            return 0 if getattr(parent, "isValid", bool)() else len(self.shots)

    model = Counting()
    strip = Filmstrip(model, DARK)
    qtbot.addWidget(strip)
    strip.resize(900, 124)
    strip.show()
    qtbot.waitExposed(strip)
    asked.clear()

    model.show_shots([shot(number, f"a_{number:05}.jpg") for number in range(1, 10_001)])
    strip.choose_row(9_999)
    strip.viewport().repaint()

    assert strip.indexAt(strip.viewport().rect().center()).row() > 9_990
    assert len(asked) < 500


def _note_cells(monkeypatch: pytest.MonkeyPatch, how: str) -> list[str]:
    """Return the names of cells from now on: drawn anew (`paint`), or copied too (`paint_kept`)."""
    names: list[str] = []
    work = getattr(CellPainter, how)

    def noted(
        cells: CellPainter, painter: QPainter, corner: QPoint, cell: FilmCell, *of: float, **said: bool
    ) -> None:
        names.append(cell.name)
        work(cells, painter, corner, cell, *of, **said)

    monkeypatch.setattr(CellPainter, how, noted)
    return names


def test_a_scrolled_light_table_paints_what_comes_into_sight(
    app: object, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = FilmstripModel()
    house = QWidget()
    strip = Filmstrip(model, DARK, house)
    table = LightTable(model, strip, DARK, house)
    qtbot.addWidget(house)
    house.resize(900, 800)
    model.show_shots([shot(number, f"a_{number:05}.jpg") for number in range(1, 1_001)])
    house.show()
    table.open()
    qtbot.waitExposed(house)
    table.verticalScrollBar().setValue(400)
    qtbot.wait(50)  # what the first show brings with it
    painted = _note_cells(monkeypatch, "paint")
    table.verticalScrollBar().setValue(table.verticalScrollBar().value() + 40)
    QApplication.processEvents()

    assert 1 <= len(painted) / table.columns <= 2
    on_screen = house.screen().grabWindow(house.winId()).toImage()
    assert not on_screen.isNull()
    assert on_screen.convertToFormat(QImage.Format.Format_RGB32) == house.grab().toImage().convertToFormat(
        QImage.Format.Format_RGB32
    )


@pytest.fixture
def strip(app: object, qtbot: QtBot) -> Filmstrip:
    """Show a film of forty pictures, the newest in sight, and give it the turns that it asks for."""
    model = FilmstripModel()
    strip = Filmstrip(model, DARK)
    qtbot.addWidget(strip)
    strip.resize(900, strip.height())
    model.show_shots([shot(number, f"a_{number:05}.jpg") for number in range(1, 41)])
    strip.show()
    qtbot.waitExposed(strip)
    strip.choose_newest()
    qtbot.wait(100)
    return strip


def _is_on_screen_as_painted_whole(strip: Filmstrip) -> bool:
    QApplication.processEvents()
    on_screen = strip.screen().grabWindow(strip.winId()).toImage()
    wanted = strip.grab().toImage()
    form = QImage.Format.Format_RGB32
    return not on_screen.isNull() and on_screen.convertToFormat(form) == wanted.convertToFormat(form)


def test_a_step_draws_no_cell(strip: Filmstrip, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = _note_cells(monkeypatch, "paint")

    strip.step(-1)

    assert _is_on_screen_as_painted_whole(strip)
    assert drawn == []


def test_a_rating_draws_its_cell_before_the_film_is_painted(
    strip: Filmstrip, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = _note_cells(monkeypatch, "paint")
    strip.model().take_reviews([(39, Review(rating=3))])
    assert drawn == ["a_00039"]

    assert _is_on_screen_as_painted_whole(strip)
    assert set(drawn) == {"a_00039"}  # its other look too


def test_drawing_ahead_ends_though_nothing_was_painted_yet(
    strip: Filmstrip, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = _note_cells(monkeypatch, "paint")
    strip.hide()
    strip.show_thumbs((60, 40))
    strip._draw_ahead_soon()
    qtbot.wait(200)

    assert 0 < len(painted) <= 2 * 20  # both looks of each in sight
    painted.clear()
    qtbot.wait(50)
    assert painted == []


def test_a_new_picture_is_painted_alone(
    strip: Filmstrip, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = _note_cells(monkeypatch, "paint_kept")
    strip.model().put(shot(41, "a_00041.jpg"), is_complete=True)
    qtbot.waitUntil(lambda: "a_00041" in painted)
    assert len(set(painted)) <= 3  # with the one that leaves and the one that is under the pointer now
    assert _is_on_screen_as_painted_whole(strip)


def test_a_new_picture_out_of_sight_paints_nothing(
    strip: Filmstrip, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip.choose_row(0)
    qtbot.wait(100)
    painted = _note_cells(monkeypatch, "paint_kept")

    strip.model().put(shot(41, "a_00041.jpg"), is_complete=True)
    qtbot.wait(50)

    assert painted == []
    assert _is_on_screen_as_painted_whole(strip)


def test_a_picture_between_others_moves_those_behind_it(strip: Filmstrip, qtbot: QtBot) -> None:
    model = strip.model()
    strip.choose_row(0)
    model.remove([3, 5])
    assert _is_on_screen_as_painted_whole(strip)
    model.bring_back([shot(3, "a_00003.jpg"), shot(5, "a_00005.jpg")])
    assert _is_on_screen_as_painted_whole(strip)
    assert strip.visualRect(model.index(4)).left() == 4 * strip.visualRect(model.index(0)).width()


def test_what_is_seen_of_a_zoomed_picture_is_made_elsewhere_and_painted_once_it_is_there(
    qtbot: QtBot,
) -> None:
    view = PictureView(DARK)
    qtbot.addWidget(view)
    view.resize(320, 240)
    parts: list[ZoomedPart] = []
    view.part_wanted.connect(parts.append)
    view.show_image(np.full((240, 320, 4), 90, np.uint8))
    view.show_full(np.full((400, 500, 3), 200, np.uint8))
    view.set_scale(1)
    view.show()
    qtbot.waitUntil(lambda: view.paints > 0)
    before = view.grab().toImage().pixelColor(160, 60).red()
    view.show_part(parts[-1], parts[-1].make())
    after = view.grab().toImage().pixelColor(160, 60).red()
    QTest.qWait(0)
    paints = view.paints

    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.qWait(0)

    assert (before, after) == (90, 200)
    assert [one.matrix[2] for one in parts] == [-90, -130]
    assert view.paints == paints  # the old place stays until the new one is there


def test_a_second_closer_look_at_the_same_place_is_painted(qtbot: QtBot) -> None:
    view = TurnedView(DARK)
    qtbot.addWidget(view)
    view.resize(320, 240)
    view.show_image(np.full((240, 320, 4), 90, np.uint8))
    view.show_full(np.full((400, 500, 3), 200, np.uint8))
    view.show()
    for scale in (1, 0):
        view.set_scale(scale)
        QTest.qWait(20)
    paints = view.paints

    view.set_scale(1)
    QTest.qWait(20)

    assert view.paints > paints


@pytest.mark.parametrize("orientation", [1, 8])
def test_a_zoomed_picture_is_painted_pixel_by_pixel_turned_or_not(orientation: int, qtbot: QtBot) -> None:
    view = TurnedView(DARK)
    qtbot.addWidget(view)
    view.resize(320, 240)
    whole = turned(np.random.default_rng(1).integers(0, 256, (400, 500, 3), np.uint8), orientation)

    view.show_full(whole)
    view.set_scale(1)
    shown = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)

    painted = np.frombuffer(bytes(shown.constBits()), np.uint8).reshape(240, 320, 3)
    top, left = (whole.shape[0] - 240) // 2, (whole.shape[1] - 320) // 2
    assert np.array_equal(painted[:100, :, ::-1], whole[top : top + 100, left : left + 320])


_SHIFT = Qt.KeyboardModifier.ShiftModifier


def _click(view: Filmstrip | LightTable, row: int, qtbot: QtBot, *held: Qt.KeyboardModifier) -> None:
    modifier = held[0] if held else Qt.KeyboardModifier.NoModifier
    place = view.visualRect(view.model().index(row, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def _compare(window: MainWindow, qtbot: QtBot, *rows: int) -> None:
    _select(window, *rows)
    qtbot.keyClick(window.picture, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: all(pane.has_picture for pane in window.compare.panes[: len(rows)]))


def test_the_light_table_ends_the_comparison_and_the_keys_speak_of_what_is_chosen_there(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _compare(film, qtbot, 1, 2)

    qtbot.keyClick(film.compare.panes[0], Qt.Key.Key_G, _SHIFT)
    _click(film.light_table, 4, qtbot)
    qtbot.keyClick(film.light_table, Qt.Key.Key_3)

    assert (film.compare.isVisible(), film.light_table.isVisible()) == (False, True)
    assert desk.reviews.all == {5: Review(3)}
    assert _shown(film) == 5


def test_what_is_selected_on_the_light_table_is_compared_over_it_and_it_comes_back(
    film: MainWindow, qtbot: QtBot
) -> None:
    table = film.light_table
    qtbot.keyClick(film.picture, Qt.Key.Key_G, _SHIFT)
    _click(table, 0, qtbot)
    _click(table, 3, qtbot, _CONTROL)

    qtbot.keyClick(table, Qt.Key.Key_B)
    assert [one.number for one in film.comparing.shots] == [1, 4]
    assert film.compare.panes[1].hasFocus()
    qtbot.keyClick(film.compare.panes[1], Qt.Key.Key_G, _SHIFT)

    assert (film.compare.isVisible(), table.isVisible()) == (False, True)
    assert table.hasFocus()


def test_a_click_on_the_film_ends_the_comparison(film: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    _compare(film, qtbot, 1, 2)

    _click(film.filmstrip, 4, qtbot)
    assert not film.compare.isVisible()
    assert film.picture.hasFocus()
    qtbot.keyClick(film.picture, Qt.Key.Key_3)

    assert desk.reviews.all == {5: Review(3)}


def test_a_click_that_takes_one_out_of_the_selection_ends_the_comparison_too(
    film: MainWindow, qtbot: QtBot
) -> None:
    _compare(film, qtbot, 1, 2, 3)

    _click(film.filmstrip, 2, qtbot, _CONTROL)

    assert not film.compare.isVisible()
    assert _selected(film) == [2, 4]


def test_the_keys_go_back_to_the_framed_picture_behind_the_keywords(film: MainWindow, qtbot: QtBot) -> None:
    _compare(film, qtbot, 1, 2)
    qtbot.keyClick(film.compare.panes[0], Qt.Key.Key_K, _CONTROL)
    field = film.findChild(KeywordsSection).field
    qtbot.keyClicks(field, "coat")

    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert film.compare.panes[film.compare.chosen_pane].hasFocus()


def test_what_is_deleted_leaves_the_comparison_and_the_next_is_framed_at_the_same_zoom(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _compare(film, qtbot, 0, 1, 2)
    panes = film.compare.panes
    qtbot.mouseClick(panes[1], Qt.MouseButton.LeftButton)
    qtbot.keyClick(panes[1], Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: all(pane.is_zoomed for pane in panes[:3]))

    qtbot.keyClick(panes[1], Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: [one.number for one in film.comparing.shots] == [1, 3])
    assert [pane.isVisible() for pane in panes] == [True, True, False, False]
    assert film.comparing.shot is not None
    assert film.comparing.shot.number == _shown(film) == 3
    assert panes[1].hasFocus()
    qtbot.waitUntil(lambda: all(pane.is_zoomed for pane in panes[:2]))
    assert [pane.caption for pane in panes[:2]] == ["S_0001", "S_0003"]
    qtbot.keyClick(panes[1], Qt.Key.Key_4)
    assert desk.reviews.all == {3: Review(4)}


def test_the_last_one_that_is_left_of_a_comparison_is_shown_alone(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _compare(film, qtbot, 1, 2)
    qtbot.mouseClick(film.compare.panes[1], Qt.MouseButton.LeftButton)

    qtbot.keyClick(film.compare.panes[1], Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: not film.compare.isVisible())
    assert _shown(film) == 2
    assert film.picture.hasFocus()
    qtbot.keyClick(film.picture, Qt.Key.Key_4)
    assert desk.reviews.all == {2: Review(4)}


def test_what_comes_back_from_the_trash_is_shown_and_not_under_a_comparison(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _compare(film, qtbot, 0, 1, 2)
    qtbot.keyClick(film.compare.panes[0], Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(film.comparing.shots) == 2)

    qtbot.keyClick(film.compare.panes[0], Qt.Key.Key_Z, _CONTROL)

    qtbot.waitUntil(lambda: _shown(film) == 1)
    assert not film.compare.isVisible()
    qtbot.keyClick(film.picture, Qt.Key.Key_4)
    assert desk.reviews.all == {1: Review(4)}


@pytest.mark.parametrize("place", ["light table", "film"])
def test_ctrl_and_a_click_take_one_out_of_the_selection(film: MainWindow, qtbot: QtBot, place: str) -> None:
    view: Filmstrip | LightTable = film.filmstrip
    if place == "light table":
        view = film.light_table
        qtbot.keyClick(film.picture, Qt.Key.Key_G, _SHIFT)
    _click(view, 0, qtbot)
    _click(view, 4, qtbot, _SHIFT)
    assert (_selected(film), _shown(film)) == ([1, 2, 3, 4, 5], 5)

    _click(view, 1, qtbot, _CONTROL)
    assert (_selected(film), _shown(film)) == ([1, 3, 4, 5], 5)
    _click(view, 4, qtbot, _CONTROL)

    assert (_selected(film), _shown(film)) == ([1, 3, 4], 4)


def test_of_two_that_are_selected_the_one_that_stays_is_shown(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _click(film.filmstrip, 0, qtbot)
    _click(film.filmstrip, 2, qtbot, _CONTROL)

    _click(film.filmstrip, 2, qtbot, _CONTROL)
    qtbot.keyClick(film.picture, Qt.Key.Key_5)

    assert (_selected(film), _shown(film)) == ([1], 1)
    assert desk.reviews.all == {1: Review(5)}


def test_a_picture_that_comes_does_not_take_the_place_of_one_chosen_on_the_light_table(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_G, _SHIFT)
    _click(film.light_table, 1, qtbot)
    _picture(tmp_path, 7)

    desk.announce(ShotStored(shot(7, "S_0007.jpg"), is_complete=True))

    qtbot.waitUntil(lambda: "1 new" in film.picture.caption)
    assert _shown(film) == 2


def test_what_is_selected_alone_beside_the_shown_picture_is_said_and_the_keys_speak_of_it(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.reviews.change([3], ReviewChange(rating=REJECTED))
    film.filter.use(ShotFilter(rejected=Rejected.ONLY))
    qtbot.waitUntil(lambda: [one.number for one in film.film.shots] == [3])
    assert (_shown(film), _selected(film)) == (_COUNT, [])

    qtbot.keyClick(film.picture, Qt.Key.Key_A, _CONTROL)
    qtbot.waitUntil(lambda: film.picture.caption.endswith("   1 selected"))
    qtbot.keyClick(film.picture, Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: not film.film.has(3))
    assert (_shown(film), film.film.has(_COUNT)) == (_COUNT, True)
    qtbot.waitUntil(lambda: "selected" not in film.picture.caption)


def test_escape_takes_back_one_that_is_selected_beside_the_shown_picture(
    film: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_G, _SHIFT)
    _select(film, 1)

    qtbot.keyClick(film.light_table, Qt.Key.Key_Escape)

    assert (_selected(film), _shown(film), film.light_table.isVisible()) == ([_COUNT], _COUNT, True)


def test_a_drag_over_one_cell_of_the_light_table_is_said(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    table = film.light_table
    qtbot.keyClick(film.picture, Qt.Key.Key_G, _SHIFT)
    table.resize(4 * 188 + 40, 400)  # the second line has two cells, and room beside them
    _click(table, 1, qtbot)
    last = table.visualRect(film.film.index(_COUNT - 1))
    beside = last.center() + QPoint(last.width(), 0)

    qtbot.mousePress(table.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    qtbot.mouseMove(table.viewport(), last.center())
    qtbot.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, pos=last.center())
    assert (_selected(film), _shown(film)) == ([_COUNT], 2)
    qtbot.waitUntil(lambda: film.picture.caption.endswith("   1 selected"))
    qtbot.keyClick(table, Qt.Key.Key_4)

    assert desk.reviews.all == {_COUNT: Review(4)}


def test_the_live_picture_takes_the_light_table_off_and_one_opened_over_it_stays(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyClick(film.picture, Qt.Key.Key_G, _SHIFT)

    qtbot.keyClick(film.light_table, Qt.Key.Key_L)
    desk.say(status(CameraState.LIVE, is_live_wanted=True))
    qtbot.waitUntil(lambda: film.viewing.shows_live)
    assert not film.light_table.isVisible()
    assert film.picture.hasFocus()
    qtbot.keyClick(film.picture, Qt.Key.Key_G, _SHIFT)
    desk.say(status(CameraState.LIVE, is_live_wanted=True, message="Focusing"))
    qtbot.waitUntil(lambda: film.status.message == "Focusing")

    assert film.light_table.isVisible()
    _click(film.light_table, 2, qtbot)
    assert film.light_table.isVisible()
    assert [one[0] for one in desk.asked] == ["start_live"]
    qtbot.keyClick(film.light_table, Qt.Key.Key_L)  # back to it, not off

    assert (film.viewing.shows_live, film.light_table.isVisible()) == (True, False)
    assert [one[0] for one in desk.asked] == ["start_live"]


@pytest.mark.parametrize(
    ("current", "compared"), [(1, [1, 2, 3, 4]), (2, [1, 2, 3, 4]), (4, [3, 4, 5, 6]), (6, [3, 4, 5, 6])]
)
def test_of_more_than_four_those_around_the_current_one_are_compared_and_it_is_said(
    film: MainWindow, qtbot: QtBot, current: int, compared: list[int]
) -> None:
    film.filmstrip.choose_row(current - 1)
    qtbot.keyClick(film.picture, Qt.Key.Key_A, _CONTROL)

    qtbot.keyClick(film.picture, Qt.Key.Key_B)

    assert [one.number for one in film.comparing.shots] == compared
    assert film.comparing.shot is not None
    assert film.comparing.shot.number == current
    captions = [pane.caption for pane in film.compare.panes]
    told = [f"S_{one:04}{'   4 of 6 selected' if one == current else ''}" for one in compared]
    assert captions == told
    qtbot.keyClick(film.compare.panes[0], Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(film.comparing.shots) == 3)
    assert [pane.caption.count("3 of 5 selected") for pane in film.compare.panes[:3]].count(1) == 1

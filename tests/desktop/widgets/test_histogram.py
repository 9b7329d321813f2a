from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.picture_tools import Graph, GraphStyle
from groundglass.desktop.theme import DARK, THEMES
from groundglass.desktop.widgets.histogram_raster import LIGHT, draw_line, heights, raster
from groundglass.desktop.widgets.histogram_view import GRAPH_PX, WIDTH_PX, HistogramView
from groundglass.imaging.exposure_tools import Clipping, clipping
from groundglass.imaging.histogram import Histogram, rgb_histogram

_GROUND = 0x1C


def _of(red: int, green: int, blue: int) -> Histogram:
    image = np.zeros((10, 10, 4), np.uint8)
    image[..., 2], image[..., 1], image[..., 0] = red, green, blue
    return rgb_histogram(image)


def _spectrum(**levels: int) -> Histogram:
    """Return a histogram with one bin filled for each channel that is named."""
    counts = {name: np.zeros(256, np.int64) for name in ("red", "green", "blue", "luma")}
    for name, level in levels.items():
        counts[name][level] = 1000
    return Histogram(**counts)


def test_red_and_green_add_to_yellow_and_all_three_to_grey() -> None:
    both = raster(_spectrum(red=128, green=128), (256, 50), False, _GROUND)
    all_three = raster(_spectrum(red=128, green=128, blue=128), (256, 50), False, _GROUND)

    assert tuple(both[40, 128, :3]) == (_GROUND, LIGHT, LIGHT)  # blue, green, red
    assert len(set(all_three[40, 128, :3])) == 1


def test_the_highest_bin_between_the_ends_reaches_the_top() -> None:
    counts = np.zeros(256, np.int64)
    counts[128] = 100
    counts[64] = 50
    counts[255] = 1_000_000  # a blown window must not press the rest to the ground

    tall = heights(counts, 256, False)

    assert tall[128] == 1.0
    assert tall[64] == 0.5
    assert tall[255] == 1.0


def test_a_logarithmic_scale_lifts_what_is_rare() -> None:
    counts = np.zeros(256, np.int64)
    counts[128], counts[30] = 100_000, 10

    assert heights(counts, 256, True)[30] > 0.15
    assert heights(counts, 256, False)[30] < 0.001


@pytest.mark.parametrize("width", [100, 216, 256, 432, 648])
def test_no_single_bin_is_lost_at_any_width(width: int) -> None:
    for level in (2, 77, 128, 253):
        counts = np.zeros(256, np.int64)
        counts[level] = 5

        assert heights(counts, width, False).max() == 1.0


def test_an_empty_histogram_is_flat() -> None:
    assert heights(np.zeros(256, np.int64), 216, True).max() == 0.0


@pytest.fixture
def view(app: object, qtbot: QtBot) -> HistogramView:
    made = HistogramView(DARK)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_clipped_share_of_the_worst_channel_is_a_number(view: HistogramView) -> None:
    view.show_histogram(_of(100, 100, 100), Clipping((0.0, 0.0, 0.031), (0.0123, 0.001, 0.0)))
    assert view.clipped_text() == ("3.1 %", "1.2 %")

    view.show_histogram(_of(100, 100, 100), Clipping((0.0, 0.0, 0.0), (0.0001, 0.0, 0.0)))
    assert view.clipped_text() == ("0.0 %", "<0.1 %")

    view.show_histogram(None, None)
    assert view.clipped_text() == ("\N{EN DASH}", "\N{EN DASH}")


@pytest.mark.parametrize("has_figures", [True, False])
def test_quiet_lines_stand_at_the_quarters_of_the_values(view: HistogramView, has_figures: bool) -> None:
    counts = _of(10, 10, 10)
    if has_figures:
        view.show_histogram(counts, clipping(counts))

    shown = view.grab().toImage()

    for quarter in (1, 2, 3):
        x = quarter * WIDTH_PX // 4
        ground, line, beside = (shown.pixelColor(x + step, 5).red() for step in (-2, 0, 2))
        assert ground == beside == 0x1C
        assert ground + 15 < line < ground + 45


def test_dimming_darkens_the_graph(view: HistogramView) -> None:
    counts = _of(128, 128, 128)
    view.show_histogram(counts, clipping(counts))
    middle = QPoint(WIDTH_PX // 2, GRAPH_PX - 5)
    bright = view.grab().toImage().pixelColor(middle).lightness()

    view.set_dimmed(True)

    assert view.grab().toImage().pixelColor(middle).lightness() < bright * 0.6


def test_the_picture_before_is_a_line_above_the_ground(view: HistogramView) -> None:
    view.show_histogram(_of(10, 10, 10), Clipping())
    before = view.grab().toImage()

    view.show_before(_of(200, 200, 200))
    after = view.grab().toImage()

    column = 200 * WIDTH_PX // 256
    changed = [y for y in range(GRAPH_PX) if before.pixelColor(column, y) != after.pixelColor(column, y)]
    assert changed


def test_the_picture_before_is_painted_as_it_was_drawn_elsewhere(view: HistogramView) -> None:
    pixels = np.zeros((*reversed(view.graph_style.size), 4), np.uint8)
    pixels[20, :] = (1, 2, 3, 255)
    view.show_histogram(_of(10, 10, 10), Clipping())

    view.show_before(_of(200, 200, 200), Graph(view.graph_style, pixels))

    assert view.grab().toImage().pixelColor(5, 20).getRgb()[:3] == (3, 2, 1)


def test_the_foot_is_painted_again_only_when_it_says_something_else(
    view: HistogramView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[tuple[str, str]] = []
    paint_foot = view._paint_foot

    def note(painter: QPainter) -> None:
        painted.append(view.clipped_text())
        paint_foot(painter)

    monkeypatch.setattr(view, "_paint_foot", note)
    view.show()
    qtbot.waitExposed(view)
    for level, highlights in ((10, 0.0), (20, 0.0), (30, 0.2), (40, 0.2)):
        view.show_histogram(_of(level, level, level), Clipping(highlights=(highlights,) * 3))
        QApplication.processEvents()

    assert [high for _low, high in painted[-2:]] == ["0.0 %", "20.0 %"]
    assert len(painted) <= 3  # the first as the window comes


def test_a_click_on_the_triangles_asks_for_the_stripes(view: HistogramView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.clipping_clicked):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(5, GRAPH_PX + 10))


@pytest.mark.parametrize(
    ("turns", "clicks"),
    [([120], 1), ([-240], -2), ([8] * 30, 2), ([-8] * 30, -2), ([60, -60, -60, -60], -1), ([-1], 0)],
)
def test_a_fine_wheel_moves_a_threshold_as_far_as_a_coarse_one(
    view: HistogramView, turns: list[int], clicks: int
) -> None:
    told: list[tuple[bool, int]] = []
    view.threshold_turned.connect(lambda is_high, steps: told.append((is_high, steps)))

    for turn in turns:
        _turn_wheel(view, QPoint(WIDTH_PX - 5, GRAPH_PX + 10), turn)

    assert sum(steps for _, steps in told) == clicks
    assert {is_high for is_high, _ in told} <= {True}


def _turn_wheel(view: HistogramView, place: QPoint, turned: int) -> None:
    turn = QWheelEvent(
        QPointF(place), QPointF(view.mapToGlobal(place)), QPoint(), QPoint(0, turned),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, turn)


def test_it_keeps_its_size_whatever_it_shows(view: HistogramView) -> None:
    size = view.size()
    view.show_histogram(_of(255, 255, 255), Clipping((0, 0, 0), (1.0, 1.0, 1.0)))

    assert view.size() == size == view.minimumSize()


def test_the_graph_stands_on_a_dark_ground_in_every_theme(app: QApplication, qtbot: QtBot) -> None:
    levels = []
    for theme in THEMES.values():
        view = HistogramView(theme)
        qtbot.addWidget(view)
        levels.append(view.grab().toImage().pixelColor(2, 2).red())

    assert len(levels) == 3
    assert max(levels) < 0x30


def test_the_picture_before_is_one_line_from_column_to_column() -> None:
    counts = np.zeros(256, np.int64)
    counts[100:150] = 1000
    line = draw_line(counts, GraphStyle((216, 112), False, _GROUND, 0x9A, 1, 0xD8))

    inked = line[..., 3] > 0
    assert inked.any(axis=0).all()  # in each column
    rows = [np.flatnonzero(inked[:, column]) for column in range(216)]
    assert rows[0].tolist() == [111]  # on the ground
    assert rows[100].tolist() == [0]  # and at the top
    for here, there in itertools.pairwise(rows):
        assert here.min() <= there.max() + 1
        assert there.min() <= here.max() + 1
    assert set(line[inked].ravel().tolist()) == {0xD8, 255}

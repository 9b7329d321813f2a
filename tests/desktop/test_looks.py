"""What an eye for order would see at once: edges that do not meet, words that are cut, things that move."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import DARK, HEADING_PX, MARGIN_PX, THEMES, Theme, body_font, style_sheet
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.fields import Field, Switch
from groundglass.desktop.widgets.help_overlay import BESIDE_PX
from groundglass.desktop.widgets.histogram_view import FOOT_PX, GRAPH_PX, HistogramView
from groundglass.desktop.widgets.lines import Words
from groundglass.desktop.widgets.picture_place import band_start
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.imaging.exposure_tools import Clipping
from groundglass.imaging.histogram import rgb_histogram
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.model.shot_filter import ShotFilter
from scripted_desk import ScriptedDesk, shot, status, with_setting, words


def _place(part: QWidget, window: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


# ---- the panels


def test_the_first_headings_of_both_panels_are_level(window: MainWindow) -> None:
    left = _place(window.panel.heading, window)
    right = _place(window.side.section("Session"), window)

    assert left.top() == right.top()
    assert left.height() == HEADING_PX


def test_a_folded_section_is_its_heading_and_a_line(window: MainWindow) -> None:
    window.side.section("Camera").set_folded(True)
    window.side.widget().layout().activate()

    assert window.side.section("Camera").height() == HEADING_PX + 1


def test_all_controls_of_a_panel_keep_its_margins(window: MainWindow, qtbot: QtBot) -> None:
    window.side.fold(())
    qtbot.waitUntil(window.side.bar.isVisible)

    controls = [*window.side.findChildren(Button), *window.side.findChildren(Field)]
    places = [_place(one, window.side) for one in controls if one.isVisible()]

    assert min(place.left() for place in places) == MARGIN_PX
    assert max(place.right() for place in places) == window.side.width() - MARGIN_PX - 1


# ---- the status line


def test_the_copies_stand_clear_of_the_battery(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.say(status())
    qtbot.waitUntil(lambda: window.status == desk.status)
    line = window.status_line
    parts = (line.copies, line.battery, line.shots_left, line.disk)
    icon = line.battery.x() - 24  # the battery's icon stands before its words

    gaps = [icon - parts[0].geometry().right() - 1]
    gaps += [after.x() - before.geometry().right() - 1 for before, after in pairwise(parts[1:])]

    assert len(set(gaps)) == 1
    assert gaps[0] >= 24


def test_nothing_in_the_status_line_moves_when_the_camera_goes(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(status())
    qtbot.waitUntil(lambda: window.status == desk.status)
    parts = window.status_line.findChildren(Words)
    before = [part.geometry() for part in parts]

    desk.say(replace(status(), state=CameraState.LOST))
    qtbot.waitUntil(lambda: window.status == desk.status)
    window.status_line.layout().activate()

    assert [part.geometry() for part in parts] == before


def test_words_are_whole_in_the_tooltip_only_while_they_are_cut(qtbot: QtBot) -> None:
    told = Words(DARK)
    qtbot.addWidget(told)
    told.say("Nikkor Z 24-70 mm f/2.8 S")
    told.show()

    told.resize(60, 20)
    was_cut = told.toolTip()
    told.resize(400, 20)

    assert was_cut == "Nikkor Z 24-70 mm f/2.8 S"
    assert told.toolTip() == ""


# ---- scroll bars


def test_a_section_is_as_wide_with_a_scroll_bar_as_without(window: MainWindow, qtbot: QtBot) -> None:
    section = window.side.section("Session")
    window.side.fold(())
    qtbot.waitUntil(window.side.bar.isVisible)
    width = section.width()

    window.side.fold(window.side.titles)
    qtbot.waitUntil(lambda: not window.side.bar.isVisible())

    assert width == section.width() == window.side.width()


def test_the_panels_scroll_bar_scrolls_it(window: MainWindow, qtbot: QtBot) -> None:
    window.side.fold(())
    qtbot.waitUntil(window.side.bar.isVisible)

    window.side.bar.setValue(120)

    assert window.side.widget().y() == -120


# ---- controls


def test_what_is_ticked_begins_where_the_fields_begin(qtbot: QtBot) -> None:
    switch = Switch("Mirror", DARK)
    qtbot.addWidget(switch)
    switch.resize(switch.sizeHint())

    image = switch.grab().toImage()

    middle = image.height() // 2
    assert image.pixelColor(0, middle).name() == DARK.text


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_a_button_that_can_not_be_pressed_keeps_its_shape(theme: Theme, qtbot: QtBot) -> None:
    button = Button("Release", theme)
    qtbot.addWidget(button)
    button.resize(120, 32)
    button.setEnabled(False)

    image = button.grab().toImage()

    assert image.pixelColor(60, 0).name() == theme.line
    assert image.pixelColor(60, 4).name() == theme.panel


def test_the_live_lamp_is_out_while_the_camera_is_away(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.say(replace(status(CameraState.LIVE), is_live_wanted=True))
    qtbot.waitUntil(lambda: window.status == desk.status)
    was_lit = window.panel.live.is_lit

    desk.say(replace(status(CameraState.LOST), is_live_wanted=True))
    qtbot.waitUntil(lambda: window.status == desk.status)

    assert was_lit
    assert not window.panel.live.is_lit
    assert window.panel.live.isChecked()  # it comes back with the camera


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_white_that_clips_fills_the_triangle_in_every_theme(theme: Theme, qtbot: QtBot) -> None:
    view = HistogramView(theme)
    qtbot.addWidget(view)
    view.resize(216, view.height())
    white = np.full((4, 4, 4), 255, np.uint8)
    view.show_histogram(rgb_histogram(white), Clipping(highlights=(1.0, 1.0, 1.0)))

    image = view.grab().toImage()

    assert image.pixelColor(213, GRAPH_PX + FOOT_PX // 2 + 2).name() == theme.text


def test_a_camera_and_its_lens_are_whole_where_there_is_room(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    lens = words(SettingId.LENS, "NIKKOR Z 24-70 mm f/2.8 S")
    desk.say(with_setting(status(), lens))
    qtbot.waitUntil(lambda: window.status == desk.status)
    window.status_line.layout().activate()

    camera = window.status_line.camera
    assert camera.text.endswith("f/2.8 S")
    assert camera.toolTip() == ""  # nothing is cut


def test_a_long_lens_leaves_room_for_the_state(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.say(with_setting(status(), words(SettingId.LENS, "NIKKOR " * 20)))
    qtbot.waitUntil(lambda: window.status == desk.status)
    window.status_line.layout().activate()

    assert window.status_line.state.width() >= 120
    assert window.status_line.session.geometry().left() > window.status_line.state.geometry().right()


# ---- over the picture


@pytest.mark.parametrize("words_px", [60, 200, 500])
@pytest.mark.parametrize("view_px", range(400, 1600, 100))
@pytest.mark.parametrize("picture_px", [300, 390, 640])
def test_the_edge_of_the_picture_never_runs_through_words(
    words_px: int, view_px: int, picture_px: int
) -> None:
    edge = (view_px - picture_px) / 2

    start = band_start(edge, words_px, view_px)

    is_beside = start + words_px <= edge
    is_inside = start >= edge and start + words_px <= view_px - MARGIN_PX
    has_room = max(edge, 0) + words_px <= view_px - 2 * MARGIN_PX
    assert is_beside or is_inside or not has_room
    assert start >= MARGIN_PX


def test_a_name_that_is_too_long_for_the_picture_is_cut_in_it(window: MainWindow, qtbot: QtBot) -> None:
    view = PictureView(DARK)
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show_caption("x" * 200 + "_0142")

    image = view.grab().toImage()

    row = range(view.height() - MARGIN_PX - 24, view.height() - MARGIN_PX)
    last = {image.pixelColor(x, y).name() for x in range(400 - MARGIN_PX, 400) for y in row}
    assert last == {DARK.surround}


def test_the_last_frame_in_the_corner_grows_with_the_picture(window: MainWindow) -> None:
    widths = []
    for width in (880, 1280, 1920, 3440):
        window.resize(width, 1080)
        widths.append(window.inset.width())
        assert window.inset.geometry().right() <= window.picture.width() - MARGIN_PX

    assert sorted(set(widths)) == widths


# ---- the theme changes while a window is open


@pytest.mark.parametrize("name", ["mid", "light"])
def test_the_keys_can_be_read_after_the_theme_has_changed(
    window: MainWindow, qtbot: QtBot, name: str, app: QApplication
) -> None:
    window.preferring.open()
    page = window.preferring.page
    assert page is not None
    page.pages.setCurrentIndex(1)
    table = page.keys.table

    window.theme.become(THEMES[name])
    app.setStyleSheet(style_sheet(THEMES[name]))
    try:
        image = table.viewport().grab(table.visualItemRect(table.item(2, 2))).toImage()
    finally:
        app.setStyleSheet(style_sheet(DARK))

    inks = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert THEMES[name].text in inks


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_a_switch_that_is_on_and_has_the_keys_shows_both(theme: Theme, window: MainWindow) -> None:
    chip = window.filter.stars[2]
    chip.setChecked(True)
    chip.setFocus()
    window.theme.become(theme)

    image = chip.grab().toImage()

    assert image.pixelColor(14, 0).name() == theme.focus
    assert image.pixelColor(14, 2).name() == theme.accent


@pytest.mark.parametrize("name", ["mid", "light"])
def test_film_and_table_lie_on_the_ground_of_the_new_theme(window: MainWindow, name: str) -> None:
    window.theme.become(THEMES[name])
    window.light_table.open()

    film = window.filmstrip.viewport().grab().toImage()
    table = window.light_table.viewport().grab().toImage()

    assert film.pixelColor(2, 2).name() == THEMES[name].window
    assert table.pixelColor(2, 2).name() == THEMES[name].surround


def test_words_that_have_all_the_room_they_ask_for_are_not_cut(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("Z Virtual", "Nikon Z 6II", "X-T5", "ILCE-7M4", "Canon EOS R5"):
        told = Words(DARK)
        qtbot.addWidget(told)
        told.say(name)

        shown = told.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, told.sizeHint().width())

        assert shown == name


def test_no_key_is_cut_on_the_help_page(window: MainWindow) -> None:
    figures = QFontMetrics(body_font())
    page, _ = window.help.page_scale()

    for column in page:
        room = window.help.widths(column)[0] - BESIDE_PX
        for _, rows in column:
            for key, _ in rows:
                assert figures.elidedText(key, Qt.TextElideMode.ElideRight, room) == key


def test_the_light_table_has_as_much_air_behind_a_line_as_before_it(window: MainWindow) -> None:
    window.film.show_shots([shot(number, f"job_{number:04}.jpg") for number in range(1, 40)])
    table = window.light_table
    table.open()
    first, last = window.film.index(0), window.film.index(table.columns - 1)

    free_before = table.visualRect(first).left()
    free_behind = table.viewport().width() - table.visualRect(last).right() - 1

    assert 0 <= free_behind - free_before <= 1
    assert table.indexAt(table.visualRect(first).center()) == first
    assert table.indexAt(table.visualRect(last).center()) == last
    assert free_before == 0 or not table.indexAt(QPoint(free_before - 1, 20)).isValid()


@pytest.mark.parametrize("view_height", range(200, 330, 3))
def test_the_caption_lies_below_the_picture_or_in_it(view_height: int, qtbot: QtBot) -> None:
    view = PictureView(DARK)
    qtbot.addWidget(view)
    view.setMinimumSize(80, 60)  # as a pane of the comparison
    view.resize(300, view_height)
    white = np.full((200, 300, 4), 255, np.uint8)
    view.show_image(white)
    view.show_caption("job_0001")

    image = view.grab().toImage()

    column = [image.pixelColor(MARGIN_PX + 2, y).red() for y in range(view_height)]
    ground, bottom = int(DARK.surround[1:3], 16), (view_height + 200) // 2
    band = [y for y in range(bottom - 100, bottom) if ground < column[y] < 255]
    assert len(band) in (0, 24)


# ---- what is told instead


def test_an_empty_film_tells_a_filter_from_an_empty_session(window: MainWindow) -> None:
    views = (window.filmstrip, window.light_table)
    empty = [view.empty_words for view in views]

    window.film.show_shots([shot(1, "job_0001.jpg")])
    window.film.show_order((), ShotFilter(least_stars=5), 1)

    assert all("pictures appear here" in words for words in empty)
    assert [view.empty_words for view in views] == ["No picture passes the filter."] * 2


def test_a_value_that_is_cut_is_whole_in_the_tooltip(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    dial, long = window.panel.exposure.dial(SettingId.IMAGE_FORMAT), "RAW lossless + JPEG extra fine, large"
    desk.say(status())
    qtbot.waitUntil(lambda: window.status == desk.status)
    before = dial.toolTip()

    desk.say(with_setting(status(), words(SettingId.IMAGE_FORMAT, long, "RAW")))
    qtbot.waitUntil(lambda: window.status == desk.status)
    was_cut = dial.toolTip()
    window.panel.setFixedWidth(480)
    qtbot.waitUntil(lambda: dial.width() == 480)

    assert long in was_cut
    assert "fine" not in before
    assert long not in dial.toolTip()


def test_no_colour_touches_a_compared_picture(window: MainWindow, desk: ScriptedDesk) -> None:
    view = window.compare
    view.resize(640, 400)
    view.show_count(2)
    view.choose(1)
    view.show()

    image = view.grab().toImage()

    pane = view.panes[1].geometry()
    assert image.pixelColor(pane.left() - 1, pane.center().y()).name() == DARK.surround
    assert image.pixelColor(pane.left() - 3, pane.center().y()).name() == DARK.accent
    assert image.pixelColor(pane.right() + 1, pane.center().y()).name() == DARK.surround


def test_words_too_long_for_a_button_are_cut_at_their_end(qtbot: QtBot) -> None:
    button = Button("ambient with a rather long name", DARK)
    qtbot.addWidget(button)
    button.resize(120, 28)

    image = button.grab().toImage()

    edges = [image.pixelColor(x, y).name() for x in (*range(3), *range(117, 120)) for y in range(4, 24)]
    assert set(edges) == {DARK.raised}

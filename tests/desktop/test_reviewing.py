"""Stars, labels, rejected and the filter, by keys in the window."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QItemSelectionModel, Qt
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.models.filmstrip_model import FilmRole
from groundglass.model.review import NOTHING_SAID, REJECTED, Review, ReviewChange
from groundglass.model.shot_filter import Rejected, ShotFilter, ShotOrder
from groundglass.studio.events import SessionOpened, ShotStored
from scripted_desk import ScriptedDesk, shot


@pytest.fixture
def film(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Show a session of five shots, the last one in the middle."""
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in range(1, 6))
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 5)
    return window


def _numbers(window: MainWindow) -> list[int]:
    return [one.number for one in window.film.shots]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (Qt.Key.Key_3, Review(3)),
        (Qt.Key.Key_X, Review(REJECTED)),
        (Qt.Key.Key_6, Review(label="Red")),
        (Qt.Key.Key_9, Review(label="Blue")),
    ],
)
def test_a_key_says_it_of_the_shown_shot(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot, key: Qt.Key, said: Review
) -> None:
    qtbot.keyClick(film.picture, key)

    assert desk.reviews.all == {5: said}
    qtbot.waitUntil(lambda: film.picture.caption == f"S_0005   {said.marks}")
    assert film.film.index(4).data(FilmRole.REVIEW) == said
    assert said.words in film.film.index(4).data(Qt.ItemDataRole.ToolTipRole)


def test_zero_and_the_same_key_take_it_back(film: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_4, Qt.Key.Key_0, Qt.Key.Key_7, Qt.Key.Key_7):
        qtbot.keyClick(film.picture, key)

    assert desk.reviews.of(5) == NOTHING_SAID


def test_a_key_speaks_of_all_that_are_selected(film: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    flag = QItemSelectionModel.SelectionFlag
    for row in (1, 2):
        film.filmstrip.selectionModel().select(film.film.index(row), flag.Select)

    qtbot.keyClick(film.picture, Qt.Key.Key_2)

    assert {number: review.rating for number, review in desk.reviews.all.items()} == {2: 2, 3: 2, 5: 2}


def test_shift_click_selects_a_stretch_and_shows_its_end(film: MainWindow, qtbot: QtBot) -> None:
    strip = film.filmstrip
    for row, modifier in ((1, Qt.KeyboardModifier.NoModifier), (3, Qt.KeyboardModifier.ShiftModifier)):
        place = strip.visualRect(film.film.index(row)).center()
        qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, modifier, place)

    assert [one.number for one in strip.selected] == [2, 3, 4]
    assert film.viewing.shot is not None
    assert film.viewing.shot.number == 4


def test_alt_and_a_number_filter_by_stars_and_the_panel_counts(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.reviews.change([2, 4], ReviewChange(rating=3))

    qtbot.keyClick(film.picture, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)

    qtbot.waitUntil(lambda: _numbers(film) == [2, 4])
    assert film.filter.count.text == "2 of 5"
    qtbot.keyClick(film.picture, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 3, 4, 5])
    assert film.filter.count.text == "5 shots"


def test_the_arrow_goes_to_the_neighbour_when_the_shown_shot_is_filtered_out(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    film.filmstrip.choose_row(2)
    qtbot.keyClick(film.picture, Qt.Key.Key_X)

    qtbot.keyClick(film.picture, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 4, 5])
    qtbot.keyClick(film.picture, Qt.Key.Key_Right)

    assert film.viewing.shot is not None
    assert film.viewing.shot.number == 4


def test_a_new_shot_is_shown_though_the_filter_keeps_it_from_the_film(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.reviews.change([2], ReviewChange(rating=5))
    qtbot.keyClick(film.picture, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: _numbers(film) == [2])

    desk.announce(ShotStored(shot(6, "S_0006.jpg"), is_complete=True))

    qtbot.waitUntil(lambda: film.viewing.shot is not None and film.viewing.shot.number == 6)
    assert _numbers(film) == [2]
    assert film.filter.count.text == "1 of 6"


def _hide_all_but_the_second(film: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
    desk.reviews.change([2], ReviewChange(rating=5))
    qtbot.keyClick(film.picture, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: _numbers(film) == [2])


def test_it_is_said_how_many_new_shots_the_filter_hides_until_they_show(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _hide_all_but_the_second(film, desk, qtbot)
    assert film.filter.hidden.text == ""
    assert film.picture.caption.endswith("   1 of 5 shown")  # the panels may be hidden
    places = [one.y() for one in (film.filter.count, film.filter.smaller)]

    for number in (6, 7, 7):  # of the last one two files
        desk.announce(ShotStored(shot(number, f"S_{number:04}.jpg"), is_complete=True))

    qtbot.waitUntil(lambda: film.filter.hidden.text == "2 new hidden by the filter")
    assert "2 new hidden by the filter   Alt + 0: show all" in film.picture.caption
    assert [one.y() for one in (film.filter.count, film.filter.smaller)] == places
    assert film.filter.smaller.y() - film.filter.clear.y() == 36  # as all rows
    desk.reviews.change([7], ReviewChange(rating=5))
    qtbot.waitUntil(lambda: film.filter.hidden.text == "1 new hidden by the filter")
    qtbot.keyClick(film.picture, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: film.filter.hidden.text == "")
    assert "hidden" not in film.picture.caption
    qtbot.waitUntil(lambda: "shown" not in film.picture.caption)


def test_end_shows_the_newest_though_the_filter_hides_it(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    _hide_all_but_the_second(film, desk, qtbot)
    film.filmstrip.choose_row(0)
    desk.announce(ShotStored(shot(6, "S_0006.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: "1 new   End: newest   1 hidden by the filter" in film.picture.caption)

    qtbot.keyClick(film.picture, Qt.Key.Key_End)

    assert film.viewing.shot is not None
    assert film.viewing.shot.number == 6
    assert film.filmstrip.follows
    assert film.filmstrip.selected == ()
    qtbot.keyClick(film.picture, Qt.Key.Key_Left)
    assert film.viewing.shot.number == 2


def test_end_shows_the_newest_in_whatever_order_the_film_is(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.mouseClick(film.filter.direction, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _numbers(film) == [5, 4, 3, 2, 1])
    film.filmstrip.choose_row(3)

    qtbot.keyClick(film.picture, Qt.Key.Key_End)

    assert film.viewing.shot is not None
    assert film.viewing.shot.number == 5
    assert film.filmstrip.follows


def test_a_click_on_a_star_filters_and_on_the_same_again_shows_all(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.reviews.change([1], ReviewChange(rating=2))

    qtbot.mouseClick(film.filter.stars[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _numbers(film) == [1])
    qtbot.mouseClick(film.filter.stars[1], Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: len(_numbers(film)) == 5)


def test_the_film_begins_an_hour_ago_today_or_with_the_shown_picture(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    now = datetime.now().astimezone()
    minutes_ago = (3 * 24 * 60, 90, 50, 5)
    desk.shots = tuple(
        replace(shot(number, f"S_{number}.jpg"), taken_at=now - timedelta(minutes=ago))
        for number, ago in enumerate(minutes_ago, 1)
    )
    today = [one.number for one in desk.shots if one.taken_at.date() == now.date()]
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: _numbers(window) == [1, 2, 3, 4])
    window.filmstrip.choose_row(0)
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 1)
    button = window.filter.since

    seen = []
    for expected in ([3, 4], today, [1, 2, 3, 4], [1, 2, 3, 4]):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda expected=expected: _numbers(window) == expected)  # type: ignore[misc]
        seen.append(button.text())

    first = desk.shots[0].taken_at
    hour_ago = now - timedelta(hours=1)
    is_today = hour_ago.date() == now.date()
    since = f"Since {'' if is_today else f'{hour_ago.day} {hour_ago:%b} '}"
    assert seen[0] in [f"{since}{one:%H:%M}" for one in (hour_ago, hour_ago + timedelta(minutes=1))]
    assert seen[1:] == ["Today", f"Since {first.day} {first:%b %H:%M}", "All times"]
    assert button.accessibleName() == "All times"


def test_show_all_takes_the_time_back_and_it_begins_anew(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    for _ in range(3):
        qtbot.mouseClick(film.filter.since, Qt.MouseButton.LeftButton)
    assert film.filter.filter.since == desk.shots[4].taken_at
    qtbot.keyClick(film.picture, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    assert film.filter.since.text() == "All times"

    qtbot.mouseClick(film.filter.since, Qt.MouseButton.LeftButton)

    assert film.filter.filter.since is not None
    age = datetime.now().astimezone() - film.filter.filter.since
    assert age.total_seconds() == pytest.approx(3600, abs=60)


def test_without_a_picture_the_key_says_what_to_do(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    qtbot.keyClick(window.picture, Qt.Key.Key_3)

    assert window.banner.error is not None
    assert desk.reviews.all == {}


def _select(window: MainWindow, *numbers: int) -> None:
    model, flag = window.filmstrip.selectionModel(), QItemSelectionModel.SelectionFlag
    model.clearSelection()
    for number in numbers:
        model.select(window.film.index(window.film.row_of(number) or 0), flag.Select)


def _selected(window: MainWindow) -> list[int]:
    return sorted(one.number for one in window.filmstrip.selected)


def test_several_stay_selected_where_a_rating_sorts_the_film_anew(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.reviews.change([3], ReviewChange(rating=1))
    film.filter.use(ShotFilter(order=ShotOrder.RATING))
    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 4, 5, 3])
    _select(film, 1, 2, 5)

    qtbot.keyClick(film.picture, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: _numbers(film) == [4, 3, 1, 2, 5])
    assert _selected(film) == [1, 2, 5]
    qtbot.waitUntil(lambda: film.picture.caption.endswith("   3 selected"))
    qtbot.keyClick(film.picture, Qt.Key.Key_6)

    assert [number for number, one in desk.reviews.all.items() if one.label] == [1, 2, 5]


def test_another_filter_leaves_selected_what_passes_it_too(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.reviews.change([4], ReviewChange(rating=REJECTED))
    qtbot.waitUntil(lambda: film.film.review_of(4).is_rejected)
    _select(film, 3, 4, 5)

    film.filter.use(ShotFilter(rejected=Rejected.HIDDEN))
    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 3, 5])
    assert _selected(film) == [3, 5]
    film.filter.use(ShotFilter())
    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 3, 4, 5])

    assert _selected(film) == [3, 5]  # the photographer went on without it


def test_several_that_left_by_a_wrong_key_are_selected_again_when_it_is_taken_back(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.reviews.change([1, 2, 4, 5], ReviewChange(rating=3))
    qtbot.keyClick(film.picture, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 4, 5])
    _select(film, 2, 4, 5)
    qtbot.waitUntil(lambda: film.picture.caption.endswith("   3 selected"))

    qtbot.keyClick(film.picture, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: _numbers(film) == [1])
    qtbot.waitUntil(lambda: "selected" not in film.picture.caption)
    qtbot.keyClick(film.picture, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 4, 5])
    assert _selected(film) == [2, 4, 5]


def test_what_left_is_not_selected_again_once_another_was_chosen(
    film: MainWindow, desk: ScriptedDesk, qtbot: QtBot
) -> None:
    desk.reviews.change([1, 2, 4, 5], ReviewChange(rating=3))
    qtbot.keyClick(film.picture, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 4, 5])
    _select(film, 2, 4, 5)
    qtbot.keyClick(film.picture, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: _numbers(film) == [1])

    film.filmstrip.choose_row(0)
    qtbot.keyClick(film.picture, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: _numbers(film) == [1, 2, 4, 5])
    assert _selected(film) == [1]


def test_a_new_frame_comes_where_the_order_of_the_film_has_it(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in range(1, 41))
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: len(_numbers(window)) == 40)
    bar = window.filmstrip.horizontalScrollBar()
    qtbot.mouseClick(window.filter.direction, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _numbers(window)[0] == 40)
    assert bar.value() == 0

    desk.announce(ShotStored(shot(41, "S_0041.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 41)
    assert (_numbers(window)[0], bar.value()) == (41, 0)
    cell = window.filmstrip.visualRect(window.film.index(0)).width()
    bar.setSliderPosition(20 * cell)  # as a hand does
    desk.announce(ShotStored(shot(42, "S_0042.jpg"), is_complete=True))
    qtbot.waitUntil(lambda: window.viewing.shot is not None and window.viewing.shot.number == 42)

    assert _numbers(window)[:3] == [42, 41, 40]
    assert bar.value() == 21 * cell  # what is in sight stays there

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from groundglass.desktop.models.filmstrip_model import (
    ARRIVED_MS,
    TICK_S,
    FilmRole,
    FilmstripModel,
    Thumbnail,
    ThumbnailSizes,
)
from groundglass.model.camera import TransferProgress
from groundglass.model.shot_filter import ShotFilter
from scripted_desk import shot


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def film(app: object, clock: Clock) -> FilmstripModel:
    model = FilmstripModel(clock=clock)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def _progress(done: int) -> TransferProgress:
    return TransferProgress("DSC_0001.JPG", done, 1000)


def test_a_transfer_has_a_row_that_becomes_the_shot(film: FilmstripModel) -> None:
    film.show_shots([shot(1, "a_0001.jpg")])
    film.show_transfer(_progress(250))

    assert film.rowCount() == 2
    assert film.index(1).data(FilmRole.SHARE) == 0.25

    film.put(shot(2, "a_0002.jpg"), is_complete=True)
    film.show_transfer(None)

    assert film.rowCount() == 2
    assert film.index(1).data() == "a_0002"
    assert film.index(1).data(FilmRole.SHARE) is None


def test_what_was_arriving_leaves_its_row_to_a_shot_that_is_told_behind_the_end_of_its_transfer(
    film: FilmstripModel,
) -> None:
    gone: list[int] = []
    film.rowsRemoved.connect(lambda *_: gone.append(film.rowCount()))
    film.follow_transfer(_progress(250))
    film.follow_transfer(None)
    assert film.rowCount() == 1

    film.put(shot(1, "a_0001.jpg"), is_complete=True)

    assert film.index(0).data() == "a_0001"
    assert film.rowCount() == 1
    assert gone == []


def test_what_was_arriving_and_never_came_goes(film: FilmstripModel, qtbot: QtBot) -> None:
    film.follow_transfer(_progress(250))
    film.follow_transfer(None)
    film.follow_transfer(None)  # the next status says it again, and puts nothing off
    assert film.rowCount() == 1

    qtbot.waitUntil(lambda: film.rowCount() == 0)


def test_the_next_transfer_keeps_the_row(film: FilmstripModel, qtbot: QtBot) -> None:
    film.follow_transfer(_progress(250))
    film.follow_transfer(None)
    film.follow_transfer(_progress(10))
    qtbot.wait(ARRIVED_MS + 100)

    assert film.is_arriving
    assert film.index(0).data(FilmRole.SHARE) == 0.01


def test_the_second_file_of_a_shot_progresses_on_its_own_thumbnail(film: FilmstripModel) -> None:
    film.put(shot(1, "a_0001.jpg"), is_complete=False)
    film.show_transfer(_progress(500))

    assert film.rowCount() == 1
    assert film.index(0).data(FilmRole.SHARE) == 0.5

    film.put(shot(1, "a_0001.jpg", "a_0001.nef"), is_complete=True)

    assert film.rowCount() == 1
    assert film.index(0).data(FilmRole.TICK) == 1.0


@pytest.mark.parametrize("what", ["another comes", "it goes"])
def test_what_was_on_its_way_to_a_shot_is_no_row_of_its_own(film: FilmstripModel, what: str) -> None:
    film.put(shot(1, "a_0001.jpg"), is_complete=False)
    film.show_transfer(_progress(500))

    if what == "another comes":
        film.put(shot(2, "a_0002.jpg"), is_complete=True)
    else:
        film.remove([1])

    assert not film.is_arriving
    assert film.rowCount() == len(film.shots)
    film.show_transfer(_progress(250))
    assert film.rowCount() == len(film.shots) + 1


def test_the_tick_of_a_stored_shot_fades(film: FilmstripModel, clock: Clock) -> None:
    film.put(shot(1, "a_0001.jpg"), is_complete=True)
    clock.now += TICK_S * 0.75

    film.fade()
    assert 0 < film.index(0).data(FilmRole.TICK) < 1

    clock.now += TICK_S
    film.fade()
    assert film.index(0).data(FilmRole.TICK) == 0
    assert not film.has_ticks


def test_a_tick_is_painted_again_only_when_it_looks_different(film: FilmstripModel, clock: Clock) -> None:
    film.put(shot(1, "a_0001.jpg"), is_complete=True)
    film.fade()
    changes: list[float] = []
    film.dataChanged.connect(lambda index, *_: changes.append(index.data(FilmRole.TICK)))

    for _ in range(240):
        clock.now += TICK_S / 240
        film.fade()

    assert 4 < len(changes) < 10
    assert changes == sorted(changes, reverse=True)
    assert changes[-1] == 0


def test_a_thumbnail_is_asked_for_once_when_it_is_first_looked_at(film: FilmstripModel) -> None:
    wanted: list[int] = []
    film.thumbnail_wanted.connect(lambda one: wanted.append(one.number))
    film.show_shots([shot(1, "a_0001.jpg"), shot(2, "a_0002.jpg")])
    assert wanted == []

    for _ in range(3):
        assert film.index(1).data(FilmRole.THUMBNAIL) is None
    made = _thumbnail()
    film.take_thumbnail(2, made)

    assert wanted == [2]
    assert film.index(1).data(FilmRole.THUMBNAIL) is made


def test_another_size_asks_for_what_is_looked_at_and_shows_the_old_one_meanwhile(
    film: FilmstripModel,
) -> None:
    film.show_shots([shot(1, "a_0001.jpg"), shot(2, "a_0002.jpg")])
    old = _thumbnail()
    film.take_thumbnail(1, old)
    film.take_thumbnail(2, _thumbnail())
    wanted: list[int] = []
    film.thumbnail_wanted.connect(lambda one: wanted.append(one.number))

    film.use_sizes(ThumbnailSizes(film=(180, 120)))
    seen = [film.index(0).data(FilmRole.THUMBNAIL) for _ in range(3)]
    film.take_thumbnail(1, new := _thumbnail())

    assert wanted == [1]
    assert all(one is old for one in seen)
    assert film.index(0).data(FilmRole.THUMBNAIL) is new
    assert wanted == [1]


def test_a_shot_that_can_not_be_shown_is_tried_again_when_another_file_comes(film: FilmstripModel) -> None:
    wanted: list[int] = []
    film.thumbnail_wanted.connect(lambda one: wanted.append(one.number))
    film.put(shot(1, "a_0001.mov"), is_complete=False)
    film.index(0).data(FilmRole.THUMBNAIL)
    film.take_thumbnail(1, None)
    assert film.index(0).data(FilmRole.IS_BROKEN)

    film.put(shot(1, "a_0001.mov", "a_0001.jpg"), is_complete=True)
    film.index(0).data(FilmRole.THUMBNAIL)

    assert wanted == [1, 1]


def test_thumbnails_of_a_long_session_stay_bounded(app: object) -> None:
    film = FilmstripModel()  # the tester of the other tests walks over all rows at every change
    film.show_shots([shot(number, f"a_{number:04}.jpg") for number in range(700)])
    for number in range(700):
        film.take_thumbnail(number, _thumbnail())

    kept = [number for number in range(700) if film.known_thumbnail(number) is not None]

    assert 216 < len(kept) < 300  # 216 are on a light table of 3840 x 2160
    assert kept[-1] == 699  # the oldest went


def _thumbnail() -> Thumbnail:
    return Thumbnail(np.zeros((120, 180, 4), np.uint8), np.zeros((80, 120, 4), np.uint8))


def test_a_row_says_its_name_to_a_screen_reader(film: FilmstripModel) -> None:
    film.show_shots([shot(7, "day/a_0007.nef")])

    assert film.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "a_0007"


def test_many_shots_go_and_come_back_run_by_run() -> None:
    model = FilmstripModel()
    shots = [shot(number) for number in range(1, 21)]
    model.show_shots(shots)
    told: list[tuple[str, int, int]] = []
    model.rowsRemoved.connect(lambda _, first, last: told.append(("gone", first, last)))
    model.rowsInserted.connect(lambda _, first, last: told.append(("back", first, last)))
    gone = [one.number for one in shots[2:9] + shots[15:]]
    model.remove(gone)
    assert [one.number for one in model.shots] == [1, 2, 10, 11, 12, 13, 14, 15]
    model.bring_back([one for one in shots if one.number in gone])
    assert list(model.shots) == shots
    assert [model.row_of(one.number) for one in shots] == list(range(20))
    assert told == [("gone", 15, 19), ("gone", 2, 8), ("back", 2, 8), ("back", 15, 19)]


def test_many_shots_in_many_places_go_and_come_back_in_one_step(film: FilmstripModel) -> None:
    shots = [shot(number) for number in range(1, 101)]
    film.show_shots(shots)
    film.show_transfer(_progress(250))
    told: list[str] = []
    film.rowsRemoved.connect(lambda: told.append("rows gone"))
    film.rowsInserted.connect(lambda: told.append("rows back"))
    film.modelReset.connect(lambda: told.append(f"{film.rowCount()} rows"))
    film.counted.connect(lambda: told.append(f"{film.count} shots"))

    film.remove(range(1, 100, 2))
    assert [one.number for one in film.shots] == list(range(2, 101, 2))
    assert film.row_of(100) == 49
    film.bring_back(shots[::2])

    assert list(film.shots) == shots
    assert [film.row_of(one.number) for one in shots] == list(range(100))
    assert told == ["51 rows", "50 shots", "101 rows", "100 shots"]


@pytest.mark.parametrize("is_arriving", [True, False])
def test_a_new_shot_takes_its_place_in_whatever_order_the_film_is(
    film: FilmstripModel, is_arriving: bool
) -> None:
    film.show_shots([shot(number, f"a_{number:04}.jpg") for number in (1, 2, 3)])
    newest_first = ShotFilter(is_descending=True)
    film.show_order(newest_first.sift(film.all_shots, {}), newest_first, 3)
    if is_arriving:
        film.show_transfer(_progress(250))

    film.put(shot(4, "a_0004.jpg"), is_complete=True)

    assert [film.index(row).data() for row in range(film.rowCount())] == [
        "a_0004",
        "a_0003",
        "a_0002",
        "a_0001",
    ]
    assert [film.row_of(number) for number in (4, 3, 2, 1)] == [0, 1, 2, 3]
    assert film.newest_row == 0
    film.remove([4, 2])
    film.bring_back([shot(2, "a_0002.jpg"), shot(4, "a_0004.jpg")])
    assert [one.number for one in film.shots] == [4, 3, 2, 1]

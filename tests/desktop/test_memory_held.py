"""What the window keeps in memory while a photographer looks through large pictures: bytes, not RSS."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from groundglass.desktop import pictures
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.models.filmstrip_model import FilmstripModel
from groundglass.desktop.models.thumbnails import Thumbnail
from groundglass.desktop.picture_tools import PictureTools
from groundglass.desktop.pictures import ShownPicture
from groundglass.desktop.theme import DARK
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.histogram_view import HistogramView
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.imaging import clipped
from groundglass.imaging.color import ADOBE_RGB, Profile
from jpeg_samples import jpeg, scene, with_extras
from scripted_desk import ScriptedFrames, shot

_PIXELS = 3000 * 2000


class Walk:
    """A picture view on six pictures of 6 MP, and every whole one that is alive."""

    def __init__(self, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._qtbot, self.folder = qtbot, folder
        self.alive: list[weakref.ref[np.ndarray]] = []
        self.alive_at_reading: list[int] = []
        read = pictures.whole_picture

        def watched(path: Path) -> ShownPicture:
            self.alive_at_reading.append(self.count)
            found = read(path)
            self.alive.append(weakref.ref(found.image))
            return found

        monkeypatch.setattr(pictures, "whole_picture", watched)
        self.bridge = Bridge()
        self.picture, self.histogram = PictureView(DARK), HistogramView(DARK)
        self.picture.resize(600, 400)
        for widget in (self.picture, self.histogram):
            qtbot.addWidget(widget)
            widget.show()
        self.viewing = Viewing(ScriptedFrames(), self.bridge, self.picture, self.histogram)
        self._read: list[Path] = []  # all of them
        self.viewing._loading.completed.connect(lambda path, *_: self._read.append(path))

    @property
    def count(self) -> int:
        return sum(one() is not None for one in self.alive)

    def show(self, number: int, profile: Profile | None = None) -> None:
        path = self.folder / f"a_{number:04}.jpg"
        if not path.exists():
            options = {"icc_profile": profile.icc} if profile else {}
            orientation = (1, 6, 3, 8)[number % 4]
            path.write_bytes(with_extras(jpeg(scene(3000, 2000, number), **options), orientation))
        self._read.clear()
        self.viewing.show_shot(self.folder, shot(number, path.name))
        self._qtbot.waitUntil(lambda: path in self._read and self.settled(), timeout=10_000)

    def settled(self) -> bool:
        histogram = self.histogram.histogram
        return histogram is not None and histogram.pixels == _PIXELS and self.count > 0


def _root(array: np.ndarray) -> np.ndarray:
    """Return the array that owns the memory of a view."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


@pytest.fixture
def walk(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    made = Walk(qtbot, tmp_path, monkeypatch)
    yield made
    made.bridge.close()
    made.viewing.close()


def test_one_whole_picture_is_kept_and_none_while_the_next_is_read(walk: Walk, qtbot: QtBot) -> None:
    for number in (1, 2, 3, 4, 5, 3, 2):
        walk.show(number)
        qtbot.wait(30)  # the threads put down what they worked on

    assert walk.count == 1
    assert walk.alive_at_reading == [0] * 7


def test_no_whole_picture_is_kept_beside_the_live_picture(walk: Walk, qtbot: QtBot) -> None:
    walk.show(1)

    walk.viewing.show_live()

    qtbot.waitUntil(lambda: walk.count == 0)


def _large() -> dict[int, np.ndarray]:
    """Return every large block of pixels in the process, by its identity."""
    gc.collect()
    return {
        id(root): root
        for holder in gc.get_objects()
        for one in gc.get_referents(holder)
        if isinstance(one, np.ndarray) and (root := _root(one)).nbytes > 600 * 400 * 4
    }


def test_all_that_is_kept_of_seen_pictures_is_small(walk: Walk, qtbot: QtBot) -> None:
    before = _large()  # of other tests
    for number in range(1, 6):
        walk.show(number)
        qtbot.wait(30)

    held = sum(root.nbytes for key, root in _large().items() if key not in before)
    assert held == 3 * _PIXELS  # the whole one, packed, and that alone


def test_the_closer_look_at_other_colours_needs_no_second_copy(walk: Walk, qtbot: QtBot) -> None:
    before = _large()
    walk.show(1, ADOBE_RGB)

    walk.picture.set_zoomed(True)

    qtbot.waitUntil(lambda: walk.picture._zoomed._made is not None)
    qtbot.wait(30)
    held = sum(root.nbytes for key, root in _large().items() if key not in before)
    assert held == 3 * _PIXELS


def test_thumbnails_are_bounded_by_their_bytes() -> None:
    film = FilmstripModel()
    film.show_shots([shot(number, f"a_{number:05}.jpg") for number in range(1, 2001)])

    for number in range(1, 2001):
        film.take_thumbnail(
            number, Thumbnail(np.zeros((120, 180, 4), np.uint8), np.zeros((80, 120, 4), np.uint8))
        )

    assert 24_000_000 < film.thumbnail_bytes <= 28_000_000
    assert film.known_thumbnail(2000) is not None


def test_what_is_shown_is_read_before_its_neighbours(
    walk: Walk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        walk.show(number)
    read: list[str] = []
    whole, glance = pictures.whole_picture, pictures.glance
    monkeypatch.setattr(pictures, "whole_picture", lambda path: read.append("whole") or whole(path))
    monkeypatch.setattr(pictures, "glance", lambda path, *size: read.append(path.name) or glance(path, *size))
    (walk.folder / "a_0009.jpg").write_bytes(jpeg(scene(300, 200)))

    walk.viewing.show_shot(walk.folder, shot(1, "a_0001.jpg"))
    walk.viewing.read_ahead(walk.folder, [shot(9, "a_0009.jpg")])

    qtbot.waitUntil(lambda: walk.viewing.knows(walk.folder / "a_0009.jpg"))
    assert read == ["whole", "a_0009.jpg"]


def test_a_neighbour_is_read_once_it_is_known_what_is_clipped_in_the_whole_picture(
    walk: Walk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    is_read = threading.Event()
    look, glance = clipped.clipped_places, pictures.glance

    def looked(*asked: Any) -> Any:
        found = look(*asked)
        is_read.wait(0.1)  # a neighbour would be by then
        if found is not None:  # else something else was to be shown first
            done.append("clipped")
        return found

    def read(path: Path, width: int, height: int) -> ShownPicture:
        done.append(path.name)
        is_read.set()
        return glance(path, width, height)

    monkeypatch.setattr(clipped, "clipped_places", looked)
    monkeypatch.setattr(pictures, "glance", read)
    walk.viewing.show_tools(PictureTools(clipping=True))
    (walk.folder / "a_0009.jpg").write_bytes(jpeg(scene(300, 200)))
    for number in (1, 2):
        walk.show(number)
        qtbot.waitUntil(lambda: "clipped" in done)
        done.clear()

    walk.viewing.show_shot(walk.folder, shot(1, "a_0001.jpg"))
    walk.viewing.read_ahead(walk.folder, [shot(9, "a_0009.jpg")])

    qtbot.waitUntil(lambda: walk.viewing.knows(walk.folder / "a_0009.jpg"))
    assert done == ["clipped", "a_0009.jpg"]

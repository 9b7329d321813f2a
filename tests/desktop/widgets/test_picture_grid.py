from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets.grid import Framing, Grid
from groundglass.desktop.widgets.picture_view import PictureView

GREY = 100


@pytest.fixture
def picture(app: object, qtbot: QtBot) -> PictureView:
    view = PictureView(DARK)
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.show()
    view.show_image(np.full((400, 600, 4), GREY, np.uint8))  # 50 pixels of surround at either side
    return view


def _changed(before: QImage, after: QImage) -> tuple[set[int], set[int]]:
    """Return the columns and the rows that differ, seen where no line of the other kind runs."""
    columns = {x for x in range(before.width()) if before.pixel(x, 30) != after.pixel(x, 30)}
    rows = {y for y in range(before.height()) if before.pixel(80, y) != after.pixel(80, y)}
    return columns, rows


def test_the_grid_divides_the_picture_not_the_window_into_thirds(picture: PictureView) -> None:
    before = picture.grab().toImage()

    picture.show_framing(Framing(grid=Grid.THIRDS))

    assert _changed(before, picture.grab().toImage()) == ({250, 251, 450, 451}, {133, 134, 266, 267})


def test_the_grid_is_seen_on_white_and_on_black(picture: PictureView) -> None:
    for level in (0, 255):
        picture.show_framing(Framing())
        picture.show_image(np.full((400, 600, 4), level, np.uint8))
        before = picture.grab().toImage()
        picture.show_framing(Framing(grid=Grid.THIRDS))
        after = picture.grab().toImage()

        columns, _ = _changed(before, after)
        lit = [abs(after.pixelColor(x, 30).lightness() - level) for x in columns]
        assert max(lit) > 60


def test_the_surround_bears_no_grid(picture: PictureView) -> None:
    picture.show_framing(Framing(grid=Grid.THIRDS))

    after = picture.grab().toImage()

    assert {after.pixelColor(20, y).name() for y in range(400)} == {DARK.surround}


def test_the_100_percent_view_bears_no_grid(picture: PictureView) -> None:
    picture.part_wanted.connect(lambda part: picture.show_part(part, part.make()))
    picture.show_full(np.full((900, 1200, 4), GREY, np.uint8))
    picture.set_zoomed(True)

    picture.show_framing(Framing(grid=Grid.THIRDS))

    after = picture.grab().toImage()
    assert {after.pixelColor(x, 30).red() for x in range(700)} == {GREY}

"""A cell that is copied looks as one that is painted, and never as it looked before it changed."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from groundglass.desktop.models.filmstrip_model import FilmCell
from groundglass.desktop.models.thumbnails import Thumbnail
from groundglass.desktop.theme import DARK, LIGHT, Theme
from groundglass.desktop.widgets.film_cells import CellPainter
from groundglass.model.review import ColorLabel, Review

_THUMB_PX = (60, 40)
_STORED = FilmCell("job_0001")


def _thumbnail(grey: int) -> Thumbnail:
    pixels = np.full((40, 60, 4), grey, np.uint8)
    return Thumbnail(pixels, pixels)


def _cells(theme: Theme = DARK) -> CellPainter:
    cells = CellPainter(theme, _THUMB_PX, "window")
    cells.most_cells = 10
    return cells


def _painted(
    cells: CellPainter,
    cell: FilmCell,
    *,
    is_kept: bool,
    is_selected: bool = False,
    ratio: float = 1,
    ground: str = DARK.window,
) -> QImage:
    size = cells.size
    image = QImage(round(size.width() * ratio), round(size.height() * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    if is_kept:
        cells.paint_kept(painter, QPoint(0, 0), cell, ratio, is_selected=is_selected)
    else:
        painter.fillRect(QRect(QPoint(0, 0), size), QColor(ground))
        cells.paint(painter, QPoint(0, 0), cell, is_selected=is_selected)
    painter.end()
    return image


@pytest.mark.parametrize("ratio", [1, 1.5, 2])
@pytest.mark.parametrize(
    "cell",
    [
        _STORED,
        replace(_STORED, thumbnail=_thumbnail(90)),
        replace(_STORED, is_broken=True),
        replace(_STORED, review=Review(rating=4, label=ColorLabel.RED)),
        replace(_STORED, share=0.4),
        replace(_STORED, thumbnail=_thumbnail(90), tick=0.5),
    ],
)
def test_kept_is_as_painted(qtbot: QtBot, cell: FilmCell, ratio: float) -> None:
    for is_selected in (False, True):
        wanted = _painted(_cells(), cell, is_kept=False, is_selected=is_selected, ratio=ratio)
        cells = _cells()
        for _ in range(2):
            assert _painted(cells, cell, is_kept=True, is_selected=is_selected, ratio=ratio) == wanted


def test_what_changed_is_painted_anew(qtbot: QtBot) -> None:
    cells = _cells()
    looks = [
        _STORED,
        replace(_STORED, name="job_0002"),
        replace(_STORED, thumbnail=_thumbnail(90)),
        replace(_STORED, thumbnail=_thumbnail(200)),
        replace(_STORED, is_broken=True),
        replace(_STORED, review=Review(rating=1)),
        replace(_STORED, review=Review(rating=2)),
    ]
    seen = [_painted(cells, look, is_kept=True) for look in looks]
    seen.append(_painted(cells, _STORED, is_kept=True, is_selected=True))
    assert all(one != other for at, one in enumerate(seen) for other in seen[:at])


def test_another_theme_is_seen_at_once(qtbot: QtBot) -> None:
    theme = replace(DARK)
    cells = _cells(theme)
    dark = _painted(cells, _STORED, is_kept=True)
    theme.become(LIGHT)
    seen = _painted(cells, _STORED, is_kept=True)
    assert seen == _painted(cells, _STORED, is_kept=False, ground=LIGHT.window) != dark


def test_few_are_kept_of_many(qtbot: QtBot) -> None:
    cells = _cells()
    for number in range(200):
        _painted(cells, replace(_STORED, name=f"job_{number:04}"), is_kept=True)
    assert len(cells._kept) == 28  # both looks of the ten that are in sight, and of four more


def test_a_cell_is_drawn_ahead_once(qtbot: QtBot) -> None:
    cells = _cells()
    assert cells.keep(_STORED, 1, is_selected=True)
    assert not cells.keep(_STORED, 1, is_selected=True)
    assert not cells.keep(replace(_STORED, tick=0.5, share=0.2), 1, is_selected=True)  # these are not kept
    assert cells.keep(_STORED, 1, is_selected=False)
    assert cells.keep(_STORED, 2, is_selected=False)


def test_no_cell_is_drawn_ahead_for_a_screen_on_which_none_is_copied(qtbot: QtBot) -> None:
    assert not _cells().keep(_STORED, 1.5, is_selected=False)

"""Parts of the picture that are painted anew, and what stands there afterwards."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop.theme import DARK
from groundglass.desktop.turning import Turn
from groundglass.desktop.widgets.picture_view import PictureView


class _View(PictureView):
    """Remembers how high each painted part was."""

    def __init__(self) -> None:
        super().__init__(DARK)
        self.heights: list[int] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.heights.append(event.rect().height())
        super().paintEvent(event)


@pytest.fixture
def view(qtbot: QtBot) -> _View:
    shown = _View()
    qtbot.addWidget(shown)
    shown.resize(640, 480)
    shown.show()
    qtbot.waitExposed(shown)
    noise = np.random.default_rng(7).integers(0, 255, (427, 640, 4), dtype=np.uint8)
    shown.show_image(noise)
    shown.show_caption("S_0001")
    shown.show_spot((0.4, 0.4, 0.6, 0.6))
    shown.show_focus((0.1, 0.1, 0.2, 0.2))
    qtbot.waitUntil(lambda: bool(shown.heights))
    QApplication.processEvents()
    return shown


def _on_screen(view: PictureView) -> QImage:
    QApplication.processEvents()
    seen = view.screen().grabWindow(view.winId()).toImage()
    return seen.convertToFormat(QImage.Format.Format_RGB32)


def _whole(view: PictureView) -> QImage:
    return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize(
    "change",
    [
        lambda view: view.show_caption("S_0002   ★★★"),
        lambda view: view.show_caption(""),
        lambda view: view.show_tools("Peaking"),
        lambda view: view.show_magnified("5\N{MULTIPLICATION SIGN} by the camera"),
        lambda view: view.show_spot((0.7, 0.2, 0.9, 0.4)),
        lambda view: view.show_spot(None),
        lambda view: view.show_focus((0.0, 0.0, 1.0, 0.5)),
        lambda view: view.show_focus(None),
    ],
)
@pytest.mark.parametrize("turn", [Turn(), Turn(degrees=3.0)])
def test_a_part_that_is_painted_anew_is_as_in_the_whole(
    view: _View, qtbot: QtBot, change: Callable[[PictureView], None], turn: Turn
) -> None:
    noise = np.random.default_rng(8).integers(0, 255, (427, 640, 4), dtype=np.uint8)
    view.show_image(noise, turn, (600, 380))
    assert _on_screen(view) == _whole(view)
    view.heights.clear()

    change(view)

    qtbot.waitUntil(lambda: bool(view.heights))
    assert _on_screen(view) == _whole(view)


def test_a_name_or_a_mark_paints_no_more_than_its_part(view: _View, qtbot: QtBot) -> None:
    view.heights.clear()

    view.show_caption("S_0002")
    qtbot.waitUntil(lambda: bool(view.heights))
    view.show_spot((0.4, 0.4, 0.5, 0.5))
    qtbot.waitUntil(lambda: len(view.heights) > 1)

    assert max(view.heights) < view.height() / 3

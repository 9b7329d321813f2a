from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from groundglass.desktop import icons

_GROUND, _INK = "#2e2e2e", "#d8d8d8"
# Where a line through an icon crosses straight strokes alone: across it (a row) or down it (a column).
_LINES = (
    ("camera", "column", 3),
    ("lock", "row", 10),
    ("battery", "column", 7),
    ("broken", "column", 3.4),
)


def _drawn(name: str, ratio: float, share: float = 1.0, left: float = 0.0) -> QImage:
    """Return an icon on a screen of a scale, 24 px wide."""
    image = QImage(round(24 * ratio), round(24 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(_GROUND))
    painter = QPainter(image)
    icons.draw(painter, name, left, left, _INK, share)
    painter.end()
    return image


def _colours(image: QImage, way: str, at: float, ratio: float) -> set[str]:
    place, length = int(at * ratio), image.width()
    points = [(place, one) if way == "column" else (one, place) for one in range(length)]
    return {image.pixelColor(*point).name() for point in points}


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0, 3.0])
@pytest.mark.parametrize(("name", "way", "at"), _LINES)
@pytest.mark.parametrize("left", [0.0, 2.25])
def test_straight_strokes_fill_whole_pixels_at_every_scale(
    app: QApplication, name: str, way: str, at: float, ratio: float, left: float
) -> None:
    image = _drawn(name, ratio, left=left)

    assert _colours(image, way, at + left + 0.3, ratio) == {_GROUND, _INK}


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("name", ["tick", "close", "pipette"])
def test_oblique_strokes_are_not_pale(app: QApplication, name: str, ratio: float) -> None:
    image = _drawn(name, ratio)

    seen = range(image.width())
    assert max(image.pixelColor(x, y).red() for x in seen for y in seen) >= 0xC0


def test_a_battery_is_as_full_as_it_is_said(app: QApplication) -> None:
    ink = []
    for share in (0.0, 0.5, 1.0):
        image = _drawn("battery", 2.0, share)
        ink.append(sum(image.pixelColor(x, 16).name() == _INK for x in range(image.width())))

    assert ink[1] - ink[0] == ink[2] - ink[1] == 8

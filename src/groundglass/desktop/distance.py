"""The distance mode: the exposure so large below the picture that it is read from the camera stand."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.theme import Theme, value_font
from groundglass.model.camera import CameraStatus
from groundglass.model.setting import SettingId
from groundglass.model.words import with_minus

_ROOM = 0.96  # of a cell
_UNITS = re.compile(r"(Auto ISO |ISO )?(.*?)( EV| s| min)?")
_SHOWN = (SettingId.SHUTTER, SettingId.APERTURE, SettingId.ISO, SettingId.EXPOSURE_COMPENSATION)
_LINE = 1.5  # of the figures' height
_LONGEST = 4.4  # of the figures' height: the width of most values
_NOTHING = "\N{EN DASH}"


class Distance(Part):
    """Shows or hides the large values. User-interface thread."""

    def __init__(self, values: LargeValues) -> None:
        super().__init__(values)
        self.values = values

    def deeds(self) -> Deeds:
        return {ActionId.DISTANCE: self.toggle}

    def toggle(self) -> None:
        """Show the values large, or put them away."""
        self.values.setVisible(not self.values.isVisible())

    def show_status(self, status: CameraStatus) -> None:
        is_there = status.state.is_connected
        labels = [one.label if (one := status.setting(name)) and is_there else _NOTHING for name in _SHOWN]
        self.values.say(tuple(labels))


class LargeValues(QWidget):
    """Stands below the picture, so that it covers nothing of it and of what is written there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._labels: tuple[str, ...] = (_NOTHING,) * len(_SHOWN)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Exposure, large")
        self.hide()

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    def say(self, labels: tuple[str, ...]) -> None:
        if labels != self._labels:
            self._labels = labels
            self.setAccessibleDescription(", ".join(labels))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, self.heightForWidth(640))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        # One size for all, so that nothing jumps when a value gets longer.
        return int(max(width / len(self._labels) / _LONGEST, 12) * _LINE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surround))
        cell = self.width() / len(self._labels)
        font = value_font()
        font.setPixelSize(int(self.height() / _LINE))
        painter.setFont(font)
        painter.setPen(QColor(self._theme.text))
        for number, label in enumerate(self._labels):
            place = QRectF(number * cell, 0, cell, self.height())
            self._paint_label(painter, place, with_minus(label))
        painter.end()

    def _paint_label(self, painter: QPainter, place: QRectF, label: str) -> None:
        """Paint a value with its unit small beside it: in full size the two would not fit."""
        large, room = painter.font(), place.width() * _ROOM
        parts, widths = _measured(label, large.pixelSize())
        if sum(widths) > room:
            parts, widths = _measured(label, int(large.pixelSize() * room / sum(widths)))
        figures = QFontMetricsF(large)
        left = place.center().x() - sum(widths) / 2
        baseline = place.center().y() + (figures.ascent() - figures.descent()) / 2
        for (text, font), width in zip(parts, widths, strict=True):
            painter.setFont(font)
            painter.drawText(QPointF(left, baseline), text)
            left += width
        painter.setFont(large)


def _measured(label: str, size_px: int) -> tuple[list[tuple[str, QFont]], list[float]]:
    """Return the parts of a value, each with its font, and their widths."""
    large, small = value_font(), value_font()
    large.setPixelSize(size_px)
    small.setPixelSize(size_px * 2 // 5)
    match = _UNITS.fullmatch(label)
    before, value, after = match.groups("") if match else ("", label, "")
    parts = [(text, font) for text, font in ((before, small), (value, large), (after, small)) if text]
    return parts, [QFontMetricsF(font).horizontalAdvance(text) for text, font in parts]

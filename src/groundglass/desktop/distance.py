"""The distance mode: the exposure so large over the picture that it is read from the camera stand."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.theme import Theme, value_font
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.model.camera import CameraStatus
from groundglass.model.setting import SettingId

_ROOM = 0.96  # of a cell
_UNITS = re.compile(r"(Auto ISO |ISO )?(.*?)( EV| s| min)?")
_SHOWN = (SettingId.SHUTTER, SettingId.APERTURE, SettingId.ISO, SettingId.EXPOSURE_COMPENSATION)
_SHARE = 0.14  # of the picture's height
_LINE = 1.5  # of the figures' height
_NOTHING = "\N{EN DASH}"


class Distance(Part):
    """Shows or hides the large values. User-interface thread."""

    def __init__(self, theme: Theme, picture: PictureView) -> None:
        super().__init__(picture)
        self.values = LargeValues(theme, picture)

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
    """Lies over the foot of the picture and lets clicks through."""

    def __init__(self, theme: Theme, picture: PictureView) -> None:
        super().__init__(picture)
        self._theme, self._picture = theme, picture
        self._labels: tuple[str, ...] = (_NOTHING,) * len(_SHOWN)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Exposure, large")
        self.hide()
        picture.resized.connect(self._place)

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    def say(self, labels: tuple[str, ...]) -> None:
        if labels != self._labels:
            self._labels = labels
            self.setAccessibleDescription(", ".join(labels))
            self.update()

    def setVisible(self, visible: bool) -> None:
        if visible:
            self._place()
            self.raise_()
        super().setVisible(visible)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = QColor(self._theme.surround)
        ground.setAlphaF(0.8)
        painter.fillRect(self.rect(), ground)
        cell = self.width() / len(self._labels)
        font = value_font()
        font.setPixelSize(int(self.height() / _LINE))
        painter.setFont(font)
        painter.setPen(QColor(self._theme.text))
        for number, label in enumerate(self._labels):
            place = QRectF(number * cell, 0, cell, self.height())
            self._paint_label(painter, place, label)
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

    def _place(self) -> None:
        picture = self._picture
        # One size for all, so that nothing jumps when a value gets longer.
        figures = max(min(picture.height() * _SHARE, picture.width() / len(self._labels) / 4.4), 12)
        height = int(figures * _LINE)
        self.setGeometry(0, picture.height() - height, picture.width(), height)


def _measured(label: str, size_px: int) -> tuple[list[tuple[str, QFont]], list[float]]:
    """Return the parts of a value, each with its font, and their widths."""
    large, small = value_font(), value_font()
    large.setPixelSize(size_px)
    small.setPixelSize(size_px * 2 // 5)
    match = _UNITS.fullmatch(label)
    before, value, after = match.groups("") if match else ("", label, "")
    parts = [(text, font) for text, font in ((before, small), (value, large), (after, small)) if text]
    return parts, [QFontMetricsF(font).horizontalAdvance(text) for text, font in parts]

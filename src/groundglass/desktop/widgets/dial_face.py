"""How a dial looks: its value, its name beside it, and the lock of a value that the camera holds."""

from __future__ import annotations

import re

from msgspec import Struct
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from groundglass.desktop import icons
from groundglass.desktop.theme import MARGIN_PX, Theme, body_font, label_font, value_font
from groundglass.model.setting import Setting, SettingId
from groundglass.model.words import with_minus

PENDING_OPACITY = 0.45
_LABEL_WIDTH_PX = 80


class DialFace(Struct, frozen=True):
    """How a dial is named and how big it is drawn."""

    setting_id: SettingId
    words: str
    label: str  # beside the value; empty if the value says it
    key: str
    is_large: bool = False

    @property
    def height_px(self) -> int:
        return 44 if self.is_large else 28

    def cuts(self, value: str, width: int, is_held: bool) -> bool:
        """Tell whether a value is wider than its place on a line of this width."""
        room = width - 2 * MARGIN_PX - (icons.SIZE_PX + 4 if is_held else 0)
        room -= 0 if self.is_large else _LABEL_WIDTH_PX
        return QFontMetrics(body_font()).horizontalAdvance(with_minus(value)) > room

    def paint(
        self,
        painter: QPainter,
        theme: Theme,
        place: QRectF,
        value: str,
        setting: Setting | None,
        is_settable: bool,
        opacity: float,
        is_raised: bool,
    ) -> None:
        """Paint the line. Large: the value and its name at the right; small: the name first.

        is_raised: it stands on the ground of what has the pointer or the keys.
        """
        colour = theme.text if is_raised else theme.quiet  # quiet words are too quiet there
        value = with_minus(value)
        room = place.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
        is_held = setting is not None and not is_settable
        label = self.label or ("" if setting else self.words)
        if not self.is_large:
            _paint_label(painter, colour, room, label, Qt.AlignmentFlag.AlignLeft)
            room.setLeft(room.left() + _LABEL_WIDTH_PX)
        elif not is_held:
            _paint_label(painter, colour, room, label, Qt.AlignmentFlag.AlignRight)
        if is_held:
            top = (place.height() - icons.SIZE_PX) / 2
            icons.draw(painter, "lock", room.right() - icons.SIZE_PX + 2, top, theme.quiet)
            room.setRight(room.right() - icons.SIZE_PX - 4)
        # A dash of the large type would be a block.
        painter.setFont(value_font() if self.is_large and setting is not None else body_font())
        if painter.fontMetrics().horizontalAdvance(value) > room.width():
            painter.setFont(body_font())
        if painter.fontMetrics().horizontalAdvance(value) > room.width():
            value = shortened(value)
        painter.setPen(QColor(theme.text if is_settable else theme.quiet))
        painter.setOpacity(opacity)
        shown = painter.fontMetrics().elidedText(value, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.setOpacity(1.0)


def shortened(value: str) -> str:
    """Return an image format as short as on a body's display: `RAW+JPEG S1 norm.`; others as they are."""
    if not any(kind in value for kind in ("JPEG", "HEIF", "TIFF")):
        return value
    sized = re.sub(r"\b(large|medium|small)\b(?: (?=\d))?", lambda size: size[1][0].upper(), value)
    for whole, short in ((" + ", "+"), ("normal", "norm."), ("extra fine", "X.fine")):
        sized = sized.replace(whole, short)
    return sized


def _paint_label(painter: QPainter, colour: str, room: QRectF, label: str, side: Qt.AlignmentFlag) -> None:
    painter.setFont(label_font())
    painter.setPen(QColor(colour))
    painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), label)

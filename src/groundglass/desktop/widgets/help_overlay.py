"""All keys on one page, made from the table of actions."""

from __future__ import annotations

from itertools import combinations, pairwise

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import DIAL_KEYS, GROUPS, key_rows
from groundglass.desktop.theme import Theme, body_font, label_font

COLUMN_PX, KEY_PX = 340, 116
_ROW_PX, _PAD_PX = 18, 20
_COLUMNS = 3
_EXTRA_LINES = 2  # a title, and a space behind the group


def columns() -> list[list[tuple[str, list[tuple[str, str]]]]]:
    """Return the page: columns of groups, each a title and its keys with their words."""
    groups = [(title, key_rows(actions)) for title, actions in GROUPS]
    groups.insert(2, ("On a dial", list(DIAL_KEYS)))
    lines = [len(rows) + _EXTRA_LINES for _, rows in groups]
    # A group stays whole, and the longest column is as short as it can be.
    breaks = min(
        combinations(range(1, len(groups)), _COLUMNS - 1),
        key=lambda at: max(sum(lines[start:end]) for start, end in pairwise((0, *at, len(groups)))),
    )
    return [groups[start:end] for start, end in pairwise((0, *breaks, len(groups)))]


class HelpOverlay(QWidget):
    """Covers the window until it is clicked or the key is pressed again."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("All keys")
        page = columns()
        words = (f"{key}: {text}" for column in page for _, rows in column for key, text in rows)
        self.setAccessibleDescription("; ".join(words))
        self.hide()

    @property
    def page_size(self) -> QSize:
        """Return the size of the page with all keys."""
        return self._page_size(columns())

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(self._theme.surround)
        veil.setAlphaF(0.85)
        painter.fillRect(self.rect(), veil)
        page = columns()
        size = self._page_size(page)
        sheet = QRectF(
            (self.width() - size.width()) / 2, (self.height() - size.height()) / 2, *size.toTuple()
        )
        painter.fillRect(sheet, QColor(self._theme.panel))
        for number, column in enumerate(page):
            self._paint_column(
                painter, column, sheet.left() + _PAD_PX + number * COLUMN_PX, sheet.top() + _PAD_PX
            )
        painter.end()

    def _page_size(self, page: list[list[tuple[str, list[tuple[str, str]]]]]) -> QSize:
        tallest = max(sum(len(rows) + _EXTRA_LINES for _, rows in column) for column in page)
        return QSize(len(page) * COLUMN_PX + 2 * _PAD_PX - 24, (tallest - 1) * _ROW_PX + 2 * _PAD_PX)

    def _paint_column(
        self, painter: QPainter, column: list[tuple[str, list[tuple[str, str]]]], left: float, top: float
    ) -> None:
        middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for title, rows in column:
            painter.setFont(label_font())
            painter.setPen(QColor(self._theme.quiet))
            painter.drawText(QRectF(left, top, COLUMN_PX, _ROW_PX), middle, title)
            top += _ROW_PX
            painter.setFont(body_font())
            for key, words in rows:
                painter.setPen(QColor(self._theme.accent))
                painter.drawText(QRectF(left, top, KEY_PX, _ROW_PX), middle, key)
                painter.setPen(QColor(self._theme.text))
                painter.drawText(QRectF(left + KEY_PX, top, COLUMN_PX - KEY_PX, _ROW_PX), middle, words)
                top += _ROW_PX
            top += _ROW_PX

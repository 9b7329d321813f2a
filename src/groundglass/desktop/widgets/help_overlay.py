"""All keys on one page, made from the table of actions."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import DIAL_KEYS, GROUPS, key_rows
from groundglass.desktop.keys import Keys
from groundglass.desktop.theme import Theme, body_font, label_font

MOST_KEY_PX = 120
BESIDE_PX = 12  # between a key and its words
_LEAST_GAP_PX, _MOST_GAP_PX = 12, 40  # between columns
_ROW_PX, _PAD_PX = 20, 12
_COLUMNS = (4, 3)  # whichever the window shows larger
_EXTRA_LINES = 2  # a title, and a space behind the group


Column = list[tuple[str, list[tuple[str, str]]]]
Page = list[Column]


def columns(keys: Keys, count: int = _COLUMNS[0]) -> Page:
    """Return the page: columns of groups, each a title and its keys with their words."""
    groups = [(title, key_rows(actions, lambda one: keys.key(one.id))) for title, actions in GROUPS]
    groups.insert(2, ("On a dial", list(DIAL_KEYS)))
    lines = [len(rows) + _EXTRA_LINES for _, rows in groups]
    # A group stays whole, and the longest column is as short as it can be.
    breaks = min(
        combinations(range(1, len(groups)), count - 1),
        key=lambda at: max(sum(lines[start:end]) for start, end in pairwise((0, *at, len(groups)))),
    )
    return [groups[start:end] for start, end in pairwise((0, *breaks, len(groups)))]


class HelpOverlay(QWidget):
    """Covers the window until it is clicked or the key is pressed again."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("All keys")
        self._pages: tuple[Page, ...] = ()
        self.show_keys(Keys(self))
        self.hide()

    def show_keys(self, keys: Keys) -> None:
        """Show the keys that hold now."""
        self._pages = tuple(columns(keys, count) for count in _COLUMNS)
        words = (f"{key}: {text}" for column in self._pages[0] for _, rows in column for key, text in rows)
        self.setAccessibleDescription("; ".join(words))
        self.update()

    def page_scale(self) -> tuple[Page, float]:
        """Return the page with all keys that fits best, and how much it has to shrink: 1 or less."""

        def scale(page: Page) -> float:
            size = self._page_size(page, _LEAST_GAP_PX)
            return min(1.0, self.width() / size.width(), self.height() / size.height())

        best = max(self._pages, key=scale)
        return best, scale(best)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(self._theme.surround)
        veil.setAlphaF(0.85)
        painter.fillRect(self.rect(), veil)
        page, scale = self.page_scale()
        tight = self._page_size(page, _LEAST_GAP_PX).width()
        room = (self.width() / scale - tight) / max(len(page) - 1, 1)
        gap = _LEAST_GAP_PX + min(max(int(room), 0), _MOST_GAP_PX - _LEAST_GAP_PX)
        size = self._page_size(page, gap)
        painter.translate(self.width() / 2, self.height() / 2)
        painter.scale(scale, scale)
        sheet = QRectF(-size.width() / 2, -size.height() / 2, *size.toTuple())
        painter.fillRect(sheet, QColor(self._theme.panel))
        left = sheet.left() + _PAD_PX
        for column in page:
            keys_px, words_px = self.widths(column)
            self._paint_column(painter, column, QPointF(left, sheet.top() + _PAD_PX), keys_px, words_px)
            left += keys_px + words_px + gap
        painter.end()

    def _page_size(self, page: Page, gap_px: int) -> QSize:
        tallest = max(sum(len(rows) + _EXTRA_LINES for _, rows in column) for column in page)
        widths = sum(sum(self.widths(column)) for column in page) + (len(page) - 1) * gap_px
        return QSize(widths + 2 * _PAD_PX, (tallest - 1) * _ROW_PX + 2 * _PAD_PX)

    def widths(self, column: Column) -> tuple[int, int]:
        """Return how wide the keys of a column are, with the space behind them, and its words."""
        figures = QFontMetricsF(body_font())

        def advance(text: str) -> int:
            return ceil(figures.horizontalAdvance(text))

        rows = [row for _, rows in column for row in rows]
        # Changed keys of a row stand one after the other, which can be more than fits.
        keys_px = min(max(advance(key) for key, _ in rows), MOST_KEY_PX)
        return keys_px + BESIDE_PX, max(advance(words) for _, words in rows)

    def _paint_column(
        self, painter: QPainter, column: Column, corner: QPointF, keys_px: int, words_px: int
    ) -> None:
        left, top = corner.x(), corner.y()
        middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for title, rows in column:
            painter.setFont(label_font())
            painter.setPen(QColor(self._theme.quiet))
            painter.drawText(QRectF(left, top, keys_px + words_px, _ROW_PX), middle, title)
            top += _ROW_PX
            painter.setFont(body_font())
            for key, words in rows:
                painter.setPen(QColor(self._theme.accent))
                room = keys_px - BESIDE_PX
                shown = painter.fontMetrics().elidedText(key, Qt.TextElideMode.ElideRight, room)
                painter.drawText(QRectF(left, top, room, _ROW_PX), middle, shown)
                painter.setPen(QColor(self._theme.text))
                painter.drawText(QRectF(left + keys_px, top, words_px + 1, _ROW_PX), middle, words)
                top += _ROW_PX
            top += _ROW_PX

"""All keys on one page, made from the table of actions."""

from __future__ import annotations

from itertools import combinations, pairwise

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import DIAL_KEYS, GROUPS, key_rows
from groundglass.desktop.keys import Keys
from groundglass.desktop.theme import Theme, body_font, label_font

COLUMN_PX, KEY_PX = 316, 112
_ROW_PX, _PAD_PX = 20, 16
_COLUMNS = (4, 3)  # whichever the window shows larger
_EXTRA_LINES = 2  # a title, and a space behind the group


Page = list[list[tuple[str, list[tuple[str, str]]]]]


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
            size = self._page_size(page)
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
        size = self._page_size(page)
        painter.translate(self.width() / 2, self.height() / 2)
        painter.scale(scale, scale)
        sheet = QRectF(-size.width() / 2, -size.height() / 2, *size.toTuple())
        painter.fillRect(sheet, QColor(self._theme.panel))
        for number, column in enumerate(page):
            self._paint_column(
                painter, column, sheet.left() + _PAD_PX + number * COLUMN_PX, sheet.top() + _PAD_PX
            )
        painter.end()

    def _page_size(self, page: Page) -> QSize:
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
                # Changed keys of a row stand one after the other, which can be more than fits.
                room = KEY_PX - 4
                shown = painter.fontMetrics().elidedText(key, Qt.TextElideMode.ElideRight, room)
                painter.drawText(QRectF(left, top, KEY_PX, _ROW_PX), middle, shown)
                painter.setPen(QColor(self._theme.text))
                painter.drawText(QRectF(left + KEY_PX, top, COLUMN_PX - KEY_PX, _ROW_PX), middle, words)
                top += _ROW_PX
            top += _ROW_PX

"""Lines and words that keep their place."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from groundglass.desktop.theme import Role, Theme, body_font, label_font

_UNDER_PX = 2  # an underscore in the last line lies so deep


class Line(QWidget):
    """A line of one pixel between two parts."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, upright: bool = False) -> None:
        super().__init__(parent)
        self._theme = theme
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.line))
        painter.end()


class Heading(QLabel):
    """A label in small spaced capitals."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setFont(label_font())
        self.setProperty("quiet", True)


class TwoLines(QLabel):
    """Words that wrap once and keep the height of two lines, whether there are any or not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(body_font())
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(2 * self.fontMetrics().lineSpacing())

    def say(self, text: str, explanation: str = "") -> None:
        """Show words; the explanation is for whoever rests the pointer on them."""
        self.setText(text)
        self.setToolTip(explanation)
        self.setAccessibleDescription(explanation)


class Words(QWidget):
    """A line of text that is cut with an ellipsis where its place ends, and whole in its tooltip."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        quiet: bool = False,
    ) -> None:
        """cut: where the ellipsis stands if the text does not fit."""
        super().__init__(parent)
        self._text = self._why = ""
        self._align, self._cut = align, cut
        self._theme = theme
        self._role: Role = "quiet" if quiet else "text"
        self.setFont(body_font())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def text(self) -> str:
        return self._text

    @property
    def shown(self) -> str:
        """Return the text as it is painted: whole, or cut so that it fits."""
        return self.fontMetrics().elidedText(self._text, self._cut, self.width())

    def say(self, text: str, role: Role | None = None, why: str = "") -> None:
        """Show a text, in the colour of another role if one is given. why: for its tooltip."""
        if text == self._text and role in (None, self._role) and why == self._why:
            return
        self._text, self._why = text, why
        self._role = role or self._role
        self.setAccessibleDescription(f"{text}. {why}" if why else text)
        self._explain()
        self.update()

    def _explain(self) -> None:
        self.setToolTip(self._why or (self._text if self.shown != self._text else ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def width_of(self, text: str) -> int:
        """Return the width in pixels in which a text is shown whole."""
        # Advances are rounded: with a pixel less than it needs, a text is cut.
        return self.fontMetrics().horizontalAdvance(text) + 1

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(self._text), 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.colour(self._role)))
        flags = int(self._align | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(self.rect()), flags, self.shown)
        painter.end()


class WrappedWords(QWidget):
    """Words over a fixed number of lines; what does not fit is cut, and whole in the tooltip."""

    def __init__(
        self,
        theme: Theme,
        lines: int,
        parent: QWidget | None = None,
        *,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        """cut: where the ellipsis stands if the text does not fit."""
        super().__init__(parent)
        self._theme = theme
        self._cut = cut
        self._text = ""
        self._role: Role = "text"
        self.setFont(body_font())
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + _UNDER_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        return self._text

    def say(self, text: str, role: Role = "text") -> None:
        """Show a text in the colour of a role."""
        self._text, self._role = text, role
        self.setAccessibleDescription(text)
        self.setToolTip(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.colour(self._role)))
        painter.drawText(self.rect(), self._flags(), self.shown)
        painter.end()

    @property
    def shown(self) -> str:
        """Return the text as it is painted: whole, or cut so that it fits."""
        if self._fits(self._text):
            return self._text
        most = bisect_left(range(len(self._text)), True, key=lambda kept: not self._fits(self._kept(kept)))
        return self._kept(max(most - 1, 0))

    def _kept(self, count: int) -> str:
        """Return the text with so many of its letters and an ellipsis for the others."""
        tail = count // 2 if self._cut is Qt.TextElideMode.ElideMiddle else 0
        begin, end = self._text[: count - tail], self._text[len(self._text) - tail :]
        return f"{begin.rstrip()}\N{HORIZONTAL ELLIPSIS}{end.lstrip()}"

    def _fits(self, text: str) -> bool:
        figures = self.fontMetrics()
        needed = figures.boundingRect(self.rect(), self._flags(), text)
        return needed.height() < self.height() + figures.lineSpacing() // 2  # figures are rounded up

    def _flags(self) -> int:
        wrap = Qt.TextFlag.TextWordWrap if " " in self._text else Qt.TextFlag.TextWrapAnywhere
        return int(wrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

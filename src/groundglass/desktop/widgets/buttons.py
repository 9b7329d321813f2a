"""The buttons: plain, live and release. They keep their place and size whatever they say."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from groundglass.desktop import icons
from groundglass.desktop.theme import Theme, body_font

_CORNER_PX = 2
_WORDS_EDGE_PX = 3  # the least beside words; more of them are cut


class Button(QAbstractButton):
    """A word on a quiet ground. Enter presses it; Space belongs to the shutter."""

    def __init__(self, words: str, theme: Theme, parent: QWidget | None = None, height_px: int = 32) -> None:
        super().__init__(parent)
        self._theme = theme
        self._height_px = height_px
        self.setText(words)
        self.setAccessibleName(words)
        self.setFont(body_font())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 32, self._height_px)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._ground()))
        painter.drawRoundedRect(QRectF(self.rect()), _CORNER_PX, _CORNER_PX)
        frame = self._frame()
        if frame:
            painter.setPen(QPen(QColor(frame), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inside = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(inside, _CORNER_PX, _CORNER_PX)
        self.paint_face(painter)
        painter.end()

    def _frame(self) -> str:
        """Return the colour of the frame: of what has the keys, or of what cannot be pressed now."""
        if self.hasFocus():
            return self._theme.focus
        return "" if self.isEnabled() or not self.text() else self._theme.line

    def paint_face(self, painter: QPainter) -> None:
        """Draw what stands on the ground."""
        painter.setFont(self.font())
        painter.setPen(QColor(self._theme.text if self.isEnabled() else self._theme.quiet))
        room = self.width() - 2 * _WORDS_EDGE_PX
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, shown)

    def _ground(self) -> str:
        if not self.isEnabled():
            return self._theme.panel
        if self.isDown():
            return self._theme.pressed
        return self._theme.hover if self.underMouse() else self._theme.raised


class RoundButton(Button):
    """Each press goes on to the next of a few choices, as the small chevron says."""

    def paint_face(self, painter: QPainter) -> None:
        super().paint_face(painter)
        painter.setPen(QPen(QColor(self._theme.quiet), 1.25))
        tip = QPointF(self.width() - 7, self.height() / 2)
        painter.drawPolyline([tip + QPointF(-3, -3), tip, tip + QPointF(-3, 3)])


class LiveButton(Button):
    """Live view on or off, with the lamp lit while frames arrive."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Live", theme, parent)
        self._is_lit = False
        self.setCheckable(True)
        self.setAccessibleName("Live view")

    @property
    def is_lit(self) -> bool:
        return self._is_lit

    def show_live(self, is_wanted: bool, is_there: bool) -> None:
        """Show whether the live view is on; its lamp is lit only while there is a camera to bring it."""
        self.setChecked(is_wanted)
        if self._is_lit != (is_wanted and is_there):
            self._is_lit = is_wanted and is_there
            self.update()

    def nextCheckState(self) -> None:
        """Leave the lamp alone: the camera's state sets it, not the finger."""

    def paint_face(self, painter: QPainter) -> None:
        lit = self._is_lit and self.isEnabled()
        painter.setFont(self.font())
        width = painter.fontMetrics().horizontalAdvance(self.text()) + 16
        left = (self.width() - width) / 2
        middle = self.height() / 2
        colour = QColor(self._theme.accent if lit else self._theme.quiet)
        painter.setPen(QPen(colour, 1.25))
        painter.setBrush(colour if lit else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(left, middle - 4, 8, 8))
        painter.setPen(QColor(self._theme.text if self.isEnabled() else self._theme.quiet))
        place = QRectF(left + 16, 0, width, self.height())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), self.text())


class ReleaseButton(Button):
    """The shutter. While it is open, a thin bar runs along its foot."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Release", theme, parent, height_px=48)
        font = self.font()
        font.setWeight(font.Weight.DemiBold)
        self.setFont(font)
        self.setAccessibleName("Release the shutter")
        self._share: float | None = None

    def show_exposure(self, share: float | None) -> None:
        """Draw the part of the exposure that has passed, 0 to 1; None: the shutter is closed."""
        if share != self._share:
            self._share = share
            self.update()

    def say(self, words: str) -> None:
        if words != self.text():
            self.setText(words)

    def paint_face(self, painter: QPainter) -> None:
        super().paint_face(painter)
        if self._share is not None:
            width = self.width() * min(self._share, 1.0)
            painter.fillRect(QRectF(0, self.height() - 3, width, 3), QColor(self._theme.accent))


class IconButton(Button):
    """An icon alone; its words are for the tooltip and the screen reader."""

    def __init__(self, words: str, icon: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(words, theme, parent, height_px=28)
        self._icon = icon
        self.setToolTip(words)

    def sizeHint(self) -> QSize:
        return QSize(28, 28)

    def paint_face(self, painter: QPainter) -> None:
        left = (self.width() - icons.SIZE_PX) / 2
        colour = self._theme.text if self.isEnabled() else self._theme.quiet
        icons.draw(painter, self._icon, left, (self.height() - icons.SIZE_PX) / 2, colour)

    def _ground(self) -> str:
        return self._theme.raised if self.underMouse() and self.isEnabled() else self._theme.panel

    def _frame(self) -> str:
        return self._theme.focus if self.hasFocus() else ""


class CloseButton(IconButton):
    """A small cross."""

    def __init__(self, words: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(words, "close", theme, parent)

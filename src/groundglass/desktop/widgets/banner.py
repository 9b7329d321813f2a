"""The banner: says what went wrong and what to do, on a line or two, and offers to do it.

What is wrong stays until it is dismissed or over. Of several the newest shows, and the one before comes back
when that goes; a small message, that a wish was refused, is gone as soon as anything else is told.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from groundglass.desktop.theme import MARGIN_PX, Theme, body_font
from groundglass.desktop.widgets.buttons import Button, CloseButton
from groundglass.errors import CameraError, GroundglassError, SessionError

HEIGHT_PX = 40


class _Message(Struct, frozen=True, eq=False):
    """An error, and what a button with these words does about it. is_small: nothing is wrong that lasts."""

    error: GroundglassError
    words: str
    act: Callable[[], None] | None
    is_small: bool


def _kind(error: GroundglassError) -> object:
    """Return what troubles have in common of which the newest alone is told."""
    is_any = type(error) in (GroundglassError, CameraError, SessionError)
    return (type(error), error.message) if is_any else type(error)


class Banner(QWidget):
    """Lies over the top of the picture: nothing moves when it comes and goes but words it would cover."""

    covering = Signal(int)  # so many window pixels; 0: it has gone

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._told: tuple[_Message, ...] = ()  # the newest last
        self.setFixedHeight(HEIGHT_PX)
        self.setFont(body_font())
        self.setAccessibleName("Message")
        self._button = Button("", theme, self, height_px=28)
        self._button.clicked.connect(self._do)
        self._close = CloseButton("Dismiss  (Esc)", theme, self)
        self._close.clicked.connect(self._dismiss_by_hand)
        self._just_came = QTimer(self)  # what lay below: a double click was not meant for it
        self._just_came.setSingleShot(True)
        self._just_came.setInterval(QApplication.doubleClickInterval())
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN_PX, 4, 8, 4)
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self.hide()

    @property
    def error(self) -> GroundglassError | None:
        """Return what is to be read now."""
        return self._told[-1].error if self._told else None

    @property
    def errors(self) -> tuple[GroundglassError, ...]:
        """Return all that is told and was not dismissed, the newest last."""
        return tuple(one.error for one in self._told)

    @property
    def trouble(self) -> GroundglassError | None:
        """Return the newest that is no small message."""
        return next((one.error for one in reversed(self._told) if not one.is_small), None)

    def keeps(self, error: GroundglassError) -> bool:
        """Tell whether an error is told, and is no small message."""
        return any(one.error is error and not one.is_small for one in self._told)

    @property
    def action_button(self) -> Button:
        return self._button

    def tell(
        self,
        error: GroundglassError,
        words: str = "",
        act: Callable[[], None] | None = None,
        *,
        is_small: bool = False,
    ) -> None:
        """Show an error, with one button that does something about it if there is such a thing.

        Trouble takes the place of trouble of the same kind. is_small: nothing is wrong that lasts.
        """
        kind = _kind(error)
        others = (
            one
            for one in self._told
            if one.error is not error and not one.is_small and (is_small or _kind(one.error) != kind)
        )
        self._show((*others, _Message(error, words, act, is_small)))
        self.raise_()

    def renew(self, before: GroundglassError, now: GroundglassError) -> None:
        """Say the same with other figures: the button stays, and nothing draws attention."""
        self._show(tuple(replace(one, error=now) if one.error is before else one for one in self._told))

    def take_back(self, error: GroundglassError) -> None:
        """Say no more of an error that is over, whether it is to be read now or not."""
        self._uncover(tuple(one for one in self._told if one.error is not error))

    def dismiss(self) -> None:
        """Take away what is to be read now; what was told before it comes back."""
        self._uncover(self._told[:-1])

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.panel))
        painter.fillRect(QRectF(0, 0, 3, self.height()), QColor(self._theme.danger))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(self._theme.line))
        if self.error is not None:
            self._paint_words(painter, self.error)
        painter.end()

    def _paint_words(self, painter: QPainter, error: GroundglassError) -> None:
        end = (self._button if not self._button.isHidden() else self._close).x() - 8
        painter.setFont(body_font())
        figures = painter.fontMetrics()
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for text, colour, place in zip(
            (error.message, error.hint),
            (self._theme.text, self._theme.quiet),
            self.places(error, end),
            strict=True,
        ):
            shown = figures.elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.setPen(QColor(colour))
            painter.drawText(place, flags, shown)

    def places(self, error: GroundglassError, end: int) -> tuple[QRectF, QRectF]:
        """Return where what went wrong and what to do are written: side by side, else one below the other.

        end: where the words have to end.
        """
        figures, left, height = self.fontMetrics(), float(MARGIN_PX + 4), float(self.height())
        said = figures.horizontalAdvance(error.message)
        if not error.hint or left + said + 8 + figures.horizontalAdvance(error.hint) <= end:
            beside = left + said + 8
            return QRectF(left, 0, end - left, height), QRectF(beside, 0, end - beside, height)
        line, top = float(figures.lineSpacing()), height / 2 - figures.lineSpacing()
        return QRectF(left, top, end - left, line), QRectF(left, top + line, end - left, line)

    def _show(self, told: tuple[_Message, ...]) -> None:
        self._told = told
        self.setVisible(bool(told))
        self.covering.emit(HEIGHT_PX if told else 0)
        words = told[-1].words if told else ""
        self._button.setText(words)
        self._button.setAccessibleName(words)
        self._button.setVisible(bool(told) and told[-1].act is not None)
        self.setAccessibleDescription(str(self.error or ""))
        self.setToolTip(str(self.error or ""))
        self.update()

    def _uncover(self, told: tuple[_Message, ...]) -> None:
        if told and told[-1] is not self._told[-1]:
            self._just_came.start()
        self._show(told)

    def _dismiss_by_hand(self) -> None:
        if not self._just_came.isActive():
            self.dismiss()

    def _do(self) -> None:
        if self._just_came.isActive():
            return
        act = self._told[-1].act if self._told else None
        self.dismiss()
        if act is not None:
            act()

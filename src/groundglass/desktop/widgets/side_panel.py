"""The right panel: sections with a title, each of which can be folded up."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QScrollBar, QVBoxLayout, QWidget

from groundglass.desktop.theme import (
    GRID_PX,
    HEADING_PX,
    MARGIN_PX,
    PANEL_WIDTH_PX,
    SCROLL_PX,
    Theme,
    label_font,
)
from groundglass.desktop.widgets.lines import Line

_CHEVRON_PX = 4.0


class SidePanel(QScrollArea):
    """A column of 240 px or more; what does not fit is scrolled. Empty it is not there at all."""

    folded = Signal(str, bool)  # title, whether it is folded up now

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sections: dict[str, Section] = {}
        self.setFixedWidth(PANEL_WIDTH_PX)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Its own lies in the margin of the sections: they are as wide with it as without it.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.bar.setAccessibleName("Right panel")
        self.bar.valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(self.bar.setValue)
        self.verticalScrollBar().rangeChanged.connect(self._show_bar)
        self._show_bar()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        page = QWidget()
        page.setObjectName("panel")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 0, MARGIN_PX)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.setGeometry(self.width() - SCROLL_PX, 0, SCROLL_PX, self.height())
        self._show_bar()

    def _show_bar(self) -> None:
        hidden = self.verticalScrollBar()
        self.bar.setRange(hidden.minimum(), hidden.maximum())
        self.bar.setPageStep(hidden.pageStep())
        self.bar.setSingleStep(hidden.singleStep())
        self.bar.setVisible(hidden.maximum() > hidden.minimum())
        self.bar.raise_()

    @property
    def is_empty(self) -> bool:
        return not self._sections

    def add(self, title: str, content: QWidget, margin_px: int = MARGIN_PX) -> Section:
        """Put a section below the ones that are there. margin_px: 0 if the content has margins of its own."""
        section = Section(title, content, self._theme, margin_px)
        section.folded.connect(self.folded)
        self._sections[title] = section
        self._column.insertWidget(self._column.count() - 1, section)
        return section

    def section(self, title: str) -> Section:
        return self._sections[title]

    def show_section(self, title: str, part: QWidget) -> None:
        """Open a section, and scroll to a part of it."""
        self._sections[title].set_folded(False)
        # Else the part has no place yet in what was opened just now.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self.ensureWidgetVisible(part)

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(self._sections)

    def folded_titles(self) -> tuple[str, ...]:
        """Return the sections that are folded up."""
        return tuple(title for title, one in self._sections.items() if one.is_folded)

    def fold(self, titles: tuple[str, ...]) -> None:
        """Fold up these sections and open the others."""
        for title, section in self._sections.items():
            section.set_folded(title in titles)


class Section(QWidget):
    """A title that folds what is below it, and a line at the end."""

    folded = Signal(str, bool)

    def __init__(self, title: str, content: QWidget, theme: Theme, margin_px: int = MARGIN_PX) -> None:
        super().__init__()
        self._title = title
        self._header = _Header(title, theme)
        self._header.clicked.connect(self._fold_by_hand)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        self._inset = QWidget()  # its margins go with it when the section is folded up
        inset = QVBoxLayout(self._inset)
        inset.setContentsMargins(margin_px, GRID_PX, margin_px, MARGIN_PX)
        inset.addWidget(content)
        column.addWidget(self._inset)
        column.addWidget(Line(theme))

    @property
    def is_folded(self) -> bool:
        return self._header.is_folded

    def set_folded(self, is_folded: bool) -> None:
        """Fold up or open, without telling."""
        self._header.set_folded(is_folded)
        self._inset.setVisible(not is_folded)

    def _fold_by_hand(self) -> None:
        self.set_folded(not self.is_folded)
        self.folded.emit(self._title, self.is_folded)


class _Header(QAbstractButton):
    """Spaced capitals with a chevron that points down while the section is open."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.is_folded = False
        self.setText(title)
        self.setFont(label_font())
        self.setFixedHeight(HEADING_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_folded(False)

    def set_folded(self, is_folded: bool) -> None:
        self.is_folded = is_folded
        self.setAccessibleName(f"{self.text()}, {'folded' if is_folded else 'open'}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(PANEL_WIDTH_PX, HEADING_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._theme.text if self.underMouse() else self._theme.quiet))
        place = self.rect().adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), self.text())
        painter.setPen(QPen(painter.pen().color(), 1.5))
        middle = QPointF(place.right() - _CHEVRON_PX, self.height() / 2)
        half = _CHEVRON_PX / 2
        corners = (
            (QPointF(-half, -_CHEVRON_PX), QPointF(half, 0), QPointF(-half, _CHEVRON_PX))
            if self.is_folded
            else (QPointF(-_CHEVRON_PX, -half), QPointF(0, half), QPointF(_CHEVRON_PX, -half))
        )
        painter.drawPolyline([middle + corner for corner in corners])
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QColor(self._theme.focus))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

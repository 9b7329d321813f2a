"""Colour roles, type and the little style sheet: the one place that knows how things look."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import fields
from PySide6.QtGui import QColor, QFont, QPalette

GRID_PX = 4
MARGIN_PX = 12
PANEL_WIDTH_PX = 240
STATUS_HEIGHT_PX = 32
SCROLL_PX = 8  # the width of a scroll bar
HEADING_PX = 28  # of what stands over a section; the same in both panels, so that they are level


Role = Literal["text", "quiet", "accent", "danger", "stored"]


class Theme(Struct):
    """What each colour is for. Greys have R = G = B, so that nothing tints the eye.

    Not frozen: all widgets of a window paint by one theme of its own, which `become`s another at run time.
    """

    name: str
    window: str
    panel: str
    raised: str  # buttons, and the row under the pointer or with the keys
    hover: str  # a button under the pointer
    pressed: str
    surround: str  # around the picture and behind the histogram
    field: str  # what is typed or chosen in
    line: str
    handle: str  # of a scroll bar
    focus: str  # the frame of the control that has the keys
    text: str
    quiet: str
    accent: str  # what is live or selected
    on_accent: str
    danger: str  # loss and danger only
    stored: str  # safe on disk only

    def become(self, other: Theme) -> None:
        """Take over every colour of another theme."""
        for one in fields(self):
            setattr(self, one.name, getattr(other, one.name))

    def colour(self, role: Role) -> str:
        """Return the colour that words of this kind have now."""
        return str(getattr(self, role))


DARK = Theme(
    name="dark",
    window="#262626",
    panel="#2e2e2e",
    raised="#3a3a3a",
    hover="#464646",
    pressed="#202020",
    surround="#1c1c1c",
    field="#1c1c1c",
    line="#3a3a3a",
    handle="#606060",
    focus="#9a9a9a",
    text="#d8d8d8",
    quiet="#9a9a9a",
    accent="#e0a030",
    on_accent="#1c1c1c",
    danger="#ff7b72",
    stored="#6cc07a",
)

MID = Theme(
    name="mid",
    window="#4a4a4a",
    panel="#525252",
    raised="#5a5a5a",
    hover="#646464",
    pressed="#3c3c3c",
    surround="#404040",
    field="#404040",
    line="#646464",
    handle="#8a8a8a",
    focus="#d8d8d8",
    text="#ffffff",
    quiet="#d8d8d8",
    accent="#ffd27a",
    on_accent="#1c1c1c",
    danger="#ffb8b0",
    stored="#a4e4ae",
)

LIGHT = Theme(
    name="light",
    window="#d6d6d6",
    panel="#e2e2e2",
    raised="#d0d0d0",
    hover="#c4c4c4",
    pressed="#b8b8b8",
    surround="#c8c8c8",
    field="#f4f4f4",
    line="#bcbcbc",
    handle="#8c8c8c",
    focus="#606060",
    text="#1c1c1c",
    quiet="#4a4a4a",
    accent="#784800",
    on_accent="#ffffff",
    danger="#a01414",
    stored="#1a5c26",
)

THEMES = {one.name: one for one in (DARK, MID, LIGHT)}


def value_font() -> QFont:
    """Return the type of exposure values: 28 px, semibold, figures of one width."""
    return _font(28, QFont.Weight.DemiBold)


def body_font() -> QFont:
    return _font(13, QFont.Weight.Normal)


def label_font() -> QFont:
    """Return the type of labels: 11 px, spaced capitals."""
    font = _font(11, QFont.Weight.Normal)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.0)
    return font


def _font(size_px: int, weight: QFont.Weight) -> QFont:
    font = QFont()
    font.setPixelSize(size_px)
    font.setWeight(weight)
    # setFeature came with Qt 6.7; figures of one width keep a changing number in its place.
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def small_font() -> QFont:
    """Return the type of names under thumbnails: 11 px as they are written."""
    return _font(11, QFont.Weight.Normal)


def palette(theme: Theme) -> QPalette:
    """Return the palette for the few stock parts that are left."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.panel,
        QPalette.ColorRole.AlternateBase: theme.panel,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.danger,
        QPalette.ColorRole.PlaceholderText: theme.quiet,
        QPalette.ColorRole.ToolTipBase: theme.surround,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.Link: theme.accent,
    }
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    return made


def style_sheet(theme: Theme) -> str:
    """Return the rules for stock widgets; everything else paints itself."""
    return f"""
    QWidget#window {{ background: {theme.window}; }}
    QWidget#panel {{ background: {theme.panel}; }}
    QLabel {{ color: {theme.text}; background: transparent; }}
    QLabel[quiet="true"] {{ color: {theme.quiet}; }}
    QToolTip {{ color: {theme.text}; background: {theme.surround}; border: 1px solid {theme.line};
        padding: 4px 8px; font-size: 13px; }}
    QLineEdit {{ color: {theme.text}; background: {theme.field}; border: 0; padding: 0;
        placeholder-text-color: {theme.quiet};
        selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}
    QLineEdit#field, QPlainTextEdit#field, QComboBox, QSpinBox {{ color: {theme.text};
        background: {theme.field}; border: 1px solid {theme.line}; padding: 4px 6px; font-size: 13px;
        selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}
    QLineEdit#field:focus, QPlainTextEdit#field:focus, QComboBox:focus, QSpinBox:focus {{
        border-color: {theme.accent}; }}
    QLineEdit#field[wrong="true"] {{ border-color: {theme.danger}; }}
    QComboBox::drop-down {{ border: 0; width: 20px; }}
    QComboBox QAbstractItemView {{ color: {theme.text}; background: {theme.panel};
        selection-background-color: {theme.raised}; selection-color: {theme.accent}; }}
    QDialog {{ background: {theme.panel}; border: 1px solid {theme.focus}; }}
    QMenu {{ color: {theme.text}; background: {theme.panel}; border: 1px solid {theme.line};
        padding: 4px 0; }}
    QMenu::item {{ padding: 4px 16px; }}
    QMenu::item:selected {{ background: {theme.raised}; color: {theme.accent}; }}
    QMenu::item:disabled {{ color: {theme.quiet}; }}
    QListView {{ color: {theme.text}; background: {theme.panel}; border: 0; outline: 0; }}
    QListView#choices {{ border: 1px solid {theme.focus}; }}
    QListView#choices::item {{ height: 28px; padding: 0 8px; border: 0; }}
    QListView#choices::item:hover {{ background: {theme.raised}; }}
    QListView#choices::item:selected {{ background: {theme.raised}; color: {theme.accent}; }}
    QListView#filmstrip {{ background: {theme.window}; }}
    QListView#lightTable {{ background: {theme.surround}; padding: 8px; }}
    QTableWidget {{ color: {theme.text}; background: {theme.field}; border: 1px solid {theme.line};
        outline: 0; selection-background-color: {theme.raised}; selection-color: {theme.accent}; }}
    QTableWidget:focus {{ border-color: {theme.accent}; }}
    QTableWidget::item {{ padding: 0 6px; border: 0; }}
    QHeaderView::section {{ color: {theme.quiet}; background: {theme.panel}; border: 0;
        padding: 4px 6px 4px 9px; font-size: 12px; }}
    QTabWidget::pane {{ border: 0; border-top: 1px solid {theme.line}; }}
    QTabBar {{ background: transparent; }}
    QTabBar::tab {{ color: {theme.quiet}; background: transparent; padding: 6px 16px; font-size: 13px;
        border: 1px solid transparent; border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
    QTabBar:focus {{ border: 0; }}
    QTabBar::tab:selected:focus {{ background: {theme.raised}; }}
    QScrollBar {{ background: transparent; border: 0; margin: 0; }}
    QScrollBar:vertical {{ width: {SCROLL_PX}px; }}
    QScrollBar:horizontal {{ height: {SCROLL_PX}px; }}
    QScrollBar::handle {{ background: {theme.handle}; border-radius: 2px; margin: 2px; }}
    QScrollBar::handle:disabled {{ background: transparent; }}
    QScrollBar::handle:hover {{ background: {theme.quiet}; }}
    QScrollBar::handle:vertical {{ min-height: 24px; }}
    QScrollBar::handle:horizontal {{ min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """

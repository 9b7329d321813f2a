"""What helps to frame, in the right panel: grid, mask, mirror, turn, level, and a picture laid over."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import tell_key
from groundglass.desktop.theme import Theme
from groundglass.desktop.turning import Turn
from groundglass.desktop.widgets.buttons import Button
from groundglass.desktop.widgets.fields import DegreesField, Field, Labelled, PercentField, Rounds, Switch
from groundglass.desktop.widgets.grid import ASPECTS, Framing, Grid
from groundglass.desktop.widgets.lines import Heading
from groundglass.desktop.widgets.overlay import Blend, Look

_GRIDS = {one.value: ("No grid" if one is Grid.NONE else f"Grid: {one.value}") for one in Grid}
_MASKS = {one: ("No mask" if one == "whole" else f"Mask: {one}") for one in ASPECTS}
_TURNS = {"0": "Upright", "1": "Turned right", "2": "Upside down", "3": "Turned left"}
MOST_LINES = 24  # of a grid of one's own
_VIEW_ONLY = "\nOnly what is seen here turns; the files stay as they are."
_LEVEL_MORE = f"\nUp and Down step by 0.1\N{DEGREE SIGN}, with Shift by 1\N{DEGREE SIGN}.{_VIEW_ONLY}"
_BLENDS = {one.value: f"Blend: {one.value}" for one in Blend}


class FramingSection(QWidget):
    """Tells what is wanted; the picture paints it."""

    changed = Signal()  # any of the controls, by hand
    picture_wanted = Signal()
    last_wanted = Signal()
    none_wanted = Signal()
    line_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = Rounds("Grid", _GRIDS, theme)
        tell_key(self.grid, "Grid", ActionId.GRID)
        self.columns, self.rows = (
            Field("Columns of a grid of one's own"),
            Field("Rows of a grid of one's own"),
        )
        for field in (self.columns, self.rows):
            field.setToolTip(field.accessibleName())
            field.setValidator(QIntValidator(1, MOST_LINES, self))
            field.show_text("4")
            field.kept.connect(self.changed)
        self.aspect = Rounds("Mask", _MASKS, theme)
        tell_key(self.aspect, "Mask", ActionId.ASPECT)
        self.mirror = Switch("Mirror", theme)
        tell_key(self.mirror, "Mirror", ActionId.MIRROR)
        self.turn = Rounds("Turned", _TURNS, theme)
        tell_key(self.turn, "Turn", ActionId.ROTATE)
        self.level = DegreesField("Fine angle of the picture as it is seen, degrees clockwise")
        tell_key(self.level, "Level right", ActionId.LEVEL_RIGHT, _LEVEL_MORE)
        self.line = Button("Draw a line", theme, height_px=28)
        tell_key(self.line, "Level along a line that you draw", ActionId.LEVEL_BY_LINE, _VIEW_ONLY)
        self.last = Button("Last frame", theme, height_px=28)
        tell_key(self.last, "Lay the last frame over the picture", ActionId.ONION_SKIN)
        self.choose = Button("Picture", theme, height_px=28)
        self.choose.setToolTip("Lay a picture or a layout over the picture")
        self.nothing = Button("None", theme, height_px=28)
        self.nothing.setAccessibleName("Lay nothing over the picture")
        self.blend = Rounds("How it is laid over", _BLENDS, theme)
        self.opacity = PercentField("Opacity of what is laid over, percent", 0, 100, 50)
        self.scale = PercentField("Size of what is laid over, percent", 5, 400, 100)
        self.across = PercentField("Its middle across the picture, percent", 0, 100, 50)
        self.down = PercentField("Its middle down the picture, percent", 0, 100, 50)
        for rounds in (self.grid, self.aspect, self.turn, self.blend):
            rounds.chosen.connect(self.changed)
        for field in (self.level, self.opacity, self.scale, self.across, self.down):
            field.kept.connect(self.changed)
        self.mirror.turned.connect(self.changed)
        self.line.clicked.connect(self.line_wanted)
        self.last.clicked.connect(self.last_wanted)
        self.choose.clicked.connect(self.picture_wanted)
        self.nothing.clicked.connect(self.none_wanted)
        self._lay_out()

    @property
    def framing(self) -> Framing:
        """Return what the controls ask for, without the picture that is laid over."""
        return Framing(
            Grid(self.grid.now),
            int(self.columns.text() or 4),
            int(self.rows.text() or 4),
            self.aspect.now,
            Turn(int(self.turn.now), self.mirror.isChecked(), self.level.degrees),
        )

    def show_framing(self, framing: Framing) -> None:
        """Show what is painted now, without telling."""
        self.grid.show_choice(framing.grid.value)
        self.aspect.show_choice(framing.aspect)
        self.mirror.show_on(framing.turn.is_mirrored)
        self.turn.show_choice(str(framing.turn.quarter_turns))
        self.level.show_degrees(framing.turn.degrees)

    def look(self, before: Look) -> Look:
        """Return how a picture shall be laid over; what was dragged keeps its fraction of a percent."""

        def share(field: PercentField, was: float) -> float:
            return was if f"{was * 100:.0f}" == field.text() else field.percent / 100

        return Look(
            share(self.opacity, before.opacity),
            share(self.scale, before.scale),
            share(self.across, before.across),
            share(self.down, before.down),
            Blend(self.blend.now),
        )

    def show_look(self, look: Look) -> None:
        """Show how a picture is laid over now, without telling."""
        self.blend.show_choice(look.blend.value)
        self.opacity.show_percent(look.opacity * 100)
        self.scale.show_percent(look.scale * 100)
        self.across.show_percent(look.across * 100)
        self.down.show_percent(look.down * 100)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        first = _row(self.grid, 1)
        self.columns.setFixedWidth(36)
        self.rows.setFixedWidth(36)
        first.addWidget(self.columns)
        first.addWidget(Heading("\N{MULTIPLICATION SIGN}"))
        first.addWidget(self.rows)
        column.addLayout(first)
        column.addWidget(self.aspect)
        second = _row(self.mirror, 1)
        second.addWidget(self.turn, 1)
        column.addLayout(second)
        third = _row(Labelled("Level \N{DEGREE SIGN}", self.level), 1)
        third.addWidget(self.line, 1, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(third)
        over = QWidget()
        row = QHBoxLayout(over)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button, share in ((self.last, 4), (self.choose, 3), (self.nothing, 3)):
            row.addWidget(button, share)
        column.addSpacing(4)
        column.addWidget(Labelled("Laid over the picture", over))
        column.addWidget(self.blend)
        for one, other in (
            (Labelled("Opacity %", self.opacity), Labelled("Size %", self.scale)),
            (Labelled("Across %", self.across), Labelled("Down %", self.down)),
        ):
            pair = _row(one, 1)
            pair.addWidget(other, 1)
            column.addLayout(pair)


def _row(first: QWidget, stretch: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(4)
    row.addWidget(first, stretch)
    return row

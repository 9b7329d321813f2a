"""The filter in the right panel: stars, labels, rejected, time, camera, order, count; and how large."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.going_round import after
from groundglass.desktop.keys import tell_key
from groundglass.desktop.theme import Theme
from groundglass.desktop.widgets.buttons import Button, RoundButton
from groundglass.desktop.widgets.chips import LabelChip, StarChip
from groundglass.desktop.widgets.lines import Heading, Words
from groundglass.model.review import ColorLabel
from groundglass.model.shot_filter import EVERYTHING, Rejected, ShotFilter, ShotOrder
from groundglass.model.words import counted

_REJECTED = {
    Rejected.SHOWN: "Rejected: shown",
    Rejected.HIDDEN: "Rejected: hidden",
    Rejected.ONLY: "Rejected only",
}
_DOWN = {
    ShotOrder.TIME: ("Oldest first", "Newest first"),
    ShotOrder.NAME: ("A to Z", "Z to A"),
    ShotOrder.RATING: ("Fewest stars first", "Most stars first"),
    ShotOrder.LABEL: ("A to Z", "Z to A"),
    ShotOrder.CAMERA: ("A to Z", "Z to A"),
}


class FilterSection(QWidget):
    """Says which shots are wanted; what passes is found by others."""

    changed = Signal(object)  # ShotFilter
    since_stepped = Signal()  # another time is wanted to begin from

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = EVERYTHING
        self._cameras: tuple[str, ...] = ()
        self.stars = tuple(StarChip(number, theme, self) for number in range(1, 6))
        for number, chip in enumerate(self.stars, 1):
            chip.clicked.connect(partial(self._toggle_stars, number))
        self.labels = {one: LabelChip(one, theme, self) for one in ColorLabel}
        for label, chip_of_label in self.labels.items():
            chip_of_label.clicked.connect(partial(self._toggle_label, label))
        self.rejected = RoundButton(_REJECTED[Rejected.SHOWN], theme, self, height_px=28)
        tell_key(self.rejected, "Show, hide, or show them only", ActionId.HIDE_REJECTED)
        self.rejected.clicked.connect(self._step_rejected)
        self.since = RoundButton("", theme, self, height_px=28)
        self.since.setToolTip("All, the last hour, today, or from the shown picture on")
        self.since.clicked.connect(self.since_stepped)
        self.camera = RoundButton("All cameras", theme, self, height_px=28)
        self.camera.clicked.connect(self._step_camera)
        self.order = RoundButton("", theme, self, height_px=28)
        self.order.setToolTip("Sort by time, name, rating, label or camera")
        self.order.clicked.connect(self._step_order)
        self.direction = RoundButton("", theme, self, height_px=28)
        self.direction.clicked.connect(self._turn_round)
        self.count = Words(theme, self, quiet=True)
        self.hidden = Words(theme, self)
        self.clear = Button("Show all", theme, self, height_px=28)
        tell_key(self.clear, "Show all pictures", ActionId.SHOW_ALL)
        self.clear.clicked.connect(lambda: self.use(EVERYTHING))
        self.smaller = Button("\N{MINUS SIGN}", theme, self, height_px=28)
        tell_key(self.smaller, "Smaller thumbnails", ActionId.THUMBS_SMALLER)
        self.larger = Button("+", theme, self, height_px=28)
        tell_key(self.larger, "Larger thumbnails", ActionId.THUMBS_LARGER)
        for button, name in ((self.smaller, "Smaller thumbnails"), (self.larger, "Larger thumbnails")):
            button.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(_row(*self.stars))
        column.addLayout(_row(*self.labels.values()))
        for button in (self.rejected, self.since, self.camera, self.order, self.direction):
            column.addWidget(button)
        last = QHBoxLayout()
        last.addWidget(self.count, 1)
        last.addWidget(self.clear)
        column.addLayout(last)
        thumbs = QHBoxLayout()
        thumbs.addWidget(Heading("Thumbnails"), 1)
        thumbs.addWidget(self.smaller)
        thumbs.addWidget(self.larger)
        column.addLayout(thumbs)
        column.addWidget(self.hidden)  # empty as a rule: nothing moves when there are some
        self.camera.hide()
        self._show()

    @property
    def filter(self) -> ShotFilter:
        return self._filter

    def use(self, wanted: ShotFilter) -> None:
        """Take another filter, and tell."""
        if wanted != self._filter:
            self._filter = wanted
            self._show()
            self.changed.emit(wanted)

    def reset(self) -> None:
        """Take the filter that lets all pass, without telling."""
        self._filter = EVERYTHING
        self._show()

    def show_count(self, passed: int, all_shots: int) -> None:
        """Say how many pass; the size of the thumbnails."""
        self.count.say(
            counted(all_shots, "shot") if self._filter.lets_all_pass else f"{passed:,} of {all_shots:,}"
        )

    def show_hidden(self, count: int) -> None:
        """Say how many came that the filter kept from the film."""
        self.hidden.say(f"{count:,} new hidden by the filter" if count else "")

    def show_cameras(self, cameras: tuple[str, ...]) -> None:
        """Offer these cameras; one alone is no choice."""
        if cameras != self._cameras:
            self._cameras = cameras
            self.camera.setVisible(len(cameras) > 1)

    def _toggle_stars(self, number: int) -> None:
        self.use(replace(self._filter, least_stars=0 if self._filter.least_stars == number else number))
        self._show()

    def _toggle_label(self, label: ColorLabel) -> None:
        self.use(replace(self._filter, labels=self._filter.labels ^ {label.value}))

    def _step_rejected(self) -> None:
        self.use(replace(self._filter, rejected=after(self._filter.rejected, Rejected)))

    def _step_camera(self) -> None:
        self.use(replace(self._filter, camera=after(self._filter.camera, ("", *self._cameras))))

    def _step_order(self) -> None:
        order = after(self._filter.order, ShotOrder)
        self.use(replace(self._filter, order=order, is_descending=order is ShotOrder.RATING))

    def _turn_round(self) -> None:
        self.use(replace(self._filter, is_descending=not self._filter.is_descending))

    def _show(self) -> None:
        wanted = self._filter
        for number, chip in enumerate(self.stars, 1):
            chip.setChecked(number == wanted.least_stars)
            chip.set_lit(number <= wanted.least_stars)
        for label, chip_of_label in self.labels.items():
            chip_of_label.setChecked(label.value in wanted.labels)
        for button, words in (
            (self.rejected, _REJECTED[wanted.rejected]),
            (self.since, _since_words(wanted.since)),
            (self.camera, wanted.camera or "All cameras"),
            (self.order, f"Sort by {wanted.order.value}"),
            (self.direction, _DOWN[wanted.order][wanted.is_descending]),
        ):
            button.setText(words)
            button.setAccessibleName(words)
        self.clear.setEnabled(wanted != EVERYTHING)


def _since_words(since: datetime | None) -> str:
    if since is None:
        return "All times"
    here, today = since.astimezone(), datetime.now().astimezone().date()
    if here.date() == today:
        return f"Since {here:%H:%M}" if here.hour or here.minute else "Today"
    return f"Since {here.day} {here:%b %H:%M}"


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for one in widgets:
        row.addWidget(one)
    row.addStretch(1)
    return row

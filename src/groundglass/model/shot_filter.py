"""Which shots are looked at, and in which order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from operator import gt, lt
from typing import Any

from msgspec import Struct

from groundglass.model.review import NOTHING_SAID, Review
from groundglass.model.shot import Shot


class Rejected(StrEnum):
    """What becomes of rejected shots."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    ONLY = "only"


class ShotOrder(StrEnum):
    """What shots are sorted by."""

    TIME = "time"
    NAME = "name"
    RATING = "rating"
    LABEL = "label"
    CAMERA = "camera"


class ShotFilter(Struct, frozen=True):
    """What a shot must be to be looked at; every condition holds at once."""

    least_stars: int = 0
    labels: frozenset[str] = frozenset()  # any of these; empty: whatever the label
    rejected: Rejected = Rejected.SHOWN
    camera: str = ""  # the model; empty: any
    since: datetime | None = None  # with its time zone; None: whenever it was taken
    order: ShotOrder = ShotOrder.TIME
    is_descending: bool = False

    @property
    def lets_all_pass(self) -> bool:
        is_any = not (self.least_stars or self.labels or self.camera or self.since)
        return is_any and self.rejected is Rejected.SHOWN

    def passes(self, shot: Shot, review: Review) -> bool:
        if self.rejected is Rejected.HIDDEN and review.is_rejected:
            return False
        if self.rejected is Rejected.ONLY and not review.is_rejected:
            return False
        return (
            (review.rating >= self.least_stars if self.least_stars else True)
            and (not self.labels or (review.color or review.label) in self.labels)
            and self.camera in ("", shot.camera)
            and (self.since is None or shot.taken_at >= self.since)
        )

    def sift(self, shots: Iterable[Shot], reviews: Mapping[int, Review]) -> list[Shot]:
        """Return the shots that pass, in order; equal ones by time. 20,000 take some ten ms."""
        return self.in_order(
            (shot for shot in shots if self.passes(shot, reviews.get(shot.number, NOTHING_SAID))), reviews
        )

    def in_order(self, shots: Iterable[Shot], reviews: Mapping[int, Review]) -> list[Shot]:
        """Return shots in order, whether they pass or not; equal ones by time."""
        return sorted(shots, key=self._place(reviews), reverse=self.is_descending)

    def place(self, shot: Shot, among: Sequence[Shot], reviews: Mapping[int, Review]) -> int:
        """Return before which of these, which are in order, a shot stands, whether it passes or not."""
        place = self._place(reviews)
        own = place(shot)
        is_behind: Callable[[Any, Any], bool] = lt if self.is_descending else gt
        return bisect_left(range(len(among)), True, key=lambda row: is_behind(place(among[row]), own))

    def _place(self, reviews: Mapping[int, Review]) -> Callable[[Shot], Any]:
        """Return what shots are sorted by."""

        def said(shot: Shot) -> Review:
            return reviews.get(shot.number, NOTHING_SAID)

        # Numbers are given at the release: they are the order of time, whatever the clocks said.
        match self.order:
            case ShotOrder.NAME:
                return lambda shot: (shot.files[0].path.casefold() if shot.files else "", shot.number)
            case ShotOrder.RATING:
                return lambda shot: (said(shot).rating, shot.number)
            case ShotOrder.LABEL:
                return lambda shot: (said(shot).label.casefold(), shot.number)
            case ShotOrder.CAMERA:
                return lambda shot: (shot.camera, shot.serial, shot.number)
        return lambda shot: shot.number


EVERYTHING = ShotFilter()

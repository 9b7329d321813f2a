"""What a photographer says of a shot: stars, rejected or not, a colour label, keywords."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from groundglass.errors import UsageError

REJECTED = -1
MOST_STARS = 5


class ColorLabel(StrEnum):
    """The labels that photographers' programs share, as Lightroom spells them in sidecars."""

    RED = "Red"
    YELLOW = "Yellow"
    GREEN = "Green"
    BLUE = "Blue"
    PURPLE = "Purple"

    @classmethod
    def parse(cls, text: str) -> ColorLabel:
        """Read a label's name, whatever its case; raise UsageError for anything else."""
        found = _LABELS.get(text.strip().casefold())
        if found is None:
            raise UsageError(f"“{text}” is no colour label.", f"Labels are {', '.join(cls)}, or none.")
        return found


_LABELS = {one.value.casefold(): one for one in ColorLabel}


class Review(Struct, frozen=True):
    """What is said of one shot. Raises UsageError."""

    rating: int = 0  # stars 0 to 5, or REJECTED
    label: str = ""  # mostly a ColorLabel; other programs may write words of their own
    keywords: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not REJECTED <= self.rating <= MOST_STARS:
            raise UsageError(f"{self.rating} is not a rating.", "Give 0 to 5 stars, or reject the shot.")

    @property
    def is_rejected(self) -> bool:
        return self.rating == REJECTED

    @property
    def stars(self) -> int:
        return max(self.rating, 0)

    @property
    def color(self) -> ColorLabel | None:
        return _LABELS.get(self.label.casefold())

    @property
    def words(self) -> str:
        """Say it in a line, as `3 stars, Red`; empty if nothing is said."""
        stars = "" if not self.stars else "1 star" if self.stars == 1 else f"{self.stars} stars"
        said = ("Rejected" if self.is_rejected else stars, self.label, ", ".join(self.keywords))
        return ", ".join(one for one in said if one)

    @property
    def marks(self) -> str:
        """Say it as it stands under a picture: `★★★  Red`."""
        said = ("Rejected" if self.is_rejected else "\N{BLACK STAR}" * self.stars, self.label)
        return "   ".join(one for one in said if one)


NOTHING_SAID = Review()


class ReviewChange(Struct, frozen=True):
    """What shall be said otherwise; None leaves it as it is."""

    rating: int | None = None
    label: str | None = None  # "" takes it away
    add_keywords: tuple[str, ...] = ()
    remove_keywords: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Say it in a line, as `3 stars`, `no label`."""
        stars = "" if self.rating is None else Review(self.rating).words.lower() or "no stars"
        label = "" if self.label is None else f"label {self.label}" if self.label else "no label"
        keywords = "keywords" if self.add_keywords or self.remove_keywords else ""
        return ", ".join(one for one in (stars, label, keywords) if one)

    def undone(self, before: Review, now: Review) -> ReviewChange | None:
        """Return what takes this change back; None: something else was said since.

        before: what was said when it was made.  now: what is said; the rest of that stays.
        """
        after = self.of(before)
        added = tuple(one for one in after.keywords if one not in before.keywords)
        removed = tuple(one for one in before.keywords if one not in after.keywords)
        still_says = (
            self.rating in (None, now.rating)
            and self.label in (None, now.label)
            and all(one in now.keywords for one in added)
            and not any(one in now.keywords for one in removed)
        )
        if not still_says:
            return None
        if (added or removed) and now.keywords == after.keywords:
            added, removed = now.keywords, before.keywords  # so that they stand in their old order
        return ReviewChange(
            None if self.rating is None else before.rating,
            None if self.label is None else before.label,
            add_keywords=removed,
            remove_keywords=added,
        )

    def of(self, before: Review) -> Review:
        """Return a review with this change."""
        kept = [one for one in before.keywords if one not in self.remove_keywords]
        kept += [one for one in dict.fromkeys(self.add_keywords) if one not in kept]
        return replace(
            before,
            rating=before.rating if self.rating is None else self.rating,
            label=before.label if self.label is None else self.label,
            keywords=tuple(kept),
        )


def rejecting(reviews: Iterable[Review]) -> ReviewChange:
    """Return what the reject key does: reject all, or take it back where all are rejected."""
    return ReviewChange(rating=0 if all(one.is_rejected for one in reviews) else REJECTED)


def labelling(reviews: Iterable[Review], label: ColorLabel) -> ReviewChange:
    """Return what a label's key does: put it on all, or take it off where all have it."""
    return ReviewChange(label="" if all(one.color is label for one in reviews) else label.value)

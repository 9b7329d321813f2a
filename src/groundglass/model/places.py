"""Where a frame lives, and what becomes of the card's copy."""

from __future__ import annotations

from enum import StrEnum

from groundglass.errors import UsageError


class Place(StrEnum):
    """A place that holds every file of a shot."""

    CARD = "card"  # as far as is known: a card can be formatted or changed in the camera
    DISK = "disk"
    BACKUP = "backup"
    UNSEEN_CARD = "card not known"  # perhaps there too: the body does not show its card over the cable


class CardPolicy(StrEnum):
    """What becomes of the card's copy of a frame that is stored."""

    KEEP = "keep"
    DELETE_AFTER_BACKUP = "delete-after-backup"  # once the disk's and the backup's copy were read again

    @classmethod
    def parse(cls, text: str) -> CardPolicy:
        """Read `keep` or `delete-after-backup`; empty: keep. Raises UsageError."""
        try:
            return cls(text.strip().lower() or cls.KEEP)
        except ValueError as err:
            raise UsageError(
                f"“{text}” says nothing about the card's copies.", f"Write {' or '.join(cls)}."
            ) from err

"""Counts as people read them."""

from __future__ import annotations


def shots_words(count: int) -> str:
    """Say how many shots there are: `1 shot`, `12,000 shots`."""
    return "1 shot" if count == 1 else f"{count:,} shots"

"""Which row of a list is meant by the letters and figures that were typed at it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from groundglass.model.exposure import bare_denominator


def find_typed(labels: Sequence[str], typed: str, current: int = -1) -> int | None:
    """Return the row that fits best: it begins so, a word in it does, or it contains it; None: none does.

    Case and spaces do not count, and a hyphen is a minus sign. The same letter again and again goes
    through the rows that begin with it, from behind `current`.
    """
    wanted = _plain(typed)
    if not wanted:
        return None
    ranks = [_rank(label, wanted) for label in labels]
    if len(wanted) > 1 and len(set(wanted)) == 1 and not any(rank in (_IS, _BEGINS) for rank in ranks):
        begins = [row for row, label in enumerate(labels) if _plain(label).startswith(wanted[0])]
        return next((row for row in begins if row > current), begins[0] if begins else None)
    best = min(ranks, default=_FITS_NOT)
    return ranks.index(best) if best < _FITS_NOT else None


_IS, _BEGINS, _HAS_WORD, _WORD_BEGINS, _HAS, _FITS_NOT = range(6)


def _rank(label: str, wanted: str) -> int:
    """Tell how well a label fits; the lower the better."""
    plain = _plain(label)
    # As on a body's display: 30 is 1/30.
    if plain == wanted or (bare_denominator(wanted) is not None and plain == f"1/{wanted}"):
        return _IS
    if plain.startswith(wanted):
        return _BEGINS
    words = re.findall(r"[\w.]+", label.casefold())
    if wanted in words:
        return _HAS_WORD
    if any(word.startswith(wanted) for word in words):
        return _WORD_BEGINS
    return _HAS if wanted in plain else _FITS_NOT


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text.casefold()).replace("\N{MINUS SIGN}", "-")

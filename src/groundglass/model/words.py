"""Figures as people read them."""

from __future__ import annotations

import re

# Under this share of the picture, clipping is told as "<0.1 %".
NOTABLE_SHARE = 0.0005


def counted(count: int, one: str, more: str | None = None) -> str:
    """Say how many there are: `1 shot`, `12,000 shots`. more: the plural, if it is not `one` with an s."""
    return f"1 {one}" if count == 1 else f"{count:,} {more or one + 's'}"


def signed(number: float) -> str:
    """Write a number with its sign and one decimal, and a minus sign for a hyphen: `+1.3`, `0.0`."""
    tenths = round(number, 1)
    return f"{tenths:+.1f}".replace("-", "\N{MINUS SIGN}") if tenths else "0.0"


def with_minus(label: str) -> str:
    """Return a value as it is shown: a minus sign for the hyphen before a number, `1-2` as it is."""
    return re.sub(r"(?<!\w)-(?=\d)", "\N{MINUS SIGN}", label)


def share_words(share: float) -> str:
    """Write a part of a picture, 0 to 1, in per cent: `2.1 %`, and never 0.0 for what is not nothing."""
    return "<0.1 %" if 0 < share < NOTABLE_SHARE else f"{100 * share:.1f} %"


def size_words(size_bytes: int) -> str:
    """Write a size as cameras and disks do, in powers of ten: `24.3 MB`."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit in ("B", "kB") else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"

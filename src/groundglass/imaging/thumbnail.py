"""Thumbnails and first looks, from the smallest picture in a file that is large enough."""

from __future__ import annotations

from pathlib import Path

from groundglass.imaging.decode import SMALLEST_PREVIEW, Picture, load_picture, load_preview

_GOOD_SHARE = 0.85


def small_picture(path: Path, edge: int) -> Picture:
    """Return an upright thumbnail of a JPEG or RAW file, its longest edge about `edge` pixels at most.

    With the profile that its colours are in. Raises ImageError.
    """
    preview = load_preview(path, edge)
    # Many bodies write 160 px and nothing larger; for 180 the whole of 45 MP would take 0.3 s.
    if preview is not None and max(preview.image.shape[:2]) >= edge * _GOOD_SHARE:
        return preview
    return load_picture(path, edge)


def quick_look(path: Path) -> Picture | None:
    """Return the upright preview inside a file, for the screen until the picture is decoded.

    None without one of 640 pixels or more. Raises ImageError.
    """
    preview = load_preview(path)
    if preview is None or max(preview.image.shape[:2]) < SMALLEST_PREVIEW:
        return None
    return preview

"""Open a picture's metadata with exiv2, one file at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from groundglass import xmp_toolkit


@contextmanager
def metadata_of(path: Path) -> Iterator[Any]:
    """Give the `exiv2.Image` of a file, its metadata read; any thread, which others wait for.

    Raises exiv2.Exiv2Error; a tag without a value is an IndexError for whoever asks for that.
    """
    import exiv2  # 40 ms

    with xmp_toolkit.LOCK:
        exiv2.LogMsg.setLevel(exiv2.LogMsg.Level.mute)  # else it writes about odd tags to stderr
        image = exiv2.ImageFactory.open(str(path))
        image.readMetadata()
        yield image

"""Which libraries decode the pictures."""

from __future__ import annotations

import cv2
import rawpy


def library_versions() -> dict[str, str]:
    """Return the names and versions of the libraries that decode pictures."""
    return {"LibRaw": ".".join(map(str, rawpy.libraw_version)), "OpenCV": cv2.__version__}

"""Any picture file as a layer over the live picture: JPEG, RAW, or what Qt reads, with its transparency."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage, QImageReader

from groundglass.desktop import pictures
from groundglass.desktop.monitor import for_screen
from groundglass.desktop.widgets.overlay import Layer
from groundglass.errors import ImageError
from groundglass.model.shot import FileRole

_EDGE_PX = 2560


def read_layer(path: Path) -> Layer:
    """Read a layer, no larger than a screen needs it; raises ImageError. Not on the user-interface thread."""
    if FileRole.of(path.name) in (FileRole.JPEG, FileRole.RAW):
        return Layer(pictures.small_shown(path, _EDGE_PX, _EDGE_PX))
    return _with_alpha(path)


def _with_alpha(path: Path) -> Layer:
    import cv2
    import numpy as np

    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    found = reader.read()
    if found.isNull():
        raise ImageError(
            f"“{path.name}” cannot be laid over the picture.", "Take a JPEG, PNG, TIFF or RAW file."
        )
    found = found.convertToFormat(QImage.Format.Format_ARGB32)
    rows = np.frombuffer(found.constBits(), np.uint8).reshape(found.height(), found.bytesPerLine() // 4, 4)
    straight = np.ascontiguousarray(rows[:, : found.width()])
    shown = for_screen(straight, None).copy()
    alpha = straight[..., 3:]
    shown[..., :3] = cv2.multiply(shown[..., :3], cv2.merge([alpha] * 3), scale=1 / 255)
    shown[..., 3:] = alpha
    share = min(_EDGE_PX / max(shown.shape[:2]), 1.0)
    if share < 1:
        shown = np.asarray(
            cv2.resize(shown, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8
        )
    return Layer(np.ascontiguousarray(shown), has_alpha=True)

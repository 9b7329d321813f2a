"""Pixels as Qt sees them. numpy itself is loaded by whoever makes some, so never before the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def as_image(pixels: NDArray[np.uint8] | None, kind: QImage.Format | None = None) -> QImage:
    """Look at pixels as an image, without a copy: whoever calls keeps the array as long as the image.

    pixels: (height, width, 4) BGRX or (height, width, 3) BGR, rows contiguous; None: a null image.
    kind: what they are, if something else.
    """
    if pixels is None:
        return QImage()
    height, width = pixels.shape[:2]
    formats = QImage.Format
    kind = kind or (formats.Format_RGB32 if pixels.shape[2] == 4 else formats.Format_BGR888)
    return QImage(pixels.data, width, height, pixels.strides[0], kind)

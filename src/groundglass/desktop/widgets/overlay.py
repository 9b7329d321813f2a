"""What is laid over the live picture: a layout, the last frame, or a frozen one beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from groundglass.desktop.pixels import as_image

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_SCALE, MOST_SCALE = 0.05, 4.0
_SEAM_LIGHT, _SEAM_DARK = QColor(255, 255, 255, 200), QColor(0, 0, 0, 160)


class Blend(StrEnum):
    """How a layer meets the picture under it, in the order in which the key goes round."""

    NORMAL = "normal"
    DIFFERENCE = "difference"
    SCREEN = "screen"
    MULTIPLY = "multiply"

    @property
    def following(self) -> Blend:
        every = list(Blend)
        return every[(every.index(self) + 1) % len(every)]


_MODES = {
    Blend.NORMAL: QPainter.CompositionMode.CompositionMode_SourceOver,
    Blend.DIFFERENCE: QPainter.CompositionMode.CompositionMode_Difference,
    Blend.SCREEN: QPainter.CompositionMode.CompositionMode_Screen,
    Blend.MULTIPLY: QPainter.CompositionMode.CompositionMode_Multiply,
}


class Layer:
    """Pixels that are painted over each live frame; scaled once for each size, then copied."""

    def __init__(self, pixels: NDArray[np.uint8], *, has_alpha: bool = False) -> None:
        """pixels: (height, width, 4), BGRX, or BGRA with the colours already multiplied by alpha."""
        self._pixels = pixels  # the image looks at them
        self._image = as_image(pixels)
        if has_alpha:
            self._image.reinterpretAsFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self._scaled = self._image

    @property
    def size(self) -> QSize:
        return self._image.size()

    def at(self, size: QSize) -> QImage:
        """Return the layer at a size in device pixels. User-interface thread; 5 ms when it changes."""
        if self._scaled.size() != size:
            smooth = Qt.TransformationMode.SmoothTransformation
            self._scaled = self._image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        return self._scaled


@dataclass(frozen=True, slots=True)
class Look:
    """How and where a layer is laid over a picture."""

    opacity: float = 0.5
    scale: float = 1.0  # of the largest that fits
    across: float = 0.5  # where its middle is, 0 to 1
    down: float = 0.5
    blend: Blend = Blend.NORMAL

    @property
    def bounded(self) -> Look:
        """Return it within its limits: the middle never outside of the picture."""
        return replace(
            self,
            opacity=min(max(self.opacity, 0.0), 1.0),
            scale=min(max(self.scale, LEAST_SCALE), MOST_SCALE),
            across=min(max(self.across, 0.0), 1.0),
            down=min(max(self.down, 0.0), 1.0),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Ghost:
    """A layer, and how it is laid over."""

    layer: Layer
    look: Look = Look()


def paint_ghost(painter: QPainter, picture: QRect, ghost: Ghost) -> None:
    """Paint a layer over a picture, in the painter's own pixels."""
    look = ghost.look
    size = ghost.layer.size.scaled(picture.size() * look.scale, Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(QPoint(0, 0), size.expandedTo(QSize(1, 1)))
    place.moveCenter(
        QPoint(
            picture.left() + round(picture.width() * look.across),
            picture.top() + round(picture.height() * look.down),
        )
    )
    painter.save()
    painter.setClipRect(picture)
    painter.setOpacity(look.opacity)
    painter.setCompositionMode(_MODES[look.blend])
    painter.drawImage(place.topLeft(), ghost.layer.at(place.size()))
    painter.restore()


def paint_beside(
    painter: QPainter, picture: QRect, layer: Layer, quarter_turns: int, *, is_mirrored: bool
) -> None:
    """Paint the left half of a picture from a layer that is turned as the picture is, and a seam."""
    left = QRect(picture.topLeft(), QSize(picture.width() // 2, picture.height()))
    stored = picture.size().transposed() if quarter_turns % 2 else picture.size()
    painter.save()
    painter.setClipRect(left)
    painter.translate(QRectF(picture).center())
    painter.scale(-1 if is_mirrored else 1, 1)
    painter.rotate(90 * quarter_turns)
    painter.drawImage(QPoint(-(stored.width() // 2), -(stored.height() // 2)), layer.at(stored))
    painter.restore()
    painter.fillRect(left.right(), picture.top(), 1, picture.height(), _SEAM_LIGHT)
    painter.fillRect(left.right() + 1, picture.top(), 1, picture.height(), _SEAM_DARK)

"""What is laid over the live picture: a layout, the last frame, or a frozen one beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from groundglass.desktop.going_round import after
from groundglass.desktop.pixels import as_image
from groundglass.desktop.turning import UPRIGHT, Turn
from groundglass.desktop.widgets.picture_place import PicturePlace

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
        return after(self, Blend)


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
        self._has_alpha = has_alpha
        self._turned: tuple[QImage, NDArray[np.uint8]] = (QImage(), pixels)
        self._wanted: tuple[Turn, QSize] | None = None

    @property
    def size(self) -> QSize:
        return self._image.size()

    def at(self, size: QSize) -> QImage:
        """Return the layer at a size in device pixels. User-interface thread; 5 ms when it changes."""
        if self._scaled.size() != size:
            smooth = Qt.TransformationMode.SmoothTransformation
            self._scaled = self._image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        return self._scaled

    def turned(self, turn: Turn, size: QSize) -> QImage:
        """Return the layer at a size and then turned; if that is not made yet, as it was made last."""
        return self.at(size) if turn == UPRIGHT else self._turned[0]

    def wants(self, turn: Turn, size: QSize) -> bool:
        """Tell, once for each wish, whether `make` has to be called for this. User-interface thread."""
        if turn == UPRIGHT or self._wanted == (turn, size):
            return False
        self._wanted = (turn, QSize(size))
        return True

    def make(self, turn: Turn, size: QSize) -> None:
        """Make the layer as it is to be painted, clear around. Not on the user-interface thread."""
        from groundglass.desktop.turned_pixels import turned_layer

        pixels = turned_layer(self._pixels, turn, (size.width(), size.height()), has_alpha=self._has_alpha)
        image = as_image(pixels)
        image.reinterpretAsFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self._turned = (image, pixels)


class Look(Struct, frozen=True):
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


class Ghost(Struct, frozen=True, eq=False):
    """A layer, and how it is laid over."""

    layer: Layer
    look: Look = Look()
    is_turned: bool = False  # as the picture is: a frame of the same camera. A layout is upright


def ghost_form(picture: PicturePlace, ghost: Ghost) -> tuple[Turn, QSize]:
    """Return how a layer over a picture is turned, and its size before that."""
    room = picture.flat if ghost.is_turned else picture.frame.size()
    size = ghost.layer.size.scaled(room * ghost.look.scale, Qt.AspectRatioMode.KeepAspectRatio)
    return picture.turn if ghost.is_turned else UPRIGHT, size.expandedTo(QSize(1, 1))


def paint_ghost(painter: QPainter, picture: PicturePlace, ghost: Ghost) -> None:
    """Paint a layer over a picture, in the painter's own pixels."""
    look, frame = ghost.look, picture.frame
    image = ghost.layer.turned(*ghost_form(picture, ghost))
    place = QRect(QPoint(0, 0), image.size())
    place.moveCenter(
        QPoint(
            frame.left() + round(frame.width() * look.across),
            frame.top() + round(frame.height() * look.down),
        )
    )
    painter.save()
    painter.setClipRect(picture.place if ghost.is_turned else frame)
    painter.setOpacity(look.opacity)
    painter.setCompositionMode(_MODES[look.blend])
    painter.drawImage(place.topLeft(), image)
    painter.restore()


def paint_beside(painter: QPainter, picture: PicturePlace, layer: Layer) -> None:
    """Paint the left half of a picture from a layer that is turned as the picture is, and a seam."""
    place = picture.place
    left = QRect(place.topLeft(), QSize(place.width() // 2, place.height()))
    image = layer.turned(picture.turn, picture.flat)
    painter.save()
    painter.setClipRect(left)
    painter.drawImage(
        place.topLeft() + QPoint(place.width() - image.width(), place.height() - image.height()) / 2, image
    )
    painter.restore()
    painter.fillRect(left.right(), place.top(), 1, place.height(), _SEAM_LIGHT)
    painter.fillRect(left.right() + 1, place.top(), 1, place.height(), _SEAM_DARK)

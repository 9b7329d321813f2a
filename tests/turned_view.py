"""Shows a picture as the window does: fitted and turned as the scaler does it, then painted."""

from __future__ import annotations

import cv2
import numpy as np

from groundglass.desktop.theme import Theme
from groundglass.desktop.turned_pixels import turned_pixels
from groundglass.desktop.turning import fitted_sizes
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.desktop.widgets.zoomed_picture import ZoomedPart


def ground_of(theme: Theme) -> int:
    return int(theme.surround[1:3], 16)


class TurnedView(PictureView):
    """A view that turns its pictures itself, at once."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._picture: np.ndarray | None = None
        self.turn_changed.connect(lambda *_: self.refit())
        self.size_changed.connect(lambda *_: self.refit())
        self.part_wanted.connect(self.make_part)
        self.layer_wanted.connect(lambda layer, turn, size: layer.make(turn, size))

    def show_picture(self, picture: np.ndarray) -> None:
        """picture: (height, width, 4) BGRX."""
        self._picture = picture
        self.refit()

    def refit(self) -> None:
        if self._picture is not None:
            turn = self.framing.turn
            rows, columns = self._picture.shape[:2]
            flat, seen = fitted_sizes(turn, columns, rows, self.device_size.toTuple())
            fitted = np.asarray(cv2.resize(self._picture, flat), np.uint8)
            self.show_image(turned_pixels(fitted, turn, seen, ground_of(self._theme)), turn, flat)

    def make_part(self, part: ZoomedPart) -> None:
        self.show_part(part, part.make())

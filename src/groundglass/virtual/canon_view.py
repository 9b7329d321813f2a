"""What a Canon does with a live frame before it sends it: a frame to magnify, and smaller sizes."""

from __future__ import annotations

import cv2
import numpy as np

_POWERS = (1, 5, 10)
_QUALITY = 85
_SMALLER = ((0x2, 1.0), (0x4, 2 / 3), (0x8, 1 / 3))  # bits of the output: large, medium, small


class MagnifierFrame:
    """The frame that is moved over the picture: what it holds is magnified, and focused on."""

    def __init__(self) -> None:
        self.power = 1
        self.centre = (0.5, 0.5)

    def zoom_to(self, power: int) -> bool:
        """Enlarge 1, 5 or 10 times; says whether there is such a power."""
        if power not in _POWERS:
            return False
        self.power = power
        return True

    def move_to(self, x: float, y: float) -> bool:
        """Put the upper left corner there, 0..1; a place where the frame is not whole is passed over."""
        size = 1 / max(self.power, 5)
        if not (0 < x <= 1 - size + 1e-9 and 0 < y <= 1 - size + 1e-9):
            return False
        self.centre = (x + size / 2, y + size / 2)
        return True


def shrunk(jpeg: bytes, output: int) -> bytes:
    """Return the frame as it is sent; an untouched one as it came."""
    scale = next((scale for bit, scale in _SMALLER if output & bit), 1.0)
    if scale == 1.0:
        return jpeg
    frame = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if frame is None:
        return jpeg  # damaged on demand
    height, width = frame.shape[:2]
    size = (round(width * scale), round(height * scale))
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1])

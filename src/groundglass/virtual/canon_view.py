"""What a Canon does with a live frame before it sends it: a magnifier, and smaller sizes."""

from __future__ import annotations

import cv2
import numpy as np

_POWERS = (1, 5, 10)
_QUALITY = 85
_SMALLER = ((0x2, 1.0), (0x4, 2 / 3), (0x8, 1 / 3))  # bits of the output: large, medium, small


class Magnifier:
    """The part of the frame that is shown."""

    def __init__(self) -> None:
        self._power = 1
        self._corner = (0.4, 0.4)  # upper left, 0..1

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the enlarged part at five times, 0..1; where the autofocus looks."""
        x, y = self._corner
        return x + 0.1, y + 0.1

    def zoom_to(self, power: int) -> bool:
        """Enlarge 1, 5 or 10 times; says whether there is such a power."""
        if power not in _POWERS:
            return False
        self._power = power
        return True

    def move_to(self, x: float, y: float) -> None:
        """Put the upper left corner of the enlarged part, 0..1; it stays within the frame."""
        self._corner = (min(0.8, max(0.0, x)), min(0.8, max(0.0, y)))

    def show(self, jpeg: bytes, output: int) -> bytes:
        """Return the frame as it is sent; an untouched one as it came."""
        scale = next((scale for bit, scale in _SMALLER if output & bit), 1.0)
        if self._power == 1 and scale == 1.0:
            return jpeg
        frame = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        if frame is None:
            return jpeg  # damaged on demand
        height, width = frame.shape[:2]
        if self._power > 1:
            left, top = int(self._corner[0] * width), int(self._corner[1] * height)
            frame = frame[top : top + height // self._power, left : left + width // self._power]
        size = (round(width * scale), round(height * scale))
        shown = cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR if self._power > 1 else cv2.INTER_AREA)
        return bytes(cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1])

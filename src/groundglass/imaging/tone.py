"""From 8-bit codes to light and back.

sRGB (IEC 61966-2-1): c = code / 255; light = c / 12.92 up to c = 0.04045, else ((c + 0.055) / 1.055) ** 2.4.
Middle grey is a light of 0.18, code 117.6.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

MIDDLE_GREY = 0.18


def _srgb_light() -> NDArray[np.float64]:
    code = np.arange(256) / 255
    light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    light.flags.writeable = False
    return light


SRGB_LIGHT = _srgb_light()  # (256,): linear light, 0..1, of each code


def ev_of_light(light: float) -> float:
    """Return stops above middle grey; minus infinity without light."""
    return math.log2(light / MIDDLE_GREY) if light > 0 else -math.inf

"""Which light the codes of a picture stand for, by the colour space that it is in."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundglass.imaging import color
from groundglass.imaging.tone import SRGB_LIGHT


class Space(Struct, frozen=True, eq=False):
    """A space of red, green and blue under daylight, D65."""

    tone: NDArray[np.float64]  # (256,): the light of each code, 0..1
    luma: tuple[float, float, float]  # what red, green and blue add to Y
    from_xyz: NDArray[np.float64]  # (3, 3): light as X, Y, Z to red, green and blue


SRGB = Space(
    SRGB_LIGHT,
    (0.2126, 0.7152, 0.0722),
    np.array(
        (
            (3.2404542, -1.5371385, -0.4985314),
            (-0.9692660, 1.8760108, 0.0415560),
            (0.0556434, -0.2040259, 1.0572252),
        )
    ),
)
ADOBE_RGB = Space(
    (np.arange(256) / 255) ** (563 / 256),
    (0.2973, 0.6274, 0.0753),
    np.array(
        (
            (2.0413690, -0.5649464, -0.3446944),
            (-0.9692660, 1.8760108, 0.0415560),
            (0.0134474, -0.1183897, 1.0154096),
        )
    ),
)
DISPLAY_P3 = Space(
    SRGB_LIGHT,
    (0.2290, 0.6917, 0.0793),
    np.array(
        (
            (2.4934969, -0.9313836, -0.4027108),
            (-0.8294890, 1.7626641, 0.0236247),
            (0.0358458, -0.0761724, 0.9568845),
        )
    ),
)
_KNOWN = ((color.SRGB, SRGB), (color.ADOBE_RGB, ADOBE_RGB), (color.DISPLAY_P3, DISPLAY_P3))


def space_of(profile: color.Profile | None) -> Space:
    """Return the space of a picture's profile; sRGB's for none, and for one that no body writes.

    Some ms for the first picture of a profile. Raises ImageError for one that cannot be used.
    """
    if profile is None:
        return SRGB
    return next((space for known, space in _KNOWN if color.are_alike(profile, known)), SRGB)

"""What the spot meter, the focus score and the scopes read in a picture. Loads OpenCV, so import it late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundglass.desktop.picture_tools import Judging, Scope
from groundglass.desktop.spot_place import PICK_WIDTH, spot_area
from groundglass.imaging.exposure_tools import Spot, spot_meter
from groundglass.imaging.focus import focus_score
from groundglass.imaging.overlay import Area
from groundglass.imaging.scopes import rgb_parade, waveform
from groundglass.imaging.space import space_of
from groundglass.imaging.white_balance import is_even

if TYPE_CHECKING:
    from groundglass.imaging.color import Profile

# A scope shows no more than this, and takes 2 ms for it.
_SCOPE_PIXELS = 1024 * 680


class Reading(Struct, frozen=True, eq=False):
    """Figures of one picture; None for each that is off."""

    spot: Spot | None = None
    spot_at: tuple[float, float] | None = None  # where its middle was asked for
    is_pick: bool = False  # of the smaller spot
    is_even: bool = True  # that spot is of one colour
    focus: float | None = None
    scope: NDArray[np.uint8] | None = None  # (height, width, 4) BGRX, in the size that was asked for


def read(image: NDArray[np.uint8], judging: Judging, profile: Profile | None = None) -> Reading:
    """Measure what is on, and nothing else. Releases the GIL.

    image: (height, width, 4) BGRX.  profile: the picture's; None: sRGB.
    """
    spot = focus = scope = None
    even = True
    if judging.spot is not None:
        aspect, space = image.shape[1] / image.shape[0], space_of(profile)
        area = Area(*spot_area(judging.spot, aspect))
        focus = focus_score(image, area)
        if judging.is_pick:
            area = Area(*spot_area(judging.spot, aspect, PICK_WIDTH))
            even = is_even(image, area, space)
        spot = spot_meter(image, area, space)
    if judging.scope is not Scope.HISTOGRAM:
        drawn = (waveform if judging.scope is Scope.WAVEFORM else rgb_parade)(_small(image))
        scope = np.asarray(cv2.resize(drawn, judging.scope_size, interpolation=cv2.INTER_AREA), np.uint8)
    return Reading(spot, judging.spot, judging.is_pick, even, focus, scope)


def _small(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Leave pixels out, so that those that stay keep their values."""
    step = max(1, round((image.shape[0] * image.shape[1] / _SCOPE_PIXELS) ** 0.5))
    return np.ascontiguousarray(image[::step, ::step]) if step > 1 else image

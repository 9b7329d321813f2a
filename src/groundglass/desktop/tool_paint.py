"""Paints the tools into a picture on the scaler's thread. Loads OpenCV, so import it late."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from groundglass.desktop.clipping_stripes import mark_clipping
from groundglass.desktop.picture_tools import Peaking, PeakingInk, PictureTools
from groundglass.imaging.false_color import false_color
from groundglass.imaging.focus import PeakingStrength, focus_peaking
from groundglass.imaging.overlay import BGR, paint
from groundglass.imaging.space import SRGB, Space

# Cyan first: hardly a subject has it, and it means nothing else in the window.
INKS: dict[PeakingInk, BGR] = {
    PeakingInk.CYAN: (255, 230, 0),
    PeakingInk.RED: (40, 40, 255),
    PeakingInk.YELLOW: (0, 230, 255),
    PeakingInk.WHITE: (255, 255, 255),
}
_STRENGTHS = {
    Peaking.WEAK: PeakingStrength.LOW,
    Peaking.NORMAL: PeakingStrength.MEDIUM,
    Peaking.STRONG: PeakingStrength.HIGH,
}


def with_tools(
    fitted: NDArray[np.uint8],
    picture: NDArray[np.uint8],
    tools: PictureTools,
    phase: int = 0,
    shown: NDArray[np.uint8] | None = None,
    places: tuple[NDArray[np.uint8], NDArray[np.uint8]] | None = None,
    space: Space = SRGB,
) -> NDArray[np.uint8]:
    """Return the fitted picture with the tools that are on; it may be changed in place.

    fitted: BGRX, contiguous and writeable.  picture: BGRX of any size, from which it was fitted.
    phase: pixels that the clipping stripes have wandered.
    shown: the fitted picture in the monitor's colours, to be painted on; what is judged stays the file's.
    places: what of the picture is clipped, if more than the fitted one was asked (`imaging.clipped`).
    space: of the fitted picture's codes.
    """
    # Judged before any paint is on it.
    sharp = _sharp(fitted, picture, _STRENGTHS[tools.peaking]) if tools.peaking in _STRENGTHS else None
    if tools.false_color:
        shown = false_color(fitted, space=space)
    elif shown is None:
        shown = fitted
    if tools.clipping:
        mark_clipping(shown, tools.low, tools.high, source=fitted, phase=phase, places=places)
    if sharp is not None:
        paint(shown, sharp, INKS[tools.ink])
    return shown


def _sharp(
    fitted: NDArray[np.uint8], picture: NDArray[np.uint8], strength: PeakingStrength
) -> NDArray[np.uint8]:
    """Mark what is sharp, at the fitted size.

    A picture that is scaled up is judged before, for scaling blurs it; one that shrinks a lot after, as
    nobody sees more of it.
    """
    height, width = fitted.shape[:2]
    if picture.shape[1] >= 2 * width:
        return focus_peaking(fitted, strength)
    mask = focus_peaking(picture, strength)
    if mask.shape == (height, width):
        return mask
    # Between its neighbours a thin mark lives on when it shrinks: all that is not 0 is painted. INTER_AREA
    # does the same in ten times the time.
    method = cv2.INTER_LINEAR if mask.shape[1] > width else cv2.INTER_NEAREST
    return np.asarray(cv2.resize(mask, (width, height), interpolation=method), np.uint8)

"""Turns pictures for the screen. Loads OpenCV, so import it late, and never on the user-interface thread."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from groundglass.desktop.monitor import for_screen
from groundglass.desktop.turning import UPRIGHT, Matrix, Turn
from groundglass.imaging.color import Profile
from groundglass.imaging.packed import pixels_of, turned

# As EXIF numbers them: quarter turns clockwise, then the same seen in a mirror.
_ORIENTATIONS = ((1, 6, 3, 8), (2, 5, 4, 7))
_MARGIN_PX = 4  # that the pixels around may count in those at an edge


def turned_pixels(
    image: NDArray[np.uint8], turn: Turn, size: tuple[int, int], ground: int, *, is_still: bool = False
) -> NDArray[np.uint8]:
    """Return a whole picture turned about its middle; itself if it is upright.

    image: (height, width, 4) BGRX, contiguous.  size: width and height of the result, as `fitted_sizes`
    gives them.  ground: grey of what the picture does not cover.  is_still: keep it as crisp as it was, for
    three times the time. Releases the GIL.
    """
    if turn == UPRIGHT:
        return image
    if not turn.degrees:
        return pixels_of(turned(image, _ORIENTATIONS[turn.is_mirrored][turn.quarter_turns]))
    matrix = turn.matrix((image.shape[1], image.shape[0]), size)
    return _warped(image, matrix, size, ground, cv2.INTER_CUBIC if is_still else cv2.INTER_LINEAR)


def seen_part(
    image: NDArray[np.uint8],
    matrix: Matrix,
    size: tuple[int, int],
    ground: int,
    profile: Profile | None = None,
) -> NDArray[np.uint8]:
    """Return what is seen through a window of a large picture, turned or not, in the monitor's colours.

    image: (height, width, 3 or 4) BGR or BGRX, in any memory order.  matrix: from its pixels to those of the
    window.  size: of the window, width and height.  profile: the image's; None: sRGB. Returns BGRX; raises
    ImageError. Releases the GIL.
    """
    a, b, x, c, d, y = matrix
    # Only what is seen is unpacked: of 45 MP a few.
    corners = np.array([(0, 0), (size[0], 0), (0, size[1]), size], np.float64) - (x, y)
    found = corners @ np.linalg.inv(np.array([[a, b], [c, d]])).T
    rows, columns = image.shape[:2]
    left, top = (max(int(one) - _MARGIN_PX, 0) for one in np.floor(found.min(0)))
    right, bottom = (int(one) + _MARGIN_PX for one in np.ceil(found.max(0)))
    right, bottom = min(right, columns), min(bottom, rows)
    if right <= left or bottom <= top:
        return np.full((size[1], size[0], 4), ground, np.uint8)
    part = for_screen(pixels_of(image[top:bottom, left:right]), profile)
    is_fine = a * b != 0
    inside = (a, b, x + a * left + b * top, c, d, y + c * left + d * top)
    return _warped(part, inside, size, ground, cv2.INTER_CUBIC if is_fine else cv2.INTER_NEAREST)


def moved_part(
    pixels: NDArray[np.uint8],
    by: tuple[int, int],
    image: NDArray[np.uint8],
    matrix: Matrix,
    ground: int,
    profile: Profile | None = None,
) -> NDArray[np.uint8]:
    """Return what `seen_part` does for a window that was moved; what it saw before is not made again.

    pixels: what it saw.  by: so far they move to the right and down.
    """
    rows, columns = pixels.shape[:2]
    right, down = by
    x, y = slice(max(right, 0), columns + min(right, 0)), slice(max(down, 0), rows + min(down, 0))
    if x.start >= x.stop or y.start >= y.stop:
        return seen_part(image, matrix, (columns, rows), ground, profile)
    moved = np.empty_like(pixels)
    moved[y, x] = pixels[y.start - down : y.stop - down, x.start - right : x.stop - right]
    beside = (
        (slice(0, columns), slice(0, y.start)),
        (slice(0, columns), slice(y.stop, rows)),
        (slice(0, x.start), y),
        (slice(x.stop, columns), y),
    )
    a, b, to_x, c, d, to_y = matrix
    for across, along in beside:
        size = across.stop - across.start, along.stop - along.start
        if all(size):
            place = (a, b, to_x - across.start, c, d, to_y - along.start)
            moved[along, across] = seen_part(image, place, size, ground, profile)
    return moved


def turned_layer(
    pixels: NDArray[np.uint8], turn: Turn, size: tuple[int, int], *, has_alpha: bool
) -> NDArray[np.uint8]:
    """Return a layer at a size, width and height, and then turned about its middle; clear around.

    pixels: (height, width, 4) BGRX, or BGRA with the colours already multiplied by alpha, as the result is.
    """
    method = cv2.INTER_AREA if size[0] < pixels.shape[1] else cv2.INTER_LINEAR
    flat = np.asarray(cv2.resize(pixels, size, interpolation=method), np.uint8)
    if not has_alpha:
        flat[..., 3] = 255
    across, down = turn.bounds(*size)
    return turned_pixels(flat, turn, (max(round(across), 1), max(round(down), 1)), 0)


def _warped(
    image: NDArray[np.uint8], matrix: Matrix, size: tuple[int, int], ground: int, method: int
) -> NDArray[np.uint8]:
    a, b, x, c, d, y = matrix
    # OpenCV counts from the middle of the first pixel.
    moved = np.array([[a, b, x + (a + b - 1) / 2], [c, d, y + (c + d - 1) / 2]])
    return np.asarray(
        cv2.warpAffine(
            image, moved, size, flags=method, borderMode=cv2.BORDER_CONSTANT, borderValue=(ground,) * 4
        ),
        np.uint8,
    )

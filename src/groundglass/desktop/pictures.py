"""Pictures of shots, read and measured on worker threads. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from groundglass.desktop.models.thumbnails import Thumbnail, ThumbnailSizes
from groundglass.desktop.monitor import for_screen
from groundglass.desktop.picture_tools import Graph, GraphStyle
from groundglass.desktop.turning import UPRIGHT, Turn, fitted_size, fitted_sizes
from groundglass.errors import GroundglassError, ImageError
from groundglass.model.details import CaptureDetails
from groundglass.model.shot import FileRole, Shot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from groundglass.imaging.color import Profile
    from groundglass.imaging.decode import Picture
    from groundglass.imaging.exposure_tools import Clipping
    from groundglass.imaging.histogram import Histogram
    from groundglass.imaging.raw_light import RawLight

# What can be shown of a shot, the best first; a RAW shows the preview that it carries.
_SHOWN_FIRST = (FileRole.JPEG, FileRole.RAW)

_LARGE_BYTES = 6 << 20
_one_large_file = threading.Lock()


class ShownPicture(Struct, frozen=True, eq=False):
    """A picture with its figures. image: upright, (height, width, 4) BGRX or packed (`imaging.packed`)."""

    image: NDArray[np.uint8]
    histogram: Histogram
    clipping: Clipping
    is_preview: bool  # not the picture itself: a quick look, or what a RAW carries
    profile: Profile  # of the image, which is as it stands in the file
    note: str = ""  # what the figures are of, if not of the picture itself
    graph: Graph | None = None  # its histogram, drawn
    outline: Graph | None = None  # the same as the picture before shows


def with_graph(picture: ShownPicture, style: GraphStyle) -> ShownPicture:
    """Draw a picture's histogram, so that the window need not. Any thread."""
    from groundglass.desktop.widgets.histogram_raster import draw_graph

    return replace(picture, graph=Graph(style, draw_graph(picture.histogram, style)))


def with_outline(picture: ShownPicture, style: GraphStyle) -> ShownPicture:
    """Draw the outline of its histogram, for the time when it is the picture before. Any thread."""
    from groundglass.desktop.widgets.histogram_raster import draw_line

    return replace(picture, outline=Graph(style, draw_line(picture.histogram.luma, style)))


def shown_path(session: Path, shot: Shot) -> Path | None:
    """Return the file of a shot that is looked at; None if there is none that can be shown."""
    files = (shot.file(role) for role in _SHOWN_FIRST)
    return next((session / one.path for one in files if one is not None), None)


def raw_path(session: Path, shot: Shot) -> Path | None:
    """Return the RAW of a shot; None if it has none."""
    raw = shot.file(FileRole.RAW)
    return session / raw.path if raw is not None else None


def raw_light(path: Path) -> RawLight:
    """Measure what the sensor recorded in a RAW; raises ImageError. 0.2 s at 45 MP."""
    from groundglass.imaging.raw_light import raw_light as measure

    return measure(path)


def quick_look(path: Path) -> ShownPicture | None:
    """Read the preview that a file carries, however small; None if it has none. Some ms."""
    from groundglass.imaging.decode import load_preview

    try:
        found = load_preview(path)
    except GroundglassError:
        return None  # the whole picture, which is read next, tells what is wrong
    return _measured(found) if found is not None else None


def is_soft(picture: ShownPicture) -> bool:
    """Tell whether a picture is so small that it only bridges the time until there is a better one."""
    from groundglass.imaging.decode import SMALLEST_PREVIEW

    return bool(max(picture.image.shape[:2]) < SMALLEST_PREVIEW)


def whole_picture(path: Path) -> ShownPicture:
    """Read all of a picture, packed (`imaging.packed`); raises ImageError. 0.3 s at 24 MP."""
    return _measured(all_pixels(path))


def fitted_picture(
    path: Path, room: tuple[int, int], turn: Turn = UPRIGHT, ground: int = 0
) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """Return a picture fitted into a room and turned, for this monitor; raises ImageError.

    ground: grey of what it does not cover. With it its width and height before it was turned.
    """
    from groundglass.imaging.decode import load_picture

    with _one_by_one(path):
        loaded = load_picture(path, max(*room, 1))
    return _turned(loaded.image, loaded.profile, (max(room[0], 1), max(room[1], 1)), turn, ground)


def all_pixels(path: Path) -> Picture:
    """Read all of a picture, packed, and nothing of what it is to be judged by; raises ImageError."""
    from groundglass.imaging.decode import load_picture

    with _one_by_one(path):
        return load_picture(path, is_packed=True)


def details_of(path: Path) -> CaptureDetails:
    """Read how a picture was taken; raises ImageError. Some ms."""
    from groundglass.imaging.details import read_details

    return read_details(path)


def glance(path: Path, width: int, height: int) -> ShownPicture:
    """Read a picture no larger than a view, packed; raises ImageError. A third of the time of the whole."""
    from groundglass.imaging.decode import load_picture

    with _one_by_one(path):
        loaded = load_picture(path, max(width, height, 1), is_packed=True)
    return replace(_measured(loaded), is_preview=True)


def fills(picture: ShownPicture, width: int, height: int) -> bool:
    """Tell whether a picture that was made for a view has the pixels for one of this size."""
    rows, columns = picture.image.shape[:2]
    return bool(columns >= width - 1 or rows >= height - 1)


def thumbnail_of(session: Path, shot: Shot, sizes: ThumbnailSizes, ratio: float) -> Thumbnail:
    """Make the thumbnails of a shot, at `ratio` pixels of the screen to one; raises ImageError."""
    from groundglass.imaging.thumbnail import small_picture

    path = shown_path(session, shot)
    if path is None:
        raise ImageError("No file of this shot can be shown.", "Open it in another program.")
    wanted = [(round(width * ratio), round(height * ratio)) for width, height in (sizes.table, sizes.film)]
    with _one_by_one(path):
        found = small_picture(path, max(width for width, _ in wanted))
    image = for_screen(found.image, found.profile)
    on_table, in_film = (_fitted(image, *size) for size in wanted)
    return Thumbnail(on_table, in_film)


def small_shown(
    path: Path, width: int, height: int, turn: Turn = UPRIGHT, ground: int = 0
) -> NDArray[np.uint8]:
    """Read a picture at the size of a place, turned, never enlarged, for this monitor; raises ImageError."""
    from groundglass.imaging.thumbnail import small_picture

    with _one_by_one(path):
        found = small_picture(path, max(width, height))
    across, down = turn.bounds(found.image.shape[1], found.image.shape[0])
    room = min(width, round(across)), min(height, round(down))
    return _turned(found.image, found.profile, room, turn, ground)[0]


def _turned(
    image: NDArray[np.uint8], profile: Profile, room: tuple[int, int], turn: Turn, ground: int
) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    from groundglass.desktop.turned_pixels import turned_pixels

    size, turned_size = fitted_sizes(turn, image.shape[1], image.shape[0], room)
    shown = for_screen(_resized(image, size), profile)
    return turned_pixels(shown, turn, turned_size, ground, is_still=True), size


def _fitted(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    return _resized(image, fitted_size(image.shape[1], image.shape[0], width, height))


def _resized(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    import cv2
    import numpy as np

    way = cv2.INTER_AREA if size[0] < image.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=way), np.uint8)


def _one_by_one(path: Path) -> AbstractContextManager[object]:
    """Wait until no other large file is being decoded: each needs its bytes beside its pixels."""
    try:
        is_large = path.stat().st_size > _LARGE_BYTES
    except OSError:
        is_large = False  # whoever reads it next tells why
    return _one_large_file if is_large else nullcontext()


def _measured(picture: Picture) -> ShownPicture:
    from groundglass.imaging.exposure_tools import clipping
    from groundglass.imaging.histogram import rgb_histogram
    from groundglass.imaging.packed import in_memory_order

    # The file's own values: what clips there is lost, whatever a monitor shows.
    counts = rgb_histogram(in_memory_order(picture.image))
    return ShownPicture(
        picture.image, counts, clipping(counts), picture.is_preview, picture.profile, picture.note
    )

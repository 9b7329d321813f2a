"""A thread that fits the newest picture to the window, so that painting is one copy.

Longer than most modules: a third of it is the one pass over a picture, whose steps share its buffers.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from groundglass.desktop.desk import Frames
from groundglass.desktop.monitor import LiveColors, for_screen
from groundglass.desktop.picture_tools import Graph, GraphStyle, Judging, PictureTools
from groundglass.desktop.turning import UPRIGHT, Turn, fitted_sizes
from groundglass.priority import give_way

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from groundglass.desktop.reading import Reading
    from groundglass.imaging.color import Profile
    from groundglass.imaging.frame_room import FrameRoom
    from groundglass.studio.live_frame import LiveFrame

_log = logging.getLogger(__name__)

_LOOKED_AT = 3  # fitted live frames: one on screen, one waiting for it, one that is made


_Asked = tuple[tuple[int, int], int, int]  # width and height; low and high
_Places = tuple["NDArray[np.uint8]", "NDArray[np.uint8]"]  # masks of what is too light and too dark
Window = tuple[float, float, float, float]  # left, top, right and bottom, 0 to 1
WHOLE: Window = (0.0, 0.0, 1.0, 1.0)


class FittedPicture(Struct, frozen=True):
    """A picture at the size in which it is painted, and turned as it is."""

    image: NDArray[np.uint8]  # (height, width, 4) BGRX, device pixels
    size: tuple[int, int]  # width and height before it was turned
    turn: Turn
    frame: LiveFrame | None  # None: a still
    still: object = None  # what `show_still` was given as its name
    window: Window = WHOLE  # the part of the picture that is shown
    reading: Reading | None = None  # what was measured beside the histogram; None: nothing is wanted
    graph: Graph | None = None  # of a live frame's histogram, if its style is known
    fit_ms: float = 0.0
    tools_ms: float = 0.0
    judge_ms: float = 0.0

    @property
    def aspect(self) -> float:
        """Return the width by the height of what is shown, before it was turned."""
        return self.size[0] / self.size[1]


def live_window(judging: Judging) -> Window:
    """Return the part of the live picture that is looked at, never beyond its edges."""
    if judging.live_zoom <= 1:
        return WHOLE
    half = 0.5 / judging.live_zoom
    x, y = (min(max(middle, half), 1 - half) for middle in judging.live_centre)
    return (x - half, y - half, x + half, y + half)


def part_of(image: NDArray[np.uint8], window: Window) -> NDArray[np.uint8]:
    """Return a part of a picture, without a copy."""
    height, width = image.shape[:2]
    left, top = int(window[0] * width), int(window[1] * height)
    return image[
        top : max(round(window[3] * height), top + 1), left : max(round(window[2] * width), left + 1)
    ]


class _Still(Struct, frozen=True, eq=False):
    image: NDArray[np.uint8]
    name: object
    profile: Profile | None
    whole: NDArray[np.uint8] | None
    is_live: bool


def _enough(still: _Still, room: tuple[int, int], turn: Turn) -> NDArray[np.uint8]:
    """Return what a still is fitted from: all of it only if its smaller image lacks pixels."""
    rows, columns = still.image.shape[:2]
    size, _ = fitted_sizes(turn, columns, rows, room)
    has_enough = columns >= size[0] - 1 or rows >= size[1] - 1
    return still.image if still.whole is None or has_enough else still.whole


class PictureScaler:
    """Scales live frames or a still to the size of the view; the newest result replaces the older.

    ready: called on this thread when a result waits and none did before. `take` belongs to the
    user-interface thread, the other methods to any.
    """

    def __init__(self, frames: Frames, ready: Callable[[], None]) -> None:
        self._frames = frames
        self._ready = ready
        self._wake = threading.Condition()
        self._size = (0, 0)
        self._turn = (UPRIGHT, 0)
        self._is_live = False
        self._still: _Still | None = None
        self._tools = PictureTools()
        self._judging = Judging()
        self._style: GraphStyle | None = None
        self._has_work = False
        self._is_closed = False
        self._fitted: FittedPicture | None = None
        self._live_colors = LiveColors()
        self._room: FrameRoom | None = None
        self._places: tuple[weakref.ref[NDArray[np.uint8]], _Asked, _Places] | None = None
        self._thread = threading.Thread(target=self._work, name="picture-scaler", daemon=True)
        self._thread.start()
        self._unsubscribe = frames.subscribe(self._on_frame)

    def fit(self, width: int, height: int) -> None:
        """Say how many device pixels the view has."""
        self._change(_size=(width, height))

    def turn(self, turn: Turn, ground: int) -> None:
        """Turn what is shown from now on; ground: the grey that surrounds it, 0 to 255."""
        self._change(_turn=(turn, ground))

    def show_live(self) -> None:
        self._change(_is_live=True, _still=None)

    def show_still(
        self,
        image: NDArray[np.uint8],
        name: object,
        profile: Profile | None = None,
        whole: NDArray[np.uint8] | None = None,
        *,
        is_live: bool = False,
    ) -> None:
        """Show a still from now on.

        profile: of its colours; None: sRGB.  whole: all of its pixels, packed or not, for what is measured
        and for a view that needs more than `image` has.  is_live: a frame of the live view, which is
        looked at as close as that is.
        """
        self._change(_is_live=False, _still=_Still(image, name, profile, whole, is_live))

    def release_whole(self) -> None:
        """Let go of a whole picture, as the next one is on its way; what was made of it stays."""
        with self._wake:
            if self._still is not None and self._still.whole is not None:
                self._still = replace(self._still, whole=None)

    def show_nothing(self) -> None:
        self._change(_is_live=False, _still=None)

    def show_tools(self, tools: PictureTools) -> None:
        self._change(_tools=tools)

    def judge(self, judging: Judging) -> None:
        """Measure this from now on, and look this close at the live picture."""
        self._change(_judging=judging)

    def draw_graphs(self, style: GraphStyle) -> None:
        """Draw the histograms of live frames like this from now on."""
        self._change(_style=style)

    def take(self) -> FittedPicture | None:
        """Return the newest result once."""
        with self._wake:
            taken, self._fitted = self._fitted, None
            return taken

    def close(self) -> None:
        self._unsubscribe()
        with self._wake:
            self._is_closed = True
            self._wake.notify()
        self._thread.join()
        self._live_colors.close()

    def _change(self, **fields: object) -> None:
        with self._wake:
            for name, value in fields.items():
                setattr(self, name, value)
            if not fields.keys() & {"_size", "_turn", "_tools", "_judging", "_style"}:
                self._fitted = None
            self._has_work = True
            self._wake.notify()

    def _on_frame(self) -> None:
        with self._wake:
            if self._is_live:
                self._has_work = True
                self._wake.notify()

    def _work(self) -> None:
        give_way()
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._has_work or self._is_closed)
                if self._is_closed:
                    return
                self._has_work = False
                shown = (self._size, *self._turn, self._tools, self._judging, self._style)
                wanted = (self._is_live, self._still, *shown)
            try:
                self._publish(self._fit(*wanted), *wanted[:2])
            except Exception:  # noqa: BLE001 - one bad picture must not end the thread; the log tells
                _log.exception("A picture could not be fitted to the window")
            del wanted  # it may hold a whole picture

    def _fit(
        self,
        is_live: bool,
        still: _Still | None,
        size: tuple[int, int],
        turn: Turn,
        ground: int,
        tools: PictureTools,
        judging: Judging,
        style: GraphStyle | None,
    ) -> FittedPicture | None:
        frame = self._frames.latest() if is_live else None
        image = (
            frame.image if frame is not None else _enough(still, size, turn) if still is not None else None
        )
        if image is None or min(size) <= 0:
            return None
        if frame is None:
            self._room = None
        else:
            still = None
        whole, profile = (still.whole, still.profile) if still is not None else (None, None)
        # These take 0.3 s to import, so not before the first picture.
        import cv2
        import numpy as np

        from groundglass.imaging.packed import pixels_of, shrunk

        begun = time.perf_counter()
        window = live_window(judging) if frame is not None or (still is not None and still.is_live) else WHOLE
        seen = image if window == WHOLE else part_of(image, window)
        wanted, turned = fitted_sizes(turn, seen.shape[1], seen.shape[0], size)
        is_half = wanted[0] * 2 <= seen.shape[1]
        # Averaging costs some times as much; worth it for a still that shrinks a lot.
        if frame is not None:
            if self._room is None:
                from groundglass.imaging.frame_room import FrameRoom

                self._room = FrameRoom(_LOOKED_AT)
            fitted = self._room.take(*wanted)
            cv2.resize(seen, wanted, fitted, interpolation=cv2.INTER_LINEAR)
        elif is_half:
            fitted = shrunk(seen, *wanted)
        else:
            plain = pixels_of(seen)
            if plain is not seen and plain.shape[1::-1] == wanted:
                fitted = plain  # unpacked in the right size, so nobody else has it
            else:
                fitted = np.asarray(cv2.resize(plain, wanted, interpolation=cv2.INTER_LINEAR), np.uint8)
            seen = plain
        shown = self._live_colors.convert(fitted) if frame is not None else for_screen(fitted, profile)
        scaled = time.perf_counter()
        if tools.is_painted:
            from groundglass.desktop.tool_paint import with_tools
            from groundglass.imaging.space import space_of

            # Stripes that wander are told from stripes of the subject; one pixel in two frames is calm.
            phase = frame.number // 2 if frame is not None else 0
            # A whole picture that hardly shrinks is judged before it does.
            judged = whole if whole is not None and whole.shape[1] < 2 * wanted[0] else seen
            places = self._clipped(whole, wanted, tools) if whole is not None and tools.clipping else None
            shown = with_tools(fitted, judged, tools, phase, shown, places, space_of(profile))
        painted = time.perf_counter()
        if turn != UPRIGHT:
            from groundglass.desktop.turned_pixels import turned_pixels

            shown = turned_pixels(shown, turn, turned, ground, is_still=frame is None)
        finished = time.perf_counter()
        reading = None
        if judging.measures:
            from groundglass.desktop.reading import read

            reading = read(image if whole is None else whole, judging, profile)
        graph = None
        if frame is not None and style is not None:
            from groundglass.desktop.widgets.histogram_raster import draw_graph

            graph = Graph(style, draw_graph(frame.histogram, style))
        return FittedPicture(
            shown,
            wanted,
            turn,
            frame,
            still.name if still is not None else None,
            window,
            reading,
            graph,
            (scaled - begun + finished - painted) * 1000,
            (painted - scaled) * 1000,
            (time.perf_counter() - finished) * 1000,
        )

    def _clipped(
        self, whole: NDArray[np.uint8], size: tuple[int, int], tools: PictureTools
    ) -> _Places | None:
        """Return what of a whole picture is clipped; None if it hardly shrinks, so that the fitted one tells.

        Remembered while only the rest changes, as a spot that moves: it takes as long as shrinking it.
        """
        if whole.shape[1] < 2 * size[0] or whole.shape[0] < 2 * size[1]:
            return None
        asked = (size, tools.low, tools.high)
        if self._places is None or self._places[0]() is not whole or self._places[1] != asked:
            from groundglass.imaging.clipped import clipped_places

            found = clipped_places(whole, *size, tools.low, tools.high, lambda: not self._has_work)
            if found is None:
                return None  # what comes next is fitted first
            self._places = (weakref.ref(whole), asked, found)
        return self._places[2]

    def _publish(self, fitted: FittedPicture | None, was_live: bool, was_still: _Still | None) -> None:
        with self._wake:
            is_current = was_live == self._is_live and was_still is self._still
            if fitted is None or not is_current or self._is_closed:
                return
            is_first = self._fitted is None
            self._fitted = fitted
        if is_first:
            self._ready()

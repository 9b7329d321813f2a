"""What the picture in the middle is: the live view, a shot, or words; and the truth about its age.

Longer than most modules: every change from one to another passes here, and lets go of what was before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal

from groundglass.desktop import pictures
from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Frames
from groundglass.desktop.keys import Keys
from groundglass.desktop.models.filmstrip_model import shot_name
from groundglass.desktop.monitor import monitor_profile
from groundglass.desktop.notices import live_notice, ready_notice
from groundglass.desktop.picture_loading import PictureLoading
from groundglass.desktop.picture_scaler import FittedPicture, PictureScaler
from groundglass.desktop.picture_tools import Graph, Judging, PictureTools
from groundglass.desktop.pictures import ShownPicture
from groundglass.desktop.soon import soon
from groundglass.desktop.turning import Turn
from groundglass.desktop.widgets.histogram_view import HistogramView
from groundglass.desktop.widgets.overlay import Layer
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.desktop.widgets.picture_words import Notice
from groundglass.desktop.widgets.zoomed_picture import ZoomedPart
from groundglass.errors import GroundglassError
from groundglass.model.camera import CameraStatus
from groundglass.model.shot import Shot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from groundglass.imaging.histogram import Histogram
    from groundglass.studio.live_frame import LiveFrame

_FROZEN = "frozen"
# The promise is 300 ms; the rest is for the event loop and the paint.
STALE_AFTER_S = 0.27


class Viewing(QObject):
    """Chooses between the live picture and a shot. User-interface thread; decodes nothing itself."""

    problem = Signal(object)  # GroundglassError: a shot that cannot be shown
    changed = Signal()  # another thing is shown: live, a shot, nothing
    froze = Signal()  # a live frame is held, or no more, while it is still live that is shown
    judged = Signal(object)  # FittedPicture: another frame, or a still anew

    def __init__(
        self,
        frames: Frames,
        bridge: Bridge,
        view: PictureView,
        histogram: HistogramView,
        parent: QObject | None = None,
        keys: Keys | None = None,
        clock: Callable[[], float] = time.monotonic,
        sketch: Callable[[Shot], NDArray[np.uint8] | None] = lambda _shot: None,
    ) -> None:
        """`sketch` gives a small picture of a shot in the monitor's colours, if one is at hand."""
        super().__init__(parent)
        self._sketch = sketch
        self._keys = keys or Keys(self)
        self._keys.changed.connect(self._say)
        self._view = view
        self._histogram = histogram
        self._clock = clock
        self._status = CameraStatus()
        self._shows_live = False
        self._shot: Shot | None = None
        self._path: Path | None = None
        self._measured: tuple[Path, Histogram, Graph | None] | None = None
        self._whole: ShownPicture | None = None
        self._is_stale = False
        self._has_frame = False
        self._has_session = True  # until it is known
        self._frame: LiveFrame | None = None
        self._fitted: FittedPicture | None = None  # of the newest frame, until its figures are shown
        self._show_figures_soon = soon(self._show_figures, self)
        self._say_soon = soon(self._say, self)
        self._bring_soon = soon(self._bring, self)
        self._is_frozen = False
        # Neighbours are read once the whole picture was fitted: beside the search for what is clipped in it
        # they took 25 MB more at the peak.
        self._is_ahead_due = False
        self._marks = ""
        self._note = ""
        self._news: dict[str, str] = {}  # by who tells it
        self._is_changing = False
        self.frames_shown = 0
        self._scaler = PictureScaler(frames, lambda: bridge.call(self._take_fitted))
        self._quick = Background(1, "first-look", bridge.call)
        self._loading = PictureLoading(
            bridge, self._quick, lambda: (view.device_size, histogram.graph_style), self
        )
        self._loading.previewed.connect(self._take_preview)
        self._loading.read.connect(self._take_picture)
        self._loading.completed.connect(self._take_whole)
        self._loading.failed.connect(self._fail)
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        self._stale.setTimerType(Qt.TimerType.PreciseTimer)
        self._stale.timeout.connect(self._grow_stale)
        view.size_changed.connect(self._scaler.fit)
        view.turn_changed.connect(self._scaler.turn)
        view.part_wanted.connect(self._make_part)
        view.layer_wanted.connect(self._turn_layer)
        view.announce_size()
        view.announce_turn()
        histogram.style_changed.connect(self._style_graphs)
        self._style_graphs()

    @property
    def shows_live(self) -> bool:
        return self._shows_live

    @property
    def shot(self) -> Shot | None:
        """Return the shot that is shown; None while it is the live picture or nothing."""
        return self._shot

    @property
    def is_empty(self) -> bool:
        """Tell whether neither the live picture nor a shot is to be seen."""
        return not self._shows_live and self._shot is None

    @property
    def is_stale(self) -> bool:
        return self._is_stale

    @property
    def is_frozen(self) -> bool:
        """Tell whether a live frame is held; whoever froze it says so over the picture."""
        return self._is_frozen

    @property
    def frozen(self) -> LiveFrame | None:
        """Return the live frame that is held; None: none is."""
        return self._frame if self._is_frozen else None

    def freeze(self) -> LiveFrame | None:
        """Hold the newest live frame on screen; None: there is none that is live now."""
        if not self._shows_live or self._is_stale or self._frame is None:
            return None
        self.hold(self._frame)
        return self._frame

    def hold(self, frame: LiveFrame) -> None:
        """Hold this live frame on screen, in the place of the live picture that is shown."""
        if frame is not self._frame:
            self._histogram.show_histogram(frame.histogram, frame.clipping)
        self._is_frozen, self._frame = True, frame
        self._stale.stop()
        self._scaler.show_still(frame.image, _FROZEN, is_live=True)
        self._say()
        self.froze.emit()

    def thaw(self) -> None:
        """Let the live picture go on."""
        self._is_frozen = False
        if self._shows_live:
            self._scaler.show_live()
            self._stale.start(round(STALE_AFTER_S * 1000))
            self._say()
            self.froze.emit()

    def show_status(self, status: CameraStatus) -> None:
        """Take in what the camera is doing; live view that begins or ends changes the picture."""
        before, self._status = self._status, status
        if status.is_live_wanted and not before.is_live_wanted:
            self.show_live()
        elif before.is_live_wanted and not status.is_live_wanted and self._shows_live:
            self.show_nothing()
        else:
            self._is_stale = self._is_stale or (self._shows_live and not status.state.is_connected)
            if status.state.is_connected:
                self._say_soon()  # behind the paint of what else the status changes
            else:
                self._say()

    def show_session(self, is_open: bool) -> None:
        """Say, where there is no picture, what comes first: a session, if none is open."""
        if is_open != self._has_session:
            self._has_session = is_open
            self._say()

    def show_live(self) -> None:
        """Show the live picture."""
        self._shows_live, self._has_frame = True, False
        self._is_frozen, self._frame = False, None
        self._forget_shot()
        self._view.show_image(None)
        self._histogram.show_before(*(self._measured[1:] if self._measured else (None,)))
        self._scaler.show_live()
        self._is_stale = not self._status.state.is_connected
        self._stale.start(round(STALE_AFTER_S * 1000))
        self._tell_change()

    def show_shot(self, session: Path, shot: Shot) -> None:
        """Show a shot: the preview that it carries first, then the whole. The latest wish wins."""
        path = pictures.shown_path(session, shot)
        if path is not None and path == self._path:
            self._shot = shot
            return
        self._shows_live = self._is_frozen = False
        self._stale.stop()
        self._is_stale = False
        self._histogram.set_dimmed(False)
        self._shot, self._path, self._note = shot, path, ""
        self._let_whole_go()
        self._bring_soon()
        self._tell_change()

    def read_ahead(self, session: Path, shots: Sequence[Shot]) -> None:
        """Read these soon, the nearest first, as they are likely to be looked at next.

        What is shown comes before them: both cores are its own until all of it is there.
        """
        wanted = [path for one in shots if (path := pictures.shown_path(session, one)) is not None]
        self._loading.expect(wanted)
        if self._path is None or self._whole is not None:
            self._loading.read_expected()

    def knows(self, path: Path) -> bool:
        """Tell whether a picture can be shown at once, as it was seen or read ahead."""
        return self._loading.knows(path)

    def show_nothing(self) -> None:
        """Show no picture."""
        self._shows_live = self._is_frozen = False
        self._stale.stop()
        self._is_stale = False
        self._forget_shot()
        self._show_words_only()
        self._tell_change()

    def leave_session(self) -> None:
        """Let go of the shot that is shown and of the histogram before: both are of another session."""
        self._measured = None
        self._histogram.show_before(None)
        self.leave_shot()

    def leave_shot(self) -> None:
        """Let go of the shot that is shown; the live picture is back, if there is one."""
        if self._shot is None:
            return
        if self._status.is_live_wanted:
            self.show_live()
        else:
            self.show_nothing()

    def show_marks(self, marks: str) -> None:
        """Say in the caption what is said of the shot that is shown."""
        if marks != self._marks:
            self._marks = marks
            self._say_more()

    def show_news(self, words: str, source: str) -> None:
        """Say quietly, behind the picture's name, what one of several tells; empty: nothing any more.

        They stand in the order of their names.
        """
        if words != self._news.get(source, ""):
            self._news[source] = words
            self._say_more()

    def show_tools(self, tools: PictureTools) -> None:
        """Paint these tools into live pictures and shots from now on."""
        self._scaler.show_tools(tools)
        self._view.show_tools(tools.words)

    def judge(self, judging: Judging) -> None:
        """Measure this in live pictures and shots from now on."""
        self._scaler.judge(judging)

    def close(self) -> None:
        """End the threads."""
        self._stale.stop()
        self._scaler.close()
        self._quick.close()
        self._loading.close()

    def _bring(self) -> None:
        """Begin to show the shot that is chosen by now, behind the paint of what names it."""
        shot, path = self._shot, self._path
        if shot is None:
            return
        if path is None:
            self._loading.forget()
            self._show_words_only()
            return
        seen = self._loading.seen(path)
        if seen is not None:
            self._take_picture(path, seen)
        elif (sketch := self._sketch(shot)) is not None:
            self._scaler.show_still(sketch, path, monitor_profile())
        self._loading.load(path)

    def _take_preview(self, path: Path, picture: ShownPicture) -> None:
        if path == self._path:
            self._scaler.show_still(picture.image, path, picture.profile)

    def _take_picture(
        self, path: Path, picture: ShownPicture, whole: NDArray[np.uint8] | None = None
    ) -> None:
        if path != self._path:
            return
        if self._measured is not None and self._measured[0] != path:
            self._histogram.show_before(*self._measured[1:])
        self._histogram.show_histogram(picture.histogram, picture.clipping, picture.graph)
        if picture.note != self._note:
            self._note = picture.note
            self._say()
        self._scaler.show_still(picture.image, path, picture.profile, whole)

    def _take_whole(self, path: Path, whole: ShownPicture, small: ShownPicture) -> None:
        if path != self._path:
            return
        self._whole = whole
        self._take_picture(path, small, whole.image)
        self._view.show_full(whole.image, whole.profile)
        self._measured = (path, whole.histogram, whole.outline)
        self._is_ahead_due = True

    def _make_part(self, part: ZoomedPart) -> None:
        self._quick.run("part", part.make, lambda pixels: self._view.show_part(part, pixels))

    def _turn_layer(self, layer: Layer, turn: Turn, size: QSize) -> None:
        self._quick.run(layer, lambda: layer.make(turn, size), lambda _: self._view.update())

    def _let_whole_go(self) -> None:
        """Drop a whole picture before the next is read: two of 45 MP would be 270 MB."""
        whole, self._whole = self._whole, None
        self._is_ahead_due = False
        self._quick.forget("part")
        self._view.show_full(None)
        self._scaler.release_whole()
        if whole is not None:
            self._loading.let_go(whole)

    def _fail(self, path: Path, error: GroundglassError) -> None:
        if path == self._path:
            self._loading.read_expected()
            self._show_words_only()
            self.problem.emit(error)

    def _take_fitted(self) -> None:
        fitted = self._scaler.take()
        if fitted is None:
            return
        if fitted.frame is None:
            if fitted.still == (_FROZEN if self._is_frozen else self._path):
                self._view.show_image(fitted.image, fitted.turn, fitted.size)
                self.judged.emit(fitted)
                if self._is_ahead_due:
                    self._is_ahead_due = False
                    self._loading.read_expected()
            return
        if not self._shows_live or self._is_frozen:
            return
        self._frame = fitted.frame
        age_s = self._clock() - fitted.frame.taken_at
        self._has_frame = True
        self.frames_shown += 1
        self._view.show_image(fitted.image, fitted.turn, fitted.size)
        self._is_stale = age_s >= STALE_AFTER_S or not self._status.state.is_connected
        self._stale.start(max(round((STALE_AFTER_S - age_s) * 1000), 0))
        self._say()
        self._fitted = fitted
        self._show_figures_soon()

    def _show_figures(self) -> None:
        """Show what was measured of a live frame, behind its paint."""
        fitted, self._fitted = self._fitted, None
        if fitted is None or fitted.frame is None:
            return
        if not self._shows_live or fitted.frame is not self._frame:
            return  # another thing is shown by now
        self._histogram.show_histogram(fitted.frame.histogram, fitted.frame.clipping, fitted.graph)
        self.judged.emit(fitted)

    def _style_graphs(self) -> None:
        self._scaler.draw_graphs(self._histogram.graph_style)

    def _grow_stale(self) -> None:
        if self._shows_live and not self._is_stale:
            self._is_stale = True
            self._say()

    def _forget_shot(self) -> None:
        self._shot = self._path = None
        self._loading.forget()
        self._let_whole_go()

    def _show_words_only(self) -> None:
        self._scaler.show_nothing()
        self._view.show_image(None)
        self._histogram.show_histogram(None, None)
        self._histogram.show_before(None)
        self._histogram.set_dimmed(False)
        self._say()

    def _tell_change(self) -> None:
        """Say what is shown now, once for all that those who are told say of it."""
        self._is_changing = True
        self.changed.emit()
        self._is_changing = False
        self._say()

    def _say_more(self) -> None:
        if not self._is_changing:
            self._say()

    def _say(self) -> None:
        """Bring the words over the picture in line with what is shown."""
        self._histogram.set_dimmed(self._shows_live and self._is_stale and not self._is_frozen)
        news = "   ".join(words for _, words in sorted(self._news.items()) if words)
        if self._shows_live:
            self._view.show_caption(news)
            waits = (self._is_stale or not self._has_frame) and not self._is_frozen
            self._view.show_notice(live_notice(self._status, self._has_frame) if waits else None)
        elif self._shot is not None:
            back = (
                f"   {self._keys.label(ActionId.BACK)}: live picture" if self._status.is_live_wanted else ""
            )
            marks = f"   {self._marks}" if self._marks else ""
            note = f"   {self._note}" if self._note else ""
            news = f"   {news}" if news else ""
            self._view.show_caption(f"{shot_name(self._shot)}{note}{marks}{news}{back}")
            self._view.show_notice(
                None if self._path else Notice("No picture", "This file cannot be shown here.")
            )
        else:
            self._view.show_caption(news)
            self._view.show_notice(ready_notice(self._status, self._keys, has_session=self._has_session))

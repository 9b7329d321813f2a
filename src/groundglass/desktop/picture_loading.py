"""A shot's picture from the disk: the preview inside it first, then as the view needs it, then all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject, QSize, Signal

from groundglass.desktop import pictures
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.picture_tools import GraphStyle
from groundglass.desktop.pictures import ShownPicture
from groundglass.desktop.seen_pictures import SeenPictures
from groundglass.errors import GroundglassError


class PictureLoading(QObject):
    """Reads one picture at a time, and its neighbours behind it. User-interface thread; reads on others.

    quick: the thread for what is there at once.  form: the size of the view in device pixels, and how a
    histogram is drawn in it.  Each signal begins with the path: another one may be wanted by then.
    """

    previewed = Signal(object, object)  # ShownPicture: too small to be judged
    read = Signal(object, object)  # ShownPicture, at the size of the view
    completed = Signal(object, object, object)  # ShownPicture with all pixels, and at the size of the view
    failed = Signal(object, object)  # GroundglassError

    def __init__(
        self,
        bridge: Bridge,
        quick: Background,
        form: Callable[[], tuple[QSize, GraphStyle]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._quick, self._form = bridge, quick, form
        # One at a time, and the one before is let go first: 45 MP are 135 MB.
        self._loader = Background(1, "picture-loader", bridge.call)
        self._ahead = Background(1, "read-ahead", bridge.call)
        self._leaving: list[ShownPicture] = []  # a whole one that nothing else holds
        self._seen = SeenPictures()
        self._wanted: Path | None = None
        self._likely: Sequence[Path] = ()  # two at most

    def seen(self, path: Path) -> ShownPicture | None:
        """Return a picture that was read before, at the size that the view had then."""
        return self._seen.get(path)

    def knows(self, path: Path) -> bool:
        """Tell whether a picture can be shown at once, as it was seen or read ahead."""
        return path in self._seen

    def load(self, path: Path) -> None:
        """Read a picture, instead of the one that was wanted before."""
        self._wanted = path
        seen = self._seen.get(path)
        if seen is not None:
            self._load_whole(path, seen, is_judged=True)
            return
        _, style = self._form()

        def look() -> ShownPicture | None:
            quick = pictures.quick_look(path)
            return quick if quick is None or pictures.is_soft(quick) else pictures.with_graph(quick, style)

        def show(quick: ShownPicture | None) -> None:
            if path != self._wanted:
                return
            is_soft = quick is None or pictures.is_soft(quick)
            if quick is not None:
                (self.previewed if is_soft else self.read).emit(path, quick)
            self._load_whole(path, None, is_judged=not is_soft)

        self._quick.run("picture", look, show)

    def forget(self) -> None:
        """Read no more of what was wanted."""
        self._wanted = None
        self._quick.forget("picture")
        self._loader.forget("picture")

    def let_go(self, whole: ShownPicture) -> None:
        """Free a whole picture that nothing else holds, not on this thread: 72 MB take it a millisecond."""
        self._leaving.append(whole)
        self._loader.run("leaving", self._leaving.clear, lambda _: None)

    def expect(self, paths: Sequence[Path]) -> None:
        """Take these for the pictures that are likely to be wanted next, the nearest first."""
        self._likely = paths

    def read_expected(self) -> None:
        """Read what is likely to be wanted next, at the size of the view."""
        size, style = self._form()

        def read(path: Path) -> ShownPicture | None:
            if path not in self._likely:
                return None
            return pictures.with_graph(pictures.glance(path, size.width(), size.height()), style)

        for number, path in enumerate(reversed(self._likely)):
            if path not in self._seen:
                self._ahead.run(number, partial(read, path), partial(self._keep_unless_known, path))

    def close(self) -> None:
        """End the threads."""
        self._ahead.close()
        self._loader.close()

    def _keep_unless_known(self, path: Path, picture: ShownPicture | None) -> None:
        if picture is not None and path not in self._seen:  # the whole one has better figures
            self._seen.keep(path, picture)

    def _load_whole(self, path: Path, seen: ShownPicture | None, *, is_judged: bool) -> None:
        """Read a picture at the size of the view, unless it was seen in that, and then all of it.

        is_judged: what is shown can be judged, so the smaller one is shown with the figures of the whole.
        """
        size, style = self._form()

        def read() -> ShownPicture | None:
            self._leaving.clear()
            if self._wanted != path:
                return None
            small = seen
            if small is None or not pictures.fills(small, size.width(), size.height()):
                # The JPEG's own scaling: shrinking the whole takes longer, and more memory beside it.
                glance = pictures.glance(path, size.width(), size.height())
                small = pictures.with_graph(glance, style)
            if not is_judged:
                better = small
                self._bridge.call(lambda: self.read.emit(path, better))
            if self._wanted != path:
                return small  # all of it would hold up what is wanted by now
            whole = pictures.with_graph(pictures.whole_picture(path), style)
            whole = pictures.with_outline(whole, style)
            kept = replace(whole, image=small.image)
            self._bridge.call(lambda: self.completed.emit(path, whole, kept))
            return kept

        self._loader.run(
            "picture",
            read,
            lambda small: self._seen.keep(path, small) if small is not None else None,
            lambda error: self._fail(path, error),
        )

    def _fail(self, path: Path, error: GroundglassError) -> None:
        self._seen.forget(path)
        self.failed.emit(path, error)

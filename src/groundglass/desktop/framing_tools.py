"""Framing: which grid and mask, mirrored or turned, and what is laid over the live picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from groundglass.desktop import pictures
from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.pixels import as_image
from groundglass.desktop.widgets.framing_section import FramingSection
from groundglass.desktop.widgets.grid import ASPECTS, Framing, Ghost
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.errors import GroundglassError, SessionError
from groundglass.model.shot import Shot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EDGE_PX = 1600
_PLACES = {
    "middle": (0.5, 0.5),
    "top left": (0.25, 0.25),
    "top right": (0.75, 0.25),
    "bottom left": (0.25, 0.75),
    "bottom right": (0.75, 0.75),
}


class FramingTools(Part):
    """Keeps section and picture at one. User-interface thread; pictures are read on a thread of its own."""

    def __init__(
        self,
        bridge: Bridge,
        picture: PictureView,
        section: FramingSection,
        newest: Callable[[], Shot | None],
        session: Callable[[], Path | None],
        tell: Callable[[GroundglassError], None],
    ) -> None:
        super().__init__(picture)
        self._picture, self._section, self._tell = picture, section, tell
        self._newest, self._session = newest, session
        self._over: NDArray[np.uint8] | None = None
        self._background = Background(1, "framing", bridge.call)
        self.chooser: QFileDialog | None = None
        section.changed.connect(self._use_section)
        section.last_wanted.connect(self.lay_last_over)
        section.picture_wanted.connect(self._choose)
        section.none_wanted.connect(self._lay_nothing)

    def deeds(self) -> Deeds:
        return {
            ActionId.GRID: lambda: self._use(replace(self._now, grid=self._now.grid.following)),
            ActionId.ASPECT: self._step_aspect,
            ActionId.MIRROR: lambda: self._use(replace(self._now, is_mirrored=not self._now.is_mirrored)),
            ActionId.ROTATE: lambda: self._use(
                replace(self._now, quarter_turns=(self._now.quarter_turns + 1) % 4)
            ),
            ActionId.ONION_SKIN: lambda: self.lay_last_over() if self._over is None else self._lay_nothing(),
        }

    def lay_last_over(self) -> None:
        """Lay the newest frame of the session over the picture."""
        shot, session = self._newest(), self._session()
        path = pictures.shown_path(session, shot) if shot is not None and session is not None else None
        if path is None:
            self._tell(SessionError("There is no frame yet to lay over the picture.", "Release first."))
        else:
            self.lay_over(path)

    def lay_over(self, path: Path) -> None:
        """Lay a picture over the picture as soon as it is read."""
        self._background.run("over", lambda: _read(path), self._take, self._tell)

    def close(self) -> None:
        self._background.close()
        if self.chooser is not None:
            self.chooser.close()

    @property
    def _now(self) -> Framing:
        return self._picture.framing

    def _use(self, framing: Framing) -> None:
        self._picture.show_framing(framing)
        self._section.show_framing(framing)

    def _use_section(self) -> None:
        self._picture.show_framing(replace(self._section.framing, ghost=self._ghost()))

    def _step_aspect(self) -> None:
        names = list(ASPECTS)
        following = names[(names.index(self._now.aspect) + 1) % len(names)]
        self._use(replace(self._now, aspect=following))

    def _take(self, image: NDArray[np.uint8]) -> None:
        self._over = image
        self._picture.show_framing(replace(self._now, ghost=self._ghost()))

    def _lay_nothing(self) -> None:
        self._over = None
        self._background.forget("over")
        self._picture.show_framing(replace(self._now, ghost=None))

    def _ghost(self) -> Ghost | None:
        if self._over is None:
            return None
        section = self._section
        across, down = _PLACES[section.place.now]
        return Ghost(
            as_image(self._over),
            int(section.opacity.now) / 100,
            int(section.scale.now) / 100,
            across,
            down,
        )

    def _choose(self) -> None:
        chooser = QFileDialog(self._picture, "A picture to lay over")
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(lambda path: self.lay_over(Path(path)))
        self.chooser = chooser
        chooser.open()


def _read(path: Path) -> NDArray[np.uint8]:
    """Read a picture, no larger than a screen needs it; raises ImageError."""
    import cv2
    import numpy as np

    image = pictures.whole_picture(path).image
    height, width = image.shape[:2]
    share = min(_EDGE_PX / max(height, width), 1.0)
    size = (max(round(width * share), 1), max(round(height * share), 1))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)

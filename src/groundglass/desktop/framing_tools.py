"""Framing: which grid and mask, mirrored or turned, and what is laid over the live picture."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtWidgets import QFileDialog

from groundglass.desktop import pictures
from groundglass.desktop.actions import ActionId
from groundglass.desktop.background import Background
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.going_round import after
from groundglass.desktop.layer_reading import read_layer
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.widgets.framing_section import FramingSection
from groundglass.desktop.widgets.grid import ASPECTS, Framing
from groundglass.desktop.widgets.overlay import Ghost, Layer, Look
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.errors import GroundglassError, SessionError, UsageError
from groundglass.model.shot import Shot

_log = logging.getLogger(__name__)

_STEP = 0.01  # of the picture, for each press of an arrow
_GROWTH = 1.05
_OPACITIES = (0.25, 0.5, 0.75, 1.0)


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
        self._over: Layer | None = None
        self._wanted: tuple[Path, bool] | None = None  # what is, or is to be, and whether it is a frame
        self._is_frame = False  # what is laid over: of this camera, so it is turned as its live picture is
        self._look = Look()
        self._background = Background(1, "framing", bridge.call)
        self.chooser: QFileDialog | None = None
        section.changed.connect(self._use_section)
        section.last_wanted.connect(self.lay_last_over)
        section.picture_wanted.connect(self._choose)
        section.none_wanted.connect(self.lay_nothing)
        picture.dragged.connect(self._move)

    def deeds(self) -> Deeds:
        return {
            ActionId.GRID: lambda: self._use(replace(self._now, grid=self._now.grid.following)),
            ActionId.ASPECT: self._step_aspect,
            ActionId.MIRROR: lambda: self._use(self._now.mirrored),
            ActionId.ROTATE: lambda: self._use(self._now.turned_on),
            ActionId.ONION_SKIN: lambda: self.lay_last_over() if self._over is None else self.lay_nothing(),
            ActionId.OVER_BLEND: lambda: self._change(blend=self._look.blend.following),
            ActionId.OVER_OPACITY: lambda: self._change(
                opacity=next((one for one in _OPACITIES if one > self._look.opacity), _OPACITIES[0])
            ),
            ActionId.OVER_LARGER: lambda: self._change(scale=self._look.scale * _GROWTH),
            ActionId.OVER_SMALLER: lambda: self._change(scale=self._look.scale / _GROWTH),
            ActionId.OVER_LEFT: lambda: self._move_by_key(-_STEP, 0),
            ActionId.OVER_RIGHT: lambda: self._move_by_key(_STEP, 0),
            ActionId.OVER_UP: lambda: self._move_by_key(0, -_STEP),
            ActionId.OVER_DOWN: lambda: self._move_by_key(0, _STEP),
        }

    @property
    def look(self) -> Look:
        """Return how a picture is laid over, or will be."""
        return self._look

    @property
    def wanted(self) -> tuple[Path, bool] | None:
        """Return the file that is laid over, or is to be as soon as it can be read; None: nothing.

        With it, whether it is a frame of the session.
        """
        return self._wanted

    @property
    def laid(self) -> tuple[Path, bool] | None:
        """Return the same as `wanted` while something is laid over."""
        return self._wanted if self._over is not None else None

    def use_look(self, look: Look) -> None:
        """Lay pictures over like this from now on."""
        self._look = look
        self._section.show_look(look)
        self._picture.show_framing(replace(self._now, ghost=self._ghost()))

    def lay_last_over(self) -> None:
        """Lay the newest frame of the session over the picture."""
        shot, session = self._newest(), self._session()
        path = pictures.shown_path(session, shot) if shot is not None and session is not None else None
        if path is None:
            self._tell(SessionError("There is no frame yet to lay over the picture.", "Release first."))
        else:
            # It fits as it is; where a layout lay before is of no use to it.
            self.use_look(replace(self._look, scale=1.0, across=0.5, down=0.5))
            self._lay(path, is_frame=True)

    def lay_over(self, path: Path) -> None:
        """Lay a layout over the picture, upright however that is turned, as soon as it is read."""
        self._lay(path, is_frame=False)

    def lay_again(self, path: Path, *, is_frame: bool) -> None:
        """Lay a picture over as it lay before; one that cannot be read now is passed over, not forgotten."""

        def pass_over(error: GroundglassError) -> None:
            _log.info("%s is not laid over again: %s", path, error)

        self._wanted = (path, is_frame)
        self._read(path, pass_over)

    def lay_nothing(self) -> None:
        """Take off what is laid over the picture."""
        self._over = self._wanted = None
        self._background.forget("over")
        self._picture.show_framing(replace(self._now, ghost=None))

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
        self._look = self._section.look(self._look)
        now, wanted = self._now, self._section.framing
        if wanted.turn.is_mirrored != now.turn.is_mirrored:
            wanted = replace(wanted, turn=now.mirrored.turn)
        self._use(replace(wanted, ghost=self._ghost(), frozen=now.frozen))

    def _step_aspect(self) -> None:
        self._use(replace(self._now, aspect=after(self._now.aspect, ASPECTS)))

    def _lay(self, path: Path, *, is_frame: bool) -> None:
        before, self._wanted = self._wanted, (path, is_frame)

        def fail(error: GroundglassError) -> None:
            self._wanted = before
            self._tell(error)

        self._read(path, fail)

    def _read(self, path: Path, fail: Callable[[GroundglassError], None]) -> None:
        """Read what is to be laid over; what comes when something else is, or nothing, is let go."""
        wanted = self._wanted

        def take(layer: Layer) -> None:
            if wanted is not None and self._wanted == wanted:
                self._over, self._is_frame = layer, wanted[1]
                self._picture.show_framing(replace(self._now, ghost=self._ghost()))

        def failed(error: GroundglassError) -> None:
            if self._wanted == wanted:
                fail(error)

        self._background.run("over", lambda: read_layer(path), take, failed)

    def _ghost(self) -> Ghost | None:
        return Ghost(self._over, self._look, self._is_frame) if self._over is not None else None

    def _change(self, **changes: Any) -> None:
        """Lay the picture over in another way; without one, say how to get one."""
        if self._over is None:
            self._tell(
                UsageError("Nothing is laid over the picture.", "Lay the last frame or a layout over it.")
            )
            return
        self.use_look(replace(self._look, **changes).bounded)

    def _move_by_key(self, across: float, down: float) -> None:
        self._change(across=self._look.across + across, down=self._look.down + down)

    def _move(self, across: float, down: float) -> None:
        if self._over is not None:
            self._move_by_key(across, down)

    def _choose(self) -> None:
        chooser = QFileDialog(self._picture, "A picture to lay over")
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(lambda path: self.lay_over(Path(path)))
        self.chooser = chooser
        chooser.open()

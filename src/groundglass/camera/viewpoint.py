"""Where the body focuses, and which part of the frame its live picture shows.

Part of the worker's loop: the same thread, the same driver.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from msgspec.structs import replace

from groundglass.camera import messages as msg
from groundglass.camera.dialects.viewpoint import Area, PointDialect, ZoomDialect, point_of, zoom_of
from groundglass.camera.driver import Driver, read_if_there
from groundglass.errors import CameraError, CameraLostError, UnsupportedError
from groundglass.model.camera import LiveZoom

_log = logging.getLogger(__name__)


class Viewpoint:
    """The focus point and the magnifier of an open body."""

    def __init__(self, driver: Driver, send: Callable[[msg.FromWorker], None]) -> None:
        self._driver = driver
        self._send = send
        self._point: PointDialect | None = None
        self._zoom: ZoomDialect | None = None
        self._model = ""
        self._names: frozenset[str] = frozenset()
        self._raws: dict[float, str] = {}
        self.focus_point: tuple[float, float] | None = None
        self.live_zoom: LiveZoom | None = None

    def learn(self, names: frozenset[str], maker: str, model: str) -> None:
        """Find out what a body that was just opened can do."""
        self._names, self._model = names, model
        self._point = point_of(names)
        self._zoom = zoom_of(names, maker)
        self._raws, self.focus_point, self.live_zoom = {}, None, None
        widget = read_if_there(self._driver, self._zoom.widget) if self._zoom else None
        if self._zoom is not None and widget is not None:
            self._raws = dict(sorted(self._zoom.powers(widget, self._area()).items()))
        if len(self._raws) > 1:
            self.live_zoom = LiveZoom(tuple(self._raws))

    @property
    def needs_live_view(self) -> bool:
        """Tell whether the body takes a focus point only while its live view runs."""
        return self._point is not None and self._point.needs_live_view

    def point_at(self, x: float, y: float) -> None:
        """Put the focus point at x, y (0..1 of the frame); raise CameraError."""
        if self._point is None:
            raise UnsupportedError(
                "This camera takes no focus point over the cable.", "Choose it on the body."
            )
        self._make_it_count(self._point)
        zoom = self.live_zoom
        x, y = self._write_point(x, y, zoom.power if zoom else 1.0)
        if zoom is not None and self._zoom is not None and self._zoom.moves_point:
            self.live_zoom = replace(zoom, x=x, y=y)
        self._tell()

    def zoom_to(self, power: float, x: float, y: float) -> LiveZoom:
        """Magnify around x, y by the nearest power there is; raise CameraError."""
        zoom = self.live_zoom
        if zoom is None or self._zoom is None:
            raise UnsupportedError(
                "This camera does not magnify its live view over the cable.", "Magnify it on the body."
            )
        power = min(zoom.powers, key=lambda one: abs(one - power))
        self._driver.write_widget(self._zoom.widget, self._zoom.spell(self._raws[power], x, y))
        if self._zoom.moves_point and self._point is not None and power > 1:
            x, y = self._write_point(x, y, power)
        self.live_zoom = replace(zoom, power=power, x=x, y=y)
        self._tell()
        return self.live_zoom

    def show_whole(self) -> None:
        """Show the whole picture again, as before the live view; a body that refuses is left alone."""
        zoom = self.live_zoom
        if zoom is None or zoom.is_whole:
            return
        try:
            self.zoom_to(1.0, 0.5, 0.5)
        except CameraLostError:
            raise
        except CameraError as err:
            _log.info("The live view stays magnified: %s", err)
            self.live_zoom = LiveZoom(zoom.powers)
            self._tell()

    def _write_point(self, x: float, y: float, power: float) -> tuple[float, float]:
        """Put the point there; return where the body has it: some know only the points of a grid."""
        assert self._point is not None
        now = read_if_there(self._driver, self._point.widget)
        text, x, y = self._point.spell(x, y, self._area(), power, (now.value or "") if now else "")
        self._driver.write_widget(self._point.widget, text)
        self.focus_point = (x, y)
        return x, y

    def _make_it_count(self, point: PointDialect) -> None:
        """Choose the kind of focus area that a point belongs to, where the body has another one now."""
        name, counting = point.needs
        area = read_if_there(self._driver, name) if name in self._names else None
        if area is None or area.value in counting:
            return
        wanted = next((one for one in counting if one in area.choices), None)
        if wanted is not None:
            self._driver.write_widget(name, wanted)

    def _area(self) -> Area:
        if self._point is None:
            return 1, 1
        name = self._point.area_widget
        widget = read_if_there(self._driver, name) if name in self._names else None
        return self._point.area(widget, self._model)

    def _tell(self) -> None:
        self._send(msg.ViewChanged(self.focus_point, self.live_zoom))

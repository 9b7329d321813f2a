"""The live view's button, and what stands in the picture's place before there is any camera."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from groundglass.desktop.actions import ActionId
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.notices import is_waiting
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.widgets.banner import Banner
from groundglass.desktop.widgets.camera_panel import CameraPanel
from groundglass.desktop.widgets.empty_state import EmptyState
from groundglass.errors import CameraError, CaptureError, GroundglassError
from groundglass.model.camera import CameraState, CameraStatus


class GoingLive(Part):
    """Starts and ends the live view, and the virtual camera for it. User-interface thread."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        viewing: Viewing,
        panel: CameraPanel,
        empty: EmptyState,
        banner: Banner,
        tell: Callable[[GroundglassError], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._viewing, self._tell = desk, bridge, viewing, tell
        self._panel, self._empty, self._banner = panel, empty, banner
        self._status = CameraStatus()
        self._starts_live = False
        panel.live.clicked.connect(self._toggle)
        empty.virtual_wanted.connect(self.start_virtual_camera)
        viewing.changed.connect(self._show_empty)

    def deeds(self) -> Deeds:
        return {ActionId.LIVE: self._toggle}

    def show_status(self, status: CameraStatus) -> None:
        self._status = status
        self._panel.live.show_live(status.is_live_wanted, status.state.is_connected)
        self._panel.live.setEnabled(status.state.is_connected or status.is_live_wanted)
        self._show_empty()
        self._start_if_wanted()

    def start_virtual_camera(self) -> None:
        """Start the virtual camera and, as soon as it is there, its live picture."""
        for error in self._banner.errors:
            if isinstance(error, CameraError) and not isinstance(error, CaptureError):
                self._banner.take_back(error)  # there is another one now
        self._empty.show_starting(True)
        self._starts_live = True
        self._bridge.watch(self._desk.start_virtual_camera(), failed=self._virtual_camera_failed)

    def start_when_ready(self) -> None:
        """Start the live view as soon as a camera is connected."""
        self._starts_live = True
        self._start_if_wanted()

    def _start_if_wanted(self) -> None:
        if self._starts_live and self._status.state is CameraState.READY:
            self._starts_live = False
            self._bridge.watch(self._desk.start_live(), failed=self._tell)

    def _toggle(self) -> None:
        if not self._status.is_live_wanted:
            self._bridge.watch(self._desk.start_live(), failed=self._tell)
        elif not self._viewing.shows_live:
            self._viewing.show_live()
        else:
            self._bridge.watch(self._desk.stop_live(), failed=self._tell)

    def _show_empty(self) -> None:
        self._empty.setVisible(is_waiting(self._status) and self._viewing.is_empty)
        self._empty.say(self._status.message)
        if self._status.state.is_connected:
            self._empty.show_starting(False)

    def _virtual_camera_failed(self, error: GroundglassError) -> None:
        self._starts_live = False
        self._empty.show_starting(False)
        self._banner.tell(error)

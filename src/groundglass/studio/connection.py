"""The camera that the photographer works with, and its live picture."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar, cast

from groundglass.camera import hub
from groundglass.camera import messages as msg
from groundglass.camera.bus import Computer
from groundglass.camera.client import CameraClient, ClientEvent
from groundglass.errors import CameraLostError, GroundglassError, NoCameraError
from groundglass.model.camera import CameraState, CameraStatus
from groundglass.studio.link import Link, link_of
from groundglass.studio.liveview import LiveView
from groundglass.studio.virtual_camera import PREFIX, USUAL, VirtualCameraProcess

_log = logging.getLogger(__name__)

TAKING = (CameraState.EXPOSING, CameraState.TRANSFERRING)
T = TypeVar("T")


class Connection:
    """One camera at a time, kept connected. Any thread may call what does not say that it blocks.

    `connect`, `disconnect` and `free` block and are called on one thread, one after the other.
    """

    def __init__(
        self,
        driver_settings: Path,
        computer: Computer,
        listener: Callable[[ClientEvent], None],
        on_virtual_end: Callable[[VirtualCameraProcess], object],
    ) -> None:
        """Keep each body's libgphoto2 settings below `driver_settings`; tell what the camera does.

        The listener is called on the camera's thread and must return at once. on_virtual_end: a private
        virtual camera ended by itself; on a thread of its own, which must not disconnect it.
        """
        self._driver_settings = driver_settings
        self._computer = computer
        self._listener = listener
        self._on_virtual_end = on_virtual_end
        self._lock = threading.Lock()
        self._client: CameraClient | None = None
        self._virtual: VirtualCameraProcess | None = None
        self._last_virtual: tuple[str, tuple[str, ...]] = (USUAL, ())
        self._incoming: Path | None = None
        self.live = LiveView()

    @property
    def status(self) -> CameraStatus:
        client = self._client
        return client.status if client else CameraStatus()

    @property
    def error(self) -> GroundglassError | None:
        """Return why the last attempt to connect failed; None if it did not, or there was none."""
        client = self._client
        return client.error if client else None

    @property
    def last_virtual(self) -> tuple[str, tuple[str, ...]]:
        """Return what the last private virtual camera was asked for as, and its options."""
        return self._last_virtual

    def is_through(self, virtual: VirtualCameraProcess) -> bool:
        """Tell whether this is the private virtual camera that is connected."""
        return self._virtual is virtual

    def is_virtual_gone(self) -> bool:
        """Tell whether the process of a private virtual camera has ended; blocks for a moment if not."""
        virtual = self._virtual
        return virtual is not None and virtual.has_ended()

    def link(self) -> Link | None:
        """Return how the camera is connected; None without one. Reads the system's records."""
        status = self.status
        if status.info is None or not status.state.is_connected:
            return None
        return link_of(status.info.address, self._computer)

    # ---- one after the other; they block

    def connect(self, address: str | None, virtual_options: tuple[str, ...]) -> None:
        """Let the camera before go and begin to connect this one; Studio.connect tells how it is named.

        Raises UsageError for an address that cannot be one; the camera before stays then.
        """
        if address is not None and hub.is_address(address):
            address = hub.full_address(address)
        self.disconnect()
        if address is not None and address.startswith(PREFIX):
            self._virtual = VirtualCameraProcess(address, virtual_options, self._on_virtual_end)
            self._last_virtual = address, virtual_options
            address = self._virtual.address
        client = CameraClient(address, self._listener, self._driver_settings)
        with self._lock:
            self._client = client
            if self._incoming is not None:
                client.store_in(self._incoming)
        client.start()

    def disconnect(self) -> None:
        """Let the camera go, and end a virtual one."""
        self.live.close()
        client, virtual = self._client, self._virtual
        if client is not None:
            client.close()
        self._client = None
        if virtual is not None:
            virtual.stop()
        self._virtual = None

    def free(self) -> None:
        """Make the program that holds the camera let go, and try again; CameraHeldError if it does not."""
        client = self._client
        if client is None:
            raise no_camera()
        self._computer.free(client.refused_address)
        client.try_now()

    def let_it_finish(self, limit_s: float) -> None:
        """Wait for an exposure and its transfer, which a closed connection would cut; not for ever.

        A shutter that stands open at Bulb is closed, and a held button let go: no hand will do it now.
        """
        deadline = time.monotonic() + limit_s
        if self.status.state is CameraState.EXPOSING:
            self.ask(msg.EndBulb())  # the camera's process refuses what is not so
            self.ask(msg.LetGo())
        while self.status.state in TAKING:
            if time.monotonic() > deadline:
                _log.warning("The camera was still busy after %.0f s and was let go", limit_s)
                return
            time.sleep(0.02)

    # ---- any thread

    def store_in(self, incoming: Path, *, is_at_once: bool = False) -> Future[object]:
        """Have what arrives saved into this folder, by this camera and those that follow it.

        Once the Future is done, in whatever way, all that went into the folder before has been told.
        is_at_once: what waits in the camera comes into this folder too, after that; else into the one before.
        """
        with self._lock:
            self._incoming = incoming
            if self._client is None:
                return refused(no_camera())
            return self._client.store_in(incoming, is_at_once=is_at_once)

    def connect_anew(self, error: CameraLostError) -> None:
        """Give a connection up that is known to be dead, and make another; does nothing without one."""
        client = self._client
        if client is not None:
            client.connect_anew(error)

    def ask(self, request: msg.Request) -> Future[object]:
        """Ask the camera; the Future fails with NoCameraError without one."""
        client = self._client
        return client.ask(request) if client else refused(no_camera())

    def start_live(self) -> Future[None]:
        """Start the live view, and keep it across reconnects until stop_live."""
        client = self._client
        if client is None:
            return refused(no_camera())
        self.live.start(client.take_frame)
        return cast("Future[None]", client.want_live(True))

    def stop_live(self) -> Future[None]:
        client = self._client
        self.live.stop()
        return cast("Future[None]", client.want_live(False)) if client else refused(no_camera())


def no_camera() -> NoCameraError:
    """Return the error for what needs a camera."""
    return NoCameraError("No camera is connected.", "Plug one in, or start the virtual camera.")


def refused(error: GroundglassError) -> Future[T]:
    """Return the answer to what cannot even be asked."""
    future: Future[T] = Future()
    future.set_exception(error)
    return future

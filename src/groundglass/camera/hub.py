"""Find cameras, and find the one that is meant."""

from __future__ import annotations

import socket
from pathlib import Path

from groundglass.camera import messages as msg
from groundglass.camera.process import WorkerProcess
from groundglass.errors import CameraError, CameraLostError, NoCameraError, UsageError
from groundglass.model.camera import CameraInfo

_PTPIP_PORT = 15740
_FIND_S = 15.0


def find_cameras(settings_base: Path, *, with_serial: bool = False) -> tuple[CameraInfo, ...]:
    """List the cameras on the bus, in a process of its own; blocks for some 0.3 s.

    With `with_serial` each camera is opened for a moment; one that is held keeps an empty serial number.
    """
    found = _ask(settings_base, msg.FindCameras())
    assert isinstance(found, tuple)
    return tuple(_opened(settings_base, one) for one in found) if with_serial else found


def _opened(settings_base: Path, camera: CameraInfo) -> CameraInfo:
    try:
        opened = _ask(settings_base, msg.Open(camera.address))
    except CameraError:
        return camera
    assert isinstance(opened, msg.Opened)
    return opened.info


def _ask(settings_base: Path, request: msg.Request) -> object:
    worker = WorkerProcess(settings_base / "scout")
    is_healthy = False
    try:
        worker.connection.send(msg.Ask(0, request))
        while worker.connection.poll(_FIND_S):
            message = worker.connection.recv()
            if isinstance(message, msg.Reply):
                is_healthy = True
                return message.value
            if isinstance(message, msg.Failed):
                raise message.error
        raise CameraLostError("The camera bus does not answer.", "Unplug the camera and plug it in again.")
    except EOFError as err:
        raise CameraLostError("The search for cameras failed.", "Try again.") from err
    finally:
        worker.end(is_healthy=is_healthy)


def is_address(wanted: str) -> bool:
    """Tell whether this names a port, not a serial number or a model."""
    return wanted.startswith(("usb:", "ptpip:"))


def full_address(wanted: str) -> str:
    """Return the address as libgphoto2 needs it: `ptpip:` with an IPv4 literal and both ports.

    Raises UsageError for an address that can not be one.
    """
    if wanted.startswith("usb:"):
        return wanted
    hint = "Write it as ptpip:192.168.1.20 or ptpip:192.168.1.20:15740."
    host, *ports = wanted.removeprefix("ptpip:").split(":")
    if not host or len(ports) > 2 or not all(port.isdigit() and 0 < int(port) < 65536 for port in ports):
        raise UsageError(f"“{wanted}” is no camera address.", hint)
    try:
        literal = socket.gethostbyname(host)
    except OSError as err:
        raise UsageError(f"“{host}” is no known computer or camera.", hint) from err
    command = int(ports[0]) if ports else _PTPIP_PORT
    event = int(ports[1]) if len(ports) > 1 else command
    return f"ptpip:{literal}:{command}:{event}"


def choose(found: tuple[CameraInfo, ...], wanted: str | None) -> CameraInfo:
    """Pick the camera that is meant: by serial number or part of its model; None: the only one.

    Raises NoCameraError if there is none, or more than one that it could be.
    """
    if not found:
        raise NoCameraError(
            "No camera is connected.",
            "Plug it in by USB, switch it on, and set its USB mode to PTP or PC remote.",
        )
    listed = "; ".join(f"{one.model} at {one.address}" for one in found)
    if wanted is None:
        if len(found) == 1:
            return found[0]
        raise NoCameraError(f"There are {len(found)} cameras: {listed}.", "Name one with --camera.")
    serial = wanted.lstrip("0").lower()
    for one in found:
        if one.serial and one.serial.lstrip("0").lower() == serial:
            return one
    fitting = [one for one in found if wanted.lower() in one.model.lower()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise NoCameraError(f"“{wanted}” could be more than one: {listed}.", "Use the address instead.")
    raise NoCameraError(f"No camera is called “{wanted}”.", f"Connected: {listed}.")

"""Find cameras, and find the one that is meant."""

from __future__ import annotations

import re
import socket
from pathlib import Path

from groundglass.camera import messages as msg
from groundglass.camera.process import WorkerProcess
from groundglass.errors import CameraError, CameraLostError, NoCameraError, UsageError
from groundglass.model.camera import CameraInfo

_PTPIP_PORT = 15740
_FIND_S = 15.0
_SERIAL = re.compile(r"(?=.*\d)[0-9A-Za-z-]{4,}")  # bodies are opened to find it, so not any word will do


def find_cameras(settings_base: Path, *, with_serial: bool = False) -> tuple[CameraInfo, ...]:
    """List the cameras on the bus, in a process of its own; blocks for some 0.3 s.

    With `with_serial` each camera is opened for a moment; one that is held keeps an empty serial number.
    """
    if with_serial:
        return tuple(camera for camera, _ in examine_cameras(settings_base))
    found = _ask(settings_base, msg.FindCameras())
    assert isinstance(found, tuple)
    return found


def examine_cameras(settings_base: Path) -> tuple[tuple[CameraInfo, CameraError | None], ...]:
    """Open each camera on the bus for a moment; returns who it is, or what it is listed as and why not.

    Blocks for some 0.5 s for each.
    """
    return tuple(identify(settings_base, one) for one in find_cameras(settings_base))


def examine_named(settings_base: Path, wanted: str) -> tuple[tuple[CameraInfo, CameraError | None], ...]:
    """As examine_cameras, of those alone that a serial number or a part of the model can mean.

    Raises NoCameraError if none is called so, or too many are.
    """
    fitting, serial = candidates(find_cameras(settings_base), wanted)
    examined = tuple(identify(settings_base, one) for one in fitting)
    meant = tuple(
        (info, error)
        for info, error in examined
        if not serial or error is not None or info.has_serial(serial)  # one that is held may be it
    )
    if not meant:
        raise not_called(wanted, fitting)
    return meant


def identify(settings_base: Path, camera: CameraInfo) -> tuple[CameraInfo, CameraError | None]:
    """Ask one camera who it is, in a process of its own: one that hangs does not hide the others."""
    try:
        info = _ask(settings_base, msg.Identify(camera.address))
    except CameraError as err:
        return camera, err
    assert isinstance(info, CameraInfo)
    return info, None


def driver_versions(settings_base: Path) -> dict[str, str]:
    """Return the names and versions of what drives the cameras; raises CameraLostError if it fails."""
    found = _ask(settings_base, msg.Versions())
    assert isinstance(found, tuple)
    return dict(found)


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


def may_be_serial(wanted: str) -> bool:
    """Tell whether a camera that is named so may be meant by its serial number."""
    return not is_address(wanted) and _SERIAL.fullmatch(wanted) is not None


def full_address(wanted: str) -> str:
    """Return the address as libgphoto2 needs it: `ptpip:` with an IPv4 literal and both ports.

    Raises UsageError for an address that cannot be one.
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


def candidates(
    found: tuple[CameraInfo, ...], wanted: str | None, known: str = ""
) -> tuple[tuple[CameraInfo, ...], str]:
    """Return the cameras that it could be, the likeliest first, and the serial number that tells; "": any.

    found: as the bus lists them, without serial numbers.  wanted: address, serial number or part of the
    model; None: the only one.  known: the serial number of the body that was connected before.
    Raises NoCameraError if there is none, or more than one and nothing to tell them apart.
    """
    if not found:
        raise NoCameraError(
            "No camera is connected.",
            "Plug it in by USB, switch it on, and set its USB mode to PTP or PC Remote.",
        )
    if wanted is None:
        # A backup body that was plugged in instead is welcome; among several only the one from before.
        if len(found) == 1:
            return found, ""
        if known:
            return found, known
        raise NoCameraError(
            f"There are {len(found)} cameras: {_listed(found)}.",
            "Name one in the preferences (Connect to) or with --camera.",
        )
    if is_address(wanted):
        return tuple(sorted(found, key=lambda one: one.address != wanted)), known
    fitting = tuple(one for one in found if wanted.lower() in one.model.lower())
    if len(fitting) == 1 or (fitting and known):
        return fitting, known
    if fitting:
        raise NoCameraError(
            f"“{wanted}” could be more than one: {_listed(found)}.", "Name it by its serial number."
        )
    if not may_be_serial(wanted):
        raise not_called(wanted, found)
    return found, wanted


def not_called(wanted: str, found: tuple[CameraInfo, ...]) -> NoCameraError:
    """Return the error for a name that no camera bears."""
    return NoCameraError(f"No camera is called “{wanted}”.", f"Connected: {_listed(found)}.")


def _listed(found: tuple[CameraInfo, ...]) -> str:
    return "; ".join(f"{one.model} at {one.address}" for one in found)

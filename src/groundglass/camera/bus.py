"""What this computer knows of a camera's USB cable: permission, speed, who holds it, and how to free it.

Looks at the system's own records alone, as an ordinary user; the camera is not asked.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from groundglass.errors import CameraHeldError

_log = logging.getLogger(__name__)

_FREEING_S = 15.0
_ADDRESS = re.compile(r"usb:(\d{3}),(\d{3})")
_OURS = b"groundglass.camera.worker"


class Taker(Struct, frozen=True):
    """A program that takes cameras, and the command that makes it let go; none: quit it."""

    words: str
    freeing: tuple[str, ...] = ()


_GIO = ("gio", "mount", "-s", "gphoto2")
# By the name that the kernel keeps, which ends after 15 letters.
_TAKERS = {
    "gvfsd-gphoto2": Taker("the file manager (gvfs)", _GIO),
    "gvfs-gphoto2-vo": Taker("the file manager (gvfs)", _GIO),
    "ptpcamerad": Taker("macOS (ptpcamerad)", ("killall", "ptpcamerad")),
    "PTPCamera": Taker("macOS (PTPCamera)", ("killall", "PTPCamera")),
    "kiod5": Taker("the file manager (KDE)"),
    "gphoto2": Taker("gphoto2"),
    "darktable": Taker("darktable"),
    "digikam": Taker("digiKam"),
    "entangle": Taker("Entangle"),
    "shotwell": Taker("Shotwell"),
}
_ALWAYS_THERE = frozenset(
    {"gvfs-gphoto2-vo", "kiod5"}
)  # on every such desktop, whether it holds a camera or not


class Holder(Struct, frozen=True):
    """A program that holds the camera, or may."""

    pid: int
    program: str  # as the system names it
    is_certain: bool = (
        True  # it has the camera's device file open; otherwise it is of a kind that takes cameras
    )

    @property
    def words(self) -> str:
        taker = _TAKERS.get(self.program)
        return taker.words if taker else self.program

    @property
    def freeing(self) -> tuple[str, ...]:
        """Return the command that makes it let go; empty if it has to be quit by hand."""
        taker = _TAKERS.get(self.program)
        return taker.freeing if taker else ()


class Computer(Struct, frozen=True):
    """The records of this computer; the folders are those of Linux."""

    processes: Path = Path("/proc")
    device_files: Path = Path("/dev/bus/usb")
    devices: Path = Path("/sys/bus/usb/devices")

    def device_file(self, address: str) -> Path | None:
        """Return the device file of the camera at `usb:001,004`; None if this system has none for it."""
        match = _ADDRESS.fullmatch(address)
        if match is None:
            return None
        path = self.device_files / match[1] / match[2]
        return path if path.exists() else None

    def may_use(self, address: str) -> bool | None:
        """Tell whether the user may open the camera; None if that cannot be known."""
        path = self.device_file(address)
        return None if path is None else os.access(path, os.R_OK | os.W_OK)

    def speed_mbit(self, address: str) -> float | None:
        """Return the speed of the link in Mbit/s, 480 for USB 2, 5000 and more for USB 3; None: unknown."""
        match = _ADDRESS.fullmatch(address)
        if match is None:
            return None
        wanted = (int(match[1]), int(match[2]))
        for device in sorted(self.devices.glob("*/devnum")):
            folder = device.parent
            try:
                place = (int((folder / "busnum").read_text()), int(device.read_text()))
                if place == wanted:
                    return float((folder / "speed").read_text())
            except (OSError, ValueError) as err:
                _log.debug("%s cannot be read: %s", folder, err)
        return None

    def holders(self, address: str) -> tuple[Holder, ...]:
        """Return who has the camera open; if nobody is seen to, the programs that are known to take one."""
        if not address.startswith("usb:"):
            return ()
        path = self.device_file(address)
        likely = []
        for pid, program in self._programs():
            if path is not None and self._has_open(pid, path):
                return (Holder(pid, program),)
            if program in _TAKERS:
                likely.append(Holder(pid, program, is_certain=False))
        return tuple(sorted(likely, key=lambda one: (one.program in _ALWAYS_THERE, one.pid)))

    def free(self, address: str) -> None:
        """Make the camera's holder let go, as an ordinary user; blocks for seconds at most.

        Raises CameraHeldError if there is nobody who can be made to, or it fails.
        """
        holders = self.holders(address)
        holder = next((one for one in holders if one.freeing), None)
        if holder is None:
            raise _unfreed(holders)
        command = " ".join(holder.freeing)
        _log.info("Freeing the camera from %s: %s", holder.program, command)
        try:
            done = subprocess.run(
                holder.freeing,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_FREEING_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as err:
            raise CameraHeldError(
                f"The camera could not be freed from {holder.words}: `{command}` does not work here.",
                "Unmount the camera in the file manager, or unplug it and plug it in again.",
            ) from err
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise CameraHeldError(
                f"The camera could not be freed from {holder.words}{': ' + said[-1] if said else ''}.",
                "Unmount the camera in the file manager, or unplug it and plug it in again.",
            )

    def _programs(self) -> Iterator[tuple[int, str]]:
        if not self.processes.is_dir():
            yield from _listed_by_ps()
            return
        for folder in sorted(self.processes.glob("[0-9]*"), key=lambda one: int(one.name)):
            try:
                program = (folder / "comm").read_text().strip()
                if _OURS in (folder / "cmdline").read_bytes():
                    program = "Groundglass"
            except OSError:
                continue  # it has ended
            yield int(folder.name), program

    def _has_open(self, pid: int, path: Path) -> bool:
        """Tell whether a process of this user has the file open; others' cannot be seen."""
        try:
            open_files = list((self.processes / str(pid) / "fd").iterdir())
        except OSError:
            return False
        return any(_target(one) == str(path) for one in open_files)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _listed_by_ps() -> Iterator[tuple[int, str]]:
    if sys.platform != "darwin":
        return
    done = subprocess.run(
        ["ps", "-axo", "pid=,comm="], capture_output=True, text=True, timeout=5, check=False
    )
    for line in done.stdout.splitlines():
        pid, _, command = line.strip().partition(" ")
        if pid.isdigit():
            yield int(pid), Path(command.strip()).name


def _unfreed(holders: tuple[Holder, ...]) -> CameraHeldError:
    if not holders:
        return CameraHeldError(
            "It cannot be seen who holds the camera.",
            "Close other programs that use it, or switch the camera off and on.",
        )
    holder = holders[0]
    certainty = "is" if holder.is_certain else "may be"
    return CameraHeldError(
        f"The camera {certainty} held by {holder.words}.", "Quit it; the camera connects by itself then."
    )

"""A USB bus of virtual cameras: the port library `usb/vcamusb.c`, built for this run, and what is plugged in.

Built against the libgphoto2 of python-gphoto2's wheel and, apart from it, of Debian's programs: a port
library belongs to the one libgphoto2_port that it is linked to.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from virtual_camera import VirtualCamera

SOURCE = Path(__file__).with_name("usb") / "vcamusb.c"
_BUILT = tempfile.TemporaryDirectory(prefix="groundglass-usb-")
_WARNINGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror")


class CanNotBuildError(Exception):
    """The machine lacks something; says what."""


@functools.cache
def wheel_drivers() -> Path:
    """Return a folder of port libraries for python-gphoto2: our USB, and the wheel's own network.

    Raises CanNotBuildError.
    """
    spec = importlib.util.find_spec("gphoto2")
    if spec is None or spec.origin is None:
        raise CanNotBuildError("python-gphoto2 is not installed")
    package = Path(spec.origin).parent
    libraries = package.parent / "gphoto2.libs"
    # The name holds a hash that changes with each wheel.
    found = sorted(libraries.glob("libgphoto2_port-*.so*"))
    if not found:
        raise CanNotBuildError("python-gphoto2 is no wheel with its own libgphoto2")
    folder = _folder("wheel")
    _build(
        folder,
        f"-L{libraries}",
        f"-l:{found[0].name}",
        f"-Wl,-rpath,{libraries}",
        "-Wl,--allow-shlib-undefined",
    )
    network = package / "libgphoto2" / "iolibs" / "ptpip.so"
    (folder / network.name).symlink_to(network)
    return folder


@functools.cache
def system_drivers() -> Path:
    """Return a folder with the port library for the system's own programs; raises CanNotBuildError."""
    folder = _folder("system")
    _build(folder, *_pkg_config("--libs"))
    return folder


def _folder(name: str) -> Path:
    folder = Path(_BUILT.name) / name
    folder.mkdir()
    return folder


def _pkg_config(what: str) -> list[str]:
    if shutil.which("pkg-config") is None:
        raise CanNotBuildError("pkg-config is not installed")
    done = subprocess.run(
        ["pkg-config", what, "libgphoto2_port"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CanNotBuildError("libgphoto2's headers are not installed (Debian: libgphoto2-dev)")
    return shlex.split(done.stdout)


def _build(folder: Path, *link: str) -> None:
    if not sys.platform.startswith("linux"):
        raise CanNotBuildError("the USB bridge is for Linux")
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise CanNotBuildError("no C compiler is installed")
    output = folder / "vcamusb.so"
    command = [compiler, "-shared", "-fPIC", *_WARNINGS, *_pkg_config("--cflags"), str(SOURCE)]
    done = subprocess.run(
        [*command, "-o", str(output), *link], capture_output=True, text=True, timeout=60, check=False
    )
    # A compiler without the C library's headers is a machine's lack too, but a warning is our fault.
    if "fatal error" in done.stderr:
        raise CanNotBuildError(done.stderr.strip().splitlines()[0])
    assert done.returncode == 0, done.stderr


class UsbBus:
    """A folder that holds a file for each camera that is plugged in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def plug(self, camera: VirtualCamera, at: str = "001,004") -> str:
        """Plug in a camera that was started with --usb-port; returns its address."""
        usb: dict[str, Any] = camera.announcement["usb"]
        hidden = self.folder / f".{at}"
        hidden.write_text(f"{usb['vendor']} {usb['product']} {usb['port']}\n", encoding="ascii")
        hidden.rename(self.folder / at)
        return f"usb:{at}"

    def unplug(self, camera: VirtualCamera, at: str = "001,004") -> None:
        """Take a camera off the bus, under a client's hands."""
        (self.folder / at).unlink()
        camera.do("unplug")

    def environment(self) -> dict[str, str]:
        """Return the variables by which Groundglass finds this bus; raises CanNotBuildError."""
        return {"GROUNDGLASS_IOLIBS": str(wheel_drivers()), **self._own()}

    def system_environment(self) -> dict[str, str]:
        """Return the variables by which the system's libgphoto2 finds this bus; raises CanNotBuildError."""
        return {"IOLIBS": str(system_drivers()), **self._own()}

    def _own(self) -> dict[str, str]:
        return {"GROUNDGLASS_USB_BUS": os.fspath(self.folder)}

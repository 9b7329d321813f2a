"""Trees in the shape of /proc, /dev/bus/usb and /sys/bus/usb/devices, for a computer that is not this one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from groundglass.camera.bus import Computer


class Records:
    """A computer with nothing on it, to which a test adds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.computer = Computer(folder / "proc", folder / "dev", folder / "sys")
        for one in (self.computer.processes, self.computer.device_files, self.computer.devices):
            one.mkdir(parents=True)

    def device(self, bus: int, number: int, mbit: float) -> Path:
        """Add a device to the bus; returns its folder."""
        device = self.computer.devices / f"{bus}-{number}"
        device.mkdir()
        for name, value in (("busnum", bus), ("devnum", number), ("speed", f"{mbit:g}")):
            (device / name).write_text(f"{value}\n")
        return device

    def device_file(self, address: str) -> Path:
        """Add the file by which a camera is opened."""
        path = self.computer.device_files.joinpath(*address.removeprefix("usb:").split(","))
        path.parent.mkdir(exist_ok=True)
        path.touch()
        return path

    def program(self, pid: int, name: str, opens: Path | None = None, command: str = "") -> None:
        """Add a running program."""
        process = self.computer.processes / str(pid)
        (process / "fd").mkdir(parents=True)
        (process / "comm").write_text(f"{name}\n")
        (process / "cmdline").write_bytes((command or name).replace(" ", "\0").encode() + b"\0")
        (process / "fd" / "0").symlink_to("/dev/null")
        if opens is not None:
            (process / "fd" / "7").symlink_to(opens)

    def command(self, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put a command first on the path."""
        folder = self._folder / "bin"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

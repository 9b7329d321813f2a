"""Other programs that use a camera: python-gphoto2 in a process of its own, and Debian's gphoto2."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from virtual_camera import environment


def own_settings(folder: Path) -> dict[str, str]:
    """Return an environment in which libgphoto2 keeps its settings in a folder of its own."""
    (folder / ".config" / "gphoto").mkdir(parents=True, exist_ok=True)
    return {**environment(), "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / ".config")}


def read_config(address: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Return what libgphoto2 offers: by name `value`, `choices` or `range`, `read_only`."""
    return drive("list_gphoto2_config.py", folder, address)


def drive(script: str, folder: Path, *arguments: str) -> dict[str, Any]:
    """Run a script that uses python-gphoto2, with settings in this folder; returns what it tells."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name(script)), *arguments],
        env={**own_settings(folder), "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        timeout=90,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


class Debian:
    """Debian's gphoto2 on one camera; files land in its folder."""

    def __init__(self, address: str, folder: Path) -> None:
        program = shutil.which("gphoto2")
        if program is None:
            pytest.skip("the gphoto2 program is not installed")
        self.folder = folder
        self._command = [program, "--port", address, "--camera", "PTP/IP Camera"]

    def run(self, *options: str) -> bytes:
        """Run it to its end; returns the standard output."""
        return subprocess.run(
            [*self._command, *options],
            env=own_settings(self.folder),
            cwd=self.folder,
            capture_output=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            check=True,
        ).stdout

    def value_of(self, name: str) -> str:
        """Return a setting's current value."""
        out = self.run("--get-config", name).decode()
        return next(line.removeprefix("Current: ") for line in out.splitlines() if line.startswith("Current"))

    @contextlib.contextmanager
    def tethered(self) -> Iterator[None]:
        """Let it save what is shot on the body."""
        process = subprocess.Popen(
            [*self._command, "--capture-tethered"],
            env=own_settings(self.folder),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        reader = threading.Thread(target=process.stdout.read)
        reader.start()
        try:
            yield
        finally:
            process.kill()  # it takes a hint to end only between two events
            process.wait(10)
            reader.join(10)
            process.stdout.close()

    def sizes(self) -> list[int]:
        """Return the sizes of the files that it has saved."""
        return sorted(path.stat().st_size for path in self.folder.iterdir() if path.is_file())

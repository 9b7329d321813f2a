"""Start and end a camera's process."""

from __future__ import annotations

import logging
import os
import re
import socket
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO

from groundglass.errors import CameraError

_log = logging.getLogger(__name__)

_PROGRAM = ("-P", "-m", "groundglass.camera.worker")
_END_S = 3.0
_TAIL_BYTES = 2000


# libgphoto2 believes for so many seconds what it has read of a property; 2 if it is not told.
_BELIEF = "ptp2=cachetime=1"


def _prepare(folder: Path) -> None:
    """Make the folder in which libgphoto2 keeps its settings, with those that it shall begin with.

    It does not make it, and keeps nothing without it; without a file there it takes the user's own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "settings"
    kept = settings.read_text("utf-8", "replace").splitlines() if settings.exists() else []
    ours = _BELIEF.rpartition("=")[0]
    wanted = [*(k for k in kept if not k.startswith(ours)), _BELIEF]
    if wanted != kept:
        # Never half a file: it holds who this computer is to a body that was paired with it.
        scratch = folder / "settings.new"
        scratch.write_text("".join(f"{one}\n" for one in wanted))
        scratch.replace(settings)


class WorkerProcess:
    """A running camera.worker and our end of its pipe."""

    def __init__(self, settings_dir: Path) -> None:
        """Start a worker whose libgphoto2 keeps its settings in `settings_dir`; raises CameraError."""
        try:
            self._start(settings_dir)
        except OSError as err:
            raise CameraError(
                f"The camera's driver cannot be started: {err.strerror or err}.",
                "Make room on the disk of your home folder, or close other programs.",
            ) from err

    def _start(self, settings_dir: Path) -> None:
        _prepare(settings_dir / "gphoto")
        ours, theirs = socket.socketpair()
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        environment = {
            **{name: value for name, value in os.environ.items() if name not in ("LANG", "LANGUAGE")},
            "LC_ALL": "C",
            "PYTHONUTF8": "1",
            "XDG_CONFIG_HOME": str(settings_dir),
        }
        with ours, theirs:
            self.process = subprocess.Popen(
                [sys.executable, *_PROGRAM, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                env=environment,
            )
            self.connection = Connection(ours.detach())

    def turns(self) -> int | None:
        """Return how often the process has waited for something and got it; None where that is not told.

        Data that comes makes it grow, a hang does not.
        """
        try:
            told = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return None
        found = re.search(r"^voluntary_ctxt_switches:\s*(\d+)", told, re.MULTILINE)
        return int(found[1]) if found else None

    def end(self, *, is_healthy: bool) -> None:
        """Close the pipe and wait; a worker that hangs is killed."""
        self.connection.close()
        if not is_healthy:
            self.process.kill()
        try:
            self.process.wait(_END_S)
        except subprocess.TimeoutExpired:
            _log.info("The camera's process did not end and was killed")
            self.process.kill()
            self.process.wait()
        self._log_last_words()

    def _log_last_words(self) -> None:
        code = self.process.returncode
        self._stderr.seek(0)
        words = self._stderr.read()[-_TAIL_BYTES:].decode("utf-8", "replace").strip()
        self._stderr.close()
        if code not in (0, -9):
            _log.warning("The camera's process ended with %s: %s", code, words or "no word")
        elif words:
            _log.info("The camera's process said: %s", words)


def settings_folder(base: Path, camera: str) -> Path:
    """Return the folder where libgphoto2 keeps what belongs to one body."""
    return base / (re.sub(r"[^A-Za-z0-9.]+", "-", camera).strip("-") or "usb")

"""A private virtual camera: a process that lives as long as the studio does."""

from __future__ import annotations

import json
import logging
import select
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import IO

from groundglass.errors import NoCameraError, UsageError

_log = logging.getLogger(__name__)

_START_S = 30.0
_END_S = 5.0
_LAG_S = 0.2  # from a broken link until the system tells that the process behind it is gone
_WRONG_USAGE = 2
PREFIX = "virtual:"
BRANDS = ("nikon", "canon", "sony", "fuji")
USUAL = f"{PREFIX}{BRANDS[0]}"


class VirtualCameraProcess:
    """A running `groundglass virtual`. It ends with us: it watches its standard input."""

    def __init__(
        self,
        wanted: str = USUAL,
        options: tuple[str, ...] = (),
        on_end: Callable[[VirtualCameraProcess], object] = lambda _: None,
    ) -> None:
        """Start the brand that is named behind `virtual:` and wait until it listens; blocks some seconds.

        on_end: called on a thread of its own, once, if the process ends before `stop`; must not call it.
        Raises NoCameraError with its own words if it does not start, UsageError for an unknown brand.
        """
        brand = wanted.removeprefix(PREFIX) or BRANDS[0]
        command = ["groundglass", "virtual", "--brand", brand, "--json", "--until-stdin-closes", *options]
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            # Ctrl-C in a terminal is for us alone: a release under way still gets its picture.
            start_new_session=True,
        )
        self._is_wanted = True
        self._watcher = threading.Thread(
            target=self._watch, args=(on_end,), name="virtual-camera", daemon=True
        )
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _START_S)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            self.stop()
            if self._process.returncode == _WRONG_USAGE:
                raise UsageError(
                    f"There is no virtual camera “{brand}”.",
                    f"There are {', '.join(BRANDS[:-1])} and {BRANDS[-1]}.",
                )
            raise NoCameraError("The virtual camera did not start.", self._last_words or "Try again.")
        announced = json.loads(line)
        self.address: str = announced["address"]
        self._watcher.start()

    def has_ended(self) -> bool:
        """Tell whether the process is gone; blocks for a moment while it is not."""
        try:
            self._process.wait(_LAG_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """End the process; blocks until it has ended."""
        self._is_wanted = False
        process = self._process
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            _log.info("The virtual camera did not end by itself")
            process.kill()
            process.wait()
        if self._watcher.ident is not None:
            self._watcher.join()
        self._stderr.seek(0)
        words = self._stderr.read().decode("utf-8", "replace").strip().splitlines()
        self._last_words = words[-1] if words else ""
        self._stderr.close()

    def _watch(self, on_end: Callable[[VirtualCameraProcess], object]) -> None:
        self._process.wait()
        if self._is_wanted:
            on_end(self)

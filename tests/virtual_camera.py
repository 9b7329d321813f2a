"""Start and stop a virtual camera for a test: a process of its own, spoken to through its control port."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SOURCE = Path(__file__).resolve().parent.parent / "src"


def environment() -> dict[str, str]:
    """Return the environment in which a process finds this source tree, in the C locale."""
    path = os.pathsep.join(filter(None, (str(SOURCE), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, "LC_ALL": "C", "PYTHONWARNINGS": "error"}


class VirtualCamera:
    """A running virtual camera; a context manager that always ends it.

    VirtualCamera("--megapixels", "4") passes options on.  address, control_port, serial: known once it runs.
    """

    def __init__(self, *options: str, start_timeout_s: float = 30.0) -> None:
        self.stderr_lines: list[str] = []
        # Ends with this process even if that is killed: its standard input closes then.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "groundglass", "virtual", "--json", "--until-stdin-closes", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        self._drain = threading.Thread(target=self._read_stderr, name="virtual-camera-stderr", daemon=True)
        self._drain.start()
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        try:
            self.announcement: dict[str, Any] = self._announced(start_timeout_s)
        except BaseException:
            self.stop()
            raise
        self.address: str = self.announcement["address"]
        self.control_port: int = self.announcement["control"]
        self.serial: str = self.announcement["serial"]
        self.port = int(self.address.rsplit(":", 1)[1])

    def control(self, message: dict[str, Any], timeout_s: float = 30.0) -> dict[str, Any]:
        """Send one control message and return the reply."""
        with self._lock:
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self.control_port), timeout_s)
            self._socket.settimeout(timeout_s)
            self._socket.sendall(json.dumps(message).encode() + b"\n")
            reply = bytearray()
            while not reply.endswith(b"\n"):
                part = self._socket.recv(1 << 20)
                if not part:
                    raise ConnectionError(f"the virtual camera hung up: {self.stderr_lines[-5:]}")
                reply += part
        answer: dict[str, Any] = json.loads(reply)
        return answer

    def do(self, verb: str, **fields: Any) -> dict[str, Any]:
        """Send a control message that must succeed: do("dial", setting="iso", value="800")."""
        reply = self.control({"do": verb, **fields})
        assert reply["ok"], reply
        return reply

    def state(self) -> dict[str, Any]:
        """Return what the camera tells of itself."""
        return self.do("state")

    def wait_for(
        self, claim: Callable[[dict[str, Any]], object], timeout_s: float = 15.0, pause_s: float = 0.01
    ) -> dict[str, Any]:
        """Ask for the state until the claim holds; returns that state."""
        deadline = time.monotonic() + timeout_s
        while True:
            state = self.state()
            if claim(state):
                return state
            if time.monotonic() > deadline:
                raise TimeoutError(f"the claim does not hold after {timeout_s} s: {state}")
            time.sleep(pause_s)

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop the process (SIGSTOP) for a while."""
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)

    def stop(self, timeout_s: float = 10.0) -> int:
        """End the process, by force if it must be; returns its exit code."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGCONT)
                self.process.terminate()
            try:
                self.process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._drain.join(timeout_s)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        return self.process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _read_stderr(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.stderr_lines.append(line.rstrip("\n"))
            del self.stderr_lines[:-1000]

    def _announced(self, timeout_s: float) -> dict[str, Any]:
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(timeout_s):
                raise TimeoutError(f"the virtual camera said nothing for {timeout_s} s: {self.stderr_lines}")
        line = self.process.stdout.readline()
        if not line:
            self._drain.join(5)
            raise RuntimeError("the virtual camera did not start: " + "\n".join(self.stderr_lines))
        announcement: dict[str, Any] = json.loads(line)
        return announcement

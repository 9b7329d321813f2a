"""How long a test waits for what has to come true."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 60.0  # several times what a busy machine takes


def until(claim: Callable[[], object]) -> None:
    """Wait until a claim holds; fail if it never does."""
    deadline = time.monotonic() + PATIENCE_S
    while not claim():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.005)

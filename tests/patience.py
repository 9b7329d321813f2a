"""How long a test waits for what has to come true."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 60.0  # several times what a busy machine takes


def until(
    claim: Callable[[], object],
    *,
    every_s: float = 0.005,
    patience_s: float = PATIENCE_S,
    state: Callable[[], object] = lambda: "it never came true",
) -> None:
    """Wait until a claim holds, looking so often; if it never does, fail with what the state is."""
    deadline = time.monotonic() + patience_s
    while not claim():
        assert time.monotonic() < deadline, state()
        time.sleep(every_s)

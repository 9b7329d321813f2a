"""Kills and cut cables in the middle of a shoot; `tests/benchmarks/kills.py` does it fifty times."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.kills import run


@pytest.mark.parametrize("what", ["program", "driver", "cable"])
def test_no_frame_is_lost_or_doubled(what: str, tmp_path: Path) -> None:
    assert run(what, 3, tmp_path)["frames"] > 3

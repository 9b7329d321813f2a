"""What grows in a long shoot; `tests/benchmarks/endurance.py` shoots 10,000 frames."""

from __future__ import annotations

from pathlib import Path

from benchmarks.endurance import run

_MOST_MB = 12.0  # 20 frames, or some 150 of live view, would be more


def test_a_shoot_with_live_view_leaks_nothing(tmp_path: Path) -> None:
    first, *_, last = run(70, 6.0, tmp_path, rows=4, is_thin=True)

    assert last.frames == 70
    assert last.app_mb - first.app_mb < _MOST_MB
    assert last.driver_mb - first.driver_mb < _MOST_MB
    assert (last.app_files, last.driver_files) == (first.app_files, first.driver_files)
    assert last.threads <= first.threads

"""What the figures of a bench mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundglass.studio.bench import Bench, ScreenTimes, ShotTimes
from groundglass.studio.doctor import DiskCheck
from groundglass.studio.liveview import LiveFigures


def _bench(
    *, transfer_mb_s: float, disk_mb_s: float = 500, link_mbit: float | None = 5000, fps: float = 30
) -> Bench:
    live = LiveFigures(frames=100, broken=0, fps=fps, width=1024, height=680, age_median_ms=8, age_p99_ms=12)
    shot = ShotTimes(to_camera_s=0.1, transfer_s=1.0, stored_s=1.2, size_bytes=round(transfer_mb_s * 1e6))
    disk = DiskCheck(Path("/"), 10**12, disk_mb_s * 1e6)
    return Bench(live, (shot,), ScreenTimes(0.03, 0.3, 24), disk, link_mbit, ())


@pytest.mark.parametrize(
    ("bench", "told"),
    [
        (_bench(transfer_mb_s=35, link_mbit=480), "the USB 2 link limits"),
        (_bench(transfer_mb_s=8, link_mbit=480), "the camera limits, over a USB 2 link"),
        (_bench(transfer_mb_s=35, disk_mb_s=40), "the session's disk limits (40 MB/s)"),
        (_bench(transfer_mb_s=90), "the camera or its link limits, not this computer"),
    ],
)
def test_the_slowest_part_is_named(bench: Bench, told: str) -> None:
    assert told in bench.verdicts[0]


@pytest.mark.parametrize(
    ("fps", "told"),
    [(30.0, "smooth"), (8.0, "the camera or its link limits"), (200.0, "this computer limits")],
)
def test_the_live_view_is_judged_by_its_rate_and_by_the_age_of_its_frames(fps: float, told: str) -> None:
    assert told in _bench(transfer_mb_s=50, fps=fps).verdicts[1]

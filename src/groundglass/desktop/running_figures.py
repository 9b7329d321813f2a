"""How the live view runs, in two lines: rate, age, what was dropped; and the time of each stage."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from groundglass.desktop.picture_scaler import FittedPicture

if TYPE_CHECKING:
    from groundglass.studio.live_frame import LiveFrame

_WINDOW_S = 2.0
# Figures that change faster cannot be read.
_TOLD_EVERY_S = 0.5


class RunningFigures:
    """Counts always; costs a few microseconds a frame. Ages in ms, from the camera's process to the paint."""

    def __init__(self) -> None:
        self._shown: deque[tuple[float, int, float, tuple[float, ...]]] = deque(maxlen=300)
        self._told_at = 0.0
        self._last = 0
        self.dropped = 0
        self.lines: tuple[str, ...] = ()

    def put(self, frame: LiveFrame, fitted: FittedPicture, paint_ms: float, now: float) -> None:
        """Take in a frame that is about to be painted; paint_ms: what the paint before took."""
        if self._last and frame.number > self._last:
            self.dropped += frame.number - self._last - 1
        self._last = frame.number
        stages = (
            frame.decode_ms,
            frame.measure_ms,
            fitted.fit_ms,
            fitted.tools_ms,
            fitted.judge_ms,
            paint_ms,
        )
        self._shown.append((now, frame.number, (now - frame.taken_at) * 1000, stages))
        while now - self._shown[0][0] > _WINDOW_S:
            self._shown.popleft()
        if now - self._told_at >= _TOLD_EVERY_S and len(self._shown) > 1:
            self._told_at = now
            self.lines = self._told()

    def _told(self) -> tuple[str, str]:
        first, last = self._shown[0], self._shown[-1]
        span_s = max(last[0] - first[0], 1e-6)
        pulled, shown = (last[1] - first[1]) / span_s, (len(self._shown) - 1) / span_s
        age_ms = sorted(one[2] for one in self._shown)[len(self._shown) // 2]
        each = [sum(one[3][at] for one in self._shown) / len(self._shown) for at in range(6)]
        names = ("decode", "count", "fit", "tools", "meter", "paint")
        stages = "  ".join(f"{name} {ms:.1f}" for name, ms in zip(names, each, strict=True))
        return (
            f"Camera {pulled:.0f}, shown {shown:.0f} frames/s   age {age_ms:.0f} ms   dropped {self.dropped}",
            f"{stages} ms",
        )

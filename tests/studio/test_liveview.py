from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from groundglass.camera.messages import Frame
from groundglass.studio.live_frame import Pulse
from groundglass.studio.liveview import LiveView
from scripted_desk import live_frame


def _jpeg(level: int = 100) -> bytes:
    return cv2.imencode(".jpg", np.full((64, 96, 3), level, np.uint8))[1].tobytes()


class Stream:
    """A live view that is fed by hand."""

    def __init__(self) -> None:
        self.live = LiveView()
        self._frames: queue.Queue[Frame] = queue.Queue()
        self._bell = threading.Semaphore(0)
        self.live.subscribe(self._bell.release)
        self.live.start(self._take)

    def put(self, number: int, jpeg: bytes) -> None:
        self._frames.put(Frame(number, jpeg, 0.0))

    def wait(self) -> None:
        assert self._bell.acquire(timeout=10)

    def _take(self, timeout_s: float) -> Frame | None:
        try:
            return self._frames.get(timeout=timeout_s)
        except queue.Empty:
            return None


@pytest.fixture
def stream() -> Iterator[Stream]:
    made = Stream()
    yield made
    made.live.close()


@pytest.mark.parametrize(
    "broken",
    [
        lambda jpeg: b"",
        lambda jpeg: jpeg[:3],
        lambda jpeg: jpeg[: len(jpeg) // 2],
        lambda jpeg: b"\0" * len(jpeg),
    ],
    ids=["empty", "three bytes", "half", "zeros"],
)
def test_a_broken_frame_is_dropped_and_counted_and_the_next_one_comes(
    stream: Stream, broken: Callable[[bytes], bytes]
) -> None:
    stream.put(1, broken(_jpeg()))
    stream.put(2, _jpeg())
    stream.wait()

    latest = stream.live.latest()
    assert latest is not None
    assert latest.number == 2
    assert stream.live.figures().broken == 1
    assert stream.live.figures().frames == 1


def test_the_time_of_each_stage_is_measured(stream: Stream) -> None:
    stream.put(1, _jpeg())
    stream.wait()

    latest = stream.live.latest()
    assert latest is not None
    assert latest.decode_ms > 0
    assert latest.measure_ms > 0


def _watch(pulse: Pulse, times: np.ndarray, swing: float) -> list[bool]:
    """Feed frames under a lamp of 100 Hz; return for each whether flicker is told."""
    told = []
    for at in times:
        level = round(100 * (1 + swing * np.sin(2 * np.pi * 100 * at)))
        told.append(pulse.put(float(at), live_frame(level=level).histogram) is not None)
    return told


def test_pulsing_frames_are_told_after_a_second_or_two() -> None:
    told = _watch(Pulse(), 1 + np.arange(0, 3, 1 / 29), 0.1)

    assert not told[10]
    assert told[-1]


def test_steady_frames_are_not_told() -> None:
    assert not any(_watch(Pulse(), 1 + np.arange(0, 3, 1 / 29), 0.0))


def test_an_exposure_between_the_frames_begins_the_series_anew() -> None:
    pulse = Pulse()
    before = 1 + np.arange(0, 3, 1 / 29)
    _watch(pulse, before, 0.1)

    told = _watch(pulse, before[-1] + 1 + np.arange(0, 0.5, 1 / 29), 0.1)

    assert not any(told)

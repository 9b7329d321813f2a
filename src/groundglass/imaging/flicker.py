"""Flicker: lamps on the mains pulse 100 or 120 times a second, and live frames show the beat of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

_LEAST_FRAMES = 24
_LEAST_S = 1.0
_SLOWEST_HZ = 0.8  # slower changes are people and clouds
_LEAST_DEPTH = 0.02  # of the mean, peak to peak
_LEAST_SHARE = 0.5  # of all change that the one frequency explains


class Flicker(Struct, frozen=True):
    """A regular pulsing of live frames."""

    beat_hz: float  # as it is seen
    depth: float  # peak to peak, as a share of the mean brightness
    mains_hz: int | None  # 50 or 60 if the beat fits one of them alone

    @property
    def words(self) -> str:
        """Say it in one line, with what helps."""
        lamps = f"lamps on {self.mains_hz} Hz mains" if self.mains_hz else "the lamps"
        speed = {50: "1/50 or 1/100", 60: "1/60 or 1/120"}.get(self.mains_hz or 0, "1/50 or 1/60")
        return f"The light pulses by {100 * self.depth:.0f} %: {lamps}. {speed} evens it out."


def find_flicker(times_s: Sequence[float], means: Sequence[float]) -> Flicker | None:
    """Tell whether frame means pulse regularly; None if they do not, or if there are too few.

    times_s: when each frame was taken, in seconds, rising.  means: brightness of each, in any unit; linear
    light gives the true depth. Two seconds are enough; 24 frames over 1 s are the least.
    A frame of a lamp that pulses f times a second is a sample of it, so the beat is f folded at the frame
    rate: 100 Hz at 30 frames/s is seen as 10 Hz. A whole ratio, such as 100 Hz at 25 frames/s, has no beat.
    """
    times, values = np.asarray(times_s, float), np.asarray(means, float)
    if len(times) < _LEAST_FRAMES or times[-1] - times[0] < _LEAST_S or values.mean() <= 0:
        return None
    rate = (len(times) - 1) / (times[-1] - times[0])
    # Frame by frame: the clock of arrival jitters by more than a pulse lasts, the shutter does not.
    index = np.arange(len(values))
    changes = values - np.polyval(np.polyfit(index, values, 3), index)
    window = np.hanning(len(values) + 2)[1:-1]
    bins = 8 * len(values)
    power = np.abs(np.fft.rfft(changes * window, bins)) ** 2
    frequencies = np.fft.rfftfreq(bins, 1 / rate)
    power[frequencies < _SLOWEST_HZ] = 0
    beat_hz = float(frequencies[int(power.argmax())])
    wave = np.stack([trig(2 * np.pi * beat_hz / rate * index) for trig in (np.sin, np.cos)], axis=1)
    fitted, *_ = np.linalg.lstsq(wave, changes, rcond=None)
    total = float((changes**2).sum())
    share = float(((wave @ fitted) ** 2).sum()) / total if total else 0.0
    # Close to half the frame rate sine or cosine vanishes in the samples; the measured swing is left.
    swing = min(2 * float(np.hypot(*fitted)), float(np.ptp(changes)))
    depth = swing / float(values.mean())
    if depth < _LEAST_DEPTH or share < _LEAST_SHARE:
        return None
    return Flicker(beat_hz, depth, _mains(beat_hz, rate, 1 / (times[-1] - times[0])))


def folded_hz(pulse_hz: float, frames_per_s: float) -> float:
    """Return the beat at which frames show a pulsing."""
    return abs(pulse_hz - frames_per_s * round(pulse_hz / frames_per_s))


def _mains(beat_hz: float, rate: float, resolution_hz: float) -> int | None:
    # The frame rate is measured to a few tenths of a percent, and folding multiplies that.
    slack = resolution_hz + 0.004 * 120
    fits = [mains for mains in (50, 60) if abs(folded_hz(2 * mains, rate) - beat_hz) <= slack]
    return fits[0] if len(fits) == 1 else None

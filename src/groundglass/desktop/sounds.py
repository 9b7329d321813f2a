"""Tones for who looks at the subject: one for a stored frame, another for trouble. Off by default."""

from __future__ import annotations

import array
import math
import shutil
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess

from groundglass.desktop.part import Part
from groundglass.studio.events import Event, Problem, ShotStored

# The first that is installed plays: PipeWire, PulseAudio, ALSA, macOS.
PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))

_RATE_HZ = 44_100
_LOUDNESS = 0.25  # of the most that a sample holds
_FADE_S = 0.01  # without it a tone begins and ends with a click
_STORED = ((880.0, 0.09),)  # hertz, seconds
_ONCE_S = 2.0
_FAILED = ((330.0, 0.16), (247.0, 0.24))


class Sounds(Part):
    """Plays them through a program of the system; where there is none it stays quiet."""

    def __init__(self, is_on: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_on = is_on
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._heard = ("", 0.0)  # the last trouble, and when

    def take_event(self, event: Event) -> None:
        match event:
            case ShotStored(is_complete=True):
                self._play("stored.wav", _STORED)
            case Problem(error=error) if self._hears(error.message):
                self._play("failed.wav", _FAILED)

    def _hears(self, words: str) -> bool:
        """Note a trouble; tell whether it is a new one: a lost camera fails its release as well."""
        before, self._heard = self._heard, (words, time.monotonic())
        return before[0] != words or self._heard[1] - before[1] >= _ONCE_S

    def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def _play(self, name: str, tones: tuple[tuple[float, float], ...]) -> None:
        player = next((one for one in PLAYERS if shutil.which(one[0])), None) if self._is_on() else None
        if player is None:
            return
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="groundglass-sounds-")
        path = Path(self._folder.name) / name
        if not path.exists():
            write_tones(path, tones)
        QProcess.startDetached(player[0], [*player[1:], str(path)])


def write_tones(path: Path, tones: tuple[tuple[float, float], ...]) -> None:
    """Write tones one after the other as a WAV file: mono, 16 bits. tones: hertz and seconds of each."""
    samples = array.array("h")
    for hertz, seconds in tones:
        count = round(seconds * _RATE_HZ)
        for at in range(count):
            fade = min(1.0, at / (_FADE_S * _RATE_HZ), (count - at) / (_FADE_S * _RATE_HZ))
            wave_at = math.sin(2 * math.pi * hertz * at / _RATE_HZ)
            samples.append(round(32767 * _LOUDNESS * fade * wave_at))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE_HZ)
        out.writeframes(samples.tobytes())

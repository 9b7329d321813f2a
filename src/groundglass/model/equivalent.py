"""Equivalent exposures: one value turned, another compensates, and the light stays the same."""

from __future__ import annotations

import math
from collections.abc import Mapping

from groundglass.errors import UsageError
from groundglass.model.exposure import Aperture, Iso, ShutterSpeed
from groundglass.model.setting import Choice, Setting, SettingId

TRIANGLE = (SettingId.SHUTTER, SettingId.APERTURE, SettingId.ISO)
# What compensates, best first: a hand on one dial means to keep the others that it can.
_COMPENSATES = {
    SettingId.SHUTTER: (SettingId.APERTURE, SettingId.ISO),
    SettingId.APERTURE: (SettingId.SHUTTER, SettingId.ISO),
    SettingId.ISO: (SettingId.SHUTTER, SettingId.APERTURE),
}
# Names of values are rounded by up to 0.093 stops (1/60 is 1/64); series go in thirds or in halves.
_ROUNDED_BY = 0.1
_ALIKE = 0.09
# Where nothing is alike: half a third, for a lens goes to f/1.2 or f/5.3 whatever the series.
_NEAR = 0.17


def stops_of(value: object) -> float | None:
    """Return the light of a value in stops above 1 s, f/1 and ISO 100; None for words such as Bulb.

    The name of a value stands for the step of its series: 1/60 is exactly -6, f/5.6 exactly -5.
    """
    match value:
        case ShutterSpeed(seconds):
            return _exact(math.log2(seconds))
        case Aperture(number):
            return -_exact(2 * math.log2(number))
        case Iso(speed):
            return _exact(math.log2(speed / 100))
    return None


def compensate(
    settings: Mapping[SettingId, Setting], turned: SettingId, wanted: Choice
) -> tuple[SettingId, Choice]:
    """Return which other value keeps the exposure when one is turned, and to what: to a sixth of a stop.

    Raises UsageError, in words, where there is none: the other dials are at their ends, or held.
    """
    now = settings[turned].current
    before, after = stops_of(now.value) if now else None, stops_of(wanted.value)
    if before is None or after is None:
        raise UsageError(
            f"{wanted.label} has no exposure to keep.", "Choose a number, or let the exposure go."
        )
    near: tuple[SettingId, Choice] | None = None
    reasons = []
    for other in _COMPENSATES[turned]:
        setting = settings.get(other)
        stands = stops_of(setting.current.value) if setting is not None and setting.current else None
        if setting is None or setting.read_only or stands is None:
            continue
        goal = stands - (after - before)
        numbers = [(stops, one) for one in setting.choices if (stops := stops_of(one.value)) is not None]
        if not numbers:
            continue
        found, nearest = min(numbers, key=lambda pair: abs(pair[0] - goal))
        if abs(found - goal) < _ALIKE:
            return other, nearest
        if near is None and abs(found - goal) < _NEAR:
            near = other, nearest
        steps = [stops for stops, _ in numbers]
        is_beyond = not min(steps) <= goal <= max(steps)
        reasons.append(
            f"{other.label} {f'ends at {nearest.label}' if is_beyond else 'has nothing near enough'}"
        )
    if near is not None:
        return near
    told = " and ".join(reasons) or "the camera holds the others"
    raise UsageError(
        f"Nothing can make up for {wanted.label}: {told}.", "Turn less far, or let the exposure go."
    )


def _exact(stops: float) -> float:
    """Return the step of a series that a rounded name stands for."""
    for steps in (3, 2):
        nearest = round(stops * steps) / steps
        if abs(nearest - stops) < _ROUNDED_BY:
            return nearest
    return stops

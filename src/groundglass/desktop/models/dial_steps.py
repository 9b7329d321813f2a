"""The arithmetic of a dial: which value comes next.

The list runs from bright to dark, as the wheel does: up is brighter, whatever the numbers do. White
balance, format and mode have no brightness and keep the camera's own order. Of a count, such as the
frames of a burst, up is more.
"""

from __future__ import annotations

from collections.abc import Sequence

from groundglass.model.exposure import Aperture, ColorTemperature, ExposureCompensation, Iso, ShutterSpeed
from groundglass.model.setting import Choice, Setting

KELVIN_STRIDE = 1000


def in_dial_order(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Return the choices as the list shows them: words such as Bulb first, then bright to dark."""
    if choices and all(one.label.isdecimal() for one in choices):
        return tuple(sorted(choices, key=lambda one: -int(one.label)))
    if not any(one.number is not None for one in choices):
        return tuple(choices)
    words = [one for one in choices if one.number is None]
    numbers = [one for one in choices if one.number is not None]
    return (*words, *sorted(numbers, key=_darkness))


def _darkness(choice: Choice) -> float:
    """Return a figure that grows as the picture gets darker."""
    number = choice.number or 0.0
    return number if isinstance(choice.value, Aperture) else -number


def step(setting: Setting, start: Choice | str | None, up: bool, full_stop: bool) -> Choice | str | None:
    """Return what the dial wants after one click from a start; None if it is at its end.

    A wheel never lands on Bulb, Time or Auto by accident: words are for the list, unless a setting
    has nothing but words. Stepless settings give text.
    """
    if setting.range is not None and not setting.choices:
        return _stepless(setting, start, up, full_stop)
    offered = in_dial_order(setting.choices)
    numbers = [one for one in offered if one.number is not None]
    row = numbers or list(offered)
    if not row:
        return None
    place = _place(row, start)
    if place is None:
        return row[0] if up else row[0 if numbers else -1]
    if full_stop and numbers:
        return _stride(row, place, up)
    wanted = place - 1 if up else place + 1
    return row[wanted] if 0 <= wanted < len(row) else None


def _place(row: Sequence[Choice], start: Choice | str | None) -> int | None:
    """Find where the dial stands: the same entry, else the same text, else the nearest number."""
    if not isinstance(start, Choice):
        return None
    if start in row:
        return row.index(start)
    found = next((at for at, one in enumerate(row) if one.raw == start.raw), None)
    if found is not None:
        return found
    if start.number is None:
        return None
    distance = [abs((one.number or 0.0) - start.number) for one in row]
    return distance.index(min(distance))


def _stride(row: Sequence[Choice], place: int, up: bool) -> Choice | None:
    """Return the choice nearest to one full stop (or 1000 K) away; None at the end."""
    beyond = row[:place] if up else row[place + 1 :]
    return min(beyond, key=lambda one: abs(_stops(one, row[place]) - 1), default=None)


def _stops(one: Choice, other: Choice) -> float:
    """Return the distance of two choices in stops; a stride of kelvin counts as one."""
    match one.value, other.value:
        case (ShutterSpeed() as to, ShutterSpeed() as start):
            return abs(to.stops_from(start))
        case (Aperture() as to, Aperture() as start):
            return abs(to.stops_from(start))
        case (Iso() as to, Iso() as start):
            return abs(to.stops_from(start))
        case (ExposureCompensation() as to, ExposureCompensation() as start):
            return abs(to.stops_from(start))
        case (ColorTemperature() as to, ColorTemperature() as start):
            return abs(to.kelvin - start.kelvin) / KELVIN_STRIDE
    return 0.0


def _stepless(setting: Setting, start: Choice | str | None, up: bool, full_stop: bool) -> str | None:
    limits = setting.range
    assert limits is not None
    now = _number_of(start)
    if now is None:
        return None
    stride = limits.step
    if full_stop:
        stride *= 10
    brighter = -1 if isinstance(start, Choice) and isinstance(start.value, Aperture) else 1
    wanted = min(max(now + stride * (1 if up else -1) * brighter, limits.low), limits.high)
    return None if wanted == now else f"{wanted:g}"


def _number_of(start: Choice | str | None) -> float | None:
    if isinstance(start, Choice):
        return start.number
    try:
        return float(start) if start else None
    except ValueError:
        return None

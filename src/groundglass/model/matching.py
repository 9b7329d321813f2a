"""Find the choice that a photographer means."""

from __future__ import annotations

import re
from collections.abc import Callable

from groundglass.errors import SettingRefusedError, UsageError
from groundglass.model.exposure import (
    Aperture,
    ColorTemperature,
    ExposureCompensation,
    Iso,
    Quantity,
    ShutterSpeed,
    bare_denominator,
)
from groundglass.model.setting import Choice, Setting, SettingId

_PARSERS: dict[SettingId, Callable[[str], Quantity]] = {
    SettingId.SHUTTER: ShutterSpeed.typed,
    SettingId.APERTURE: Aperture.parse,
    SettingId.ISO: Iso.parse,
    SettingId.EXPOSURE_COMPENSATION: ExposureCompensation.parse,
    SettingId.COLOR_TEMPERATURE: ColorTemperature.parse,
}
# 1/128 for 1/125, f/3.56 for f/3.5: what some bodies say and mean the same by.
_SAME = 0.025
_QUALITY = ("extra", "fine", "normal", "basic")


def find_choice(setting: Setting, text: str) -> Choice:
    """Return the offered choice that `text` means: a label, the camera's own text, or a value.

    A whole number is a shutter speed's denominator, even where the camera's own text for seconds is such.
    Raises UsageError with the nearest ones offered, SettingRefusedError if the camera holds the value.
    """
    if setting.read_only:
        raise SettingRefusedError(f"{setting.id.label} cannot be set now.", setting.reason)
    wanted = _plain(text)
    is_denominator = setting.id is SettingId.SHUTTER and bare_denominator(text) is not None
    for spelling in () if is_denominator else ("label", "raw"):
        for choice in setting.choices:
            if _plain(getattr(choice, spelling)) == wanted:
                return choice
    parser = _PARSERS.get(setting.id)
    if parser is None:
        return _by_words(setting, text)
    for choice in setting.choices:
        if choice.special is not None and wanted in (choice.special.value, _plain(choice.label)):
            return choice
    quantity = parser(text)
    if setting.range is not None:
        low, high = setting.range.low, setting.range.high
        if not low <= quantity.value <= high:
            raise UsageError(
                f"{quantity.label} is out of reach.", f"{setting.id.label} goes from {low:g} to {high:g}."
            )
        return Choice(raw=f"{quantity.value:g}", label=quantity.label, value=quantity)
    numbers = sorted(
        (one for one in setting.choices if one.number is not None),
        key=lambda one: _distance(setting.id, one.number or 0.0, quantity.value),
    )
    if numbers and _distance(setting.id, numbers[0].number or 0.0, quantity.value) <= _tolerance(setting.id):
        return numbers[0]
    near = sorted(numbers[:2], key=lambda one: one.number or 0.0)
    raise UsageError(f"This camera does not offer {quantity.label}.", _offer(near))


def _plain(text: str) -> str:
    return re.sub(r"[\s_]+", "", text.strip().lower())


def _distance(setting_id: SettingId, offered: float, wanted: float) -> float:
    if setting_id in (SettingId.EXPOSURE_COMPENSATION, SettingId.COLOR_TEMPERATURE):
        return abs(offered - wanted)
    return max(offered, wanted) / max(min(offered, wanted), 1e-9) - 1


def _tolerance(setting_id: SettingId) -> float:
    if setting_id in (SettingId.SHUTTER, SettingId.APERTURE):
        return _SAME
    return 1.0 if setting_id is SettingId.COLOR_TEMPERATURE else 0.001


def _offer(choices: list[Choice]) -> str:
    if not choices:
        return "It offers no values now."
    return f"The nearest are {' and '.join(one.label for one in choices)}."


def _by_words(setting: Setting, text: str) -> Choice:
    """Match words in any order, `raw+jpeg` for `RAW + JPEG fine`: the finest that fits."""
    wanted = set(re.findall(r"[a-z0-9]+", text.lower()))
    fitting = []
    for choice in setting.choices:
        words = set(re.findall(r"[a-z0-9]+", choice.label.lower()))
        if wanted and wanted <= words and ("raw" in wanted) == ("raw" in words):
            fitting.append(choice)
    if fitting:
        return min(fitting, key=lambda one: (_quality(one), len(one.label)))
    offered = ", ".join(one.label for one in setting.choices[:8])
    raise UsageError(
        f"This camera has no {setting.id.words} “{text}”.",
        f"It offers {offered}." if offered else "It offers no values now.",
    )


def _quality(choice: Choice) -> int:
    label = choice.label.lower()
    return next((rank for rank, word in enumerate(_QUALITY) if word in label), len(_QUALITY))

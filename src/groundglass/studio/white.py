"""The white balance in kelvin: whether the body takes it, and what it takes."""

from __future__ import annotations

from groundglass.errors import NoCameraError, UsageError
from groundglass.model.camera import CameraStatus
from groundglass.model.exposure import ColorTemperature
from groundglass.model.setting import Choice, Setting, SettingId

_KELVIN = "Kelvin"


def balanced_k(status: CameraStatus) -> float | None:
    """Return what the body's pictures are balanced for now; None if the body chooses it by itself."""
    balance = status.setting(SettingId.WHITE_BALANCE)
    temperature = status.setting(SettingId.COLOR_TEMPERATURE)
    if balance is not None and (balance.current is None or balance.current.label != _KELVIN):
        return None
    return temperature.current.number if temperature is not None and temperature.current else None


def check(status: CameraStatus) -> None:
    """Raise UsageError or NoCameraError if the body cannot be given a temperature, with the reason."""
    if not status.state.is_connected:
        raise NoCameraError("No camera is connected.", "Plug one in, or start the virtual camera.")
    temperature = status.setting(SettingId.COLOR_TEMPERATURE)
    if temperature is None:
        raise UsageError(
            "This camera takes no white balance in kelvin over the cable.", "Set it on the body."
        )
    if temperature.read_only and kelvin_mode(status) is None:
        reason = temperature.reason or "The camera holds its colour temperature."
        raise UsageError("The white balance cannot be set in kelvin now.", reason)


def kelvin_mode(status: CameraStatus) -> Choice | None:
    """Return the choice that makes the body go by kelvin; None if it does, or knows no such choice."""
    balance = status.setting(SettingId.WHITE_BALANCE)
    if balance is None or balance.read_only or (balance.current and balance.current.label == _KELVIN):
        return None
    return next((one for one in balance.choices if one.label == _KELVIN), None)


def nearest(setting: Setting, kelvin: float) -> Choice:
    """Return what the body offers nearest, by mired, as the eye sees it; raises UsageError."""
    if setting.range is not None:
        low, high, step = setting.range.low, setting.range.high, setting.range.step or 1
        wanted = round(low + round((min(max(kelvin, low), high) - low) / step) * step)
        return Choice(f"{wanted}", f"{wanted} K", ColorTemperature(wanted))
    offered = [one for one in setting.choices if one.number]
    if not offered:
        raise UsageError("This camera offers no colour temperature now.", "Set its white balance to Kelvin.")
    return min(offered, key=lambda one: abs(1e6 / (one.number or kelvin) - 1e6 / kelvin))

"""A white balance in kelvin takes two settings: both come about, or none."""

from __future__ import annotations

from concurrent.futures import Future
from typing import cast

import pytest
from msgspec.structs import replace

from groundglass.camera import messages as msg
from groundglass.camera.dialects.settings import setting_of
from groundglass.camera.widget import Widget, WidgetKind
from groundglass.errors import UsageError
from groundglass.model.camera import CameraState, CameraStatus
from groundglass.model.setting import SettingId
from groundglass.studio.connection import Connection
from groundglass.studio.settings import Settings

_PATIENCE_S = 10.0
_BALANCES = ("Auto", "Color Temperature")


class Body:
    """Takes what it is asked for."""

    def __init__(self, temperature: Widget) -> None:
        balance = Widget("whitebalance", WidgetKind.RADIO, "Auto", _BALANCES)
        self._widgets = {SettingId.WHITE_BALANCE: balance, SettingId.COLOR_TEMPERATURE: temperature}

    @property
    def status(self) -> CameraStatus:
        settings = tuple(setting_of(one, widget) for one, widget in self._widgets.items())
        return CameraStatus(state=CameraState.READY, settings=settings)

    def ask(self, request: msg.Set) -> Future[object]:
        one, widget = request.setting_id, self._widgets[request.setting_id]
        self._widgets[one] = replace(widget, value=request.raw)
        done: Future[object] = Future()
        done.set_result(setting_of(one, self._widgets[one]))
        return done

    def values(self) -> list[str | None]:
        return [widget.value for widget in self._widgets.values()]


def _use_kelvin(body: Body, kelvin: float) -> None:
    settings = Settings(cast("Connection", body))
    try:
        settings.use_kelvin(kelvin).result(_PATIENCE_S)
    finally:
        settings.close()


def test_a_body_that_tells_no_limits_takes_kelvin_by_the_hundred() -> None:
    body = Body(Widget("colortemperature", WidgetKind.TEXT, "5200"))

    _use_kelvin(body, 4321.0)

    assert body.values() == ["Color Temperature", "4300"]


def test_a_body_that_offers_no_temperature_goes_back_to_its_white_balance() -> None:
    body = Body(Widget("colortemperature", WidgetKind.TEXT, "0"))

    with pytest.raises(UsageError, match="no colour temperature"):
        _use_kelvin(body, 4300.0)

    assert body.values() == ["Auto", "0"]

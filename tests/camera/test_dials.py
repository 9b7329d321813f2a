"""What is read of a body and set on it, where only a real one behaves so: on a body that is a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from msgspec.structs import replace

from groundglass.camera import dials as module
from groundglass.camera import messages as msg
from groundglass.camera.dials import Dials
from groundglass.camera.driver import Driver
from groundglass.camera.looks import Looks
from groundglass.camera.widget import CameraEvent, Widget, WidgetKind
from groundglass.errors import CameraBusyError, SettingRefusedError
from groundglass.model.setting import SettingId


def radio(name: str, value: str, *choices: str) -> Widget:
    return Widget(name, WidgetKind.RADIO, value, choices)


class Body:
    """Has these widgets, takes what it is given, and answers with what `obey` makes of it."""

    def __init__(self, maker: str, *widgets: Widget, rooms: tuple[int | None, ...] | None = None) -> None:
        self.widgets = {one.name: one for one in widgets}
        self.written: list[tuple[str, str]] = []
        self.sent: list[msg.FromWorker] = []
        self.rooms = rooms
        self.obey: Callable[[str, str], None] = self.keep
        driver = cast("Driver", self)
        looks = Looks(driver, lambda event, behind: None, lambda: False, lambda: False, lambda: False)
        self.dials = Dials(driver, self.sent.append, looks)
        self.dials.read_all(maker)

    def keep(self, name: str, value: str) -> None:
        self.widgets[name] = replace(self.widgets[name], value=value)

    def set(self, setting_id: SettingId, raw: str) -> str:
        return self.dials.set(msg.Set(setting_id, raw)).label

    # ---- as the driver

    def widget_names(self) -> frozenset[str]:
        return frozenset(self.widgets)

    def read_widget(self, name: str) -> Widget:
        return self.widgets[name]

    def write_widget(self, name: str, value: str, action: str = "") -> None:
        self.written.append((name, value))
        self.obey(name, value)

    def next_event(self) -> CameraEvent | None:
        return None

    def card_rooms(self) -> tuple[int | None, ...]:
        if self.rooms is None:
            raise CameraBusyError("The camera was too busy to tell the room on its card.", "")
        return self.rooms


_NIKON, _PANASONIC = "Nikon Corporation", "Panasonic"


def _nikon(is_automatic: str = "On") -> Body:
    return Body(_NIKON, radio("iso", "100", "100", "200", "400"), radio("autoiso", is_automatic, "On", "Off"))


def test_automatic_iso_shows_though_the_dial_keeps_its_number() -> None:
    setting = _nikon().dials[SettingId.ISO]

    assert setting is not None
    assert setting.label == "Auto ISO"
    assert [one.label for one in setting.choices] == ["Auto ISO", "ISO 100", "ISO 200", "ISO 400"]


def test_a_number_ends_automatic_iso_and_only_then_is_set() -> None:
    body = _nikon()

    assert body.set(SettingId.ISO, "400") == "ISO 400"
    assert body.set(SettingId.ISO, "200") == "ISO 200"
    assert body.set(SettingId.ISO, "Auto ISO") == "Auto ISO"

    assert body.written == [("autoiso", "Off"), ("iso", "400"), ("iso", "200"), ("autoiso", "On")]


def test_automatic_iso_stays_if_the_number_is_refused() -> None:
    body = _nikon()

    def refuse(name: str, value: str) -> None:
        if name == "iso":
            raise CameraBusyError("The camera is busy.", "")
        body.keep(name, value)

    body.obey = refuse
    with pytest.raises(SettingRefusedError, match="kept ISO at Auto ISO instead of ISO 400"):
        body.set(SettingId.ISO, "400")

    assert body.widgets["autoiso"].value == "On"


def test_a_body_that_stays_at_automatic_iso_is_told() -> None:
    body = _nikon()
    body.obey = lambda name, value: None

    with pytest.raises(SettingRefusedError, match="kept ISO at Auto ISO instead of ISO 400"):
        body.set(SettingId.ISO, "400")


def test_automatic_iso_that_is_switched_on_the_body_shows() -> None:
    body = _nikon("Off")
    body.keep("autoiso", "On")

    body.dials.note_change('PTP Property 0000d054 changed, "autoiso" to "On"')
    body.dials.reread()

    changed = next(one for one in body.sent if isinstance(one, msg.SettingsChanged))
    assert [(one.id, one.label) for one in changed.settings] == [(SettingId.ISO, "Auto ISO")]


@pytest.mark.parametrize(
    ("rooms", "label"),
    [
        ((812,), "812"),
        ((0, 40), "40"),
        ((0,), "0"),
        ((None, 3), "3"),
        ((None,), None),
        ((), None),
        (None, None),
    ],
)
def test_a_body_without_a_counter_tells_the_room_on_its_cards(
    rooms: tuple[int | None, ...] | None, label: str | None
) -> None:
    setting = Body(_NIKON, rooms=rooms).dials[SettingId.SHOTS_LEFT]

    assert (setting.label if setting else None) == label


def test_what_other_makers_tell_of_their_cards_is_not_believed() -> None:
    assert Body("Sony Corporation", rooms=(0,)).dials[SettingId.SHOTS_LEFT] is None


def test_the_room_on_the_cards_is_not_asked_for_after_each_frame() -> None:
    body = Body(_NIKON, radio("batterylevel", "80%"), rooms=(9,))
    body.dials.reread()
    body.rooms = (8,)
    body.keep("batterylevel", "79%")

    body.dials.read_status_soon()
    body.dials.reread()

    assert body.dials[SettingId.BATTERY] is not None
    assert [one.label for one in body.dials.all] == ["79 %", "9"]


@pytest.mark.parametrize(
    ("raw", "thirds"),
    [("0.333333", 1), ("1.333333", 4), ("-0.333333", -1), ("-4.666667", -14), ("0.000000", 0)],
)
def test_every_third_of_a_panasonics_compensation_arrives(raw: str, thirds: int) -> None:
    body = Body(_PANASONIC, radio("exposurecompensation", "1.000000", "1.000000", raw))
    body.obey = lambda name, text: body.keep(name, f"{int(float(text) * 3) / 3:.6f}")  # as libgphoto2 does

    body.set(SettingId.EXPOSURE_COMPENSATION, raw)

    kept = body.dials[SettingId.EXPOSURE_COMPENSATION]
    assert kept is not None
    assert kept.current is not None
    assert kept.current.number == pytest.approx(thirds / 3, abs=1e-9)


def test_a_panasonic_at_bulb_can_be_set_to_a_speed_again() -> None:
    speeds = radio("shutterspeed", "1/60", "1/125", "1/60", "2147483.8")
    body = Body(_PANASONIC, speeds)
    at_bulb = radio("shutterspeed", "bulb", "bulb", "bulb", "bulb")

    def obey(name: str, value: str) -> None:
        body.widgets[name] = at_bulb if value == "bulb" else replace(speeds, value=value)

    body.obey = obey

    assert body.set(SettingId.SHUTTER, "bulb") == "Bulb"
    setting = body.dials[SettingId.SHUTTER]
    assert setting is not None
    assert not setting.read_only
    assert [one.label for one in setting.choices] == ["1/125", "1/60", "Bulb"]
    assert body.set(SettingId.SHUTTER, "1/125") == "1/125"


def test_a_body_that_announces_nothing_is_looked_at_while_it_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_EXPOSURE_EVERY_S", 0.0)
    body = Body(_PANASONIC, radio("shutterspeed", "1/60", "1/125", "1/60"))
    body.keep("shutterspeed", "1/125")

    body.dials.reread(is_at_rest=False)
    assert body.sent == []
    body.dials.reread(is_at_rest=True)

    assert [one.settings[0].label for one in body.sent if isinstance(one, msg.SettingsChanged)] == ["1/125"]


def test_a_temperature_that_a_body_takes_in_kelvin_alone_is_read_at_once() -> None:
    body = Body(
        "Sony Corporation",
        radio("whitebalance", "Automatic", "Automatic", "Choose Color Temperature"),
        Widget("colortemperature", WidgetKind.TEXT, "0"),
    )

    def obey(name: str, value: str) -> None:
        body.keep(name, value)
        body.widgets["colortemperature"] = Widget(
            "colortemperature", WidgetKind.RANGE, "5500", range=(2500.0, 9900.0, 100.0)
        )

    body.obey = obey
    before = body.dials[SettingId.COLOR_TEMPERATURE]
    assert before is not None
    assert before.read_only

    body.set(SettingId.WHITE_BALANCE, "Choose Color Temperature")

    after = body.dials[SettingId.COLOR_TEMPERATURE]
    assert after is not None
    assert not after.read_only
    assert [
        one.id for told in body.sent if isinstance(told, msg.SettingsChanged) for one in told.settings
    ] == [
        SettingId.WHITE_BALANCE,
        SettingId.COLOR_TEMPERATURE,
    ]

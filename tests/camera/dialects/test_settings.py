"""A body's widgets, read as settings."""

from __future__ import annotations

import pytest

from groundglass.camera.dialects.habits import serial_of
from groundglass.camera.dialects.settings import setting_of, understand
from groundglass.camera.widget import Widget, WidgetKind
from groundglass.model.setting import SettingId, ValueRange, battery_share


def test_choices_are_sorted_by_value_and_keep_their_place_in_the_cameras_list() -> None:
    widget = Widget("shutterspeed", WidgetKind.RADIO, "bulb", ("bulb", "30", "1/60", "0.5"))

    setting = setting_of(SettingId.SHUTTER, widget)

    assert [(one.label, one.position) for one in setting.choices] == [
        ("1/60", 2),
        ("0.5 s", 3),
        ("30 s", 1),
        ("Bulb", 0),
    ]
    assert setting.current is not None
    assert setting.current.position == 0


def test_a_widget_without_a_value_is_no_fault() -> None:
    setting = setting_of(SettingId.APERTURE, Widget("f-number", WidgetKind.RADIO, None, ("f/2", "f/4")))

    assert setting.current is None
    assert len(setting.choices) == 2


def test_a_list_of_one_is_held_by_the_mode_dial() -> None:
    setting = setting_of(SettingId.SHUTTER, Widget("shutterspeed", WidgetKind.RADIO, "auto", ("auto",)))

    assert setting.read_only
    assert setting.reason


@pytest.mark.parametrize("is_held", [False, True])
def test_kelvin_that_a_body_tells_without_limits_can_be_set_unless_it_holds_them(is_held: bool) -> None:
    widget = Widget("colortemperature", WidgetKind.TEXT, "5200", read_only=is_held)

    setting = setting_of(SettingId.COLOR_TEMPERATURE, widget)

    assert setting.label == "5200 K"
    assert setting.read_only == is_held
    assert setting.range == (None if is_held else ValueRange(2500, 10_000, 100))


def test_kelvin_of_0_is_held() -> None:
    setting = setting_of(SettingId.COLOR_TEMPERATURE, Widget("colortemperature", WidgetKind.TEXT, "0"))

    assert setting.read_only
    assert setting.range is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Unknown value 0000", "The camera sees no lens, or one without electronics."),
        ("Unknown value 00b0", "The camera tells a value that is not known here."),
    ],
)
def test_a_code_that_stands_alone_is_no_value(text: str, reason: str) -> None:
    setting = setting_of(SettingId.APERTURE, Widget("aperture", WidgetKind.RADIO, text, (text,)))

    assert setting.label == "\N{EN DASH}"
    assert setting.choices == ()
    assert setting.read_only
    assert setting.reason == reason


def test_speeds_that_are_all_called_bulb_are_one() -> None:
    widget = Widget("shutterspeed", WidgetKind.RADIO, "bulb", ("bulb",) * 50)

    setting = setting_of(SettingId.SHUTTER, widget)

    assert [one.label for one in setting.choices] == ["Bulb"]
    assert setting.read_only


def test_a_bulb_that_is_listed_as_a_number_is_set_by_its_name() -> None:
    widget = Widget("shutterspeed", WidgetKind.RADIO, "1/60", ("1/60", "1", "2147483.8"))

    setting = setting_of(SettingId.SHUTTER, widget)

    assert [(one.raw, one.label) for one in setting.choices] == [
        ("1/60", "1/60"),
        ("1", "1 s"),
        ("bulb", "Bulb"),
    ]


@pytest.mark.parametrize(
    ("switch", "labels", "label"),
    [
        (Widget("autoiso", WidgetKind.RADIO, "On", ("On", "Off")), ["Auto ISO", "ISO 100"], "Auto ISO"),
        (Widget("autoiso", WidgetKind.RADIO, "Off", ("On", "Off")), ["Auto ISO", "ISO 100"], "ISO 100"),
        (
            Widget("autoiso", WidgetKind.RADIO, "Off", ("On", "Off"), read_only=True),
            ["ISO 100"],
            "ISO 100",
        ),
        (Widget("autoiso", WidgetKind.RADIO, "400", ("400", "800")), ["ISO 100"], "ISO 100"),
    ],
)
def test_a_switch_beside_the_numbers_makes_iso_automatic(
    switch: Widget, labels: list[str], label: str
) -> None:
    iso = Widget("iso", WidgetKind.RADIO, "100", ("100",))

    setting = understand((iso, switch)).settings[0]

    assert [one.label for one in setting.choices] == labels
    assert setting.label == label


def test_a_count_of_a_burst_can_be_chosen_one_by_one() -> None:
    widget = Widget("burstnumber", WidgetKind.RANGE, "5.0", range=(1.0, 100.0, 1.0))

    setting = setting_of(SettingId.BURST_COUNT, widget)

    assert [one.label for one in setting.choices] == [str(number) for number in range(1, 101)]


def test_a_lonely_automatic_iso_has_no_number() -> None:
    alone = setting_of(SettingId.ISO, Widget("iso", WidgetKind.RADIO, "-1", ("-1", "100", "200")))
    three = setting_of(SettingId.ISO, Widget("iso", WidgetKind.RADIO, "-2", ("-1", "-2", "-3", "160")))

    assert alone.label == "Auto ISO"
    assert three.label == "Auto ISO 2"


@pytest.mark.parametrize(
    ("widget", "label", "share"),
    [
        (Widget("batterylevel", WidgetKind.TEXT, "80%"), "80 %", 0.8),
        (Widget("5001", WidgetKind.MENU, "40", tuple(str(one) for one in range(101))), "40 %", 0.4),
        (Widget("5001", WidgetKind.RANGE, "65", range=(0.0, 100.0, 1.0)), "65 %", 0.65),
        (Widget("5001", WidgetKind.MENU, "1", ("0", "1", "2", "3")), "1 of 3", 1 / 3),
        (Widget("5001", WidgetKind.TEXT, "3"), "3", None),
        (Widget("batterylevel", WidgetKind.TEXT, "Low"), "Low", 0.1),
        (Widget("batterylevel", WidgetKind.TEXT, None), "\N{EN DASH}", None),
    ],
)
def test_a_battery_is_told_in_percent_or_in_the_steps_that_its_body_has(
    widget: Widget, label: str, share: float | None
) -> None:
    setting = setting_of(SettingId.BATTERY, widget)

    assert setting.label == label
    assert battery_share(setting) == share


def test_a_lens_is_called_by_its_name_alone() -> None:
    told = "LX216A,XF18-135mmF3.5-5.6R LM OIS WR,43A22022"
    lens = setting_of(SettingId.LENS, Widget("lensname", WidgetKind.TEXT, told))

    assert lens.label == "XF18-135mmF3.5-5.6R LM OIS WR"


def test_what_is_no_serial_number_tells_no_two_bodies_apart() -> None:
    assert serial_of("None") == serial_of("0" * 32) == ""
    assert serial_of("00000000000000008081415002897992") == "00000000000000008081415002897992"

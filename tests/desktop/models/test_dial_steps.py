from __future__ import annotations

import pytest

from groundglass.desktop.models.dial_steps import in_dial_order, step
from groundglass.model.setting import Choice, Setting, SettingId, ValueRange
from scripted_desk import aperture, compensation, iso, kelvin, shutter, words


def _label(found: Choice | str | None) -> str | None:
    return found.label if isinstance(found, Choice) else found


@pytest.mark.parametrize(
    ("setting", "up", "down"),
    [
        (shutter("1/125"), "1/100", "1/160"),
        (aperture("8"), "f/7.1", "f/9"),
        (iso("400"), "ISO 500", "ISO 320"),
        (compensation("0"), "+1/3 EV", "-1/3 EV"),
        (kelvin("5600"), "5700 K", "5500 K"),
    ],
    ids=lambda value: value.id.value if isinstance(value, Setting) else value,
)
def test_up_is_one_step_brighter_and_down_darker(setting: Setting, up: str, down: str) -> None:
    assert _label(step(setting, setting.current, True, False)) == up
    assert _label(step(setting, setting.current, False, False)) == down


@pytest.mark.parametrize(
    ("setting", "up", "down"),
    [
        (shutter("1/125"), "1/60", "1/250"),
        (aperture("8"), "f/5.6", "f/11"),
        (iso("400"), "ISO 800", "ISO 200"),
        (compensation("0"), "+1 EV", "-1 EV"),
        (kelvin("5600"), "6600 K", "4600 K"),
    ],
    ids=lambda value: value.id.value if isinstance(value, Setting) else value,
)
def test_shift_steps_a_full_stop(setting: Setting, up: str, down: str) -> None:
    assert _label(step(setting, setting.current, True, True)) == up
    assert _label(step(setting, setting.current, False, True)) == down


def test_the_list_runs_from_bright_to_dark_with_words_on_top() -> None:
    labels = [one.label for one in in_dial_order(shutter().choices)]

    assert labels[:3] == ["Bulb", "30 s", "15 s"]
    assert labels[-1] == "1/1000"


def test_the_wheel_stops_at_the_ends_and_never_lands_on_bulb() -> None:
    assert step(shutter("30"), shutter("30").current, True, False) is None
    assert step(shutter("1/1000"), shutter("1/1000").current, False, False) is None


def test_from_a_word_the_wheel_goes_to_the_brightest_number() -> None:
    assert _label(step(iso("Auto"), iso("Auto").current, False, False)) == "ISO 3200"


def test_words_step_in_the_order_of_the_camera() -> None:
    balance = words(SettingId.WHITE_BALANCE, "Daylight", "Auto", "Tungsten")

    assert _label(step(balance, balance.current, False, False)) == "Auto"
    assert step(balance, balance.current, True, False) is None


def test_up_is_one_frame_more_of_a_burst() -> None:
    burst = words(SettingId.BURST_COUNT, "2", "1", "3", "10")

    assert _label(step(burst, burst.current, True, False)) == "3"
    assert _label(step(burst, burst.current, False, False)) == "1"
    assert [one.label for one in in_dial_order(burst.choices)] == ["10", "3", "2", "1"]


def test_a_stepless_setting_steps_inside_its_range() -> None:
    base = kelvin("5600")
    stepless = Setting(SettingId.COLOR_TEMPERATURE, base.current, (), ValueRange(2500, 5650, 100))

    assert step(stepless, stepless.current, True, False) == "5650"
    assert step(stepless, "5650", True, False) is None
    assert step(stepless, stepless.current, False, True) == "4600"


def test_a_step_from_a_value_that_is_not_offered_starts_at_the_nearest() -> None:
    odd = Choice("450", "ISO 450", iso("400").choices[1].value)

    found = step(iso(), odd, True, False)

    assert _label(found) == "ISO 125"

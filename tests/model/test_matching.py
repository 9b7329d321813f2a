"""From what was typed to what the camera offers."""

from fractions import Fraction

import pytest

from groundglass.errors import SettingRefusedError, UsageError
from groundglass.model.exposure import Aperture, ColorTemperature, Iso, ShutterSpeed, Special
from groundglass.model.matching import find_choice
from groundglass.model.setting import Choice, Setting, SettingId, ValueRange


def _shutter() -> Setting:
    speeds = [Fraction(1, 250), Fraction(1, 125), Fraction(1, 60), Fraction(30)]
    choices = [Choice(f"raw {one}", ShutterSpeed(one).label, ShutterSpeed(one)) for one in speeds]
    return Setting(SettingId.SHUTTER, choices[0], (*choices, Choice("bulb!", "Bulb", Special.BULB)))


def _format() -> Setting:
    labels = ("JPEG basic", "JPEG fine", "RAW", "RAW + JPEG basic", "RAW + JPEG fine")
    choices = tuple(Choice(f"raw {one}", one) for one in labels)
    return Setting(SettingId.IMAGE_FORMAT, choices[0], choices)


@pytest.mark.parametrize(
    ("typed", "raw"), [("1/125", "raw 1/125"), ("1/128", "raw 1/125"), ("30 s", "raw 30"), ("BULB", "bulb!")]
)
def test_a_shutter_speed_is_found_by_value_and_by_word(typed: str, raw: str) -> None:
    assert find_choice(_shutter(), typed).raw == raw


@pytest.mark.parametrize(
    ("typed", "label"),
    [("125", "1/125"), ("30", "1/30"), ("30 s", "30 s"), ('30"', "30 s"), ("1", "1 s"), ("2.5", "2.5 s")],
)
def test_a_whole_number_is_a_part_of_a_second_though_the_camera_spells_seconds_so(
    typed: str, label: str
) -> None:
    spelt = {"1/125": Fraction(1, 125), "1/30": Fraction(1, 30), "1": Fraction(1), "2.5": Fraction(5, 2)}
    spelt["30"] = Fraction(30)
    choices = tuple(Choice(raw, ShutterSpeed(one).label, ShutterSpeed(one)) for raw, one in spelt.items())

    assert find_choice(Setting(SettingId.SHUTTER, None, choices), typed).label == label


def test_a_speed_between_two_gets_the_two() -> None:
    with pytest.raises(UsageError) as caught:
        find_choice(_shutter(), "1/90")

    assert caught.value.hint == "The nearest are 1/125 and 1/60."


def test_an_iso_is_never_rounded() -> None:
    setting = Setting(SettingId.ISO, None, (Choice("400", "ISO 400", Iso(400)),))

    with pytest.raises(UsageError, match="does not offer ISO 401"):
        find_choice(setting, "401")


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("raw+jpeg", "RAW + JPEG fine"),
        ("raw", "RAW"),
        ("jpeg", "JPEG fine"),
        ("basic raw", "RAW + JPEG basic"),
    ],
)
def test_a_format_is_found_by_its_words(typed: str, label: str) -> None:
    assert find_choice(_format(), typed).label == label


def test_an_unknown_word_gets_the_list() -> None:
    with pytest.raises(UsageError, match="It offers JPEG basic, JPEG fine"):
        find_choice(_format(), "tiff")


def test_a_held_setting_says_why() -> None:
    held = Setting(
        SettingId.APERTURE, None, (Choice("8", "f/8", Aperture(8.0)),), read_only=True, reason="No lens."
    )

    with pytest.raises(SettingRefusedError, match="No lens"):
        find_choice(held, "8")


def test_a_stepless_setting_takes_what_lies_in_its_range() -> None:
    kelvin = Setting(
        SettingId.COLOR_TEMPERATURE,
        Choice("5200", "5200 K", ColorTemperature(5200)),
        range=ValueRange(2500, 10000, 10),
    )

    assert find_choice(kelvin, "5600 K").raw == "5600"
    with pytest.raises(UsageError, match="2500 to 10000"):
        find_choice(kelvin, "20000")

"""What a photographer types and reads."""

from fractions import Fraction

import pytest

from groundglass.errors import UsageError
from groundglass.model.exposure import Aperture, ColorTemperature, ExposureCompensation, Iso, ShutterSpeed


@pytest.mark.parametrize(
    ("text", "seconds", "label"),
    [
        ("1/125", Fraction(1, 125), "1/125"),
        ("1/8000", Fraction(1, 8000), "1/8000"),
        ("0.8", Fraction(4, 5), "0.8 s"),
        ("0,8 s", Fraction(4, 5), "0.8 s"),
        ('30"', Fraction(30), "30 s"),
        ("1.3s", Fraction(13, 10), "1.3 s"),
        ("4/10", Fraction(2, 5), "0.4 s"),
        ("300/10", Fraction(30), "30 s"),
        ("2m", Fraction(120), "2 min"),
        ("1/2", Fraction(1, 2), "0.5 s"),
        ("1/1.3s", Fraction(10, 13), "0.8 s"),
        ("1/3", Fraction(1, 3), "0.3 s"),
        ("1/2.5", Fraction(2, 5), "0.4 s"),
    ],
)
def test_a_shutter_speed_is_read_and_labelled(text: str, seconds: Fraction, label: str) -> None:
    speed = ShutterSpeed.parse(text)

    assert (speed.seconds, speed.label) == (seconds, label)


@pytest.mark.parametrize(
    ("text", "label"),
    [("125", "1/125"), ("30", "1/30"), (" 2 ", "1/2"), ("30s", "30 s"), ("0.5", "0.5 s"), ("1", "1 s")],
)
def test_a_whole_number_that_is_typed_is_a_part_of_a_second(text: str, label: str) -> None:
    assert ShutterSpeed.typed(text) == ShutterSpeed.parse(label)
    if text == "30":
        assert ShutterSpeed.parse(text).seconds == 30  # as a camera says it


@pytest.mark.parametrize("text", ["", "fast", "1/0", "0", "-1", "1/", "1/125/2", "∞", "1e3"])
def test_nonsense_is_no_shutter_speed(text: str) -> None:
    with pytest.raises(UsageError, match="not a shutter speed"):
        ShutterSpeed.parse(text)


@pytest.mark.parametrize(
    ("text", "ev", "label"),
    [
        ("+2/3", Fraction(2, 3), "+2/3 EV"),
        ("-0.333", Fraction(-1, 3), "-1/3 EV"),
        ("0.3", Fraction(1, 3), "+1/3 EV"),
        ("-2.6", Fraction(-8, 3), "-2 2/3 EV"),
        ("-4.667", Fraction(-14, 3), "-4 2/3 EV"),
        ("1 1/3 EV", Fraction(4, 3), "+1 1/3 EV"),
        ("0.5", Fraction(1, 2), "+1/2 EV"),
        ("0", Fraction(0), "0 EV"),
        ("\N{MINUS SIGN}1", Fraction(-1), "-1 EV"),
    ],
)
def test_a_compensation_is_read_as_the_third_or_half_that_is_meant(
    text: str, ev: Fraction, label: str
) -> None:
    value = ExposureCompensation.parse(text)

    assert (value.ev, value.label) == (ev, label)


def test_stops_count_light() -> None:
    assert ShutterSpeed.parse("1/60").stops_from(ShutterSpeed.parse("1/120")) == pytest.approx(1)
    assert Aperture(4.0).stops_from(Aperture(8.0)) == pytest.approx(2)
    assert Iso(800).stops_from(Iso(100)) == pytest.approx(3)


def test_labels_are_as_photographers_write_them() -> None:
    labels = [Aperture.parse("F2,8").label, Iso.parse("iso 400").label, ColorTemperature.parse("5600k").label]

    assert labels == ["f/2.8", "ISO 400", "5600 K"]


@pytest.mark.parametrize(
    "parse", [Aperture.parse, Iso.parse, ExposureCompensation.parse, ColorTemperature.parse]
)
def test_a_word_is_no_value(parse: object) -> None:
    assert callable(parse)
    with pytest.raises(UsageError):
        parse("much")

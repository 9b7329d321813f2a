"""A stop is a factor of two wherever it is made, and the meter finds the free setting."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from groundglass.virtual.exposure import APERTURES, ISOS, SHUTTERS
from groundglass.virtual.settings import PARSERS, Settings, parse


def test_every_dial_moves_in_thirds_of_a_stop() -> None:
    for dial in (SHUTTERS, APERTURES, ISOS):
        thirds = [place.thirds for place in dial]
        assert thirds == list(range(thirds[0], thirds[0] + len(dial)))


def test_the_printed_values_lie_near_the_exact_ones() -> None:
    assert all(abs(s.exact_s / s.seconds - 1) < 0.07 for s in SHUTTERS)
    assert all(abs(a.exact / a.f_number - 1) < 0.035 for a in APERTURES)
    assert all(abs(100 * i.gain / i.number - 1) < 0.02 for i in ISOS)


def test_the_ends_of_the_dials_are_those_of_a_real_body() -> None:
    assert (SHUTTERS[0].label, SHUTTERS[-1].label) == ("1/8000", "30")
    assert (APERTURES[0].f_number, APERTURES[-1].f_number) == (1.8, 22)
    assert (ISOS[0].number, ISOS[-1].number) == (64, 25600)


@pytest.mark.parametrize(("name", "brighter"), [("shutter", "1/30"), ("aperture", "4"), ("iso", "200")])
def test_one_stop_doubles_the_light(name: str, brighter: str) -> None:
    before = Settings()

    after = before.changed(name, parse(name, brighter))

    assert after.exposure.light == pytest.approx(2 * before.exposure.light)


@pytest.mark.parametrize("mode", ["A", "S", "P"])
@pytest.mark.parametrize("iso", ["100", "800"])
def test_the_meter_keeps_the_picture_as_bright(mode: str, iso: str) -> None:
    settings = Settings().changed("exposure_mode", mode)

    turned = settings.changed("iso", parse("iso", iso))

    assert turned.exposure.light == pytest.approx(1.0)
    assert turned.exposure.error_thirds == 0


def test_each_mode_frees_its_own_settings() -> None:
    held = {mode: Settings(exposure_mode=mode).held_by_camera for mode in "MASP"}

    assert held == {"M": set(), "A": {"shutter"}, "S": {"aperture"}, "P": {"shutter", "aperture"}}


@pytest.mark.parametrize("mode", ["A", "S", "P"])
def test_compensation_brightens_a_metered_picture(mode: str) -> None:
    settings = Settings().changed("exposure_mode", mode)

    turned = settings.changed("exposure_compensation", 3)

    assert turned.exposure.light == pytest.approx(2.0)


def test_compensation_leaves_manual_exposure_alone() -> None:
    turned = Settings().changed("exposure_compensation", 6)

    assert turned.exposure.light == pytest.approx(1.0)


def test_the_meter_stops_at_the_end_of_the_dial() -> None:
    dark = replace(Settings(), exposure_mode="S", shutter=SHUTTERS[0]).metered()

    assert dark.aperture == APERTURES[0]
    assert dark.exposure.error_thirds < 0


def test_a_metered_mode_ends_bulb() -> None:
    bulb = Settings().changed("shutter", parse("shutter", "Bulb"))

    metered = bulb.changed("exposure_mode", "A")

    assert not metered.shutter.is_bulb


@pytest.mark.parametrize(
    ("name", "text", "label"),
    [
        ("shutter", "1/125", "1/125"),
        ("shutter", "0.5", "1/2"),
        ("shutter", "2 s", "2"),
        ("shutter", "bulb", "Bulb"),
    ],
)
def test_a_shutter_is_read_as_people_write_it(name: str, text: str, label: str) -> None:
    assert parse(name, text).label == label  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("exposure_compensation", "-2/3", -2),
        ("exposure_compensation", "+1.33 EV", 4),
        ("white_balance", "Cloudy", "cloudy"),
        ("color_temperature", "4300K", 4300),
        ("image_format", "RAW + JPEG", "raw+jpeg fine"),
        ("exposure_mode", "a", "A"),
    ],
)
def test_a_setting_is_read_as_people_write_it(name: str, text: str, value: object) -> None:
    assert parse(name, text) == value


@pytest.mark.parametrize("name", sorted(PARSERS))
@pytest.mark.parametrize("text", ["", "nonsense", "-1e9", "1/0", "nan"])
def test_nonsense_is_refused(name: str, text: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        parse(name, text)

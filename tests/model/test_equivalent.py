from __future__ import annotations

from itertools import pairwise

import pytest
from msgspec.structs import replace

from groundglass.errors import UsageError
from groundglass.model.equivalent import TRIANGLE, compensate, stops_of
from groundglass.model.exposure import Aperture, ColorTemperature, Iso, ShutterSpeed
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.virtual.exposure import APERTURES, ISOS, SHUTTERS
from scripted_desk import aperture, iso, shutter

_THIRDS = "1 1.3 1.6 2 2.5 3.2 4 5 6 8 10 13 15 20 25 30 40 50 60 80 100 125 160 200 250 320 400 500 640 800"
_APERTURES = "1.4 1.6 1.8 2 2.2 2.5 2.8 3.2 3.5 4 4.5 5 5.6 6.3 7.1 8 9 10 11 13 14 16 18 20 22"
_HALVES = "1.4 1.7 2 2.4 2.8 3.3 4 4.8 5.6 6.7 8 9.5 11 13 16 19 22"


def _settings(**changes: Setting) -> dict[SettingId, Setting]:
    made = {one.id: one for one in (shutter(), aperture(), iso())}
    return made | {SettingId(name): setting for name, setting in changes.items()}


def _choice(setting: Setting, raw: str) -> Choice:
    return next(one for one in setting.choices if one.raw == raw)


def _stops(value: ShutterSpeed | Aperture | Iso) -> float:
    told = stops_of(value)
    assert told is not None
    return told


def test_the_names_of_a_series_are_exactly_a_third_apart() -> None:
    times = [_stops(ShutterSpeed.parse(f"1/{one}")) for one in _THIRDS.split()]
    apertures = [_stops(Aperture.parse(one)) for one in _APERTURES.split()]

    for series in (times, apertures):
        assert [round(one - other, 9) for one, other in pairwise(series)] == [pytest.approx(1 / 3)] * (
            len(series) - 1
        )


def test_the_names_of_halves_are_exactly_a_half_apart() -> None:
    apertures = [_stops(Aperture.parse(one)) for one in _HALVES.split()]

    whole = apertures[::2]
    assert [one - other for one, other in pairwise(whole)] == [1.0] * (len(whole) - 1)


def test_a_faster_shutter_opens_the_aperture_by_as_much() -> None:
    turned = _settings()

    other, kept = compensate(turned, SettingId.SHUTTER, _choice(turned[SettingId.SHUTTER], "1/500"))

    assert (other, kept.label) == (SettingId.APERTURE, "f/4")


def test_where_the_aperture_ends_the_sensitivity_makes_up() -> None:
    turned = _settings(aperture=aperture("2.8"))

    other, kept = compensate(turned, SettingId.SHUTTER, _choice(turned[SettingId.SHUTTER], "1/500"))

    assert (other, kept.label) == (SettingId.ISO, "ISO 1600")


def test_an_aperture_that_the_camera_holds_is_left_alone() -> None:
    turned = _settings(aperture=aperture("8", read_only=True))

    other, _ = compensate(turned, SettingId.SHUTTER, _choice(turned[SettingId.SHUTTER], "1/250"))

    assert other is SettingId.ISO


@pytest.mark.parametrize("turned_id", TRIANGLE)
def test_the_exposure_stays_whatever_is_turned(turned_id: SettingId) -> None:
    settings = _settings()
    for wanted in settings[turned_id].choices:
        if stops_of(wanted.value) is None:
            continue
        try:
            other, kept = compensate(settings, turned_id, wanted)
        except UsageError:
            continue
        before = stops_of(settings[turned_id].current.value) + stops_of(settings[other].current.value)  # type: ignore[union-attr,operator]
        assert stops_of(wanted.value) + stops_of(kept.value) == pytest.approx(before, abs=0.09)  # type: ignore[operator]


def test_at_the_end_of_all_dials_it_says_so() -> None:
    turned = _settings(aperture=aperture("2.8"), iso=iso("3200"))

    with pytest.raises(UsageError, match=r"Aperture ends at f/2\.8 and ISO ends at ISO 3200"):
        compensate(turned, SettingId.SHUTTER, _choice(turned[SettingId.SHUTTER], "1/500"))


@pytest.mark.parametrize(("now", "wanted"), [("1.4", "1.2"), ("5.6", "5.3"), ("1.8", "1.9")])
def test_a_lens_that_leaves_the_series_is_made_up_for_by_the_nearest(now: str, wanted: str) -> None:
    choices = tuple(Choice(one, f"f/{one}", Aperture.parse(one)) for one in (now, wanted))
    turned = _settings(aperture=replace(aperture(), choices=choices, current=choices[0]))

    other, kept = compensate(turned, SettingId.APERTURE, choices[1])

    before, after = (_stops(one.value) for one in choices)  # type: ignore[arg-type]
    assert other is SettingId.SHUTTER
    assert _stops(kept.value) + after == pytest.approx(-7 + before, abs=0.17)  # type: ignore[arg-type]


def test_what_is_alike_comes_before_what_is_only_near() -> None:
    halves = tuple(Choice(one, f"f/{one}", Aperture.parse(one)) for one in _HALVES.split())
    turned = _settings(aperture=replace(aperture(), choices=halves, current=halves[4]))

    other, _ = compensate(turned, SettingId.SHUTTER, _choice(turned[SettingId.SHUTTER], "1/160"))

    assert other is SettingId.ISO


def test_where_a_dial_goes_on_it_does_not_say_that_it_ends() -> None:
    whole = tuple(Choice(one, f"f/{one}", Aperture.parse(one)) for one in ("2.8", "4", "5.6", "8"))
    turned = _settings(aperture=replace(aperture(), choices=whole, current=whole[2]), iso=iso(read_only=True))

    with pytest.raises(UsageError, match="Aperture has nothing near enough"):
        compensate(turned, SettingId.SHUTTER, _choice(turned[SettingId.SHUTTER], "1/160"))


def test_bulb_has_no_exposure_to_keep() -> None:
    turned = _settings()

    with pytest.raises(UsageError, match="Bulb"):
        compensate(turned, SettingId.SHUTTER, _choice(turned[SettingId.SHUTTER], "Bulb"))


def test_every_printed_number_stands_for_its_third_of_a_stop() -> None:
    for step in SHUTTERS:
        speed = ShutterSpeed.parse(f"{step.numerator}/{step.denominator}")
        assert stops_of(speed) == pytest.approx(step.thirds / 3), speed
    for stop in APERTURES:
        assert stops_of(Aperture(stop.f_number)) == pytest.approx(-stop.thirds / 3), stop
    for one in ISOS:
        assert stops_of(Iso(one.number)) == pytest.approx(one.thirds / 3), one


@pytest.mark.parametrize(("text", "halves"), [("1/90", -13), ("1/45", -11), ("1/350", -17), ("1/750", -19)])
def test_half_stops_stand_for_themselves(text: str, halves: int) -> None:
    assert stops_of(ShutterSpeed.parse(text)) == halves / 2


def test_other_values_have_no_brightness() -> None:
    assert stops_of(ColorTemperature(5600)) is None

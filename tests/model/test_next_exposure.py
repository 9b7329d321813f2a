from __future__ import annotations

import math

import pytest

from groundglass.model.exposure import Aperture, Iso, ShutterSpeed, Special
from groundglass.model.next_exposure import brighter_since, next_settings, offered_settings
from groundglass.model.setting import Choice, Setting, SettingId

PARSE = {SettingId.SHUTTER: ShutterSpeed, SettingId.APERTURE: Aperture, SettingId.ISO: Iso}


def choice(dial: SettingId, text: str) -> Choice:
    value = PARSE[dial].parse(text)
    return Choice(text, value.label, value)


def setting(dial: SettingId, now: str, offered: str, read_only: bool = False) -> Setting:
    return Setting(
        dial, choice(dial, now), tuple(choice(dial, one) for one in offered.split()), None, read_only
    )


SHUTTER = setting(SettingId.SHUTTER, "1/125", "1/250 1/200 1/160 1/125 1/100 1/80 1/60 1/50 1/40 1/30")
APERTURE = setting(SettingId.APERTURE, "5.6", "2.8 3.2 3.5 4 4.5 5 5.6 6.3 7.1 8 9 10 11")
ISO = setting(SettingId.ISO, "200", "100 125 160 200 250 320 400 500 640 800")


def told(headroom_ev: float, *settings: Setting) -> list[tuple[str, str]]:
    return [(one.setting.value, one.choice.label) for one in next_settings(headroom_ev, settings)]


def test_one_stop_of_room_is_one_stop_on_each_dial() -> None:
    assert told(1.0, ISO, APERTURE, SHUTTER) == [("shutter", "1/60"), ("aperture", "f/4"), ("iso", "ISO 400")]


@pytest.mark.parametrize(
    ("ev", "speed"),
    [(0.3, None), (0.34, "1/100"), (0.99, "1/80"), (1.3, "1/60"), (1.34, "1/50"), (9, "1/30")],
)
def test_the_proposal_never_exceeds_the_room(ev: float, speed: str | None) -> None:
    assert told(ev, SHUTTER) == ([("shutter", speed)] if speed else [])


def test_clipped_highlights_lower_the_iso_first() -> None:
    assert told(-0.7, SHUTTER, APERTURE, ISO) == [
        ("iso", "ISO 100"),
        ("shutter", "1/250"),
        ("aperture", "f/8"),
    ]
    assert told(-0.6, SHUTTER) == [("shutter", "1/200")]


def test_a_dial_that_can_not_darken_enough_is_left_out() -> None:
    assert told(-1.5, ISO, SHUTTER, APERTURE) == [("aperture", "f/10")]


def test_a_dial_at_its_end_comes_last() -> None:
    near_end = setting(SettingId.SHUTTER, "1/40", "1/50 1/40 1/30")

    assert told(2.0, near_end, APERTURE) == [("aperture", "f/2.8"), ("shutter", "1/30")]


def test_what_can_not_be_set_is_not_proposed() -> None:
    locked = setting(SettingId.SHUTTER, "1/125", "1/125 1/60", read_only=True)
    bulb = Setting(SettingId.SHUTTER, Choice("bulb", "Bulb", Special.BULB), SHUTTER.choices)
    auto = Setting(SettingId.ISO, Choice("auto", "Auto", Special.AUTO), ISO.choices)

    assert told(1.0, locked) == told(1.0, bulb, auto) == told(1.0, Setting(SettingId.APERTURE, None)) == []


@pytest.mark.parametrize("ev", [0.0, 0.09, -0.09, math.inf])
def test_nothing_is_proposed_where_nothing_is_to_gain(ev: float) -> None:
    assert told(ev, SHUTTER, APERTURE, ISO) == []


def test_the_words_say_what_to_turn() -> None:
    (proposal,) = next_settings(0.7, [SHUTTER])

    assert proposal.words == "1/80 instead of 1/125: +0.7 EV"


TAKEN_WITH = (ShutterSpeed.parse("1/125"), Aperture.parse("5.6"), Iso.parse("200"))


def test_what_was_changed_since_the_shot_is_counted() -> None:
    faster = setting(SettingId.SHUTTER, "1/250", "1/250 1/125")

    assert brighter_since(*TAKEN_WITH, [SHUTTER, APERTURE, ISO]) == pytest.approx(0.0)
    assert brighter_since(*TAKEN_WITH, [faster, APERTURE, ISO]) == pytest.approx(-1.0)


def test_a_value_that_only_one_side_tells_leaves_the_change_unknown() -> None:
    shutter, _, iso = TAKEN_WITH

    assert brighter_since(shutter, None, iso, [SHUTTER, APERTURE, ISO]) is None
    assert brighter_since(shutter, None, iso, [SHUTTER, ISO]) == pytest.approx(0.0)


def test_an_offer_is_used_up_once_it_is_set() -> None:
    opened = setting(SettingId.SHUTTER, "1/60", "1/250 1/125 1/100 1/60 1/50 1/30")

    offers = offered_settings(1.0, TAKEN_WITH, [opened, APERTURE, ISO])

    assert offers == ()

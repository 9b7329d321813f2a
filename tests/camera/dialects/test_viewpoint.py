"""Where bodies focus and what they magnify, in the units of each."""

from __future__ import annotations

import pytest

from groundglass.camera.dialects.viewpoint import (
    NAMELESS_ZOOMS,
    POINTS,
    ZOOMS,
    PointDialect,
    ZoomDialect,
    zoom_of,
)
from groundglass.camera.widget import Widget, WidgetKind


def _point(name: str) -> PointDialect:
    return next(one for one in POINTS if one.widget == name)


def _zoom(name: str) -> ZoomDialect:
    return next(one for one in (*ZOOMS, *NAMELESS_ZOOMS.values()) if one.widget == name)


def _list(name: str, *choices: str) -> Widget:
    return Widget(name, WidgetKind.RADIO, choices[0], choices)


@pytest.mark.parametrize(
    ("model", "width"),
    [
        ("Canon EOS R6 Virtual", 5472),
        ("Canon EOS R6m2", 6000),
        ("Canon EOS R6 Mark III", 6960),
        ("Canon EOS 6D", 5472),
        ("Canon EOS 6D Mark II", 6240),
        ("Canon EOS-1D X Mark II", 5472),
        ("Canon EOS Rebel T3i", 5184),
        ("Canon EOS R", 6720),
        ("Canon EOS R50", 6000),
    ],
)
def test_a_canon_takes_places_in_pixels_of_its_sensor(model: str, width: int) -> None:
    assert _point("eoszoomposition").area(None, model)[0] == width


@pytest.mark.parametrize(
    ("name", "place", "power", "area", "now", "text"),
    [
        ("changeafarea", (0.25, 0.5), 1, (6048, 4024), "0x0", "1512x2012"),
        ("eoszoomposition", (0.5, 0.5), 1, (6000, 4000), "0,0", "2400,1600"),
        ("eoszoomposition", (0.5, 0.5), 10, (6000, 4000), "0,0", "2700,1800"),
        ("eoszoomposition", (0.0, 1.0), 5, (6000, 4000), "0,0", "1,3200"),
        ("spotfocusarea", (0.5, 0.0), 1, (639, 479), "", "320,0"),
        ("focuspoint", (0.5, 0.5), 1, (13, 9), "1,1,4", "0,0,4"),
        ("focuspoint", (1.0, 0.0), 1, (13, 9), "1,1,2", "6,4,2"),
        ("focuspoint", (0.0, 1.0), 1, (25, 17), "", "-12,-8,2"),
    ],
)
def test_a_place_is_told_in_the_bodys_own_units(
    name: str, place: tuple[float, float], power: float, area: tuple[int, int], now: str, text: str
) -> None:
    assert _point(name).spell(*place, area, power, now)[0] == text


def test_a_nikon_of_any_pixel_count_knows_its_frame_from_the_largest_size() -> None:
    sizes = _list("imagesize", "4128x2752", "8256x5504", "6192x4128")

    assert _point("changeafarea").area(sizes, "") == (8256, 5504)


@pytest.mark.parametrize(
    ("name", "choices", "powers"),
    [
        (
            "liveviewimagezoomratio",
            ("Entire Display", "25%", "50%", "100%"),
            {1.0: 0, 1.5: 1, 3.0: 2, 6.0: 3},
        ),
        ("d1bd", ("0", "512", "1024", "2048"), {1.0: 0, 3.0: 3, 6.0: 2, 12.0: 1}),
        ("focusmagnifier", ("Off", "1", "5.9", "11.8"), {1.0: None, 5.9: 2, 11.8: 3}),
        ("d01b", ("1", "2", "4", "11", "99"), {1.0: 0, 2.5: 1, 4.0: 2, 24.0: 3}),
    ],
)
def test_powers_are_times_of_the_whole_picture(
    name: str, choices: tuple[str, ...], powers: dict[float, int | None]
) -> None:
    found = _zoom(name).powers(_list(name, *choices), (6144, 4096))

    assert found == {power: "0" if place is None else choices[place] for power, place in powers.items()}


def test_a_magnifier_that_can_not_be_switched_off_is_set_to_once() -> None:
    assert _zoom("focusmagnifier").powers(_list("focusmagnifier", "1", "4"), (1, 1)) == {1.0: "1", 4.0: "4"}


def test_numbers_without_a_name_are_left_alone_on_other_makers_bodies() -> None:
    assert zoom_of({"d01b"}, "Nikon Corporation") is None
    assert zoom_of({"d01b"}, "FUJIFILM") is not None

from __future__ import annotations

import pytest

from groundglass.desktop.models.typed_choice import find_typed

_FORMATS = ("JPEG fine", "JPEG normal", "RAW + JPEG fine", "RAW", "HEIF")
_APERTURES = ("f/1.8", "f/2.8", "f/8", "f/18")
_COMPENSATIONS = ("+1 EV", "0 EV", "\N{MINUS SIGN}1/3 EV", "\N{MINUS SIGN}1 EV")
_SHUTTERS = ("30 s", "15 s", "1 s", "1/30", "1/300")
_DRIVES = ("Single", "Self-timer 2 s", "Self-timer 10 s", "Continuous", "Silent single")


@pytest.mark.parametrize(
    ("labels", "typed", "meant"),
    [
        (_FORMATS, "raw", "RAW"),  # itself before what begins so
        (_FORMATS, "RAW+j", "RAW + JPEG fine"),
        (_FORMATS, "normal", "JPEG normal"),
        (_APERTURES, "8", "f/8"),
        (_APERTURES, "2", "f/2.8"),
        (_SHUTTERS, "30", "1/30"),  # as on a body's display
        (_SHUTTERS, "30s", "30 s"),
        (_SHUTTERS, "15", "15 s"),  # nothing else begins so
        (_COMPENSATIONS, "-1 ev", "\N{MINUS SIGN}1 EV"),
        (_COMPENSATIONS, "\N{MINUS SIGN}1/", "\N{MINUS SIGN}1/3 EV"),
        (_DRIVES, "10", "Self-timer 10 s"),
        (_DRIVES, "timer", "Self-timer 2 s"),
        (_DRIVES, "ous", "Continuous"),
    ],
)
def test_what_is_typed_finds_what_is_meant(labels: tuple[str, ...], typed: str, meant: str) -> None:
    row = find_typed(labels, typed)

    assert row is not None
    assert labels[row] == meant


@pytest.mark.parametrize("typed", ["", " ", "xyz", "rawx"])
def test_what_fits_nothing_finds_nothing(typed: str) -> None:
    assert find_typed(_FORMATS, typed) is None


def test_one_letter_again_and_again_goes_through_what_begins_with_it() -> None:
    rows, row = [], -1
    for typed in ("s", "ss", "sss", "ssss", "sssss"):
        found = find_typed(_DRIVES, typed, row)
        assert found is not None
        rows.append(row := found)

    assert rows == [0, 1, 2, 4, 0]

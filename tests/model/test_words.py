"""Figures as people read them."""

from __future__ import annotations

import pytest

from groundglass.model.words import counted, share_words, signed, size_words, with_minus

_MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 shots"), (1, "1 shot"), (2, "2 shots"), (12_000, "12,000 shots")]
)
def test_things_are_counted_with_their_plural(count: int, words: str) -> None:
    assert counted(count, "shot") == words


def test_a_plural_of_its_own_is_taken() -> None:
    assert counted(1, "file was", "files were") == "1 file was"
    assert counted(3, "file was", "files were") == "3 files were"


@pytest.mark.parametrize(
    ("number", "words"),
    [(1.3, "+1.3"), (-0.1, f"{_MINUS}0.1"), (0.0, "0.0"), (0.04, "0.0"), (-0.04, "0.0"), (45, "+45.0")],
)
def test_a_number_has_its_sign_and_nought_has_none(number: float, words: str) -> None:
    assert signed(number) == words


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("-2/3 EV", f"{_MINUS}2/3 EV"),
        ("Use f/8: -1 EV", f"Use f/8: {_MINUS}1 EV"),
        ("+1 EV", "+1 EV"),
        ("AF-S", "AF-S"),
        ("2-3", "2-3"),
        ("-", "-"),
    ],
)
def test_only_the_hyphen_before_a_number_is_shown_as_a_minus(label: str, shown: str) -> None:
    assert with_minus(label) == shown


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0.0 %"), (0.0001, "<0.1 %"), (0.001, "0.1 %"), (0.021, "2.1 %"), (1.0, "100.0 %")],
)
def test_a_share_that_is_not_nothing_is_never_told_as_nothing(share: float, words: str) -> None:
    assert share_words(share) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1500, "2 kB"), (24_300_000, "24.3 MB"), (2.1e12, "2.1 TB")],
)
def test_sizes_are_in_powers_of_ten(size: float, words: str) -> None:
    assert size_words(int(size)) == words

"""Lenses without electronics, as photographers write them down."""

from __future__ import annotations

import pytest

from groundglass.errors import UsageError
from groundglass.model.shot import ManualLens


@pytest.mark.parametrize(
    ("text", "lens"),
    [
        ("Helios 44-2 58 mm f/2", ManualLens("Helios 44-2", 58.0, 2.0)),
        ("Nokton Classic 35mm F1.4", ManualLens("Nokton Classic", 35.0, 1.4)),
        ("  Super-Takumar 55 mm 1:1,8 ", ManualLens("Super-Takumar", 55.0, 1.8)),
        ("Macro 100 100 mm f 2.8", ManualLens("Macro 100", 100.0, 2.8)),
        ("Петцваль 58.5 mm f/1.9", ManualLens("Петцваль", 58.5, 1.9)),
    ],
)
def test_a_lens_is_read_as_it_is_engraved_or_typed(text: str, lens: ManualLens) -> None:
    assert ManualLens.parse(text) == lens


@pytest.mark.parametrize(
    "text",
    [
        "", "Helios 44-2", "58 mm f/2", "Helios 58 f/2", "Helios 58 mm", "Helios 0 mm f/2",
        "Helios 58 mm f/0", "Helios 58 mm f/2 red",
    ],
)  # fmt: skip
def test_what_lacks_a_part_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError) as told:
        ManualLens.parse(text)

    assert "Helios 44-2 58 mm f/2" in told.value.hint


def test_a_label_is_read_back_as_the_same_lens() -> None:
    lens = ManualLens("Nokton", 35.0, 1.4)

    assert lens.label == "Nokton 35 mm f/1.4"
    assert ManualLens.parse(lens.label) == lens

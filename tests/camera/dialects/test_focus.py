"""How each brand is told to move its focus."""

from __future__ import annotations

import pytest

from groundglass.camera.dialects.focus import focus_step
from groundglass.camera.widget import Widget, WidgetKind

_THREE = tuple(f"{way} {size}" for way in ("Near", "Far") for size in (1, 2, 3))
_TWO = ("Near 1", "Near 2", "None", "Far 1", "Far 2")


@pytest.mark.parametrize(
    ("choices", "step", "text"),
    [
        (_THREE, 3, "Far 3"),
        (_THREE, -1, "Near 1"),
        (_TWO, 3, "Far 2"),
        (_TWO, -3, "Near 2"),
        (_TWO, 1, "Far 1"),
    ],
)
def test_a_step_is_the_largest_that_the_body_has_at_most(
    choices: tuple[str, ...], step: int, text: str
) -> None:
    widget = Widget("manualfocusdrive", WidgetKind.RADIO, "None", choices)

    assert focus_step(widget, step) == text

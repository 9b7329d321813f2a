"""What a body can do, as the names of its settings tell."""

from __future__ import annotations

from collections.abc import Iterable

from groundglass.camera.dialects.focus import FOCUS_DRIVES, HALF_PRESS
from groundglass.camera.dialects.release import BULB_WIDGET, BUTTON_WIDGET, FULL_PRESS
from groundglass.camera.dialects.viewpoint import POINTS
from groundglass.model.camera import Capability


def capabilities_of(names: Iterable[str]) -> Capability:
    """Tell what a body can do from the names of its settings."""
    present = set(names)
    found = Capability.NONE
    for capability, widgets in (
        (Capability.BULB, {BULB_WIDGET, BUTTON_WIDGET}),
        (Capability.FOCUS_DRIVE, set(FOCUS_DRIVES)),
        (Capability.AF_POINT, {one.widget for one in POINTS}),
    ):
        if present & widgets:
            found |= capability
    # Every Canon has a `capture` too, which is no button.
    if BUTTON_WIDGET in present or {HALF_PRESS, FULL_PRESS} <= present:
        found |= Capability.HOLD
    return found

from __future__ import annotations

import pytest

from groundglass.camera.dialects.capabilities import capabilities_of
from groundglass.model.camera import Capability


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bulb", Capability.BULB),
        ("eosremoterelease", Capability.BULB | Capability.HOLD),
        ("capture", Capability.HOLD),
        ("manualfocusdrive", Capability.FOCUS_DRIVE),
        ("manualfocus", Capability.FOCUS_DRIVE),
        ("autofocusdrive", Capability.NONE),
        ("capturetarget", Capability.NONE),
    ],
)
def test_a_body_can_do_what_the_names_of_its_settings_tell(name: str, found: Capability) -> None:
    assert capabilities_of([name, "iso"]) == found

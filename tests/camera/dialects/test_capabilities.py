from __future__ import annotations

import pytest

from groundglass.camera.dialects.capabilities import capabilities_of
from groundglass.model.camera import Capability


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bulb", Capability.BULB),
        ("eosremoterelease", Capability.BULB | Capability.HOLD),
        ("capture", Capability.NONE),
        ("manualfocusdrive", Capability.FOCUS_DRIVE),
        ("manualfocus", Capability.FOCUS_DRIVE),
        ("autofocusdrive", Capability.NONE),
        ("capturetarget", Capability.NONE),
    ],
)
def test_a_body_can_do_what_the_names_of_its_settings_tell(name: str, found: Capability) -> None:
    assert capabilities_of([name, "iso"]) == found


@pytest.mark.parametrize(
    ("names", "is_held"),
    [
        ({"capture", "autofocus"}, True),  # a Sony
        ({"capture", "bulb", "eosremoterelease"}, True),
        ({"capture", "bulb"}, False),  # an EOS 1000D
        ({"autofocus", "bulb"}, False),  # a Nikon
    ],
)
def test_a_button_can_be_held_that_is_pressed_half_way_and_all_the_way(
    names: set[str], is_held: bool
) -> None:
    assert (Capability.HOLD in capabilities_of(names)) == is_held

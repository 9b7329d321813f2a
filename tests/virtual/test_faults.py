"""Faults are counted, so that a test can place them exactly."""

from __future__ import annotations

from typing import Any

import pytest

from groundglass.virtual.faults import Fault, Faults


def test_a_fault_strikes_as_often_as_asked() -> None:
    faults = Faults()
    faults.add(Fault.from_json({"do": "fault", "kind": "busy", "count": 2, "operation": "GetObject"}))

    struck = [faults.strike("busy", operation=0x1009) is not None for _ in range(3)]

    assert struck == [True, True, False]


def test_a_fault_lets_the_first_ones_pass() -> None:
    faults = Faults()
    faults.add(Fault.from_json({"kind": "event_lost", "event": "ObjectAdded", "skip": 1}))

    struck = [
        faults.strike("event_lost", event=e) is not None for e in ("PropertyChanged", *["ObjectAdded"] * 3)
    ]

    assert struck == [False, False, True, False]


def test_a_fault_concerns_its_operation_alone() -> None:
    faults = Faults()
    faults.add(Fault.from_json({"kind": "refuse", "operation": "0x1009", "code": "access denied"}))

    assert faults.strike("refuse", operation=0x1008) is None
    assert faults.strike("refuse", operation=0x1009) is not None


def test_a_slow_link_lasts_until_cleared() -> None:
    faults = Faults()
    faults.add(Fault.from_json({"kind": "slow", "bytes_per_second": 1000}))
    assert all(faults.strike("slow", operation=1) is not None for _ in range(5))

    faults.clear()

    assert faults.strike("slow", operation=1) is None


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "busy", "count": 0},
        {"kind": "busy", "count": "many"},
        {"kind": "busy", "count": True},
        {"kind": "busy", "operation": "NoSuchOperation"},
        {"kind": "refuse", "code": "NoSuchCode"},
        {"kind": "drop", "how": "gently"},
        {"kind": "drop", "when": "tomorrow"},
        {"kind": "slow", "bytes_per_second": 0},
        {"kind": "busy", "colour": "red"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(message: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Fault.from_json(message)

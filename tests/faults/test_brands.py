"""Some operations of each brand fail; `tests/benchmarks/every_operation.py` lets all of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from brand_faults import BRANDS, FAULTS, FETCHED, Run
from virtual_camera import VirtualCamera

_SEED = 4
_OPERATIONS = 90  # so many a shoot has at least, on every brand


@pytest.fixture(scope="module")
def cameras() -> Iterator[dict[str, VirtualCamera]]:
    """One camera of each brand, for all tests here."""
    with ExitStack() as stack:
        yield {
            brand: stack.enter_context(VirtualCamera("--megapixels", "4", "--brand", brand))
            for brand in BRANDS
        }


@pytest.mark.parametrize("name", FAULTS)
def test_no_frame_is_lost_or_doubled_when_an_operation_fails(
    name: str, cameras: dict[str, VirtualCamera], folder: Path
) -> None:
    place = list(FAULTS).index(name)
    brand = BRANDS[place % len(BRANDS)]  # each fault once, and each brand in turn
    skip = random.Random(_SEED + place).randrange(_OPERATIONS)

    told = Run(cameras[brand], folder).go({**FAULTS[name], "skip": skip})

    assert told.operations


@pytest.mark.parametrize(
    ("brand", "fault"),
    [
        # Half a connection stayed in the driver, and the camera refused every further one.
        ("canon", {"kind": "refuse", "operation": "OpenSession"}),
        # A picture stayed in the buffer, and the body was too busy for ever after.
        ("fuji", {"kind": "refuse", "operation": "InitiateCapture"}),
        # A transfer that failed left its frame on the card until the camera was connected anew.
        ("nikon", {"kind": "refuse", "operation": "GetPartialObject"}),
    ],
)
def test_what_once_stopped_a_shoot_stops_it_no_more(
    brand: str, fault: dict[str, Any], cameras: dict[str, VirtualCamera], folder: Path
) -> None:
    told = Run(cameras[brand], folder).go(fault)

    assert told.is_struck
    assert FETCHED not in told.failures

"""Some operations of each brand fail; `tests/benchmarks/every_operation.py` lets all of them."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import pytest

from brand_faults import BRANDS, FAULTS, FETCHED, Run
from virtual_camera import VirtualCamera

_SEED = 4
_OPERATIONS = 90  # so many a shoot has at least, on every brand
_TIMES = 3


@pytest.mark.parametrize("brand", BRANDS)
def test_no_frame_is_lost_or_doubled_when_an_operation_fails(brand: str) -> None:
    place = BRANDS.index(brand)
    chance = random.Random(_SEED + place)
    faults = list(FAULTS.values())

    with VirtualCamera("--megapixels", "4", "--brand", brand) as camera:
        for time in range(_TIMES):
            # Over brands and times each fault has its turn.
            fault = faults[(place * _TIMES + time) % len(faults)]
            with tempfile.TemporaryDirectory() as folder:
                told = Run(camera, Path(folder)).go({**fault, "skip": chance.randrange(_OPERATIONS)})
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
def test_what_once_stopped_a_shoot_stops_it_no_more(brand: str, fault: dict[str, Any]) -> None:
    with (
        VirtualCamera("--megapixels", "4", "--brand", brand) as camera,
        tempfile.TemporaryDirectory() as folder,
    ):
        told = Run(camera, Path(folder)).go(fault)

    assert told.is_struck
    assert FETCHED not in told.failures

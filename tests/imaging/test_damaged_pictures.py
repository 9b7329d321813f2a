from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

_SCRIPT = Path(__file__).parents[1] / "benchmarks" / "fuzz_pictures.py"


@pytest.fixture(scope="module")
def fuzzer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_pictures", _SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


def test_three_hundred_damaged_pictures_are_read_or_refused_and_nothing_dies(fuzzer: ModuleType) -> None:
    outcomes, troubles = fuzzer.fuzz(0, 300)

    assert troubles == []
    assert sum(outcomes.values()) == 300
    assert outcomes["jpg: read / refused"] > 10
    assert outcomes["jpg: refused / refused"] > 10
    assert outcomes["dng: read / read"] > 10
    assert outcomes["dng: refused / refused"] > 10


def test_a_process_that_dies_is_noticed_and_the_rest_goes_on(
    fuzzer: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "dies_at_five.py"
    script.write_text(
        "import sys, os, signal\n"
        "first, cases = int(sys.argv[3]), int(sys.argv[5])\n"
        "for number in range(first, first + cases):\n"
        "    print('case', number, flush=True)\n"
        "    if number == 5: os.kill(os.getpid(), signal.SIGSEGV)\n"
        "    print('jpg: read', flush=True)\n"
    )
    monkeypatch.setattr(fuzzer, "__file__", str(script))

    outcomes, troubles = fuzzer.fuzz(0, 12)

    assert outcomes == {"jpg: read": 11}
    assert troubles == ["case 5: exit -11, no word"]


def test_a_case_is_always_the_same(fuzzer: ModuleType) -> None:
    assert fuzzer.case(77) == fuzzer.case(77)
    assert len({fuzzer.case(number)[1] for number in range(60)}) == 60


def test_the_undamaged_pictures_are_read_whole(fuzzer: ModuleType, tmp_path: Path) -> None:
    for suffix, data in fuzzer.sound_pictures():
        path = tmp_path / f"a.{suffix}"
        path.write_bytes(data)
        expected = "read / refused" if suffix == "jpg" else "read / read"
        assert fuzzer.examine(path) == expected
        assert np.frombuffer(data, np.uint8).size > 100

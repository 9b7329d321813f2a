"""RAW+JPEG in a row, released by the computer and on the body at random: nothing lost, doubled or mixed.

Shortened; `tests/benchmarks/many_shots.py` shoots 200 with each brand.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.many_shots import BRANDS, shoot_many


@pytest.mark.parametrize("brand", BRANDS)
def test_every_file_comes_once_with_its_partner_in_order(brand: str, tmp_path: Path) -> None:
    assert shoot_many(brand, 10, tmp_path)["shots"] == 10

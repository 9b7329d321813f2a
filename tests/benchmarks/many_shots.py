"""Shoot many RAW+JPEG in a row with each brand, released by the computer and on the body at random, into the
computer and onto the card, and prove that every file came once, with its partner, in order.

    .venv/bin/python tests/benchmarks/many_shots.py [--shots 200] [--brand nikon]...
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.session.recover import check
from groundglass.studio.studio import Studio
from patience import until
from virtual_camera import VirtualCamera

BRANDS = ("nikon", "canon", "sony", "fuji")
_PATIENCE_S = 60.0


def shoot_many(brand: str, shots: int, folder: Path, seed: int = 1) -> dict[str, float]:
    """Shoot, and raise AssertionError if a file is missing, doubled, misplaced or out of order."""
    chance = random.Random(seed)
    begun = time.monotonic()
    with VirtualCamera("--brand", brand, "--megapixels", "4", "--seed", str(seed)) as camera:
        studio = Studio(folder / "driver")
        try:
            studio.open_session(folder / brand)
            studio.connect(camera.address).result(_PATIENCE_S)
            until(lambda: studio.status.state is CameraState.READY)
            studio.set(SettingId.IMAGE_FORMAT, "raw+jpeg").result(_PATIENCE_S)
            target = studio.status.setting(SettingId.CAPTURE_TARGET)
            targets = [one for one in target.choices if one.raw.lower() != "card"] if target else []
            if not any(one.raw == "card+sdram" for one in targets) and target:
                targets = list(target.choices)
            for number in range(1, shots + 1):
                if targets and number % 25 == 1:
                    studio.set(SettingId.CAPTURE_TARGET, chance.choice(targets)).result(_PATIENCE_S)
                if chance.random() < 0.5:
                    studio.release().result(_PATIENCE_S)
                else:
                    until(lambda: camera.control({"do": "shutter"})["ok"])
                    camera.wait_for(lambda state, made=number: len(_hashes(state)) == 2 * made, _PATIENCE_S)
            until(lambda: sum(len(shot.files) for shot in studio.shots) >= 2 * shots)
            made = camera.state()["files"]
            _prove(studio, made)
            assert check(folder / brand).is_clean
        finally:
            studio.close()
    return {"shots": float(shots), "seconds": time.monotonic() - begun}


def _prove(studio: Studio, made: list[dict[str, object]]) -> None:
    exposure_of = {str(one["sha256"]): one["shot"] for one in made}
    stored = [file.sha256 for shot in studio.shots for file in shot.files]
    assert len(stored) == len(set(stored)), "a file came twice"
    assert set(stored) == set(exposure_of), "a file is missing"
    for shot in studio.shots:
        assert len({exposure_of[file.sha256] for file in shot.files}) == 1, f"shot {shot.number} is mixed"
        assert len(shot.files) == 2, f"shot {shot.number} lacks its partner"
    order = [exposure_of[shot.files[0].sha256] for shot in studio.shots]
    assert order == sorted(order, key=lambda one: int(str(one))), "shots are out of order"


def _hashes(state: dict[str, Any]) -> set[str]:
    """Return the files that were made; one that goes into memory and onto the card is one."""
    return {one["sha256"] for one in state["files"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shots", type=int, default=200)
    parser.add_argument("--brand", action="append", choices=BRANDS)
    options = parser.parse_args()
    for brand in options.brand or BRANDS:
        with tempfile.TemporaryDirectory() as folder:
            figures = shoot_many(brand, options.shots, Path(folder))
        rate = figures["seconds"] / figures["shots"]
        print(f"{brand:6}  {options.shots} RAW+JPEG shots, every file once, {rate:.2f} s a shot")


if __name__ == "__main__":
    main()

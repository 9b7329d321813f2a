"""`groundglass focus`, typed by hand against a virtual camera."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from program import run, run_json
from virtual_camera import VirtualCamera


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


def test_it_focuses_at_a_place_of_the_frame(tmp_path: Path, camera: VirtualCamera) -> None:
    document = run_json(tmp_path, "focus", "--at", "0.15,0.45", "--camera", camera.address)

    assert document == {"focused": True, "point": [0.15, 0.45], "steps": []}
    assert camera.state()["focus_m"] == pytest.approx(1.45, abs=0.03)


def test_it_moves_the_focus_step_by_step(tmp_path: Path, camera: VirtualCamera) -> None:
    begun = camera.state()["focus_m"]

    done = run(tmp_path, "focus", "--step", "-3", "--step", "1", "--camera", camera.address)

    assert done.stdout == "The focus has moved a long way nearer, a little farther.\n"
    assert camera.state()["focus_m"] < begun


def test_a_missed_focus_ends_with_its_reason(tmp_path: Path, camera: VirtualCamera) -> None:
    camera.do("fault", kind="focus_missed")

    done = run(tmp_path, "focus", "--auto", "--camera", camera.address)

    assert done.returncode == 1
    assert "could not focus" in done.stderr


@pytest.mark.parametrize("options", [("--at", "1,7"), ("--at", "middle"), (), ("--auto", "--step", "1")])
def test_what_can_not_be_meant_is_refused_before_a_camera_is_looked_for(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = run(tmp_path, "focus", *options)

    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")

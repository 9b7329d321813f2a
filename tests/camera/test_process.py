"""What a camera's process begins with."""

from __future__ import annotations

from pathlib import Path

from groundglass.camera.process import WorkerProcess


def _start(folder: Path) -> list[str]:
    worker = WorkerProcess(folder)
    worker.end(is_healthy=False)
    return (folder / "gphoto" / "settings").read_text().splitlines()


def test_libgphoto2_believes_for_one_second_and_keeps_its_other_settings(tmp_path: Path) -> None:
    first = _start(tmp_path)
    (tmp_path / "gphoto" / "settings").write_text("ptp2=capturetarget=card\nptp2=cachetime=9\n")

    again = _start(tmp_path)

    assert first == ["ptp2=cachetime=1"]
    assert again == ["ptp2=capturetarget=card", "ptp2=cachetime=1"]

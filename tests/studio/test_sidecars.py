"""The lens in the sidecar of each shot, and what happens where it cannot be written."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundglass.errors import DiskFailedError, GroundglassError, SessionError
from groundglass.model.shot import FileRole, ManualLens, Shot, ShotFile
from groundglass.session import sidecar
from groundglass.session.sidecar import Sidecar
from groundglass.studio.events import Event, Problem
from groundglass.studio.next_frames import NextFrames
from groundglass.studio.sidecars import Sidecars
from groundglass.studio.studio import Studio
from virtual_camera import VirtualCamera

HELIOS = ManualLens("Helios 44-2", 58.0, 2.0)
IN_SIDECAR = Sidecar(lens="Helios 44-2", focal_mm=58.0, aperture=2.0)
_PATIENCE_S = 30.0


class Writer:
    def __init__(self) -> None:
        self.problems: list[GroundglassError] = []
        self.sidecars = Sidecars(self.problems.append)

    def note(self, folder: Path, shot: Shot) -> None:
        """Have the lens written beside a shot, as the studio does."""
        self.sidecars.put(shot.number, lambda: NextFrames(lens=HELIOS).write_beside(folder, shot))

    def close(self) -> None:
        self.sidecars.close(_PATIENCE_S)


@pytest.fixture
def writer() -> Iterator[Writer]:
    writer = Writer()
    yield writer
    writer.close()


def shot(*names: str) -> Shot:
    files = tuple(ShotFile(name, FileRole.of(name), 1, "0" * 64) for name in names)
    return Shot(1, files, datetime(2026, 3, 1, tzinfo=UTC))


def test_raw_and_jpeg_of_a_shot_get_one_sidecar(tmp_path: Path, writer: Writer) -> None:
    writer.note(tmp_path, shot("S_0001.dng", "S_0001.jpg"))
    writer.close()

    assert [one.name for one in tmp_path.iterdir()] == ["S_0001.xmp"]
    assert sidecar.read(tmp_path / "S_0001.xmp") == IN_SIDECAR
    assert writer.problems == []


def test_files_of_a_shot_under_two_names_get_a_sidecar_each(tmp_path: Path, writer: Writer) -> None:
    writer.note(tmp_path, shot("S_0001.dng", "S_0001_2.jpg"))
    writer.close()

    assert {sidecar.read(one) for one in tmp_path.iterdir()} == {IN_SIDECAR}
    assert {one.name for one in tmp_path.iterdir()} == {"S_0001.xmp", "S_0001_2.xmp"}


def test_a_rating_that_is_there_stays(tmp_path: Path, writer: Writer) -> None:
    sidecar.write(tmp_path / "S_0001.xmp", Sidecar(rating=5))

    writer.note(tmp_path, shot("S_0001.jpg"))
    writer.close()

    assert sidecar.read(tmp_path / "S_0001.xmp").rating == 5
    assert sidecar.read(tmp_path / "S_0001.xmp").lens == "Helios 44-2"


def test_a_broken_sidecar_is_told_and_the_next_one_is_written(
    tmp_path: Path, writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "S_0001.xmp").write_text("<broken")

    with caplog.at_level(logging.WARNING):
        writer.note(tmp_path, shot("S_0001.jpg"))
        writer.note(tmp_path, shot("S_0002.jpg"))
        writer.close()

    assert [type(one) for one in writer.problems] == [SessionError]
    assert "S_0001.xmp" in writer.problems[0].message
    assert "S_0001.xmp" in caplog.text
    assert (tmp_path / "S_0001.xmp").read_text() == "<broken"
    assert sidecar.read(tmp_path / "S_0002.xmp") == IN_SIDECAR


def test_a_folder_that_vanished_is_told(tmp_path: Path, writer: Writer) -> None:
    writer.note(tmp_path / "gone", shot("S_0001.jpg"))
    writer.close()

    assert [type(one) for one in writer.problems] == [DiskFailedError]
    assert not (tmp_path / "gone").exists()


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with VirtualCamera("--megapixels", "4") as camera:
        studio = Studio(tmp_path / "driver")
        studio.open_session(tmp_path / "S")
        connected = threading.Event()
        studio.subscribe(lambda _event: connected.set() if studio.status.state.is_connected else None)
        studio.connect(camera.address)
        assert connected.wait(_PATIENCE_S)
        yield studio
        studio.close()


def test_a_sidecar_that_hangs_and_fails_neither_delays_nor_fails_a_shot(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk_answers = threading.Event()

    def refuse(path: Path, _change: object) -> None:
        assert disk_answers.wait(_PATIENCE_S)
        raise SessionError(f"The disk refused {path.name}.", "Check it.")

    monkeypatch.setattr(sidecar, "amend", refuse)
    problems: queue.SimpleQueue[Event] = queue.SimpleQueue()
    studio.subscribe(lambda event: problems.put(event) if isinstance(event, Problem) else None)
    studio.use_lens(HELIOS)

    shots = [studio.release().result(_PATIENCE_S / 2) for _ in range(2)]
    disk_answers.set()
    told = [problems.get(timeout=_PATIENCE_S) for _ in shots]

    assert [one.number for one in studio.shots] == [1, 2]
    assert ["refused" in str(one) for one in told] == [True, True]


def test_only_what_is_shot_while_a_lens_is_told_gets_it(studio: Studio, tmp_path: Path) -> None:
    def shoot(lens: ManualLens | None) -> Path:
        studio.use_lens(lens)
        return sidecar.sidecar_path(tmp_path / "S" / studio.release().result(_PATIENCE_S).files[0].path)

    first, second, third = shoot(HELIOS), shoot(None), shoot(HELIOS)
    deadline = time.monotonic() + _PATIENCE_S
    while not third.exists() and time.monotonic() < deadline:
        time.sleep(0.002)

    # They are written in turn: the second would be there before the third.
    assert [one.exists() for one in (first, second, third)] == [True, False, True]

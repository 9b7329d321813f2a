from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundglass.model.shot import FileRole, ManualLens, Shot, ShotFile
from groundglass.session import sidecar
from groundglass.session.sidecar import Sidecar
from groundglass.studio.chosen import Chosen
from groundglass.studio.next_frames import NextFrames, split_keywords
from groundglass.studio.preferences import Preferences
from groundglass.studio.studio import Studio
from virtual_camera import VirtualCamera

HELIOS = ManualLens("Helios 44-2", 58.0, 2.0)
SAID = NextFrames("Åse Lund", "© Åse Lund", ("coat", "red"), "4711", HELIOS)
IN_SIDECAR = Sidecar(
    creator="Åse Lund",
    copyright="© Åse Lund",
    keywords=("coat", "red"),
    job="4711",
    lens="Helios 44-2",
    focal_mm=58.0,
    aperture=2.0,
)


def _shot(*names: str) -> Shot:
    files = tuple(ShotFile(name, FileRole.of(name), 1, "0" * 64) for name in names)
    return Shot(1, files, datetime(2026, 3, 1, tzinfo=UTC))


def test_what_is_said_of_the_next_frames_stands_in_the_sidecar(tmp_path: Path) -> None:
    SAID.write_beside(tmp_path, _shot("S_1.dng", "S_1.jpg"))

    assert [one.name for one in tmp_path.iterdir()] == ["S_1.xmp"]
    assert sidecar.read(tmp_path / "S_1.xmp") == IN_SIDECAR


def test_a_rating_and_keywords_that_are_there_stay(tmp_path: Path) -> None:
    sidecar.write(tmp_path / "S_1.xmp", Sidecar(rating=4, keywords=("hat", "red"), creator="Bo"))

    NextFrames(keywords=("red", "coat")).write_beside(tmp_path, _shot("S_1.jpg"))

    told = sidecar.read(tmp_path / "S_1.xmp")
    assert told == Sidecar(rating=4, keywords=("hat", "red", "coat"), creator="Bo")


@pytest.mark.parametrize(("text", "words"), [("", ()), (" , ,", ()), ("coat, red ,coat", ("coat", "red"))])
def test_keywords_are_split_at_commas(text: str, words: tuple[str, ...]) -> None:
    assert split_keywords(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("coat, Doe, Jane", ("coat", "Doe, Jane")),
        ("Doe,Jane , coat", ("Doe, Jane", "coat")),
        ("Doe, Jane, Paris, France", ("Doe, Jane", "Paris, France")),
        ("Doe, Jane, Jr.", ("Doe, Jane, Jr.",)),
        ("Doe", ("Doe",)),
        ("John Doe, Jane", ("John Doe", "Jane")),
    ],
)
def test_known_keywords_with_commas_stay_whole(text: str, words: tuple[str, ...]) -> None:
    known = ("coat", "Doe, Jane", "Doe, Jane, Jr.", "Paris, France")

    assert split_keywords(text, known) == words


def test_a_lens_in_the_preferences_that_makes_no_sense_costs_nothing_else() -> None:
    assert NextFrames.chosen(Preferences(lens="a lens", job="1")) == NextFrames(job="1")


def test_a_release_writes_what_was_chosen_beside_its_shot(tmp_path: Path) -> None:
    chosen = Chosen(tmp_path / "preferences.json")
    chosen.change(creator="Åse Lund", copyright="© Åse Lund", keywords="coat, red", job="4711")
    studio = Studio(tmp_path / "driver", chosen=chosen)
    studio.use_lens(HELIOS)
    studio.open_session(tmp_path / "S")
    with VirtualCamera("--megapixels", "4") as camera:
        studio.connect(camera.address).result()
        _wait_until_connected(studio)
        shot = studio.release().result(30)
        studio.close()

    assert sidecar.read((tmp_path / "S" / shot.files[0].path).with_suffix(".xmp")) == IN_SIDECAR


def _wait_until_connected(studio: Studio) -> None:
    import threading

    changed = threading.Condition()

    def note(_event: object) -> None:
        with changed:
            changed.notify_all()

    studio.subscribe(note)
    with changed:
        assert changed.wait_for(lambda: studio.status.state.is_connected, 30)

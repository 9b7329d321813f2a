"""Which sessions are known to have been opened on this computer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from groundglass.studio import known_sessions
from groundglass.studio.chosen import Chosen
from groundglass.studio.known_sessions import KnownSessions
from groundglass.studio.studio import Studio
from patience import PATIENCE_S


def test_what_several_programs_note_at_once_is_known_to_all(tmp_path: Path) -> None:
    paths = [tmp_path / f"S{number}" for number in range(24)]
    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(lambda path: KnownSessions(tmp_path / "state" / "known").note(path), paths))

    assert set(KnownSessions(tmp_path / "state" / "known").all()) == set(paths)


def test_those_that_were_not_opened_for_longest_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_sessions, "_MOST", 2)
    known = KnownSessions(tmp_path / "known")
    for name in ("A", "B", "A", "C"):
        known.note(tmp_path / name)

    assert known.all() == (tmp_path / "C", tmp_path / "A")


def test_a_broken_note_and_a_folder_that_takes_none_are_passed_over(tmp_path: Path) -> None:
    known = KnownSessions(tmp_path / "known")
    known.note(tmp_path / "A")
    (tmp_path / "known" / "broken.json").write_text("[")
    (tmp_path / "file").touch()
    refused = KnownSessions(tmp_path / "file" / "known")

    refused.note(tmp_path / "B")

    assert known.all() == (tmp_path / "A",)
    assert refused.all() == ()


@pytest.mark.parametrize("is_demo", [False, True])
def test_the_window_notes_what_it_opens_but_not_in_a_demo(tmp_path: Path, is_demo: bool) -> None:
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    studio.sessions.is_remembered = not is_demo
    studio.sessions.open_or_begin(tmp_path / "S").result(PATIENCE_S)
    studio.close()

    other = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "elsewhere.json"))
    known, recent = other.sessions.others(), other.sessions.recent
    other.close()

    assert known == (() if is_demo else (tmp_path / "S",))
    assert recent == ()

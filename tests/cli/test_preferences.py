from __future__ import annotations

import os
from pathlib import Path

from program import run, run_json


def test_a_preference_that_is_set_is_shown_and_kept(tmp_path: Path) -> None:
    assert run(tmp_path, "preferences", "set", "theme=light", "sounds=yes").returncode == 0

    shown = run_json(tmp_path, "preferences")

    assert (shown["theme"], shown["sounds"], shown["autofocus"]) == ("light", True, True)


def test_nothing_behind_the_equals_sign_brings_the_default_back(tmp_path: Path) -> None:
    run(tmp_path, "preferences", "set", "theme=light")

    run(tmp_path, "preferences", "set", "theme=")

    assert run_json(tmp_path, "preferences")["theme"] == "dark"


def test_wrong_words_are_refused_in_a_sentence(tmp_path: Path) -> None:
    for wrong, word in (("theme=pink", "“pink”"), ("tripod=3", "“tripod”"), ("theme", "NAME=VALUE")):
        ended = run(tmp_path, "preferences", "set", wrong)

        assert ended.returncode == 2
        assert word in ended.stderr


def test_what_makes_no_sense_is_told_where_it_is_looked_at_and_where_it_would_count(tmp_path: Path) -> None:
    run(tmp_path, "preferences", "set", "creator=Bo")
    file = Path(run_json(tmp_path, "preferences")["path"])
    file.write_text(file.read_text().replace("}", ",}"))

    shown = run(tmp_path, "preferences")
    presets = run(tmp_path, "preset", "list")
    shot = run(tmp_path, "shoot", "--camera", "virtual:nikon", "--session", str(tmp_path / "S"))

    for done in (shown, presets, shot):
        assert done.returncode == 0
        assert done.stderr.count("Warning: ") == 1
        assert f"Warning: The preferences in {file} cannot be read" in done.stderr


def test_a_new_folder_is_made_and_one_that_cannot_be_there_is_told(tmp_path: Path) -> None:
    made = run(tmp_path, "preferences", "set", f"backup={tmp_path / 'copies'}")
    away = run(tmp_path, "preferences", "set", f"backup={tmp_path / 'away' / 'copies'}")

    assert (made.returncode, made.stderr, (tmp_path / "copies").is_dir()) == (0, "", True)
    assert away.returncode == 0
    assert "copies” is not there. Connect its disk" in away.stderr
    assert not (tmp_path / "away").exists()


def test_a_folder_is_the_same_wherever_the_program_is_started(tmp_path: Path) -> None:
    relative = os.path.relpath(tmp_path / "copies")

    run(tmp_path, "preferences", "set", f"backup={relative}", "sessions_folder=~/Jobs")

    chosen = run_json(tmp_path, "preferences")
    assert Path(chosen["backup"]).is_absolute()
    assert Path(chosen["backup"]).samefile(tmp_path / "copies")
    assert chosen["sessions_folder"] == "~/Jobs"


def test_a_new_session_begins_with_the_preferred_names_and_an_old_one_keeps_its_own(
    tmp_path: Path,
) -> None:
    from groundglass.studio.chosen import Chosen
    from groundglass.studio.studio import Studio

    chosen = Chosen(tmp_path / "preferences.json")
    chosen.change(template="look_{counter:03}").result()
    studio = Studio(tmp_path / "driver", chosen=chosen)
    studio.open_session(tmp_path / "old", "mine_{counter}")

    studio.open_session(tmp_path / "new")
    begun = studio.next_name
    studio.open_session(tmp_path / "old")

    assert (begun, studio.next_name) == ("look_001", "mine_1")
    studio.close()

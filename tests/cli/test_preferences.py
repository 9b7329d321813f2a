from __future__ import annotations

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

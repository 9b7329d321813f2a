from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from groundglass.errors import SessionError, UsageError
from groundglass.model.places import CardPolicy
from groundglass.studio import preferences
from groundglass.studio.chosen import Chosen
from groundglass.studio.preferences import Preferences, ThemeName


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "preferences.json"


def test_without_a_file_every_preference_has_its_default(path: Path) -> None:
    assert preferences.load(path, {}) == Preferences()
    assert not path.exists()


def test_what_is_changed_is_read_again_with_its_type(path: Path) -> None:
    chosen = {
        "theme": ThemeName.LIGHT,
        "sounds": True,
        "recent_sessions": ("/a", "/b"),
        "presets": (("flash", "shutter=1/125; aperture=f/8"),),
        "card_policy": CardPolicy.DELETE_AFTER_BACKUP,
        "creator": "Åse Lund",
    }

    preferences.change(chosen, path)

    read = preferences.load(path, {})
    assert {name: getattr(read, name) for name in chosen} == chosen


def test_the_environment_goes_before_the_file_and_is_not_written_into_it(path: Path) -> None:
    preferences.change({"theme": "light", "creator": "Åse"}, path)

    read = preferences.load(path, {"GROUNDGLASS_THEME": "mid", "GROUNDGLASS_SOUNDS": "yes"})
    preferences.change({"creator": "Bo"}, path)

    assert (read.theme, read.sounds) == (ThemeName.MID, True)
    assert json.loads(path.read_text()) == {"version": 2, "theme": "light", "creator": "Bo"}


def test_a_default_is_not_written_so_a_better_one_reaches_everybody(path: Path) -> None:
    preferences.change({"sounds": True, "creator": "Bo"}, path)

    preferences.change({"sounds": False}, path)

    assert json.loads(path.read_text()) == {"version": 2, "creator": "Bo"}


def test_what_a_newer_version_wrote_stays(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 7, "theme": "sepia", "tripod": {"legs": 3}}))

    preferences.change({"sounds": True}, path)

    assert preferences.load(path, {}).theme is ThemeName.DARK
    assert json.loads(path.read_text()) == {
        "version": 7,
        "theme": "sepia",
        "tripod": {"legs": 3},
        "sounds": True,
    }


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"version": []}', "\udcff"])
def test_a_broken_file_counts_as_empty_and_is_left_alone(
    path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    path.write_bytes(text.encode("utf-8", "surrogateescape"))

    with caplog.at_level(logging.ERROR):
        assert preferences.load(path, {}) == Preferences()
    with pytest.raises(SessionError, match="left alone"):
        preferences.change({"sounds": True}, path)

    assert path.read_bytes() == text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"),
        ("sounds", "perhaps"),
        ("tripod", 3),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_what_it_takes(
    path: Path, name: str, value: object
) -> None:
    with pytest.raises(UsageError) as refused:
        preferences.change({name: value}, path)

    assert refused.value.hint
    assert not path.exists()


def test_one_wrong_value_in_the_file_costs_no_other(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 2, "sounds": "perhaps", "creator": "Bo"}))

    assert preferences.load(path, {}) == Preferences(creator="Bo")


def test_what_is_passed_over_is_told_with_its_source(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 2, "sounds": "perhaps"}))
    told: list[SessionError] = []

    preferences.load(path, {"GROUNDGLASS_THEME": "pink"}, told.append)
    path.write_text("{")
    preferences.load(path, {}, told.append)

    variable, value, file = map(str, told)
    assert value.startswith(f"Passed over in {path}: “perhaps” is no value of the preference sounds.")
    assert variable.startswith("Passed over in GROUNDGLASS_THEME: “pink” is no value")
    assert str(path) in file
    assert file.endswith("The defaults hold until it is mended, or moved away.")


def test_a_file_of_the_first_version_is_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 1, "camera": "Z 6", "backup": "", "card_policy": ""}))

    assert preferences.load(path, {}) == Preferences(camera="Z 6")


def test_a_file_that_can_not_be_written_leaves_the_old_one_and_no_scraps(path: Path) -> None:
    preferences.change({"creator": "Bo"}, path)
    path.parent.chmod(0o500)
    try:
        if not _is_refused(path.parent):
            pytest.skip("this user writes everywhere")
        with pytest.raises(SessionError):
            preferences.change({"creator": "Cy"}, path)
    finally:
        path.parent.chmod(0o700)

    assert preferences.load(path, {}).creator == "Bo"
    assert list(path.parent.iterdir()) == [path]


def _is_refused(folder: Path) -> bool:
    try:
        (folder / "probe").touch()
    except OSError:
        return True
    (folder / "probe").unlink()
    return False


def test_a_running_program_uses_and_tells_a_change_at_once_and_writes_it(path: Path) -> None:
    chosen = Chosen(path)
    told: list[Preferences] = []
    chosen.subscribe(told.append)

    written = chosen.change(theme="light")

    assert chosen.now.theme is ThemeName.LIGHT
    assert told == [chosen.now]
    written.result()
    assert preferences.load(path, {}).theme is ThemeName.LIGHT
    chosen.close()


def test_what_is_not_to_be_kept_holds_until_the_program_ends(path: Path) -> None:
    chosen = Chosen(path)

    chosen.hold(theme="light")

    assert chosen.now.theme is ThemeName.LIGHT
    chosen.close()
    assert not path.exists()


def test_a_change_that_can_not_be_written_is_logged(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.mkdir()
    path.write_text("{")
    chosen = Chosen(path)
    caplog.clear()

    chosen.change(recent_sessions=("/a",))
    chosen.close()

    assert "left alone" in caplog.text


def test_a_refused_change_changes_nothing(path: Path) -> None:
    chosen = Chosen(path)

    with pytest.raises(UsageError):
        chosen.change(sounds=True, theme="pink")

    assert chosen.now == Preferences()
    chosen.close()

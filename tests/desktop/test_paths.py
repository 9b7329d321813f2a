from __future__ import annotations

from pathlib import Path

import pytest

from groundglass.desktop.paths import with_home


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/ada/Pictures/Spring", "~/Pictures/Spring"),
        ("/home/ada", "~"),
        ("/home/adam/Pictures", "/home/adam/Pictures"),
        ("/mnt/studio", "/mnt/studio"),
    ],
)
def test_a_path_in_the_home_is_short_and_comes_back(
    monkeypatch: pytest.MonkeyPatch, path: str, shown: str
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")

    assert with_home(Path(path)) == shown
    assert Path(shown).expanduser() == Path(path)

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from groundglass.desktop.paths import nearest_folder, with_home
from groundglass.session.disk import Disk


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


def test_the_nearest_folder_that_is_there_is_found(tmp_path: Path) -> None:
    assert nearest_folder(tmp_path) == tmp_path
    assert nearest_folder(tmp_path / "gone" / "deeper") == tmp_path
    assert nearest_folder(Path("nowhere")) == Path.home()


def test_a_disk_that_hangs_holds_up_no_dialog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()

    def hang(_disk: Disk, _path: Path) -> bool:
        return answers.wait(60)

    monkeypatch.setattr(Disk, "is_folder", hang)

    assert nearest_folder(tmp_path) == Path.home()
    assert not answers.is_set()
    answers.set()
